import Foundation
import GRDB

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// `access.sqlite`: one connection of this process; others may have theirs.
struct AccessStore: Sendable {
  private let queue: DatabaseQueue

  static let fileName = "access.sqlite"

  /// Opens the file for its owner alone; makes it where there is none.
  init(folder: String) throws(AccessFailure) {
    let path = folder + "/" + AccessStore.fileName
    try AccessStore.makePrivate(path, in: folder)
    do {
      var configuration = Configuration()
      configuration.label = "access"
      configuration.busyMode = .timeout(5)
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      try queue.writeWithoutTransaction { db in try AccessStore.prepare(db, path) }
      self.queue = queue
    } catch let failure as AccessFailure {
      throw failure
    } catch {
      throw .cannotOpen(path: path, reason: AccessStore.reason(of: error))
    }
  }

  /// The file is there, and its mode 0600, before a word is written; its log takes its mode.
  private static func makePrivate(_ path: String, in folder: String) throws(AccessFailure) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw .cannotOpen(path: folder, reason: "the folder cannot be made")
    }
    // One that is there is not opened: to close it again would end every lock that this process has
    // on it by other connections.
    let made = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard made >= 0 || errno == EEXIST else { throw .cannotOpen(path: path, reason: lastReason) }
    if made >= 0 { close(made) }
    guard chmod(path, 0o600) == 0 else { throw .cannotOpen(path: path, reason: lastReason) }
    let directory = open(folder, O_RDONLY | O_CLOEXEC)
    guard directory >= 0 else { throw .cannotOpen(path: folder, reason: lastReason) }
    defer { close(directory) }
    guard fsync(directory) == 0 else { throw .cannotOpen(path: folder, reason: lastReason) }
  }

  private static var lastReason: String { String(cString: strerror(errno)) }

  private static func prepare(_ db: Database, _ path: String) throws {
    guard try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL") == "wal" else {
      throw AccessFailure.cannotOpen(path: path, reason: "no write-ahead log here")
    }
    // FULL: what was revoked must not come back after a power cut. Set, and read back.
    try db.execute(sql: "PRAGMA synchronous = FULL")
    let found = try Int.fetchOne(db, sql: "PRAGMA synchronous") ?? -1
    guard found == 2 else { throw AccessFailure.notDurable(synchronous: found) }
    // An old password's record is overwritten, not only forgotten.
    try db.execute(sql: "PRAGMA secure_delete = ON")
    // Several processes may come here at once: the first makes the tables.
    try db.inTransaction(.immediate) {
      let found = try version(db, path)
      if found == AccessSchema.version { return .commit }
      for step in AccessSchema.steps.dropFirst(found) { try db.execute(sql: step) }
      try db.execute(sql: "PRAGMA application_id = \(AccessSchema.applicationID)")
      try db.execute(sql: "PRAGMA user_version = \(AccessSchema.version)")
      return .commit
    }
  }

  /// Of the file's tables; 0 for one without any.
  private static func version(_ db: Database, _ path: String) throws -> Int {
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_schema") ?? 0
    if application == 0, version == 0, tables == 0 { return 0 }
    guard application == AccessSchema.applicationID else {
      throw AccessFailure.notAccess(path: path)
    }
    guard version <= AccessSchema.version else {
      throw AccessFailure.newer(found: version, known: AccessSchema.version)
    }
    return version
  }

  // MARK: Transactions

  func read<Result>(_ body: (Database) throws -> Result) throws(AccessRefusal) -> Result {
    try AccessStore.refusing { try queue.read(body) }
  }

  /// One transaction, synced before it answers; an error of `body` leaves all as it was.
  func write<Result>(_ body: (Database) throws -> Result) throws(AccessRefusal) -> Result {
    try AccessStore.refusing { try queue.write(body) }
  }

  /// A number that changes when another connection has committed, and not by this one.
  func dataVersion() throws(AccessRefusal) -> Int {
    try AccessStore.refusing {
      try queue.unsafeRead { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
    }
  }

  private static func refusing<Result>(
    _ body: () throws -> Result
  ) throws(AccessRefusal) -> Result {
    do {
      return try body()
    } catch let refusal as AccessRefusal {
      throw refusal
    } catch {
      throw .unavailable(reason: reason(of: error))
    }
  }

  /// SQLite's own words; never the statement with its values.
  private static func reason(of error: any Error) -> String {
    guard let error = error as? DatabaseError else { return "\(type(of: error))" }
    return error.message ?? "\(error.resultCode)"
  }
}
