import Foundation
import Testing

/// Cases of the field, and ours: a file in, the expected text out. `MADANG_RECORD=1` writes what
/// comes out, to be read as a diff.
struct ScheduleTests {
  private static let folder = "Tests/MadangCommandTests/Schedules"

  private static func cases() throws -> [String] {
    try FileManager.default.contentsOfDirectory(
      atPath: CommandLineRun.repository.appendingPathComponent(folder).path
    )
    .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }.sorted()
  }

  @Test func `every case gives its expected text`() throws {
    let names = try ScheduleTests.cases()
    #expect(names.count >= 24)
    for name in names {
      let path = "\(ScheduleTests.folder)/\(name)"
      let run = try CommandLineRun("schedule", path + ".yaml", "--lang", "en")
      let isBroken = name.hasPrefix("broken") || name.hasSuffix("over-subscribed")
      #expect(run.exitCode == (isBroken ? 1 : 0), "\(name): \(run.error)")
      let file = CommandLineRun.repository.appendingPathComponent(path + ".txt")
      if ProcessInfo.processInfo.environment["MADANG_RECORD"] != nil {
        try run.out.write(to: file, atomically: true, encoding: .utf8)
      }
      let expected = try String(contentsOf: file, encoding: .utf8)
      #expect(run.out == expected, "\(name)")
    }
  }

  @Test func `two processes give the same bytes, and the digest is that of the rest`() throws {
    let path = "\(ScheduleTests.folder)/armada-14-balance.yaml"
    let first = try CommandLineRun("schedule", path, "--json")
    let second = try CommandLineRun("schedule", path, "--json", environment: ["LANG": "en_US"])
    #expect(first.out == second.out)
    let (digest, sum) = try digests(first.object())
    #expect(digest == sum)
  }

  /// What stands under `digest`, and the sum of what docs/schedule.md says that it is of.
  private func digests(_ object: [String: Any]) throws -> (String, String) {
    let digest = try #require(object["digest"] as? String)
    let canonical = try JSONSerialization.data(
      withJSONObject: object.filter { $0.key != "digest" },
      options: [.sortedKeys, .withoutEscapingSlashes])
    return (digest, try shaSum(canonical))
  }

  @Test func `a digest is that of the other fields, in each language and explained`() throws {
    // One with evictions and jobs that wait.
    let path = "\(ScheduleTests.folder)/kueue-08a-greedy-hog.yaml"
    for options in [["--lang", "ko"], ["--lang", "en"], ["--lang", "en", "--explain"]] {
      let (digest, sum) = try digests(
        CommandLineRun(["schedule", path, "--json"] + options).object())
      #expect(digest == sum)
      #expect(
        try digests(CommandLineRun(["schedule", path, "--json"] + options).object()).0 == digest)
    }
  }

  @Test func `an explanation in JSON holds the policy and the uncapped shares`() throws {
    let path = "\(ScheduleTests.folder)/flux-21-easy.yaml"
    let plain = try CommandLineRun("schedule", path, "--json").object()
    #expect(plain["policy"] == nil && plain["assumedWalltimes"] as? Int == 0)
    let explained = try CommandLineRun("schedule", path, "--json", "--explain").object()
    let policy = try #require(explained["policy"] as? [String: String])
    #expect(policy["backfill"] == "easy" && policy["searchSteps"] == "2000000")
    let shares = try #require(explained["shares"] as? [[String: Any]])
    #expect(!shares.isEmpty && shares.allSatisfy { $0["uncappedShare"] is Int })
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("one.yaml")
    try Data(
      """
      clusters: [{name: c, model: b200, nodes: [{name: n1, gpus: 8}]}]
      pools: [{name: a}]
      waiting: [{job: j, pool: a, gpusPerTask: 1}]

      """.utf8
    ).write(to: file)
    let one = try CommandLineRun("schedule", file.path, "--json").object()
    #expect(one["assumedWalltimes"] as? Int == 1)
    let text = try CommandLineRun("schedule", file.path)
    #expect(text.out.contains("1 job without a walltime is planned with 86400 s."), "\(text.out)")
  }

  @Test func `faults are in the caller's language, and a missing file is one`() throws {
    let path = "\(ScheduleTests.folder)/broken.yaml"
    let korean = try CommandLineRun("schedule", path, "--lang", "ko")
    #expect(korean.exitCode == 1)
    #expect(korean.out.contains("‘colour’ 키를 알 수 없습니다."))
    let missing = try CommandLineRun("schedule", "nowhere.yaml", "--json")
    #expect(missing.exitCode == 1)
    #expect(missing.out.contains("There is no such file."))
    let usage = try CommandLineRun("schedule")
    #expect(usage.exitCode == 2)
  }

  /// By a program that is none of ours.
  private func shaSum(_ data: Data) throws -> String {
    let folder = try TemporaryFolder()
    let file = folder.url.appendingPathComponent("canonical.json")
    try data.write(to: file)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/sha256sum")
    process.arguments = [file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    process.waitUntilExit()
    let out = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    return String(out.prefix(64))
  }
}
