import Foundation
import GRDB
public import MadangProgramme

/// Jobs of the clusters that Madang dispatches: what was asked, and how far each task has come. A
/// job that is no array has one task, without an index.
///
/// ```
/// job    what was asked, as canonical bytes     never changed
/// task   waiting → starting → running → ended   forward only
/// ```
/// That a task starts is on the disk, with its token, before anything runs; so whoever is cut off
/// in between finds out by the token what became of it.
enum JobSchema {
  static let statements = """
    CREATE TABLE job (
      number INTEGER PRIMARY KEY CHECK (number > 0),
      allocation INTEGER NOT NULL CHECK (allocation > 0),
      person INTEGER NOT NULL,
      submittedAt INTEGER NOT NULL,
      spec BLOB NOT NULL,
      key TEXT
    ) STRICT;
    CREATE UNIQUE INDEX job_key ON job (person, key) WHERE key IS NOT NULL;
    CREATE TRIGGER job_kept BEFORE UPDATE ON job
      BEGIN SELECT RAISE(ABORT, 'what was asked is never changed'); END;

    CREATE TABLE task (
      job INTEGER NOT NULL CHECK (job > 0),
      number INTEGER NOT NULL CHECK (number >= -1),  -- Its index; -1 where there is none.
      state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3),
      tokenHigh INTEGER,
      tokenLow INTEGER,
      startedAt INTEGER,
      endedAt INTEGER,
      ending TEXT,
      exitCode INTEGER,
      canceled INTEGER NOT NULL DEFAULT 0 CHECK (canceled IN (0, 1)),
      reason BLOB,        -- Why it waits, as it was found last.
      PRIMARY KEY (job, number),
      CHECK ((state = 3) = (ending IS NOT NULL)),
      CHECK (state IN (0, 3) OR tokenHigh IS NOT NULL)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX task_open ON task (job, number) WHERE state < 3;
    CREATE UNIQUE INDEX task_token ON task (tokenHigh, tokenLow) WHERE tokenHigh IS NOT NULL;
    CREATE TRIGGER task_forward BEFORE UPDATE ON task
      WHEN NEW.state < OLD.state OR OLD.state = 3
        OR (OLD.tokenHigh IS NOT NULL AND NEW.tokenHigh IS NOT OLD.tokenHigh)
      BEGIN SELECT RAISE(ABORT, 'a task only moves forward'); END;
    CREATE TRIGGER task_stays BEFORE DELETE ON task WHEN OLD.state < 3
      BEGIN SELECT RAISE(ABORT, 'a task that has not ended stays'); END;

    """
}

/// One task of a job as it is stored.
public struct StoredTask: Sendable {
  public enum State: Int64, Sendable, CaseIterable {
    case waiting, starting, running, ended
  }

  public let job: Int64
  /// Nothing where the job is no array.
  public let index: Int32?
  public let allocation: AllocationID
  public let person: PersonID
  public let submittedAt: Instant
  /// Canonical bytes of what is to run.
  public let spec: [UInt8]
  public let state: State
  public let token: EngineJob?
  public let startedAt: Instant?
  public let endedAt: Instant?
  /// A closed word: how it ended.
  public let ending: String?
  public let exitCode: Int64?
  public let canceled: Bool
  /// Canonical bytes of why it waits, as it was found last.
  public let reason: [UInt8]?
}

/// How a task ended.
public struct TaskEnd: Hashable, Sendable {
  public let ending: String
  public let exitCode: Int64?
  public let at: Instant

  public init(_ ending: String, exitCode: Int64?, at: Instant) {
    self.ending = ending
    self.exitCode = exitCode
    self.at = at
  }
}

extension Operations {
  private static let columns = """
    task.job, task.number, allocation, person, submittedAt, spec, state, tokenHigh, tokenLow,
    startedAt, endedAt, ending, exitCode, canceled, reason
    """
  private static let tables = "task JOIN job ON job.number = task.job"

  /// Takes a job in with its tasks, and answers its number. With a key it is there once: the same
  /// again answers the same; nothing where the key was used for something else.
  public func submit(
    spec: [UInt8], indices: [Int32]?, of allocation: AllocationID, by person: PersonID,
    key: String?, at: Instant
  ) throws(JournalError) -> Int64? {
    try transaction { db in
      if let key {
        let known = try Row.fetchOne(
          db, sql: "SELECT number, spec, allocation FROM job WHERE person = ? AND key = ?",
          arguments: [person.number, key])
        if let known {
          let isSame =
            try known.bytes(1) == spec && known.integer(2) == Int64(allocation.number)
          return isSame ? try known.integer(0) : nil
        }
      }
      let number = try (Int64.fetchOne(db, sql: "SELECT max(number) FROM job") ?? 0) + 1
      try db.execute(
        sql: """
          INSERT INTO job (number, allocation, person, submittedAt, spec, key)
          VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [number, allocation.number, person.number, at.seconds, Data(spec), key])
      let insertion = try db.cachedStatement(sql: "INSERT INTO task (job, number) VALUES (?, ?)")
      for index in indices ?? [-1] { try insertion.execute(unchecked: [number, index]) }
      return number
    }
  }

  /// The tasks of a job in order; none where there is no such job.
  public func tasks(of job: Int64) throws(JournalError) -> [StoredTask] {
    try tasks("WHERE job.number = ? ORDER BY task.number", [job])
  }

  /// Tasks that have not ended, in order of submission.
  public func openTasks() throws(JournalError) -> [StoredTask] {
    try tasks("WHERE state < 3 ORDER BY task.job, task.number", [])
  }

  /// The newest tasks, newest first.
  public func newestTasks(limit: Int) throws(JournalError) -> [StoredTask] {
    try tasks("ORDER BY task.job DESC, task.number DESC LIMIT ?", [limit])
  }

  /// The newest tasks of these allocations, newest first, among the newest hundred thousand jobs.
  public func newestTasks(
    of allocations: [AllocationID], limit: Int
  ) throws(JournalError) -> [StoredTask] {
    if allocations.isEmpty { return [] }
    // Numbers, so that nothing of them can be anything else in the statement.
    let numbers = allocations.map { "\($0.number)" }.joined(separator: ",")
    return try tasks(
      """
      WHERE job.number > (SELECT ifnull(max(number), 0) - 100000 FROM job)
        AND allocation IN (\(numbers))
      ORDER BY task.job DESC, task.number DESC LIMIT ?
      """, [limit])
  }

  private func tasks(
    _ clause: String, _ arguments: StatementArguments
  ) throws(JournalError) -> [StoredTask] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT \(Operations.columns) FROM \(Operations.tables) \(clause)",
        arguments: arguments
      ).map { try Operations.task($0) }
    }
  }

  /// That a task starts, under this token, with its budget held: both or neither, and on the disk
  /// before anything is started. False where it is no longer waiting, was canceled, or its budget
  /// is refused; then nothing is held.
  public func begin(
    _ job: Int64, _ index: Int32?, token: EngineJob, hold: Hold?, at: Instant
  ) throws(JournalError) -> Bool {
    let (high, low) = token.columns
    return try transaction { db in
      let waits = try Bool.fetchOne(
        db, sql: "SELECT state = 0 AND canceled = 0 FROM task WHERE job = ? AND number = ?",
        arguments: [job, index ?? -1])
      guard waits == true else { return false }
      if let hold, try BudgetBook(db, at: at).keep(hold) != .done { return false }
      try db.execute(
        sql: """
          UPDATE task SET state = 1, tokenHigh = ?, tokenLow = ?, startedAt = ?, reason = NULL
          WHERE job = ? AND number = ? AND state = 0 AND canceled = 0
          """, arguments: [high, low, at.seconds, job, index ?? -1])
      return db.changesCount == 1
    }
  }

  /// That a task runs, since when.
  public func started(_ token: EngineJob, at: Instant) throws(JournalError) {
    let (high, low) = token.columns
    try transaction { db in
      try db.execute(
        sql: """
          UPDATE task SET state = 2, startedAt = ?
          WHERE tokenHigh = ? AND tokenLow = ? AND state < 2
          """, arguments: [at.seconds, high, low])
    }
  }

  /// How a task ended; one that has ended stays as it ended.
  public func ended(
    _ job: Int64, _ index: Int32?, _ end: TaskEnd
  ) throws(JournalError) {
    try transaction { db in
      try db.execute(
        sql: """
          UPDATE task SET state = 3, ending = ?, exitCode = ?, endedAt = ?, reason = NULL
          WHERE job = ? AND number = ? AND state < 3
          """, arguments: [end.ending, end.exitCode, end.at.seconds, job, index ?? -1])
    }
  }

  /// Asks for a job's tasks to be canceled, all or one; how many had not ended.
  public func cancel(_ job: Int64, _ index: Int32?) throws(JournalError) -> Int {
    try transaction { db in
      try db.execute(
        sql: """
          UPDATE task SET canceled = 1 WHERE job = ?1 AND (?2 IS NULL OR number = ?2) AND state < 3
          """, arguments: [job, index])
      return db.changesCount
    }
  }

  /// Keeps why tasks wait, where it changed.
  public func keep(
    reasons: [(job: Int64, index: Int32?, reason: [UInt8])]
  ) throws(JournalError) {
    guard !reasons.isEmpty else { return }
    try transaction { db in
      let update = try db.cachedStatement(
        sql: """
          UPDATE task SET reason = ?1
          WHERE job = ?2 AND number = ?3 AND state = 0 AND reason IS NOT ?1
          """)
      for row in reasons {
        try update.execute(unchecked: [Data(row.reason), row.job, row.index ?? -1])
      }
    }
  }

  private static func task(_ row: Row) throws -> StoredTask {
    guard let allocation: AllocationID = try row.identifier(2),
      let person = PersonID(try row.integer(3)),
      let index = Int32(exactly: try row.integer(1)),
      let state = StoredTask.State(rawValue: try row.integer(6))
    else { throw JournalError.damaged(reason: "a job's task") }
    var token: EngineJob?
    if let high = try row.integerOrNone(7), let low = try row.integerOrNone(8) {
      token = EngineJob(columns: high, low)
    }
    return StoredTask(
      job: try row.integer(0), index: index < 0 ? nil : index, allocation: allocation,
      person: person, submittedAt: try row.instant(4), spec: try row.bytes(5), state: state,
      token: token, startedAt: try row.integerOrNone(9) == nil ? nil : row.instant(9),
      endedAt: try row.integerOrNone(10) == nil ? nil : row.instant(10), ending: row[11],
      exitCode: try row.integerOrNone(12), canceled: try row.integer(13) == 1,
      reason: (row[14] as Data?).map { [UInt8]($0) })
  }
}
