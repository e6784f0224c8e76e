import MadangEngines
import MadangProgramme
import MadangTestEngines

/// The office's own work, a round at a time, whatever was cut off before: budgets follow their
/// allocations, jobs begin under holds, hours are sealed, and late usage makes corrections.
extension Office {
  /// Seconds after an hour's end before it is sealed: few, so that much comes too late for it.
  private static let quietSeconds: Int64 = 5

  func work() {
    guard isUp else { return }
    let steps = [keepBudgets, endHolds, beginJob, takeBack, sealHours]
    for step in steps where isUp { step() }
  }

  /// Writes changes of the books, all or none.
  private func write(_ changes: [Books.Change]) -> Bool {
    var record = Record()
    record.changes = changes
    guard case .done = commit(record) else { return false }
    keep(record)
    world.checks.committed(self)
    return !crashes()
  }

  // MARK: Budgets and holds

  private func keepBudgets() {
    for id in programme.allocations.ids {
      let row = programme.allocations[id]
      var due = GPUSeconds.zero
      if case .budget(let seconds) = row.binding { due = seconds }
      let granted = books.balances[id]?.granted ?? .zero
      guard due != granted else { continue }
      if books.grants.contains([Int64(id.number), row.generation]) {
        return world.checks.fail("\(id) is granted twice by event \(row.generation)")
      }
      guard write([.granted(id, due - granted, event: row.generation)]) else { return }
    }
  }

  /// What became of jobs that were let begin: a token that the engine does not know was never given
  /// to it, so it is given now, or its hold is void.
  private func endHolds() {
    for held in books.pending {
      guard let job = books.jobs[held.hold.key] else { continue }
      let engine = world.engine(job.cluster)
      let state: HoldState
      switch engine.run(of: held.hold.key) {
      case .some(let run) where run.to != nil: state = .posted
      case .some where held.hold.expires <= world.instant: state = .expired
      case .some: continue
      case .none:
        if held.hold.expires > world.instant, !world.faults.isOver, begin(held.hold, job) {
          continue
        }
        state = held.hold.expires > world.instant ? .voided : .expired
      }
      let result = HeldBudget.result(ending: held, in: state)
      guard result == .done else {
        return world.checks.fail("\(held.hold.key) cannot end: \(result)")
      }
      guard write([.ended(held.hold.key, state)]) else { return }
    }
  }

  private func beginJob() {
    guard !world.faults.isOver, world.random.chance(60) else { return }
    let rows = programme.allocations.ids.filter { id in
      let row = programme.allocations[id]
      guard case .budget = row.binding else { return false }
      return row.standing == .live
    }
    guard !rows.isEmpty else { return }
    let id = world.random.pick(rows)
    let gpus = Int32(world.draw(1...3))
    let seconds = Int64(world.draw(10...300))
    guard let amount = GPUSeconds(gpus: Int64(gpus), seconds: seconds) else { return }
    let hold = Hold(
      key: world.token(), allocation: id, amount: amount,
      expires: Instant(world.now + seconds + Int64(world.draw(0...200))))
    let result = hold.result(
      stored: books.holds[hold.key], balance: books.balances[id], at: world.instant)
    guard result == .done else { return }
    world.checks.holds(hold, self)
    let cluster = programme.allocations[id].cluster
    let change = Books.Change.held(hold, cluster: cluster, gpus: gpus, seconds: seconds)
    guard write([change]) else { return }
    _ = begin(hold, Books.Job(cluster: cluster, gpus: gpus, seconds: seconds))
  }

  /// Whether the engine took it. A job may well run longer than was held for it.
  private func begin(_ hold: Hold, _ job: Books.Job) -> Bool {
    let engine = world.engine(job.cluster)
    guard let run = engine.begin(hold.key, hold.allocation, gpus: job.gpus) else { return false }
    world.at(world.now + Int64(world.draw(1...Int(job.seconds + 60))), .jobEnds(job.cluster, run))
    return true
  }

  /// Somebody finds a segment that should not have been.
  private func takeBack() {
    guard !world.faults.isOver, world.random.chance(3) else { return }
    let keys = usage.keys.sorted()
    guard !keys.isEmpty else { return }
    let key = world.random.pick(keys)
    if !books.takenBack.contains(key) { _ = write([.takenBack(key)]) }
  }

  // MARK: Hours

  private func sealHours() {
    for cluster in Base.clusters where isUp {
      guard reconcile(cluster), correct(cluster) else { continue }
      var open = firstOpen(cluster)
      while let hour = open, hour.end.seconds + Office.quietSeconds <= world.now {
        let key = Books.HourKey(cluster: cluster, hour: hour)
        let closed = close(key, number: 0)
        guard write([.drafted(closed)]), seal(closed, closed.totals, corrects: nil) else { break }
        open = hour.next
      }
    }
  }

  private func firstOpen(_ cluster: ClusterID) -> Hour? {
    if let last = programme.accounts(of: cluster).lastSealed { return last.next }
    let used = books.usage.values.filter { $0.key.cluster == cluster }.map(\.from).min()
    let found = [used, books.seen[cluster]?.first].compactMap { $0 }.min()
    return found.map { Hour(of: $0) }
  }

  /// The journal may have a statement that nobody noted: the process ended in between.
  private func reconcile(_ cluster: ClusterID) -> Bool {
    let accounts = programme.accounts(of: cluster)
    for (key, seal) in hours(cluster) {
      guard let draft = seal.draft, accounts.isSealed(key.hour),
        draft.number <= accounts.newest(key.hour)
      else { continue }
      guard write([.confirmed(key)]) else { return false }
    }
    return true
  }

  private func correct(_ cluster: ClusterID) -> Bool {
    for (key, seal) in hours(cluster) where seal.changes > seal.sealedChanges {
      guard let sealed = seal.sealed else { continue }
      let newest = programme.accounts(of: cluster).newest(key.hour)
      let closed = close(key, number: newest + 1)
      if closed.totals == sealed.totals, closed.segments == sealed.segments {
        guard write([.unchanged(key, changes: seal.changes)]) else { return false }
        continue
      }
      let difference = HourTotals(
        capacity: .zero,
        rows: AccountRow.difference(closed.totals.rows, less: sealed.totals.rows),
        contradicted: closed.totals.contradicted - sealed.totals.contradicted)
      guard write([.drafted(closed)]), self.seal(closed, difference, corrects: newest) else {
        return false
      }
    }
    return true
  }

  private func hours(_ cluster: ClusterID) -> [(Books.HourKey, Books.Seal)] {
    books.seals.filter { $0.key.cluster == cluster }.sorted { $0.key < $1.key }
  }

  private func close(_ key: Books.HourKey, number: Int32) -> Books.ClosedHour {
    var facts = HourFacts(
      cluster: key.cluster, model: Base.model, hour: key.hour,
      capacity: programme.accounts(of: key.cluster).gpus)
    if let seen = books.seen[key.cluster] {
      facts.coverage = seen.coverage
      facts.up = seen.up
      facts.reservations = seen.reservations.values.map { reservation in
        var reservation = reservation
        reservation.isLent = programme.allocations[reservation.allocation].lending != nil
        return reservation
      }.sorted { $0.allocation < $1.allocation }
    }
    facts.segments = books.usage.values.filter {
      $0.key.cluster == key.cluster && !books.takenBack.contains($0.key)
        && $0.from < key.hour.end && $0.to > key.hour.start
    }.map { segment in
      UsageSegment(
        key: segment.key, allocation: known(segment.allocation), model: segment.model,
        gpus: segment.gpus, from: segment.from, to: segment.to)
    }
    return Books.ClosedHour(
      key: key, totals: HourClosing.totals(of: facts), segments: Int64(facts.segments.count),
      number: number, changes: books.seals[key]?.changes ?? 0)
  }

  /// What ran in an allocation that a disk which lied took ran in nobody's.
  func known(_ id: AllocationID?) -> AllocationID? {
    id.flatMap { programme.allocations.contains($0) ? $0 : nil }
  }

  private func seal(
    _ closed: Books.ClosedHour, _ totals: HourTotals, corrects: Int32?
  ) -> Bool {
    let statement = UsageStatement(
      cluster: closed.key.cluster, model: Base.model, hour: closed.key.hour, totals: totals,
      segments: closed.segments, root: Base.digest, corrects: corrects)
    // Cluster, hour, number and changes: the same statement comes under the same key.
    let hour = Int((closed.key.hour.start.seconds - Hour(of: Base.start).start.seconds) / 3_600)
    let number =
      ((Int(closed.key.cluster.number) * 10 + hour) * 10_000 + Int(closed.number)) * 1_000_000
      + closed.changes
    world.trace("seals \(closed.key.hour) of \(closed.key.cluster), number \(closed.number)")
    let answer = take(.sealStatement(statement), CommandKey(by: Base.yard, number: number))
    switch answer {
    case .done: return write([.confirmed(closed.key)])
    case .refused(let code):
      world.checks.fail("the statement of \(closed.key.hour) is refused: \(code)")
      return false
    case .unavailable, nil: return false
    }
  }
}
