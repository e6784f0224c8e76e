/// What happens to the fleet, and the passing of time.
extension Scheduler {
  /// A node changes its state. Jobs on a node that goes down or fails are taken off, whole gangs,
  /// and wait again in their old places; they are returned, in order of submission.
  @discardableResult
  public mutating func setNodeState(
    _ node: NodeIndex, _ state: NodeState
  ) throws(SchedulerRefusal) -> [JobIndex] {
    guard node.int >= 0, node.int < nodeCount else { throw .unknownNode(node) }
    if fleet.state[node.int] == state { return [] }
    var interrupted: [Int32] = []
    if state == .down || state == .failed {
      var at = residences.firstOnNode[node.int]
      while at >= 0 {
        // A job's parts on a node stand together.
        let job = residences.rows[Int(at)].job
        if interrupted.last != job { interrupted.append(job) }
        at = residences.rows[Int(at)].nextOnNode
      }
      interrupted.sort()
      for job in interrupted { requeue(job) }
    }
    fleet.set(node.int, state)
    foresights[fleet.topology.model(ofNode: node.int)]?.fleet.set(node.int, state)
    changed = true
    return interrupted.map { JobIndex(Int($0)) }
  }

  /// Closes a node from `from` until `until`: only what ends before may start on it.
  public mutating func closeNode(
    _ node: NodeIndex, from: Tick, until: Tick
  ) throws(SchedulerRefusal) {
    try close(node, from, until, owner: -1)
  }

  /// Reserves a node for a pool and those below it: others' jobs must have ended before `from`, and
  /// may start again from `until` on.
  public mutating func reserveNode(
    _ node: NodeIndex, for pool: PoolIndex, from: Tick, until: Tick
  ) throws(SchedulerRefusal) {
    guard pool.int >= 0, pool.int < pools.pools else { throw .unknownPool(pool) }
    try close(node, from, until, owner: pool.value + 1)
  }

  private mutating func close(
    _ node: NodeIndex, _ from: Tick, _ until: Tick, owner: Int32
  ) throws(SchedulerRefusal) {
    guard node.int >= 0, node.int < nodeCount else { throw .unknownNode(node) }
    try SetupCheck.range("from", from, -SchedulerLimits.tickMax...(SchedulerLimits.tickMax - 1))
    try SetupCheck.range("until", until, (from + 1)...SchedulerLimits.tickMax)
    holds.windows.add(
      MaintenanceWindow(owner: owner, node: node.value, from: from, until: until))
    changed = true
  }

  /// Time passes. Gates open, notices and maintenance end.
  public mutating func advance(to moment: Tick) throws(SchedulerRefusal) {
    guard moment >= now else { throw .timeGoesBack(now: now, to: moment) }
    try SetupCheck.range("time", moment, now...SchedulerLimits.tickMax)
    accrue(to: moment)
    setNow(moment)
    endLendings()
    while let first = gated.last, first.at <= moment {
      gated.removeLast()
      settleGate(first.job)
    }
    while let first = leaving.last, first.at <= moment {
      leaving.removeLast()
      leave(first.job)
    }
    if wakeAt <= moment {
      wakeAt = .max
      changed = true
    }
    endWindows(by: moment)
  }

  /// What was closed may be used again.
  private mutating func endWindows(by moment: Tick) {
    guard holds.windows.nextEnd <= moment else { return }
    for model in holds.windows.end(by: moment, fleet.topology) { fleet.noteGain(model) }
    changed = true
  }

  /// Takes a job off; it waits again where it stood.
  mutating func requeue(_ job: Int32) {
    release(job)
    jobs[Int(job)].shape = jobs[Int(job)].asked
    jobs[Int(job)].state = .gated
    settleGate(job)
  }
}
