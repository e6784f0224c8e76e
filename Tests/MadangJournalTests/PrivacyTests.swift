import Foundation
import GRDB
import MadangJournal
import MadangProgramme
import Testing

/// Who may read what is written, and what is left of it once it is erased.
@Suite(.serialized)
struct PrivacyTests {
  private func mode(_ path: String) throws -> Int {
    try #require(
      try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
  }

  /// It took the folder's word for it, and in one that had been there everybody could read it.
  @Test func `in a folder that is open to everybody the journal is its owner's alone`() throws {
    let folder = try TestFolder()
    #expect(chmod(folder.path, 0o755) == 0)
    let files = ["journal.sqlite", "journal.sqlite-wal", "journal.sqlite-shm"]
    var journal = try folder.founded()
    for name in files { #expect(try mode(folder + name) == 0o600, "\(name)") }
    try journal.close()
    // One that was written before is closed to others too, with what a crash left beside it.
    let other = try DatabaseQueue(path: folder + "journal.sqlite")
    _ = try other.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM event") }
    for name in files { #expect(chmod(folder + name, 0o644) == 0, "\(name)") }
    journal = try folder.open()
    for name in files { #expect(try mode(folder + name) == 0o600, "\(name)") }
    try other.close()
    try journal.close()
  }

  @Test func `a second connection leaves the first one's locks on the journal alone`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded()
    let operations = try Operations(folder: folder.path)
    // Another process would get the file for itself, were they gone.
    let script = """
      import sqlite3
      file = sqlite3.connect("\(folder + "journal.sqlite")", timeout=0, isolation_level=None)
      file.execute("PRAGMA locking_mode = EXCLUSIVE")
      try:
          file.execute("BEGIN EXCLUSIVE")
          print("got it")
      except sqlite3.OperationalError as error:
          print(error)
      """
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["python3", "-c", script]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    process.waitUntilExit()
    let said = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    #expect(said == "database is locked\n")
    try operations.close()
    try journal.close()
  }

  /// The folder was private only where the export made it.
  @Test func `an export for few eyes is closed to others, in whatever folder it is put`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 2)
    _ = try journal.signHead(at: TestProgramme.closes)
    let target = folder + "export"
    try FileManager.default.createDirectory(
      atPath: target, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o755])
    let names = ["events.ndjson", "openings.ndjson", "heads.ndjson"]
    for (viewer, expected) in [
      (.public, 0o644), (.party(OrganisationID(1)), 0o600), (.office, 0o600), (.auditor, 0o600),
    ] as [(Viewer, Int)] {
      // Over what the one before left there.
      _ = try journal.ledger.export(to: target, for: viewer, at: TestProgramme.closes)
      for name in names {
        #expect(try mode("\(target)/\(name)") == expected, "\(viewer) \(name)")
      }
    }
    try journal.close()
  }

  /// The log kept them, nobody was told, and the next opening left it as it was.
  @Test func `what a reader keeps in the log is told when it is erased, and gone when it ends`()
    throws
  {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 2)
    let event = try #require(
      try Int64.first(folder, "SELECT event FROM opening WHERE length(sealed) > 2 LIMIT 1"))
    let sealed = try #require(
      try Data.first(folder, "SELECT sealed FROM opening WHERE event = \(event)"))
    // Another process looks at the journal as it is now, and goes on looking.
    var configuration = Configuration()
    configuration.allowsUnsafeTransactions = true
    let reader = try DatabaseQueue(
      path: folder + "journal.sqlite", configuration: configuration)
    try reader.inDatabase { db in
      try db.execute(sql: "BEGIN")
      _ = try Int.fetchOne(db, sql: "SELECT count(*) FROM event")
    }
    let error = fault { _ = try journal.erase(openingsOf: [event]) }
    guard case .fileFailed(let path, _) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(path == folder + "journal.sqlite-wal")
    #expect(try isIn(folder, sealed))
    try reader.inDatabase { db in try db.execute(sql: "COMMIT") }
    // Asked again there is nothing left to erase, and what was left is gone.
    #expect(try journal.erase(openingsOf: [event]) == 0)
    #expect(try !isIn(folder, sealed))
    try reader.close()
    try journal.close()
  }

  @Test func `an opening takes older pages out of the log`() throws {
    let folder = try TestFolder()
    var journal = try folder.founded(applicants: 2)
    let reader = try DatabaseQueue(path: folder + "journal.sqlite")
    _ = try reader.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM event") }
    try journal.close()
    try reader.writeWithoutTransaction { db in
      try db.execute(sql: "UPDATE person SET label = label")
      try db.execute(sql: "INSERT INTO meta (name, value) VALUES ('test', 'test')")
    }
    #expect(try size(folder + "journal.sqlite-wal") > 0)
    journal = try folder.open()
    #expect(try size(folder + "journal.sqlite-wal") == 0)
    try reader.close()
    try journal.close()
  }

  private func isIn(_ folder: TestFolder, _ sealed: Data) throws -> Bool {
    try ["journal.sqlite", "journal.sqlite-wal"].contains { name in
      let bytes = try Data(contentsOf: URL(filePath: folder + name))
      return bytes.range(of: sealed) != nil
    }
  }

  private func size(_ path: String) throws -> Int {
    try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
  }
}

extension DatabaseValueConvertible {
  /// Read by a connection of its own, beside whoever writes.
  fileprivate static func first(_ folder: TestFolder, _ sql: String) throws -> Self? {
    let queue = try DatabaseQueue(path: folder + "journal.sqlite")
    defer { try? queue.close() }
    return try queue.read { try fetchOne($0, sql: sql) }
  }
}
