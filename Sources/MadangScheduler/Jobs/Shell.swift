/// What a live loop tells beside the events of jobs: whoever runs them decides some things itself,
/// and is right about all of them.
extension Scheduler {
  /// A waiting job stands back, for a reason that is not the scheduler's; it keeps its place. One
  /// that waits for others already waits for this too. `release` ends one `hold`.
  public mutating func hold(_ job: JobIndex) throws(SchedulerRefusal) {
    try check(job)
    switch jobs[job.int].state {
    case .waiting:
      leaveLine(job.value)
      jobs[job.int].state = .gated
    case .gated: break
    case .arriving, .running, .leaving, .ended, .cancelled: return
    }
    jobs[job.int].unmet += 1
    changed = true
  }

  /// Ends what `hold`, or being held from its submission on, began.
  public mutating func release(_ job: JobIndex) throws(SchedulerRefusal) {
    try check(job)
    guard jobs[job.int].state == .gated, jobs[job.int].unmet > 0 else { return }
    jobs[job.int].unmet -= 1
    settleGate(job.value)
  }

  /// A start that did not come about: the job waits again where it stood.
  public mutating func putBack(_ job: JobIndex) throws(SchedulerRefusal) {
    try check(job)
    guard jobs[job.int].state == .running else { return }
    requeue(job.value)
    changed = true
  }

  /// A running job ends by another moment than was planned.
  public mutating func expect(_ job: JobIndex, endsBy moment: Tick) throws(SchedulerRefusal) {
    try check(job)
    try SetupCheck.range("endsBy", moment, -SchedulerLimits.tickMax...SchedulerLimits.tickMax)
    let row = jobs[job.int]
    guard row.state == .running || row.state == .leaving, row.endsBy != moment else { return }
    removeEnd(job.value)
    jobs[job.int].endsBy = moment
    insertEnd(job.value)
    changed = true
  }

  /// GPU-ticks that a pool's budget has left to promise, as whoever keeps the accounts says;
  /// nothing for no budget.
  public mutating func setBudget(
    of pool: PoolIndex, _ model: ModelIndex, left: Int64?
  ) throws(SchedulerRefusal) {
    guard pool.int >= 0, pool.int < pools.pools else { throw .unknownPool(pool) }
    guard model.int >= 0, model.int < pools.models else { throw .unknownModel(model) }
    try SetupCheck.range("budget", left ?? 0, 0...(1 << 60))
    let at = pools.at(pool.int + 1, model.int)
    let budget = PoolTree.budget(left)
    if pools.budget[at] == budget { return }
    pools.budget[at] = budget
    changed = true
  }

  /// Lets the next cycle decide anew though nothing was told: time alone made a difference, as when
  /// a job runs past the end that was planned.
  public mutating func askAgain() { changed = true }
}
