public import MadangProgramme

/// Answers the tree's nodes from stored tiles, and from the leaf hashes of events not yet in one.
///
/// A node costs one read where its tile is complete. At the right edge, where it isn't, it costs
/// one read more for each of its (at most eight) entries: leaf hashes on level 0, above it the
/// roots of the tiles below.
public struct TileSource: NodeSource {
  private let tile: (_ level: Int, _ number: Int) throws -> Tile?
  private let leaf: (_ index: Int) throws -> Digest

  /// - Parameters:
  ///   - tile: the tile, or nil while it isn't complete.
  ///   - leaf: the leaf hash of an event that is in no complete tile.
  public init(
    tile: @escaping (_ level: Int, _ number: Int) throws -> Tile?,
    leaf: @escaping (_ index: Int) throws -> Digest
  ) {
    self.tile = tile
    self.leaf = leaf
  }

  /// The complete subtree's hash: at most nine reads and seven hashes.
  public func node(level: Int, index: Int) throws -> Digest {
    let tileLevel = level / Tile.height
    let above = level % Tile.height
    if above == 0 && tileLevel > 0 {
      return try entry(tileLevel, index)  // The root of a complete tile, wherever its own tile is.
    }
    let entries = index << above..<(index + 1) << above
    if let tile = try tile(tileLevel, entries.lowerBound / Tile.width) {
      let start = entries.lowerBound % Tile.width
      return Tile.combine(tile.hashes, start..<start + entries.count)
    }
    return Tile.combine(try entries.map { try entry(tileLevel, $0) }, 0..<entries.count)
  }

  /// One hash of a tile that may be partial.
  private func entry(_ tileLevel: Int, _ index: Int) throws -> Digest {
    guard tileLevel > 0 else { return try leaf(index) }
    guard let below = try tile(tileLevel - 1, index) else {
      throw TreeError.missingTile(level: tileLevel - 1, number: index)
    }
    return below.root
  }
}
