/// What an offer, or the award that it became, holds of its line.
extension Programme {
  /// GPUs and days; nothing where it holds nothing.
  ///
  /// An award that has ended holds its GPUs until every allocation of it is back: capacity returns
  /// only when it was wiped.
  func holding(_ offer: Offer) -> (gpus: Int64, term: Term)? {
    guard offer.holdsCapacity else { return nil }
    guard let id = offer.award else { return (offer.gpus, offer.term) }
    let award = awards[id]
    guard award.ended != nil else { return (award.gpus, award.term) }
    // Back before its first day, it holds no day at all.
    let to = award.returnedOn ?? charter?.days.end ?? award.term.to
    return Term(from: award.term.from, to: to).map { (award.gpus, $0) }
  }

  /// What of a line is awardable and held by nobody, day by day; below zero where more is held
  /// than there is by now.
  ///
  /// Complexity: O(offers + steps log steps).
  func free(
    _ line: LineID, minimum: Confidence, besides round: RoundID? = nil
  ) -> StepFunction {
    var held: [(on: Day, by: Int64)] = []
    offers.forEach { _, other in
      guard other.line == line, other.round != round, let holding = holding(other) else { return }
      held += [(holding.term.from, holding.gpus), (holding.term.to, -holding.gpus)]
    }
    return lines[line].awardable(minimum: minimum) - StepFunction(changes: held)
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
