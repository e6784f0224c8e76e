import Foundation
import MadangProgramme
import MadangViews
import Testing

/// The office over HTTP, as browsers and programs use it, on a real folder.
@Suite(.serialized)
struct OfficeTests {
  private static let accounts: [(name: String, role: Role)] = [
    ("officer", .officer), ("approver", .approver), ("operator", .operator), ("team", .team),
    ("reviewer-1", .reviewer), ("auditor", .auditor),
  ]

  private static let pages = [
    "/", "/agreements", "/supply", "/supply/line-1", "/pools", "/rounds", "/rounds/round-1",
    "/applications/application-1", "/awards", "/centres", "/accounts", "/ledger", "/ledger/0",
    "/components", "/signin",
  ]

  // MARK: Pages

  @Test func `every page answers in both languages, from here alone, and is told apart by tag`()
    async throws
  {
    let server = try WebServer(decided: true)
    for page in OfficeTests.pages {
      for language in ["ko", "en"] {
        let answer = try await server.get(page, ["Accept-Language": language])
        #expect(answer.status == 200, "\(page)")
        #expect(answer.text.contains("<html lang=\"\(language)\">"), "\(page)")
        #expect(answer.text.hasSuffix("</html>\n"))
        let loads = [
          "<script src=\"http", "<link rel=\"stylesheet\" href=\"http", "<img src=\"http",
        ]
        #expect(loads.allSatisfy { !answer.text.contains($0) }, "\(page)")
        #expect(!answer.text.contains(" style=\"") && !answer.text.contains("onclick"))
        let policy = try #require(answer.headers["content-security-policy"])
        #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
        #expect(try await isKept(answer, page, language, server), "\(page)")
      }
    }
    let missing = try await server.get("/rounds/round-99")
    #expect(missing.status == 404 && missing.text.contains("MDG-1801"))
    let turned = try await server.get("/supply?lang=ko&sort=lines.4")
    #expect(turned.status == 303 && turned.headers["location"] == "/supply?sort=lines.4")
  }

  /// Whether a page is not sent twice. The yard may record something in between, so it is asked
  /// again then.
  private func isKept(
    _ answer: WebServer.Answer, _ page: String, _ language: String, _ server: WebServer
  ) async throws -> Bool {
    var tag = answer.headers["etag"]
    for _ in 0..<3 {
      guard let known = tag else { return true }
      let again = try await server.get(
        page, ["Accept-Language": language, "If-None-Match": known])
      if again.status == 304 { return again.text.isEmpty }
      tag = again.headers["etag"]
    }
    return false
  }

  @Test func `tables are exported as they are sorted`() async throws {
    let server = try WebServer(decided: true)
    let csv = try await server.get("/rounds/round-1?sort=selected.-1&export=selected.csv")
    #expect(csv.headers["content-type"] == "text/csv; charset=utf-8")
    let ranks = csv.text.split(separator: "\r\n").dropFirst()
      .compactMap { $0.split(separator: ",").first.flatMap { Int($0) } }
    #expect(ranks.count == 166 && ranks == ranks.sorted(by: >))
    #expect(try await server.get("/rounds/round-1?export=nothing.csv").status == 404)
  }

  // MARK: Rights

  /// Every operation, by everybody: refused exactly where its declaration says so.
  @Test func `rights hold over HTTP for every operation and role`() async throws {
    let server = try WebServer(decided: true)
    var cookies: [String: String] = [:]
    for account in OfficeTests.accounts {
      cookies[account.name] = try await server.signIn(account.name)
    }
    for operation in Operation.all {
      var path = operation.path
      for field in operation.parameters {
        // What does not exist: a caller who may is told so, and nothing is done by asking.
        path = path.replacingOccurrences(of: "{\(field.name)}", with: "\(field.name)-9999")
      }
      path = path.replacingOccurrences(of: "rank-9999", with: "9999")
        .replacingOccurrences(of: "event-9999", with: "999999999")
      let open = operation.access == .anyone
      let stranger = try await ask(operation, path, server, nil)
      #expect(
        open ? stranger != 401 && stranger != 403 : stranger == 401,
        "\(operation.id): \(stranger)")
      for account in OfficeTests.accounts {
        let status = try await ask(operation, path, server, cookies[account.name])
        let may = OfficeTests.may(operation.access, account.role)
        #expect(status < 500, "\(operation.id) by \(account.name): \(status)")
        // A form's values are read before rights that depend on them: 400 says no more than 403.
        if !may { #expect(status == 403 || status == 400, "\(operation.id) by \(account.name)") }
        if may { #expect(status != 401 && status != 403, "\(operation.id) by \(account.name)") }
      }
    }
  }

  private static func may(_ access: Access, _ role: Role) -> Bool {
    switch access {
    case .anyone, .signedIn: true
    case .roles(let roles): roles.contains(role)
    case .concerned(_, let roles): roles.contains(role)
    }
  }

  private func ask(
    _ operation: MadangViews.Operation, _ path: String, _ server: WebServer, _ cookie: String?
  ) async throws -> Int {
    var headers: [String: String] = [:]
    if let cookie { headers["Cookie"] = cookie }
    guard operation.method == .post else { return try await server.get(path, headers).status }
    if let cookie {
      // The page's own secret, as a script of ours would send it.
      let page = try await server.get("/components", ["Cookie": cookie])
      let form = page.text.components(separatedBy: "name=\"csrf\"").dropFirst().first ?? ""
      headers["X-Madang-Form"] = WebServer.attribute("value", form)
    }
    return try await server.ask("POST", path, "", headers).status
  }

  @Test func `an applicant reads its own reason, and nobody else's`() async throws {
    let server = try WebServer(decided: true)
    let team = try await server.signIn("team-reserve")
    let me = try await server.get("/me", ["Cookie": team])
    let own = try #require(
      me.text.components(separatedBy: "href=\"/applications/").dropFirst().first?
        .prefix { $0 != "\"" })
    let why = try await server.get("/api/v1/applications/\(own)/why", ["Cookie": team])
    #expect(why.status == 200 && why.text.contains("\"agrees\":true"), "\(why.text)")
    let page = try await server.get("/applications/\(own)", ["Cookie": team])
    #expect(page.text.contains("Recomputed from public facts"))
    for other in 1...40 where "application-\(other)" != own {
      let path = "/api/v1/applications/application-\(other)"
      let answer = try await server.get(path, ["Cookie": team])
      if answer.text.contains("\"gpus\"") {
        // Another one of the same organisation.
        #expect(me.text.contains("application-\(other)\""), "\(other)")
      } else {
        #expect(try await server.get(path + "/why", ["Cookie": team]).status == 403)
      }
      let stranger = try await server.get(path)
      #expect(!stranger.text.contains("gpus") && !stranger.text.contains("organisation"))
    }
  }

  // MARK: A decision

  @Test func `officer, approver, officer, team, officer: from reviews to what is enforced`()
    async throws
  {
    let server = try WebServer()
    let officer = try await server.signIn("officer")
    let approver = try await server.signIn("approver")
    let round = "/rounds/round-1"
    #expect(try await server.send("approveRound", on: round, as: officer) == nil)
    #expect(try await server.send("draftRound", on: round, as: approver) == nil)
    let drafted = try #require(try await server.send("draftRound", on: round, as: officer))
    #expect(drafted.status == 303 && drafted.headers["location"] == "\(round)?notice=done")
    #expect(try await server.get(round).text.contains("Who was selected") == false)
    // An officer may not approve, however the form is made.
    let forged = try await server.post("/do/approveRound", [("round", "round-1")], officer)
    #expect(forged.status == 403)
    let approved = try #require(try await server.send("approveRound", on: round, as: approver))
    #expect(approved.status == 303)
    let published = try #require(try await server.send("publishRound", on: round, as: officer))
    #expect(published.status == 303)
    let facts = try await server.get("/api/v1/rounds/round-1/ranks/514").json()
    #expect(facts["selected"] is NSNull)
    // The demo's team is of the first organisation until somebody is selected.
    let selected = try await server.get("/api/v1/rounds/round-1/selected?limit=1000").json()
    #expect((selected["total"] as? Int ?? 0) > 100)
    let ranking = try await server.get(
      "/api/v1/rounds/round-1/ranking?limit=1", ["Cookie": officer]
    ).json()
    let first = try #require((ranking["items"] as? [[String: Any]])?.first)
    let application = try #require(first["application"] as? String)
    let page = "/applications/\(application)"
    let concluded = try #require(
      try await server.send("concludeContract", on: page, as: officer))
    #expect(concluded.status == 303, "\(concluded.text)")
    let refused = try await server.send(
      "allocate", on: "/awards/award-1", as: officer, ["cluster": "embedded"])
    #expect(refused?.status == 422 && refused?.text.contains("MDG-1826") == true)
    let cluster = try #require(try await cluster(for: application, server, officer))
    let allocated = try #require(
      try await server.send(
        "allocate", on: "/awards/award-1", as: officer, ["cluster": cluster, "gpus": "8"]))
    #expect(allocated.status == 303, "\(allocated.text)")
    // The term begins on 16 March; in an exercise somebody moves the clock there.
    let moved = try #require(
      try await server.send("advance", on: "/me", as: officer, ["to": "2026-03-16"]))
    #expect(moved.status == 303, "\(moved.text)")
    var badge = ""
    for _ in 0..<100 where !badge.contains("enforced") {
      try await Task.sleep(for: .milliseconds(100))
      badge = try await server.get("/awards/award-1").text
    }
    #expect(badge.contains("enforced") || badge.contains("unconfirmed"))
  }

  /// A cluster with the award's device model.
  private func cluster(
    for application: String, _ server: WebServer, _ officer: String
  ) async throws -> String? {
    let award = try await server.get("/api/v1/awards/award-1").json()
    let line = (award["award"] as? [String: Any])?["line"] as? String ?? ""
    let model = try await server.get("/supply/\(line)").text
    let text = try await server.get("/api/v1/clusters").text
    let clusters = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]])
    return clusters.first { cluster in
      let name = (cluster["model"] as? String ?? "-").uppercased()
      return cluster["engine"] is String && model.contains(name)
    }?["slug"] as? String
  }

  // MARK: Bad input

  @Test func `a form sent twice does one thing, and one of a session that is over loses nothing`()
    async throws
  {
    let server = try WebServer()
    let officer = try await server.signIn("officer")
    let page = try await server.get("/rounds/round-1", ["Cookie": officer])
    let form = try #require(
      page.text.components(separatedBy: "action=\"/do/draftRound\"").dropFirst().first)
    let pairs = form.components(separatedBy: "<input type=\"hidden\"").dropFirst().prefix(4).map {
      (WebServer.attribute("name", $0), WebServer.attribute("value", $0))
    }
    let once = try await server.post("/do/draftRound", pairs, officer)
    let twice = try await server.post("/do/draftRound", pairs, officer)
    #expect(once.headers["location"]?.hasSuffix("notice=done") == true, "\(once.text)")
    #expect(twice.headers["location"]?.hasSuffix("notice=again") == true, "\(twice.text)")
    // The same key for something else.
    let other = try await server.post(
      "/do/registerOrganisation",
      pairs.filter { $0.0 != "round" } + [("form", "company"), ("region", "capital")], officer)
    #expect(other.status == 409 && other.text.contains("MDG-2001"))
    #expect(other.text.contains("value=\"capital\""), "what was typed is lost")
    // Another tab signs out.
    let csrf = try #require(pairs.first { $0.0 == "csrf" }?.1)
    #expect(try await server.post("/signout", [("csrf", csrf)], officer).status == 303)
    let typed = [("form", "company"), ("region", "<capital>"), ("csrf", csrf), ("back", "/")]
    let door = try await server.post("/do/registerOrganisation", typed, officer)
    #expect(door.status == 401 && door.text.contains("value=\"&lt;capital&gt;\""))
    let back = try await server.ask(
      "POST", "/signin",
      "name=officer&password=open-the-yard&kept.then=registerOrganisation&kept.form=company"
        + "&kept.region=a%3Cb",
      ["Content-Type": "application/x-www-form-urlencoded"])
    #expect(back.status == 200 && back.text.contains("value=\"a&lt;b\""), "\(back.text)")
  }

  @Test func `what cannot be read is refused by name, and nothing is done`() async throws {
    let server = try WebServer(decided: true)
    let before = try await server.get("/api/v1/programme").json()["organisations"] as? Int
    #expect(before != nil)
    let run = try CommandLineRun(
      "user", "token", "make", "officer", "--label", "test", "--json", data: server.folder.data)
    #expect(run.exitCode == 0, "\(run.error) \(run.out)")
    let token = try #require(try run.object()["token"] as? String)
    let bearer = ["Authorization": "Bearer \(token)", "Content-Type": "application/json"]
    let path = "/api/v1/organisations"
    let cases: [(String, String, Int)] = [
      ("{", "MDG-1820", 400), ("[]", "MDG-1820", 400), ("{\"form\":1}", "MDG-1823", 400),
      ("{\"form\":\"company\"}", "MDG-1822", 400), ("{\"forms\":\"company\"}", "MDG-1824", 400),
      ("{\"form\":\"bank\",\"region\":\"x\"}", "MDG-1823", 400),
      ("{\"form\":\"company\",\"region\":\"\\u0000\"}", "MDG-1823", 400),
      (
        "{\"form\":\"company\",\"region\":\"" + String(repeating: "x", count: 70_000) + "\"}",
        "MDG-1802", 413
      ),
    ]
    for (body, code, status) in cases {
      let answer = try await server.ask("POST", path, body, bearer)
      #expect(
        answer.status == status && answer.text.contains(code), "\(body.prefix(60)): \(answer)")
      #expect(answer.headers["content-type"] == "application/problem+json")
    }
    var plain = bearer
    plain["Content-Type"] = "text/plain"
    #expect(try await server.ask("POST", path, "{}", plain).status == 415)
    let wrong = try await server.get(
      "/api/v1/me", ["Authorization": "Bearer madang_no", "Accept-Language": "ko"])
    #expect(wrong.status == 401 && wrong.text.contains("MDG-1832"), "\(wrong)")
    for query in ["?cursor=-1", "?cursor=x", "?limit=0", "?limit=1001", "?what=1", "?cursor=%"] {
      let answer = try await server.get("/api/v1/awards\(query)")
      #expect(answer.status == 400, "\(query): \(answer.status)")
    }
    let far = try await server.get("/api/v1/awards?cursor=9007199254740991").json()
    #expect((far["items"] as? [Any])?.isEmpty == true && far["next"] is NSNull)
    let after = try await server.get("/api/v1/programme").json()["organisations"] as? Int
    #expect(after == before)
    var keyed = bearer
    keyed["Idempotency-Key"] = "one"
    let body = "{\"form\":\"company\",\"region\":\"capital\"}"
    let first = try await server.ask("POST", path, body, keyed)
    #expect(first.status == 200 && first.text.contains("\"replayed\":false"), "\(first.text)")
    #expect(try await server.ask("POST", path, body, keyed).text.contains("\"replayed\":true"))
  }
}
