import Foundation
import MadangAccess
import MadangCrypto
import MadangProgramme
import MadangViews
import Testing

@testable import MadangServer

/// What one stranger can do to the others, over a real socket. Each was found by review.
struct StrangerTests {
  private static let tokens = "/api/v1/tokens"

  // MARK: Bodies

  @Test(.timeLimit(.minutes(1)))
  func `a body costs as much as it is long, whatever it nests`() async throws {
    let office = try CounterOffice()
    let server = try await office.running()
    let list = String(repeating: "[", count: 505) + String(repeating: "]", count: 505)
    let lists = Array(repeating: list, count: 64).joined(separator: ",")
    let answer = try await CounterOffice.post(
      server.port, StrangerTests.tokens, "{\"a\":[\(lists)]}")
    #expect(answer.hasPrefix("HTTP/1.1 400") && answer.contains("MDG-1820"), "\(answer)")
    try await server.stop()
  }

  @Test func `the server reads JSON as the command line does`() async throws {
    let office = try CounterOffice()
    let server = try await office.running()
    let kim = "\"name\":\"kim\",\"password\":\"x\",\"label\":\"x\""
    for body in [
      "{\(kim),\"days\":1,\"days\":1}", "{\(kim),\"days\":1.5}", "{\(kim),\"days\":1e-1}",
    ] {
      let answer = try await CounterOffice.post(server.port, StrangerTests.tokens, body)
      #expect(answer.hasPrefix("HTTP/1.1 400") && answer.contains("MDG-1820"), "\(body): \(answer)")
    }
    try await server.stop()
  }

  @Test func `lengths that are announced, and never come, take nobody's room`() async throws {
    let office = try CounterOffice()
    let server = try await office.running()
    let port = server.port
    let length = AgentProtocol.messageBytesMax
    let dripping = await onThread {
      (0..<HTTPLimits.bodiesBytesMax / length).compactMap { _ in
        let connection = try? RawConnection(port: port)
        connection?.send(
          "POST /api/v1/agents/agent-1/reports HTTP/1.1\r\nHost: test\r\n"
            + "Content-Length: \(length)\r\n\r\nx")
        return connection
      }
    }
    #expect(dripping.count == 64)
    let answer = try await CounterOffice.post(
      port, StrangerTests.tokens, "{\"name\":\"kim\",\"password\":\"x\",\"label\":\"x\"}")
    #expect(answer.hasPrefix("HTTP/1.1 401") && answer.contains("MDG-1901"), "\(answer)")
    withExtendedLifetime(dripping) {}
    try await server.stop()
  }

  @Test func `one address has its share of the room for bodies, and all have the whole`() {
    var room = BodyRoom(wholeBytes: 100, shareBytes: 30)
    let takes: [(Int, String, Bool)] = [
      (30, "a", true), (1, "a", false), (0, "a", true), (30, "b", true), (30, "c", true),
      (11, "d", false), (10, "d", true), (1, "e", false),
    ]
    for (bytes, address, isTaken) in takes {
      let found = room.take(bytes, address)
      #expect(found == isTaken, "\(bytes) \(address)")
    }
    for (bytes, address) in [(30, "a"), (30, "b"), (30, "c"), (10, "d")] {
      room.give(bytes, address)
    }
    #expect(room == BodyRoom(wholeBytes: 100, shareBytes: 30), "nothing is left behind")
  }

  @Test func `who waits to be asked for the body is asked, unless it is refused`() async throws {
    let office = try CounterOffice()
    let server = try await office.running()
    let port = server.port
    func head(_ length: Int) -> String {
      "POST \(StrangerTests.tokens) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n"
        + "Content-Type: application/json\r\nContent-Length: \(length)\r\n"
        + "Expect: 100-continue\r\n\r\n"
    }
    let heads = (head(2), head(1 << 20))
    let answers = await onThread { () -> [String?] in
      guard let asked = try? RawConnection(port: port), let long = try? RawConnection(port: port)
      else { return [] }
      asked.send(heads.0)
      let first = asked.some()
      asked.send("{}")
      long.send(heads.1)
      return [first, asked.rest(), long.rest()]
    }
    #expect(answers.first??.hasPrefix("HTTP/1.1 100 ") == true, "\(answers)")
    #expect(answers.count == 3 && answers[1]?.hasPrefix("HTTP/1.1 400") == true, "\(answers)")
    #expect(answers.last??.hasPrefix("HTTP/1.1 413") == true, "\(answers)")
    try await server.stop()
  }

  // MARK: Agents

  @Test func `what proves nothing takes no agent's share, and one agent no other's`() async throws {
    let door = try MemoryDoor()
    let clock = TestClock()
    var limits = HTTPLimits()
    limits.commands = TokenBucket.Rate(burst: 3, perSecond: 1)
    limits.segments = TokenBucket.Rate(burst: 300, perSecond: 1)
    let server = try await RunningServer(door, limits: limits, clock: clock)
    let cryptography = Ed25519Cryptography()
    let keys = try [cryptography.makeSigningKey(), cryptography.makeSigningKey()]
    for (key, cluster) in zip(keys, [Office.cluster, Office.other]) {
      try await door.give(
        .enrolAgent(
          cluster, algorithm: Office.slug("ed25519"),
          key: Office.text(Hexadecimal.text(key.publicBytes))), at: clock.now)
    }
    func send(_ agent: Int, _ report: AgentReport, key: SigningKey) async throws -> String {
      let body = CanonicalWriter.bytes(of: report)
      let line = SignatureLine(try cryptography.sign(body, with: key)).text
      return try await RawConnection.ask(
        server.port, "POST", "/api/v1/agents/agent-\(agent)/reports",
        ["Content-Length: \(body.count)", "Madang-Signature: \(line)"], body: body)
    }
    // Another's key, and nobody's: as often as anybody likes.
    for _ in 0..<20 {
      let wrong = try await send(1, Reports.report(), key: keys[1])
      #expect(wrong.hasPrefix("HTTP/1.1 403") && wrong.contains("MDG-1704"), "\(wrong)")
      let unknown = try await send(9, Reports.report(), key: keys[0])
      #expect(unknown.hasPrefix("HTTP/1.1 404"), "\(unknown)")
    }
    for sequence: Int64 in 1...3 {
      let taken = try await send(1, Reports.report(sequence: sequence), key: keys[0])
      #expect(taken.hasPrefix("HTTP/1.1 200"), "\(taken)")
    }
    let tooMany = try await send(1, Reports.report(sequence: 4), key: keys[0])
    #expect(tooMany.hasPrefix("HTTP/1.1 429") && tooMany.contains("MDG-1836"), "\(tooMany)")
    // Another has its own; each segment counts, whatever becomes of it.
    let other = try await send(2, Reports.report(cluster: Office.other), key: keys[1])
    #expect(other.hasPrefix("HTTP/1.1 200"), "\(other)")
    let full = Reports.report(
      cluster: Office.other, sequence: 2,
      segments: (0..<90).map { Reports.segment($0, cluster: Office.other) })
    let heavy = try await send(2, full, key: keys[1])
    #expect(heavy.hasPrefix("HTTP/1.1 422") && heavy.contains("MDG-1508"), "\(heavy)")
    let last = try await send(2, Reports.report(cluster: Office.other, sequence: 3), key: keys[1])
    #expect(last.hasPrefix("HTTP/1.1 429"), "\(last)")
    try await server.stop()
  }

  // MARK: Proxies

  @Test func `a proxy that is named is believed in its last word, and nobody else in any`() {
    let proxy = TrustedProxy("127.0.0.1")
    let cases: [(peer: String, forwarded: [String], client: String?)] = [
      ("127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
      ("127.0.0.1", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
      ("127.0.0.1", ["203.0.113.9", "198.51.100.1 ,\t203.0.113.8 "], "203.0.113.8"),
      ("::ffff:127.0.0.1", ["2001:DB8::1"], "2001:db8::1"),
      ("127.0.0.1", ["::ffff:203.0.113.9"], "203.0.113.9"),
      ("127.0.0.2", ["203.0.113.9"], nil), ("203.0.113.9", ["127.0.0.1"], nil),
      ("-", ["203.0.113.9"], nil), ("127.0.0.1", [], nil), ("127.0.0.1", [""], nil),
      ("127.0.0.1", ["203.0.113.9,"], nil), ("127.0.0.1", ["unknown"], nil),
      ("127.0.0.1", ["203.0.113.9:80"], nil), ("127.0.0.1", ["office.example"], nil),
    ]
    for row in cases {
      #expect(proxy?.client(of: row.peer, forwarded: row.forwarded) == row.client, "\(row)")
    }
    #expect(TrustedProxy("::1")?.client(of: "::1", forwarded: ["192.0.2.1"]) == "192.0.2.1")
    for text in ["", "localhost", "127.0.0.1:80", "127.0.0.1/8", "*"] {
      #expect(TrustedProxy(text) == nil, "\(text)")
    }
  }

  @Test func `behind a proxy that is named a guesser shuts the door for himself alone`()
    async throws
  {
    let wrong = "{\"name\":\"kim\",\"password\":\"x\",\"label\":\"x\"}"
    for proxy in [TrustedProxy("127.0.0.1"), nil] {
      let office = try CounterOffice()
      let server = try await office.running(proxy: proxy)
      func guess(_ from: String) async throws -> String {
        try await CounterOffice.post(
          server.port, StrangerTests.tokens, wrong, ["X-Forwarded-For: 127.0.0.1, \(from)"])
      }
      for _ in 0..<10 { _ = try await guess("203.0.113.9") }
      let same = try await guess("203.0.113.9")
      #expect(same.hasPrefix("HTTP/1.1 429"), "\(same)")
      let other = try await guess("203.0.113.10")
      #expect(other.hasPrefix(proxy == nil ? "HTTP/1.1 429" : "HTTP/1.1 401"), "\(other)")
      try await server.stop()
    }
  }

  // MARK: What is said

  @Test func `a refusal of a password or a token says so, and how one is let in`() async throws {
    let office = try CounterOffice()
    let server = try await office.running()
    let password = try await CounterOffice.post(
      server.port, StrangerTests.tokens, "{\"name\":\"kim\",\"password\":\"x\",\"label\":\"x\"}")
    #expect(password.hasPrefix("HTTP/1.1 401") && password.contains("MDG-1901"), "\(password)")
    #expect(password.lowercased().contains("www-authenticate: bearer"), "\(password)")
    for (language, sentence) in [
      ("ko", "토큰이 틀렸거나, 기한이 지났거나, 폐기되었습니다."),
      ("en", "The token is wrong, over or revoked."),
    ] {
      let token = try await RawConnection.ask(
        server.port, "GET", "/api/v1/me",
        ["Authorization: Bearer x", "Accept-Language: \(language)"])
      #expect(token.hasPrefix("HTTP/1.1 401") && token.contains(sentence), "\(token)")
    }
    let document = try await RawConnection.ask(server.port, "GET", "/openapi.json")
    let problem = try #require(document.range(of: "\"Problem\""))
    #expect(!document[problem.upperBound...].prefix(1_200).contains("\"field\""))
    try await server.stop()
  }
}
