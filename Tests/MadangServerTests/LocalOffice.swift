import Foundation
import MadangControl
import MadangEngines
import MadangJournal
import MadangProgramme
import Testing

@testable import MadangServer

/// An office's data folder with one cluster of eight GPUs that this machine pretends to have, and
/// two awards of eight; its yard is at work.
final class LocalOffice {
  let folder = try? TestFolder()
  let journal: Journal
  let operations: Operations
  let yard: Yard

  static let cluster = ClusterID(1)
  /// The first day of both awards.
  static let begins = Office.now

  /// In an exercise it is ``begins``; else it is now, and there are no awards.
  init(exercise: Bool = true) throws {
    let path = try #require(folder).path + "/data"
    journal = try Journal(folder: path)
    try journal.give(.found(LocalOffice.charter(exercise)), at: Office.start)
    for definition in LocalOffice.definitions {
      try journal.give(.define(definition), at: Office.start)
    }
    if exercise { try journal.award() }
    operations = try Operations(folder: path)
    yard = try Yard(journal: journal, operations: operations)
  }

  deinit {
    for engine in yard.localEngines {
      for run in engine.jobs() { _ = try? engine.cancel(run.token) }
    }
    try? operations.close()
    try? journal.close()
  }

  /// An allocation of an award.
  func allocate(_ award: Int, _ limit: AllocationLimit) throws -> AllocationID {
    try journal.give(.allocate(AwardID(award), LocalOffice.cluster, limit), at: yard.now)
    return AllocationID(journal.programme.allocations.count)
  }

  /// A change of an award, drafted by one and approved by another.
  func amend(_ award: Int, _ change: AmendmentChange) throws {
    try journal.give(
      .draftAmendment(AwardID(award), change, .operatorRequest), at: yard.now)
    let amendment = AmendmentID(journal.programme.amendments.count)
    try journal.give(.approveAmendment(amendment), by: Office.head, at: yard.now)
  }

  func submit(
    _ work: JobWork, gpus: Int32, seconds: Int64, of allocation: AllocationID
  ) throws -> Int64 {
    let spec = try JobSpec(
      name: "test", work: work, gpus: gpus, timeLimitSeconds: seconds,
      workingFolder: try #require(folder).path)
    return try #require(
      try operations.submit(
        spec: CanonicalWriter.bytes(of: spec), indices: nil, of: allocation, by: Office.clerk,
        key: nil, at: yard.now))
  }

  func task(_ job: Int64) throws -> StoredTask { try #require(try operations.tasks(of: job).first) }

  func reason(_ job: Int64) throws -> String {
    String(decoding: try task(job).reason ?? [], as: UTF8.self)
  }

  /// Rounds as a server does them, until something holds: a minute is far beyond what it takes.
  func rounds(until holds: () throws -> Bool) throws {
    let deadline = Date().addingTimeInterval(60)
    while Date() < deadline {
      _ = try yard.round()
      if try holds() { return }
      usleep(20_000)
    }
    Issue.record("waited in vain")
  }

  // MARK: What it is made of

  private static func charter(_ exercise: Bool) -> Charter {
    Charter(
      slug: Office.slug("test"), name: Office.said("test"), currency: Office.slug("krw"),
      dropBelow: 10, days: Office.charter.days, hash: Office.slug("sha256"),
      signature: Office.slug("ed25519"), exercise: exercise)
  }

  private static let definitions: [Definition] = [
    .source(
      SourceID(1),
      Source(
        slug: Office.slug("notice"), title: Office.text("notice"), publisher: Office.text("office"),
        on: Day("2026-01-01")!, dayKnown: true, url: nil)),
    .party(
      PartyID(1),
      Party(slug: Office.slug("state"), name: Office.said("state"), kind: .ministry)),
    .model(
      Office.model,
      DeviceModel(slug: Office.slug("b200"), name: Office.text("B200"), gpusPerServer: 8)),
    .site(
      SiteID(1),
      Site(
        slug: Office.slug("here"), name: Office.said("here"), operatedBy: PartyID(1),
        region: Office.slug("here"), planned: false)),
    .tranche(
      TrancheID(1),
      Tranche(
        slug: Office.slug("first"), name: Office.said("first"), owner: PartyID(1), commitment: nil,
        source: SourceID(1))),
    .line(
      LineID(1),
      Line(
        slug: Office.slug("line"), tranche: TrancheID(1), site: SiteID(1), model: Office.model,
        operatedBy: nil, gpus: Office.claims(16), operatorShare: nil, spares: 0)),
    .cluster(
      cluster,
      Cluster(
        slug: Office.slug("one"), site: SiteID(1), model: Office.model, servers: 1,
        gpus: Office.claims(8))),
    .engine(cluster, ClusterEngine(kind: .local, simulated: true)),
    .pool(
      PoolID(1),
      Pool(
        slug: Office.slug("all"), name: Office.said("all"), parent: nil, share: nil, basis: nil)),
    .call(
      CallID(1),
      Call(
        slug: Office.slug("call"), name: Office.said("call"), notice: SourceID(1),
        criteria: [Criterion(slug: Office.slug("plan"), name: Office.said("plan"), weight: 100)])),
    .track(
      TrackID(1),
      Track(
        slug: Office.slug("open"), call: CallID(1), name: Office.said("open"), pool: PoolID(1),
        organisations: [.university])),
    .round(RoundID(1), round),
  ]

  fileprivate static let rules = RuleSet(
    slug: Office.slug("rules"), name: Office.said("rules"), unit: 8, shares: [],
    unusedShare: .stays, minimumScore: 10, regionBonus: [], organisationCap: nil,
    applicationCap: 8, skips: true, reserveCount: nil,
    eligibility: [
      EligibilityRule(
        slug: Office.slug("form"), name: Office.said("form"), test: .organisationInTrack)
    ])

  fileprivate static let period = Term(from: Day("2026-03-01")!, to: Day("2026-09-01")!)!

  private static let round = Round(
    call: CallID(1), number: 1, opens: Office.at(days: 1), closes: Office.at(days: 30),
    period: period, acceptance: Round.Acceptance(days: 10, business: false),
    minimumConfidence: .announced,
    offers: [Round.Offer(line: LineID(1), gpus: Office.claims(16))], rules: rules,
    asksPublicFrom: Office.at(days: 90))
}

extension Journal {
  /// Gives a command, which has to be taken.
  func give(_ command: Command, by: PersonID = Office.clerk, at: Instant) throws {
    let envelope = Envelope(by: by, received: at, command: command)
    guard case .accepted = try submit([MadangJournal.Request(envelope)]).first else {
      throw Unexpected("\(command) is refused")
    }
  }

  /// Two teams apply, are decided and conclude; then their awards begin.
  fileprivate func award() throws {
    let step = SupplyStep(
      state: .inService, gpus: 16, on: Day("2026-01-01")!, confidence: .contracted,
      source: SourceID(1), evidence: Office.said("seen"), planned: false)
    try give(.recordStep(LineID(1), step), at: Office.at(days: 1))
    for team in 1...2 {
      try give(
        .registerOrganisation(
          Organisation(form: .university, region: Office.slug("here"), synthetic: true)),
        at: Office.at(days: 1))
      let form = ApplicationForm(
        round: RoundID(1), track: TrackID(1), organisation: OrganisationID(team),
        ask: Ask(models: [Office.model], gpus: 8, term: LocalOffice.period),
        content: Office.digest)
      try give(.submit(form), at: Office.at(days: 2))
    }
    let decided = Office.at(days: 31)
    for team in 1...2 {
      let application = ApplicationID(team)
      try give(
        .judgeEligibility(application, brokenRule: nil, ruleSet: Office.digest), at: decided)
      try give(.review(application, points: [90]), by: Office.person(11), at: decided)
    }
    try give(
      .draftRound(RoundID(1), rules: LocalOffice.rules, ruleSet: Office.digest), at: decided)
    try give(.approveRound(RoundID(1)), by: Office.head, at: decided)
    try give(.publishRound(RoundID(1)), by: Office.head, at: decided)
    for team in 1...2 {
      try give(.concludeContract(ApplicationID(team)), at: Office.at(days: 32))
    }
    try give(.advance(LocalOffice.begins), at: LocalOffice.begins)
  }
}
