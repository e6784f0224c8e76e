/// The only way a programme changes. Total: an event that was journaled applies, also where fields
/// of it were erased since.
extension Programme {
  public mutating func apply(_ event: Event, _ header: Header) {
    precondition(header.number == eventCount, "events are applied in order")
    eventCount += 1
    now = max(now, header.at)
    switch event {
    case .founded(let charter):
      self.charter = charter
      // Before it nothing can have come due.
      advancedTo = now
    case .defined(let definition): apply(definition, header)
    case .supplyStepped(let line, let step): lines[line].steps.append(step)
    case .unitsRegistered(let line, let units): lines[line].units.append(units)
    case .maintenanceScheduled(let line, let window): lines[line].maintenance.append(window)
    case .organisationRegistered(_, let organisation): organisations.append(organisation)
    case .applicationSubmitted(let body): applySubmitted(body, header)
    case .applicationRevised(let body): applyRevised(body, header)
    case .applicationWithdrawn(let id): applications[id].standing = .withdrawn
    case .eligibilityJudged(let body):
      // An erased verdict counts as a no: nobody gets in by having something erased.
      let rule = body.brokenRule.value ?? 0
      applications[body.application].standing = rule < 0 ? .eligible : .ineligible
      applications[body.application].brokenRule = Int8(clamping: rule)
    case .conflictDeclared(let body): applyConflict(body)
    case .reviewRecorded(let body): applyReview(body)
    case .reviewRevised(let body): applyReviewRevised(body)
    case .roundDrafted(let body):
      rounds[body.round].stage = .drafted
      rounds[body.round].draft = body
      rounds[body.round].drafter = body.drafter.value
    case .draftReturned(let id):
      rounds[id].stage = .open
      rounds[id].draft = nil
      rounds[id].drafter = nil
    case .roundApproved(let body): rounds[body.round].stage = .approved
    case .roundPublished(let body):
      rounds[body.round].stage = .published
      rounds[body.round].published = body
    case .applicationSelected(let body): applySelected(body)
    case .outcomeNotified(let body): outcomes[body.application] = body.outcome.value
    case .resultReported(let id, let result): rounds[id].result = result
    case .contractConcluded(let body):
      contracts.append(Contract(application: body.application, on: body.on))
      settle(body.application, .concluded)
    case .contractDeclined(let id): settle(id, .declined)
    case .offerLapsed(let id): settle(id, .lapsed)
    case .awardGranted(let body):
      let award = awards.append(
        Award(
          contract: body.contract, application: body.application,
          organisation: body.organisation, pool: body.pool, line: body.line, gpus: body.gpus,
          term: body.term))
      if let offer = applications[body.application].offer { offers[offer].award = award }
    case .timeAdvanced(let to):
      now = max(now, to)
      advancedTo = max(advancedTo, to)
    case .awardEnded, .memberAdded, .memberRemoved, .amendmentDrafted, .amendmentReturned,
      .amendmentApproved, .allocationMade, .allocationReturned, .allocationDeparted, .wipeOrdered,
      .departureReturned, .lendingOffered, .lendingWithdrawn, .lendingConcluded,
      .lendingRecalled, .lendingEnded, .handoverConfirmed, .bindingEnforced, .bindingDrifted,
      .clockStarted,
      .agentEnrolled, .agentRevoked:
      applyAllocation(event, header)
    case .statementSealed(let body): applyStatement(body)
    case .settled(let body): applySettled(body)
    }
  }

  /// The programme after these events, as one command's.
  func applying(_ events: [Event], _ envelope: Envelope) -> Programme {
    var future = self
    let at = time(of: envelope.received)
    for event in events {
      future.apply(
        event,
        Header(number: future.eventCount, at: at, received: envelope.received, by: envelope.by))
    }
    return future
  }

  private mutating func apply(_ definition: Definition, _ header: Header) {
    switch definition {
    case .source(let id, let record): sources.set(id, record)
    case .party(let id, let record): parties.set(id, record)
    case .agreement(let id, let record): agreements.set(id, record)
    case .commitment(let id, let record): commitments.set(id, record)
    case .model(let id, let record): models.set(id, record)
    case .conversions(let list): conversions = list
    case .site(let id, let record): sites.set(id, record)
    case .cluster(let id, let record):
      clusters.set(id, record)
      if !bindings.contains(id) { bindings.append(ClusterBinding()) }
      applyCapacity(id, record)
      applyOperatorShares()
    case .engine(let id, let engine):
      bindings[id].engine = engine
      bindings[id].generation = header.number
      applyOperatorShares()
    case .tranche(let id, let record): tranches.set(id, record)
    case .line(let id, let line):
      if lines.contains(id) { lines[id].line = line } else { lines.append(LineHistory(line: line)) }
      applyOperatorShares()
    case .pool(let id, let record): pools.set(id, record)
    case .price(let id, let record): prices.set(id, record)
    case .charge(let id, let record): charges.set(id, record)
    case .holidays(let calendar): self.calendar = calendar
    case .target(let claims): target = claims
    case .readableDays(let days): readableDays = days
    case .call(let id, let record): calls.set(id, record)
    case .track(let id, let record): tracks.set(id, record)
    case .round(let id, let round):
      if rounds.contains(id) {
        rounds[id].round = round
      } else {
        rounds.append(RoundState(round: round))
      }
    }
  }

  private mutating func applySubmitted(_ body: ApplicationReceived, _ header: Header) {
    let ask = body.ask.value
    applications.append(
      Application(
        round: body.round, track: body.track.value, organisation: body.organisation.value,
        gpus: ask?.gpus ?? 0, term: ask?.term ?? rounds[body.round].round.period,
        models: ask.flatMap { ModelPreference($0.models) } ?? .erased,
        receivedAt: header.received, content: body.content, standing: .submitted,
        synthetic: body.synthetic, brokenRule: -1, revisions: 0, reviewCount: 0, pointSum: 0,
        lastReview: 0, offer: nil))
    outcomes.append(nil)
    rounds[body.round].applicationCount += 1
  }

  private mutating func applyRevised(_ body: ApplicationReceived, _ header: Header) {
    var application = applications[body.application]
    application.track = body.track.value
    application.organisation = body.organisation.value
    if let ask = body.ask.value {
      application.gpus = ask.gpus
      application.term = ask.term
      application.models = ModelPreference(ask.models) ?? .erased
    } else {
      // What was asked for before is not what is asked for now.
      application.gpus = 0
      application.models = .erased
    }
    application.content = body.content
    application.receivedAt = header.received
    // The verdict was on something else: it has to be judged again.
    application.standing = .submitted
    application.brokenRule = -1
    application.revisions += 1
    applications[body.application] = application
  }

  private mutating func applyConflict(_ body: ConflictDeclared) {
    if reviews.contains(body.review) {
      // The reviewer had judged already: those points no longer count.
      count(nil, for: body.review)
    } else {
      appendReview(body.application.value, body.reviewer.value)
    }
  }

  private mutating func applyReview(_ body: ReviewRecorded) {
    appendReview(body.application.value, body.reviewer.value)
    count(body.pointSum.value, for: body.review)
  }

  private mutating func applyReviewRevised(_ body: ReviewRecorded) {
    count(body.pointSum.value, for: body.review)
  }

  /// A row whose points do not count yet: a conflict, until `count` says otherwise.
  private mutating func appendReview(_ application: ApplicationID?, _ reviewer: PersonID?) {
    let previous = application.map { applications[$0].lastReview } ?? 0
    let id = reviews.append(
      Review(
        application: application, reviewer: reviewer, kind: .conflict, pointSum: 0,
        previous: previous))
    if let application { applications[application].lastReview = id.number }
  }

  /// Makes a row's points count, or with nothing (a conflict, or points that were erased) no more.
  private mutating func count(_ pointSum: Int64?, for id: ReviewID) {
    let old = reviews[id]
    reviews[id].kind = pointSum == nil ? .conflict : .points
    reviews[id].pointSum = pointSum ?? 0
    guard let application = old.application else { return }
    applications[application].pointSum += (pointSum ?? 0) - old.pointSum
    applications[application].reviewCount +=
      (pointSum == nil ? 0 : 1) - (old.kind == .points ? 1 : 0)
  }

  private mutating func applySelected(_ body: ApplicationSelected) {
    let id = offers.append(
      Offer(
        application: body.application, round: body.round, organisation: body.organisation,
        pool: body.pool, line: body.line, gpus: body.gpus, term: body.term, rank: body.rank,
        pass: body.pass, acceptBy: body.acceptBy, standing: .open, award: nil))
    applications[body.application].offer = id
  }

  private mutating func settle(_ id: ApplicationID, _ standing: Offer.Standing) {
    guard let offer = applications[id].offer else { return }
    offers[offer].standing = standing
  }
}

extension PagedTable {
  /// Replaces a row, or appends the next.
  fileprivate mutating func set(_ id: ID, _ row: Row) {
    if contains(id) { self[id] = row } else { append(row) }
  }
}

extension Programme {
  /// Whose affair the party-class fields of an event are; nothing where there are none.
  ///
  /// Asked after the event was applied.
  public func owner(of event: Event) -> OrganisationID? {
    switch event {
    case .applicationSubmitted(let body), .applicationRevised(let body):
      body.organisation.value
    case .eligibilityJudged(let body): applications[body.application].organisation
    case .reviewRecorded(let body), .reviewRevised(let body):
      body.application.value.flatMap { applications[$0].organisation }
    case .outcomeNotified(let body): applications[body.application].organisation
    case .memberAdded(let body), .memberRemoved(let body): awards[body.award].organisation
    case .amendmentDrafted(let body): awards[body.award].organisation
    case .handoverConfirmed(let body):
      awards[allocations[body.allocation].award].organisation
    case .settled(let body): awards[body.award].organisation
    default: nil
    }
  }
}
