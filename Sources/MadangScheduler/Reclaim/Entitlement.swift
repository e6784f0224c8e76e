/// Who may ask whom to leave. Two rules, each compared at the children of the lowest common
/// ancestor and at every pool below them, so that only the over-served give:
///
/// - *share*: with its job the asking side stays within its share, and the giving side is above
///   its share before the job that leaves is taken off;
/// - *guarantee*: the same with guarantees.
///
/// What is due to a pool is its share, or its guarantee where that is more: so it is where it only
/// wants a model as a second choice, which its demand doesn't count.
///
/// Who made room by one of them holds it by right (`StartRight`), and is not asked by the same rule
/// as long as what came by right in its pool is within what is due.
extension Scheduler {
  /// How far up from its leaf a job's amount stays within the share, and within the guarantee: the
  /// depth of the highest such node; one more than the leaf's where not even it does.
  struct Entitlement {
    var share: Int
    var guarantee: Int
    var leafDepth: Int

    var isNone: Bool { share > leafDepth && guarantee > leafDepth }
  }

  func entitlement(_ leaf: Int, _ model: Int, _ amount: Int64) -> Entitlement {
    let depth = Int(pools.depth[leaf])
    var result = Entitlement(share: depth + 1, guarantee: depth + 1, leafDepth: depth)
    var node = leaf
    var (withinShare, withinGuarantee) = (true, true)
    while node > 0 {
      let at = pools.at(node, model)
      let would = pools.used[at] + amount
      withinShare = withinShare && would <= pools.due(at)
      withinGuarantee = withinGuarantee && would <= pools.guarantee[at]
      if withinShare { result.share = Int(pools.depth[node]) }
      if withinGuarantee { result.guarantee = Int(pools.depth[node]) }
      if !withinShare, !withinGuarantee { break }
      node = Int(pools.parent[node])
    }
    return result
  }

  /// A necessary condition, in O(1).
  func mayBeEntitled(_ leaf: Int, _ model: Int, _ amount: Int64) -> Bool {
    let at = pools.at(leaf, model)
    let would = pools.used[at] + amount
    return would <= pools.due(at)
  }

  /// The rules by which jobs of `giver` may be asked to leave for one of `taker`, as things stand:
  /// those that began in this decision, or others. Nobody who ran is asked for what is used by who
  /// may never have begun.
  func mayTake(
    _ taker: Int, _ right: Entitlement, from giver: Int, _ model: Int, fresh: Bool
  ) -> Rules {
    if taker == giver { return [] }
    let ancestor = pools.commonAncestor(taker, giver)
    let below = Int(pools.depth[ancestor]) + 1
    let (share, guarantee) = isAbove(giver, upTo: ancestor, model, fresh: fresh)
    var rules: Rules = []
    if right.share <= below, share { rules.insert(.share) }
    if right.guarantee <= below, guarantee { rules.insert(.guarantee) }
    return rules
  }

  /// Whether a giver and all above it, below the ancestor, use more than is due, and more than is
  /// guaranteed.
  private func isAbove(
    _ giver: Int, upTo ancestor: Int, _ model: Int, fresh: Bool
  ) -> (due: Bool, guarantee: Bool) {
    var result = (due: true, guarantee: true)
    var node = giver
    while node != ancestor {
      let at = pools.at(node, model)
      let used = fresh ? pools.used[at] : pools.used[at] - pools.fresh[at]
      if used <= pools.due(at) { result.due = false }
      if used <= pools.guarantee[at] { return (false, false) }
      node = Int(pools.parent[node])
    }
    return result
  }

  /// How long a job must have run before `taker` may ask it to leave: its own time, or that of the
  /// nearest pool that says so from the child of the common ancestor on up. So a team's setting
  /// binds its siblings, and its ministry's binds other ministries.
  func minRunTime(_ job: JobRow, against taker: Int) -> Tick {
    let ancestor = pools.commonAncestor(taker, Int(job.leaf))
    var node = pools.child(of: ancestor, towards: Int(job.leaf))
    while node > 0 {
      if let time = pools.minRunTime[node] { return max(job.minRunTime, time) }
      node = Int(pools.parent[node])
    }
    return job.minRunTime
  }
}
