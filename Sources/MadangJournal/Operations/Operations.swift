import GRDB
public import MadangProgramme
import Synchronization

/// What is metered, held and observed: tables beside the journal's, in the same file.
///
/// Opened on a connection of its own by any number of processes, with or without the one that
/// writes the journal: each call is one transaction, and everything may be sent twice. Nothing here
/// decides: the rules are `MadangProgramme`'s.
///
/// ```
///  record ─▶ usage ──────────┐
///  observe ▶ coverage, … ────┼─▶ close ─▶ statements ─▶ journal ─▶ confirm
///  hold ───▶ hold, balance   ┘      ▲                                 │
///                                   └── late usage of a sealed hour ◀─┘
/// ```
public final class Operations: Sendable {
  /// Segments in one call: more would hold up the other processes.
  public static let batchMax = 100_000

  let queue: DatabaseQueue
  let jobs = Mutex(JobTails())

  /// Opens the operations of a data folder that has a journal.
  ///
  /// Errors: `noJournal` where it has none; `notDurable` where the database does not sync.
  public convenience init(folder: String) throws(JournalError) {
    try self.init(folder: folder, synchronous: .full)
  }

  package init(
    folder: String, synchronous: Connections.Synchronous
  ) throws(JournalError) {
    let path = Ledger.path(in: folder)
    guard Files.size(path) > 0 else { throw .noJournal(folder: folder) }
    queue = try Connections.writer(path, synchronous)
    try Connections.reporting(path) {
      try queue.writeWithoutTransaction { db in
        // Room for the pages that a batch touches, in KiB: they are written once, not once a
        // segment. No more, so that what is resident does not grow with what is stored.
        try db.execute(sql: "PRAGMA cache_size = -32768")
        try db.execute(sql: "PRAGMA wal_autocheckpoint = 16384")
      }
    }
  }

  /// The person with this name, a new random number where there is none: beside the process that
  /// writes the journal, whose events know people by their numbers alone.
  public func person(labelled label: String) throws(JournalError) -> PersonID {
    try transaction { db in try Tables(db: db).ensured(label) }
  }

  public func close() throws(JournalError) {
    try Connections.reporting(queue.path) { try queue.close() }
  }

  /// Runs a transaction: all of it, or nothing.
  func transaction<Result>(_ body: (Database) throws -> Result) throws(JournalError) -> Result {
    guard let result = try Transaction.run(on: queue, { tables in try body(tables.db) }) else {
      preconditionFailure("a body that answers is committed")
    }
    return result
  }

  func read<Result>(_ body: (Database) throws -> Result) throws(JournalError) -> Result {
    try Connections.reporting(queue.path) { try queue.read(body) }
  }
}

extension EngineJob {
  /// As two signed columns whose order is the order of the number.
  var columns: (high: Int64, low: Int64) {
    (Int64(bitPattern: high ^ (1 << 63)), Int64(bitPattern: low ^ (1 << 63)))
  }

  init(columns high: Int64, _ low: Int64) {
    self.init(
      high: UInt64(bitPattern: high) ^ (1 << 63), low: UInt64(bitPattern: low) ^ (1 << 63))
  }
}

extension Row {
  /// An identifier's column; in a damaged file it may be anything.
  func identifier<Kind>(_ column: Int) throws -> Identifier<Kind>? {
    guard let number = try integerOrNone(column) else { return nil }
    guard number > 0, number <= Limits.identifierMax else {
      throw JournalError.damaged(reason: "\(Kind.name) \(number)")
    }
    return Identifier(Int(number))
  }

  func instant(_ column: Int) throws -> Instant {
    let seconds = try integer(column)
    guard seconds.magnitude <= UInt64(Limits.integerMax) else {
      throw JournalError.damaged(reason: "a time of \(seconds) s")
    }
    return Instant(seconds)
  }

  func gpuSeconds(_ column: Int) throws -> GPUSeconds {
    let count = try integer(column)
    guard count.magnitude <= UInt64(Limits.integerMax) else {
      throw JournalError.damaged(reason: "\(count) GPU-seconds")
    }
    return GPUSeconds(count)
  }
}
