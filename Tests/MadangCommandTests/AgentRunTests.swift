import Foundation
import Testing

/// An agent at a centre, as its operator starts it.
@Suite(.serialized)
struct AgentRunTests {
  /// It ended: nothing was metered any more, because of a word in a file.
  @Test func `an agent whose policy bounds nothing says why, and goes on observing`() throws {
    let folder = try TemporaryFolder()
    let agent = folder.url.appendingPathComponent("agent")
    try FileManager.default.createDirectory(at: agent, withIntermediateDirectories: true)
    // Enrolled once, at an office that is not there now.
    try Data(#"{"agent":"agent-1","algorithm":"ed25519","office":"https://127.0.0.1:9"}"#.utf8)
      .write(to: agent.appendingPathComponent("enrolment.json"))
    let key = agent.appendingPathComponent("agent-ed25519.key")
    try Data((1...32).map { UInt8($0) }).write(to: key)
    #expect(chmod(key.path, 0o600) == 0)
    let inventory = folder.url.appendingPathComponent("inventory.json")
    try Data(#"{"servers":[{"gpus":8,"serial":"S1","state":"ready"}],"simulated":true}"#.utf8)
      .write(to: inventory)
    let policy = folder.url.appendingPathComponent("policy")
    try Data("mode: everything\n".utf8).write(to: policy)
    #expect(chmod(policy.path, 0o444) == 0)

    let process = Process()
    process.executableURL = CommandLineRun.binary
    process.arguments = [
      "agent", "run", "--folder", agent.path, "--cluster", "cluster-1", "--model", "model-1",
      "--inventory", inventory.path, "--policy", policy.path, "--lang", "en",
    ]
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    defer { kill(process.processIdentifier, SIGKILL) }
    var told = ""
    while !told.contains(policy.path) {
      let data = pipe.fileHandleForReading.availableData
      if data.isEmpty { break }
      told += String(decoding: data, as: UTF8.self)
    }
    #expect(told.contains(policy.path), "\(told)")
    // It has looked: what it meters by stands in its folder.
    let state = agent.appendingPathComponent("engine/state.json").path
    #expect(FileManager.default.fileExists(atPath: state))
    #expect(process.isRunning)
    kill(process.processIdentifier, SIGTERM)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }
}
