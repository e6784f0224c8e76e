import Foundation
import MadangViews
import Testing

@testable import MadangPages
@testable import MadangProgramme

/// Forms as pages draw them: for whom, with what, and again after a refusal.
struct FormPageTests {
  private static let digest = Digest(hex: String(repeating: "0a", count: 32))!

  private static func caller(_ role: Role, _ scope: Int32? = nil, person: Int = 1) -> Caller {
    Caller(
      account: "somebody", person: PersonID(Int64(person)), grants: [Grant(role, scope: scope)!])
  }

  private static func context(
    _ caller: Caller, _ programme: Programme = AccessTests.programme(),
    query: [(name: String, value: String)] = []
  ) -> PageContext {
    PageContext(
      programme: programme, caller: caller, language: .en, path: "/here", query: query,
      now: Instant(0), csrf: caller.isSignedIn ? "c" : nil, formKey: "k")
  }

  /// No part of the work without its form: the operation's name stands in a page's source.
  @Test func `every decision has its form on a page`() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("Sources/MadangPages/Pages")
    let sources = try FileManager.default.contentsOfDirectory(atPath: folder.path)
      .map { try String(contentsOf: folder.appendingPathComponent($0), encoding: .utf8) }
      .joined()
    // A token is a program's: people sign in.
    for operation in Operation.all where operation.method == .post && operation.id != "makeToken" {
      #expect(sources.contains("\"\(operation.id)\""), "\(operation.id)")
    }
  }

  @Test func `a form is drawn for whom its operation is, of its own things alone`() {
    let forms: [(String, String, [String])] = [
      ("recordStep", "line-1", ["officer", "operator"]),
      ("registerUnits", "line-1", ["officer", "operator"]),
      ("scheduleMaintenance", "line-1", ["officer", "operator"]),
      ("revokeAgent", "agent-1", ["officer", "operator"]),
      ("removeMember", "award-1", ["team"]), ("settle", "award-1", ["officer"]),
      ("declareConflict", "application-1", ["officer"]),
      ("reviseApplication", "application-1", ["team"]),
    ]
    let callers: [(String, Caller)] = [
      ("public", .passerBy), ("officer", Self.caller(.officer)),
      ("operator", Self.caller(.operator, 1)), ("otherOperator", Self.caller(.operator, 2)),
      ("team", Self.caller(.team, 1)), ("otherTeam", Self.caller(.team, 3)),
      ("auditor", Self.caller(.auditor)),
    ]
    for (operation, thing, expected) in forms {
      let kind = String(thing.prefix { $0 != "-" })
      // Only whether there is one: what is in it, the programme of a page knows.
      let found = callers.filter { _, caller in
        var values = Values()
        values.set(kind, .text(thing))
        return Operation.named(operation)!.access.mayUse(
          caller, values, in: AccessTests.programme())
      }
      #expect(found.map(\.0) == expected, "\(operation)")
    }
  }

  @Test func `what the page knows is sent and not shown, also when the form is shown again`() {
    let context = Self.context(Self.caller(.team, 1))
    let given = [("allocation", "allocation-1"), ("assets", Self.digest.hex)]
    let html = ActionForm.html("confirmHandover", given: given, back: "/", context).text
    #expect(html.contains("<input type=\"hidden\" name=\"assets\" value=\"\(Self.digest.hex)\">"))
    #expect(html.contains("<input type=\"hidden\" name=\"given\" value=\"assets\">"))
    #expect(!html.contains("<label") && !html.contains("data-digest"))
  }

  @Test func `of several things each form has identifiers of its own`() {
    let context = Self.context(Self.caller(.officer))
    let forms = ["line-1", "line-2"].map {
      ActionForm.html("registerUnits", given: [("line", $0)], back: "/", context).text
    }.joined()
    let ids = forms.components(separatedBy: " id=\"").dropFirst().map { $0.prefix { $0 != "\"" } }
    #expect(ids.count == 4 && Set(ids).count == ids.count, "\(ids)")
  }

  @Test func `nothing that must be chosen is chosen beforehand`() {
    let context = Self.context(Self.caller(.officer))
    let html = ActionForm.html("recordStep", given: [("line", "line-1")], back: "/", context).text
    let state = html.components(separatedBy: "name=\"state\"")[1].prefix(60)
    #expect(state.contains("required><option value=\"\">Choose</option>"), "\(state)")
  }

  // MARK: An allocation's card

  private static func card(_ caller: Caller, assets: Digest?, isRead: Bool = true) -> String {
    var programme = AccessTests.programme()
    programme.allocations[AllocationID(1)].drift = .unconfirmed
    programme.allocations[AllocationID(1)].driftSince = programme.now
    programme.awards[AwardID(1)].clock = nil
    var found = AwardFacts()
    if isRead {
      found.observed[AllocationID(1)] = AwardFacts.Observed(
        at: Instant(0), generation: 1,
        found: ObservedAllocation(
          allocation: AllocationID(1), limit: .reserved(gpus: 8), suspended: false, readyGPUs: 8,
          assets: assets))
    }
    return AllocationCards.html(of: AwardID(1), found, context(caller, programme)).text
  }

  @Test func `a member confirms the very list that was read back, and others are told who may`() {
    let form = "action=\"/do/confirmHandover\""
    let member = Self.card(
      Caller(account: "member", person: PersonID(9), grants: []), assets: Self.digest)
    #expect(member.contains(form) && member.contains("value=\"\(Self.digest.hex)\""))
    #expect(member.contains("the term counts from that day, whenever they are confirmed"))
    let organisation = Self.card(Self.caller(.team, 1), assets: Self.digest)
    #expect(!organisation.contains(form) && organisation.contains("add one under"))
    let office = Self.card(Self.caller(.auditor), assets: Self.digest)
    #expect(!office.contains(form) && office.contains(Self.digest.hex))
    for caller in [Caller.passerBy, Self.caller(.team, 2), Self.caller(.operator, 1)] {
      #expect(!Self.card(caller, assets: Self.digest).contains(Self.digest.hex))
    }
    // Before the operator's list is there, there is nothing to confirm.
    let early = Self.card(
      Caller(account: "member", person: PersonID(9), grants: []), assets: nil)
    #expect(!early.contains(form))
  }

  @Test func `of what was never read nothing is said to differ`() {
    let unread = Self.card(.passerBy, assets: nil, isRead: false)
    #expect(!unread.contains("differs") && !unread.contains("≠"))
    #expect(Self.card(.passerBy, assets: nil).contains("<td>=</td>"))
  }

  // MARK: Tables

  @Test func `each table of a page has its own order and its own page`() {
    let query = [(name: "sort", value: "b.-1"), (name: "page", value: "a.2")]
    let context = Self.context(.passerBy, query: query)
    func table(_ id: String) -> String {
      var table = TableView(id, caption: id, columns: [.number("n")], empty: "–")
      table.rows = (1...120).map { [.number($0)] }
      return table.html(context).text
    }
    #expect(table("a").contains("<tr><td class=\"n\">51</td>") && table("a").contains("2 / 3"))
    #expect(table("b").contains("<tr><td class=\"n\">120</td>") && table("b").contains("1 / 3"))
    // On to the next page of one, the other stays as it is; in a new order one begins anew.
    #expect(table("a").contains("href=\"/here?sort=b.-1&amp;page=a.3#a\""))
    #expect(table("a").contains("href=\"/here?sort=b.-1&amp;sort=a.1#a\""))
    #expect(table("b").contains("href=\"/here?page=a.2&amp;sort=b.1#b\""))
  }

  @Test func `of an amendment only what its change needs is asked, and has to be there`() throws {
    let fields: [(String, needed: [String], other: [String])] = [
      ("extension", ["to"], []), ("supplement", ["gpus"], []),
      ("transfer", ["allocation", "cluster"], []),
      ("resize", ["allocation"], ["gpus", "budgetGPUHours", "budgetGPUSeconds"]),
      ("override", ["allocation"], ["gpus", "budgetGPUHours", "budgetGPUSeconds"]),
      ("overrideEnd", ["allocation"], []), ("recall", ["allocation"], []), ("suspension", [], []),
      ("resumption", [], []), ("end", [], []),
    ]
    let operation = try #require(MadangViews.Operation.named("draftAmendment"))
    let context = Self.context(Self.caller(.officer))
    for (change, needed, other) in fields {
      let given = [("award", "award-1"), ("change", change)]
      let form = ActionForm.html(operation.id, given: given, back: "/", context).text
      let again = ActionForm.again(
        operation, given: given, back: "/", filled: .init(values: [], wrong: nil),
        because: ProgrammeRefusal.notFounded, context
      ).body(context).text
      for field in operation.body where field.name != "change" {
        let isThere = field.name == "ground" || (needed + other).contains(field.name)
        let isNeeded = field.name == "ground" || needed.contains(field.name)
        for (where_, html) in [("first", form), ("again", again)] {
          let parts = html.components(separatedBy: "name=\"\(field.name)\"")
          #expect((parts.count == 2) == isThere, "\(change) \(field.name) \(where_)")
          #expect(
            (parts.last?.hasPrefix(" required") ?? false) == (isThere && isNeeded),
            "\(change) \(field.name) \(where_)")
        }
      }
    }
    // Every change is one of these, so that a new one is thought of here.
    guard case .choice(let changes) = operation.body[0].kind else { return }
    #expect(changes.map(\.word) == fields.map(\.0))
  }

  @Test func `a choice that the server knew is a choice again, with what was chosen`() throws {
    let operation = try #require(MadangViews.Operation.named("declareConflict"))
    let context = Self.context(Self.caller(.officer))
    let page = ActionForm.again(
      operation, given: [("application", "application-1")], back: "/",
      options: ApplicationPage.options(reviewers: ["kim", "park"]),
      filled: .init(values: [("reviewer", "park"), ("ground", "recused")], wrong: nil),
      because: ProgrammeRefusal.notFounded, context)
    let html = page.body(context).text
    #expect(html.contains("<select id=\"declareConflict-application-1-reviewer\""))
    #expect(html.contains("<option value=\"park\" selected>park</option>"), "\(html)")
  }

  @Test func `what may be done about a row is in no export`() {
    let table = TableView(
      "t", caption: "t", columns: [.text("name"), .actions("remove")],
      rows: [[.text("kim"), .html("<button>x</button>", "")]], empty: "–")
    let context = Self.context(.passerBy, query: [("sort", "t.2")])
    #expect(table.csv(context) == "\u{FEFF}name\r\nkim\r\n")
    #expect(table.html(context).text.contains("<th scope=\"col\">remove</th>"))
  }

  // MARK: The foot

  @Test func `the foot of a kept page says what stays true until the next event`() {
    var programme = AccountsPageTests.programme(hours: 1)
    programme.now = Instant(1_767_193_200)
    func foot(_ now: Int64) -> String {
      let context = PageContext(
        programme: programme, caller: .passerBy, language: .en, path: "/", query: [],
        now: Instant(now), csrf: nil, formKey: "")
      let text = Frame.document(ComponentsPage.page(context), context).text
      return text.components(separatedBy: "<footer>")[1]
    }
    #expect(foot(1_767_193_200) == foot(1_767_300_000))
    #expect(foot(0).contains("Newest event 1 Jan 2026 00:00"))
  }
}
