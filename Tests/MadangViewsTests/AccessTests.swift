import Foundation
import Testing

@testable import MadangProgramme
@testable import MadangViews

/// Who may do what, for every operation there is: generated from the declarations, and reviewed as
/// a text. `MADANG_RECORD=1` writes it anew.
struct AccessTests {
  private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("access.txt")

  /// An application, an award, an allocation, a cluster, a line and an agent of the first
  /// organisation and centre, and what it lends the second; the second's cluster is elsewhere.
  static func programme() -> Programme {
    var programme = Programme()
    let day = Day("2026-03-16")!
    let term = Term(from: day, to: day.advanced(by: 10))!
    programme.applications.append(
      Application(
        round: RoundID(1), track: nil, organisation: OrganisationID(1), gpus: 8, term: term,
        models: .erased, receivedAt: Instant(0),
        content: Digest(hex: String(repeating: "0", count: 64))!, standing: .eligible,
        synthetic: false, brokenRule: -1, revisions: 0, reviewCount: 0, pointSum: 0, lastReview: 0,
        offer: nil))
    programme.awards.append(
      Award(
        contract: ContractID(1), application: ApplicationID(1), organisation: OrganisationID(1),
        pool: PoolID(1), line: LineID(1), gpus: 8, term: term))
    programme.members.append(Member(award: AwardID(1), person: PersonID(9)))
    programme.allocations.append(
      Allocation(
        award: AwardID(1), cluster: ClusterID(1), limit: .reserved(gpus: 8), override: nil,
        term: term, standing: .live, generation: 1, enforcedGeneration: nil, firstUse: nil,
        drift: nil, driftSince: nil, missingGPUs: 0, outage: .zero, confirmed: nil))
    addCentres(to: &programme)
    // The second organisation's award borrows of the first one's.
    programme.awards.append(
      Award(
        contract: ContractID(2), application: ApplicationID(2), organisation: OrganisationID(2),
        pool: PoolID(1), line: LineID(1), gpus: 8, term: term))
    programme.lendings.append(
      Lending(
        LendingOffered(
          LendingID(1),
          LendingTerms(
            lender: AllocationID(1), award: AwardID(2), gpus: 4, to: term.to, noticeDays: 1),
          offerer: PersonID(9)!)))
    return programme
  }

  private static func addCentres(to programme: inout Programme) {
    let claims = Claims(
      first: Figure(
        value: 8, confidence: .contracted, source: SourceID(1), on: Day("2026-01-01")!, note: nil))
    // Texts of the tests that no rule refuses.
    func text(_ word: String) -> Text { try! Text(word) }
    func said(_ word: String) -> Bilingual { Bilingual(ko: text(word), en: text(word)) }
    programme.models.append(
      DeviceModel(slug: Slug("h200")!, name: text("H200"), gpusPerServer: 8))
    for (number, slug) in ["here", "there"].enumerated() {
      programme.sites.append(
        Site(
          slug: Slug(slug)!, name: said(slug), operatedBy: PartyID(1), region: Slug(slug)!,
          planned: false))
      programme.clusters.append(
        Cluster(
          slug: Slug(slug)!, site: SiteID(number + 1), model: DeviceModelID(1), servers: 1,
          gpus: claims))
    }
    programme.lines.append(
      LineHistory(
        line: Line(
          slug: Slug("line")!, tranche: TrancheID(1), site: SiteID(1), model: nil, operatedBy: nil,
          gpus: claims, operatorShare: nil, spares: 0)))
    programme.agents.append(
      Agent(
        cluster: ClusterID(1), algorithm: Slug("ed25519")!, key: text("0a"), revoked: false))
  }

  private static func caller(_ role: Role, _ scope: Int32? = nil) -> Caller {
    Caller(account: "somebody", person: PersonID(1), grants: [Grant(role, scope: scope)!])
  }

  /// Everybody there is, and for teams and operators: of this and of another.
  private static let callers: [(String, Caller)] = [
    ("public", .passerBy),
    ("nobody", Caller(account: "nobody", person: PersonID(2), grants: [])),
    ("officer", caller(.officer)), ("approver", caller(.approver)),
    ("operator", caller(.operator, 1)), ("otherOperator", caller(.operator, 2)),
    ("team", caller(.team, 1)), ("otherTeam", caller(.team, 2)),
    ("member", Caller(account: "member", person: PersonID(9), grants: [])),
    ("reviewer", caller(.reviewer)), ("auditor", caller(.auditor)),
  ]

  /// Whoever applied could give points to its own application, by two roles of one account.
  @Test func `nobody reviews, or approves for, an organisation that their account is of`() {
    var programme = AccessTests.programme()
    programme.amendments.append(
      Amendment(
        award: AwardID(1), change: .suspension, drafter: PersonID(1), ground: .breach,
        standing: .drafted))
    func caller(_ organisation: Int32) -> Caller {
      Caller(
        account: "lee", person: PersonID(77),
        grants: [Grant(.reviewer)!, Grant(.approver)!, Grant(.team, scope: organisation)!])
    }
    let commands: [Command] = [
      .review(ApplicationID(1), points: [100]), .approveRound(RoundID(1)),
      .approveAmendment(AmendmentID(1)),
    ]
    #expect(
      commands.map { caller(1).interest(in: $0, programme)?.code }
        == ["MDG-1217", "MDG-1228", "MDG-1437"])
    #expect(commands.allSatisfy { caller(2).interest(in: $0, programme) == nil })
    #expect(
      [Command.review(ApplicationID(9), points: []), .approveAmendment(AmendmentID(9))]
        .allSatisfy { caller(1).interest(in: $0, programme) == nil })
  }

  @Test func `a caller's awards are all of those that concern it`() {
    let programme = AccessTests.programme()
    for (name, caller) in AccessTests.callers {
      let each = programme.awards.ids.filter { caller.concerns($0, in: programme) }
      #expect(caller.awards(in: programme) == each, "\(name)")
    }
  }

  @Test func `every operation is for whom it says, of one's own and of others`() throws {
    let programme = AccessTests.programme()
    var text = ""
    for operation in Operation.all {
      var values = Values()
      for field in operation.parameters + operation.body {
        if case .identifier(let kind) = field.kind { values.set(field.name, .text("\(kind)-1")) }
      }
      let allowed = AccessTests.callers.filter { _, caller in
        operation.access.allows(caller, values, in: programme)
      }
      let names = allowed.count == AccessTests.callers.count ? ["everybody"] : allowed.map(\.0)
      text += "\(operation.id): \(names.joined(separator: " "))\n"
    }
    if ProcessInfo.processInfo.environment["MADANG_RECORD"] != nil {
      try Data(text.utf8).write(to: AccessTests.path)
    }
    #expect(text == (try String(contentsOf: AccessTests.path, encoding: .utf8)))
  }

  @Test func `what does not exist is nobody's affair`() {
    let programme = AccessTests.programme()
    var values = Values()
    for name in ["application", "award", "allocation", "lending", "line", "agent", "cluster"] {
      values.set(name, .text("\(name)-99"))
    }
    for concern in Concern.allCases {
      let access = Access.concerned(concern, or: [])
      for (_, caller) in AccessTests.callers {
        #expect(!access.allows(caller, values, in: programme))
      }
    }
  }

  @Test func `whoever decides has signed in, and no operation is there twice`() {
    // Signing in is how one comes to be signed in.
    for operation in Operation.all where operation.method == .post && operation.id != "makeToken" {
      #expect(operation.access != .anyone, "\(operation.id)")
      #expect(!operation.access.allows(.passerBy, Values(), in: AccessTests.programme()))
    }
    let ids = Operation.all.map(\.id)
    #expect(Set(ids).count == ids.count)
    let addresses = Operation.all.map { "\($0.method.rawValue) \($0.path)" }
    #expect(Set(addresses).count == addresses.count)
  }

  @Test func `a path's parts are those declared, and every field has its word in both languages`() {
    for operation in Operation.all {
      let named = operation.path.split(separator: "{").dropFirst()
        .compactMap { $0.split(separator: "}").first.map(String.init) }
      #expect(named == operation.parameters.map(\.name), "\(operation.id)")
      #expect(!operation.title.ko.isEmpty && !operation.title.en.isEmpty)
      #expect(operation.title.ko != operation.title.en, "\(operation.id)")
      for field in operation.parameters + operation.query + operation.body {
        #expect(!field.title.ko.isEmpty && field.title.ko != field.title.en, "\(field.name)")
      }
    }
  }

  @Test func `a grant has a scope where its role needs one, and only there`() {
    for role in Role.allCases {
      let scoped = role == .team || role == .operator
      #expect((Grant(role, scope: 1) != nil) == scoped)
      #expect((Grant(role) != nil) == !scoped)
      #expect(Grant(role, scope: 0) == nil)
    }
  }

  @Test func `an operator says what came, and the office that it was accepted`() throws {
    let operation = try #require(Operation.named("recordStep"))
    for (state, confidence, claims) in [
      ("delivered", "delivered", false), ("inService", "contracted", false),
      ("accepted", "delivered", true), ("inService", "accepted", true),
      ("accepted", "accepted", true),
    ] {
      var values = Values()
      values.set("state", .text(state))
      values.set("confidence", .text(confidence))
      let runs = AccessTests.caller(.operator, 1)
      #expect(runs.claimsAcceptance(operation, values) == claims, "\(state) \(confidence)")
      #expect(!AccessTests.caller(.officer).claimsAcceptance(operation, values))
    }
    let other = try #require(Operation.named("registerUnits"))
    var values = Values()
    values.set("state", .text("accepted"))
    #expect(!AccessTests.caller(.operator, 1).claimsAcceptance(other, values))
  }
}
