/// Rules of reading back: an allocation counts as enforced only when what was found equals what
/// should be, and only what changed is recorded.
extension Programme {
  /// What a read-back changes: nothing, as long as everything is as it was.
  ///
  /// Complexity: O(allocations of the programme + observed).
  func decideReadBack(
    _ observed: ObservedState, _ envelope: Envelope
  ) throws(Refusal) -> [Event] {
    let binding = try binding(observed.cluster)
    if let generation = observed.generation, generation > binding.generation {
      throw .allocations(.fromTheFuture(observed.cluster, generation: generation))
    }
    for (a, b) in zip(observed.allocations, observed.allocations.dropFirst())
    where a.allocation >= b.allocation {
      throw .allocations(.notInOrder(b.allocation))
    }
    try checkNumbers(observed)
    let at = time(of: envelope.received)
    guard let days = charter?.days, days.firstStart <= at else { throw .programme(.outsideDays) }
    // What was left has to be wiped after the last day too: it is back on the first that is out.
    let today = days.day(of: at)
    let reading = ReadBack(
      at: at, today: today ?? days.end, observed: observed,
      handover: binding.engine?.kind == .handover)
    var events: [Event] = []
    var clocks: [ClockStarted] = []
    var next = 0
    allocations.forEach { id, row in
      guard row.cluster == observed.cluster, row.standing != .returned else { return }
      // Nobody works then any more.
      guard today != nil || !row.isBound else { return }
      while next < observed.allocations.count, observed.allocations[next].allocation < id {
        next += 1
      }
      let isFound =
        next < observed.allocations.count && observed.allocations[next].allocation == id
      let found = isFound ? observed.allocations[next] : nil
      guard let event = change(id, row, found, reading) else { return }
      events.append(event)
      // One clock an award, though two of its allocations be read back together; and none while
      // the team is suspended and can use nothing.
      guard case .bindingEnforced = event, row.standing == .live, row.lending == nil,
        awards[row.award].clock == nil,
        !clocks.contains(where: { $0.award == row.award })
      else { return }
      let clock = clockStart(row.award, reading.today, beside: clocks)
      clocks.append(clock)
      events.append(.clockStarted(clock))
    }
    return events + departuresBack(observed, on: reading.today)
  }

  /// An engine has so many GPUs as there can be, and none below zero: whatever is taken is counted
  /// with later.
  private func checkNumbers(_ observed: ObservedState) throws(Refusal) {
    let gpus = 0...Limits.gpusMax
    let devices = observed.devices
    try range("down", devices.down, gpus)
    try range("maintenance", devices.maintenance, gpus)
    try range("preparing", devices.preparing, gpus)
    try range("up", devices.up, gpus)
    for found in observed.allocations {
      try range("readyGPUs", found.readyGPUs, gpus)
      switch found.limit {
      case .reserved(let limit): try range("limit", limit, gpus)
      case .budget(let limit): try range("limit", limit.count, 0...Limits.integerMax)
      }
    }
  }

  /// One read-back of one cluster.
  private struct ReadBack {
    let at: Instant
    let today: Day
    let observed: ObservedState
    let handover: Bool
  }

  /// What a read-back changes of one allocation.
  private func change(
    _ id: AllocationID, _ row: Allocation, _ found: ObservedAllocation?, _ reading: ReadBack
  ) -> Event? {
    let drift = row.drift(
      from: found, generation: reading.observed.generation, handover: reading.handover)
    guard row.isBound else { return returned(id, row, drift, reading) }
    // Before its term an allocation may be prepared; nobody has to be able to use it.
    guard row.term.from <= reading.today else { return early(id, row, found, reading) }
    guard let drift else {
      let isNew = row.enforcedGeneration.map { $0 < row.generation } ?? true
      guard isNew || row.drift != nil else { return nil }
      return .bindingEnforced(
        BindingEnforced(
          allocation: id, generation: row.generation, outage: outage(of: id, until: reading.at)))
    }
    let missing = row.missing(found, drift)
    let held = found?.limit.reservedGPUs
    // More than was ever found in its hands: it has to be wiped when it goes, so it is told of.
    let isMore = held.map { $0 > row.heldGPUs ?? -1 } ?? false
    guard drift != row.drift || missing != row.missingGPUs || isMore else { return nil }
    // A change on its way to the engine is no drift yet.
    let isOnItsWay = drift == .behind || (drift == .missing && row.enforcedGeneration == nil)
    guard isMore || !isOnItsWay else { return nil }
    return .bindingDrifted(
      BindingDrifted(
        allocation: id, drift: drift, heldGPUs: held, missingGPUs: missing,
        outage: outage(of: id, until: reading.at)))
  }

  /// What was handed over before its term has to be wiped like any other when it goes: that it is
  /// in the team's hands is recorded, each time that it is more.
  private func early(
    _ id: AllocationID, _ row: Allocation, _ found: ObservedAllocation?, _ reading: ReadBack
  ) -> Event? {
    guard reading.handover, let held = found?.limit.reservedGPUs, held > row.heldGPUs ?? 0 else {
      return nil
    }
    return .bindingDrifted(
      BindingDrifted(
        allocation: id, drift: .early, heldGPUs: held, missingGPUs: 0, outage: .zero))
  }

  /// An ended allocation is back when nothing of it is left, and what was handed over is wiped.
  private func returned(
    _ id: AllocationID, _ row: Allocation, _ drift: Drift?, _ reading: ReadBack
  ) -> Event? {
    // What it lent is wiped and back first.
    guard drift == nil, row.readableTo == nil, row.lentGPUs == 0 else { return nil }
    // What was lent comes back to a lender who has given it up by then, wiped.
    if let lending = row.lending, departure(of: lendings[lending].lender, at: row.cluster) != nil {
      return nil
    }
    let certificate = newCertificate(of: id, in: reading.observed)
    // A hand-over that was never in anybody's hands, or not at this cluster, has nothing to wipe;
    // nor has one all of which was lent, wiped before another had it, and came back after its end.
    guard !reading.handover || row.heldGPUs ?? 0 == 0 || certificate != nil else { return nil }
    return .allocationReturned(
      AllocationReturned(allocation: id, certificate: certificate, on: reading.today))
  }

  /// Rule: the clock starts when it works. The term keeps its length as far as the line and the
  /// clusters of its allocations have room, beside what the same read-back gives to others; what is
  /// left of the delay is owed. What the team itself was waited for is no delay: a hand-over runs
  /// from when it was in the team's hands, confirmed or not, and no day of a suspension comes back.
  private func clockStart(
    _ id: AwardID, _ today: Day, beside clocks: [ClockStarted]
  ) -> ClockStarted {
    let award = awards[id]
    let usable = min(today, handedOver(id) ?? today)
    let first = max(award.term.from, min(usable, award.term.to.advanced(by: -1)))
    let delay = award.term.from.distance(to: first)
    let lost = max(0, delay - award.suspendedDays(to: first))
    var given = 0
    if lost > 0, let end = charter?.days.end {
      let left = free(
        award.line, minimum: minimumConfidence(of: award), without: id, on: today)
      let most = min(lost, award.term.to.distance(to: end))
      while given < most {
        let day = award.term.to.advanced(by: given)
        // The days of reading move on with it.
        let reading = min(day.advanced(by: Int(readableDays)), end.advanced(by: -1))
        func has(_ day: Day) -> Bool {
          let others = clocks.reduce(Int64(0)) { held, clock in
            let other = awards[clock.award]
            let takes =
              other.line == award.line && withReading(other.term).to <= day
              && day < withReading(clock.term).to
            return takes ? held + other.gpus : held
          }
          return left.value(on: day) - others >= award.gpus
        }
        guard has(day), has(reading),
          overbooked(by: id, on: day, beside: clocks, asOf: today) == nil
        else { break }
        given += 1
      }
    }
    let term = Term(from: first, to: award.term.to.advanced(by: given)) ?? award.term
    return ClockStarted(
      award: id, on: first, delayDays: Int64(delay), term: term, owedDays: Int64(lost - given),
      budgets: budgetCuts(id, term))
  }

  /// The day since which servers are in the hands of an award's team that it has not confirmed.
  func handedOver(_ id: AwardID) -> Day? {
    var since: Instant?
    allocations.forEach { _, row in
      guard row.award == id, row.isBound, row.drift == .unconfirmed else { return }
      if let at = row.driftSince { since = since.map { min($0, at) } ?? at }
    }
    return since.flatMap { charter?.days.day(of: $0) }
  }

  /// Budgets that have no room beside the award's other allocations once its term is this one: each
  /// keeps the same part of what room there is.
  private func budgetCuts(_ id: AwardID, _ term: Term) -> [ClockStarted.BudgetCut] {
    var award = awards[id]
    let old = award.term
    award.term = term
    guard var room = entitlement(award)?.count else { return [] }
    var budgets: [(id: AllocationID, seconds: Int64)] = []
    allocations.forEach { allocation, row in
      guard row.award == id, row.isBound, row.lending == nil else { return }
      room -= row.spent.count
      switch row.limit {
      case .budget(let budget): budgets.append((allocation, budget.count))
      case .reserved(let gpus):
        let end = row.term.to == old.to ? term.to : row.term.to
        let left = Term(from: max(row.term.from, term.from), to: min(end, term.to))
        room -= gpus * (left.flatMap { seconds($0) } ?? 0)
      }
    }
    let total = budgets.reduce(Int128(0)) { $0 + Int128($1.seconds) }
    guard total > Int128(max(0, room)) else { return [] }
    return budgets.map { budget in
      let part = Int128(budget.seconds) * Int128(max(0, room)) / total
      return ClockStarted.BudgetCut(allocation: budget.id, budget: GPUSeconds(Int64(part)))
    }
  }

  func binding(_ cluster: ClusterID) throws(Refusal) -> ClusterBinding {
    try exists(cluster, clusters)
    guard let binding = bindings.row(cluster), binding.engine != nil else {
      throw .allocations(.noEngine(cluster))
    }
    return binding
  }
}

extension Allocation {
  /// GPUs that the team goes without: of a reservation what is not ready, or all of it where the
  /// engine does not hold it.
  fileprivate func missing(_ found: ObservedAllocation?, _ drift: Drift) -> Int64 {
    guard case .reserved(let gpus) = binding, standing == .live else { return 0 }
    switch drift {
    case .notReady: return gpus - min(gpus, max(0, found?.readyGPUs ?? 0))
    case .otherLimit:
      // Servers that were taken away, or not yet, leave it those that work.
      guard let found, case .reserved = found.limit else { return gpus }
      return gpus - min(gpus, max(0, found.readyGPUs))
    case .missing, .otherSuspension: return gpus
    case .behind, .unconfirmed, .lingering, .early: return 0
    }
  }

  /// Books what a drift took that stays open over a change, and counts on by the allocation as it
  /// is then: a suspended team goes without nothing, a smaller one without less. A larger one goes
  /// without no more: what it gets is on its way.
  mutating func reopenOutage(after before: Allocation, taken: GPUSeconds, at: Instant) {
    guard drift != nil, missingGPUs > 0 else { return }
    outage += taken
    driftSince = at
    let ready = before.binding.reservedGPUs - missingGPUs
    let missing = min(missingGPUs, max(0, binding.reservedGPUs - ready))
    missingGPUs = standing == .live ? missing : 0
  }

  /// What the drift so far took, once the team had begun to use its GPUs.
  func outage(until at: Instant) -> GPUSeconds {
    guard firstUse != nil, let since = driftSince else { return .zero }
    return GPUSeconds(gpus: missingGPUs, seconds: max(0, at.seconds - since.seconds)) ?? .zero
  }
}
