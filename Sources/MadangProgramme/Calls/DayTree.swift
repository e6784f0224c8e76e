/// GPUs left on each day of a round's period: take from a range of days, ask for the least.
///
/// A segment tree over flat columns. `low[n]` is the least value below node n without what its
/// ancestors still owe; `owed[n]` applies to all of n's days.
///
/// ```
///        1            low = min(low[2n], low[2n+1]) + owed
///      2   3          days are the leaves, padded with "no limit"
///     4 5 6 7
/// ```
struct DayTree {
  static let noLimit = Int64.max / 4

  private let leafCount: Int
  private var low: [Int64]
  private var owed: [Int64]
  /// Nodes looked at: the work counter.
  private(set) var visits = 0

  /// Complexity: O(days).
  init(_ values: [Int64]) {
    var leaves = 1
    while leaves < values.count { leaves *= 2 }
    leafCount = leaves
    low = Array(repeating: DayTree.noLimit, count: 2 * leaves)
    owed = Array(repeating: 0, count: 2 * leaves)
    for (index, value) in values.enumerated() { low[leaves + index] = value }
    for node in stride(from: leaves - 1, to: 0, by: -1) {
      low[node] = min(low[2 * node], low[2 * node + 1])
    }
  }

  /// The least value in a range of days and the first day that has it.
  ///
  /// Complexity: O(log days). The recursion is as deep as the tree: at most 12 for ten years.
  mutating func least(_ range: Range<Int>) -> (value: Int64, at: Int) {
    var best = (value: DayTree.noLimit, at: range.lowerBound)
    search(1, 0..<leafCount, range, 0, &best)
    return best
  }

  private mutating func search(
    _ node: Int, _ span: Range<Int>, _ range: Range<Int>, _ above: Int64,
    _ best: inout (value: Int64, at: Int)
  ) {
    visits += 1
    guard span.overlaps(range), low[node] + above < best.value else { return }
    if span.count == 1 {
      best = (low[node] + above, span.lowerBound)
      return
    }
    let middle = (span.lowerBound + span.upperBound) / 2
    let next = above + owed[node]
    if range.lowerBound <= span.lowerBound, span.upperBound <= range.upperBound {
      // Wholly inside: the least is below one child; go left first, so that ties are the earliest.
      let left = low[2 * node] + next <= low[2 * node + 1] + next
      let child = left ? 2 * node : 2 * node + 1
      search(child, left ? span.lowerBound..<middle : middle..<span.upperBound, range, next, &best)
      return
    }
    search(2 * node, span.lowerBound..<middle, range, next, &best)
    search(2 * node + 1, middle..<span.upperBound, range, next, &best)
  }

  /// Adds `amount` (negative: takes) to each day of a range.
  ///
  /// Complexity: O(log days).
  mutating func add(_ amount: Int64, to range: Range<Int>) {
    add(amount, range, 1, 0..<leafCount)
  }

  private mutating func add(_ amount: Int64, _ range: Range<Int>, _ node: Int, _ span: Range<Int>) {
    visits += 1
    guard span.overlaps(range) else { return }
    if range.lowerBound <= span.lowerBound, span.upperBound <= range.upperBound {
      low[node] += amount
      owed[node] += amount
      return
    }
    let middle = (span.lowerBound + span.upperBound) / 2
    add(amount, range, 2 * node, span.lowerBound..<middle)
    add(amount, range, 2 * node + 1, middle..<span.upperBound)
    low[node] = min(low[2 * node], low[2 * node + 1]) + owed[node]
  }
}
