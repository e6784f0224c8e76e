import Foundation
import GRDB
import MadangJournal
import MadangProgramme
import Testing

private let measuredEvents = Int(ProcessInfo.processInfo.environment["MADANG_MEASURE"] ?? "") ?? 0

/// Figures that people read and nothing gates on: `MADANG_MEASURE=1000000 swift test -c release
/// --filter Measure`.
@Suite(.serialized, .enabled(if: measuredEvents > 0))
struct Measure {

  /// Commands like those of a busy round: of 20 events 1 organisation, 1 application, 1 verdict, 17
  /// reviews.
  static func commands(_ count: Int, _ body: ([Request]) throws -> Void) throws {
    let applicants = count / 20
    let after = TestProgramme.at(hours: 24 * 31)
    try inBatches(applicants, of: 1_000) { number in
      [
        TestProgramme.request(.registerOrganisation(TestProgramme.organisation(number))),
        TestProgramme.request(
          .submit(TestProgramme.form(number)), by: TestProgramme.person(Int64(1_000 + number))),
      ]
    } body: {
      try body($0)
    }
    try inBatches(applicants, of: 100) { number in
      let id = ApplicationID(number)
      let verdict = TestProgramme.request(
        .judgeEligibility(id, brokenRule: nil, ruleSet: TestProgramme.ruleDigest), at: after)
      return [verdict]
        + (0..<17).map { reviewer in
          TestProgramme.request(
            .review(id, points: [Int64((number + reviewer) % 101), 70]),
            by: TestProgramme.person(Int64(11 + reviewer)), at: after)
        }
    } body: {
      try body($0)
    }
  }

  private static func inBatches(
    _ count: Int, of size: Int, _ make: (Int) -> [Request], body: ([Request]) throws -> Void
  ) throws {
    for first in stride(from: 1, through: count, by: size) {
      try body((first..<min(first + size, count + 1)).flatMap(make))
    }
  }

  static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let time = try clock.measure(work)
    return Double(time.components.seconds) + Double(time.components.attoseconds) * 1e-18
  }

  @Test func `what a large journal costs`() throws {
    let folder = try TestFolder()
    print("events \(measuredEvents), folder \(folder.path)")
    var journal = try folder.open { $0.snapshotEvery = .max / 2 }
    _ = try journal.submit(TestProgramme.setUp())
    let fill = try Measure.seconds {
      try Measure.commands(measuredEvents) { batch in
        for reply in try journal.submit(batch) { _ = try reply.receipt }
      }
    }
    print("submit in batches of 2000: \(Int(Double(measuredEvents) / fill)) events/s, \(fill) s")
    _ = try journal.signHead(at: TestProgramme.closes)
    print("close \(try Measure.seconds { try journal.close() }) s")
    let bytes = try FileManager.default.attributesOfItem(atPath: folder + "journal.sqlite")[.size]
    print("file \(bytes ?? 0) bytes")

    print("open by replay \(try Measure.seconds { journal = try folder.open() }) s")
    print("snapshot written \(try Measure.seconds { try journal.writeSnapshot() }) s")
    try journal.close()
    print("open by snapshot \(try Measure.seconds { journal = try folder.open() }) s")
    var verification: Verification?
    print("verify \(try Measure.seconds { verification = try journal.ledger.verify() }) s")
    print(verification.map { "\($0)" } ?? "")
    let size = try journal.ledger.eventCount()
    let proofs = try Measure.seconds {
      for index in 0..<1_000 {
        _ = try journal.ledger.inclusionProof(event: Int64(index) * 7_919 % size, size: size)
      }
    }
    print("inclusion proof \(proofs) ms")
    let target = folder + "export"
    print(
      "export for the auditor",
      try Measure.seconds { _ = try journal.ledger.export(to: target, for: .auditor, at: .init(0)) })
    try journal.close()
  }

  @Test(arguments: [1, 64, 256, 2_000])
  func `what a batch costs beside the same bytes in bare SQLite`(size: Int) throws {
    let folder = try TestFolder()
    let journal = try folder.founded()
    let count = min(measuredEvents, size * 2_000)
    let request = TestProgramme.request(.registerOrganisation(TestProgramme.organisation(1)))
    let batch = Array(repeating: request, count: size)
    let ours = try Measure.seconds {
      for _ in 0..<count / size { _ = try journal.submit(batch) }
    }
    var rows: [(Data, Data)] = []
    try journal.ledger.forEachEvent(in: 13..<Int64(13 + count)) { event in
      // As long as the stored openings, which is all that a disk sees of them.
      rows.append((Data(event.bytes), Data(count: 98)))
    }
    try journal.close()

    let bare = try DatabaseQueue(path: folder + "bare.sqlite")
    try bare.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA journal_mode = WAL")
      try db.execute(sql: "PRAGMA synchronous = FULL")
      try db.execute(sql: "CREATE TABLE event (number INTEGER PRIMARY KEY, leaf BLOB)")
      try db.execute(sql: "CREATE TABLE opening (event INTEGER PRIMARY KEY, sealed BLOB)")
    }
    let theirs = try Measure.seconds {
      for start in stride(from: 0, to: rows.count, by: size) {
        try bare.write { db in
          let event = try db.cachedStatement(sql: "INSERT INTO event VALUES (?, ?)")
          let opening = try db.cachedStatement(sql: "INSERT INTO opening VALUES (?, ?)")
          for number in start..<min(start + size, rows.count) {
            try event.execute(arguments: [number, rows[number].0])
            try opening.execute(arguments: [number, rows[number].1])
          }
        }
      }
    }
    let rate = { (seconds: Double) in "\(Int(Double(count) / seconds)) events/s" }
    print("batches of \(size): journal \(rate(ours)), bare SQLite \(rate(theirs))")
  }

  @Test func `what a proof costs at ten million events`() throws {
    let folder = try TestFolder()
    try folder.founded().close()
    let size = 10_000_000
    let queue = try DatabaseQueue(path: folder + "journal.sqlite")
    try queue.write { db in
      try db.execute(sql: "DROP TRIGGER event_appended")
      try db.execute(sql: "INSERT INTO event VALUES (?, X'00', 0)", arguments: [size - 1])
      let insert = try db.cachedStatement(sql: "INSERT INTO tile VALUES (?, ?, ?, ?)")
      var frontier = Frontier()
      for number in 0..<size {
        var tiles: [Tile] = []
        frontier.append(Digest(1, 2, 3, UInt64(number))) { tiles.append($0) }
        for tile in tiles {
          try insert.execute(
            arguments: [tile.level, tile.number, Data(tile.root.bytes), Data(tile.bytes)])
        }
      }
    }
    try queue.close()
    let ledger = try Ledger(folder: folder.path)
    let inclusion = try Measure.seconds {
      for index in 0..<1_000 {
        _ = try ledger.inclusionProof(event: Int64(index * 7_919 % size), size: Int64(size))
      }
    }
    let consistency = try Measure.seconds {
      for index in 0..<1_000 {
        _ = try ledger.consistencyProof(from: Int64(index * 7_919), to: Int64(size))
      }
    }
    print("at \(size) events: inclusion \(inclusion) ms, consistency \(consistency) ms")
  }
}
