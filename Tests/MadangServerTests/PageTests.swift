import Foundation
import MadangAgent
import MadangCrypto
import MadangProgramme
import Testing

@testable import MadangServer

/// `docs/agent-protocol.md` shows what is really sent and answered.
struct PageTests {
  private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("docs/agent-protocol.md")

  @Test func `the protocol's page shows what is really sent`() async throws {
    let door = try MemoryDoor()
    let clock = TestClock()
    let server = try await RunningServer(door, clock: clock)
    // A key that anybody can make, for this page alone.
    let cryptography = Ed25519Cryptography()
    let key = try cryptography.signingKey(privateBytes: Array(0..<32))
    await door.admit("an-example", to: Office.cluster, until: Instant(clock.now.seconds + 1))

    let enrolment = CanonicalWriter.bytes(
      of: AgentEnrolment(
        algorithm: Office.slug("ed25519"), key: Office.text(Hexadecimal.text(key.publicBytes)),
        token: Office.text("an-example")))
    let admitted = try await post(server, AgentProtocol.agentsPath, enrolment)
    let path = AgentProtocol.reportsPath(AgentID(1))
    let report = CanonicalWriter.bytes(of: Reports.report(segments: [Reports.segment(0)]))
    let line = SignatureLine(try cryptography.sign(report, with: key)).text
    let reply = try await post(server, path, report, line)
    let ahead = CanonicalWriter.bytes(
      of: AgentReport(
        cluster: Office.cluster, instance: EngineJob(high: 0, low: 7), epoch: 1, sequence: 2,
        mode: .observe, observed: Reports.report().observed, cursor: 17, next: 17, segments: [],
        proposals: []))
    let problem = try await post(
      server, path, ahead, SignatureLine(try cryptography.sign(ahead, with: key)).text)
    try await server.stop()

    let page = try String(contentsOf: PageTests.page, encoding: .utf8)
    for text in [
      String(decoding: enrolment, as: UTF8.self), admitted, String(decoding: report, as: UTF8.self),
      "Madang-Signature: \(line)", reply, problem,
    ] {
      #expect(page.contains("\n\(text)\n"), "\(text)")
    }
    #expect(page.contains("4 MiB") && AgentProtocol.messageBytesMax == 4 << 20)
    #expect(page.contains("16 KiB") && AgentProtocol.smallMessageBytesMax == 16 << 10)
    #expect(page.contains("This is version \(AgentProtocol.version)."))
  }

  private func post(
    _ server: RunningServer, _ path: String, _ body: [UInt8], _ line: String? = nil
  ) async throws -> String {
    let answer = try await RawConnection.ask(
      server.port, "POST", path,
      ["Content-Length: \(body.count)"] + (line.map { ["Madang-Signature: \($0)"] } ?? []),
      body: body)
    return answer.components(separatedBy: "\r\n\r\n").dropFirst().joined()
  }

  private static let python = "/usr/bin/python3"

  @Test(
    .enabled(
      if: Certificates.openssl != nil && FileManager.default.isExecutableFile(atPath: python),
      "there is no openssl command, or no Python"))
  func `the page's agent in Python enrols, reports, and is read back`() async throws {
    let page = try String(contentsOf: PageTests.page, encoding: .utf8)
    let code = try #require(
      page.components(separatedBy: "```python\n").dropFirst().first?
        .components(separatedBy: "\n```").first)
    let (certificates, folder) = (try Certificates(), try TestFolder())
    let clock = TestClock()
    // The agent goes by the machine's clock.
    let door = try MemoryDoor(behind: YardClock.machine.seconds - clock.now.seconds)
    await door.admit("for-python", to: Office.cluster, until: Instant(clock.now.seconds + 60))
    let server = try await RunningServer(door, tls: certificates.good, clock: clock)
    let arguments = [
      "-c", code, "\(server.secure)", certificates.authority, "for-python", folder.path,
      "\(Office.cluster.number)",
    ]
    let said = try await onThread { Result { try PageTests.run(arguments) } }.get()
    let programme = await door.office.programme
    #expect(said == "agent-1 holds generation \(programme.desired(Office.cluster).generation)\n")
    #expect(programme.allocations[Office.allocation].enforcedGeneration != nil)
    try await server.stop()
  }

  private static func run(_ arguments: [String]) throws -> String {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: said, as: UTF8.self)
  }

  @Test func `a report with as much as may be in one fits into a message`() {
    let most = 2_147_483_646
    let segments = (0..<AgentProtocol.segmentsMax).map { number in
      UsageSegment(
        key: UsageKey(
          cluster: ClusterID(999_999_999), job: EngineJob(high: .max, low: .max),
          number: Int32(most - number)),
        allocation: AllocationID(999_999_999), model: DeviceModelID(999_999_999),
        gpus: Int32(most), from: Instant(9_999_999_999), to: Instant(9_999_999_999))
    }
    let allocations = (1...15_000).map { number in
      ObservedAllocation(
        allocation: AllocationID(999_000_000 + number), limit: .budget(GPUSeconds(9_999_999_999)),
        suspended: false, readyGPUs: 9_999_999, assets: nil)
    }
    let report = AgentReport(
      cluster: ClusterID(999_999_999), instance: EngineJob(high: .max, low: .max), epoch: 1,
      sequence: 1, mode: .propose,
      observed: ObservedState(
        cluster: ClusterID(999_999_999), generation: 1, at: Office.now, allocations: allocations,
        devices: DeviceCounts(up: 1)), cursor: 0, next: 4_096, segments: segments,
      proposals: (1...AgentProtocol.proposalsMax).map { AllocationID(999_000_000 + $0) })
    let bytes = CanonicalWriter.bytes(of: report).count
    #expect(bytes <= AgentProtocol.messageBytesMax, "\(bytes)")
  }
}
