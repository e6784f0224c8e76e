/// What a settled reclaim does.
extension Scheduler {
  /// Takes the victims off and starts the job; or, where any of them must be told before, tells
  /// them all and keeps their GPUs for the job until the last has gone. Who began in this decision
  /// did not begin.
  mutating func carryOut(
    _ job: Int32, _ shape: Shape, _ model: Int, _ victims: [Candidate],
    _ places: [Place], _ decision: inout Decision
  ) {
    let before = owed(model)
    let fresh = victims.filter(\.isFresh).map { (job: $0.job, right: jobs[Int($0.job)].right) }
    let leavers = victims.filter { !$0.isFresh }
    let goneBy = leavers.map { isGone(by: $0.job) }.max() ?? now
    let isTold = leavers.contains { jobs[Int($0.job)].notice > 0 }
    for (job, _) in fresh { takeBack(job) }
    for victim in leavers {
      let eviction = Decision.Eviction(
        job: JobIndex(Int(victim.job)), beneficiary: JobIndex(Int(job)), lost: victim.lost.ticks,
        at: isTold ? max(goneBy, now + jobs[Int(victim.job)].notice) : now)
      if !isTold {
        takeOff(victim.job, for: job)
        decision.evictions.append(eviction)
      } else {
        tell(victim.job, to: eviction.at, for: job)
        decision.notices.append(eviction)
      }
    }
    let amount = shape.milli
    let row = jobs[Int(job)]
    let at = pools.at(Int(row.leaf), model)
    let right: StartRight =
      pools.used[at] + amount <= pools.guarantee[at] ? .guarantee : .share
    lines.leave(job, &jobs)
    pools.start(
      Int(row.leaf), waitingFor: shape.models[0].int, amount, on: model, amount,
      fixed: !row.preemptible)
    occupy(job, shape, places)
    begin(job, model, goneBy)
    jobs[Int(job)].right = right
    pools.countRight(jobs[Int(job)], amount)
    jobs[Int(job)].startedIn = UInt32(truncatingIfNeeded: counters.passes)
    commitBudget(job, shape, model)
    if !isTold {
      pools.countFresh(Int(row.leaf), model, amount)
      decision.starts.append(
        Decision.Start(job: JobIndex(Int(job)), model: ModelIndex(model)))
    } else {
      jobs[Int(job)].state = .arriving
      jobs[Int(job)].leavers = Int32(leavers.count)
    }
    for (other, right) in fresh where right != .none { rehome(other, for: job, &decision) }
    let after = owed(model)
    precondition(
      (after.guarantee, after.due) < (before.guarantee, before.due),
      "a reclaim lowers what is owed")
  }

  /// Takes a running job off at once, and remembers what it was until the decision is told.
  private mutating func takeOff(_ job: Int32, for beneficiary: Int32) {
    let first = scratch.offRows.count
    var at = jobs[Int(job)].firstRow
    while at >= 0 {
      scratch.offRows.append(residences.rows[Int(at)])
      at = residences.rows[Int(at)].nextOfJob
    }
    scratch.off.append(
      TakenOff(
        beneficiary: beneficiary, row: jobs[Int(job)], rows: first..<scratch.offRows.count))
    jobs[Int(job)].evictedIn = UInt32(truncatingIfNeeded: counters.cycles)
    requeue(job)
  }

  /// When a job that is told now has gone: when its notice ends, or by its own walltime before.
  /// Nobody has less notice for it, whose walltime proves to be longer.
  private func isGone(by job: Int32) -> Tick {
    let row = jobs[Int(job)]
    let noticed = now + row.notice
    return row.walltime >= 0 && row.endsBy > now ? min(noticed, row.endsBy) : noticed
  }

  /// Tells a running job to leave. Its GPUs count for its beneficiary's pool from now on.
  private mutating func tell(_ job: Int32, to moment: Tick, for beneficiary: Int32) {
    let row = jobs[Int(job)]
    let shape = shapes.shapes[Int(row.shape)]
    pools.addUsed(
      Int(row.leaf), Int(row.model), -shape.milli, fixed: !row.preemptible)
    pools.countRight(row, -shape.milli)
    jobs[Int(job)].right = .none
    removeEnd(job)
    jobs[Int(job)].endsBy = min(row.endsBy, moment)
    insertEnd(job)
    jobs[Int(job)].state = .leaving
    jobs[Int(job)].beneficiary = beneficiary
    let place = leaving.firstIndex { ($0.at, $0.job) < (moment, job) } ?? leaving.count
    leaving.insert((moment, job), at: place)
  }

  /// A notice has ended: the job is taken off and waits again.
  mutating func leave(_ job: Int32) {
    let row = jobs[Int(job)]
    guard row.state == .leaving else { return }
    let milli = shapes.shapes[Int(row.shape)].milli
    scratch.left.append(
      Decision.Eviction(
        job: JobIndex(Int(job)), beneficiary: JobIndex(Int(max(0, row.beneficiary))),
        lost: lostWork(row, milli).ticks, at: now))
    // It leaves in the next decision, and starts again in none before the one after it.
    jobs[Int(job)].evictedIn = UInt32(truncatingIfNeeded: counters.cycles + 1)
    requeue(job)
    changed = true
  }

  /// A job that was told to leave is gone, one way or another: its beneficiary may start when it
  /// was the last.
  mutating func noteLeft(_ job: Int32) {
    let beneficiary = jobs[Int(job)].beneficiary
    jobs[Int(job)].beneficiary = -1
    leaving.removeAll { $0.job == job }
    guard beneficiary >= 0, jobs[Int(beneficiary)].state == .arriving else { return }
    jobs[Int(beneficiary)].leavers -= 1
    guard jobs[Int(beneficiary)].leavers == 0 else { return }
    let row = jobs[Int(beneficiary)]
    removeEnd(beneficiary)
    jobs[Int(beneficiary)].state = .running
    jobs[Int(beneficiary)].startedAt = now
    jobs[Int(beneficiary)].checkpointAt = now
    jobs[Int(beneficiary)].endsBy = now + plannedWalltime(row.walltime)
    insertEnd(beneficiary)
    scratch.arrived.append(beneficiary)
    changed = true
  }

  /// A job that was arriving will not come: those who were told leave all the same, for nobody.
  mutating func abandon(_ job: Int32) {
    for (_, leaver) in leaving where jobs[Int(leaver)].beneficiary == job {
      jobs[Int(leaver)].beneficiary = -1
    }
  }
}
