@testable import MadangProgramme

/// How a scenario says what came of its lines.
extension Scenario {
  /// Events in a line each; `all` says the outcome of every application, as notified.
  func said(_ events: [Event], all: Bool) -> [String] {
    if all {
      let outcomes = events.compactMap { event in
        if case .outcomeNotified(let body) = event { body.outcome.value } else { nil }
      }
      let ranked = outcomes.filter { $0.rank > 0 }.sorted { $0.rank < $1.rank }
      return (ranked + outcomes.filter { $0.rank == 0 }).map(said)
    }
    return events.compactMap { event in
      switch event {
      case .applicationSelected(let body):
        "\(name(of: body.application)) moves up to \(name(of: body.line)) by \(body.acceptBy)"
      case .contractConcluded(let body): "\(name(of: body.application)) concluded \(body.on)"
      case .awardGranted(let body):
        "\(body.award) \(body.gpus) of \(name(of: body.line)) \(body.term.from)..\(body.term.to)"
      case .contractDeclined(let id): "\(name(of: id)) declined"
      case .offerLapsed(let id): "\(name(of: id)) lapsed"
      case .awardEnded(let body): "\(body.award) ended \(body.on)"
      case .lendingEnded(let body): "\(body.lending) ended \(body.on)"
      case .wipeOrdered(let body):
        "\(body.allocation) to be wiped at \(name(of: body.cluster))"
      default: nil
      }
    }
  }

  func said(_ ranked: Ranked) -> String {
    let milli = ranked.score.milliPoints
    let thousandths = String(String(1_000 + milli % 1_000).dropFirst())
    let score = ranked.score.isNone ? "-" : "\(milli / 1_000).\(thousandths)"
    let head = "\(ranked.rank) \(name(of: ranked.application)) \(score)"
    switch ranked.outcome {
    case .selected(let line, let pass):
      return "\(head) selected \(name(of: line))\(pass == 1 ? "" : " pass \(pass)")"
    case .notSelected(let reason, let reserve):
      return "\(head) \(said(reason))\(reserve > 0 ? " reserve \(reserve)" : "")"
    }
  }

  private func said(_ reason: Reason) -> String {
    switch reason {
    case .withdrawn, .notReviewed: reason.word
    case .termOver(let day): "termOver on \(day)"
    case .ineligible(let rule): "ineligible by rule \(rule)"
    case .tooLarge(let asked, let limit): "tooLarge \(asked) above \(limit)"
    case .notWholeUnits(let asked, let unit): "notWholeUnits \(asked) in \(unit)"
    case .belowMinimumScore(let minimum): "belowMinimumScore \(minimum)"
    case .organisationCap(let used, let cap): "organisationCap \(used) of \(cap)"
    case .shareExhausted(let pool, let left, let day):
      "shareExhausted \(name(of: pool)) has \(left) on \(day)"
    case .capacityExhausted(let left, let day): "capacityExhausted \(left) on \(day)"
    case .closed(let rank): "closed by \(rank)"
    }
  }

  /// What the round offered, by line and step.
  func facts(_ round: RoundID) -> [String] {
    (programme.publicFacts(of: round)?.lines ?? []).map { line in
      let steps = line.gpus.steps.map { "\($0.value) from \($0.from)" }
      return "\(name(of: line.line)): \(steps.joined(separator: ", "))"
    }
  }

  func standing(_ id: ApplicationID) -> [String] {
    let row = programme.applications[id]
    return ["\(row.standing), \(row.reviewCount) reviews, sum \(row.pointSum)"]
  }

  func cutOffs(_ round: RoundID) -> [String] {
    (programme.rounds[round].published?.cutOffs ?? []).map { row in
      let lowest = row.lowest.map { " lowest \($0.milliPoints / 1_000)" } ?? ""
      let head = "\(name(of: row.pool)): \(row.selected) of \(row.applications)"
      return "\(head), \(row.gpus) GPUs\(lowest)"
    }
  }

  static let digest = Digest(1, 2, 3, 4)
  static let year = term("2026-03-01..2027-03-01")

  static func day(_ text: String) -> Day {
    guard let day = Day(text) else { preconditionFailure("\(text) is no day") }
    return day
  }

  /// A day at nine, or a day and a time of the clock.
  static func moment(_ text: String) -> Instant {
    let parts = text.split(separator: "T").map(String.init)
    let start = nine(day(parts[0])).seconds
    guard parts.count > 1 else { return Instant(start) }
    let clock = parts[1].split(separator: ":").map { Int64($0) ?? 0 }
    return Instant(start - 32_400 + clock[0] * 3_600 + clock[1] * 60 + clock[2])
  }

  static func term(_ text: String) -> Term {
    let parts = text.split(separator: ".").map { day(String($0)) }
    guard let term = Term(from: parts[0], to: parts[1]) else { preconditionFailure("a term") }
    return term
  }

  /// `90+80`: points of one review by criterion.
  static func marks(_ text: String) -> [Int64] { text.split(separator: "+").map { Int64($0) ?? 0 } }

  static func slug(_ text: String) -> Slug {
    guard let slug = Slug(text) else { preconditionFailure("\(text) is no slug") }
    return slug
  }

  static func said(_ text: String) -> Bilingual {
    let text = Text(assumingValid: text)
    return Bilingual(ko: text, en: text)
  }

  static func claims(_ value: Int64) -> Claims {
    Claims(
      first: Figure(
        value: value, confidence: .contracted, source: SourceID(1), on: day("2026-01-01"),
        note: nil))
  }
}
