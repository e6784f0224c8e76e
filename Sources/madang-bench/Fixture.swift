import MadangProgramme
import MadangSimulator

/// A programme made of commands, as large as a bench wants it.
struct Fixture {
  var programme = Programme()
  let officer = Fixture.person(1)
  let approver = Fixture.person(2)
  var received = Instant(1_766_000_000)
  /// Every command given, where they are to be played into a journal.
  private(set) var log: [Envelope] = []
  private var recording = false

  static func person(_ number: Int64) -> PersonID {
    guard let person = PersonID(number) else { preconditionFailure("a person's number") }
    return person
  }

  static func slug(_ text: String) -> Slug {
    guard let slug = Slug(text) else { preconditionFailure("a slug: \(text)") }
    return slug
  }

  static func text(_ value: String) -> Text {
    do { return try Text(value) } catch { preconditionFailure("a text: \(error)") }
  }

  static func name(_ value: String) -> Bilingual {
    Bilingual(ko: text(value), en: text(value))
  }

  /// Decides and applies; a refusal is a defect of the bench.
  @discardableResult
  mutating func give(_ command: Command, by: PersonID? = nil, at: Instant? = nil) -> Int {
    let envelope = Envelope(by: by ?? officer, received: at ?? received, command: command)
    let events: [Event]
    do { events = try programme.decide(envelope) } catch {
      Measure.warn("refused: \(error.code) \(error.what(.en))")
      preconditionFailure("the bench's commands are all accepted")
    }
    let time = programme.time(of: envelope.received)
    for event in events {
      let header = Header(
        number: programme.eventCount, at: time, received: envelope.received, by: envelope.by)
      programme.apply(event, header)
    }
    if recording { log.append(envelope) }
    return events.count
  }

  /// When rounds 1 and 2 close; round 3 stays open.
  static let closes: Int64 = 1_769_000_000

  static let period = Term(from: day("2026-01-01"), to: day("2031-01-01"))

  static func day(_ text: String) -> Day {
    guard let day = Day(text) else { preconditionFailure("a day: \(text)") }
    return day
  }

  static var rules: RuleSet {
    RuleSet(
      slug: slug("bench"), name: name("bench"), unit: 8,
      shares: [
        RuleSet.Share(pool: PoolID(2), weight: 30), RuleSet.Share(pool: PoolID(3), weight: 20),
      ],
      unusedShare: .passes, minimumScore: 20,
      regionBonus: [RuleSet.RegionBonus(region: slug("south"), points: 3)],
      organisationCap: 512, applicationCap: 256, skips: true, reserveCount: nil, eligibility: [])
  }

  /// Two models on two lines whose capacity changes `steps` times, three rounds.
  static func founded(gpus: Int64, steps: Int, recording: Bool = false) -> Fixture {
    var fixture = Fixture()
    fixture.recording = recording
    guard let period,
      let days = CivilDays(
        zone: "Asia/Seoul", first: day("2025-01-01"), firstStart: Instant(1_735_657_200),
        dayCount: 4_000, oddDays: [])
    else { preconditionFailure("days") }
    fixture.give(
      .found(
        Charter(
          slug: slug("bench"), name: name("bench"), currency: slug("krw"), dropBelow: 10,
          days: days, hash: slug("sha256"), signature: slug("ed25519"), exercise: true)))
    let definitions = Fixture.basics + Fixture.fleet(gpus) + Fixture.rounds(gpus, period)
    for definition in definitions { fixture.give(.define(definition)) }
    fixture.addSteps(gpus: gpus, steps: steps, period: period)
    return fixture
  }

  private static func claims(_ value: Int64) -> Claims {
    Claims(
      first: Figure(
        value: value, confidence: .announced, source: SourceID(1), on: day("2025-01-01"),
        note: nil))
  }

  /// One source, owner, tranche and call; two pools with a track each.
  private static var basics: [Definition] {
    let source = SourceID(1)
    return [
      .source(
        source,
        Source(
          slug: slug("bench"), title: text("bench"), publisher: text("bench"),
          on: day("2025-01-01"), dayKnown: true, url: nil)),
      .party(PartyID(1), Party(slug: slug("owner"), name: name("owner"), kind: .agency)),
      .pool(
        PoolID(1), Pool(slug: slug("root"), name: name("root"), parent: nil, share: nil, basis: nil)
      ),
      .pool(
        PoolID(2),
        Pool(
          slug: slug("industry"), name: name("industry"), parent: PoolID(1), share: Ratio(3, 10),
          basis: nil)),
      .pool(
        PoolID(3),
        Pool(
          slug: slug("academia"), name: name("academia"), parent: PoolID(1), share: Ratio(1, 5),
          basis: nil)),
      .tranche(
        TrancheID(1),
        Tranche(
          slug: slug("first"), name: name("first"), owner: PartyID(1), commitment: nil,
          source: source)),
      .call(
        CallID(1),
        Call(
          slug: slug("call"), name: name("call"), notice: source,
          criteria: [
            Criterion(slug: slug("a"), name: name("a"), weight: 60),
            Criterion(slug: slug("b"), name: name("b"), weight: 40),
          ])),
      .track(
        TrackID(1),
        Track(
          slug: slug("industry"), call: CallID(1), name: name("industry"), pool: PoolID(2),
          organisations: [.company])),
      .track(
        TrackID(2),
        Track(
          slug: slug("academia"), call: CallID(1), name: name("academia"), pool: PoolID(3),
          organisations: [.university])),
    ]
  }

  /// Two models, each at a site of its own with one line.
  private static func fleet(_ gpus: Int64) -> [Definition] {
    var definitions: [Definition] = []
    for model in 1...2 {
      definitions += [
        .model(
          DeviceModelID(model),
          DeviceModel(slug: slug("model-\(model)"), name: text("model"), gpusPerServer: 8)),
        .site(
          SiteID(model),
          Site(
            slug: slug("site-\(model)"), name: name("site"), operatedBy: PartyID(1),
            region: slug("south"), planned: false)),
        .line(
          LineID(model),
          Line(
            slug: slug("line-\(model)"), tranche: TrancheID(1), site: SiteID(model),
            model: DeviceModelID(model), operatedBy: nil, gpus: claims(gpus), operatorShare: nil,
            spares: 0)),
      ]
    }
    return definitions
  }

  private static func rounds(_ gpus: Int64, _ period: Term) -> [Definition] {
    var definitions: [Definition] = []
    for number in 1...3 {
      definitions.append(
        .round(
          RoundID(number),
          Round(
            call: CallID(1), number: Int64(number), opens: Instant(1_766_000_000),
            closes: Instant(number == 3 ? 1_799_000_000 : Fixture.closes), period: period,
            acceptance: Round.Acceptance(days: 300, business: false),
            minimumConfidence: .announced,
            offers: (1...2).map { Round.Offer(line: LineID($0), gpus: claims(gpus)) },
            rules: rules, asksPublicFrom: nil)))
    }
    return definitions
  }

  /// Capacity that grows in `steps` parts over the period.
  private mutating func addSteps(gpus: Int64, steps: Int, period: Term) {
    let part = max(8, gpus / 2 / Int64(max(1, steps)) / 8 * 8)
    for line in 1...2 {
      var left = gpus
      for step in 0..<steps + 1 {
        let amount = step == 0 ? gpus / 2 : min(part, left)
        guard amount > 0 else { break }
        left -= amount
        give(
          .recordStep(
            LineID(line),
            SupplyStep(
              state: .inService, gpus: amount,
              on: period.from.advanced(by: step * period.dayCount / (steps + 1)),
              confidence: .announced, source: SourceID(1), evidence: nil, planned: true)))
      }
    }
  }

  /// Registers organisations and submits applications, with terms of their own where asked.
  mutating func submit(
    _ count: Int, round: Int, organisations: Int, ownTerms: Bool,
    _ generator: inout SeededGenerator
  ) {
    guard let period = Fixture.period else { return }
    let first = programme.organisations.count
    for number in 0..<organisations {
      give(
        .registerOrganisation(
          Organisation(
            form: number % 2 == 0 ? .company : .university,
            region: Fixture.slug(number % 3 == 0 ? "south" : "north"), synthetic: true)))
    }
    for _ in 0..<count {
      give(.submit(form(round, first + organisations, ownTerms, period, &generator)))
    }
  }

  func form(
    _ round: Int, _ organisations: Int, _ ownTerms: Bool, _ period: Term,
    _ generator: inout SeededGenerator
  ) -> ApplicationForm {
    var term = period
    if ownTerms {
      let start = generator.draw(0...period.dayCount - 2)
      let end = generator.draw(start + 1...period.dayCount)
      term =
        Term(from: period.from.advanced(by: start), to: period.from.advanced(by: end)) ?? period
    }
    let organisation = generator.draw(1...organisations)
    let model = generator.draw(1...2)
    return ApplicationForm(
      round: RoundID(round), track: TrackID(organisation % 2 == 1 ? 1 : 2),
      organisation: OrganisationID(organisation),
      ask: Ask(
        models: [DeviceModelID(model), DeviceModelID(3 - model)],
        gpus: Int64(8 * generator.draw(1...16)), term: term),
      content: Digest(generator.next(), generator.next(), generator.next(), generator.next()))
  }

  /// Judges and reviews the applications of a round.
  mutating func judge(round: Int, reviews: Int, _ generator: inout SeededGenerator) {
    received = Instant(Fixture.closes + 86_400)
    for id in programme.applications.ids {
      guard programme.applications[id].round == RoundID(round) else { continue }
      give(.judgeEligibility(id, brokenRule: nil, ruleSet: Digest(0, 0, 0, 1)))
      for reviewer in 0..<reviews {
        give(
          .review(id, points: points(&generator)), by: Fixture.person(Int64(100 + reviewer)))
      }
    }
  }

  func points(_ generator: inout SeededGenerator) -> [Int64] {
    [Int64(generator.draw(0...100)), Int64(generator.draw(0...100))]
  }

  /// Drafts, approves and publishes a round, and concludes up to `awards` contracts.
  mutating func decide(round: Int, awards: Int) {
    let id = RoundID(round)
    give(.draftRound(id, rules: Fixture.rules, ruleSet: Digest(0, 0, 0, 1)))
    give(.approveRound(id), by: approver)
    give(.publishRound(id))
    for offer in programme.offers.ids.prefix(awards) {
      give(.concludeContract(programme.offers[offer].application))
    }
  }
}
