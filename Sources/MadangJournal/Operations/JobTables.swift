import Foundation
import GRDB
public import MadangProgramme

/// Jobs of the clusters that Madang dispatches: what was asked, and how far each has come.
///
/// A job moves forward only: waiting → starting → running → ended. That it starts is on the disk,
/// with its token, before anything runs; so whoever is cut off in between finds out by the token.
enum JobSchema {
  static let statements = """
    CREATE TABLE job (
      number INTEGER PRIMARY KEY CHECK (number > 0),
      allocation INTEGER NOT NULL CHECK (allocation > 0),
      person INTEGER NOT NULL,
      submittedAt INTEGER NOT NULL,
      spec BLOB NOT NULL,
      arrayJob INTEGER,   -- The first number of its array.
      arrayIndex INTEGER,
      key TEXT,
      digest BLOB,
      state INTEGER NOT NULL DEFAULT 0 CHECK (state BETWEEN 0 AND 3),
      tokenHigh INTEGER,
      tokenLow INTEGER,
      startedAt INTEGER,
      endedAt INTEGER,
      ending TEXT,
      exitCode INTEGER,
      canceled INTEGER NOT NULL DEFAULT 0 CHECK (canceled IN (0, 1)),
      reason BLOB,        -- Why it waits, as it was found last.
      CHECK ((state = 3) = (ending IS NOT NULL)),
      CHECK (state IN (0, 3) OR tokenHigh IS NOT NULL)
    ) STRICT;
    CREATE INDEX job_open ON job (state) WHERE state < 3;
    CREATE UNIQUE INDEX job_token ON job (tokenHigh, tokenLow) WHERE tokenHigh IS NOT NULL;
    CREATE UNIQUE INDEX job_key ON job (person, key, ifnull(arrayIndex, -1)) WHERE key IS NOT NULL;
    CREATE TRIGGER job_forward BEFORE UPDATE ON job
      WHEN NEW.state < OLD.state OR (OLD.state = 3 AND NEW.ending IS NOT OLD.ending)
        OR NEW.spec IS NOT OLD.spec OR NEW.allocation <> OLD.allocation
        OR (OLD.tokenHigh IS NOT NULL AND NEW.tokenHigh IS NOT OLD.tokenHigh)
      BEGIN SELECT RAISE(ABORT, 'a job only moves forward'); END;
    CREATE TRIGGER job_stays BEFORE DELETE ON job WHEN OLD.state < 3
      BEGIN SELECT RAISE(ABORT, 'a job that has not ended stays'); END;

    """
}

/// A job as it is stored.
public struct StoredJob: Sendable {
  public enum State: Int64, Sendable, CaseIterable {
    case waiting, starting, running, ended
  }

  public let id: JobID
  public let allocation: AllocationID
  public let person: PersonID
  public let submittedAt: Instant
  /// Canonical bytes of what is to run.
  public let spec: [UInt8]
  /// The first job of its array, and its index there.
  public let array: (job: JobID, index: Int64)?
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

/// A job on its way in.
public struct NewJob: Sendable {
  public let allocation: AllocationID
  public let spec: [UInt8]
  public let arrayIndex: Int64?

  public init(allocation: AllocationID, spec: [UInt8], arrayIndex: Int64? = nil) {
    self.allocation = allocation
    self.spec = spec
    self.arrayIndex = arrayIndex
  }
}

extension Operations {
  private static let columns = """
    number, allocation, person, submittedAt, spec, arrayJob, arrayIndex, state, tokenHigh,
    tokenLow, startedAt, endedAt, ending, exitCode, canceled, reason
    """

  /// Takes jobs in, all or none: an array's are numbered in a row. With a key they are there once;
  /// nothing where the key was used for something else.
  public func submit(
    _ jobs: [NewJob], by person: PersonID, key: String?, at: Instant
  ) throws(JournalError) -> [JobID]? {
    var stream = SHA256.Stream()
    for job in jobs { stream.update(job.spec) }
    let digest = stream.digest
    return try transaction { db in
      if let key {
        let rows = try Row.fetchAll(
          db, sql: "SELECT number, digest FROM job WHERE person = ? AND key = ? ORDER BY number",
          arguments: [person.number, key])
        if !rows.isEmpty {
          let isSame = try rows.allSatisfy { try $0.bytes(1) == digest.bytes }
          return isSame ? try rows.compactMap { try $0.identifier(0) } : nil
        }
      }
      let first = try (Int64.fetchOne(db, sql: "SELECT max(number) FROM job") ?? 0) + 1
      var numbers: [JobID] = []
      let insertion = try db.cachedStatement(
        sql: """
          INSERT INTO job
            (number, allocation, person, submittedAt, spec, arrayJob, arrayIndex, key, digest)
          VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
          """)
      for (offset, job) in jobs.enumerated() {
        let number = first + Int64(offset)
        guard number <= Limits.identifierMax else {
          throw JournalError.notWritten(reason: "there are too many jobs")
        }
        try insertion.execute(unchecked: [
          number, job.allocation.number, person.number, at.seconds, Data(job.spec),
          job.arrayIndex == nil ? nil : first, job.arrayIndex, key,
          key == nil ? nil : Data(digest.bytes),
        ])
        numbers.append(JobID(Int(number)))
      }
      return numbers
    }
  }

  /// A job; nothing where there is none.
  public func job(_ id: JobID) throws(JournalError) -> StoredJob? {
    try read { db in
      try Row.fetchOne(
        db, sql: "SELECT \(Operations.columns) FROM job WHERE number = ?", arguments: [id.number]
      ).map { try Operations.job($0) }
    }
  }

  /// Jobs that have not ended, in order of submission.
  public func openJobs() throws(JournalError) -> [StoredJob] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT \(Operations.columns) FROM job WHERE state < 3 ORDER BY number"
      ).map { try Operations.job($0) }
    }
  }

  /// The newest jobs, newest first.
  public func newestJobs(limit: Int) throws(JournalError) -> [StoredJob] {
    try read { db in
      try Row.fetchAll(
        db, sql: "SELECT \(Operations.columns) FROM job ORDER BY number DESC LIMIT ?",
        arguments: [limit]
      ).map { try Operations.job($0) }
    }
  }

  /// That a job starts, under this token: on the disk before it is started.
  public func begin(_ id: JobID, token: EngineJob, at: Instant) throws(JournalError) -> Bool {
    let (high, low) = token.columns
    return try transaction { db in
      try db.execute(
        sql: """
          UPDATE job SET state = 1, tokenHigh = ?, tokenLow = ?, startedAt = ?, reason = NULL
          WHERE number = ? AND state = 0 AND canceled = 0
          """, arguments: [high, low, at.seconds, id.number])
      return db.changesCount == 1
    }
  }

  /// That a job runs, since when.
  public func started(_ id: JobID, at: Instant) throws(JournalError) {
    try transaction { db in
      try db.execute(
        sql: "UPDATE job SET state = 2, startedAt = ? WHERE number = ? AND state < 2",
        arguments: [at.seconds, id.number])
    }
  }

  /// How a job ended; one that has ended stays as it ended.
  public func ended(
    _ id: JobID, as ending: String, exitCode: Int64?, at: Instant
  ) throws(JournalError) {
    try transaction { db in
      try db.execute(
        sql: """
          UPDATE job SET state = 3, ending = ?, exitCode = ?, endedAt = ?, reason = NULL
          WHERE number = ? AND state < 3
          """, arguments: [ending, exitCode, at.seconds, id.number])
    }
  }

  /// Asks for a job to be canceled; nothing where there is none, false where it has ended.
  public func cancel(_ id: JobID) throws(JournalError) -> Bool? {
    try transaction { db in
      let state = try Int64.fetchOne(
        db, sql: "SELECT state FROM job WHERE number = ?", arguments: [id.number])
      guard let state else { return nil }
      try db.execute(
        sql: "UPDATE job SET canceled = 1 WHERE number = ? AND state < 3", arguments: [id.number])
      return state < 3
    }
  }

  /// Keeps why jobs wait, where it changed.
  public func keep(reasons: [(JobID, [UInt8])]) throws(JournalError) {
    guard !reasons.isEmpty else { return }
    try transaction { db in
      let update = try db.cachedStatement(
        sql: "UPDATE job SET reason = ?1 WHERE number = ?2 AND state = 0 AND reason IS NOT ?1")
      for (id, reason) in reasons { try update.execute(unchecked: [Data(reason), id.number]) }
    }
  }

  private static func job(_ row: Row) throws -> StoredJob {
    guard let id: JobID = try row.identifier(0),
      let allocation: AllocationID = try row.identifier(1),
      let person = PersonID(try row.integer(2)),
      let state = StoredJob.State(
        rawValue: try row.integer(7))
    else { throw JournalError.damaged(reason: "a job") }
    var array: (job: JobID, index: Int64)?
    if let job: JobID = try row.identifier(5), let index = try row.integerOrNone(6) {
      array = (job, index)
    }
    var token: EngineJob?
    if let high = try row.integerOrNone(8), let low = try row.integerOrNone(9) {
      token = EngineJob(columns: high, low)
    }
    let ending: String? = row[12]
    return StoredJob(
      id: id, allocation: allocation, person: person, submittedAt: try row.instant(3),
      spec: try row.bytes(4), array: array, state: state, token: token,
      startedAt: try row.integerOrNone(10) == nil ? nil : row.instant(10),
      endedAt: try row.integerOrNone(11) == nil ? nil : row.instant(11), ending: ending,
      exitCode: try row.integerOrNone(13), canceled: try row.integer(14) == 1,
      reason: (row[15] as Data?).map { [UInt8]($0) })
  }
}
