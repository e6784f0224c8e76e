@testable import MadangProgramme

/// One event of every type, written out by hand: what the golden files hold. Never changed once a
/// golden file was made from it; a new version gets a new sample.
enum Samples {
  static let day = Scenario.day("2026-03-02")
  static let term = Scenario.term("2026-03-16..2027-03-16")
  static let digest = Digest(0x0123_4567_89AB_CDEF, 2, 3, 0xFEDC_BA98_7654_3210)
  static let text = Text(assumingValid: "가동 \"A\" \\ é 🌾")
  static let said = Bilingual(
    ko: Text(assumingValid: "마당"), en: Text(assumingValid: "the \"yard\""))

  static func slug(_ text: String) -> Slug { Scenario.slug(text) }

  static let claims = Claims(
    first: Figure(
      value: 13_712, confidence: .announced, source: SourceID(2), on: day, note: said),
    others: [
      Figure(value: 13_136, confidence: .delivered, source: SourceID(3), on: day, note: nil)
    ])

  static let header = Header(
    number: 41, at: Instant(1_772_409_600), received: Instant(1_772_409_599),
    by: Scenario.person(9_007_199_254_740_991))

  static let rules = RuleSet(
    slug: slug("rules-1"), name: said, unit: 8,
    shares: [
      RuleSet.Share(pool: PoolID(2), weight: 30), RuleSet.Share(pool: PoolID(3), weight: 20),
    ],
    unusedShare: .passes, minimumScore: 60,
    regionBonus: [RuleSet.RegionBonus(region: slug("jeju"), points: 3)], organisationCap: 256,
    applicationCap: nil, skips: true, reserveCount: 20,
    eligibility: [
      EligibilityRule(slug: slug("track"), name: said, test: .organisationInTrack),
      EligibilityRule(slug: slug("ban"), name: said, test: .noParticipationBan),
      EligibilityRule(slug: slug("tax"), name: said, test: .noTaxArrears),
    ])

  static let lines = [
    OfferedLine(
      line: LineID(4), model: DeviceModelID(1),
      gpus: StepFunction(changes: [(day, 64), (day.advanced(by: 9), -16)])),
    OfferedLine(line: LineID(5), model: DeviceModelID(2), gpus: .zero),
  ]

  /// Every outcome there is.
  static let ranking: [Ranked] = {
    let outcomes: [Outcome] = [
      .selected(line: LineID(4), pass: 1), .selected(line: LineID(5), pass: 2),
      .notSelected(.organisationCap(used: 240, cap: 256), reserve: 1),
      .notSelected(.shareExhausted(pool: PoolID(2), left: 8, day: day), reserve: 2),
      .notSelected(.capacityExhausted(left: 0, day: day), reserve: 3),
      .notSelected(.closed(byRank: 3), reserve: 0),
      .notSelected(.belowMinimumScore(minimum: 60), reserve: 0),
      .notSelected(.ineligible(rule: 2), reserve: 0), .notSelected(.withdrawn, reserve: 0),
      .notSelected(.notReviewed, reserve: 0),
      .notSelected(.tooLarge(asked: 512, limit: 256), reserve: 0),
      .notSelected(.notWholeUnits(asked: 9, unit: 8), reserve: 0),
    ]
    return outcomes.enumerated().map { index, outcome in
      Ranked(
        application: ApplicationID(index + 1), rank: index < 7 ? Int32(index + 1) : 0,
        score: index == 9 ? .none : Score(points: Int64(9_000 - index), scale: 100),
        outcome: outcome)
    }
  }()

  static let closings = [PublicFacts.Closing(pass: 1, pool: PoolID(2), rank: 3)]

  /// As the programme holds it: for events that are made of one.
  static let application = Application(
    round: RoundID(1), track: TrackID(2), organisation: OrganisationID(7), gpus: 64, term: term,
    models: ModelPreference([DeviceModelID(1)]) ?? .erased, receivedAt: Instant(1), content: digest,
    standing: .eligible, synthetic: false, brokenRule: -1, revisions: 0, reviewCount: 0,
    pointSum: 0, lastReview: 0, offer: nil)

  static let offer = Offer(
    application: ApplicationID(7), round: RoundID(1), organisation: OrganisationID(7),
    pool: PoolID(2), line: LineID(4), gpus: 64, term: term, rank: 1, pass: 1, acceptBy: day,
    standing: .open)

  static let charter = Charter(
    slug: slug("korea-2025"), name: said, currency: slug("krw"), dropBelow: 10, days: days,
    hash: slug("sha256"), signature: slug("ed25519"), exercise: false)

  static let days: CivilDays = {
    let odd = [CivilDays.OddDay(day: day, lengthSeconds: 82_800)]
    guard
      let days = CivilDays(
        zone: "Asia/Seoul", first: Scenario.day("2025-01-01"), firstStart: Instant(1_735_657_200),
        dayCount: 3_650, oddDays: odd)
    else { preconditionFailure("civil days") }
    return days
  }()

  static let published: PublishedResult = PublishedResult(
    on: day, applications: claims, servers: claims, gpus: claims, selectedProjects: claims,
    selectedServers: claims, selectedGPUs: claims,
    byTrack: [
      PublishedResult.TrackResult(track: TrackID(1), askedGPUs: nil, selectedGPUs: claims),
      PublishedResult.TrackResult(track: TrackID(2), askedGPUs: claims, selectedGPUs: claims),
    ])

  static var all: [Event] { happenings + bindings + definitions.map { .defined($0) } }
}
