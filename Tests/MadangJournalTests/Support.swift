import Foundation
import GRDB
import MadangJournal
import MadangProgramme

/// The database of a data folder, opened behind the journal's back.
enum Tampering {
  /// Runs SQL with every trigger gone, and folds the log into the file.
  static func run(_ folder: TestFolder, _ sql: String) throws {
    let queue = try DatabaseQueue(path: folder + "journal.sqlite")
    try queue.writeWithoutTransaction { db in
      let triggers = try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'")
      for trigger in triggers { try db.execute(sql: "DROP TRIGGER \(trigger)") }
      try db.execute(sql: sql)
      try db.checkpoint(.truncate)
    }
    try queue.close()
  }

  /// Flips one bit of an event's leaf, and nothing else.
  static func flip(_ folder: TestFolder, event: Int64, byte: Int, bit: UInt8) throws {
    let queue = try DatabaseQueue(path: folder + "journal.sqlite")
    var leaf = try queue.read { db in
      try Data.fetchOne(db, sql: "SELECT leaf FROM event WHERE number = ?", arguments: [event])!
    }
    leaf[byte] ^= 1 << bit
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "DROP TRIGGER event_kept")
      try db.execute(
        sql: "UPDATE event SET leaf = ? WHERE number = ?", arguments: [leaf, event])
      try db.checkpoint(.truncate)
    }
    try queue.close()
  }

  static func value<Value: DatabaseValueConvertible>(
    _ folder: TestFolder, _ sql: String
  ) throws -> Value? {
    let queue = try DatabaseQueue(path: folder + "journal.sqlite")
    return try queue.read { try Value.fetchOne($0, sql: sql) }
  }
}

extension Programme {
  /// What two programmes that are the same share.
  var fingerprint: String { "\(eventCount) \(stateDigest)" }
}

/// The error that `work` throws.
func fault(_ work: () throws -> Void) -> JournalError? {
  do {
    try work()
    return nil
  } catch {
    return error as? JournalError
  }
}
