import Foundation
import Testing

/// How the office's process begins, and what it needs for it.
struct ServingTests {
  /// Found by review: it ended by an illegal instruction, and told a full disk so.
  @Test func `a log that cannot be written changes nothing of how a command ends`() throws {
    let desk = try OfficeDesk()
    for (arguments, status) in [
      (["round", "show", "round-77"], 1), (["serve", "--certificate", "x.pem"], 0),
      (["nonsense"], 2),
    ] as [([String], Int32)] {
      let process = Process()
      process.executableURL = CommandLineRun.binary
      process.arguments = arguments
      process.environment = [
        "HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "MADANG_DATA": desk.folder.data.path,
      ]
      process.standardError = try FileHandle(forWritingTo: URL(filePath: "/dev/full"))
      process.standardOutput = FileHandle.nullDevice
      try process.run()
      defer { if process.isRunning { process.terminate() } }
      if arguments.first == "serve" {
        // It is at work, and told nobody; then it is told to end.
        try ServingTests.wait { ServingTests.heedsStop(process.processIdentifier) }
        sleep(3)
        #expect(process.isRunning)
        kill(process.processIdentifier, SIGTERM)
      }
      process.waitUntilExit()
      #expect(process.terminationReason == .exit, "\(arguments)")
      #expect(process.terminationStatus == status, "\(arguments)")
    }
  }

  @Test func `a proxy is named by its address`() throws {
    let desk = try OfficeDesk()
    let run = try desk.run("serve", "--listen", "127.0.0.1:0", "--proxy", "localhost")
    #expect(run.exitCode == 2 && run.error.contains("--proxy takes an IP address"), "\(run.error)")
  }

  /// Found by review: five seconds of another writer, or a full disk, ended the office.
  @Test func `another's long write holds the office's work up, and ends nothing`() throws {
    let desk = try OfficeDesk()
    try desk.budget()
    let server = Process()
    server.executableURL = CommandLineRun.binary
    server.arguments = ["serve"]
    server.environment = [
      "HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "MADANG_DATA": desk.folder.data.path,
      "LANG": "en_US.UTF-8",
    ]
    let log = desk.folder.data.appendingPathComponent("log")
    _ = FileManager.default.createFile(atPath: log.path, contents: nil)
    server.standardError = try FileHandle(forWritingTo: log)
    server.standardOutput = FileHandle.nullDevice
    try server.run()
    defer { server.terminate() }
    // Else the next command might have the folder first.
    try ServingTests.wait {
      (try? String(contentsOf: log, encoding: .utf8))?.contains("Working on") ?? false
    }
    try desk.done(
      "job", "submit", "--as", "kim", "--allocation", "allocation-1", "--gpus", "1", "--time", "5",
      "--output", "/dev/null", "--", "sleep", "3")
    let holder = Process()
    holder.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    holder.arguments = [
      "-c",
      """
      import sqlite3, sys, time
      base = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=30)
      base.execute("BEGIN IMMEDIATE")
      time.sleep(10)
      """, desk.folder.data.appendingPathComponent("journal.sqlite").path,
    ]
    try holder.run()
    holder.waitUntilExit()
    #expect(holder.terminationStatus == 0)
    #expect(server.isRunning)
    try desk.done("job", "wait", "job-1", "--timeout", "60")
    kill(server.processIdentifier, SIGTERM)
    server.waitUntilExit()
    #expect(server.terminationStatus == 0)
  }

  /// Until something is so: a minute at most, as the machine may be busy.
  private static func wait(_ isSo: () -> Bool) throws {
    for _ in 0..<600 where !isSo() { usleep(100_000) }
    try #require(isSo())
  }

  /// Whether a process no longer ends by SIGTERM itself: it takes it as a request.
  private static func heedsStop(_ process: Int32) -> Bool {
    let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    return status.split(separator: "\n").contains { line in
      guard line.hasPrefix("SigIgn:") || line.hasPrefix("SigCgt:"),
        let mask = UInt64(line.dropFirst(7).trimmingCharacters(in: .whitespaces), radix: 16)
      else { return false }
      return mask & 1 << (SIGTERM - 1) != 0
    }
  }
}
