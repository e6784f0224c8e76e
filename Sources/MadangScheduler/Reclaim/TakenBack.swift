/// What a decision takes back before anybody is told of it.
///
/// A pass gives room to whoever comes first; the next one may find somebody who has a right to that
/// room. Until the decision is told, a start in it is none: who began goes back to its line as if
/// it never had, at once and at no loss, whatever its notice and minimum run time. Who had been
/// taken off for it runs on where it was if its room is still there, and else leaves for the other.
///
/// Once told, a start is real, and lasts: nobody is asked at the very moment at which it started.
extension Scheduler {
  /// Whether a job began in this decision.
  func isFresh(_ row: JobRow) -> Bool {
    row.startedIn != 0 && passesSince(row) < scratch.passes
  }

  /// Whether a job began in this pass.
  func isOfThisPass(_ row: JobRow) -> Bool { row.startedIn != 0 && passesSince(row) == 0 }

  private func passesSince(_ row: JobRow) -> UInt32 {
    UInt32(truncatingIfNeeded: counters.passes) &- row.startedIn
  }

  /// From when on a running job may be asked to leave by one of `taker`.
  func askable(_ row: JobRow, by taker: Int) -> Tick {
    if isFresh(row) { return now }
    let least: Tick = row.startedIn == 0 ? 0 : 1
    return row.startedAt + max(least, minRunTime(row, against: taker))
  }

  /// Takes a start back: it was none.
  mutating func takeBack(_ job: Int32) {
    let row = jobs[Int(job)]
    pools.countFresh(Int(row.leaf), Int(row.model), -shape(of: job).milli)
    jobs[Int(job)].startedIn = 0
    requeue(job)
    scratch.takenBack += 1
  }

  /// Finds out what becomes of those who were taken off for `job`, whose start was taken back for
  /// that of `other`.
  mutating func rehome(_ job: Int32, for other: Int32, _ decision: inout Decision) {
    let told = decision.evictions.count - scratch.off.count
    for (place, off) in scratch.off.enumerated() where off.beneficiary == job {
      if runsOn(off, decision.evictions[told + place].job.value) {
        scratch.off[place].beneficiary = -1
      } else {
        scratch.off[place].beneficiary = other
      }
    }
  }

  /// Lets a job that was taken off in this decision run on, if what it had is free and its pool may
  /// have it. Who came by right stays off: what is owed must not grow.
  private mutating func runsOn(_ off: TakenOff, _ job: Int32) -> Bool {
    let row = off.row
    let shape = shapes.shapes[Int(row.shape)]
    let rows = scratch.offRows[off.rows]
    guard row.right == .none, jobs[Int(job)].state == .waiting, isRoom(rows, shape),
      mayRunOn(row, shape)
    else { return false }
    leaveLine(job)
    jobs[Int(job)].shape = row.shape
    pools.addUsed(Int(row.leaf), Int(row.model), shape.milli, fixed: !row.preemptible)
    // The first row is the one that was added last.
    occupy(
      job, shape,
      rows.reversed().map { Place(node: $0.node, tasks: $0.tasks, device: Int32($0.device)) })
    begin(job, Int(row.model), row.startedAt)
    removeEnd(job)
    jobs[Int(job)].endsBy = row.endsBy
    insertEnd(job)
    jobs[Int(job)].checkpointAt = row.checkpointAt
    (jobs[Int(job)].startedIn, jobs[Int(job)].evictedIn) = (row.startedIn, row.evictedIn)
    changeBudget(
      Int(row.leaf), Int(row.model), by: -Int128(shape.milli) * Int128(unusedForecast(row)))
    return true
  }

  private func isRoom(_ rows: ArraySlice<Residences.Row>, _ shape: Shape) -> Bool {
    var stocks: [Int32: Stock] = [:]
    for row in rows {
      var stock = stocks[row.node] ?? Stock(Int(row.node), fleet)
      stock.take(row, shape)
      stocks[row.node] = stock
      let isTooMuch = row.device >= 0 && stock.room.used[Int(row.device)] > Room.whole
      if stock.room.free < 0 || stock.cpuMilli < 0 || stock.memoryMiB < 0 || isTooMuch {
        return false
      }
    }
    return true
  }

  private func mayRunOn(_ row: JobRow, _ shape: Shape) -> Bool {
    let forecast = Int128(shape.milli) * Int128(unusedForecast(row))
    var node = Int(row.leaf)
    while node > 0 {
      let left = pools.budget[pools.at(node, Int(row.model))]
      if left < PoolTree.noBudget, forecast > left { return false }
      node = Int(pools.parent[node])
    }
    return quota(row, shape.milli, Int(row.model)) == nil
  }

  /// Ends a decision: what began counts as what ran, and what was taken back is left out.
  mutating func end(_ decision: inout Decision) {
    if scratch.takenBack > 0 {
      leaveOut(&decision)
      forgetRights(decision)
    }
    for start in decision.starts {
      let row = jobs[start.job.int]
      // Who only arrived began in another.
      guard isFresh(row) else { continue }
      pools.countFresh(Int(row.leaf), Int(row.model), -shape(of: start.job.value).milli)
    }
  }

  /// Whoever came by right, and for whom in the end nobody left, found room like any other.
  private mutating func forgetRights(_ decision: Decision) {
    let others = Set(decision.evictions.map(\.beneficiary))
    for start in decision.starts where !others.contains(start.job) {
      let row = jobs[start.job.int]
      guard isFresh(row), row.right != .none else { continue }
      pools.countRight(row, -shape(of: start.job.value).milli)
      jobs[start.job.int].right = .none
    }
  }

  private func leaveOut(_ decision: inout Decision) {
    // Who began more than once did so at last.
    var seen: Set<JobIndex> = []
    decision.starts = decision.starts.reversed().filter {
      jobs[$0.job.int].state == .running && seen.insert($0.job).inserted
    }.reversed()
    let told = decision.evictions.count - scratch.off.count
    decision.evictions = decision.evictions.enumerated().compactMap { place, eviction in
      guard place >= told else { return eviction }
      let beneficiary = scratch.off[place - told].beneficiary
      if beneficiary < 0 { return nil }
      return Decision.Eviction(
        job: eviction.job, beneficiary: JobIndex(Int(beneficiary)), lost: eviction.lost,
        at: eviction.at)
    }
  }
}

/// A job that was taken off in a decision that is not told yet: an eviction of it, in its order.
struct TakenOff: Sendable {
  /// For whom; −1 where it runs on.
  var beneficiary: Int32
  /// What it was, with its places in `CycleScratch.offRows`.
  var row: JobRow
  var rows: Range<Int>
}
