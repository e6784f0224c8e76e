import Foundation
import Testing

/// The office's process, killed at any moment: jobs go on, each runs once, each is charged once.
@Suite(.serialized)
struct ServeTests {
  static let seed =
    ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }
    ?? UInt64.random(in: 1...UInt64(UInt32.max))
  static let kills = ProcessInfo.processInfo.environment["MADANG_LONG"] == nil ? 6 : 60

  @Test func `whenever it is killed, every job runs once and is charged once`() throws {
    print("SEED=\(ServeTests.seed)")
    var random = Generator(state: ServeTests.seed)
    let desk = try OfficeDesk()
    try desk.budget("50h")
    let marks = desk.folder.url.appendingPathComponent("marks")
    _ = FileManager.default.createFile(atPath: marks.path, contents: nil)
    var submitted = 0
    for round in 0..<ServeTests.kills {
      let server = try Server(desk)
      for number in 0..<3 {
        // A daemon of its own that left the group: it has to end with its job.
        let run = try desk.run(
          "job", "submit", "--as", "kim", "--allocation", "allocation-1", "--gpus", "2", "--time",
          "1", "--key", "r\(round)n\(number)", "--output", "/dev/null", "--", "sh", "-c",
          "echo $MADANG_JOB >> \(marks.path); (setsid sleep 600 &); sleep 0.3")
        // The server may be just about to take the folder: then the job is submitted all the same.
        #expect(run.exitCode == 0, "\(run.error)")
        submitted += 1
      }
      usleep(UInt32(random.next() % 700_000))
      server.kill(SIGKILL)
    }
    let server = try Server(desk)
    for number in 1...submitted {
      try desk.done("job", "wait", "job-\(number)", "--timeout", "120")
    }
    server.kill(SIGTERM)
    #expect(server.exitStatus == 0)
    try desk.done("allocation", "check")
    let lines = try String(contentsOf: marks, encoding: .utf8).split(separator: "\n").sorted()
    #expect(lines == (1...submitted).map { "job-\($0)" }.map { Substring($0) }.sorted())
    try check(desk, submitted)
  }

  /// The budget's used is the sum of what each job took, by its own start and end.
  private func check(_ desk: OfficeDesk, _ submitted: Int) throws {
    var seconds = 0
    let jobs = try desk.done("job", "list", "--limit", "\(submitted)", "--json").array()
    #expect(jobs.count == submitted)
    for job in jobs {
      #expect(job["ending"] as? String == "exited", "\(job)")
      let start = try #require(job["started"] as? Int)
      seconds += 2 * (try #require(job["ended"] as? Int) - start)
    }
    let refused = try desk.run(
      "job", "submit", "--as", "kim", "--allocation", "allocation-1", "--gpus", "8", "--time",
      "10:00:00", "--", "true")
    #expect(refused.error.contains("\(180_000 - seconds) are left"), "\(refused.error) \(seconds)")
    #expect(try desk.done("ledger", "verify").exitCode == 0)
  }

  /// Each of both ended the office by a trap, at its first remark.
  @Test func `a log that cannot be written, or that nobody reads any more, ends nothing`() throws {
    let desk = try OfficeDesk()
    let pipe = Pipe()
    let full = try #require(FileHandle(forWritingAtPath: "/dev/full"))
    for log in [full, pipe.fileHandleForWriting] {
      try? pipe.fileHandleForReading.close()
      let server = try Server(desk, log: log)
      #expect(try desk.run("cluster", "show", "embedded").exitCode == 0)
      usleep(700_000)
      #expect(server.isRunning)
      server.kill(SIGTERM)
      #expect(server.exitStatus == 0)
    }
    let refused = Process()
    refused.executableURL = CommandLineRun.binary
    refused.arguments = ["cluster", "show", "nowhere", "--data", desk.folder.data.path]
    refused.standardError = full
    refused.standardOutput = FileHandle.nullDevice
    try refused.run()
    refused.waitUntilExit()
    #expect(refused.terminationReason == .exit && refused.terminationStatus == 1)
  }

  /// xorshift: small, and the same everywhere.
  private struct Generator {
    var state: UInt64
    mutating func next() -> UInt64 {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return state
    }
  }

  /// `madang serve` in the background.
  private final class Server {
    private let process = Process()

    init(_ desk: OfficeDesk, log: FileHandle = .standardError) throws {
      process.executableURL = CommandLineRun.binary
      process.arguments = ["serve"]
      process.environment = [
        "HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "MADANG_DATA": desk.folder.data.path,
      ]
      process.standardError = log
      process.standardOutput = FileHandle.nullDevice
      try process.run()
    }

    func kill(_ number: Int32) {
      Foundation.kill(process.processIdentifier, number)
      process.waitUntilExit()
    }

    var isRunning: Bool { process.isRunning }
    var exitStatus: Int32 { process.terminationStatus }
  }
}
