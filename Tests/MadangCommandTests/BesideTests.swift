import Foundation
import Testing

#if canImport(FoundationNetworking)
  import FoundationNetworking
#endif

/// What the office's people do on the folder while a server has it: it heeds them in a second.
@Suite(.serialized)
struct BesideTests {
  private static let password = "a sentence nobody guesses"

  private static func run(
    _ server: WebServer, _ words: String..., language: String = "en_US.UTF-8"
  ) throws -> CommandLineRun {
    let run = try CommandLineRun(
      words, data: server.folder.data, environment: ["LANG": language])
    return run
  }

  private static func password(_ server: WebServer, _ text: String = password) throws -> String {
    let path = server.folder.url.appendingPathComponent("password-\(UUID().uuidString)").path
    try Data((text + "\n").utf8).write(to: URL(fileURLWithPath: path))
    return path
  }

  /// Asks until the server answers with this status: what was changed beside it holds within two
  /// seconds.
  private static func becomes(
    _ status: Int, _ server: WebServer, _ path: String, _ headers: [String: String]
  ) async throws -> Bool {
    for _ in 0..<20 {
      if try await server.get(path, headers).status == status { return true }
      try await Task.sleep(for: .milliseconds(100))
    }
    return false
  }

  @Test func `a user is added, signs in, is granted, and ends, while the server runs`()
    async throws
  {
    let server = try WebServer()
    let path = try BesideTests.password(server)
    // Neither the name nor the person was ever heard of.
    let added = try BesideTests.run(
      server, "user", "add", "kim", "--role", "officer", "--password-file", path)
    #expect(added.exitCode == 0, "\(added.error)")
    let korean = try BesideTests.run(
      server, "user", "add", "lee", "--person", "이순신", "--password-file", path,
      language: "ko_KR.UTF-8")
    #expect(korean.exitCode == 0 && korean.out.contains("추가했습니다"), "\(korean.error)")
    let token = try await BesideTests.signIn(server, "lee")
    let headers = ["Authorization": "Bearer \(token)"]
    #expect(try await server.get("/api/v1/me", headers).status == 200)
    #expect(try await server.get("/api/v1/amendments", headers).status == 403)
    #expect(
      try BesideTests.run(server, "user", "grant", "lee", "--role", "auditor").exitCode == 0)
    #expect(try await BesideTests.becomes(200, server, "/api/v1/amendments", headers))
    let other = try BesideTests.password(server, "another good sentence")
    #expect(
      try BesideTests.run(server, "user", "password", "lee", "--password-file", other).exitCode == 0
    )
    let old = try await BesideTests.asked(server, "lee", BesideTests.password)
    #expect(old.status == 401 && old.text.contains("MDG-1901"))
    #expect(try BesideTests.run(server, "user", "disable", "lee").exitCode == 0)
    #expect(try await BesideTests.becomes(401, server, "/api/v1/me", headers))
  }

  private static func asked(
    _ server: WebServer, _ name: String, _ password: String
  ) async throws -> WebServer.Answer {
    try await server.ask(
      "POST", "/api/v1/tokens",
      "{\"name\":\"\(name)\",\"password\":\"\(password)\",\"label\":\"test\"}",
      ["Content-Type": "application/json"])
  }

  private static func signIn(_ server: WebServer, _ name: String) async throws -> String {
    let answer = try await asked(server, name, password)
    #expect(answer.status == 200, "\(answer.text)")
    return try #require(try answer.json()["token"] as? String)
  }

  @Test func `a token is made and revoked while the server runs`() async throws {
    let server = try WebServer()
    let made = try BesideTests.run(
      server, "user", "token", "make", "officer", "--label", "test")
    #expect(made.exitCode == 0, "\(made.error)")
    let token = made.out.trimmingCharacters(in: .whitespacesAndNewlines)
    let headers = ["Authorization": "Bearer \(token)"]
    #expect(try await server.get("/api/v1/me", headers).status == 200)
    let listed = try BesideTests.run(server, "user", "token", "list", "officer", "--json").array()
    let id = try #require(listed.last?["id"] as? Int)
    #expect(
      try BesideTests.run(server, "user", "token", "revoke", "officer", "\(id)").exitCode == 0)
    #expect(try await BesideTests.becomes(401, server, "/api/v1/me", headers))
  }

  @Test func `an agent's token is given out while the server runs`() async throws {
    let server = try WebServer()
    let given = try BesideTests.run(server, "agent", "token", "--cluster", "naver-h200-32")
    #expect(given.exitCode == 0, "\(given.error)")
    #expect(given.out.trimmingCharacters(in: .whitespacesAndNewlines).count == 64)
    let unknown = try BesideTests.run(server, "agent", "token", "--cluster", "nowhere")
    #expect(unknown.exitCode == 1 && unknown.error.contains("MDG-1003"), "\(unknown.error)")
    // The token that no record writes: it opens nothing before it is used.
    #expect(try await server.get("/healthz").status == 200)
  }

  @Test func `two processes that name the same new person at once mean one`() async throws {
    let server = try WebServer()
    let path = try BesideTests.password(server)
    let data = server.folder.data
    let codes = await withTaskGroup(of: Int32.self) { group in
      for number in 0..<6 {
        group.addTask {
          // What went wrong shows as no code of success.
          let run = try? CommandLineRun(
            ["user", "add", "user-\(number)", "--person", "한 사람", "--password-file", path],
            data: data, environment: ["LANG": "en_US.UTF-8"])
          return run?.exitCode ?? -1
        }
      }
      return await group.reduce(into: [Int32]()) { $0.append($1) }
    }
    #expect(codes == Array(repeating: 0, count: 6))
    let users = try BesideTests.run(server, "user", "--json").array()
      .filter { ($0["name"] as? String)?.hasPrefix("user-") == true }
    #expect(users.count == 6 && Set(users.compactMap { $0["person"] as? String }).count == 1)
  }

  @Test func `a server that is told to stop ends at once, whoever listens, and starts again`()
    async throws
  {
    let server = try WebServer()
    let address = try #require(URL(string: "http://127.0.0.1:\(server.port)/api/v1/events"))
    // It never ends by itself; its end is an error or not, as the client sees it.
    let listening = Task { (try? await URLSession.shared.data(from: address)) != nil }
    for _ in 0..<50 where try await !server.get("/metrics").text.contains("/api/v1/events") {
      try await Task.sleep(for: .milliseconds(100))
    }
    let end = server.stopped()
    #expect(end.exitCode == 0 && end.seconds < 5, "\(end)")
    _ = await listening.value
    let check = try BesideTests.run(server, "ledger", "verify")
    #expect(check.exitCode == 0, "\(check.error)")
  }

  @Test func `a programme of a country's own algorithms keeps its passwords by them`()
    async throws
  {
    let server = try WebServer(preparing: { folder in
      let load = try CommandLineRun(
        "programme", "load", "Programmes/korea-2025", "--profile", "kr-public", data: folder.data)
      #expect(load.exitCode == 0, "\(load.error)")
    })
    let path = try BesideTests.password(server)
    let added = try BesideTests.run(
      server, "user", "add", "kim", "--role", "officer", "--password-file", path)
    #expect(added.exitCode == 0, "\(added.error)")
    // Whoever signs in has the record made anew, where it is of another profile.
    _ = try await BesideTests.signIn(server, "kim")
    _ = try await server.signIn("officer")
    var kept = Data()
    for file in ["access.sqlite", "access.sqlite-wal"] {
      kept +=
        FileManager.default.contents(
          atPath: server.folder.data.appendingPathComponent(file).path) ?? Data()
    }
    #expect(kept.range(of: Data("pbkdf2".utf8)) != nil)
    #expect(kept.range(of: Data("scrypt".utf8)) == nil)
  }
}
