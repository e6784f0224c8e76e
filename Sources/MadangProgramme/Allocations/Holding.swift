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

/// What an allocation takes out of its award, in GPU time: what is gone stays gone, whatever its
/// limit becomes.
///
/// ```
///   made ───── 16 GPUs ─────▶ resized ──────── 8 GPUs ────────▶ the term's end
///        └──────spent──────┘         └─ its limit from then on ─┘
/// ```
extension Programme {
  /// What its limits took before, and what the present one takes until the end of its term; at
  /// least what was sealed as used. `used` is zero of one that is yet to be made.
  func taken(_ row: Allocation, used: GPUSeconds) -> GPUSeconds? {
    let rest: GPUSeconds?
    switch row.limit {
    case .budget(let budget): rest = budget
    case .reserved(let gpus):
      rest = running(row, to: nil).flatMap { GPUSeconds(gpus: gpus, seconds: $0) }
    }
    return rest.map { max(row.spent + $0, used) }
  }

  /// The allocation with another limit from an instant on.
  func resized(_ id: AllocationID, to limit: AllocationLimit, at: Instant) -> Allocation {
    var row = allocations[id]
    switch (row.limit, limit) {
    // A budget is one sum for all of it: what was used counts against the new one.
    case (.budget, .budget): break
    case (.budget, .reserved): row.spent = max(row.spent, used(by: id))
    case (.reserved(let gpus), _):
      let seconds = running(row, to: at) ?? 0
      row.spent += GPUSeconds(gpus: gpus, seconds: seconds) ?? .zero
    }
    row.limit = limit
    // Before the clock starts no time runs: the limit holds from its start on.
    if awards[row.award].clock != nil { row.limitSince = at }
    return row
  }

  /// GPU time sealed in an allocation's name as used.
  func used(by id: AllocationID) -> GPUSeconds {
    usage(of: id).months.reduce(.zero) { $0 + $1.used + $1.lent }
  }

  /// Seconds for which a limit has held, or holds until the end of the term where no instant is
  /// named. Made before a clock that started late, it holds no longer than the award.
  private func running(_ row: Allocation, to at: Instant?) -> Int64? {
    let award = awards[row.award]
    guard let days = charter?.days,
      let first = days.start(of: max(row.term.from, award.term.from)),
      let end = days.start(of: row.term.to)
    else { return nil }
    // Of a term that its clock has not begun, nothing has run.
    if at != nil, award.clock == nil { return 0 }
    let from = max(first, row.limitSince ?? first)
    return max(0, min(at ?? end, end).seconds - from.seconds)
  }
}
