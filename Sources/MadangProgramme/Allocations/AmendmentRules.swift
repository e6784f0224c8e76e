/// Rules of amendments: what one person drafts another approves, and it is judged by what is true
/// when it is approved.
extension Programme {
  func decideDraftAmendment(
    _ id: AwardID, _ change: AmendmentChange, _ ground: AmendmentGround, _ envelope: Envelope
  ) throws(Refusal) -> Event {
    try check(change, of: id, envelope)
    return .amendmentDrafted(
      AmendmentDrafted(
        amendment: amendments.nextID, award: id, change: change, drafter: envelope.by,
        ground: ground))
  }

  func decideReturnAmendment(_ id: AmendmentID) throws(Refusal) -> Event {
    _ = try drafted(id)
    return .amendmentReturned(id)
  }

  func decideApproveAmendment(
    _ id: AmendmentID, _ envelope: Envelope
  ) throws(Refusal) -> [Event] {
    let amendment = try drafted(id)
    // Erased, nobody knows who it was, or what it says: then it has to be drafted anew.
    guard let drafter = amendment.drafter, drafter != envelope.by, let change = amendment.change
    else {
      throw .allocations(.drafterMayNotApprove(id))
    }
    guard !isOf(envelope.by, awards[amendment.award].organisation) else {
      throw .allocations(.ownAward(amendment.award))
    }
    // Drafted earlier, it may not hold any more.
    try check(change, of: amendment.award, envelope)
    let today = try today(envelope)
    let approved = Event.amendmentApproved(
      AmendmentApproved(amendment: id, approver: envelope.by, change: change, on: today))
    if change == .end {
      return [approved, ended(amendment.award, on: today, at: time(of: envelope.received))]
    }
    if case .recall(let allocation) = change {
      return [approved] + (try recalls(of: allocation, envelope))
    }
    let departed = departure(
      by: change, on: today, at: time(of: envelope.received))
    return [approved] + (departed.map { [.allocationDeparted($0)] } ?? [])
  }

  private func drafted(_ id: AmendmentID) throws(Refusal) -> Amendment {
    try exists(id, amendments)
    guard amendments[id].standing == .drafted else { throw .allocations(.amendmentSettled(id)) }
    return amendments[id]
  }

  private func check(
    _ change: AmendmentChange, of id: AwardID, _ envelope: Envelope
  ) throws(Refusal) {
    let award = try liveAward(id)
    let today = try today(envelope)
    if let allocation = change.allocation {
      try check(allocation, isOf: id)
      if change.kind != .recall { try checkNotLent(allocation) }
    }
    switch change {
    case .extension(let to):
      guard award.term.to < to, let more = Term(from: award.term.to, to: to),
        let days = charter?.days, to <= days.end
      else { throw .allocations(.notLater(to)) }
      try checkFree(award, award.gpus, more, without: id, on: today)
      try checkClusters(of: id, over: more, asOf: today)
    case .supplement(let gpus): try checkSupplement(gpus, of: award, on: today)
    case .transfer(let allocation, let cluster):
      let row = allocations[allocation]
      guard row.cluster != cluster else { throw .allocations(.sameAsNow(allocation)) }
      try checkNothingLeaves(allocation, row.cluster)
      try checkNothingLeaves(allocation, cluster)
      try checkPlace(award, cluster, row.limit)
      // What stands instead of the limit moves with it.
      if let override = row.override { try checkPlace(award, cluster, override) }
      try checkCluster(
        cluster, .reserved(gpus: row.mostGPUs), row.term, without: allocation, on: today)
    case .resize(let allocation, let limit):
      let row = allocations[allocation]
      guard row.limit != limit else { throw .allocations(.sameAsNow(allocation)) }
      try checkNothingLeaves(allocation, row.cluster)
      try checkPlace(award, row.cluster, limit)
      let at = time(of: envelope.received)
      // What an award has given too much of already may become less.
      if case (.budget(let had), .budget(let asked)) = (row.limit, limit), asked < had {
      } else {
        try checkAward(resized(allocation, to: limit, at: at), as: allocation)
      }
      try checkCluster(row.cluster, limit, row.term, without: allocation, on: today)
    case .override(let allocation, let limit):
      try checkOverride(allocation, limit, of: id, on: today)
    case .overrideEnd(let allocation):
      guard allocations[allocation].override != nil else {
        throw .allocations(.sameAsNow(allocation))
      }
      try checkNothingLeaves(allocation, allocations[allocation].cluster)
    case .recall(let allocation):
      guard try !recalls(of: allocation, envelope).isEmpty else {
        throw .allocations(.sameAsNow(allocation))
      }
    case .suspension, .resumption: try checkSuspension(id, to: change == .suspension)
    case .end:
      // Whoever borrows keeps its notice: what is lent has to be asked back first. It may be on
      // its way back, to be wiped: that the award's end need not wait for.
      try forEachBound(of: id) { (allocation, _) throws(Refusal) in
        guard let out = lentOut(by: allocation).first else { return }
        throw .allocations(.partOfALending(allocation, out))
      }
    }
  }

  private func checkSupplement(
    _ gpus: Int64, of award: Award, on today: Day
  ) throws(Refusal) {
    try range("gpus", gpus, 1...Limits.gpusMax)
    let round = rounds[applications[award.application].round]
    let unit = (round.published?.rules ?? round.round.rules).unit
    guard gpus % unit == 0 else {
      throw .allocations(.notWholeServers(gpus: gpus, unit: unit))
    }
    // Days that are over can be given to nobody, and are a reason against nothing.
    let from = max(today, award.term.from)
    guard let left = Term(from: from, to: award.term.to) else {
      throw .allocations(.awardOver(award.term.to))
    }
    try checkFree(award, gpus, left, without: nil, on: today)
  }

  private func checkOverride(
    _ allocation: AllocationID, _ limit: AllocationLimit, of id: AwardID, on today: Day
  ) throws(Refusal) {
    let award = awards[id]
    let row = allocations[allocation]
    guard row.binding != limit else { throw .allocations(.sameAsNow(allocation)) }
    try checkNothingLeaves(allocation, row.cluster)
    try checkPlace(award, row.cluster, limit)
    try checkCluster(row.cluster, limit, row.term, without: allocation, on: today)
    // What it lets the team hold beyond its award is nobody else's: so nobody is displaced.
    var after = row
    after.override = limit
    let more = (beside(with: (allocation, after))[id] ?? 0) - (beside()[id] ?? 0)
    if more > 0, let left = Term(from: max(today, award.term.from), to: award.term.to) {
      try checkFree(award, more, left, without: nil, on: today)
    }
  }

  private func checkSuspension(_ id: AwardID, to suspended: Bool) throws(Refusal) {
    // An award without allocations is suspended too: then it gets none.
    var changes = awards[id].suspended != suspended
    try forEachBound(of: id) { (_, row) throws(Refusal) in
      if (row.standing == .suspended) != suspended { changes = true }
    }
    guard changes else { throw .allocations(.nothingToSuspend(id)) }
  }

  private func check(_ allocation: AllocationID, isOf id: AwardID) throws(Refusal) {
    try exists(allocation, allocations)
    let row = allocations[allocation]
    guard row.award == id else { throw .allocations(.ofAnotherAward(allocation)) }
    guard row.isBound else { throw .allocations(.allocationOver(allocation)) }
  }

  /// So many GPUs more of a line on every day of a term, beside everything that is held already,
  /// and on the days of reading after them.
  private func checkFree(
    _ award: Award, _ gpus: Int64, _ term: Term, without id: AwardID?, on today: Day
  ) throws(Refusal) {
    let left = free(
      award.line, minimum: minimumConfidence(of: award), without: id, on: today)
    guard let short = left.shortage(of: gpus, over: withReading(term)) else { return }
    throw .allocations(.lineIsShort(award.line, day: short.on, over: short.by))
  }

  /// All allocations that end with an award go on together, or none.
  private func checkClusters(of id: AwardID, over more: Term, asOf today: Day) throws(Refusal) {
    var days = [more.from]
    allocations.forEach { _, row in
      if more.contains(row.term.from) { days.append(row.term.from) }
    }
    for day in days.sorted() {
      guard let found = overbooked(by: id, on: day, asOf: today) else { continue }
      throw .allocations(.moreThanCluster(found.cluster, day: day, over: found.over))
    }
  }

  private func forEachBound(
    of id: AwardID, _ body: (AllocationID, Allocation) throws(Refusal) -> Void
  ) throws(Refusal) {
    try allocations.forEach { (other, row) throws(Refusal) in
      if row.award == id, row.isBound { try body(other, row) }
    }
  }
}
