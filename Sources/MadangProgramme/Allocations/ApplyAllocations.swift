/// How events of awards, allocations and bindings change the programme. Total, as all of `apply`.
extension Programme {
  mutating func applyAllocation(_ event: Event, _ header: Header) {
    switch event {
    case .awardEnded(let body): applyEnd(body, header)
    case .memberAdded(let body):
      members.append(Member(award: body.award, person: body.person.value))
    case .memberRemoved(let body): members[body.member].person = nil
    case .amendmentDrafted(let body):
      amendments.append(
        Amendment(
          award: body.award, change: body.change.value, drafter: body.drafter.value,
          ground: body.ground.value, standing: .drafted))
    case .amendmentReturned(let id): amendments[id].standing = .returned
    case .amendmentApproved(let body):
      amendments[body.amendment].standing = .approved
      let award = amendments[body.amendment].award
      guard let change = body.change ?? amendments[body.amendment].change else { return }
      amendments[body.amendment].change = change
      apply(change, of: award, header)
    case .allocationMade(let body): applyMade(body, header)
    case .allocationReturned(let body): applyReturned(body, header)
    case .allocationDeparted(let body): applyDeparted(body, header)
    case .wipeOrdered(let body): applyWipeOrdered(body, header)
    case .departureReturned(let body): applyDepartureReturned(body)
    case .lendingOffered, .lendingWithdrawn, .lendingConcluded, .lendingRecalled,
      .lendingEnded:
      applyLending(event, header)
    case .handoverConfirmed(let body): allocations[body.allocation].confirmed = body.assets.value
    case .bindingEnforced(let body): applyEnforced(body, header)
    case .bindingDrifted(let body): applyDrifted(body, header)
    case .clockStarted(let body): applyClock(body, header)
    case .agentEnrolled(let body):
      let agent = agents.append(
        Agent(cluster: body.cluster, algorithm: body.algorithm, key: body.key, revoked: false))
      bindings[body.cluster].agent = agent
    case .agentRevoked(let id):
      agents[id].revoked = true
      if bindings[agents[id].cluster].agent == id { bindings[agents[id].cluster].agent = nil }
    default: preconditionFailure("another stage's event")
    }
  }

  private mutating func applyMade(_ body: AllocationMade, _ header: Header) {
    var made = Allocation(
      award: body.award, cluster: body.cluster, limit: body.limit, term: body.term,
      generation: header.number)
    made.limitSince = limitSince(awards[body.award], at: header.at)
    allocations.append(made)
    bindings[body.cluster].generation = header.number
  }

  /// Changes what the engine of an allocation is to enforce. What it went without so far stays;
  /// from now on it goes without what it would by the change.
  mutating func change(
    _ id: AllocationID, _ header: Header, _ change: (inout Allocation) -> Void
  ) {
    bindings[allocations[id].cluster].generation = header.number
    let before = allocations[id]
    let taken = outage(of: id, until: header.at)
    change(&allocations[id])
    allocations[id].reopenOutage(after: before, taken: taken, at: header.at)
    allocations[id].generation = header.number
    bindings[allocations[id].cluster].generation = header.number
  }

  private mutating func changeAll(
    of award: AwardID, _ header: Header, where chosen: (Allocation) -> Bool,
    _ change: (inout Allocation) -> Void
  ) {
    for id in allocations.ids {
      let row = allocations[id]
      guard row.award == award, row.isBound, chosen(row) else { continue }
      self.change(id, header, change)
    }
  }

  private mutating func apply(
    _ amendment: AmendmentChange, of id: AwardID, _ header: Header
  ) {
    switch amendment {
    case .extension(let to): moveTerm(of: id, to: to, header)
    case .supplement(let gpus):
      awards[id].missed +=
        GPUSeconds(gpus: gpus, seconds: secondsOver(awards[id], by: header.at)) ?? .zero
      awards[id].gpus += gpus
    case .transfer(let allocation, let cluster):
      let outage = outage(of: allocation, until: header.at)
      change(allocation, header) {
        $0.outage += outage
        $0.cluster = cluster
        $0.enforcedGeneration = nil
        $0.drift = nil
        $0.driftSince = nil
        $0.missingGPUs = 0
        $0.confirmed = nil
        $0.heldGPUs = nil
      }
    case .resize(let allocation, let limit):
      let resized = resized(allocation, to: limit, at: header.at)
      change(allocation, header) { $0 = resized }
    case .override(let allocation, let limit):
      let overridden = overridden(allocation, by: limit, at: header.at)
      change(allocation, header) { $0 = overridden }
    case .overrideEnd(let allocation):
      let overridden = overridden(allocation, by: nil, at: header.at)
      change(allocation, header) { $0 = overridden }
    case .suspension:
      if !awards[id].suspended, awards[id].clock == nil {
        awards[id].suspendedSince = charter?.days.day(of: header.at)
      }
      awards[id].suspended = true
      changeAll(of: id, header, where: { $0.standing == .live }) { $0.standing = .suspended }
    case .resumption:
      if let today = charter?.days.day(of: header.at) {
        awards[id].suspendedDays = Int64(awards[id].suspendedDays(to: today))
      }
      awards[id].suspendedSince = nil
      awards[id].suspended = false
      changeAll(of: id, header, where: { $0.standing == .suspended }) { $0.standing = .live }
    // What they come to are events of their own.
    case .recall, .end: break
    }
  }

  /// The award's last day moves, and that of the allocations which last as long as it.
  private mutating func moveTerm(of id: AwardID, to day: Day, _ header: Header) {
    let old = awards[id].term
    guard old.to != day, let term = Term(from: old.from, to: day) else { return }
    awards[id].term = term
    changeAll(of: id, header, where: { $0.term.to == old.to && $0.lending == nil }) { row in
      row.term = Term(from: row.term.from, to: day) ?? row.term
    }
  }

  private mutating func applyClock(_ body: ClockStarted, _ header: Header) {
    awards[body.award].clock = body.on
    awards[body.award].owedDays = body.owedDays
    moveTerm(of: body.award, to: body.term.to, header)
    awards[body.award].term = body.term
    for cut in body.budgets { change(cut.allocation, header) { $0.limit = .budget(cut.budget) } }
  }

  private mutating func applyEnd(_ body: AwardEnded, _ header: Header) {
    let award = awards[body.award]
    awards[body.award].owedDays = body.owedDays ?? owed(award, endedOn: body.on)
    awards[body.award].ended = body.on
    for id in allocations.ids where allocations[id].award == body.award && allocations[id].isBound {
      allocations[id].outage += outage(of: id, until: header.at)
    }
    let readableTo =
      body.readableTo ?? readable(after: body.on, of: award.term.to, at: header.at)
    changeAll(of: body.award, header, where: { _ in true }) { row in
      row.end(on: body.on, readableTo: readableTo)
    }
    settleReturn(of: body.award, on: body.on)
  }

  /// What a drift that was open till now took; after its term nobody goes without.
  func outage(of id: AllocationID, until at: Instant) -> GPUSeconds {
    let end = charter?.days.start(of: allocations[id].term.to) ?? at
    return allocations[id].outage(until: min(at, end))
  }

  private mutating func applyReturned(_ body: AllocationReturned, _ header: Header) {
    allocations[body.allocation].standing = .returned
    returnLent(body.allocation, on: body.on, header)
    settleReturn(of: allocations[body.allocation].award, on: body.on)
  }

  /// The award's capacity is free when all of its allocations are back, wherever they were.
  mutating func settleReturn(of id: AwardID, on day: Day) {
    guard awards[id].ended != nil else { return }
    var allBack = true
    allocations.forEach { _, row in
      if owner(of: row) == id, row.standing != .returned { allBack = false }
    }
    departures.forEach { _, row in
      if allocations[row.allocation].award == id, row.stage != .returned { allBack = false }
    }
    if allBack { awards[id].returnedOn = day }
  }

  private mutating func applyEnforced(_ body: BindingEnforced, _ header: Header) {
    allocations[body.allocation].enforcedGeneration = body.generation
    allocations[body.allocation].outage += body.outage
    allocations[body.allocation].drift = nil
    allocations[body.allocation].driftSince = nil
    allocations[body.allocation].missingGPUs = 0
    hold(allocations[body.allocation].binding.reservedGPUs, body.allocation)
    if allocations[body.allocation].firstUse == nil, allocations[body.allocation].standing == .live
    {
      allocations[body.allocation].firstUse = header.at
    }
  }

  private mutating func applyDrifted(_ body: BindingDrifted, _ header: Header) {
    allocations[body.allocation].outage += body.outage
    allocations[body.allocation].drift = body.drift
    allocations[body.allocation].driftSince = header.at
    allocations[body.allocation].missingGPUs = body.missingGPUs
    if let gpus = body.heldGPUs { hold(gpus, body.allocation) }
  }

  /// So many GPUs were found in its hands.
  private mutating func hold(_ gpus: Int64, _ id: AllocationID) {
    allocations[id].heldGPUs = max(allocations[id].heldGPUs ?? 0, gpus)
  }
}
