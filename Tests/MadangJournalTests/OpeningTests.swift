import Foundation
import GRDB
import MadangJournal
import MadangProgramme
import MadangSimulator
import Testing

/// What opening a journal makes of whatever it may find.
struct OpeningTests {
  @Test func `commits are synced: the setting is read back from the writer`() throws {
    let folder = try TestFolder()
    let queue = try Connections.writer(folder + "journal.sqlite", .full)
    let found = try queue.read { db in
      (
        try Int.fetchOne(db, sql: "PRAGMA synchronous"),
        try String.fetchOne(db, sql: "PRAGMA journal_mode")
      )
    }
    #expect(found == (2, "wal"))
  }

  @Test func `a second writer is refused by name, and readers are not`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded()
    let error = fault { _ = try folder.open() }
    #expect(error == .inUse(folder: folder.path, pid: ProcessInfo.processInfo.processIdentifier))
    let ledger = try Ledger(folder: folder.path)
    #expect(try ledger.eventCount() == journal.programme.eventCount)
    try journal.close()
  }

  @Test func `a reader sees what the writer of another connection just wrote`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded()
    let ledger = try Ledger(folder: folder.path)
    let before = try ledger.eventCount()
    _ = try journal.submit([
      TestProgramme.request(.registerOrganisation(TestProgramme.organisation(2)))
    ])
    #expect(try ledger.eventCount() == before + 1)
    #expect(try ledger.programme().fingerprint == journal.programme.fingerprint)
    try journal.close()
  }

  @Test func `an empty folder has nothing to read`() throws {
    let folder = try TestFolder()
    #expect(fault { _ = try Ledger(folder: folder.path) } == .noJournal(folder: folder.path))
  }

  @Test func `a journal that a newer Madang wrote is left alone`() throws {
    let folder = try TestFolder()
    try folder.founded().close()
    try Tampering.run(folder, "PRAGMA user_version = 9")
    #expect(fault { _ = try folder.open() } == .newerJournal(found: 9, known: 6))
    #expect(fault { _ = try Ledger(folder: folder.path) } == .newerJournal(found: 9, known: 6))
  }

  @Test func `another program's database is left alone`() throws {
    let folder = try TestFolder()
    let path = folder + "journal.sqlite"
    let queue = try DatabaseQueue(path: path)
    try queue.write { try $0.execute(sql: "CREATE TABLE recipe (name TEXT)") }
    try queue.close()
    #expect(fault { _ = try folder.open() } == .notAJournal(file: path))
    try Data("이것은 데이터베이스가 아닙니다. ".utf8 + Data(count: 4_096)).write(to: URL(filePath: path))
    #expect(fault { _ = try folder.open() }?.code == "MDG-2020")
  }

  @Test func `a lost or emptied journal is not begun anew beside its key`() throws {
    let folder = try TestFolder()
    try folder.founded().close()
    try Data().write(to: URL(filePath: folder + "journal.sqlite"))
    #expect(fault { _ = try folder.open() }?.code == "MDG-2020")
    try FileManager.default.removeItem(atPath: folder + "journal.sqlite")
    #expect(fault { _ = try folder.open() }?.code == "MDG-2020")
  }

  @Test func `a truncated journal is an error, wherever it ends`() throws {
    let folder = try TestFolder()
    try folder.founded(applicants: 30).close()
    let path = folder + "journal.sqlite"
    let whole = try Data(contentsOf: URL(filePath: path))
    var generator = SeededGenerator(seed: StormTests.seed)
    print("SEED=\(StormTests.seed)")
    for _ in 0..<12 {
      try whole.prefix(generator.draw(1...whole.count - 1)).write(to: URL(filePath: path))
      let error = fault {
        let journal = try folder.open()
        _ = try journal.ledger.verify()
      }
      #expect(error != nil && error?.help(.ko).isEmpty == false)
    }
  }

  @Test func `a flipped bit in any event is named by its number`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 6)
    let last = journal.programme.eventCount - 1
    try journal.close()
    var generator = SeededGenerator(seed: StormTests.seed)
    print("SEED=\(StormTests.seed)")
    for _ in 0..<20 {
      let event = Int64(generator.draw(0...Int(last)))
      let (byte, bit) = (generator.draw(0...100), UInt8(generator.draw(0...7)))
      try Tampering.flip(folder, event: event, byte: byte, bit: bit)
      #expect(fault { _ = try folder.open() } == .alteredEvents(event..<event + 1))
      #expect(
        fault { _ = try Ledger(folder: folder.path).verify() } == .alteredEvents(event..<event + 1))
      try Tampering.restore(folder, event: event, byte: byte, bit: bit)
    }
    try folder.open().close()
  }

  @Test func `a bit flipped anywhere in the file is told or harmless, and never a crash`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 10)
    _ = try journal.signHead(at: TestProgramme.closes)
    let fingerprint = journal.programme.fingerprint
    try journal.close()
    let file = URL(filePath: folder + "journal.sqlite")
    let whole = try Data(contentsOf: file)
    var generator = SeededGenerator(seed: StormTests.seed)
    print("SEED=\(StormTests.seed)")
    var told = 0
    for _ in 0..<200 {
      var bytes = whole
      for _ in 0..<generator.draw(1...3) {
        bytes[generator.draw(0...whole.count - 1)] ^= UInt8(1 << generator.draw(0...7))
      }
      try bytes.write(to: file)
      let error = fault {
        let journal = try folder.open()
        defer { try? journal.close() }
        _ = try journal.ledger.verify()
        #expect(journal.programme.fingerprint == fingerprint)
      }
      if error != nil { told += 1 }
    }
    // About half of so small a file is the unused part of its pages: 110 ± 8 are told. Far fewer
    // would mean that the flips no longer reach what is read.
    #expect(told > 50)
  }

  @Test func `events that are missing, malformed or newer are named by their number`() throws {
    func opened(after sql: String, sum: Int64? = nil) throws -> JournalError? {
      let folder = try TestFolder()
      try folder.founded().close()
      try Tampering.run(folder, sql)
      if let sum { try Tampering.rewrite(folder, event: sum) }
      return fault { _ = try folder.open() }
    }
    #expect(try opened(after: "DELETE FROM event WHERE number = 7") == .missingEvent(7))
    #expect(try opened(after: "DELETE FROM event WHERE number = 0") == .missingEvent(0))
    #expect(
      try opened(after: "DELETE FROM opening WHERE event = 4") == .damagedOpenings(event: 4))
    let newer = "replace(CAST(leaf AS TEXT), '\"v\":1}', '\"v\":7}')"
    #expect(
      try opened(after: "UPDATE event SET leaf = CAST(\(newer) AS BLOB) WHERE number = 5", sum: 5)
        == .newerEvent(5))
    let shorter = "substr(leaf, 1, length(leaf) - 3)"
    let malformed = try opened(after: "UPDATE event SET leaf = \(shorter) WHERE number = 6", sum: 6)
    #expect(malformed?.code == "MDG-2022")
    #expect(malformed?.what(.en).hasPrefix("Event 6 cannot be read: expected") == true)
    #expect(
      try opened(after: "UPDATE opening SET sealed = X'5B7B' WHERE event = 3")
        == .damagedOpenings(event: 3))
    let other = "replace(CAST(sealed AS TEXT), '\"value\":1', '\"value\":2')"
    #expect(
      try opened(after: "UPDATE opening SET sealed = CAST(\(other) AS BLOB) WHERE event = 4")
        == .wrongOpening(event: 4, field: "by"))
  }

  @Test(.enabled(if: Mount.works))
  func `a journal in a folder that nobody may write to can be read`() throws {
    let folder = try TestFolder()
    try folder.founded(applicants: 3).close()
    let mount = try Mount("--bind", folder.path, folder.path)
    try mount.run("mount", "-o", "remount,ro,bind", folder.path)
    let ledger = try Ledger(folder: folder.path)
    #expect(try ledger.verify().events == ledger.eventCount())
    #expect(fault { _ = try folder.open() }?.code == "MDG-2014")
  }
}

extension Tampering {
  static func restore(_ folder: TestFolder, event: Int64, byte: Int, bit: UInt8) throws {
    let queue = try DatabaseQueue(path: folder + "journal.sqlite")
    try queue.writeWithoutTransaction { db in
      try db.execute(
        sql: "CREATE TRIGGER event_kept BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, ''); END")
    }
    try queue.close()
    try flip(folder, event: event, byte: byte, bit: bit)
    try restoreTrigger(folder)
  }

  private static func restoreTrigger(_ folder: TestFolder) throws {
    let queue = try DatabaseQueue(path: folder + "journal.sqlite")
    try queue.writeWithoutTransaction { db in
      try db.execute(
        sql: "CREATE TRIGGER event_kept BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, ''); END")
    }
    try queue.close()
  }

  /// Gives an altered leaf the sum of its new bytes, as somebody would who knows the tables.
  static func rewrite(_ folder: TestFolder, event: Int64) throws {
    let queue = try DatabaseQueue(path: folder + "journal.sqlite")
    try queue.writeWithoutTransaction { db in
      let leaf = try Data.fetchOne(
        db, sql: "SELECT leaf FROM event WHERE number = ?", arguments: [event])!
      try db.execute(
        sql: "UPDATE event SET sum = ? WHERE number = ?",
        arguments: [Int64(bitPattern: SHA256.leaf([UInt8](leaf)).w0), event])
      try db.checkpoint(.truncate)
    }
    try queue.close()
  }
}

/// A mount that goes away with the test; only where this process may make one.
final class Mount {
  private let target: String

  init(_ arguments: String...) throws {
    target = arguments[arguments.count - 1]
    try run("mount", arguments)
  }

  deinit { try? run("umount", [target]) }

  func run(_ command: String, _ arguments: String...) throws { try run(command, arguments) }

  private func run(_ command: String, _ arguments: [String]) throws {
    struct Failed: Error {}
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [command] + arguments
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw Failed() }
  }

  static let works: Bool = {
    guard let folder = try? TestFolder() else { return false }
    return (try? Mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", folder.path)) != nil
  }()
}
