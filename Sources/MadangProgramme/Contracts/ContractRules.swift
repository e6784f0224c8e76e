/// Rules of contracts: concluded in time it becomes an award; declined or lapsed, the next on the
/// reserve list moves up.
extension Programme {
  func decideConclude(_ id: ApplicationID, _ envelope: Envelope) throws(Refusal) -> [Event] {
    let offer = try openOffer(id)
    let today = try today(envelope)
    guard today < offer.term.to else { throw .contracts(.termOver(id, to: offer.term.to)) }
    // In time means: received before the deadline, whatever happened since.
    guard let days = charter?.days, let end = days.start(of: offer.acceptBy.advanced(by: 1)),
      envelope.received < end
    else { throw .contracts(.tooLate(id, acceptBy: offer.acceptBy)) }
    try checkStanding(offer, on: today)
    let contract = contracts.nextID
    return [
      .contractConcluded(ContractConcluded(application: id, contract: contract, on: today)),
      .awardGranted(AwardGranted(award: awards.nextID, contract: contract, offer: offer)),
    ]
  }

  /// What was decided to be offered may be gone by now: no more becomes awards than there is.
  /// Maintenance that was scheduled since takes nothing away: its hours have an account of their
  /// own. Other offers are not counted; whoever concludes first has what is left. Nor is what has
  /// ended and waits to be read or wiped: no team loses what it was selected for by that.
  private func checkStanding(_ offer: Offer, on today: Day) throws(Refusal) {
    var held: [(on: Day, by: Int64)] = []
    offers.forEach { _, other in
      guard other.line == offer.line, let id = other.award, awards[id].ended == nil else { return }
      let award = awards[id]
      held += [(award.term.from, award.gpus), (award.term.to, -award.gpus)]
    }
    let minimum = rounds[offer.round].round.minimumConfidence
    let left =
      lines[offer.line].promisable(minimum: minimum, on: today) - StepFunction(changes: held)
    guard let short = left.shortage(of: offer.gpus, over: offer.term) else { return }
    throw .contracts(.lineIsShort(offer.line, day: short.on, over: short.by))
  }

  func decideDecline(_ id: ApplicationID, _ envelope: Envelope) throws(Refusal) -> [Event] {
    let offer = try openOffer(id)
    let declined = Event.contractDeclined(id)
    let after = applying([declined], envelope)
    return [declined] + after.promotions(offer.round, envelope)
  }

  /// Where a civil day has begun since time was last passed on purpose, up to when to pass it: what
  /// came due with the day waits for an advance, whatever was received in between. The end of the
  /// last day is passed once.
  public func advanceDue(at instant: Instant) -> Instant? {
    guard let days = charter?.days, let end = days.start(of: days.end) else { return nil }
    guard let today = days.day(of: instant) else {
      return end <= instant && advancedTo < end ? end : nil
    }
    return today == days.day(of: advancedTo) ? nil : instant
  }

  func decideAdvance(_ to: Instant, _ envelope: Envelope) throws(Refusal) -> [Event] {
    let last = charter.flatMap { $0.days.start(of: $0.days.end) }
    // What was received after the last day keeps nobody from passing it.
    guard to >= now || to == last else { throw .programme(.timeGoesBack) }
    guard to <= envelope.received else {
      throw .programme(.outOfRange("advance", value: to.seconds))
    }
    // The first moment after the last day is passed too: with it the last terms end.
    guard let days = charter?.days, let last, days.firstStart <= to, to <= last else {
      throw .programme(.outsideDays)
    }
    var events: [Event] = [.timeAdvanced(to)]
    var future = applying(events, envelope)
    var due: [Offer] = []
    offers.forEach { _, offer in
      guard offer.standing == .open, let end = days.start(of: offer.acceptBy.advanced(by: 1)),
        end <= to
      else { return }
      due.append(offer)
    }
    let lent = lendingsOver(by: to)
    future = future.applying(lent, envelope)
    events += lent
    let ended = endings(by: to)
    future = future.applying(ended, envelope)
    events += ended
    let orders = future.wipeOrders(by: to)
    future = future.applying(orders, envelope)
    events += orders
    // Offers of one last day lapse together, before the reserve list moves up: its head gets the
    // sum of what they free. Those that move up have a last day after `to`.
    for day in Set(due.map(\.acceptBy)).sorted() {
      let over = due.filter { $0.acceptBy == day }
      let lapsed = over.map { Event.offerLapsed($0.application) }
      future = future.applying(lapsed, envelope)
      events += lapsed
      for round in Set(over.map(\.round)).sorted() {
        let promoted = future.promotions(round, envelope)
        future = future.applying(promoted, envelope)
        events += promoted
      }
    }
    return events
  }

  /// Awards whose term is over by then, in order.
  private func endings(by to: Instant) -> [Event] {
    guard let days = charter?.days else { return [] }
    return awards.ids.compactMap { id in
      let award = awards[id]
      guard award.ended == nil, let end = days.start(of: award.term.to), end <= to else {
        return nil
      }
      return ended(id, on: award.term.to, at: end)
    }
  }

  /// Who moves up now that capacity was freed: the reserve list from its head, everybody who fits
  /// in what is left, under the same rules.
  ///
  /// Complexity: O(applications + offers · log days).
  func promotions(_ id: RoundID, _ envelope: Envelope) -> [Event] {
    let state = rounds[id]
    guard let published = state.published else { return [] }
    let today = charter?.days.day(of: time(of: envelope.received))
    let problem = RoundProblem(
      period: state.round.period, rules: published.rules, lines: published.lines, candidates: [],
      readableDays: readableDays)
    // Of what the round offered, no more than is still free beside the other rounds.
    let free = published.lines.map { offered in
      let gone = offered.gpus - self.free(offered.line, id, state.round, on: today)
      return offered.gpus - gone.mapped { max(0, $0) }
    }
    let beside = beside()
    var book = SelectionBook(problem: problem, free: free)
    offers.forEach { _, offer in
      guard offer.round == id, let held = holding(offer, on: today, beside: beside) else { return }
      // Of its pool it has no more than its term.
      let term = offer.award.map { awards[$0].term } ?? offer.term
      book.take(
        Candidate(
          application: offer.application, pool: offer.pool, organisation: offer.organisation,
          gpus: held.gpus, term: held.term.within(term) ?? term, models: [], score: .none,
          excluded: nil),
        line: offer.line, held: held.term)
    }
    var waiting: [Ranked] = []
    applications.forEach { application, row in
      guard row.round == id, row.offer == nil, row.standing == .eligible,
        // Of a term that is over nothing can be given.
        today.map({ $0 < row.term.to }) ?? false,
        let ranked = outcomes[application], ranked.reserve > 0
      else { return }
      waiting.append(ranked)
    }
    waiting.sort { $0.reserve < $1.reserve }
    // Where no day is left to conclude in, nobody is given an offer.
    guard let acceptBy = lastDayToAccept(state.round, envelope) else { return [] }
    // As in the decision: first within the shares, then, where shares pass on, without them.
    var events = movingUp(&waiting, &book, published.rules, underShare: true, acceptBy)
    if published.rules.unusedShare == .passes, !published.rules.shares.isEmpty {
      events += movingUp(&waiting, &book, published.rules, underShare: false, acceptBy)
    }
    return events
  }

  /// Goes down the waiting list once and takes those who fit out of it.
  private func movingUp(
    _ waiting: inout [Ranked], _ book: inout SelectionBook, _ rules: RuleSet, underShare: Bool,
    _ acceptBy: Day
  ) -> [Event] {
    var events: [Event] = []
    var closed: Set<PoolID> = []
    var left: [Ranked] = []
    for ranked in waiting {
      let candidate = candidate(ranked.application, rules: rules)
      let row = applications[ranked.application]
      guard !closed.contains(candidate.pool), let track = row.track,
        let organisation = row.organisation
      else {
        left.append(ranked)
        continue
      }
      let outcome = book.considered(candidate, underShare: underShare, pass: 3)
      guard case .selected(let line, let pass) = outcome else {
        if !rules.skips { closed.insert(candidate.pool) }
        left.append(ranked)
        continue
      }
      events.append(
        .applicationSelected(
          ApplicationSelected(
            ranked.application, row, track: track, organisation: organisation,
            pool: candidate.pool, line: line, rank: ranked.rank, pass: pass, acceptBy: acceptBy)))
    }
    waiting = left
    return events
  }

  private func openOffer(_ id: ApplicationID) throws(Refusal) -> Offer {
    guard let application = applications.row(id) else { throw .contracts(.unknown(id)) }
    guard let offer = application.offer else { throw .contracts(.notSelected(id)) }
    let row = offers[offer]
    guard row.standing == .open else { throw .contracts(.alreadySettled(id, row.standing)) }
    return row
  }
}
