/// Whose turn it is: at every pool the child that is due most, down to a leaf.
///
/// Each inner node holds a tournament of its children, so that a start costs the logarithms of the
/// numbers of siblings along one path. Among siblings the order is:
///
/// 1. who stays within its guarantee with its next job, then within its share, then others;
/// 2. the higher priority;
/// 3. the lower past use for its weight;
/// 4. the lower present use for its weight;
/// 5. who was created first.
///
/// Below a pool that says so, the higher priority and then the earlier submission of their next
/// jobs decide instead.
struct FairOrder: Sendable {
  /// For each node of the pool tree, the leaf that goes first below it; −1 where nobody waits.
  private(set) var candidate: [Int32]
  /// For each leaf, whose turn it is, and the model and amount it wants first.
  private(set) var turn: [Turn]
  private var model: [Int32]
  private var amount: [Int64]
  /// For each node, where its tournament begins in `rounds`, and its width, a power of two.
  private var start: [Int32] = []
  private var width: [Int32] = []
  private var rounds: [Int32]
  private var placeInParent: [Int32]

  init(_ pools: borrowing PoolTree) {
    candidate = Array(repeating: -1, count: pools.nodeCount)
    turn = Array(repeating: .first, count: pools.nodeCount)
    model = Array(repeating: 0, count: pools.nodeCount)
    placeInParent = model
    amount = Array(repeating: 0, count: pools.nodeCount)
    var size: Int32 = 0
    for node in 0..<pools.nodeCount {
      let count = pools.children[node].count
      var wide: Int32 = 1
      while Int(wide) < count { wide *= 2 }
      start.append(size)
      width.append(count == 0 ? 0 : wide)
      size += count == 0 ? 0 : 2 * wide
      for (place, child) in pools.children[node].enumerated() {
        placeInParent[Int(child)] = Int32(place)
      }
    }
    rounds = Array(repeating: -1, count: Int(size))
  }

  /// Says what a leaf's next line wants.
  mutating func set(_ leaf: Int, model: Int, amount: Int64, turn: Turn) {
    candidate[leaf] = Int32(leaf)
    self.turn[leaf] = turn
    self.model[leaf] = Int32(model)
    self.amount[leaf] = amount
  }

  /// Says that a leaf has no line left to ask.
  mutating func clear(_ leaf: Int) { candidate[leaf] = -1 }

  /// Plays all tournaments, after every leaf was set or cleared.
  mutating func build(_ pools: borrowing PoolTree) {
    for node in stride(from: pools.nodeCount - 1, through: 0, by: -1) {
      if width[node] > 0 {
        let (base, wide) = (Int(start[node]), Int(width[node]))
        for place in 0..<wide {
          let children = pools.children[node]
          let child = place < children.count ? children[place] : -1
          rounds[base + wide + place] = child >= 0 && candidate[Int(child)] >= 0 ? child : -1
        }
        for at in stride(from: wide - 1, through: 1, by: -1) {
          rounds[base + at] = winner(rounds[base + 2 * at], rounds[base + 2 * at + 1], pools)
        }
        settle(node)
      }
    }
  }

  /// Plays a leaf's matches again after its standing changed or it was set or cleared.
  mutating func update(_ leaf: Int, _ pools: borrowing PoolTree) {
    var child = leaf
    while pools.parent[child] >= 0 {
      let node = Int(pools.parent[child])
      let base = Int(start[node])
      var at = Int(width[node]) + Int(placeInParent[child])
      rounds[base + at] = candidate[child] >= 0 ? Int32(child) : -1
      while at > 1 {
        at /= 2
        rounds[base + at] = winner(rounds[base + 2 * at], rounds[base + 2 * at + 1], pools)
      }
      settle(node)
      child = node
    }
  }

  private mutating func settle(_ node: Int) {
    let top = rounds[Int(start[node]) + 1]
    candidate[node] = top < 0 ? -1 : candidate[Int(top)]
  }

  private func winner(
    _ a: Int32, _ b: Int32, _ pools: borrowing PoolTree
  ) -> Int32 {
    if a < 0 { return b }
    if b < 0 { return a }
    if pools.bySubmission[Int(pools.parent[Int(a)])] {
      return turn[Int(candidate[Int(a)])] < turn[Int(candidate[Int(b)])] ? a : b
    }
    let (x, y) = (standing(Int(a), pools), standing(Int(b), pools))
    if x.tier != y.tier { return x.tier < y.tier ? a : b }
    let (p, q) = (pools.priority[Int(a)], pools.priority[Int(b)])
    if p != q { return p > q ? a : b }
    if let less = FairOrder.less(x.usage, x.weight, y.usage, y.weight) { return less ? a : b }
    if let less = FairOrder.less(x.used, x.weight, y.used, y.weight) { return less ? a : b }
    return placeInParent[Int(a)] < placeInParent[Int(b)] ? a : b
  }

  private struct Standing {
    var tier: Int
    var usage: Int64
    var used: Int64
    var weight: Int64
  }

  private func standing(
    _ node: Int, _ pools: borrowing PoolTree
  ) -> Standing {
    let leaf = Int(candidate[node])
    let at = pools.at(node, Int(model[leaf]))
    let would = pools.used[at] + amount[leaf]
    let tier = would <= pools.guarantee[at] ? 0 : would <= pools.share[at] ? 1 : 2
    return Standing(
      tier: tier, usage: pools.usage[at], used: pools.used[at], weight: pools.weight[node])
  }

  /// Whether a ÷ v is less than b ÷ w; nothing where they are equal. A weight of 0 comes last.
  private static func less(_ a: Int64, _ v: Int64, _ b: Int64, _ w: Int64) -> Bool? {
    if v == 0 || w == 0 { return v == w ? nil : v > 0 }
    if v == w { return a == b ? nil : a < b }
    let (x, y) = (Int128(a) * Int128(w), Int128(b) * Int128(v))
    return x == y ? nil : x < y
  }
}
