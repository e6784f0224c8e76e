/// What a pool has of one device model, for people. Milli-GPUs.
public struct PoolFigures: Hashable, Sendable {
  /// In force: less than was set where the capacity fell below all guarantees.
  public var guarantee: Int64
  /// Running and waiting, within the limits of the pool and those below.
  public var demand: Int64
  /// What the division gives it now, and what it would if it wanted all it may have.
  public var share: Int64
  public var uncappedShare: Int64
  public var used: Int64
  /// Of what it uses, beyond its guarantee.
  public var borrowed: Int64
  /// Of its guarantee, in use by others.
  public var lent: Int64
}

extension Scheduler {
  /// A pool's figures, divided anew where something changed since. O(pools) then, else O(siblings).
  public mutating func figures(
    of pool: PoolIndex, _ model: ModelIndex
  ) throws(SchedulerRefusal) -> PoolFigures {
    guard pool.int >= 0, pool.int < pools.pools else { throw .unknownPool(pool) }
    guard model.int >= 0, model.int < pools.models else { throw .unknownModel(model) }
    refreshShares()
    let node = pool.int + 1
    let at = pools.at(node, model.int)
    return PoolFigures(
      guarantee: pools.guarantee[at], demand: pools.demand[at], share: pools.share[at],
      uncappedShare: pools.uncappedShare(node, model.int, policy.history), used: pools.used[at],
      borrowed: max(0, pools.used[at] - pools.guarantee[at]), lent: pools.lent(node, model.int))
  }
}

extension PoolTree {
  /// What of a node's guarantee others use: the parent's lenders together give what its borrowers
  /// took and what it lends on itself, after what nobody is guaranteed and what comes from above;
  /// each in proportion to what it leaves idle, in whole GPUs.
  func lent(_ node: Int, _ model: Int) -> Int64 {
    if node == 0 { return 0 }
    let above = Int(parent[node])
    var (borrowed, unowned) = (Int64(0), Int64(0))
    var lenders: [(node: Int32, idle: Int64)] = []
    var promised: Int64 = 0
    for child in children[above] {
      let at = at(Int(child), model)
      promised += guarantee[at]
      borrowed += max(0, used[at] - guarantee[at])
      let idle = max(0, guarantee[at] - used[at])
      if poolOfNode[Int(child)] == poolOfNode[above] { unowned += idle; continue }
      lenders.append((child, min(idle, lend[at])))
    }
    let here = at(above, model)
    unowned += guarantee[here] - promised
    let fromAbove = above == 0 ? 0 : max(0, used[here] - guarantee[here])
    let given = max(0, borrowed + lent(above, model) - unowned - fromAbove)
    let parts = Division.scaled(
      lenders.map(\.idle), to: min(given, lenders.reduce(0) { $0 + $1.idle }),
      unit: PoolTree.unit)
    return lenders.firstIndex { $0.node == Int32(node) }.map { parts[$0] } ?? 0
  }
}
