/// The same round under two rule sets: who wins and who loses. A what-if is free because the
/// programme is a value and the decision a function of it.
public struct WhatIf: Sendable {
  public let base: Decision
  public let other: Decision
  /// Selected under the other rules but not under the base, in rank order of the other.
  public let winners: [ApplicationID]
  /// Selected under the base but not under the other rules, in rank order of the base.
  public let losers: [ApplicationID]
}

extension Programme {
  public func whatIf(
    _ id: RoundID, base: RuleSet, other: RuleSet
  ) throws(Refusal) -> WhatIf {
    let before = try problem(of: id, rules: base).decided()
    let after = try problem(of: id, rules: other).decided()
    let had = Set(before.ranking.filter(\.isSelected).map(\.application))
    let has = Set(after.ranking.filter(\.isSelected).map(\.application))
    return WhatIf(
      base: before, other: after,
      winners: after.ranking.filter { $0.isSelected && !had.contains($0.application) }
        .map(\.application),
      losers: before.ranking.filter { $0.isSelected && !has.contains($0.application) }
        .map(\.application))
  }
}
