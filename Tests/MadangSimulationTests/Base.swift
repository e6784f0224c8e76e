import MadangProgramme
import MadangTestEngines

/// The programme that every run begins with: four teams whose contracts are concluded, three
/// clusters with engines of three kinds, and half an hour left of the day on which one award ends
/// and another begins.
///
/// ```
///  award-1  16 GPUs   yesterday ──────▶ tomorrow     ends in the run
///  award-2  16 GPUs   today ──────────────────▶
///  award-3   8 GPUs   today ──────────────────▶
///  award-4  16 GPUs              tomorrow ─────▶     begins in the run
/// ```
struct Base: Sendable {
  let programme: Programme
  let leaves: [Leaf]

  static let today = Day(20_600)
  /// The run's first second, ten minutes before the day ends; Korean days begin at 15:00 UTC.
  static let start = Instant(Int64(20_600) * 86_400 + 15 * 3_600 - 600)
  static let clusters = [ClusterID(1), ClusterID(2), ClusterID(3)]
  static let gpus: [Int64] = [48, 32, 32]
  static let model = DeviceModelID(1)
  /// Drafts; approves; members of teams.
  static let clerk = person(1)
  static let head = person(2)
  static let member = person(7)
  /// Of every team too: who offers a lending does not conclude it.
  static let second = person(6)
  /// In whose name hours are sealed.
  static let yard = person(8)
  /// In whose name agents report.
  static let agents = person(9)

  static let made = Base()

  private init() {
    var made = Making()
    made.give(.found(Base.charter))
    made.define()
    made.round()
    for number in 1...3 {
      made.give(
        .enrolAgent(
          ClusterID(number), algorithm: Base.slug("ed25519"), key: Base.text("aa0\(number)")))
    }
    for number in 1...4 {
      for member in [Base.member, Base.second] {
        made.give(.addMember(AwardID(number), member))
      }
    }
    programme = made.programme
    leaves = made.leaves
  }

  static func person(_ number: Int64) -> PersonID {
    guard let person = PersonID(number) else { preconditionFailure("a person") }
    return person
  }

  static func slug(_ text: String) -> Slug {
    guard let slug = Slug(text) else { preconditionFailure("a slug") }
    return slug
  }

  static func text(_ text: String) -> Text {
    guard let text = try? Text(text) else { preconditionFailure("a text") }
    return text
  }

  static func said(_ text: String) -> Bilingual {
    Bilingual(ko: Base.text(text), en: Base.text(text))
  }

  static let digest = Digest(1, 2, 3, 4)

  private static var charter: Charter {
    let first = today.advanced(by: -1_000)
    guard
      let days = CivilDays(
        zone: "Asia/Seoul", first: first,
        firstStart: Instant(Int64(first.number) * 86_400 - 32_400), dayCount: 3_000, oddDays: [])
    else { preconditionFailure("civil days") }
    return Charter(
      slug: slug("run"), name: said("run"), currency: slug("krw"), dropBelow: 10, days: days,
      hash: slug("sha256"), signature: slug("ed25519"), exercise: true)
  }
}

/// Gives commands until the programme is as a run needs it.
private struct Making {
  var programme = Programme()
  var leaves: [Leaf] = []
  var clock = Instant(Base.start.seconds - 60 * 86_400)

  mutating func give(_ command: Command, by: PersonID = Base.clerk) {
    let envelope = Envelope(by: by, received: clock, command: command)
    do throws(Refusal) {
      let at = programme.time(of: clock)
      for event in try programme.decide(envelope) {
        let header = Header(number: programme.eventCount, at: at, received: clock, by: by)
        programme.apply(event, header)
        leaves.append(Leaf(header: header, event: event))
      }
    } catch {
      preconditionFailure("\(command): \(error.code) \(error.what(.en))")
    }
  }

  mutating func define() {
    let slug = Base.slug("run")
    let name = Base.said("run")
    let day = Base.today.advanced(by: -900)
    give(
      .define(
        .source(
          SourceID(1),
          Source(
            slug: slug, title: Base.text("run"), publisher: Base.text("run"), on: day,
            dayKnown: true, url: nil))))
    give(.define(.party(PartyID(1), Party(slug: slug, name: name, kind: .agency))))
    give(
      .define(
        .tranche(
          TrancheID(1),
          Tranche(slug: slug, name: name, owner: PartyID(1), commitment: nil, source: SourceID(1))
        )))
    give(
      .define(
        .site(
          SiteID(1),
          Site(slug: slug, name: name, operatedBy: PartyID(1), region: slug, planned: false))))
    give(
      .define(
        .model(
          Base.model, DeviceModel(slug: slug, name: Base.text("run"), gpusPerServer: 8))))
    give(.define(.line(LineID(1), line)))
    give(
      .recordStep(
        LineID(1),
        SupplyStep(
          state: .inService, gpus: 96, on: day, confidence: .accepted, source: SourceID(1),
          evidence: nil, planned: false)))
    let kinds: [EngineKind] = [.slurm, .local, .handover]
    for (index, kind) in kinds.enumerated() {
      let id = Base.clusters[index]
      let gpus = Base.gpus[index]
      give(
        .define(
          .cluster(
            id,
            Cluster(
              slug: Base.slug("c\(index)"), site: SiteID(1), model: Base.model, servers: gpus / 8,
              gpus: claims(gpus)))))
      give(.define(.engine(id, ClusterEngine(kind: kind, simulated: true))))
    }
  }

  private var line: Line {
    Line(
      slug: Base.slug("line"), tranche: TrancheID(1), site: SiteID(1), model: Base.model,
      operatedBy: nil, gpus: claims(96), operatorShare: nil, spares: 0)
  }

  private func claims(_ value: Int64) -> Claims {
    Claims(
      first: Figure(
        value: value, confidence: .accepted, source: SourceID(1),
        on: Base.today.advanced(by: -900), note: nil))
  }

  mutating func round() {
    let slug = Base.slug("run")
    let name = Base.said("run")
    give(
      .define(
        .call(
          CallID(1),
          Call(
            slug: slug, name: name, notice: SourceID(1),
            criteria: [Criterion(slug: slug, name: name, weight: 1)]))))
    give(
      .define(.pool(PoolID(1), Pool(slug: slug, name: name, parent: nil, share: nil, basis: nil))))
    give(
      .define(
        .track(
          TrackID(1),
          Track(
            slug: slug, call: CallID(1), name: name, pool: PoolID(1), organisations: [.company]))))
    let opens = Instant(clock.seconds - 10)
    let closes = Instant(clock.seconds + 86_400)
    let round = Round(
      call: CallID(1), number: 1, opens: opens, closes: closes,
      period: term(-30, 300), acceptance: Round.Acceptance(days: 90, business: false),
      minimumConfidence: .contracted, offers: [Round.Offer(line: LineID(1), gpus: claims(96))],
      rules: rules, asksPublicFrom: nil)
    give(.define(.round(RoundID(1), round)))
    apply()
    clock = closes
    for number in 1...4 {
      give(
        .judgeEligibility(ApplicationID(number), brokenRule: nil, ruleSet: Base.digest))
      give(.review(ApplicationID(number), points: [90]), by: Base.person(50))
    }
    give(.draftRound(RoundID(1), rules: rules, ruleSet: Base.digest))
    give(.approveRound(RoundID(1)), by: Base.head)
    give(.publishRound(RoundID(1)))
    for number in 1...4 { give(.concludeContract(ApplicationID(number))) }
  }

  private mutating func apply() {
    let asks: [(gpus: Int64, term: Term)] = [
      (16, term(-1, 1)), (16, term(0, 30)), (8, term(0, 60)), (16, term(1, 30)),
    ]
    for ask in asks {
      give(
        .registerOrganisation(
          Organisation(form: .company, region: Base.slug("run"), synthetic: true)))
      give(
        .submit(
          ApplicationForm(
            round: RoundID(1), track: TrackID(1),
            organisation: OrganisationID(programme.organisations.count),
            ask: Ask(models: [Base.model], gpus: ask.gpus, term: ask.term), content: Base.digest)))
    }
  }

  private func term(_ from: Int, _ to: Int) -> Term {
    guard let term = Term(from: Base.today.advanced(by: from), to: Base.today.advanced(by: to))
    else { preconditionFailure("a term") }
    return term
  }

  private var rules: RuleSet {
    RuleSet(
      slug: Base.slug("run"), name: Base.said("run"), unit: 8, shares: [], unusedShare: .passes,
      minimumScore: nil, regionBonus: [], organisationCap: nil, applicationCap: nil, skips: true,
      reserveCount: nil, eligibility: [])
  }
}
