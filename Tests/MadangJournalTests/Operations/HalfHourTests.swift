import GRDB
import MadangJournal
import MadangProgramme
import Testing

/// A programme whose hours begin half an hour after those by which engines cut what they meter.
struct HalfHourTests {
  @Test func `an hour is closed once what ran in it has come, so that nothing is corrected`() throws
  {
    let metering = try Metering(TestFolder(), ahead: 1_800)
    try metering.observe(0..<4 * 3_600)
    try metering.record(Metering.segment(600..<3_600))
    // The programme's first hour there ends at 1,800, and the engine's, which ends at 3,600, tells
    // what ran in it.
    #expect(try metering.seal(before: 3_599).isEmpty)
    let first = try metering.seal(before: 3_600)
    #expect(first.map(\.hour.start) == [Metering.at(-1_800)])
    #expect(first.first?.totals.accounts[Account.used.index] == GPUSeconds(9_600))
    try metering.record(Metering.segment(3_600..<7_200, number: 1))
    #expect(try metering.seal(before: 4 * 3_600).map(\.corrects) == [nil, nil, nil])
    #expect(metering.month(.used) == 8 * 6_600)
    #expect(metering.month(.unallocated) == 64 * (3 * 3_600 + 1_800) - 8 * 6_600)
    #expect(metering.accounts.months.first?.hours == 4)
    try metering.operations.checkInvariants()
    try metering.close()
  }

  @Test func `late usage corrects the hours that it lies in, and no other`() throws {
    let metering = try Metering(TestFolder(), ahead: 1_800)
    try metering.observe(0..<4 * 3_600)
    try metering.seal(before: 4 * 3_600)
    try metering.record(Metering.segment(3_600..<5_400))
    let corrections = try metering.seal(before: 4 * 3_600)
    #expect(corrections.map(\.hour.start) == [Metering.at(1_800)])
    try metering.record(Metering.segment(5_399..<5_401, job: 2))
    #expect(
      try metering.seal(before: 4 * 3_600).map(\.hour.start)
        == [Metering.at(1_800), Metering.at(5_400)])
    let span = Metering.at(1_800)..<Metering.at(9_000)
    let hours = try metering.operations.sealedHours(of: ClusterID(1), metering.accounts, in: span)
    #expect(hours.map(\.hour.start) == [Metering.at(1_800), Metering.at(5_400)])
    let used = hours.map { $0.totals.accounts[Account.used.index].count }
    #expect(used == [8 * 1_801, 8])
    try metering.close()
  }

  @Test func `what is archived ends where an hour of the programme begins`() throws {
    let metering = try Metering(TestFolder(), ahead: 1_800)
    try metering.observe(0..<4 * 3_600)
    try metering.record(Metering.segment(0..<1_800), Metering.segment(1_800..<3_600, number: 1))
    try metering.seal(before: 4 * 3_600)
    // In the middle of the hour from 1,800 to 5,400.
    let archived = try metering.operations.archive(
      ClusterID(1), before: Metering.at(3_600), metering.accounts)
    #expect(archived == 1)
    try metering.record(Metering.segment(3_600..<3_660, number: 2))
    #expect(try metering.seal(before: 4 * 3_600).map(\.corrects) == [0])
    #expect(metering.month(.used) == 8 * 3_660)
    try metering.close()
  }

  @Test func `a file of version 4 keeps its sealed hours, and they can be corrected`() throws {
    let folder = try TestFolder()
    let metering = try Metering(folder)
    try metering.observe(0..<7_200)
    try metering.seal(before: 7_200)
    try metering.close()
    for sql in [
      "UPDATE seal SET hour = hour / 3600", "ALTER TABLE seal DROP COLUMN seconds",
      "DROP TABLE refusedBeyond", "PRAGMA user_version = 4",
    ] { try Tampering.run(folder, sql) }
    let again = try Metering(again: folder)
    try again.record(Metering.segment(0..<60))
    let corrections = try again.seal(before: 7_200)
    #expect(corrections.map(\.hour) == [Metering.first] && corrections.map(\.corrects) == [0])
    #expect(again.month(.used) == 8 * 60)
    try again.close()
  }
}
