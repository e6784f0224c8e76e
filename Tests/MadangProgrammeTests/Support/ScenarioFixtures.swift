@testable import MadangProgramme

/// Values that scenarios are made of.
extension Scenario {
  func ruleSet(_ options: [String: String]) -> RuleSet {
    func pairs(_ key: String) -> [(String, Int64)] {
      (options[key] ?? "").split(separator: ",").map { word in
        let parts = word.split(separator: ":").map(String.init)
        return (parts[0], Int64(parts[1]) ?? 0)
      }
    }
    let tests: [EligibilityRule.Test] = [.organisationInTrack, .noParticipationBan, .noTaxArrears]
    return RuleSet(
      slug: Scenario.slug("rules"), name: Scenario.said("rules"), unit: options.number("unit") ?? 8,
      shares: pairs("shares").map { RuleSet.Share(pool: id($0.0), weight: $0.1) },
      unusedShare: options["unused"] == "passes" ? .passes : .stays,
      minimumScore: options.number("minimum"),
      regionBonus: pairs("bonus").map {
        RuleSet.RegionBonus(region: Scenario.slug($0.0), points: $0.1)
      },
      organisationCap: options.number("organisationCap"),
      applicationCap: options.number("applicationCap"), skips: options["strict"] == nil,
      reserveCount: options.number("reserves"),
      eligibility: tests.prefix(Int(options.number("eligibility") ?? 3)).map {
        EligibilityRule(slug: Scenario.slug("rule"), name: Scenario.said("rule"), test: $0)
      })
  }

  static func call(_ weights: [Int64], slug: String) -> Call {
    Call(
      slug: Scenario.slug(slug), name: said("call"), notice: SourceID(1),
      criteria: weights.map { Criterion(slug: Scenario.slug("c"), name: said("c"), weight: $0) })
  }

  static var charter: Charter { charter(exercise: true) }

  static func charter(exercise: Bool) -> Charter {
    let first = day("2025-01-01")
    let start = Instant(Int64(first.number) * 86_400 - 32_400)
    guard
      let days = CivilDays(
        zone: "Asia/Seoul", first: first, firstStart: start, dayCount: 3_000, oddDays: [])
    else { preconditionFailure("civil days") }
    return Charter(
      slug: slug("test"), name: said("test"), currency: slug("krw"), dropBelow: 10, days: days,
      hash: slug("sha256"), signature: slug("ed25519"), exercise: exercise)
  }
}

extension [String: String] {
  func number(_ key: String) -> Int64? { self[key].flatMap { Int64($0) } }
}
