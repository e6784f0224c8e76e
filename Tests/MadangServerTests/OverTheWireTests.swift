import Foundation
import MadangAgent
import MadangCrypto
import MadangProgramme
import Testing

@testable import MadangServer
@testable import MadangTransport

/// The whole way of a remote agent over a real socket, with real TLS.
@Suite(.enabled(if: Certificates.openssl != nil, Comment(rawValue: Certificates.missing)))
struct OverTheWireTests {
  private let certificates: Certificates
  private let door: MemoryDoor
  private let folder: TestFolder
  private let clock = TestClock()

  init() throws {
    certificates = try Certificates()
    door = try MemoryDoor()
    folder = try TestFolder()
  }

  private func enrolled(
    _ server: RunningServer, token: String = "token-of-the-office"
  ) async throws -> HTTPSTransport {
    await door.admit(token, to: Office.cluster, until: Instant(clock.now.seconds + 3_600))
    let (path, authority, office) = (folder.path, certificates.authority, server.secure)
    return try await onThread {
      Result { () throws(AgentClientFailure) in
        try AgentClient.enrol(at: office, token: token, authority: authority, folder: path)
        return try AgentClient.transport(folder: path)
      }
    }.get()
  }

  @Test func `an agent enrols, reports, is told, applies, and what it did is read back`()
    async throws
  {
    let server = try await RunningServer(door, tls: certificates.good, clock: clock)
    let transport = try await enrolled(server)
    #expect(transport.agent == AgentID(1))
    let engine = SimulatedEngine()
    for number in 0..<3 { engine.meter(Reports.segment(Int32(number))) }
    let agent = TestAgent(transport, engine)
    #expect(await agent.round(at: clock.now) == nil)
    let programme = await door.office.programme
    #expect(engine.applied == 1)
    #expect(
      programme.allocations[Office.allocation].enforcedGeneration
        == programme.allocations[Office.allocation].generation)
    #expect(programme.awards[AwardID(1)].clock != nil)
    #expect(agent.cursor == 3)
    #expect(await door.usage.count == 3)
    // Once to hear what is desired, once to say that it is so.
    #expect(await door.reportsTaken == 2)
    clock.pass(5)
    #expect(await agent.round(at: clock.now) == nil)
    #expect(await door.reportsTaken == 3)
    #expect(engine.applied == 1)
    try await server.stop()
  }

  @Test func `its key and its folder are for its owner's eyes only`() async throws {
    let server = try await RunningServer(door, tls: certificates.good, clock: clock)
    let keys = try TestFolder()
    let path = keys.path + "/agent"
    await door.admit("t", to: Office.cluster, until: Instant(clock.now.seconds + 10))
    let (authority, office) = (certificates.authority, server.secure)
    try await onThread {
      Result { () throws(AgentClientFailure) in
        _ = try AgentClient.enrol(at: office, token: "t", authority: authority, folder: path)
      }
    }.get()
    #expect(try mode(path) == 0o700)
    #expect(try mode(path + "/agent-ed25519.key") == 0o600)
    #expect(try mode(path + "/enrolment.json") == 0o600)
    let secret = try Data(contentsOf: URL(fileURLWithPath: path + "/agent-ed25519.key"))
    let kept = try String(contentsOfFile: path + "/enrolment.json", encoding: .utf8)
    #expect(secret.count == 32 && !kept.contains(Hexadecimal.text(secret)))
    chmod(path + "/agent-ed25519.key", 0o640)
    #expect(throws: AgentClientFailure.exposedKey(path: path + "/agent-ed25519.key")) {
      try AgentClient.transport(folder: path)
    }
    #expect(throws: AgentClientFailure.enrolledAlready(folder: path)) {
      try AgentClient.enrol(at: office, token: "t", authority: authority, folder: path)
    }
    try await server.stop()
  }

  private func mode(_ path: String) throws -> Int? {
    try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
  }

  @Test func `a server that restarts is tried again, and nothing is lost or taken twice`()
    async throws
  {
    let first = try await RunningServer(door, tls: certificates.good, clock: clock)
    let transport = try await enrolled(first)
    let engine = SimulatedEngine()
    engine.meter(Reports.segment(0))
    let agent = TestAgent(transport, engine)
    #expect(await agent.round(at: clock.now) == nil)
    try await first.stop()
    engine.meter(Reports.segment(1))
    clock.pass(5)
    let trouble = await agent.round(at: clock.now)
    #expect(trouble?.contains("was not reached") == true, "\(trouble ?? "nothing")")
    let second = try await RunningServer(
      door, tls: certificates.good, clock: clock, port: first.port)
    clock.pass(5)
    #expect(await agent.round(at: clock.now) == nil)
    #expect(await door.usage.count == 2)
    #expect(agent.cursor == 2)
    try await second.stop()
  }

  @Test func `an answer that was on its way when the server was told to stop still arrives`()
    async throws
  {
    let server = try await RunningServer(door, tls: certificates.good, clock: clock)
    let transport = try await enrolled(server)
    await door.hold()
    async let answer = onThread {
      Result { () throws(TransportFailure) in try transport.exchange(Reports.report()) }
    }
    for _ in 0..<500 where await door.waiting == 0 {
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(await door.waiting == 1)
    await server.beginStop()
    await door.letGo()
    guard case .replied(let reply) = try await answer.get() else {
      Issue.record("it was refused")
      return
    }
    #expect(reply.epoch == 1)
    try await server.stopped()
    let after = await onThread {
      Result { () throws(TransportFailure) in
        try transport.exchange(Reports.report(epoch: 1, sequence: 2))
      }
    }
    #expect(throws: TransportFailure.self) { try after.get() }
  }

  @Test func `a certificate is checked: who signed it, whose it is, and until when`()
    async throws
  {
    let cases: [(files: TLSFiles, authority: String?, why: String)] = [
      (certificates.good, certificates.stranger, "another authority"),
      (certificates.good, nil, "the system's authorities"),
      (certificates.elsewhere, certificates.authority, "another name and address"),
      (certificates.over, certificates.authority, "its time is over"),
    ]
    for row in cases {
      let server = try await RunningServer(door, tls: row.files, clock: clock)
      let (office, path, authority) = (server.secure, folder.path, row.authority)
      await door.admit("good", to: Office.cluster, until: Instant(clock.now.seconds + 10))
      let outcome = await onThread {
        Result { () throws(AgentClientFailure) in
          try AgentClient.enrol(at: office, token: "good", authority: authority, folder: path)
        }
      }
      guard case .failure(.unheard(let reason)) = outcome else {
        Issue.record("\(row.why): \(outcome)")
        continue
      }
      #expect(reason.contains("connection failed"), "\(row.why): \(reason)")
      try await server.stop()
    }
    #expect(await door.office.programme.agents.row(AgentID(1)) == nil)
  }

  @Test func `TLS is spoken to nobody who does not, and holds up nobody`() async throws {
    var limits = HTTPLimits()
    limits.idleSeconds = 1
    let server = try await RunningServer(
      door, tls: certificates.good, limits: limits, clock: clock)
    let port = server.port
    let answers = await onThread { () -> [String?] in
      // What cannot connect answers nothing.
      guard let silent = try? RawConnection(port: port), let loud = try? RawConnection(port: port)
      else { return [] }
      loud.send("GET /healthz HTTP/1.1\r\nHost: test\r\n\r\n")
      return [loud.rest(), silent.rest()]
    }
    #expect(answers.count == 2)
    #expect(answers.allSatisfy { $0 != nil && !$0!.contains("ok") })
    _ = try await enrolled(server)
    try await server.stop()
  }
}
