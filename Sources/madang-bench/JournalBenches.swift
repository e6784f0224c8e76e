import Foundation
import GRDB
import MadangJournal
import MadangProgramme
import MadangSimulator

/// Benches of the journal: commits, start, verification, proofs, memory.
enum JournalBenches {
  /// A folder that is gone afterwards.
  static func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("madang-bench-\(ProcessInfo.processInfo.processIdentifier)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    // What stays lies in the system's folder of temporary files.
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder.path)
  }

  /// A journal with so many events, snapshots only when asked for.
  static func journal(_ folder: String) throws -> Journal {
    var options = Journal.Options()
    options.snapshotEvery = .max / 2
    return try Journal(folder: folder, options: options)
  }

  static func accept(_ replies: [Reply]) {
    for reply in replies {
      if case .refused(let refusal) = reply {
        Measure.warn("refused: \(refusal.code) \(refusal.what(.en))")
        preconditionFailure("the bench's commands are all accepted")
      }
    }
  }

  /// Plays a fixture's commands into a journal, in batches.
  static func play(_ envelopes: [Envelope], _ journal: Journal, batch: Int) throws {
    var start = 0
    while start < envelopes.count {
      let end = min(start + batch, envelopes.count)
      accept(try journal.submit(envelopes[start..<end].map { Request($0) }))
      start = end
    }
  }

  /// Every command that made a fixture, as envelopes.
  static func recorded(_ body: (inout Fixture) -> Void) -> (Fixture, [Envelope]) {
    var fixture = Fixture.founded(gpus: 1_600_000, steps: 20, recording: true)
    body(&fixture)
    return (fixture, fixture.log)
  }

  // MARK: Start, verify

  /// A journal of a million events: opened with and without a snapshot, verified, by Python too.
  static func start() throws {
    try inFolder { folder in
      let path = folder + "/million"
      var journal = try journal(path)
      try fill(journal, events: 1_000_000)
      let count = journal.programme.eventCount
      try journal.close()
      let without = try Measure.seconds { journal = try JournalBenches.journal(path) }
      try journal.writeSnapshot()
      _ = try journal.signHead(at: Instant(1_770_000_000))
      try journal.close()
      let with = try Measure.seconds { journal = try JournalBenches.journal(path) }
      Measure.report(
        "start from \(count) events",
        "\(Measure.text(with)) s with a snapshot, \(Measure.text(without)) s without",
        bar: "1 s and 10 s")
      let ledger = journal.ledger
      let verify = try Measure.seconds { _ = try ledger.verify() }
      Measure.report("verify \(count) events, Swift", "\(Measure.text(verify)) s", bar: "5 s")
      let export = folder + "/export"
      _ = try ledger.export(to: export, for: .auditor, at: Instant(1_770_000_000))
      try journal.close()
      try python(export, folder, count)
    }
  }

  private static func python(_ export: String, _ folder: String, _ count: Int64) throws {
    let page = "docs/verify-the-ledger.md"
    // Run from elsewhere there is no page: said below.
    guard let text = try? String(contentsOfFile: page, encoding: .utf8),
      let start = text.range(of: "```python\n"),
      let end = text.range(of: "\n```", range: start.upperBound..<text.endIndex)
    else {
      Measure.report("verify, Python", "skipped: no \(page) here", bar: "60 s")
      return
    }
    let script = folder + "/verify.py"
    try String(text[start.upperBound..<end.lowerBound])
      .write(toFile: script, atomically: true, encoding: .utf8)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script, export]
    process.standardOutput = FileHandle.nullDevice
    let seconds = try Measure.seconds {
      try process.run()
      process.waitUntilExit()
    }
    precondition(process.terminationStatus == 0, "Python agrees")
    Measure.report("verify \(count) events, Python", "\(Measure.text(seconds, 1)) s", bar: "60 s")
  }

  /// 100,000 applications, the rest reviews.
  static func fill(_ journal: Journal, events: Int64) throws {
    var generator = SeededGenerator(seed: 17)
    let (fixture, log) = recorded { fixture in
      fixture.submit(50_000, round: 2, organisations: 10_000, ownTerms: true, &generator)
      fixture.submit(50_000, round: 3, organisations: 10_000, ownTerms: true, &generator)
      fixture.judge(round: 2, reviews: 2, &generator)
    }
    try play(log, journal, batch: 20_000)
    while journal.programme.eventCount < events {
      let left = Int(min(50_000, events - journal.programme.eventCount))
      let more = ProgrammeBenches.mixed(
        left, fixture, &generator, growing: false, organisations: 20_000)
      try play(more, journal, batch: 20_000)
    }
  }

  // MARK: Proof

  /// An inclusion proof in ten million events, from the tiles on disk.
  static func proof() throws {
    try inFolder { folder in
      let path = folder + "/proof"
      let journal = try journal(path)
      let fixture = Fixture.founded(gpus: 8_000, steps: 1, recording: true)
      try play(fixture.log, journal, batch: 1_000)
      try journal.close()
      let size = 10_000_000
      try TreeOnly.make(path, size: size)
      let ledger = try Ledger(folder: path)
      var generator = SeededGenerator(seed: 19)
      let events = (0..<1_000).map { _ in Int64(generator.draw(0...size - 17)) }
      _ = try ledger.inclusionProof(event: events[0], size: Int64(size))
      let seconds = try Measure.seconds {
        for event in events {
          let proof = try ledger.inclusionProof(event: event, size: Int64(size))
          precondition(proof.count <= 24, "a proof is as long as the tree is high")
        }
      }
      Measure.report(
        "inclusion proof in \(size) events",
        "\(Measure.text(seconds / Double(events.count) * 1_000, 3)) ms, mean of \(events.count)",
        bar: "1 ms")
    }
  }

  // MARK: Memory

  /// Resident memory with 100,000 applications, then after a million further commands while a
  /// reader holds an old snapshot.
  static func memory() throws {
    try inFolder { folder in
      let path = folder + "/memory"
      let journal = try journal(path)
      try fill(journal, events: 0)
      try journal.writeSnapshot()
      try journal.close()
      // Held by another process: what making it cost is not what holding it costs.
      let process = Process()
      process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
      process.arguments = ["hold"]
      process.environment = ["MADANG_BENCH_FOLDER": path]
      try process.run()
      process.waitUntilExit()
      precondition(process.terminationStatus == 0, "the journal was held")
    }
  }

  static func hold() throws {
    guard let path = ProcessInfo.processInfo.environment["MADANG_BENCH_FOLDER"] else { return }
    let journal = try journal(path)
    let before = Measure.memoryMiB()
    var generator = SeededGenerator(seed: 23)
    var fixture = Fixture()
    fixture.programme = journal.programme
    fixture.received = Instant(Fixture.closes + 86_400)
    var held: Programme? = journal.programme
    var half = before
    for part in 0..<100 {
      let commands = ProgrammeBenches.mixed(
        10_000, fixture, &generator, growing: false, organisations: 20_000)
      try play(commands, journal, batch: 256)
      // The slow reader lets go of its snapshot every 100,000 commands.
      if part % 10 == 9 { held = journal.programme }
      if part == 49 { half = Measure.memoryMiB() }
    }
    let after = Measure.memoryMiB()
    precondition((held?.applications.count ?? 0) == journal.programme.applications.count)
    try journal.close()
    Measure.report(
      "resident memory, 100,000 applications",
      "\(Measure.text(before.resident, 0)) MiB; after 500,000 further commands with a slow reader "
        + "\(Measure.text(half.resident, 0)), after 1,000,000 \(Measure.text(after.resident, 0))",
      bar: "250 MB, flat")
  }
}
