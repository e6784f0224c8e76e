/// Rules of allocations: never more than the award, never more than the cluster, on any day.
extension Programme {
  func decideAllocate(
    _ id: AwardID, _ cluster: ClusterID, _ limit: AllocationLimit, _ envelope: Envelope
  ) throws(Refusal) -> Event {
    let award = try workingAward(id)
    try checkPlace(award, cluster, limit)
    let term = try termLeft(award, envelope)
    var made = Allocation(award: id, cluster: cluster, limit: limit, term: term, generation: 0)
    made.limitSince = limitSince(award, at: time(of: envelope.received))
    try checkAward(made, as: nil)
    try checkCluster(cluster, limit, term, without: nil, on: try today(envelope))
    return .allocationMade(
      AllocationMade(
        allocation: allocations.nextID, award: id, cluster: cluster, limit: limit, term: term))
  }

  /// An allocation made after its award began lasts from today.
  private func termLeft(_ award: Award, _ envelope: Envelope) throws(Refusal) -> Term {
    let today = try today(envelope)
    guard award.clock != nil, award.term.from < today else { return award.term }
    guard let term = Term(from: today, to: award.term.to) else {
      throw .allocations(.awardOver(award.term.to))
    }
    return term
  }

  /// Since when an allocation that is made now takes from its award: from now on, once the award's
  /// time runs.
  func limitSince(_ award: Award, at: Instant) -> Instant? { award.clock == nil ? nil : at }

  func liveAward(_ id: AwardID) throws(Refusal) -> Award {
    try exists(id, awards)
    let award = awards[id]
    if let ended = award.ended { throw .allocations(.awardOver(ended)) }
    return award
  }

  /// One whose team may be given something to work with.
  func workingAward(_ id: AwardID) throws(Refusal) -> Award {
    let award = try liveAward(id)
    guard !award.suspended else { throw .allocations(.suspended(id)) }
    return award
  }

  /// The cluster has the model of the award's line and is at its site, or is in an exercise a
  /// simulated one of the same model. Whose GPUs a cluster has it does not say: where lines of two
  /// owners stand at one site, that is for the office to keep apart.
  func checkPlace(
    _ award: Award, _ cluster: ClusterID, _ limit: AllocationLimit
  ) throws(Refusal) {
    guard let engine = try binding(cluster).engine else { return }
    let row = clusters[cluster]
    let line = lines[award.line].line
    guard row.model == line.model else { throw .allocations(.otherModel(cluster)) }
    guard row.site == line.site || (engine.simulated && charter?.exercise == true) else {
      throw .allocations(.otherSite(cluster))
    }
    switch limit {
    case .reserved(let gpus):
      let unit = engine.kind == .handover ? models[row.model].gpusPerServer : 1
      guard gpus > 0, gpus % unit == 0 else {
        throw .allocations(.notWholeServers(gpus: gpus, unit: unit))
      }
    case .budget(let budget):
      guard budget > .zero else { throw .programme(.outOfRange("budget", value: budget.count)) }
      guard engine.kind != .handover else { throw .allocations(.noBudgets(cluster)) }
    }
  }

  /// All allocations of an award together stay within it, in GPUs and in GPU time, with one more or
  /// one changed.
  func checkAward(_ asked: Allocation, as id: AllocationID?) throws(Refusal) {
    let award = awards[asked.award]
    guard let entitled = entitlement(award) else { throw .programme(.outsideDays) }
    var changes: [(on: Day, by: Int64)] = []
    var before = GPUSeconds.zero
    func add(_ row: Allocation) {
      guard case .reserved(let gpus) = row.limit else { return }
      changes += [(row.term.from, gpus), (row.term.to, -gpus)]
    }
    allocations.forEach { other, row in
      guard other != id, row.award == asked.award, row.isBound, row.lending == nil else { return }
      add(row)
      before += taken(row, as: other) ?? .zero
    }
    add(asked)
    let reserved = StepFunction(changes: changes)
    if let step = reserved.steps.first(where: { $0.value > award.gpus }) {
      throw .allocations(
        .moreGPUsThanAward(asked.award, day: step.from, over: step.value - award.gpus))
    }
    // A budget beyond everything is not added to anything.
    if case .budget(let budget) = asked.limit, budget > entitled {
      throw .allocations(.moreTimeThanAward(asked.award, left: entitled - before, asked: budget))
    }
    let more = taken(asked, as: id) ?? .zero
    guard before + more <= entitled else {
      throw .allocations(.moreTimeThanAward(asked.award, left: entitled - before, asked: more))
    }
  }

  /// Reservations never pass what the cluster has, on any day.
  func checkCluster(
    _ cluster: ClusterID, _ limit: AllocationLimit, _ term: Term, without: AllocationID?,
    on today: Day
  ) throws(Refusal) {
    guard case .reserved(let asked) = limit else { return }
    let capacity = clusters[cluster].gpus.value
    let reserved =
      reserved(at: cluster, without: without, on: today)
      + StepFunction(changes: [(term.from, asked), (term.to, -asked)])
    // The days of this term alone: what was before, or comes after, is nothing that it adds to.
    let days = [term.from] + reserved.steps.map(\.from).filter { term.contains($0) }
    if let day = days.first(where: { reserved.value(on: $0) > capacity }) {
      throw .allocations(
        .moreThanCluster(cluster, day: day, over: reserved.value(on: day) - capacity))
    }
  }

  /// GPUs of a cluster that allocations hold, day by day.
  func reserved(
    at cluster: ClusterID, without: AllocationID?, on today: Day
  ) -> StepFunction {
    var changes: [(on: Day, by: Int64)] = []
    allocations.forEach { other, row in
      guard other != without, row.cluster == cluster, row.standing != .returned else { return }
      let gpus = row.mostGPUs
      // What has ended and is not wiped is in nobody's hands yet.
      let end = row.isBound ? row.term.to : freeFrom(row.readableTo, on: today) ?? row.term.to
      changes += [(row.term.from, gpus), (max(row.term.from, end), -gpus)]
    }
    // Nor is what was left and is not wiped.
    for row in leaving(cluster, on: today) {
      changes += [(row.from, row.gpus), (max(row.from, row.to), -row.gpus)]
    }
    return StepFunction(changes: changes)
  }

  /// The first cluster that would have too few GPUs on a day on which an award, and those of its
  /// allocations that end with it, went on; and how many too few. `clocks` move other ends.
  func overbooked(
    by id: AwardID, on day: Day, beside clocks: [ClockStarted] = [], asOf today: Day
  ) -> (cluster: ClusterID, over: Int64)? {
    let to = awards[id].term.to
    var goingOn: [ClusterID] = []
    allocations.forEach { _, row in
      guard row.award == id, row.isBound, row.lending == nil, row.term.to == to else { return }
      goingOn.append(row.cluster)
    }
    for cluster in goingOn {
      var held: Int64 = 0
      allocations.forEach { _, row in
        guard row.cluster == cluster, row.standing != .returned else { return }
        var end = row.term.to
        for clock in clocks where clock.award == row.award && awards[row.award].term.to == end {
          end = clock.term.to
        }
        let goesOn = row.award == id && row.term.to == to
        if !row.isBound { end = freeFrom(row.readableTo, on: today) ?? end }
        let isThere = row.term.from <= day && day < end
        if goesOn || isThere { held += row.mostGPUs }
      }
      for row in leaving(cluster, on: today) where row.from <= day && day < row.to {
        held += row.gpus
      }
      let over = held - clusters[cluster].gpus.value
      if over > 0 { return (cluster, over) }
    }
    return nil
  }

  // MARK: Members

  func decideMember(
    _ id: AwardID, _ person: PersonID, added: Bool
  ) throws(Refusal) -> Event {
    _ = try liveAward(id)
    let known = member(person, of: id)
    guard added else {
      guard let known else { throw .allocations(.notAMember(id)) }
      return .memberRemoved(MemberChanged(award: id, member: known, person: person))
    }
    if known != nil { throw .allocations(.alreadyAMember(id)) }
    return .memberAdded(MemberChanged(award: id, member: members.nextID, person: person))
  }

  /// The row of somebody in an award's team; nothing where they are not in it.
  ///
  /// Complexity: O(members).
  public func member(_ person: PersonID, of award: AwardID) -> MemberID? {
    var found: MemberID?
    members.forEach { id, row in
      if row.award == award, row.person == person { found = id }
    }
    return found
  }
}
