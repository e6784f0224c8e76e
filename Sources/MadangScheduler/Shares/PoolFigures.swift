/// What a pool has of one device model, for people. Milli-GPUs.
public struct PoolFigures: Hashable, Sendable {
  /// In force: less than was set where the capacity fell below all guarantees.
  public var guarantee: Int64
  /// Running and waiting, within the limits of the pool and those below.
  public var demand: Int64
  /// What the division gives it now.
  public var share: Int64
  public var used: Int64
  /// Of what it uses, beyond its guarantee.
  public var borrowed: Int64
  /// Of its guarantee, in use by others.
  public var lent: Int64
}

extension Scheduler {
  /// A pool's figures, divided anew where something changed since. O(pools) then; else O(siblings)
  /// for the first of them, O(depth) for the others.
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
      used: pools.used[at], borrowed: max(0, pools.used[at] - pools.guarantee[at]),
      lent: lent(node, model.int))
  }

  /// What the division would give a pool if it wanted all it may have, as of the last figures.
  /// O(children along the way up).
  public func uncappedShare(of pool: PoolIndex, _ model: ModelIndex) -> Int64 {
    pools.uncappedShare(pool.int + 1, model.int, policy.history)
  }

  /// What of a node's guarantee others use, found once for all its siblings.
  private mutating func lent(_ node: Int, _ model: Int) -> Int64 {
    if node == 0 { return 0 }
    if scratch.lentIn != pools.version { scratch.lent.removeAll(keepingCapacity: true) }
    scratch.lentIn = pools.version
    let above = Int(pools.parent[node])
    if scratch.lent[pools.at(above, model)] == nil {
      let fromAbove = lent(above, model)
      let below = pools.lentBelow(above, model, itself: fromAbove)
      scratch.lent[pools.at(above, model)] = Dictionary(
        uniqueKeysWithValues: zip(pools.children[above], below))
    }
    return scratch.lent[pools.at(above, model)]?[Int32(node)] ?? 0
  }
}

extension PoolTree {
  /// What of the guarantees of a node's children others use, in their order, where they use so much
  /// of the node's: the lenders together give what the borrowers took and what the node lends on
  /// itself, after what nobody is guaranteed and what comes from above; each in proportion to what
  /// it leaves idle, in whole GPUs.
  func lentBelow(_ above: Int, _ model: Int, itself: Int64) -> [Int64] {
    var (borrowed, unowned) = (Int64(0), Int64(0))
    var idle = [Int64](repeating: 0, count: children[above].count)
    var promised: Int64 = 0
    for (place, child) in children[above].enumerated() {
      let at = at(Int(child), model)
      promised += guarantee[at]
      borrowed += max(0, used[at] - guarantee[at])
      let rest = max(0, guarantee[at] - used[at])
      if poolOfNode[Int(child)] == poolOfNode[above] { unowned += rest; continue }
      idle[place] = min(rest, lend[at])
    }
    let here = at(above, model)
    unowned += guarantee[here] - promised
    let fromAbove = above == 0 ? 0 : max(0, used[here] - guarantee[here])
    let given = max(0, borrowed + itself - unowned - fromAbove)
    return Division.scaled(
      idle, to: min(given, idle.reduce(0, +)), unit: PoolTree.unit)
  }
}
