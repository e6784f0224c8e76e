/// The rules by which a round is decided: data that anyone can read, change and try.
public struct RuleSet: Hashable, Record {
  /// A pool's part of the round's capacity: `weight` over the sum of all weights.
  public struct Share: Hashable, Record {
    public let pool: PoolID
    public let weight: Int64

    public init(pool: PoolID, weight: Int64) {
      self.pool = pool
      self.weight = weight
    }

    public func writeFields(to writer: inout CanonicalWriter) {
      writer.field("pool", pool)
      writer.field("weight", weight)
    }

    public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
      pool = try reader.field("pool")
      weight = try reader.field("weight")
    }
  }

  /// What becomes of a share that its pool cannot fill.
  public enum UnusedShare: String, CanonicalWord, Hashable {
    /// It is not awarded in this round.
    case stays
    /// After every pool had its turn, the rest of the ranking may take it, in order.
    case passes
  }

  /// Points added to the score of applications from one region.
  public struct RegionBonus: Hashable, Record {
    public let region: Slug
    public let points: Int64

    public init(region: Slug, points: Int64) {
      self.region = region
      self.points = points
    }

    public func writeFields(to writer: inout CanonicalWriter) {
      writer.field("points", points)
      writer.field("region", region)
    }

    public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
      points = try reader.field("points")
      region = try reader.field("region")
    }
  }

  public let slug: Slug
  public let name: Bilingual
  /// GPUs of a server: what is asked for and awarded comes in whole ones.
  public let unit: Int64
  /// Empty: no share rule, one ranking over the whole capacity.
  public let shares: [Share]
  public let unusedShare: UnusedShare
  /// Points of 100 below which nobody is selected.
  public let minimumScore: Int64?
  public let regionBonus: [RegionBonus]
  /// The most GPUs one organisation may be selected for in this round.
  public let organisationCap: Int64?
  /// The most GPUs one application may ask for.
  public let applicationCap: Int64?
  /// Whether those who do not fit are passed over; else a pool closes at the first of them.
  public let skips: Bool
  /// How many the reserve list holds; nothing: everybody eligible.
  public let reserveCount: Int64?
  public let eligibility: [EligibilityRule]

  public init(
    slug: Slug, name: Bilingual, unit: Int64, shares: [Share], unusedShare: UnusedShare,
    minimumScore: Int64?, regionBonus: [RegionBonus], organisationCap: Int64?,
    applicationCap: Int64?, skips: Bool, reserveCount: Int64?, eligibility: [EligibilityRule]
  ) {
    self.slug = slug
    self.name = name
    self.unit = unit
    self.shares = shares
    self.unusedShare = unusedShare
    self.minimumScore = minimumScore
    self.regionBonus = regionBonus
    self.organisationCap = organisationCap
    self.applicationCap = applicationCap
    self.skips = skips
    self.reserveCount = reserveCount
    self.eligibility = eligibility
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("applicationCap", applicationCap)
    writer.field("eligibility", eligibility)
    writer.field("minimumScore", minimumScore)
    writer.field("name", name)
    writer.field("organisationCap", organisationCap)
    writer.field("regionBonus", regionBonus)
    writer.field("reserveCount", reserveCount)
    writer.field("shares", shares)
    writer.field("skips", skips)
    writer.field("slug", slug)
    writer.field("unit", unit)
    writer.field("unusedShare", unusedShare)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    applicationCap = try reader.field("applicationCap")
    eligibility = try reader.field("eligibility")
    minimumScore = try reader.field("minimumScore")
    name = try reader.field("name")
    organisationCap = try reader.field("organisationCap")
    regionBonus = try reader.field("regionBonus")
    reserveCount = try reader.field("reserveCount")
    shares = try reader.field("shares")
    skips = try reader.field("skips")
    slug = try reader.field("slug")
    unit = try reader.field("unit")
    unusedShare = try reader.field("unusedShare")
  }

  /// What is wrong with the rules in themselves, if anything.
  public func fault(pools: PagedTable<PoolKind, Pool>) -> CallRefusal? {
    if unit < 1 || unit > 1_024 { return .ruleOutOfRange(rule: "unit", value: unit) }
    let counts = [
      ("shares", shares.count, Limits.itemsMax),
      ("regionBonus", regionBonus.count, Limits.itemsMax),
      ("eligibility", eligibility.count, Limits.eligibilityRulesMax),
    ]
    for (name, count, limit) in counts where count > limit {
      return .ruleOutOfRange(rule: name, value: Int64(count))
    }
    for share in shares {
      if !pools.contains(share.pool) { return .unknown("\(share.pool)") }
      if !(1...Limits.weightMax).contains(share.weight) {
        return .ruleOutOfRange(rule: "shares", value: share.weight)
      }
    }
    if Set(shares.map(\.pool)).count != shares.count {
      return .ruleOutOfRange(rule: "shares", value: Int64(shares.count))
    }
    if let score = minimumScore, !(0...Limits.pointsMax).contains(score) {
      return .ruleOutOfRange(rule: "minimumScore", value: score)
    }
    if Set(regionBonus.map(\.region)).count != regionBonus.count {
      return .ruleOutOfRange(rule: "regionBonus", value: Int64(regionBonus.count))
    }
    for bonus in regionBonus where !(0...Limits.pointsMax).contains(bonus.points) {
      return .ruleOutOfRange(rule: "regionBonus", value: bonus.points)
    }
    let gpuCounts = [("organisationCap", organisationCap), ("applicationCap", applicationCap)]
    for case (let name, .some(let cap)) in gpuCounts where cap < 0 || cap > Limits.gpusMax {
      return .ruleOutOfRange(rule: name, value: cap)
    }
    if let count = reserveCount, !(0...Int64(Limits.applicationsMax)).contains(count) {
      return .ruleOutOfRange(rule: "reserveCount", value: count)
    }
    return nil
  }
}
