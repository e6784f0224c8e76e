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

  /// Whoever reads the list of processes first would enrol a key of their own.
  @Test func `a token is no argument`() throws {
    let folder = try TemporaryFolder()
    for (language, word) in [("en", "never an argument"), ("ko", "인자로 줄 수 없습니다")] {
      let run = try CommandLineRun(
        "agent", "enrol", "--office", "https://127.0.0.1:9", "--token", "5ec4e7", "--folder",
        folder.url.path, "--lang", language)
      #expect(run.exitCode == 2 && run.error.contains(word), "\(run.error)")
      #expect(!run.error.contains("5ec4e7"))
    }
    // Empty, but taken from where it should be: what is missing then is the office.
    let asked = try CommandLineRun(
      "agent", "enrol", "--office", "https://127.0.0.1:9", "--token", "-", "--folder",
      folder.url.path)
    #expect(asked.exitCode == 1, "\(asked.error)")
  }

  @Test func `the operator reads what it is asked to do`() throws {
    let folder = try TemporaryFolder()
    let nothing = try CommandLineRun("agent", "order", "--folder", folder.url.path)
    #expect(nothing.exitCode == 0 && nothing.out.contains("Nothing was asked yet."))
    let engine = folder.url.appendingPathComponent("engine")
    try FileManager.default.createDirectory(at: engine, withIntermediateDirectories: true)
    let order = engine.appendingPathComponent("order.json")
    try Data(
      (#"{"generation":7,"servers":[{"allocation":3,"serial":"S1","suspended":true}],"#
        + #""short":[{"allocation":2,"gpus":8}]}"#).utf8
    ).write(to: order)
    let run = try CommandLineRun("agent", "order", "--folder", folder.url.path)
    #expect(run.out.contains("S1") && run.out.contains("allocation-3"), "\(run.out)\(run.error)")
    #expect(run.out.contains("suspended") && run.out.contains("allocation-2 is short of 8 GPUs."))
    let korean = try CommandLineRun(
      "agent", "order", "--folder", folder.url.path, "--lang", "ko")
    #expect(korean.out.contains("이용정지") && korean.out.contains("8장이 모자랍니다."))
    let json = try CommandLineRun("agent", "order", "--folder", folder.url.path, "--json").object()
    #expect(json["generation"] as? Int == 7)
    let servers = try #require(json["servers"] as? [[String: Any]])
    #expect(servers.first?["serial"] as? String == "S1")
    try Data("{}".utf8).write(to: order)
    let damaged = try CommandLineRun("agent", "order", "--folder", folder.url.path)
    #expect(damaged.exitCode == 1 && damaged.error.contains("order.json"))
  }
}
