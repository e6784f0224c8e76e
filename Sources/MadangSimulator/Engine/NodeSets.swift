/// Several sets of nodes as bits, with two levels of summary above them.
///
/// ```
///   level 2   one bit for 64 words of level 1
///   level 1   one bit for 64 words of level 0
///   level 0   one bit a node
/// ```
///
/// Complexity: `insert`, `remove` and `first` touch at most three words for each 262,144 nodes.
struct NodeSets: Sendable {
  private var words: [UInt64]
  private let level1: Int
  private let level2: Int
  private let stride: Int

  init(sets: Int, nodes: Int) {
    level1 = max(1, (nodes + 63) / 64)
    level2 = level1 + (level1 + 63) / 64
    stride = level2 + (level2 - level1 + 63) / 64
    words = Array(repeating: 0, count: stride * sets)
  }

  mutating func insert(_ node: Int, into set: Int) {
    let base = set * stride
    words[base + node >> 6] |= 1 << UInt64(node & 63)
    words[base + level1 + node >> 12] |= 1 << UInt64((node >> 6) & 63)
    words[base + level2 + node >> 18] |= 1 << UInt64((node >> 12) & 63)
  }

  mutating func remove(_ node: Int, from set: Int) {
    let base = set * stride
    words[base + node >> 6] &= ~(1 << UInt64(node & 63))
    guard words[base + node >> 6] == 0 else { return }
    words[base + level1 + node >> 12] &= ~(1 << UInt64((node >> 6) & 63))
    guard words[base + level1 + node >> 12] == 0 else { return }
    words[base + level2 + node >> 18] &= ~(1 << UInt64((node >> 12) & 63))
  }

  func contains(_ node: Int, in set: Int) -> Bool {
    words[set * stride + node >> 6] & (1 << UInt64(node & 63)) != 0
  }

  /// The node of the lowest number, or −1.
  func first(in set: Int) -> Int { first(set * stride, fromTop: level2) }

  /// The next node after one, or −1.
  func next(in set: Int, after node: Int) -> Int {
    let base = set * stride
    let near = bits(base + node >> 6, above: node)
    if near != 0 { return (node >> 6) << 6 + near.trailingZeroBitCount }
    let low = bits(base + level1 + node >> 12, above: node >> 6)
    if low != 0 { return first(base, inLow: (node >> 12) << 6 + low.trailingZeroBitCount) }
    let middle = bits(base + level2 + node >> 18, above: node >> 12)
    guard middle == 0 else {
      return first(base, inMiddle: (node >> 18) << 6 + middle.trailingZeroBitCount)
    }
    return first(base, fromTop: level2 + node >> 18 + 1)
  }

  private func first(_ base: Int, fromTop start: Int) -> Int {
    for top in start..<max(start, stride) where words[base + top] != 0 {
      let middle = (top - level2) << 6 + words[base + top].trailingZeroBitCount
      return first(base, inMiddle: middle)
    }
    return -1
  }

  private func first(_ base: Int, inMiddle middle: Int) -> Int {
    first(base, inLow: middle << 6 + words[base + level1 + middle].trailingZeroBitCount)
  }

  private func first(_ base: Int, inLow low: Int) -> Int {
    low << 6 + words[base + low].trailingZeroBitCount
  }

  private func bits(_ word: Int, above bit: Int) -> UInt64 { words[word] & ~1 << UInt64(bit & 63) }
}
