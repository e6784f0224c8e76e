import Foundation
import Testing

/// What a server says, and to whom, beside what it decides: each was once otherwise.
@Suite(.serialized)
struct ServedTests {
  private static let form = ["Content-Type": "application/x-www-form-urlencoded"]

  /// A program's token of an account of the exercise.
  private static func token(_ server: WebServer, _ name: String) async throws -> String {
    let answer = try await server.ask(
      "POST", "/api/v1/tokens",
      "{\"name\":\"\(name)\",\"password\":\"open-the-yard\",\"label\":\"test\"}",
      ["Content-Type": "application/json"])
    #expect(answer.status == 200, "\(answer.text)")
    return try #require(try answer.json()["token"] as? String)
  }

  private static func bearer(_ token: String) -> [String: String] {
    ["Authorization": "Bearer \(token)", "Content-Type": "application/json"]
  }

  // MARK: What is not for everybody

  @Test func `what a round comes to is the office's to know until it is published`() async throws {
    let server = try WebServer()
    let path = "/api/v1/rounds/round-1/comparison"
    let officer = try await server.signIn("officer")
    let approver = try await server.signIn("approver")
    let team = try await server.signIn("team")
    func refused(_ when: String) async throws {
      for cookie in [nil, team] {
        let answer = try await server.get(path, cookie.map { ["Cookie": $0] } ?? [:])
        #expect(answer.status == 422 && answer.text.contains("MDG-1219"), "\(when): \(answer)")
      }
      let seen = try await server.get(path, ["Cookie": officer])
      #expect(seen.status == 200 && seen.text.contains("\"decided\""), "\(when): \(seen.text)")
    }
    try await refused("reviewed")
    #expect(
      try await server.send("draftRound", on: "/rounds/round-1", as: officer)?.status == 303)
    try await refused("drafted")
    #expect(
      try await server.send("approveRound", on: "/rounds/round-1", as: approver)?.status == 303)
    try await refused("approved")
    #expect(
      try await server.send("publishRound", on: "/rounds/round-1", as: officer)?.status == 303)
    #expect(try await server.get(path).status == 200)
  }

  @Test func `a programme's own profile hashes the passwords that its server makes`() async throws {
    let folder = try TemporaryFolder()
    let loaded = try CommandLineRun(
      "programme", "load", "Programmes/saltmarsh", "--profile", "kr-public",
      "--at", "2026-09-01T09:00", data: folder.data)
    #expect(loaded.exitCode == 0, "\(loaded.error)")
    let server = try WebServer(folder, ["serve"])
    _ = try await ServedTests.token(server, "officer")
    #expect(await server.end() == 0)
    var text = ""
    for name in ["access.sqlite", "access.sqlite-wal"] {
      let file = folder.data.appendingPathComponent(name).path
      text += String(decoding: FileManager.default.contents(atPath: file) ?? Data(), as: UTF8.self)
    }
    #expect(text.contains("pbkdf2-sha256$600000$"))
    // Where it does not stand in the table's own rule.
    let others = text.components(separatedBy: "scrypt$").dropFirst().filter { !$0.hasPrefix("*") }
    #expect(others.isEmpty)
  }

  // MARK: The door

  @Test func `a cookie outlasts two hours, as the session does that is used`() async throws {
    let server = try WebServer(decided: true)
    let answer = try await server.ask(
      "POST", "/signin", "name=officer&password=open-the-yard", ServedTests.form)
    let cookie = try #require(answer.headers["set-cookie"])
    #expect(cookie.contains("Max-Age=43200"), "\(cookie)")
  }

  @Test func `a field that is called as the door's own comes through it`() async throws {
    let server = try WebServer(decided: true)
    let typed = [("award", "award-1"), ("name", "kim & co"), ("back", "/awards/award-1")]
    let door = try await server.post("/do/addMember", typed, "madang=over")
    #expect(door.status == 401)
    let parts = door.text.components(separatedBy: "<input type=\"hidden\"").dropFirst()
    let kept = parts.map { (WebServer.attribute("name", $0), WebServer.attribute("value", $0)) }
      .filter { $0.0.hasPrefix("kept.") }
    #expect(kept.contains { $0 == ("kept.name", "kim &amp; co") }, "\(kept)")
    let pairs =
      kept.map { ($0.0, $0.1.replacingOccurrences(of: "&amp;", with: "&")) } + [
        ("back", "/awards/award-1"), ("name", "officer"), ("password", "open-the-yard"),
      ]
    // Wrong first: it is kept then too.
    let wrong = try await server.post(
      "/signin", pairs.map { $0.0 == "password" ? ($0.0, "no") : $0 }, "")
    #expect(wrong.status == 401 && wrong.text.contains("kim &amp; co"))
    #expect(!wrong.text.contains("open-the-yard\""))
    let team = pairs.map { $0.0 == "name" ? ($0.0, "team") : $0 }
    let back = try await server.post("/signin", team, "")
    #expect(back.status == 200 && back.text.contains("MDG-1830"), "\(back.text)")
  }

  @Test func `the other language is one press away, wherever somebody is`() async throws {
    let server = try WebServer(decided: true)
    for (path, turned) in [
      ("/signin?back=%2Fsupply&lang=ko", "/signin?back=%2Fsupply"),
      ("/nowhere?lang=ko", "/nowhere"),
      ("/awards/award-99?lang=ko", "/awards/award-99"),
    ] {
      let answer = try await server.get(path)
      #expect(answer.status == 303 && answer.headers["location"] == turned, "\(path): \(answer)")
      #expect(answer.headers["set-cookie"]?.hasPrefix("language=ko;") == true, "\(path)")
    }
    let door = try await server.get("/signin?back=%2Fsupply")
    #expect(door.text.contains("href=\"/signin?back=%2Fsupply&amp;lang=ko\""), "\(door.text)")
    #expect(!door.text.contains("/signin?back=%2Fsignin"))
    // A form that was refused stands for the page that it came from.
    let officer = try await server.signIn("officer")
    let refused = try await server.post(
      "/do/draftRound", [("round", "round-1"), ("back", "/rounds/round-1?rank=3#rank")], officer)
    #expect(refused.status == 403)
    #expect(refused.text.contains("href=\"/rounds/round-1?rank=3&amp;lang=ko\""))
    #expect(!refused.text.contains("/do/draftRound?"))
    let over = try await server.post("/do/draftRound", [("back", "/rounds/round-1")], "madang=over")
    #expect(over.text.contains("href=\"/signin?back=%2Frounds%2Fround-1&amp;lang=ko\""))
  }

  @Test func `a torn address is a page to a browser, and the log has codes, names and addresses`()
    async throws
  {
    let server = try WebServer(decided: true)
    for path in ["/?a=%ZZ", "/signin?b=%C3"] {
      let answer = try await raw(server, path)
      #expect(answer.hasPrefix("HTTP/1.1 400"), "\(answer)")
      #expect(answer.contains("text/html") && answer.contains("MDG-1820"), "\(answer)")
    }
    let torn = try await raw(server, "/api/v1/awards?cursor=%ZZ")
    #expect(torn.contains("application/problem+json") && torn.contains("MDG-1820"))
    #expect(try await server.get("/awards/award-99").headers["madang-refusal"] == "MDG-1801")
    for name in ["officer", "my-password-by-mistake"] {
      _ = try await server.ask(
        "POST", "/signin", "name=\(name)&password=no-such-word", ServedTests.form)
      _ = try await server.ask(
        "POST", "/api/v1/tokens",
        "{\"name\":\"\(name)\",\"password\":\"no-such-word\",\"label\":\"x\"}",
        ["Content-Type": "application/json"])
    }
    try await Task.sleep(for: .milliseconds(300))
    let lines = server.log.split(separator: "\n").map(String.init)
    #expect(lines.contains { $0.contains("code=MDG-1801") && $0.contains("request") }, "\(lines)")
    let tries = lines.filter { $0.contains("sign-in") && $0.contains("code=MDG-1901") }
    #expect(tries.count == 4 && tries.allSatisfy { $0.contains("address=127.0.0.1") }, "\(tries)")
    #expect(tries.filter { $0.contains("account=officer") }.count == 2)
    #expect(!server.log.contains("my-password-by-mistake") && !server.log.contains("no-such-word"))
  }

  /// What a browser would not send: an address as it stands.
  private func raw(_ server: WebServer, _ path: String) async throws -> String {
    let port = server.port
    return try await Task.detached {
      let process = Process()
      let output = Pipe()
      process.executableURL = URL(fileURLWithPath: "/bin/bash")
      process.arguments = [
        "-c",
        "exec 3<>/dev/tcp/127.0.0.1/\(port); printf 'GET %s HTTP/1.1\\r\\nHost: a\\r\\n"
          + "Connection: close\\r\\n\\r\\n' '\(path)' >&3; cat <&3",
      ]
      process.standardOutput = output
      try process.run()
      let data = output.fileHandleForReading.readDataToEndOfFile()
      process.waitUntilExit()
      return String(decoding: data, as: UTF8.self)
    }.value
  }

  // MARK: The end

  @Test func `told to end, it gives its last answers first, and waits for nobody who listens`()
    async throws
  {
    let server = try WebServer(decided: true)
    // Somebody who listens for events for ever.
    let listener = Task { try await server.get("/api/v1/events").status }
    let asking = Task {
      var statuses: [Int: Int] = [:]
      // Until nobody answers any more.
      while let status = try? await server.get("/api/v1/ledger/events/17").status {
        statuses[status, default: 0] += 1
      }
      return statuses
    }
    try await Task.sleep(for: .milliseconds(500))
    let begun = ContinuousClock.now
    #expect(await server.end() == 0)
    #expect(ContinuousClock.now - begun < .seconds(8), "it waited for who listens")
    let statuses = await asking.value
    #expect(statuses[200] ?? 0 > 0 && statuses.count == 1, "\(statuses)")
    #expect(try await listener.value == 200)
    let whole = try CommandLineRun("ledger", "verify", data: server.folder.data)
    #expect(whole.exitCode == 0 && !whole.out.contains("not signed"), "\(whole.out)")
  }

  // MARK: Asking twice, asking on

  @Test func `moving the clock to now is done once, however long after it is sent again`()
    async throws
  {
    let server = try WebServer(decided: true)
    var headers = ServedTests.bearer(try await ServedTests.token(server, "officer"))
    headers["Idempotency-Key"] = "now"
    let once = try await server.ask("POST", "/api/v1/clock", "{}", headers)
    #expect(once.status == 200, "\(once.text)")
    // The clock goes on meanwhile.
    try await Task.sleep(for: .milliseconds(1_500))
    let again = try await server.ask("POST", "/api/v1/clock", "{}", headers)
    #expect(again.status == 200 && again.text.contains("\"replayed\":true"), "\(again.text)")
    let other = try await server.ask(
      "POST", "/api/v1/clock", "{\"to\":\"2026-04-01\"}", headers)
    #expect(other.status == 409 && other.text.contains("MDG-2001"), "\(other.text)")
  }

  @Test func `where a text goes on, it goes on with what was asked`() async throws {
    let server = try WebServer(decided: true)
    let text = try await server.get("/api/v1/offers?limit=2", ["Accept": "text/plain"])
    #expect(
      text.headers["link"] == "</api/v1/offers?cursor=2&limit=2>; rel=\"next\"",
      "\(text.headers)")
    let next = try await server.get(
      "/api/v1/offers?cursor=2&limit=2", ["Accept": "text/plain"])
    #expect(next.headers["link"] == "</api/v1/offers?cursor=4&limit=2>; rel=\"next\"")
  }

  // MARK: What is kept

  @Test func `a tag is of one address, and what a page does not know makes no other page`()
    async throws
  {
    let server = try WebServer(decided: true)
    func tag(_ path: String, _ headers: [String: String] = [:]) async throws -> String? {
      try await server.get(path, headers).headers["etag"]
    }
    let awards = try #require(try await tag("/awards"))
    // Only an event makes another one, so that a few tries tell.
    var same = false
    for _ in 0..<3 where !same {
      let plain = try await tag("/awards")
      same = try await tag("/awards?utm=1&x=%20") == plain
    }
    #expect(same)
    let others = [
      try await tag("/supply"), try await tag("/awards?sort=awards.3"),
      try await tag("/awards", ["Accept-Language": "ko"]), try await tag("/api/v1/awards"),
      try await tag("/api/v1/awards", ["Accept": "text/plain"]),
    ]
    #expect(Set(others + [awards]).count == others.count + 1, "\(others)")
    let missing = try await server.get("/supply/line-99999", ["If-None-Match": awards])
    #expect(missing.status == 404)
  }

  @Test func `a script is for ever under its own version alone`() async throws {
    let server = try WebServer(decided: true)
    let page = try await server.get("/")
    let name = "/assets/madang.js?v="
    let version = try #require(page.text.components(separatedBy: name).dropFirst().first)
      .prefix { $0 != "\"" }
    let now = try await server.get(name + version)
    #expect(now.headers["cache-control"] == "public, max-age=31536000, immutable")
    for path in [name + "old", "/assets/icon.svg"] {
      let old = try await server.get(path)
      #expect(old.status == 200 && old.headers["cache-control"] == "no-cache", "\(path)")
      let tag = try #require(old.headers["etag"])
      #expect(try await server.get(path, ["If-None-Match": tag]).status == 304)
    }
  }

  @Test func `nothing that is answered is to be guessed at`() async throws {
    let server = try WebServer(decided: true)
    for path in [
      "/", "/openapi.json", "/metrics", "/healthz", "/api/v1/programme", "/api/v1/nothing",
      "/assets/madang.css", "/awards?export=awards.csv",
    ] {
      let answer = try await server.get(path)
      #expect(answer.headers["x-content-type-options"] == "nosniff", "\(path)")
    }
    let problem = try await server.get("/api/v1/nothing").json()
    #expect(problem["type"] as? String == "urn:madang:refusal:MDG-1801")
  }

  // MARK: People

  @Test func `a member who may not sign in any more can be removed`() async throws {
    let server = try WebServer(decided: true)
    let officer = ServedTests.bearer(try await ServedTests.token(server, "officer"))
    let offers = try await server.get("/api/v1/offers?limit=1000").json()["items"]
    let open = (offers as? [[String: Any]])?.first { $0["standing"] as? String == "open" }
    let application = try #require(open?["application"] as? String)
    let concluded = try await server.ask(
      "POST", "/api/v1/applications/\(application)/contract", "{}", officer)
    #expect(concluded.status == 200, "\(concluded.text)")
    let shown = try await server.get("/api/v1/applications/\(application)", officer).json()
    let organisation = try #require(shown["organisation"] as? String)
    let path = server.folder.url.appendingPathComponent("password")
    try Data("a sentence nobody guesses\n".utf8).write(to: path)
    // Persons whom the ledger knows: the folder is the server's to write in.
    for (name, person, role) in [
      ("lead", "reviewer-1", "team:\(organisation)"), ("kim", "operator", "reviewer"),
    ] {
      let added = try CommandLineRun(
        "user", "add", name, "--role", role, "--person", person, "--password-file", path.path,
        data: server.folder.data)
      #expect(added.exitCode == 0, "\(added.error)")
    }
    let made = try CommandLineRun(
      "user", "token", "make", "lead", "--label", "x", data: server.folder.data)
    let lead = ServedTests.bearer(made.out.trimmingCharacters(in: .whitespacesAndNewlines))
    let members = "/api/v1/awards/award-1/members"
    func ask(_ path: String, _ name: String) async throws -> WebServer.Answer {
      try await server.ask("POST", path, "{\"name\":\"\(name)\"}", lead)
    }
    // What was typed into a field called `name` stands there again after the door.
    let door = try await server.post(
      "/signin",
      [
        ("name", "lead"), ("password", "a sentence nobody guesses"), ("back", "/awards/award-1"),
        ("kept.then", "addMember"), ("kept.award", "award-1"), ("kept.name", "kim"),
      ], "")
    let again = try #require(
      door.text.components(separatedBy: "action=\"/do/addMember\"").dropFirst().first)
    let form = try #require(again.components(separatedBy: "</form>").first)
    #expect(form.contains("value=\"kim\""), "\(form)")
    let one = try await ask(members, "kim")
    #expect(one.status == 200, "\(one.text)")
    #expect(
      try CommandLineRun("user", "disable", "kim", data: server.folder.data).exitCode == 0)
    // Whoever is no member is just that, whether there is an account or not.
    for name in ["officer", "nobody-of-ours"] {
      let answer = try await ask(members + "/removal", name)
      #expect(answer.status == 422 && answer.text.contains("MDG-1410"), "\(name): \(answer.text)")
    }
    let removed = try await ask(members + "/removal", "kim")
    #expect(removed.status == 200 && removed.text.contains("memberRemoved"), "\(removed.text)")
    #expect(try await server.get(members, lead).text == "[]")
    // By the name in the list too.
    let two = try await ask(members, "officer")
    #expect(two.status == 200, "\(two.text)")
    #expect(try await ask(members + "/removal", "officer").status == 200)
    // And nobody is added any more who may not sign in.
    #expect(try await ask(members, "kim").text.contains("MDG-1825"))
  }

  @Test func `a token is ended by its owner, by a program and on the account's page`()
    async throws
  {
    let server = try WebServer(decided: true)
    var tokens: [String] = []
    for _ in 0..<3 { tokens.append(try await ServedTests.token(server, "officer")) }
    let first = ServedTests.bearer(tokens[0])
    let listed = try await server.get("/api/v1/tokens", first)
    let rows = try #require(
      try JSONSerialization.jsonObject(with: Data(listed.text.utf8)) as? [[String: Any]])
    #expect(rows.count == 3 && !listed.text.contains("madang_"), "\(listed.text)")
    let numbers = rows.compactMap { $0["id"] as? Int }
    // Nobody else's.
    let other = ServedTests.bearer(try await ServedTests.token(server, "auditor"))
    let path = "/api/v1/tokens/revocation"
    let strange = try await server.ask("POST", path, "{\"token\":\(numbers[1])}", other)
    #expect(strange.status == 422 && strange.text.contains("MDG-1925"), "\(strange.text)")
    let named = try await server.ask("POST", path, "{\"token\":\(numbers[1])}", first)
    #expect(named.status == 200 && named.text == "{\"revoked\":\(numbers[1])}", "\(named.text)")
    #expect(try await server.get("/api/v1/me", ServedTests.bearer(tokens[1])).status == 401)
    // Without a number it is the one that asks.
    #expect(try await server.ask("POST", path, "{}", first).status == 200)
    #expect(try await server.get("/api/v1/me", first).status == 401)
    let cookie = try await server.signIn("officer")
    let page = try await server.get("/me", ["Cookie": cookie]).text
    #expect(page.contains("id=\"tokens\"") && page.contains("value=\"\(numbers[2])\""))
    #expect(!page.contains("value=\"\(numbers[0])\""))
    let sent = try await server.send("revokeToken", on: "/me", as: cookie)
    #expect(sent?.headers["location"] == "/me?notice=revoked", "\(sent?.text ?? "no form")")
    #expect(try await server.get("/me?notice=revoked", ["Cookie": cookie]).text.contains("revoked"))
    #expect(try await server.get("/api/v1/me", ServedTests.bearer(tokens[2])).status == 401)
  }

  @Test func `signing in again ends the token that was kept before`() async throws {
    let server = try WebServer(decided: true)
    let path = server.folder.url.appendingPathComponent("password")
    try Data("open-the-yard\n".utf8).write(to: path)
    let home = server.folder.url.appendingPathComponent("config").path
    let address = "http://127.0.0.1:\(server.port)"
    func login() throws -> String {
      let run = try CommandLineRun(
        ["login", "officer", "--server", address, "--password-file", path.path],
        environment: ["LANG": "en_US.UTF-8", "XDG_CONFIG_HOME": home])
      #expect(run.exitCode == 0 && run.error.isEmpty, "\(run.error)")
      let file = "\(home)/madang/tokens/127.0.0.1_\(server.port)"
      return try String(contentsOfFile: file, encoding: .utf8)
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }
    let first = try login()
    #expect(try await server.get("/api/v1/me", ServedTests.bearer(first)).status == 200)
    let second = try login()
    #expect(try await server.get("/api/v1/me", ServedTests.bearer(first)).status == 401)
    #expect(try await server.get("/api/v1/me", ServedTests.bearer(second)).status == 200)
    // One that is over already stops nobody.
    #expect(
      try await server.ask(
        "POST", "/api/v1/tokens/revocation", "{}", ServedTests.bearer(second)
      ).status == 200)
    let third = try login()
    #expect(try await server.get("/api/v1/me", ServedTests.bearer(third)).status == 200)
  }
}
