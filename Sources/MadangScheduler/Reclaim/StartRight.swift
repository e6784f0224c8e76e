/// By what a job came to run. Others were taken off for who came by right; it would be for nothing
/// if it were itself taken off by the same rule, though nothing changed.
///
/// **The potential.** Let h(leaf) be the GPUs that came by right, as long as they are within what
/// is due to the leaf, and 0 when what is due fell below them; g(leaf) the same for those that came
/// within the guarantee. What is *owed* is (Σ guarantee − g, Σ due − h), compared in this order.
///
/// A reclaim within the guarantee raises its own leaf's g and lowers no other; any other raises its
/// own leaf's h and lowers neither elsewhere, since only who does not count may be asked. A start
/// in free room changes nothing. So while demand and capacity stay as they are, each reclaim lowers
/// what is owed, whatever starts in between: there is no going round in circles.
enum StartRight: UInt8, Sendable {
  /// It found room, or ran before.
  case none
  /// Others left for it, and its pool stayed within what was due.
  case share
  /// Others left for it, and its pool stayed within its guarantee.
  case guarantee
}

extension Scheduler {
  /// The rules by which somebody may ask.
  struct Rules: OptionSet {
    let rawValue: UInt8
    static let share = Rules(rawValue: 1)
    static let guarantee = Rules(rawValue: 2)
  }

  /// Whether one job may be asked by one of the rules that hold for its pool.
  func mayAsk(_ row: JobRow, _ rules: Rules) -> Bool {
    if row.right == .none || rules.isEmpty { return !rules.isEmpty }
    let at = pools.at(Int(row.leaf), Int(row.model))
    let isOfGuarantee = row.right == .guarantee && pools.byGuarantee[at] <= pools.guarantee[at]
    if isOfGuarantee { return false }
    return rules.contains(.guarantee) || pools.byRight[at] > pools.due(at)
  }

  /// What is due and not held by right: what every reclaim lowers.
  func owed(_ model: Int) -> (guarantee: Int64, due: Int64) {
    var sums: (guarantee: Int64, due: Int64) = (0, 0)
    for node in 0..<pools.nodeCount where pools.isLeaf(node) {
      let at = pools.at(node, model)
      let (g, h) = (pools.byGuarantee[at], pools.byRight[at])
      sums.guarantee += pools.guarantee[at] - (g <= pools.guarantee[at] ? g : 0)
      sums.due += pools.due(at) - (h <= pools.due(at) ? h : 0)
    }
    return sums
  }
}
