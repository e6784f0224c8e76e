/// Rules of deciding a round: draft, approve by another, publish.
extension Programme {
  /// The round as a problem to decide, under `rules`: what a draft, a dry run and a what-if share.
  /// As of a day, or of the programme's own.
  public func problem(
    of id: RoundID, rules: RuleSet, on today: Day? = nil
  ) throws(Refusal) -> RoundProblem {
    guard let state = rounds.row(id) else { throw .calls(.unknown("\(id)")) }
    if let fault = rules.fault(pools: pools) { throw .calls(fault) }
    let weightSum = calls[state.round.call].weightSum
    var candidates: [Candidate] = []
    candidates.reserveCapacity(Int(state.applicationCount))
    var unjudged: Int64 = 0
    applications.forEach { application, row in
      guard row.round == id else { return }
      if row.standing == .submitted { unjudged += 1 }
      candidates.append(candidate(application, row, rules, weightSum))
    }
    if candidates.isEmpty { throw .calls(.nobodyApplied(id)) }
    if unjudged > 0 { throw .calls(.notAllJudged(id, missing: unjudged)) }
    // A published round is tried again on what it was decided on, not on what is so today.
    if let published = state.published {
      return RoundProblem(
        period: state.round.period, rules: rules, lines: published.lines, candidates: candidates,
        readableDays: published.readableDays, on: published.on)
    }
    return RoundProblem(
      period: state.round.period, rules: rules, lines: offeredLines(id, state.round, on: today),
      candidates: candidates, readableDays: readableDays, on: today ?? civilDay)
  }

  /// An application as the decision sees it.
  public func candidate(_ id: ApplicationID, rules: RuleSet) -> Candidate {
    let row = applications[id]
    return candidate(id, row, rules, calls[rounds[row.round].round.call].weightSum)
  }

  private func candidate(
    _ id: ApplicationID, _ row: Application, _ rules: RuleSet, _ weightSum: Int64
  ) -> Candidate {
    let excluded: Reason? =
      switch row.standing {
      case .withdrawn: .withdrawn
      case .ineligible: .ineligible(rule: Int32(row.brokenRule))
      // What was erased cannot be decided on: it is out, as if it had been withdrawn.
      case .submitted, .eligible:
        row.track == nil || row.organisation == nil || row.models.count == 0 ? .withdrawn : nil
      }
    let pool = row.track.map { tracks[$0].pool } ?? PoolID(1)
    let scale = weightSum * Int64(row.reviewCount)
    var points = row.pointSum
    if let organisation = row.organisation, !rules.regionBonus.isEmpty {
      let region = organisations[organisation].region
      for bonus in rules.regionBonus where bonus.region == region { points += bonus.points * scale }
    }
    return Candidate(
      application: id, pool: pool, organisation: row.organisation ?? OrganisationID(1),
      gpus: row.gpus, term: row.term, models: row.models.list,
      score: scale == 0 ? .none : Score(points: points, scale: scale), excluded: excluded)
  }

  /// What a round may award of each line and day: its offer, and no more than is awardable and not
  /// held by offers and awards of other rounds. Several offers of one line are one.
  func offeredLines(_ id: RoundID, _ round: Round, on today: Day? = nil) -> [OfferedLine] {
    var result: [OfferedLine] = []
    for offer in round.offers {
      guard let model = lines[offer.line].line.model,
        !result.contains(where: { $0.line == offer.line })
      else { continue }
      let offered = round.offers.reduce(0) { $1.line == offer.line ? $0 + $1.gpus.value : $0 }
      let gpus = free(offer.line, id, round, on: today).mapped { max(0, min($0, offered)) }
      result.append(OfferedLine(line: offer.line, model: model, gpus: gpus))
    }
    return result
  }

  /// What of a line is awardable and not held by another round than `id`, day by day; below zero
  /// where others hold more than there is by now.
  ///
  /// Complexity: O(offers + steps log steps).
  func free(
    _ line: LineID, _ id: RoundID, _ round: Round, on today: Day? = nil
  ) -> StepFunction {
    free(line, minimum: round.minimumConfidence, besides: id, on: today)
  }

  /// What was free when the decision was drafted may not be any more: another round was published,
  /// or maintenance was scheduled. Refused naming the line, the day and the shortfall.
  private func checkStillFree(
    _ id: RoundID, _ round: Round, _ draft: RoundDrafted, _ ranking: [Ranked], on today: Day
  ) throws(Refusal) {
    for offered in draft.lines {
      let selected = ranking.compactMap { ranked in
        if case .selected(offered.line, _) = ranked.outcome {
          applications[ranked.application]
        } else {
          nil
        }
      }
      let taken = selected.flatMap {
        [($0.term.from, $0.gpus), (withReading($0.term).to, -$0.gpus)]
      }
      let left = free(offered.line, id, round, on: today) - StepFunction(changes: taken)
      for row in selected {
        if row.term.to <= today { throw .calls(.termOver(id)) }
        guard let short = left.shortage(of: 0, over: withReading(row.term)) else { continue }
        throw .calls(.exceedsCapacity(of: "\(offered.line)", day: short.on, gpus: short.by))
      }
    }
  }

  func decideDraft(
    _ id: RoundID, _ rules: RuleSet, _ digest: Digest, _ envelope: Envelope
  ) throws(Refusal) -> Event {
    let state = try stage(id, .open)
    guard envelope.received >= state.round.closes else { throw .calls(.notClosedYet(id)) }
    // What was published binds, once scores are known most of all. In an exercise others may be
    // tried to the end.
    guard charter?.exercise == true || rules == state.round.rules else {
      throw .calls(.otherRules(id))
    }
    // Eligibility was judged by the round's own rules; a draft cannot exchange them afterwards.
    guard rules.eligibility == state.round.rules.eligibility else {
      throw .calls(.otherEligibility(id))
    }
    let problem = try problem(of: id, rules: rules, on: try today(envelope))
    let decision = problem.decided()
    if let excess = SelectionChecker(problem, decision).excess {
      throw .calls(.exceedsCapacity(of: excess.of, day: excess.day, gpus: excess.gpus))
    }
    return .roundDrafted(
      RoundDrafted(
        round: id, ruleSet: digest, inputs: eventCount, problem: problem, decision: decision,
        drafter: envelope.by))
  }

  func decideReturn(_ id: RoundID) throws(Refusal) -> Event {
    // An approved draft may be returned too: what it counted on may be gone by now.
    if rounds.row(id)?.stage != .approved { _ = try stage(id, .drafted) }
    return .draftReturned(id)
  }

  func decideApprove(_ id: RoundID, _ envelope: Envelope) throws(Refusal) -> Event {
    let state = try stage(id, .drafted)
    guard let drafter = state.drafter, drafter != envelope.by else {
      throw .calls(.drafterMayNotApprove(id))
    }
    let own = organisations(of: envelope.by)
    if let mine = application(of: own, in: id) { throw .calls(.ownApplication(mine)) }
    return .roundApproved(RoundApproved(round: id, approver: envelope.by))
  }

  /// An application in a round that is of one of these organisations, and was not withdrawn.
  public func application(
    of organisations: Set<OrganisationID>, in id: RoundID
  ) -> ApplicationID? {
    guard !organisations.isEmpty else { return nil }
    return applications.ids.first { application in
      let row = applications[application]
      return row.round == id && row.standing != .withdrawn
        && row.organisation.map { organisations.contains($0) } ?? false
    }
  }

  func decidePublish(_ id: RoundID, _ envelope: Envelope) throws(Refusal) -> [Event] {
    let state = try stage(id, .approved)
    guard let draft = state.draft, let ranking = draft.outcomes.value,
      let closings = draft.closings.value
    else { throw .calls(.wrongStage(id, is: .open, needed: .approved)) }
    try checkStillFree(id, state.round, draft, ranking, on: try today(envelope))
    guard let acceptBy = lastDayToAccept(state.round, envelope) else {
      throw .programme(.outsideDays)
    }
    var events: [Event] = [
      .roundPublished(
        RoundPublished(
          draft: draft, closings: closings, cutOffs: cutOffs(ranking),
          reserves: Int64(ranking.reduce(0) { $1.reserve > 0 ? $0 + 1 : $0 })))
    ]
    for ranked in ranking {
      guard case .selected(let line, let pass) = ranked.outcome else { continue }
      let row = applications[ranked.application]
      guard let track = row.track, let organisation = row.organisation else { continue }
      events.append(
        .applicationSelected(
          ApplicationSelected(
            ranked.application, row, track: track, organisation: organisation,
            pool: tracks[track].pool, line: line, rank: ranked.rank, pass: pass,
            acceptBy: acceptBy)))
    }
    // By number, not by rank: the order of public leaves would tell what the outcomes seal.
    for ranked in ranking.sorted(by: { $0.application < $1.application }) {
      events.append(
        .outcomeNotified(
          OutcomeNotified(application: ranked.application, round: id, outcome: ranked)))
    }
    return events
  }

  func decideResult(_ id: RoundID, _ result: PublishedResult) throws(Refusal) -> Event {
    guard rounds.contains(id) else { throw .calls(.unknown("\(id)")) }
    for track in result.byTrack { try exists(track.track, tracks) }
    return .resultReported(id, result)
  }

  /// The last day on which somebody selected today can conclude the contract; nothing where that
  /// is none of the programme's days.
  func lastDayToAccept(_ round: Round, _ envelope: Envelope) -> Day? {
    guard let days = charter?.days, let today = days.day(of: time(of: envelope.received)),
      let last = calendar.lastDay(
        after: today, count: Int(round.acceptance.days), business: round.acceptance.business,
        rolls: true)
    else { return nil }
    return last < days.end ? last : nil
  }

  private func stage(_ id: RoundID, _ needed: RoundState.Stage) throws(Refusal) -> RoundState {
    guard let state = rounds.row(id) else { throw .calls(.unknown("\(id)")) }
    guard state.stage == needed else {
      throw .calls(.wrongStage(id, is: state.stage, needed: needed))
    }
    return state
  }

  /// Per pool, in order of identifier: who applied, who was selected, and the lowest score of
  /// those.
  private func cutOffs(_ ranking: [Ranked]) -> [RoundPublished.CutOff] {
    var rows: [PoolID: RoundPublished.CutOff] = [:]
    for ranked in ranking {
      let application = applications[ranked.application]
      guard let track = application.track else { continue }
      let pool = tracks[track].pool
      let old = rows[pool]
      let chosen = ranked.isSelected
      // The ranking descends, so the last selected has the lowest score.
      rows[pool] = RoundPublished.CutOff(
        pool: pool, applications: (old?.applications ?? 0) + 1,
        selected: (old?.selected ?? 0) + (chosen ? 1 : 0),
        gpus: (old?.gpus ?? 0) + (chosen ? application.gpus : 0),
        lowest: chosen ? ranked.score : old?.lowest)
    }
    // Of one selected alone the lowest score is its own, which is nobody else's to know.
    return rows.values.sorted { $0.pool < $1.pool }.map { row in
      row.selected > 1 ? row : row.withoutLowest
    }
  }

  /// What everybody can read of a published round.
  public func publicFacts(of id: RoundID) -> PublicFacts? {
    guard let state = rounds.row(id), let published = state.published else { return nil }
    var selected: [PublicFacts.Selected] = []
    offers.forEach { _, offer in
      guard offer.round == id, offer.pass < 3 else { return }
      selected.append(
        PublicFacts.Selected(
          rank: offer.rank, pool: offer.pool, organisation: offer.organisation,
          line: offer.line, gpus: offer.gpus, term: offer.term, pass: offer.pass))
    }
    return PublicFacts(
      period: state.round.period, rules: published.rules, lines: published.lines,
      selected: selected.sorted { $0.rank < $1.rank }, closings: published.closings,
      readableDays: published.readableDays, on: published.on)
  }
}
