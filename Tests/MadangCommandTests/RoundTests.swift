import Foundation
import Testing

/// A round from its first application to its first award, as its people type it.
struct RoundTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func madang(_ line: String) throws -> CommandLineRun {
    try CommandLineRun(line.split(separator: " ").map(String.init), data: folder.data)
  }

  /// Runs a line that must be carried out.
  private func done(_ line: String) throws -> CommandLineRun {
    let run = try madang(line)
    #expect(run.exitCode == 0, "\(line): \(run.error)\(run.out)")
    return run
  }

  /// Runs a line that must be refused with this code.
  private func refused(_ code: String, _ line: String) throws {
    let run = try madang(line)
    #expect(run.exitCode == 1, "\(line): \(run.out)")
    #expect(run.error.hasPrefix(code), "\(line): \(run.error)")
  }

  private func submit(_ organisation: Int, _ gpus: Int, _ rest: String) -> String {
    "application submit round-2 --track weather --organisation organisation-\(organisation) "
      + "--gpus \(gpus) --models egret-4 --content README.md \(rest)"
  }

  @Test func `a round is lived through from the first application to an award`() throws {
    let open = "--at 2026-10-05T10:00"
    let closed = "--at 2026-11-06T10:00"
    _ = try done("programme load Programmes/saltmarsh --at 2026-09-01T09:00")
    for _ in 1...2 { _ = try done("application register --form institute --region south-fen") }
    try refused("MDG-1202", submit(1, 8, "--from 2026-12-15 --at 2026-09-30T10:00"))
    let receipt = try done(submit(1, 8, "--from 2026-12-15 \(open) --key a --json")).object()
    #expect(receipt["application"] as? String == "application-1")
    #expect((receipt["content"] as? String)?.count == 64)
    let again = try done(submit(1, 8, "--from 2026-12-15 \(open) --key a --json")).object()
    #expect(again["event"] as? Int == receipt["event"] as? Int)
    try refused("MDG-1207", submit(2, 6, "--from 2026-12-15 \(open)"))
    try refused("MDG-1209", submit(2, 8, "--from 2026-11-15 \(open)"))
    _ = try done(submit(2, 8, "--from 2026-12-15 \(open)"))
    // One that wants days on which nothing stands yet.
    _ = try done(submit(2, 4, open))
    _ = try done(submit(1, 12, "--from 2026-12-15 \(open) --revise application-1"))
    try refused("MDG-1203", submit(2, 8, "--from 2026-12-15 --at 2026-11-05T17:30"))

    try refused("MDG-1222", "round decide round-2 \(closed)")
    for number in 1...3 { _ = try done("application judge application-\(number) \(closed)") }
    _ = try done("application conflict application-1 --reviewer kim --ground recused \(closed)")
    try refused("MDG-1217", "application review application-1 --points 9,9,9 --as kim \(closed)")
    let tooMany = try madang("application review application-1 --points 9,9,101 --as lee \(closed)")
    #expect(tooMany.exitCode == 2 && tooMany.error.hasPrefix("MDG-3001"), "\(tooMany.error)")
    _ = try done("application review application-1 --points 90,80,70 --as lee \(closed)")
    // Many at once: one that is refused refuses all.
    let file = folder.url.appendingPathComponent("reviews").path
    try "application-2 60,60,60\napplication-3 10,10\n".write(
      toFile: file, atomically: true, encoding: .utf8)
    let many = "application review --round round-2 --file \(file) --as lee \(closed)"
    try refused("MDG-1215", many)
    let before = try done("application show application-2 --json").object()
    #expect(before["reviews"] as? Int == 0)
    try "application-2 60,60,60\napplication-3 10,10,10\n".write(
      toFile: file, atomically: true, encoding: .utf8)
    let recorded = try done("\(many) --json").object()
    #expect((recorded["events"] as? [Int])?.count == 2)

    _ = try done("round decide round-2 --as drafter \(closed)")
    try refused("MDG-1220", "round approve round-2 --as drafter \(closed)")
    _ = try done("round return round-2 --as chief \(closed)")
    _ = try done("round decide round-2 --as drafter \(closed)")
    _ = try done("round approve round-2 --as chief \(closed)")
    _ = try done("round publish round-2 --as drafter \(closed)")
    let ranking = try done("round ranking round-2 --json").array()
    let outcomes = ranking.map { "\($0["application"] ?? "") \($0["outcome"] ?? "")" }
    #expect(
      outcomes == [
        "application-1 selected", "application-2 selected", "application-3 notSelected",
      ])
    #expect(ranking.last?["reason"] as? String == "shareExhausted")
    for number in 1...3 {
      #expect(try done("application why application-\(number)").out.contains("agrees"))
    }
    _ = try done("contract conclude application-1 \(closed)")
    try refused("MDG-1303", "contract decline application-1 \(closed)")
    _ = try done("contract decline application-2 \(closed)")
    try refused("MDG-1302", "contract conclude application-3 \(closed)")
    let awards = try done("award --json").array()
    #expect(awards.count == 1)
    #expect(awards.first?["gpus"] as? Int == 12)
    _ = try done("ledger verify")
  }
}
