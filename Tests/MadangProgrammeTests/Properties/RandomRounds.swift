@testable import MadangProgramme

/// Small rounds with every rule drawn: few days, few GPUs, many collisions.
enum RandomRounds {
  static let from = Day(year: 2026, month: 3, day: 1)
  static let days = 24

  static func problem(_ random: inout Seeded) -> RoundProblem {
    let unit: Int64 = random.pick([1, 2, 4, 8])
    let pools: Int = random.draw(1...4)
    let rules = rules(unit, pools, &random)
    let lines: [OfferedLine] = (1...(random.draw(1...4) as Int)).map { number in
      OfferedLine(
        line: LineID(number), model: DeviceModelID(random.draw(1...3)), gpus: steps(&random, unit))
    }
    let count: Int = random.draw(1...40)
    var candidates = (1...count).map { candidate($0, unit, pools, &random) }
    candidates.shuffle(using: &random)
    return RoundProblem(
      period: period, rules: rules, lines: lines, candidates: candidates,
      readableDays: random.chance(50) ? random.draw(1...5) : 0,
      on: random.chance(50) ? from.advanced(by: random.draw(-3...6)) : nil)
  }

  static var period: Term {
    guard let term = Term(from: from, to: from.advanced(by: days)) else {
      preconditionFailure("a period")
    }
    return term
  }

  static func rules(_ unit: Int64, _ pools: Int, _ random: inout Seeded) -> RuleSet {
    var shares: [RuleSet.Share] = []
    if random.chance(75) {
      for pool in 1...pools where random.chance(85) {
        shares.append(RuleSet.Share(pool: PoolID(pool), weight: random.draw(1...5)))
      }
      shares.shuffle(using: &random)
    }
    return RuleSet(
      slug: Scenario.slug("rules"), name: Scenario.said("rules"), unit: unit, shares: shares,
      unusedShare: random.chance(50) ? .passes : .stays,
      minimumScore: random.chance(50) ? random.draw(40...80) : nil, regionBonus: [],
      organisationCap: random.chance(40) ? unit * random.draw(0...6) : nil,
      applicationCap: random.chance(30) ? unit * random.draw(1...4) : nil,
      skips: random.chance(60), reserveCount: random.chance(50) ? random.draw(0...8) : nil,
      eligibility: [])
  }

  static func steps(_ random: inout Seeded, _ unit: Int64) -> StepFunction {
    var changes = [(on: from.advanced(by: -3), by: unit * (random.draw(0...6) as Int64))]
    for _ in 0..<(random.draw(0...4) as Int) {
      changes.append((from.advanced(by: random.draw(-2...days)), random.draw(-12...16)))
    }
    return StepFunction(changes: changes).mapped { max(0, $0) }
  }

  private static func candidate(
    _ number: Int, _ unit: Int64, _ pools: Int, _ random: inout Seeded
  ) -> Candidate {
    let start: Int = random.draw(0...(days - 1))
    let length: Int = random.draw(1...(days - start))
    let term = Term(from: from.advanced(by: start), to: from.advanced(by: start + length))
    let models = (1...3).shuffled(using: &random).prefix(random.draw(1...3))
    let reviews: Int64 = random.draw(0...3)
    return Candidate(
      application: ApplicationID(number), pool: PoolID(random.draw(1...pools)),
      organisation: OrganisationID(random.draw(1...8)),
      gpus: random.chance(95) ? unit * random.draw(1...4) : random.draw(0...9),
      term: term ?? period, models: models.map { DeviceModelID($0) },
      score: reviews == 0
        ? .none : Score(points: random.draw(30...100) * reviews / 2 * 2, scale: reviews),
      excluded: random.chance(90) ? nil : random.pick([.withdrawn, .ineligible(rule: 1)]))
  }
}

extension Decision {
  /// Every rank and outcome, to compare.
  var lines: [String] { ranking.map { "\($0)" } + closings.map { "\($0)" } }

  /// What everybody may read of it.
  func facts(_ problem: RoundProblem) -> PublicFacts {
    var selected: [PublicFacts.Selected] = []
    for ranked in ranking {
      guard case .selected(let line, let pass) = ranked.outcome,
        let candidate = problem.candidates.first(where: { $0.application == ranked.application })
      else { continue }
      selected.append(
        PublicFacts.Selected(
          rank: ranked.rank, pool: candidate.pool, organisation: candidate.organisation,
          line: line, gpus: candidate.gpus, term: candidate.term, pass: pass))
    }
    return PublicFacts(
      period: problem.period, rules: problem.rules, lines: problem.lines, selected: selected,
      closings: closings, readableDays: problem.readableDays, on: problem.on)
  }
}
