/// Rules of lending: nobody's GPUs are taken. A member of the one team offers, a member of the
/// other concludes, it is judged when it is concluded, and nothing is lent on.
extension Programme {
  /// Whole days of notice that a lending may have: at least one, so that nobody is put out
  /// overnight.
  /// At most thirty, so that what a team lent keeps nobody from ending its award for longer.
  public static let noticeDays: ClosedRange<Int64> = 1...30

  func decideOfferLending(
    _ terms: LendingTerms, _ envelope: Envelope
  ) throws(Refusal) -> Event {
    try exists(terms.lender, allocations)
    let lender = allocations[terms.lender]
    guard member(envelope.by, of: lender.award) != nil else {
      throw .allocations(.notAMember(lender.award))
    }
    try check(terms, on: try today(envelope))
    return .lendingOffered(LendingOffered(lendings.nextID, terms, offerer: envelope.by))
  }

  func decideWithdrawLending(
    _ id: LendingID, _ envelope: Envelope
  ) throws(Refusal) -> Event {
    let lending = try offered(id)
    let award = allocations[lending.lender].award
    guard member(envelope.by, of: award) != nil else { throw .allocations(.notAMember(award)) }
    return .lendingWithdrawn(id)
  }

  func decideConcludeLending(
    _ id: LendingID, _ envelope: Envelope
  ) throws(Refusal) -> [Event] {
    let lending = try offered(id)
    guard member(envelope.by, of: lending.award) != nil else {
      throw .allocations(.notAMember(lending.award))
    }
    // Erased, nobody knows who it was: then it has to be offered anew.
    guard let offerer = lending.offerer, offerer != envelope.by else {
      throw .allocations(.offererMayNotConclude(id))
    }
    let today = try today(envelope)
    // Offered earlier, it may not hold any more.
    let terms = LendingTerms(
      lender: lending.lender, award: lending.award, gpus: lending.gpus, to: lending.to,
      noticeDays: lending.noticeDays)
    try check(terms, on: today)
    let first = max(today, allocations[lending.lender].term.from)
    guard let term = Term(from: first, to: lending.to) else {
      throw .allocations(.badLendingDay(lending.to))
    }
    let concluded = Event.lendingConcluded(
      LendingConcluded(id, allocation: allocations.nextID, term: term, taker: envelope.by))
    let left = departure(lending: lending.gpus, of: lending.lender, on: today)
    return [concluded] + (left.map { [.allocationDeparted($0)] } ?? [])
  }

  /// Whoever borrows gives back at once; whoever lends asks back with the notice that was agreed.
  /// Somebody of both teams lends: the borrower's notice is not theirs to give up.
  func decideEndLending(_ id: LendingID, _ envelope: Envelope) throws(Refusal) -> Event {
    try exists(id, lendings)
    let lending = lendings[id]
    guard let allocation = lending.allocation, allocations[allocation].isBound else {
      throw .allocations(.lendingSettled(id))
    }
    let today = try today(envelope)
    let award = allocations[lending.lender].award
    guard member(envelope.by, of: award) != nil else {
      guard member(envelope.by, of: lending.award) != nil else {
        throw .allocations(.notAMember(award))
      }
      return ended(id, on: today, at: time(of: envelope.received))
    }
    guard let recalled = try recall(id, envelope) else {
      throw .allocations(.sameAsNow(allocation))
    }
    return recalled
  }

  /// What an allocation lends, asked back by the office for its team: a team that lends is not out
  /// of the office's reach for longer than the notice.
  func recalls(of id: AllocationID, _ envelope: Envelope) throws(Refusal) -> [Event] {
    var events: [Event] = []
    for lending in lentOut(by: id) {
      if let event = try recall(lending, envelope) { events.append(event) }
    }
    return events
  }

  /// Nothing where it ends as soon anyway, or was asked back already.
  private func recall(_ id: LendingID, _ envelope: Envelope) throws(Refusal) -> Event? {
    let to = try dayOut(lendings[id], envelope)
    return to < lendings[id].to ? .lendingRecalled(LendingRecalled(id, to: to)) : nil
  }

  /// Lendings of an allocation that the other team may still work with, in order.
  func lentOut(by id: AllocationID) -> [LendingID] {
    lendings.ids.filter { lending in
      let row = lendings[lending]
      return row.lender == id && row.allocation.map { allocations[$0].isBound } ?? false
    }
  }

  /// The first day that is out where a lending is asked back now: after its days of notice, of
  /// which the day of asking is none.
  private func dayOut(
    _ lending: Lending, _ envelope: Envelope
  ) throws(Refusal) -> Day {
    let now = time(of: envelope.received)
    guard let first = charter?.days.firstWholeDay(from: now) else {
      throw .programme(.outsideDays)
    }
    return first.advanced(by: Int(lending.noticeDays))
  }

  /// Lendings whose last day is over by then, in order.
  func lendingsOver(by to: Instant) -> [Event] {
    guard let days = charter?.days else { return [] }
    return lendings.ids.compactMap { id in
      let row = lendings[id]
      guard let allocation = row.allocation, allocations[allocation].isBound,
        let end = days.start(of: row.to), end <= to
      else { return nil }
      // It was over as that day began, however late that is noticed.
      return ended(id, on: row.to, at: end)
    }
  }

  private func ended(_ id: LendingID, on day: Day, at: Instant) -> Event {
    let readableTo = readable(after: day, of: lendings[id].to, at: at)
    return .lendingEnded(LendingEnded(id, on: day, readableTo: readableTo))
  }

  private func offered(_ id: LendingID) throws(Refusal) -> Lending {
    try exists(id, lendings)
    guard lendings[id].standing == .offered else { throw .allocations(.lendingSettled(id)) }
    return lendings[id]
  }

  /// In this order: both awards, what lends, whole servers, how many, until when, and how it is
  /// asked back.
  private func check(_ terms: LendingTerms, on today: Day) throws(Refusal) {
    let lender = allocations[terms.lender]
    let owner = try liveAward(lender.award)
    let borrower = try workingAward(terms.award)
    guard terms.award != lender.award else { throw .allocations(.lendsToItself(terms.award)) }
    guard lender.standing == .live, lender.lending == nil, lender.override == nil,
      lender.firstUse != nil, case .reserved(let gpus) = lender.limit
    else { throw .allocations(.notLendable(terms.lender)) }
    try checkNothingLeaves(terms.lender, lender.cluster)
    try checkPlace(owner, lender.cluster, .reserved(gpus: terms.gpus))
    let left = gpus - lender.lentGPUs
    guard terms.gpus <= left else {
      throw .allocations(.moreThanCanBeLent(terms.lender, left: left))
    }
    guard today < terms.to, terms.to <= min(lender.term.to, borrower.term.to) else {
      throw .allocations(.badLendingDay(terms.to))
    }
    try range("noticeDays", terms.noticeDays, Programme.noticeDays)
  }

  /// What lends, and what is lent, changes only by its lending.
  func checkNotLent(_ id: AllocationID) throws(Refusal) {
    if let lending = allocations[id].lending { throw .allocations(.partOfALending(id, lending)) }
    for lending in lendings.ids {
      let row = lendings[lending]
      guard row.lender == id, let lent = row.allocation, allocations[lent].standing != .returned
      else { continue }
      throw .allocations(.partOfALending(id, lending))
    }
  }
}

extension Programme {
  mutating func applyLending(_ event: Event, _ header: Header) {
    switch event {
    case .lendingOffered(let body): lendings.append(Lending(body))
    case .lendingWithdrawn(let id): lendings[id].standing = .withdrawn
    case .lendingConcluded(let body): applyConcluded(body, header)
    case .lendingRecalled(let body):
      lendings[body.lending].to = body.to
      guard let id = lendings[body.lending].allocation else { return }
      change(id, header) { row in row.term = Term(from: row.term.from, to: body.to) ?? row.term }
    case .lendingEnded(let body):
      guard let id = lendings[body.lending].allocation else { return }
      let readableTo =
        body.readableTo ?? readable(after: body.on, of: lendings[body.lending].to, at: header.at)
      let outage = outage(of: id, until: header.at)
      change(id, header) { row in
        row.outage += outage
        row.end(on: body.on, readableTo: readableTo)
      }
    default: preconditionFailure("another stage's event")
    }
  }

  private mutating func applyConcluded(_ body: LendingConcluded, _ header: Header) {
    let lending = lendings[body.lending]
    lendings[body.lending].standing = .concluded
    lendings[body.lending].allocation = body.allocation
    change(lending.lender, header) { $0.lentGPUs += lending.gpus }
    var row = Allocation(
      award: lending.award, cluster: allocations[lending.lender].cluster,
      limit: .reserved(gpus: lending.gpus), term: body.term, generation: header.number)
    row.lending = body.lending
    allocations.append(row)
  }

  /// What was lent is back: the lender has it again, and its award may be back too.
  mutating func returnLent(_ id: AllocationID, on day: Day, _ header: Header) {
    guard let lending = allocations[id].lending else { return }
    let row = lendings[lending]
    change(row.lender, header) { $0.lentGPUs -= row.gpus }
    settleReturn(of: allocations[row.lender].award, on: day)
  }
}
