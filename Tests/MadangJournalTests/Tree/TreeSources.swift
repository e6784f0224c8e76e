import Foundation
import MadangJournal
import MadangProgramme

/// Leaf hashes in memory, their subtrees computed by the definition.
struct LeafSource: NodeSource {
  let leaves: [Digest]

  init(_ count: Int) {
    leaves = (0..<count).map { SHA256.leaf(Array("leaf \($0)".utf8)) }
  }

  func node(level: Int, index: Int) throws -> Digest {
    if level == 0 { return leaves[index] }
    return SHA256.node(
      try node(level: level - 1, index: 2 * index),
      try node(level: level - 1, index: 2 * index + 1))
  }
}

/// Counts the nodes read, and checks that each is a complete subtree of the tree.
final class CountingSource: NodeSource {
  let size: Int
  var reads = 0

  init(size: Int) {
    self.size = size
  }

  func node(level: Int, index: Int) throws -> Digest {
    precondition((index + 1) << level <= size, "the subtree isn't complete")
    reads += 1
    return Digest(0, 0, UInt64(level), UInt64(index))
  }
}

/// Tiles as a journal would store them, with the leaf hashes beside them; counts its reads.
final class StoredTree {
  private(set) var frontier = Frontier()
  private var tiles: [[Tile]] = []
  private var leaves: [Digest] = []
  var reads = 0

  func append(_ leaf: Digest) {
    leaves.append(leaf)
    frontier.append(leaf) { tile in
      if tile.level == tiles.count { tiles.append([]) }
      precondition(tile.number == tiles[tile.level].count, "tiles come in order, none twice")
      tiles[tile.level].append(tile)
    }
  }

  var source: TileSource {
    TileSource(
      tile: { [self] level, number in
        reads += 1
        guard level < tiles.count, number < tiles[level].count else { return nil }
        let tile = tiles[level][number]
        return try Tile(level: level, number: number, bytes: tile.bytes, root: tile.root)
      },
      leaf: { [self] index in
        reads += 1
        precondition(index >= leaves.count / 16 * 16, "only leaves in no complete tile are asked")
        return leaves[index]
      })
  }

  func tile(level: Int, number: Int) -> Tile { tiles[level][number] }
}

/// `Tests/Vectors/merkle.json`, which `merkle_vectors.py` beside it makes from the RFC's words.
struct MerkleVectors: Sendable {
  struct Proof: Sendable {
    let first: Int
    let second: Int
    let hashes: [Digest]
  }

  let roots: [Digest]
  let inclusion: [Proof]
  let consistency: [Proof]

  static let committed = Result { try MerkleVectors() }

  private init() throws {
    struct Malformed: Error {}
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Vectors/merkle.json").standardized
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    guard let fields = object as? [String: [Any]] else { throw Malformed() }

    func digests(_ name: String) throws -> [Digest] {
      try (fields[name] ?? []).map {
        guard let text = $0 as? String, let digest = Digest(hex: text) else { throw Malformed() }
        return digest
      }
    }
    let hashes = try digests("hashes")
    func proofs(_ name: String) throws -> [Proof] {
      try (fields[name] ?? []).map {
        guard let row = $0 as? [Any], row.count == 3, let first = row[0] as? Int,
          let second = row[1] as? Int, let places = row[2] as? [Int]
        else { throw Malformed() }
        return Proof(first: first, second: second, hashes: places.map { hashes[$0] })
      }
    }
    roots = try digests("roots")
    inclusion = try proofs("inclusion")
    consistency = try proofs("consistency")
  }
}
