import MadangCrypto
import MadangProgramme

/// A programme as its office told it: one award of 16 GPUs with an allocation at a cluster that has
/// an engine, and a second cluster that is another agent's.
struct Office {
  private(set) var programme = Programme()
  /// Every command that made it, to be played into a journal.
  private(set) var log: [Envelope] = []

  /// What a test has otherwise.
  struct Setting {
    var engine = ClusterEngine(kind: .slurm, simulated: true)
    /// Nothing: there is one cluster alone.
    var otherEngine: ClusterEngine? = ClusterEngine(kind: .slurm, simulated: true)
    /// GPUs of the line that its operator keeps.
    var operatorShare: Int64?
    var limit = AllocationLimit.reserved(gpus: 16)
  }

  static let clerk = person(1)
  static let head = person(2)
  static let cluster = ClusterID(1)
  static let other = ClusterID(2)
  static let model = DeviceModelID(1)
  static let allocation = AllocationID(1)
  /// 2026-01-01 00:00 in Seoul.
  static let start = Instant(1_767_193_200)
  /// An hour into the award's first day.
  static let now = Instant(at(days: 59).seconds + 3_600)

  static func at(days: Int64) -> Instant { Instant(start.seconds + days * 86_400) }
  static func person(_ number: Int64) -> PersonID { PersonID(number)! }

  init(_ setting: Setting = Setting()) throws(Refusal) {
    try give(.found(Office.charter), at: Office.start)
    for definition in Office.definitions(setting) {
      try give(.define(definition), at: Office.start)
    }
    try give(.recordStep(LineID(1), Office.step), at: Office.at(days: 1))
    try give(
      .registerOrganisation(
        Organisation(form: .university, region: Office.slug("here"), synthetic: true)),
      at: Office.at(days: 1))
    try give(.submit(Office.form), at: Office.at(days: 2))
    let decided = Office.at(days: 31)
    try give(
      .judgeEligibility(ApplicationID(1), brokenRule: nil, ruleSet: Office.digest), at: decided)
    try give(.review(ApplicationID(1), points: [90]), by: Office.person(11), at: decided)
    try give(
      .draftRound(RoundID(1), rules: Office.rules, ruleSet: Office.digest), at: decided)
    try give(.approveRound(RoundID(1)), by: Office.head, at: decided)
    try give(.publishRound(RoundID(1)), by: Office.head, at: decided)
    try give(.concludeContract(ApplicationID(1)), at: Office.at(days: 32))
    try give(
      .allocate(AwardID(1), Office.cluster, setting.limit), at: Office.at(days: 33))
  }

  /// Decides a command and applies what it decides.
  @discardableResult
  mutating func give(
    _ command: Command, by: PersonID = clerk, at: Instant
  ) throws(Refusal) -> [Event] {
    let envelope = Envelope(by: by, received: at, command: command)
    let events = try programme.decide(envelope)
    log.append(envelope)
    let moment = programme.time(of: at)
    for event in events {
      programme.apply(
        event, Header(number: programme.eventCount, at: moment, received: at, by: by))
    }
    return events
  }

  // MARK: - What it is made of

  static let digest = SHA256.hash(Array("rules".utf8))
  static func slug(_ text: String) -> Slug { Slug(text)! }
  // A text of the tests that no rule refuses.
  static func text(_ text: String) -> Text { try! Text(text) }
  static func said(_ text: String) -> Bilingual {
    Bilingual(ko: Office.text(text), en: Office.text(text))
  }
  static func claims(_ gpus: Int64) -> Claims {
    Claims(
      first: Figure(
        value: gpus, confidence: .contracted, source: SourceID(1), on: Day("2026-01-01")!,
        note: nil))
  }

  static let charter = Charter(
    slug: slug("test"), name: said("test"), currency: slug("krw"), dropBelow: 10,
    days: CivilDays(
      zone: "Asia/Seoul", first: Day("2026-01-01")!, firstStart: start, dayCount: 730,
      oddDays: [])!,
    hash: slug("sha256"), signature: slug("ed25519"), exercise: true)

  static let step = SupplyStep(
    state: .inService, gpus: 64, on: Day("2026-01-01")!, confidence: .contracted,
    source: SourceID(1), evidence: said("seen"), planned: false)

  private static let form = ApplicationForm(
    round: RoundID(1), track: TrackID(1), organisation: OrganisationID(1),
    ask: Ask(models: [model], gpus: 16, term: period), content: digest)

  private static let period = Term(from: Day("2026-03-01")!, to: Day("2026-09-01")!)!

  private static let rules = RuleSet(
    slug: slug("rules"), name: said("rules"), unit: 8, shares: [], unusedShare: .stays,
    minimumScore: 10, regionBonus: [], organisationCap: nil, applicationCap: 64, skips: true,
    reserveCount: nil,
    eligibility: [
      EligibilityRule(slug: slug("form"), name: said("form"), test: .organisationInTrack)
    ])

  private static let round = Round(
    call: CallID(1), number: 1, opens: at(days: 1), closes: at(days: 30), period: period,
    acceptance: Round.Acceptance(days: 10, business: false), minimumConfidence: .announced,
    offers: [Round.Offer(line: LineID(1), gpus: claims(64))], rules: rules,
    asksPublicFrom: at(days: 90))

  static let definitions = definitions(Setting())

  private static func definitions(_ setting: Setting) -> [Definition] {
    let isOther: (Definition) -> Bool = {
      switch $0 {
      case .cluster(other, _), .engine(other, _): true
      default: false
      }
    }
    return all(setting).filter { setting.otherEngine != nil || !isOther($0) }
  }

  private static func all(_ setting: Setting) -> [Definition] {
    [
      .source(
        SourceID(1),
        Source(
          slug: slug("notice"), title: text("notice"), publisher: text("office"),
          on: Day("2026-01-01")!, dayKnown: true, url: nil)),
      .party(PartyID(1), Party(slug: slug("state"), name: said("state"), kind: .ministry)),
      .model(model, DeviceModel(slug: slug("b200"), name: text("B200"), gpusPerServer: 8)),
      .site(
        SiteID(1),
        Site(
          slug: slug("here"), name: said("here"), operatedBy: PartyID(1), region: slug("here"),
          planned: false)),
      .tranche(
        TrancheID(1),
        Tranche(
          slug: slug("first"), name: said("first"), owner: PartyID(1), commitment: nil,
          source: SourceID(1))),
      .line(
        LineID(1),
        Line(
          slug: slug("line"), tranche: TrancheID(1), site: SiteID(1), model: model,
          operatedBy: nil, gpus: claims(64),
          operatorShare: setting.operatorShare.map { claims($0) },
          spares: 0)),
      .cluster(
        cluster,
        Cluster(slug: slug("one"), site: SiteID(1), model: model, servers: 4, gpus: claims(32))),
      .cluster(
        other,
        Cluster(slug: slug("two"), site: SiteID(1), model: model, servers: 4, gpus: claims(32))),
      .engine(cluster, setting.engine),
      .engine(other, setting.otherEngine ?? setting.engine),
      .pool(
        PoolID(1), Pool(slug: slug("all"), name: said("all"), parent: nil, share: nil, basis: nil)),
      .call(
        CallID(1),
        Call(
          slug: slug("call"), name: said("call"), notice: SourceID(1),
          criteria: [Criterion(slug: slug("plan"), name: said("plan"), weight: 100)])),
      .track(
        TrackID(1),
        Track(
          slug: slug("open"), call: CallID(1), name: said("open"), pool: PoolID(1),
          organisations: [.university])),
      .round(RoundID(1), round),
    ]
  }
}
