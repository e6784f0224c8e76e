/// Rules of contracts: concluded in time it becomes an award; declined or lapsed, the next on the
/// reserve list moves up.
extension Programme {
  func decideConclude(_ id: ApplicationID, _ envelope: Envelope) throws(Refusal) -> [Event] {
    let offer = try openOffer(id)
    let today = try today(envelope)
    if today > offer.acceptBy { throw .contracts(.tooLate(id, acceptBy: offer.acceptBy)) }
    let contract = contracts.nextID
    return [
      .contractConcluded(ContractConcluded(application: id, contract: contract, on: today)),
      .awardGranted(AwardGranted(award: awards.nextID, contract: contract, offer: offer)),
    ]
  }

  func decideDecline(_ id: ApplicationID, _ envelope: Envelope) throws(Refusal) -> [Event] {
    let offer = try openOffer(id)
    let declined = Event.contractDeclined(id)
    let after = applying([declined], envelope)
    return [declined] + (try after.promotions(offer.round, envelope))
  }

  func decideAdvance(_ to: Instant, _ envelope: Envelope) throws(Refusal) -> [Event] {
    guard to >= now else { throw .programme(.timeGoesBack) }
    guard to <= envelope.received else {
      throw .programme(.outOfRange("advance", value: to.seconds))
    }
    guard let days = charter?.days, days.day(of: to) != nil else {
      throw .programme(.outsideDays)
    }
    var events: [Event] = [.timeAdvanced(to)]
    var future = applying(events, envelope)
    var row = 0
    // Offers made here, by promotion, have a later last day; the loop sees them all the same.
    while row < future.offers.count {
      let id = OfferID(row: row)
      row += 1
      let offer = future.offers[id]
      guard offer.standing == .open, let end = days.start(of: offer.acceptBy.advanced(by: 1)),
        end <= to
      else { continue }
      let lapsed = Event.offerLapsed(offer.application)
      future = future.applying([lapsed], envelope)
      let promoted = try future.promotions(offer.round, envelope)
      future = future.applying(promoted, envelope)
      events += [lapsed] + promoted
    }
    return events
  }

  /// Who moves up now that capacity was freed: the reserve list from its head, everybody who fits
  /// in what is left, under the same rules.
  ///
  /// Complexity: O(applications + offers · log days).
  func promotions(_ id: RoundID, _ envelope: Envelope) throws(Refusal) -> [Event] {
    let state = rounds[id]
    guard let published = state.published else { return [] }
    let problem = RoundProblem(
      period: state.round.period, rules: published.rules, lines: published.lines, candidates: [])
    var book = SelectionBook(problem: problem)
    offers.forEach { _, offer in
      guard offer.round == id, offer.holdsCapacity else { return }
      book.take(candidate(offer.application, rules: published.rules), line: offer.line)
    }
    var waiting: [Ranked] = []
    applications.forEach { application, row in
      guard row.round == id, row.offer == nil, row.standing == .eligible,
        let ranked = outcomes[application], ranked.reserve > 0
      else { return }
      waiting.append(ranked)
    }
    waiting.sort { $0.reserve < $1.reserve }
    let acceptBy = try lastDayToAccept(state.round, envelope)
    let underShare = published.rules.unusedShare == .stays
    var events: [Event] = []
    var closed: Set<PoolID> = []
    for ranked in waiting {
      let candidate = candidate(ranked.application, rules: published.rules)
      if closed.contains(candidate.pool) { continue }
      let outcome = book.considered(candidate, underShare: underShare, pass: 3)
      guard case .selected(let line, let pass) = outcome else {
        if !published.rules.skips { closed.insert(candidate.pool) }
        continue
      }
      let row = applications[ranked.application]
      guard let track = row.track, let organisation = row.organisation else { continue }
      events.append(
        .applicationSelected(
          ApplicationSelected(
            ranked.application, row, track: track, organisation: organisation,
            pool: candidate.pool, line: line, rank: ranked.rank, pass: pass, acceptBy: acceptBy)))
    }
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
