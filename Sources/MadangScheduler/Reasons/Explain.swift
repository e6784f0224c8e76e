/// The one reason of a job, asked for.
extension Scheduler {
  /// Why a job is not running, as things stand since the last cycle. What is true of the first job
  /// of a line is true of all in it. O(1) where the line was asked, else the cost of asking once.
  public mutating func reason(of job: JobIndex) throws(SchedulerRefusal) -> WaitReason {
    try check(job)
    let row = jobs[job.int]
    switch row.state {
    case .gated:
      return row.unmet > 0 ? .gate(.dependencies(row.unmet)) : .gate(.notBefore(row.notBefore))
    case .arriving: return .evicting(until: row.startedAt)
    case .running, .leaving: return .running
    case .ended, .cancelled: return .ended
    case .waiting: break
    }
    let line = lines.rows[Int(row.line)]
    if line.askedIn == UInt64(counters.passes), line.reason != .notAsked { return line.reason }
    let reason = explain(line.first)
    lines[row.line].note(reason, counters.passes)
    return reason
  }

  /// Asks once more without starting anything.
  mutating func explain(_ job: Int32) -> WaitReason {
    settlePromise()
    let row = jobs[Int(job)]
    holds.asker = row.leaf
    let shape = shapes.shapes[Int(row.shape)]
    if let bound = bounds[Int(row.shape)] { return .impossible(bound) }
    var reason = WaitReason.notAsked
    for model in shape.models {
      let no = explain(job, shape, model.int)
      if reason == .notAsked || no.tier.progress > reason.tier.progress { reason = no }
    }
    return reason
  }

  private mutating func explain(_ job: Int32, _ shape: Shape, _ model: Int) -> WaitReason {
    if let no = permission(job, shape, model) {
      return isFullness(no, shape, model) ? .capacity(explainedShortage(job, shape, model)) : no
    }
    if model < scratch.blockedBy.count, scratch.blockedBy[model] >= 0 {
      return .turn(behind: JobIndex(Int(scratch.blockedBy[model])), from: now)
    }
    let until = now + plannedWalltime(jobs[Int(job)].walltime)
    var ask = Ask(shape, model: model, until: until)
    if placement.find(ask, fleet, holds) { return .turn(behind: nil, from: now) }
    if holds.bind(ask) {
      ask.until = now
      if placement.find(ask, fleet, holds) { return turn(until) }
    }
    return .capacity(explainedShortage(job, shape, model))
  }

  private func explainedShortage(
    _ job: Int32, _ shape: Shape, _ model: Int
  ) -> WaitReason.Shortage {
    var shortage = shortage(shape, model)
    let leaf = Int(jobs[Int(job)].leaf)
    let amount = shape.milli
    if policy.reclaim, entitlement(leaf, model, amount).isNone {
      let at = pools.at(leaf, model)
      shortage.reclaim = .notEntitled(
        pool: pool(leaf), wouldUse: pools.used[at] + amount, share: pools.share[at])
    }
    return shortage
  }
}
