/// Who may use what in a tree of lenders, in O(depth): the subtree and local quota algebra of Kueue
/// (`resource_node.go`), for whole-subtree guarantees.
///
/// For each node: `local` of its guarantee is never seen by the others; what it uses beyond that,
/// it uses of its parent's. A parent sees `visible` = its guarantee − what its children and all
/// below them keep: (guarantee − visible) + local of each child.
///
///     available(node) = max(0, local − used) + min(available(parent),
///                                                  visible − local − (used − local)⁺ + borrow)
///
/// Used twice: over all use with the pools' lending limits, and over what cannot be reclaimed with
/// a limit of nothing, for which `available` is what is guaranteed to nobody else.
struct QuotaAlgebra: Equatable, Sendable {
  private(set) var local: [Int64]
  private(set) var visible: [Int64]
  private(set) var used: [Int64]

  init(count: Int) {
    local = Array(repeating: 0, count: count)
    visible = local
    used = local
  }

  /// Sets the limits of one model anew and recounts what is used. O(nodes).
  mutating func set(_ tree: borrowing PoolTree, _ model: Int, lends: Bool, leafUsed: [Int64]) {
    let models = tree.models
    for node in stride(from: tree.nodeCount - 1, through: 0, by: -1) {
      used[node * models + model] = 0
      visible[node * models + model] = tree.guarantee[node * models + model]
    }
    // Children are created after their parents, so that this is bottom up.
    for node in stride(from: tree.nodeCount - 1, through: 0, by: -1) {
      let at = node * models + model
      if tree.isLeaf(node) { used[at] = leafUsed[at] }
      let lend = lends ? tree.lend[at] : 0
      local[at] = node == 0 ? 0 : max(0, visible[at] - lend)
      if node > 0 {
        let above = Int(tree.parent[node]) * models + model
        // What is kept further down was never to be seen from above either.
        visible[above] -= tree.guarantee[at] - visible[at] + local[at]
        used[above] += max(0, used[at] - local[at])
      }
    }
  }

  mutating func add(_ leaf: Int, _ model: Int, _ gpus: Int64, parent: [Int32], models: Int) {
    var node = Int32(leaf)
    var change = gpus
    while node >= 0, change != 0 {
      let at = Int(node) * models + model
      let old = max(0, used[at] - local[at])
      used[at] += change
      change = max(0, used[at] - local[at]) - old
      node = parent[Int(node)]
    }
  }

  /// What the node could use in addition; below 0 where more is used than there is. O(depth).
  func available(_ node: Int, _ model: Int, _ tree: borrowing PoolTree, borrows: Bool) -> Int64 {
    let at = node * tree.models + model
    if node == 0 { return visible[at] - used[at] }
    let above = available(Int(tree.parent[node]), model, tree, borrows: borrows)
    let beyond = max(0, used[at] - local[at])
    let limit =
      borrows && tree.borrow[at] < PoolTree.unlimited
      ? visible[at] - local[at] - beyond + tree.borrow[at] : Int64.max
    return max(0, local[at] - used[at]) + min(above, limit)
  }
}
