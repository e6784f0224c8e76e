import Foundation
package import GRDB
import MadangProgramme

/// How `journal.sqlite` is opened.
package enum Connections {
  /// What a commit waits for. `normal` loses acknowledged commits in a power cut; it is there so
  /// that a test can see that it would be noticed.
  package enum Synchronous: Int, Sendable {
    case normal = 1
    case full = 2
  }

  /// The one connection that writes: write-ahead log, every commit synced. Makes the file where
  /// there is none.
  package static func writer(
    _ path: String, _ synchronous: Synchronous, pageMax: Int? = nil
  ) throws(JournalError) -> DatabaseQueue {
    try checkNotLost(path)
    // Its folder may have been there before, and open to everybody.
    try Files.makePrivate(database: path)
    return try reporting(path) {
      var configuration = Configuration()
      configuration.label = "journal.writer"
      configuration.busyMode = .timeout(5)
      configuration.foreignKeysEnabled = false
      // A transaction that a failing disk does not even let us roll back is told, not a crash.
      configuration.allowsUnsafeTransactions = true
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.writeWithoutTransaction { db in
        let isNew = try Connections.isNew(db, path)
        guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
          throw JournalError.cannotOpen(path: path, reason: "no write-ahead log here")
        }
        // GRDB and SQLite both have opinions on this under WAL, so it is set and read back.
        try db.execute(sql: "PRAGMA synchronous = \(synchronous.rawValue)")
        let found = try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
        guard found == synchronous.rawValue else {
          throw JournalError.notDurable(synchronous: found)
        }
        // What is erased is overwritten, not only forgotten.
        try db.execute(sql: "PRAGMA secure_delete = ON")
        if isNew { try create(db) } else { try migrate(db) }
        if let pageMax { try db.execute(sql: "PRAGMA max_page_count = \(pageMax)") }
      }
      return queue
    }
  }

  /// Connections that read, side by side with the writer of this or any other process.
  static func readers(_ path: String) throws(JournalError) -> DatabasePool {
    guard Files.exists(path) else {
      throw .noJournal(folder: (path as NSString).deletingLastPathComponent)
    }
    return try reporting(path) {
      let pool = try opened(path) ?? opened(immutable(path))
      guard let pool else {
        throw JournalError.cannotOpen(path: path, reason: "the folder cannot be written to")
      }
      return pool
    }
  }

  /// A pool that answered, or nothing where a folder that nobody may write to keeps it from
  /// answering. A write-ahead log that holds something must not be passed over.
  private static func opened(_ path: String) throws -> DatabasePool? {
    var configuration = Configuration()
    configuration.label = "journal.reader"
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 4
    do {
      let pool = try DatabasePool(path: path, configuration: configuration)
      let isNew = try pool.read { try Connections.isNew($0, path) }
      if isNew {
        throw JournalError.noJournal(folder: (path as NSString).deletingLastPathComponent)
      }
      return pool
    } catch let error as DatabaseError
      where [.SQLITE_CANTOPEN, .SQLITE_READONLY].contains(error.resultCode)
      && Files.size("\(path)-wal") == 0 && !path.hasPrefix("file:")
    {
      return nil
    }
  }

  /// How SQLite is told that a file cannot change under it.
  private static func immutable(_ path: String) -> String {
    var escaped = ""
    for character in path {
      switch character {
      case "%": escaped += "%25"
      case "?": escaped += "%3f"
      case "#": escaped += "%23"
      default: escaped.append(character)
      }
    }
    return "file:\(escaped)?immutable=1"
  }

  /// Whether the file is still empty. Throws unless it is that, or a journal this Madang can read.
  private static func isNew(_ db: Database, _ path: String) throws -> Bool {
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
    if application == 0, version == 0, tables == 0 { return true }
    guard application == Schema.applicationID else { throw JournalError.notAJournal(file: path) }
    guard version <= Schema.version else {
      throw JournalError.newerJournal(found: version, known: Schema.version)
    }
    return false
  }

  private static func create(_ db: Database) throws {
    try db.inTransaction(.immediate) {
      try db.execute(sql: Schema.statements)
      try db.execute(sql: OperationsSchema.statements)
      try db.execute(sql: "PRAGMA application_id = \(Schema.applicationID)")
      try db.execute(sql: "PRAGMA user_version = \(Schema.version)")
      return .commit
    }
  }

  /// Brings a file of an older version to this one's; no event is rewritten.
  ///
  /// Version 2 added the operations tables, version 3 that of refused usage, version 4 its
  /// sentences, version 5 where sealed hours end, version 6 how much of refused usage is kept.
  /// Several processes may come here at once: the first one's transaction does it, and the others
  /// find it done.
  private static func migrate(_ db: Database) throws {
    guard try version(db) < Schema.version else { return }
    try db.inTransaction(.immediate) {
      let version = try version(db)
      guard version < Schema.version else { return .commit }
      try db.execute(sql: OperationsSchema.migration(from: version))
      try db.execute(sql: "PRAGMA user_version = \(Schema.version)")
      return .commit
    }
  }

  private static func version(_ db: Database) throws -> Int {
    try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
  }

  /// A new journal is never begun beside the key of a lost one.
  private static func checkNotLost(_ path: String) throws(JournalError) {
    guard Files.size(path) == 0 else { return }
    let keys = LedgerKey.folder(in: (path as NSString).deletingLastPathComponent)
    guard try Files.names(in: keys).isEmpty else {
      throw .damaged(reason: "journal.sqlite is missing or empty, but its key is there")
    }
  }

  /// Runs database work and names its failures.
  static func reporting<Result>(
    _ path: String, _ work: () throws -> Result
  ) throws(JournalError) -> Result {
    do {
      return try work()
    } catch {
      throw JournalError(error, path: path)
    }
  }
}

extension JournalError {
  /// What an error while opening or reading means.
  init(_ error: any Error, path: String) {
    switch error {
    case let error as JournalError: self = error
    case let error as TreeError: self = JournalError(error)
    case let error as DatabaseError:
      let reason = error.message ?? "\(error.resultCode)"
      switch error.resultCode {
      case .SQLITE_CORRUPT, .SQLITE_NOTADB, .SQLITE_MISMATCH, .SQLITE_ERROR, .SQLITE_RANGE:
        self = .damaged(reason: reason)
      default: self = .cannotOpen(path: path, reason: reason)
      }
    default: self = .cannotOpen(path: path, reason: "\(error)")
    }
  }

  init(_ error: TreeError) {
    switch error {
    case .missingTile(let level, let number), .malformedTile(let level, let number):
      self = .damagedTree(level: level, number: number)
    case .partialsDoNotFit(let size): self = .damagedTree(level: 0, number: size / Tile.width)
    }
  }
}
