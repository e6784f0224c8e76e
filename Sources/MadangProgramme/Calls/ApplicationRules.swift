/// Rules of applying and judging. In time means: the server received the command before closing.
extension Programme {
  func decideSubmit(_ form: ApplicationForm, _ envelope: Envelope) throws(Refusal) -> Event {
    let round = try openRound(form.round, envelope)
    try check(form, round)
    let synthetic = organisations[form.organisation].synthetic
    return .applicationSubmitted(
      ApplicationReceived(applications.nextID, form, round: round, synthetic: synthetic))
  }

  func decideRevise(
    _ id: ApplicationID, _ form: ApplicationForm, _ envelope: Envelope
  ) throws(Refusal) -> Event {
    let application = try application(id)
    guard form.round == application.round else { throw .calls(.anotherRound(id)) }
    let round = try openRound(form.round, envelope)
    // Points are for what stood when they were given.
    if application.reviewCount > 0 { throw .calls(.alreadyReviewed(id)) }
    if application.standing == .withdrawn { throw .calls(.withdrawn(id)) }
    try check(form, round)
    let synthetic = organisations[form.organisation].synthetic
    return .applicationRevised(
      ApplicationReceived(id, form, round: round, synthetic: synthetic))
  }

  func decideWithdraw(_ id: ApplicationID) throws(Refusal) -> Event {
    let application = try application(id)
    try beforeDraft(application.round)
    if application.standing == .withdrawn { throw .calls(.withdrawn(id)) }
    return .applicationWithdrawn(id)
  }

  func decideEligibility(
    _ id: ApplicationID, _ rule: Int32?, _ ruleSet: Digest
  ) throws(Refusal) -> Event {
    let application = try application(id)
    try beforeDraft(application.round)
    if application.standing == .withdrawn { throw .calls(.withdrawn(id)) }
    let count = rounds[application.round].round.rules.eligibility.count
    if let rule, !(0..<Int32(count)).contains(rule) {
      throw .calls(.ruleOutOfRange(rule: "eligibility", value: Int64(rule)))
    }
    return .eligibilityJudged(
      EligibilityJudged(application: id, ruleSet: ruleSet, brokenRule: rule ?? -1))
  }

  func decideConflict(
    _ id: ApplicationID, _ reviewer: PersonID, _ ground: ConflictGround
  ) throws(Refusal) -> Event {
    let application = try application(id)
    try beforeDraft(application.round)
    let row = review(of: id, by: reviewer)
    if let row, reviews[row].kind == .conflict { throw .calls(.conflictKnown(id)) }
    return .conflictDeclared(
      ConflictDeclared(
        application: id, review: row ?? reviews.nextID, reviewer: reviewer, ground: ground))
  }

  func decideReview(
    _ id: ApplicationID, _ points: [Int64], _ envelope: Envelope
  ) throws(Refusal) -> Event {
    let application = try application(id)
    // Until closing it may still be changed, and points must be for what stands at the end.
    guard envelope.received >= rounds[application.round].round.closes else {
      throw .calls(.notClosedYet(application.round))
    }
    try beforeDraft(application.round)
    guard application.standing == .eligible else { throw .calls(.notEligible(id)) }
    if isOf(envelope.by, application.organisation) { throw .calls(.conflictOfInterest(id)) }
    let criteria = calls[rounds[application.round].round.call].criteria
    guard points.count == criteria.count else {
      throw .calls(.wrongCriteria(given: points.count, criteria: criteria.count))
    }
    var sum: Int64 = 0
    for (value, criterion) in zip(points, criteria) {
      guard (0...Limits.pointsMax).contains(value) else { throw .calls(.pointsOutOfRange(value)) }
      sum += value * criterion.weight
    }
    let row = review(of: id, by: envelope.by)
    if let row, reviews[row].kind == .conflict { throw .calls(.conflictOfInterest(id)) }
    if row == nil, application.reviewCount >= Limits.reviewsPerApplicationMax {
      throw .programme(.tooMany("reviews", limit: Int(Limits.reviewsPerApplicationMax)))
    }
    let body = ReviewRecorded(
      application: id, review: row ?? reviews.nextID, reviewer: envelope.by, points: points,
      pointSum: sum)
    return row == nil ? .reviewRecorded(body) : .reviewRevised(body)
  }

  /// The row of a reviewer for an application. Complexity: O(reviews of the application).
  private func review(of id: ApplicationID, by reviewer: PersonID) -> ReviewID? {
    var row = applications[id].lastReview
    while row != 0 {
      let reviewID = ReviewID(Int(row))
      if reviews[reviewID].reviewer == reviewer { return reviewID }
      row = reviews[reviewID].previous
    }
    return nil
  }

  /// Whether somebody is known here to be of an organisation: in the team of one of its awards.
  /// What accounts are for whom is the edge's to know.
  ///
  /// Complexity: O(members).
  func isOf(_ person: PersonID, _ organisation: OrganisationID?) -> Bool {
    organisation.map { organisations(of: person).contains($0) } ?? false
  }

  func organisations(of person: PersonID) -> Set<OrganisationID> {
    var found: Set<OrganisationID> = []
    members.forEach { _, row in
      if row.person == person { found.insert(awards[row.award].organisation) }
    }
    return found
  }

  func application(_ id: ApplicationID) throws(Refusal) -> Application {
    guard let application = applications.row(id) else { throw .calls(.unknown("\(id)")) }
    return application
  }

  private func openRound(_ id: RoundID, _ envelope: Envelope) throws(Refusal) -> Round {
    guard let state = rounds.row(id) else { throw .calls(.unknown("\(id)")) }
    let round = state.round
    // Also where the command was received in time: what was decided on does not change any more.
    guard state.stage == .open else { throw .calls(.alreadyDecided(id)) }
    if envelope.received < round.opens { throw .calls(.notOpenYet(id)) }
    if envelope.received >= round.closes {
      let late = envelope.received.seconds - round.closes.seconds
      throw .calls(.closed(id, secondsLate: late))
    }
    if state.applicationCount >= Limits.applicationsMax {
      throw .programme(.tooMany("applications", limit: Limits.applicationsMax))
    }
    return round
  }

  private func beforeDraft(_ id: RoundID) throws(Refusal) {
    guard rounds[id].stage == .open else { throw .calls(.alreadyDecided(id)) }
  }

  private func check(_ form: ApplicationForm, _ round: Round) throws(Refusal) {
    try exists(form.organisation, organisations)
    guard let track = tracks.row(form.track) else { throw .calls(.unknown("\(form.track)")) }
    guard track.call == round.call else { throw .calls(.trackOfAnotherCall(form.track)) }
    let ask = form.ask
    guard (1...Limits.gpusMax).contains(ask.gpus) else {
      throw .calls(.askOutOfRange(gpus: ask.gpus))
    }
    guard ask.gpus % round.rules.unit == 0 else {
      throw .calls(.notWholeUnits(gpus: ask.gpus, unit: round.rules.unit))
    }
    if let cap = round.rules.applicationCap, ask.gpus > cap {
      throw .calls(.askAboveCap(gpus: ask.gpus, cap: cap))
    }
    guard round.period.contains(ask.term) else {
      throw .calls(.termOutsidePeriod(period: round.period))
    }
    guard ModelPreference(ask.models) != nil else { throw .calls(.badModels) }
    for model in ask.models {
      let offered = round.offers.contains { lines[$0.line].line.model == model }
      if !offered { throw .calls(.modelNotOffered(model)) }
    }
  }
}
