internal import MadangProgramme

/// A rule set whose pools are still short names.
struct RuleSetDraft: Sendable {
  struct Share: Sendable {
    let pool: Slug
    let weight: Int64
  }

  let slug: Slug
  let name: Bilingual
  let unit: Int64
  let shares: [Share]
  let unusedShare: RuleSet.UnusedShare
  let minimumScore: Int64?
  let regionBonus: [RuleSet.RegionBonus]
  let organisationCap: Int64?
  let applicationCap: Int64?
  let skips: Bool
  let reserveCount: Int64?
  let eligibility: [EligibilityRule]

  func resolved(_ pools: Directory<Slug, PoolKind>) -> RuleSet {
    RuleSet(
      slug: slug, name: name, unit: unit,
      shares: shares.map { RuleSet.Share(pool: pools[$0.pool], weight: $0.weight) },
      unusedShare: unusedShare, minimumScore: minimumScore, regionBonus: regionBonus,
      organisationCap: organisationCap, applicationCap: applicationCap, skips: skips,
      reserveCount: reserveCount, eligibility: eligibility)
  }
}

/// rules/*.yaml and what-if/*.yaml: by which rules a round is decided.
extension Value {
  func ruleSet() -> RuleSetDraft? {
    guard
      let fields = fields(
        ["slug", "name", "unit", "shares", "unusedShare", "skips", "eligibility"],
        optional: [
          "minimumScore", "regionBonus", "organisationCapGPUs", "applicationCapGPUs",
          "reserveCount", "source", "notes",
        ])
    else { return nil }
    let slug = fields["slug"]?.slug()
    let name = fields["name"]?.bilingualLabel()
    let unit = fields["unit"]?.integer(1...1_024)
    let shares = fields["shares"]?.list { $0.share() }
    let unusedShare: RuleSet.UnusedShare? =
      fields["unusedShare"]?.word(["stays": .stays, "passes": .passes])
    let minimumScore = fields["minimumScore"]?.integer(0...Limits.pointsMax)
    let bonus = fields["regionBonus"].map { $0.list { $0.regionBonus() } } ?? Batch.none
    let organisationCap = fields["organisationCapGPUs"]?.integer(0...Limits.gpusMax)
    let applicationCap = fields["applicationCapGPUs"]?.integer(0...Limits.gpusMax)
    let skips = fields["skips"]?.flag()
    let reserveCount = fields["reserveCount"]?.integer(0...Int64(Limits.applicationsMax))
    let eligibility = fields["eligibility"]?.list(limit: Limits.eligibilityRulesMax) {
      $0.eligibilityRule()
    }
    _ = fields["source"]?.reference(.source)
    _ = fields["notes"]?.bilingual()
    guard let slug, let name, let unit, let shares, let unusedShare, let bonus, let skips,
      let eligibility
    else { return nil }
    checkOnce(shares.items.map(\.pool), in: fields["shares"])
    checkOnce(bonus.items.map(\.region), in: fields["regionBonus"])
    return RuleSetDraft(
      slug: slug, name: name, unit: unit, shares: shares.items, unusedShare: unusedShare,
      minimumScore: minimumScore, regionBonus: bonus.items, organisationCap: organisationCap,
      applicationCap: applicationCap, skips: skips, reserveCount: reserveCount,
      eligibility: eligibility.items)
  }

  private func checkOnce(_ slugs: [Slug], in value: Value?) {
    var seen: Set<Slug> = []
    for slug in slugs where !seen.insert(slug).inserted { value?.repeatedItem(slug.value) }
  }

  private func share() -> RuleSetDraft.Share? {
    guard let fields = fields(["pool", "weight"]) else { return nil }
    let pool = fields["pool"]?.reference(.pool)
    let weight = fields["weight"]?.integer(1...Limits.weightMax)
    guard let pool, let weight else { return nil }
    return RuleSetDraft.Share(pool: pool, weight: weight)
  }

  private func regionBonus() -> RuleSet.RegionBonus? {
    guard let fields = fields(["region", "points"]) else { return nil }
    let region = fields["region"]?.reference(.region)
    let points = fields["points"]?.integer(0...Limits.pointsMax)
    guard let region, let points else { return nil }
    return RuleSet.RegionBonus(region: region, points: points)
  }

  private func eligibilityRule() -> EligibilityRule? {
    guard let fields = fields(["slug", "name", "rule"]) else { return nil }
    let slug = fields["slug"]?.slug(defining: .eligibilityRule(file: page.file))
    let name = fields["name"]?.bilingualLabel()
    let test: EligibilityRule.Test? = fields["rule"]?.word([
      "organisation-in-track": .organisationInTrack,
      "no-participation-ban": .noParticipationBan, "no-tax-arrears": .noTaxArrears,
    ])
    guard let slug, let name, let test else { return nil }
    return EligibilityRule(slug: slug, name: name, test: test)
  }
}
