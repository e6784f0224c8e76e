/// What an offer, or the award that it became, holds of its line.
///
/// ```
///   offer, award ── term ──▶ its days of reading ──▶ free: another team's first day
///   ended ─────── till then readable, and while its wipe is overdue: today, and no day more
/// ```
/// What is wiped too late is the office's own doing: it keeps a team from a later day no longer
/// than it lasts, and from what was decided never; that team's clock starts when it works.
extension Programme {
  /// GPUs and days; nothing where it holds nothing.
  func holding(
    _ offer: Offer, on today: Day? = nil, beside: [AwardID: Int64] = [:]
  ) -> (gpus: Int64, term: Term)? {
    guard offer.holdsCapacity else { return nil }
    guard let id = offer.award else { return (offer.gpus, withReading(offer.term)) }
    let award = awards[id]
    guard award.ended != nil else {
      return (award.gpus + (beside[id] ?? 0), withReading(award.term))
    }
    // Back before its first day, it holds no day at all.
    return Term(from: award.term.from, to: freeFrom(id, on: today)).map { (award.gpus, $0) }
  }

  /// GPUs that overrides let teams hold beyond their awards: nobody else is promised them
  /// meanwhile. `changed` is looked at as if it stood. Looked up, never walked.
  ///
  /// Complexity: O(allocations), and O(awards) while something is overridden.
  func beside(with changed: (id: AllocationID, row: Allocation)? = nil) -> [AwardID: Int64] {
    var most: [AwardID: Int64] = [:]
    func forEach(_ body: (Allocation) -> Void) {
      allocations.forEach { id, row in
        if row.isBound { body(id == changed?.id ? changed?.row ?? row : row) }
      }
    }
    forEach { row in if row.override != nil { most[row.award] = 0 } }
    guard !most.isEmpty else { return [:] }
    forEach { row in most[row.award]? += row.mostGPUs }
    for id in awards.ids {
      if let gpus = most[id] { most[id] = max(0, gpus - awards[id].gpus) }
    }
    return most
  }

  /// A term with the days on which its team may read what it left after it.
  func withReading(_ term: Term) -> Term {
    let to = term.to.advanced(by: Int(readableDays))
    let end = charter?.days.end ?? to
    return Term(from: term.from, to: max(term.to, min(to, end))) ?? term
  }

  /// From when the GPUs of an award that has ended are free: since all of it is back; else after
  /// its last day of reading; and not before tomorrow where they might have been back by now.
  private func freeFrom(_ id: AwardID, on today: Day?) -> Day {
    if let day = awards[id].returnedOn { return day }
    var day = tomorrow(today) ?? awards[id].term.to
    allocations.forEach { _, row in
      if owner(of: row) == id, let to = row.readableTo { day = max(day, to) }
    }
    departures.forEach { _, row in
      guard allocations[row.allocation].award == id, row.stage == .readable else { return }
      if let to = row.readableTo { day = max(day, to) }
    }
    return day
  }

  /// The day after today, or after the programme's own day where nobody says which it is.
  private func tomorrow(_ today: Day?) -> Day? { (today ?? civilDay)?.advanced(by: 1) }

  /// What was over at a cluster and is not back yet is expected to be so by this day.
  func freeFrom(_ readableTo: Day?, on today: Day?) -> Day? {
    guard let day = tomorrow(today) else { return readableTo }
    return max(day, readableTo ?? day)
  }

  /// Whose GPUs an allocation holds: what is lent is of the award that lends.
  func owner(of row: Allocation) -> AwardID {
    row.lending.map { allocations[lendings[$0].lender].award } ?? row.award
  }

  /// What of a line is awardable and held by nobody, day by day; below zero where more is held
  /// than there is by now. As of today, or of the programme's own day.
  ///
  /// Complexity: O(offers + steps log steps + ended awards that are not back · allocations).
  func free(
    _ line: LineID, minimum: Confidence, besides round: RoundID? = nil,
    without award: AwardID? = nil, on today: Day? = nil
  ) -> StepFunction {
    var held: [(on: Day, by: Int64)] = []
    let beside = beside()
    offers.forEach { _, other in
      guard other.line == line, other.round != round, award == nil || other.award != award,
        let holding = holding(other, on: today, beside: beside)
      else { return }
      held += [(holding.term.from, holding.gpus), (holding.term.to, -holding.gpus)]
    }
    return lines[line].awardable(minimum: minimum, on: today ?? civilDay)
      - StepFunction(changes: held)
  }

  /// How sure the capacity must be that an award's round was decided on.
  func minimumConfidence(of award: Award) -> Confidence {
    rounds[applications[award.application].round].round.minimumConfidence
  }

  /// GPU time that an award entitles to.
  func entitlement(_ award: Award) -> GPUSeconds? {
    seconds(award.term).flatMap { GPUSeconds(gpus: award.gpus, seconds: $0) }
      .map { $0 - award.missed }
  }

  /// Seconds of a term that are over at an instant; none before the clock started, as the whole
  /// term is still to come.
  func secondsOver(_ award: Award, by at: Instant) -> Int64 {
    guard award.clock != nil, let days = charter?.days,
      let from = days.start(of: award.term.from), let to = days.start(of: award.term.to)
    else { return 0 }
    return max(0, min(at, to).seconds - from.seconds)
  }

  /// The length of a term in seconds; nothing outside the programme's days.
  func seconds(_ term: Term) -> Int64? {
    guard let days = charter?.days, let from = days.start(of: term.from),
      let to = days.start(of: term.to)
    else { return nil }
    return to.seconds - from.seconds
  }
}
