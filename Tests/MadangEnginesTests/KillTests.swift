import Foundation
import MadangEngines
import MadangProgramme
import MadangSimulator
import Testing

/// Server, supervisors and both are killed, at every step and at any moment: nothing runs twice,
/// and every job has an end that is true.
@Suite(.serialized) struct KillTests {
  private static let environment = ProcessInfo.processInfo.environment
  static let seed =
    environment["SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 1...UInt64(UInt32.max))
  static let rounds = environment["MADANG_LONG"] == nil ? 4 : 100

  @Test(arguments: ["engine.written", "engine.intent", "engine.spawned"])
  func `a server killed while it starts a job loses and repeats nothing`(point: String) throws {
    let storm = try LocalStorm()
    let status = try storm.run(jobs: 6, fault: point)
    #expect(status == SIGKILL, "the fault was not reached")
    #expect(try storm.run(jobs: 6) == 0)
    let ends = try storm.check(jobs: 6)
    // Whether the first job ran depends on where its server died; all others ran.
    #expect(ends.values.count { $0 == "exited" } >= 5)
    if point == "engine.intent" { #expect(ends.values.count { $0 == "neverStarted" } == 1) }
    if point == "engine.spawned" { #expect(ends.values.allSatisfy { $0 == "exited" }) }
  }

  @Test(arguments: [
    ("claimed", "neverStarted"), ("forked", "neverStarted"), ("started", "lost"),
    ("released", "lost"), ("over", "lost"), ("empty", "lost"), ("ended", "exited"),
  ])
  func `a supervisor killed at any step leaves a true end`(point: String, end: String) throws {
    let storm = try LocalStorm()
    #expect(try storm.run(jobs: 6, fault: point) == 0)
    let ends = try storm.check(jobs: 6)
    #expect(ends.values.allSatisfy { $0 == end }, "\(ends)")
  }

  @Test(arguments: [0, 50, 300])
  func `what may have begun is not begun again when its folder is lost`(milliseconds: Int) throws {
    let storm = try LocalStorm()
    #expect(try storm.run(jobs: 1, fault: "engine.spawned") == SIGKILL)
    usleep(UInt32(milliseconds) * 1_000)
    storm.loseFolders { true }
    #expect(try storm.run(jobs: 1) == 0)
    #expect(try Array(storm.check(jobs: 1).values) == ["folderLost"])
  }

  @Test(arguments: [false, true])
  func `server, supervisors or both are killed at any moment`(foldersAreLost: Bool) throws {
    print("SEED=\(KillTests.seed)")
    for round in 0..<KillTests.rounds {
      var random = SeededGenerator(seed: KillTests.seed).child("kill", round)
      let storm = try LocalStorm()
      for _ in 0..<8 {
        let server = try storm.launch(jobs: 24)
        usleep(UInt32(random.draw(1_000...250_000)))
        let kind = random.draw(0...2)
        if kind != 1 { kill(server.processIdentifier, SIGKILL) }
        if kind != 0 {
          for pid in storm.supervisors() where random.draw(0...1) == 0 { kill(pid, SIGKILL) }
        }
        if foldersAreLost { storm.loseFolders { random.draw(0...3) == 0 } }
        if kind == 1 {
          usleep(UInt32(random.draw(1_000...100_000)))
          kill(server.processIdentifier, SIGKILL)
        }
        server.waitUntilExit()
      }
      #expect(try storm.run(jobs: 24) == 0)
      _ = try storm.check(jobs: 24)
    }
  }
}

/// `madang-local-storm` at work, and what it must have left.
final class LocalStorm {
  let folder: TestFolder

  init() throws { folder = try TestFolder() }

  func launch(jobs: Int, fault: String? = nil) throws -> Process {
    let process = Process()
    process.executableURL = URL(filePath: Products.path("madang-local-storm"))
    process.arguments = [folder.path, "\(jobs)", "\(folder.high)"]
    var environment = ProcessInfo.processInfo.environment
    environment["MADANG_FAULT"] = fault
    environment["SWIFT_BACKTRACE"] = "enable=no"
    process.environment = environment
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Runs to the end; the exit status, or the signal.
  func run(jobs: Int, fault: String? = nil) throws -> Int32 {
    let process = try launch(jobs: jobs, fault: fault)
    let ended: Bool? = try eventually("the server to end") { process.isRunning ? nil : true }
    if ended != true { kill(process.processIdentifier, SIGKILL) }
    process.waitUntilExit()
    return process.terminationStatus
  }

  /// Supervisors of this folder that run now.
  func supervisors() -> [pid_t] {
    Processes.all.filter { pid in
      Processes.text(pid, "cmdline").contains("madang-supervise\0\(folder.path)/")
    }
  }

  /// Takes away jobs' folders, each at once: one that is being removed is in between for a moment,
  /// and whoever looks then sees whatever is left of it.
  func loseFolders(where isLost: () -> Bool) {
    let jobs = "\(folder.path)/cluster/jobs"
    for name in (try? FileManager.default.contentsOfDirectory(atPath: jobs)) ?? []
    where name.count == 32 && isLost() {
      let lost = "\(folder.path)/lost-\(UUID().uuidString)"
      guard rename("\(jobs)/\(name)", lost) == 0 else { continue }
      try? FileManager.default.removeItem(atPath: lost)
    }
  }

  /// Recounts from what the store and the jobs themselves wrote. The reasons by token.
  func check(jobs: Int) throws -> [String: String] {
    var reasons: [String: String] = [:]
    var statuses: [String: [String]] = [:]
    for line in (folder.text("store") ?? "").split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      guard words[0] == "ended" else { continue }
      #expect(reasons[words[1]] == nil, "\(words[1]) ended twice")
      reasons[words[1]] = words[2]
      statuses[words[1]] = Array(words[3...])
    }
    #expect(reasons.count == jobs)
    var seen: [String: Int] = [:]
    for line in (folder.text("witness") ?? "").split(separator: "\n") {
      seen[String(line), default: 0] += 1
    }
    for (token, reason) in reasons.sorted(by: { $0.key < $1.key }) {
      let begun = seen["begin \(token)"] ?? 0
      let finished = seen["end \(token)"] ?? 0
      switch reason {
      case "exited":
        let status = statuses[token] ?? []
        // Until it becomes the job, the job's process goes by its supervisor's command line: a kill
        // meant for supervisors may hit it, and its true end is that signal.
        if status == ["0", "9"] {
          #expect(begun <= 1 && finished <= begun, "\(token) killed, \(begun) \(finished)")
        } else {
          #expect(
            status == ["0", "0"] && begun == 1 && finished == 1,
            "\(token) exited \(status), \(begun) \(finished)")
        }
      case "neverStarted": #expect(begun == 0 && finished == 0, "\(token) never started")
      case "lost", "folderLost":
        #expect(begun <= 1 && finished <= begun, "\(token) \(reason), \(begun) \(finished)")
      default: Issue.record("\(token) ended as \(reason)")
      }
      let left = Processes.marked("MADANG_RUN=\(token)", in: folder.path)
      #expect(left.isEmpty, "\(token) left \(left)")
    }
    #expect(supervisors().isEmpty)
    return reasons
  }
}
