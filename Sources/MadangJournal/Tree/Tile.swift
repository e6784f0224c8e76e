public import MadangProgramme

/// Sixteen neighbouring nodes of the tree, stored together: four levels of it, since the levels
/// between are quickly recomputed.
///
///     tile (L + 1, i / 16)    … root of tile (L, i) …            tree level 4·(L + 1)
///                                   /         \
///                            (levels 4·L + 1 to 4·L + 3 are recomputed)
///                                 /             \
///     tile (L, i)          node 16·i … node 16·i + 15            tree level 4·L
///
/// Tiles of level 0 hold the leaf hashes. A tile is written once, when its last node is known, and
/// never changes.
public struct Tile: Hashable, Sendable {
  /// The tree levels in a tile.
  public static let height = 4
  /// The nodes in a tile: two to the power of its height.
  public static let width = 16
  /// The bytes of the hashes.
  public static let byteCount = width * Digest.byteCount

  /// Its hashes are nodes at tree level `height * level`.
  public let level: Int
  /// Its place among the tiles of its level.
  public let number: Int
  /// The hashes of nodes `width * number ..< width * (number + 1)`.
  public let hashes: [Digest]
  /// The node above them, kept so that a partial tile of the next level is read, not recomputed.
  public let root: Digest

  /// The tile over sixteen hashes; its root costs fifteen more.
  public init(level: Int, number: Int, hashes: [Digest]) {
    precondition(hashes.count == Tile.width, "a tile has sixteen hashes")
    self.level = level
    self.number = number
    self.hashes = hashes
    self.root = Tile.combine(hashes, 0..<Tile.width)
  }

  /// The tile as it was stored: the flat bytes of its hashes, and its root, which is taken as it
  /// stands; a wrong one shows in every proof.
  public init(level: Int, number: Int, bytes: [UInt8], root: Digest) throws(TreeError) {
    guard bytes.count == Tile.byteCount else {
      throw .malformedTile(level: level, number: number)
    }
    self.level = level
    self.number = number
    self.hashes = bytes.withUnsafeBytes { bytes in
      (0..<Tile.width).map { Digest(in: bytes, at: $0 * Digest.byteCount) }
    }
    self.root = root
  }

  /// The hashes one after another, 512 bytes, as they are stored.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(Tile.byteCount)
    for hash in hashes {
      let words = (hash.w0.bigEndian, hash.w1.bigEndian, hash.w2.bigEndian, hash.w3.bigEndian)
      withUnsafeBytes(of: words) { bytes.append(contentsOf: $0) }
    }
    return bytes
  }

  /// The root of the complete subtree over a range of hashes, at most sixteen and a power of two.
  static func combine(_ hashes: [Digest], _ range: Range<Int>) -> Digest {
    guard range.count > 1 else { return hashes[range.lowerBound] }
    let middle = range.lowerBound + range.count / 2
    return SHA256.node(
      combine(hashes, range.lowerBound..<middle), combine(hashes, middle..<range.upperBound))
  }
}

/// What can be wrong with a stored tree.
public enum TreeError: Error, Hashable {
  /// A tile that must be complete is not there.
  case missingTile(level: Int, number: Int)
  /// A stored tile hasn't the right number of bytes.
  case malformedTile(level: Int, number: Int)
  /// The partial tiles aren't those of a tree of this size.
  case partialsDoNotFit(size: Int)
}

extension Digest {
  /// The digest of the 32 bytes at `offset`.
  init(in bytes: UnsafeRawBufferPointer, at offset: Int) {
    func word(_ number: Int) -> UInt64 {
      UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: offset + 8 * number, as: UInt64.self))
    }
    self.init(word(0), word(1), word(2), word(3))
  }
}
