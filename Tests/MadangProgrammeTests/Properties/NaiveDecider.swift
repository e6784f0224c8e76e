@testable import MadangProgramme

/// The rules once more, told as plainly as can be: a number for every day, no trees, no shortcuts.
struct NaiveDecider {
  let problem: RoundProblem
  private var lines: [[Int64]]
  private var shares: [PoolID: [Int64]] = [:]
  private var used: [OrganisationID: Int64] = [:]
  private var closed: [PoolID: Int32] = [:]
  private(set) var closings: [PublicFacts.Closing] = []

  init(_ problem: RoundProblem) {
    self.problem = problem
    let days = (0..<problem.period.dayCount).map { problem.period.from.advanced(by: $0) }
    let offered = problem.lines.map { line in days.map { line.gpus.value(on: $0) } }
    // After the period's days those on which the last teams still read.
    let after = (0..<Int(problem.readableDays)).map { problem.period.to.advanced(by: $0) }
    lines = problem.lines.map { line in (days + after).map { line.gpus.value(on: $0) } }
    let weights = problem.rules.shares.map(\.weight).reduce(0, +)
    for share in problem.rules.shares {
      shares[share.pool] = days.indices.map { day in
        let whole = offered.map { $0[day] }.reduce(0, +)
        return whole * share.weight / weights / problem.rules.unit * problem.rules.unit
      }
    }
  }

  mutating func decided() -> Decision {
    let rules = problem.rules
    let ranked = problem.candidates.filter { excluded($0) == nil }.sorted(by: better)
    var outcomes = ranked.map { _ in Outcome.notSelected(.withdrawn, reserve: 0) }
    for pass in rules.unusedShare == .passes && !rules.shares.isEmpty ? [1, 2] : [1] {
      closed = [:]
      for (index, candidate) in ranked.enumerated() {
        if pass == 2, !waits(outcomes[index]) { continue }
        outcomes[index] = outcome(candidate, rank: Int32(index + 1), pass: Int32(pass))
      }
    }
    var reserve: Int32 = 0
    var result: [Ranked] = []
    for (index, candidate) in ranked.enumerated() {
      var outcome = outcomes[index]
      if waits(outcome), Int64(reserve) < rules.reserveCount ?? .max,
        case .notSelected(let reason, _) = outcome
      {
        reserve += 1
        outcome = .notSelected(reason, reserve: reserve)
      }
      result.append(
        Ranked(
          application: candidate.application, rank: Int32(index + 1), score: candidate.score,
          outcome: outcome))
    }
    for candidate in problem.candidates.sorted(by: { $0.application < $1.application }) {
      guard let reason = excluded(candidate) else { continue }
      result.append(
        Ranked(
          application: candidate.application, rank: 0, score: candidate.score,
          outcome: .notSelected(reason, reserve: 0)))
    }
    return Decision(ranking: result, closings: closings, visits: 0)
  }

  private func better(_ a: Candidate, _ b: Candidate) -> Bool {
    let (left, right) = (a.score.points * b.score.scale, b.score.points * a.score.scale)
    return left == right ? a.application < b.application : left > right
  }

  private func excluded(_ candidate: Candidate) -> Reason? {
    let (gpus, rules) = (candidate.gpus, problem.rules)
    if let reason = candidate.excluded { return reason }
    if let day = problem.on, candidate.term.to <= day { return .termOver(on: day) }
    if let cap = rules.applicationCap, gpus > cap {
      return .tooLarge(asked: Int32(gpus), limit: Int32(cap))
    }
    if gpus < 1 || gpus % rules.unit > 0 {
      return .notWholeUnits(asked: Int32(gpus), unit: Int32(rules.unit))
    }
    return candidate.score.scale == 0 ? .notReviewed : nil
  }

  private func waits(_ outcome: Outcome) -> Bool {
    guard case .notSelected(let reason, _) = outcome else { return false }
    if case .belowMinimumScore = reason { return false }
    return true
  }

  private mutating func outcome(_ candidate: Candidate, rank: Int32, pass: Int32) -> Outcome {
    let rules = problem.rules
    if let minimum = rules.minimumScore, candidate.score.points < minimum * candidate.score.scale {
      return .notSelected(.belowMinimumScore(minimum: Int32(minimum)), reserve: 0)
    }
    if let rank = closed[candidate.pool] { return .notSelected(.closed(byRank: rank), reserve: 0) }
    guard let reason = take(candidate, pass: pass) else {
      return .selected(line: taken, pass: pass)
    }
    if !rules.skips {
      closed[candidate.pool] = rank
      closings.append(PublicFacts.Closing(pass: pass, pool: candidate.pool, rank: rank))
    }
    return .notSelected(reason, reserve: 0)
  }

  private var taken = LineID(1)

  /// Takes what fits, or says what stood in the way.
  private mutating func take(_ candidate: Candidate, pass: Int32) -> Reason? {
    let (gpus, rules) = (candidate.gpus, problem.rules)
    let start = problem.period.from.distance(to: candidate.term.from)
    let days = start..<(start + candidate.term.dayCount)
    let held = start..<(days.upperBound + Int(problem.readableDays))
    let had = used[candidate.organisation] ?? 0
    if let cap = rules.organisationCap, had + gpus > cap {
      return .organisationCap(used: Int32(had), cap: Int32(cap))
    }
    if pass == 1, !rules.shares.isEmpty {
      let left = shares[candidate.pool] ?? Array(repeating: 0, count: problem.period.dayCount)
      let least = days.map { left[$0] }.min() ?? 0
      if least < gpus, let day = days.first(where: { left[$0] == least }) {
        return .shareExhausted(
          pool: candidate.pool, left: Int32(max(0, least)), day: self.day(day))
      }
    }
    var best: (left: Int64, day: Int)?
    for model in candidate.models {
      for (index, line) in problem.lines.enumerated() where line.model == model {
        let least = held.map { lines[index][$0] }.min() ?? 0
        if least >= gpus {
          for day in held { lines[index][day] -= gpus }
          for day in days { shares[candidate.pool]?[day] -= gpus }
          used[candidate.organisation, default: 0] += gpus
          taken = line.line
          return nil
        }
        if least > best?.left ?? -1, let day = held.first(where: { lines[index][$0] == least }) {
          best = (least, day)
        }
      }
    }
    return .capacityExhausted(left: Int32(best?.left ?? 0), day: day(best?.day ?? start))
  }

  private func day(_ offset: Int) -> Day { problem.period.from.advanced(by: offset) }
}
