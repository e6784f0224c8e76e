import Foundation
import GRDB
import MadangJournal
import MadangProgramme
import MadangSimulator
import Testing

/// The operations tables as a file: made in an older one, forbidding what is for ever, and found
/// whole after every bad end.
@Suite(.serialized)
struct OperationsFileTests {
  /// Takes everything that version 2 added out of a file again.
  private func makeVersion1(_ folder: TestFolder) throws {
    let kept = ["event", "opening", "tile", "head", "request", "person", "meta"]
    let queue = try DatabaseQueue(path: folder + "journal.sqlite")
    try queue.writeWithoutTransaction { db in
      let tables = try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
      #expect(tables.count > kept.count + 5)
      for table in tables where !kept.contains(table) && !table.hasPrefix("sqlite_") {
        try db.execute(sql: "DROP TABLE \(table)")
      }
      try db.execute(sql: "PRAGMA user_version = 1")
      try db.checkpoint(.truncate)
    }
    try queue.close()
  }

  @Test(arguments: [false, true])
  func `a file of version 1 gets the tables when it is opened`(byOperations: Bool) throws {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 3)
    let fingerprint = journal.programme.fingerprint
    try journal.close()
    try makeVersion1(folder)
    if byOperations { try Operations(folder: folder.path).close() }
    let again = try folder.open()
    #expect(again.programme.fingerprint == fingerprint)
    #expect(try again.ledger.verify().stateDigest == again.programme.stateDigest)
    let operations = try Operations(folder: folder.path)
    #expect(
      try operations.record(
        [Metering.segment(0..<60)], at: Metering.cluster, received: Metering.at(60))
        == [.accepted])
    try operations.close()
    try again.close()
    #expect(try Tampering.value(folder, "PRAGMA user_version") == 6)
  }

  /// What was refused then has its code, and no sentence.
  @Test func `a file of version 3 keeps what was refused, and gets the sentences' columns`() throws
  {
    let folder = try TestFolder()
    try folder.founded(applicants: 1).close()
    for sql in [
      "ALTER TABLE seal DROP COLUMN seconds", "ALTER TABLE refusedUsage DROP COLUMN ko",
      "ALTER TABLE refusedUsage DROP COLUMN en",
      "INSERT INTO refusedUsage VALUES (1, 0, 0, 7, 60, 120, 8, 1, 0, 'MDG-1508', 130)",
      "DROP TABLE refusedBeyond", "PRAGMA user_version = 3",
    ] {
      try Tampering.run(folder, sql)
    }
    let operations = try Operations(folder: folder.path)
    let kept = try operations.refusedUsage(of: ClusterID(1), in: 0..<10)
    #expect(kept.map(\.code) == ["MDG-1508"] && kept.first?.reason == nil)
    #expect(kept.first?.received == Instant(130) && kept.first?.segment.key.number == 7)
    try operations.close()
    #expect(try Tampering.value(folder, "PRAGMA user_version") == 6)
  }

  @Test func `there are no operations where there is no journal`() throws {
    let folder = try TestFolder()
    #expect(
      fault { _ = try Operations(folder: folder.path) } == .noJournal(folder: folder.path))
  }

  @Test(arguments: [
    "UPDATE usage SET gpus = 1", "DELETE FROM usage",
    "INSERT INTO usage "
      + "SELECT cluster, fromAt + 1, jobHigh, jobLow, number, toAt, 1, 1, 1 FROM usage",
    "INSERT INTO usage VALUES (1, 5, 0, 0, 0, 5, 1, 1, 1)",
    "INSERT INTO usage VALUES (1, 5, 0, 0, 0, 9, -1, 1, 1)",
    "INSERT INTO usage VALUES (1, 5, 0, 0, 0, 90000, 1, 1, 1)",
    "UPDATE entry SET seconds = 1", "DELETE FROM entry",
    "UPDATE hold SET seconds = 1", "UPDATE hold SET posted = 99999999",
    "UPDATE balance SET held = -1",
  ])
  func `what was metered and entered can be changed by no program`(sql: String) throws {
    let metering = try Metering(TestFolder())
    let allocation = AllocationID(1)
    _ = try metering.operations.grant(
      GPUSeconds(1_000), to: allocation, event: 1, at: Metering.start)
    let hold = Hold(
      key: EngineJob(high: 9, low: 9), allocation: allocation, amount: GPUSeconds(500),
      expires: Metering.at(60))
    #expect(try metering.operations.hold([hold], at: Metering.start) == [.done])
    try metering.record(Metering.segment(0..<60))
    try metering.close()
    let queue = try DatabaseQueue(path: metering.folder + "journal.sqlite")
    #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
    try queue.close()
    let again = try Operations(folder: metering.folder.path)
    try again.checkInvariants()
    try again.close()
  }

  @Test func `a balance that was tampered with is found by the recount`() throws {
    let metering = try Metering(TestFolder())
    try metering.record(Metering.segment(0..<60))
    try metering.close()
    try Tampering.run(metering.folder, "UPDATE balance SET used = used + 1")
    let again = try Operations(folder: metering.folder.path)
    #expect(
      fault { try again.checkInvariants() }
        == .miscounted(what: "budget entries of allocation-1", kept: 481, counted: 480))
    try again.close()
  }

  @Test func `a seal whose process ended before it was noted is not made twice`() throws {
    let folder = try TestFolder()
    var metering = try Metering(folder)
    try metering.observe(0..<3_600)
    try metering.record(Metering.segment(0..<600))
    // Given to the journal, and not confirmed.
    try metering.submit(try metering.drafts(before: 3_600))
    try metering.close()
    metering = try Metering(again: folder)
    #expect(try metering.drafts(before: 3_600).isEmpty)
    // The same for a correction; and given twice, the journal knows its key.
    try metering.record(Metering.segment(600..<1_200, number: 1))
    let first = try metering.drafts(before: 3_600)
    #expect(first.map(\.statement.corrects) == [0])
    try metering.submit(first)
    let events = metering.journal.programme.eventCount
    try metering.submit(first)
    #expect(metering.journal.programme.eventCount == events)
    try metering.close()
    metering = try Metering(again: folder)
    #expect(try metering.drafts(before: 3_600).isEmpty)
    #expect(metering.month(.used) == 8 * 1_200)
    // One whose process ended before the journal had it is made anew.
    try metering.record(Metering.segment(0..<60, job: 2))
    _ = try metering.drafts(before: 3_600)
    try metering.record(Metering.segment(0..<60, job: 3))
    #expect(try metering.seal(before: 3_600).map(\.corrects) == [1])
    #expect(metering.month(.used) == 8 * 1_320)
    try metering.close()
  }

  /// Corrections stood before new hours; as many as one call makes were refused again and again.
  @Test func `corrections that are refused leave room for new hours, and for each other`() throws {
    let metering = try Metering(TestFolder())
    try metering.observe(0..<4 * 3_600)
    #expect(try metering.seal(before: 4 * 3_600).count == 4)
    for hour in 0..<4 as Range<Int64> {
      try metering.record(
        Metering.segment(hour * 3_600..<hour * 3_600 + 60, job: UInt64(hour) + 9))
    }
    func hours(_ turn: Hour?) throws -> [(hour: Int64, corrects: Int32?)] {
      try metering.operations.close(
        Metering.cluster, metering.accounts, metering.days, before: Metering.at(9 * 3_600),
        limit: 2, turn: turn
      ).map { draft in
        let seconds = draft.statement.hour.start.seconds - Metering.start.seconds
        return (seconds / 3_600, draft.statement.corrects)
      }
    }
    // Nobody confirms them: they are refused.
    let first = try hours(nil)
    #expect(first.map(\.hour) == [0, 1, 4, 5])
    #expect(first.map(\.corrects) == [0, 0, nil, nil])
    let next = try hours(Hour(of: Metering.at(2 * 3_600)))
    #expect(next.map(\.hour) == [2, 3, 4, 5])
    let last = try hours(Hour(of: Metering.at(3 * 3_600)))
    #expect(last.map(\.hour) == [3, 0, 4, 5])
    try metering.close()
  }

  @Test func `what is sealed can be archived, and its sums stay`() throws {
    let metering = try Metering(TestFolder())
    try metering.observe(0..<7_200)
    try metering.record(Metering.segment(0..<3_600), Metering.segment(3_600..<7_200, number: 1))
    #expect(
      try metering.operations.archive(
        ClusterID(1), before: Metering.at(3_600), metering.accounts) == 0)
    try metering.seal(before: 7_200)
    #expect(
      try metering.operations.archive(
        ClusterID(1), before: Metering.at(3_600), metering.accounts) == 1)
    #expect(
      try metering.record(Metering.segment(0..<60, job: 5))
        == [.refused(.archived(before: Metering.at(3_600)))])
    #expect(try metering.operations.balance(of: AllocationID(1))?.used.count == 8 * 7_200)
    try metering.operations.checkInvariants()
    try metering.close()
  }

  /// A part of an hour was forgotten, and the hour corrected to the rest of it.
  @Test func `whole hours are archived, and none before what is to be corrected was`() throws {
    let metering = try Metering(TestFolder())
    try metering.observe(0..<7_200)
    try metering.record(
      Metering.segment(0..<1_800), Metering.segment(3_600..<5_400, number: 1))
    try metering.seal(before: 7_200)
    func archive(before seconds: Int64) throws -> Int {
      try metering.operations.archive(
        ClusterID(1), before: Metering.at(seconds), metering.accounts)
    }
    // Late usage of the first hour: its statement is not what it should be yet.
    try metering.record(Metering.segment(0..<600, job: 2))
    #expect(try archive(before: 7_200) == 0)
    #expect(try metering.seal(before: 7_200).map(\.corrects) == [0])
    // The second hour has begun, and is archived when all of it is.
    #expect(try archive(before: 6_000) == 2)
    try metering.record(Metering.segment(5_400..<6_000, number: 2))
    #expect(try metering.seal(before: 7_200).map(\.corrects) == [0])
    #expect(metering.month(.used) == 8 * (1_800 + 600 + 1_800 + 600))
    try metering.operations.checkInvariants()
    try metering.close()
  }

  /// Until that time had come nothing else was taken.
  @Test func `what a clock read that had jumped ahead keeps nobody from observing`() throws {
    let metering = try Metering(TestFolder())
    try metering.observe(0..<600)
    func observe(_ seconds: Int64, up: Int64, now: Int64) throws -> Bool {
      try metering.operations.observe(
        ObservedState(
          cluster: ClusterID(1), generation: nil, at: Metering.at(seconds), allocations: [],
          devices: DeviceCounts(up: up, down: 64 - up)),
        desired: DesiredState(cluster: ClusterID(1), generation: 0, allocations: []),
        silenceSeconds: 120, now: Metering.at(now))
    }
    // Four hours ahead, for ten minutes, with half of the devices.
    for at in stride(from: Int64(15_000), through: 15_600, by: 60) {
      #expect(try observe(at, up: 32, now: at))
    }
    #expect(try !observe(590, up: 64, now: 700), "older than what was read by a right clock")
    for at in stride(from: Int64(660), through: 18_000, by: 60) {
      let isTaken = try observe(at, up: 48, now: at)
      // What was read ahead stands, as nobody can tell which clock was right.
      #expect(isTaken == !(15_000...15_600).contains(at), "\(at)")
    }
    try metering.seal(before: 18_000)
    // All but the minute before it.
    #expect(metering.month(.unobserved) == 60 * 64)
    #expect(metering.month(.down) == 16 * (18_000 - 660 - 660 - 60) + 32 * 660)
    try metering.close()
  }

  @Test func `usage that was acknowledged before kill -9 is there, once, and adds up`() throws {
    print("SEED=\(StormTests.seed)")
    var random = SeededGenerator(seed: StormTests.seed).child("usage")
    let metering = try Metering(TestFolder())
    try metering.close()
    var batches = 0
    for _ in 0..<StormTests.kills {
      let storm = try Storm(metering.folder, prefix: "--usage", clients: batches)
      let lines = try storm.lines(atLeast: random.draw(1...60)) { kill($0, SIGKILL) }
      batches += lines.count
      let operations = try Operations(folder: metering.folder.path)
      try operations.checkInvariants()
      for number in 0..<Int64(batches) {
        let results = try operations.record(
          UsageStorm.batch(number), at: Metering.cluster, received: Metering.at(1 << 30))
        #expect(results.allSatisfy { $0 == .exists }, "batch \(number)")
      }
      let rows = try operations.balance(of: AllocationID(1))?.used.count ?? 0
      let whole = 8 * UsageStorm.batchSeconds
      // A batch that was not acknowledged is there whole, or not at all.
      #expect(rows % whole == 0 && rows >= Int64(batches) * whole)
      batches = Int(rows / whole)
      try operations.close()
    }
    #expect(batches > StormTests.kills)
  }
}

/// What `madang-storm FOLDER --usage FIRST` records, batch by batch: the same here.
enum UsageStorm {
  static let batchSeconds: Int64 = 600

  static func batch(_ number: Int64) -> [UsageSegment] {
    (Int64(0)..<10).map { index in
      let from = number * batchSeconds + index * 60
      return Metering.segment(from..<from + 60, number: Int32(number * 10 + index))
    }
  }
}
