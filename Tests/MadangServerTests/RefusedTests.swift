import Foundation
import MadangAgent
import MadangCrypto
import MadangProgramme
import Testing

@testable import MadangServer
@testable import MadangTransport

/// What a server refuses, asked over a real socket on the loopback, without TLS.
struct RefusedTests {
  private let door: MemoryDoor
  private let clock = TestClock()
  private let log = LogLines()
  private let cryptography = Ed25519Cryptography()
  private let key: SigningKey

  init() throws {
    door = try MemoryDoor()
    key = try cryptography.makeSigningKey()
  }

  private func server(_ limits: HTTPLimits = HTTPLimits()) async throws -> RunningServer {
    try await RunningServer(door, limits: limits, clock: clock, log: log)
  }

  /// The transport of an agent that is enrolled as the first, or of a thief with another key.
  private func transport(
    _ server: RunningServer, key: SigningKey? = nil, agent: AgentID = AgentID(1)
  ) throws -> HTTPSTransport {
    HTTPSTransport(
      agent, try OfficeConnection(server.plain, authority: nil), cryptography, key ?? self.key,
      .en)
  }

  private func enrol(_ cluster: ClusterID = Office.cluster) async throws {
    try await door.give(
      .enrolAgent(
        cluster, algorithm: Office.slug("ed25519"),
        key: Office.text(Hexadecimal.text(key.publicBytes))), at: clock.now)
  }

  private func refusal(
    _ transport: HTTPSTransport, _ report: AgentReport
  ) async throws -> AgentRefusal? {
    let exchange = try await onThread {
      Result { () throws(TransportFailure) in try transport.exchange(report) }
    }.get()
    if case .refused(let refusal) = exchange { return refusal }
    return nil
  }

  // MARK: - Who speaks

  @Test func `who speaks for what is proved by its key, over the very bytes`() async throws {
    let server = try await server()
    #expect(
      try await refusal(transport(server), Reports.report()) == .unknownAgent(AgentID(1)))
    try await enrol()
    let thief = try transport(server, key: try cryptography.makeSigningKey())
    #expect(try await refusal(thief, Reports.report()) == .wrongSignature(AgentID(1)))
    let body = CanonicalWriter.bytes(of: Reports.report())
    let line = SignatureLine(try cryptography.sign(body, with: key)).text
    // One bit anywhere in the body, or in the signature.
    for index in [0, body.count / 2, body.count - 1] {
      var other = body
      other[index] ^= 1
      let answer = try await send(server, other, line)
      #expect(answer.hasPrefix("HTTP/1.1 403") && answer.contains("MDG-1704"))
    }
    let lines = [
      "", "ed25519", "ed25519 ", "ed25519 zz", "rot13 00", line.uppercased(),
      String(line.dropLast(2)), line + "00", line.replacing("ed25519", with: "ecdsa-p256-sha256"),
    ]
    for other in lines where other != line {
      let answer = try await send(server, body, other)
      let isSame = other.hasSuffix(line.dropFirst(7)) && other.hasPrefix("ecdsa")
      // The algorithm is the agent's own, whatever the line says.
      #expect(answer.hasPrefix(isSame ? "HTTP/1.1 200" : "HTTP/1.1 403"), "\(other)")
    }
    try await server.stop()
  }

  @Test func `a revoked key, another's cluster and another version are refused`() async throws {
    let server = try await server()
    try await enrol()
    let transport = try transport(server)
    #expect(
      try await refusal(transport, Reports.report(cluster: Office.other))
        == .otherCluster(Office.other))
    let foreign = Reports.report(segments: [Reports.segment(0, cluster: Office.other)])
    #expect(try await refusal(transport, foreign) == .otherCluster(Office.cluster))
    for version: Int64 in [0, AgentProtocol.version + 1] {
      #expect(
        try await refusal(transport, Reports.report(version: version))
          == .otherVersion(version, speaks: AgentProtocol.version))
    }
    #expect(await door.usage.isEmpty)
    #expect(try await refusal(transport, Reports.report()) == nil)
    try await door.give(.revokeAgent(AgentID(1)), at: clock.now)
    #expect(try await refusal(transport, Reports.report(sequence: 2)) == .revoked(AgentID(1)))
    try await server.stop()
  }

  @Test func `a message that is sent again, whoever sends it, changes nothing`() async throws {
    let server = try await server()
    try await enrol()
    let report = Reports.report(segments: [Reports.segment(0)])
    let body = CanonicalWriter.bytes(of: report)
    let line = SignatureLine(try cryptography.sign(body, with: key)).text
    #expect(try await send(server, body, line).hasPrefix("HTTP/1.1 200"))
    let lease = await door.leases[AgentID(1)]
    clock.pass(1)
    for _ in 0..<3 {
      let answer = try await send(server, body, line)
      #expect(answer.hasPrefix("HTTP/1.1 409") && answer.contains("\"facts\":{\"sequence\":1}"))
    }
    #expect(await door.leases[AgentID(1)] == lease)
    #expect(await door.reportsTaken == 1)
    #expect(await door.usage.count == 1)
    try await server.stop()
  }

  @Test func `the lease's refusals arrive with their numbers`() async throws {
    let server = try await server()
    try await enrol()
    let transport = try transport(server)
    let until = Instant(clock.now.seconds + AgentProtocol.leaseSeconds)
    #expect(try await refusal(transport, Reports.report(instance: 1)) == nil)
    #expect(
      try await refusal(transport, Reports.report(instance: 2)) == .leaseHeld(until: until))
    clock.pass(AgentProtocol.leaseSeconds)
    // What was recorded before is no takeover.
    #expect(
      try await refusal(transport, Reports.report(instance: 2))
        == .staleTakeover(newest: Office.now))
    let fresh = Reports.report(instance: 2, read: clock.now)
    #expect(try await refusal(transport, fresh) == nil)
    #expect(
      try await refusal(transport, Reports.report(instance: 1, epoch: 1, sequence: 2))
        == .fenced(epoch: 2))
    var ahead = Reports.report(instance: 2, epoch: 2, sequence: 2)
    ahead = AgentReport(
      cluster: ahead.cluster, instance: ahead.instance, epoch: 2, sequence: 2, mode: .observe,
      observed: ahead.observed, cursor: 9, next: 9, segments: [], proposals: [])
    #expect(try await refusal(transport, ahead) == .usageMissing(cursor: 0))
    await door.fill(true)
    #expect(
      try await refusal(transport, Reports.report(instance: 2, epoch: 2, sequence: 3))
        == .notKept)
    try await server.stop()
  }

  // MARK: - Tokens

  @Test func `a token is good once, until its time is over, and leaves no trace`() async throws {
    let server = try await server()
    let folder = try TestFolder()
    let secret = "6b1f-only-once"
    await door.admit(secret, to: Office.cluster, until: Instant(clock.now.seconds + 60))
    await door.admit("late-token", to: Office.other, until: clock.now)
    let office = server.plain
    @Sendable func enrol(_ token: String, _ name: String) async -> AgentClientFailure? {
      let path = folder.path + "/" + name
      return await onThread {
        do throws(AgentClientFailure) {
          _ = try AgentClient.enrol(at: office, token: token, authority: nil, folder: path)
          return nil
        } catch {
          return error
        }
      }
    }
    #expect(await enrol("late-token", "a")?.code == "MDG-1712")
    #expect(await enrol("never-given", "b")?.code == "MDG-1712")
    #expect(await enrol("line\nbreak", "c")?.code == "MDG-1712")
    #expect(await enrol(secret, "d") == nil)
    #expect(await enrol(secret, "e")?.code == "MDG-1712")
    // Refused, it left a key to try again with, and no enrolment.
    #expect(throws: AgentClientFailure.notEnrolled(folder: folder.path + "/e")) {
      try AgentClient.transport(folder: folder.path + "/e")
    }
    let held = try AgentFolder(folder.path + "/d").key(cryptography)
    try await server.stop()
    for word in [secret, "late-token", Hexadecimal.text(held.privateBytes)] {
      #expect(!log.text.contains(word), "the log holds a secret")
    }
    #expect(log.text.contains("MDG-1712"))
  }

  // MARK: - What comes in

  private func send(
    _ server: RunningServer, _ body: [UInt8], _ line: String?, language: String = "en",
    path: String = "/api/v1/agents/agent-1/reports"
  ) async throws -> String {
    try await RawConnection.ask(
      server.port, "POST", path,
      ["Content-Length: \(body.count)", "Accept-Language: \(language)"]
        + (line.map { ["Madang-Signature: \($0)"] } ?? []), body: body)
  }

  @Test func `what is malformed is refused, signed or not`() async throws {
    let server = try await server()
    try await enrol()
    let good = CanonicalWriter.bytes(of: Reports.report())
    let bodies: [[UInt8]] = [
      [], [0], Array("{}".utf8), Array("null".utf8), Array(repeating: 0x5B, count: 100_000),
      Array(good.dropLast()), good + [0x20], [0xEF, 0xBB, 0xBF] + good,
      Array(String(decoding: good, as: UTF8.self).replacing(":", with: ": ").utf8),
    ]
    for body in bodies {
      let line = SignatureLine(try cryptography.sign(body, with: key)).text
      let answer = try await send(server, body, line)
      #expect(answer.hasPrefix("HTTP/1.1 400") && answer.contains("MDG-1701"), "\(answer)")
      #expect(try await send(server, body, nil).contains("MDG-1704"))
      let enrolment = try await send(server, body, nil, path: "/api/v1/agents")
      let isLong = body.count > AgentProtocol.smallMessageBytesMax
      #expect(enrolment.contains(isLong ? "MDG-1802" : "MDG-1701"), "\(enrolment)")
    }
    #expect(await door.reportsTaken == 0)
    try await server.stop()
  }

  @Test func `what is not there says so, in the caller's language`() async throws {
    let server = try await server()
    for (method, path) in [
      ("GET", "/"), ("POST", "/"), ("PUT", "/api/v1/agent"), ("OPTIONS", "/healthy"),
      ("POST", "/api/v1/agents/agent-0/reports"), ("POST", "/api/v1/agents/9/reports"),
      ("GET", "/../../etc/passwd"), ("POST", "/api/v1/agents/agent-1/reports/x"),
      ("POST", "/api/v1/agents/%00/reports"),
    ] {
      let answer = try await RawConnection.ask(
        server.port, method, path, ["Accept-Language: ko-KR,ko;q=0.9,en;q=0.8"])
      #expect(answer.hasPrefix("HTTP/1.1 404"), "\(method) \(path): \(answer)")
      #expect(answer.contains("application/problem+json") && answer.contains("MDG-1801"))
      #expect(answer.lowercased().contains("content-language: ko"))
      #expect(answer.contains("이 주소에는 아무것도 없습니다."))
    }
    let healthy = try await RawConnection.ask(server.port, "GET", "/healthz")
    #expect(healthy.hasPrefix("HTTP/1.1 200") && healthy.hasSuffix("ok\n"))
    try await server.stop()
  }

  @Test func `a body that is too long is refused before it is read`() async throws {
    let server = try await server()
    let most = AgentProtocol.messageBytesMax
    let path = "/api/v1/agents/agent-1/reports"
    for length in ["\(most + 1)", "10737418240", "9223372036854775807"] {
      let answer = try await RawConnection.ask(
        server.port, "POST", path, ["Content-Length: \(length)"])
      #expect(answer.hasPrefix("HTTP/1.1 413") && answer.contains("MDG-1802"), "\(answer)")
    }
    let endless = try await RawConnection.ask(
      server.port, "POST", path, ["Transfer-Encoding: chunked"],
      body: Array("5\r\nhello\r\n0\r\n\r\n".utf8))
    #expect(endless.hasPrefix("HTTP/1.1 411") && endless.contains("MDG-1803"), "\(endless)")
    for bad in ["-1", "12x", "1, 2"] {
      let answer = try await RawConnection.ask(
        server.port, "POST", path, ["Content-Length: \(bad)"])
      #expect(answer.hasPrefix("HTTP/1.1 4"), "\(bad): \(answer)")
    }
    let fat = try await RawConnection.ask(
      server.port, "GET", "/healthz", ["X: " + String(repeating: "a", count: 100_000)])
    #expect(!fat.hasPrefix("HTTP/1.1 200"), "\(fat.prefix(80))")
    try await server.stop()
  }

  @Test func `a client that drips, stalls or leaves is let go, and holds up nobody`()
    async throws
  {
    var limits = HTTPLimits()
    limits.idleSeconds = 1
    limits.bodySeconds = 2
    let server = try await server(limits)
    try await enrol()
    let port = server.port
    let head = "POST /api/v1/agents/agent-1/reports HTTP/1.1\r\nHost: test\r\n"
    async let dripped = onThread { () -> (sent: Int, rest: String?)? in
      guard let slow = try? RawConnection(port: port) else { return nil }
      slow.send(head + "Content-Length: 100000\r\n\r\n")
      var sent = 0
      // Far longer than it may take: it is cut off on the way.
      while sent < 200, slow.send("x") {
        sent += 1
        usleep(100_000)
      }
      return (sent, slow.rest())
    }
    async let stalled = onThread { () -> [String?] in
      guard let silent = try? RawConnection(port: port), let half = try? RawConnection(port: port),
        let body = try? RawConnection(port: port)
      else { return [] }
      half.send(head)
      body.send(head + "Content-Length: 10\r\n\r\n12345")
      return [silent.rest(), half.rest(), body.rest()]
    }
    let quick = try transport(server)
    #expect(try await refusal(quick, Reports.report()) == nil)
    let drip = await dripped
    #expect((drip?.sent ?? 200) < 200 && drip?.rest?.contains("200 OK") == false)
    let stalls = await stalled
    #expect(stalls.count == 3 && stalls.allSatisfy { $0 != nil && !$0!.contains("200 OK") })
    #expect(await door.reportsTaken == 1)
    try await server.stop()
  }
}
