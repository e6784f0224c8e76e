import Foundation
import Testing

/// What the office does with usage beside its accounts: take back, recount, drop.
@Suite(.serialized)
struct UsageKeepingTests {
  @Test func `a segment is taken back once, and a sum that is wrong is found`() throws {
    let desk = try OfficeDesk()
    try desk.budget()
    try desk.done(
      "job", "submit", "--as", "kim", "--allocation", "allocation-1", "--gpus", "2", "--time", "5",
      "--output", "/dev/null", "--", "sleep", "2")
    try desk.done("job", "wait", "job-1", "--timeout", "60")
    let used = try UsageKeepingTests.sql(desk, "SELECT used FROM balance")
    #expect(try #require(Int(used)) >= 2)
    #expect(try desk.done("usage", "recount").out.contains("Every sum is what it should be."))
    // The columns keep the order of names: their highest bits are turned.
    let name = ["jobHigh", "jobLow"].map { column in
      "printf('%016x', CASE WHEN \(column) < 0 THEN \(column) + 9223372036854775807 + 1 "
        + "ELSE \(column) - 9223372036854775807 - 1 END)"
    }.joined(separator: " || ")
    let job = try UsageKeepingTests.sql(desk, "SELECT \(name) FROM usage WHERE number = 0")
    let words = ["usage", "take-back", "embedded", "--job", job, "--segment"]
    let first = try desk.run(arguments: words + ["0"])
    #expect(first.exitCode == 0 && first.out.contains("The segment was taken back."), "\(first)")
    let again = try desk.run(arguments: words + ["0", "--lang", "ko"])
    #expect(again.exitCode == 0 && again.out.contains("이미 거둔 구간입니다."))
    let none = try desk.run(arguments: words + ["7"])
    #expect(none.exitCode == 1 && none.error.contains("MDG-1513"))
    #expect(try desk.run(arguments: words.dropLast(2) + ["x", "--segment", "0"]).exitCode == 1)
    #expect(try UsageKeepingTests.sql(desk, "SELECT used FROM balance") == "0")
    try desk.done("usage", "recount")
    _ = try UsageKeepingTests.sql(desk, "UPDATE balance SET used = used + 1")
    let wrong = try desk.run("usage", "recount", language: "ko_KR.UTF-8")
    #expect(wrong.exitCode == 1 && wrong.error.contains("allocation-1"), "\(wrong.error)")
  }

  @Test func `only what is sealed is dropped`() throws {
    let desk = try OfficeDesk()
    let open = try desk.done("usage", "archive", "embedded", "--before", "2026-06-01", "--json")
    #expect(try open.object()["segments"] as? Int == 0)
    #expect(
      try desk.done("usage", "archive", "embedded", "--before", "2026-06-01").out
        .contains("Nothing to drop"))
    for words in [["embedded", "--before", "June"], ["embedded", "--before", "1999-01-01"]] {
      #expect(try desk.run(arguments: ["usage", "archive"] + words).exitCode == 2)
    }
    #expect(try desk.run("usage", "archive", "nowhere", "--before", "2026-06-01").exitCode == 1)
  }

  /// What a statement answers, by another reader of the file; triggers stay out of its way.
  private static func sql(_ desk: OfficeDesk, _ text: String) throws -> String {
    let process = Process()
    let pipe = Pipe()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      """
      import sqlite3, sys
      file = sqlite3.connect(sys.argv[1])
      if sys.argv[2].startswith("UPDATE"):
          for (name,) in file.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"
                                      ).fetchall():
              file.execute(f"DROP TRIGGER {name}")
      row = file.execute(sys.argv[2]).fetchone()
      file.commit()
      print(row[0] if row else "", end="")
      """, desk.folder.data.appendingPathComponent("journal.sqlite").path, text,
    ]
    process.standardOutput = pipe
    try process.run()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return said
  }
}
