public import MadangProgramme

/// The growing edge of the tree: all that is needed to add leaves and to know the root.
///
/// Of each tile level only the partial tile is kept, in sixteen slots of one flat array. How many
/// are filled needs no counter: it is a hexadecimal digit of the size.
///
///     size 0x2a3     level 0: 3 slots filled     leaves 0x2a0, 0x2a1, 0x2a2
///                    level 1: a slots filled     roots of tiles (0, 0x20) … (0, 0x29)
///                    level 2: 2 slots filled     roots of tiles (1, 0), (1, 1)
///
/// Invariant: slot `16·L + j` is node `(4·L, (size >> 4·L) - filled(L) + j)` for `j < filled(L)`;
/// the slots beyond are stale.
public struct Frontier: Sendable {
  /// The number of leaves.
  public private(set) var size: Int
  private var slots: [Digest]

  /// The frontier of the empty tree.
  public init() {
    size = 0
    slots = []
  }

  /// The frontier as it was stored: for each tile level, lowest first, the hashes of its partial
  /// tile. Levels above the last given are empty. O(levels).
  public init(size: Int, partials: [[Digest]]) throws(TreeError) {
    guard size >= 0, partials.count >= Frontier.levels(size: size),
      partials.indices.allSatisfy({
        partials[$0].count == Frontier.filled(level: $0, size: size)
      })
    else { throw .partialsDoNotFit(size: size) }
    self.size = size
    slots = partials.flatMap { $0 + Array(repeating: Frontier.stale, count: Tile.width - $0.count) }
  }

  /// The frontier of the first `size` leaves of a tree: at most fifteen reads a tile level.
  public init(size: Int, replaying source: some NodeSource) throws {
    precondition(size >= 0)
    var partials: [[Digest]] = []
    for level in 0..<Frontier.levels(size: size) {
      let end = size >> (Tile.height * level)
      let start = end - Frontier.filled(level: level, size: size)
      partials.append(
        try (start..<end).map { try source.node(level: Tile.height * level, index: $0) })
    }
    try self.init(size: size, partials: partials)
  }

  /// Adds a leaf hash, and hands out the tiles that it completes, lowest first.
  ///
  /// Amortised O(1): one node hash a leaf, in bursts of fifteen every sixteenth.
  public mutating func append(_ leaf: Digest, completed: (Tile) -> Void = { _ in }) {
    var hash = leaf
    var index = size
    var level = 0
    size += 1
    while true {
      let start = level * Tile.width
      if slots.count == start {
        slots.append(contentsOf: repeatElement(Frontier.stale, count: Tile.width))
      }
      slots[start + index % Tile.width] = hash
      guard index % Tile.width == Tile.width - 1 else { return }
      let tile = Tile(
        level: level, number: index / Tile.width, hashes: Array(slots[start..<start + Tile.width]))
      completed(tile)
      hash = tile.root
      index /= Tile.width
      level += 1
    }
  }

  /// The root: the complete subtrees in the partial tiles, folded from the right. O(levels).
  public var root: Digest {
    var folded: Digest?
    for level in 0..<Frontier.levels(size: size) {
      let filled = Frontier.filled(level: level, size: size)
      var end = level * Tile.width + filled
      for width in [1, 2, 4, 8] where filled & width != 0 {
        let subtree = Tile.combine(slots, end - width..<end)
        folded = folded.map { SHA256.node(subtree, $0) } ?? subtree
        end -= width
      }
    }
    return folded ?? SHA256.empty
  }

  /// The hashes of each level's partial tile, lowest first: what ``init(size:partials:)`` takes.
  public var partials: [[Digest]] {
    (0..<Frontier.levels(size: size)).map { level in
      let start = level * Tile.width
      return Array(slots[start..<start + Frontier.filled(level: level, size: size)])
    }
  }

  private static let stale = Digest(0, 0, 0, 0)

  /// The tile levels that a tree of this size reaches: its hexadecimal digits.
  private static func levels(size: Int) -> Int {
    (Int.bitWidth - size.leadingZeroBitCount + Tile.height - 1) / Tile.height
  }

  /// The filled slots of a level: one hexadecimal digit of the size.
  private static func filled(level: Int, size: Int) -> Int {
    (size >> (Tile.height * level)) % Tile.width
  }
}
