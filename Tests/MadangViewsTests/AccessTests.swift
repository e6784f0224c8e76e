import Foundation
import Testing

@testable import MadangProgramme
@testable import MadangViews

/// Who may do what, for every operation there is: generated from the declarations, and reviewed as
/// a text. `MADANG_RECORD=1` writes it anew.
struct AccessTests {
  private static let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("access.txt")

  /// An application, an award, an allocation and a cluster of the first organisation and centre,
  /// and what it lends the second.
  private static func programme() -> Programme {
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
    for name in ["application", "award", "allocation", "lending"] {
      values.set(name, .text("\(name)-3"))
    }
    for concern in [
      Concern.application, .award, .allocation, .lending, .borrowing, .lendingOrBorrowing,
    ] {
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
}
