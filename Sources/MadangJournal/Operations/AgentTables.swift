import Foundation
import GRDB
public import MadangProgramme

/// What is known of agents beside the journal: who holds the lease, what was read back last, tokens
/// that were given out, and how an exercise's clock stands.
///
/// ```
/// agentLease   epoch, instance, cursor          so that a restart fences nobody in
/// observed     the newest read-back             replaced by the next
/// enrolment    digests of one-time tokens       used by one key, before their time is over
/// clock        seconds that an exercise lags
/// ```
enum AgentSchema {
  static let statements = """
    CREATE TABLE agentLease (
      agent INTEGER PRIMARY KEY CHECK (agent > 0),
      epoch INTEGER NOT NULL CHECK (epoch >= 0),
      instanceHigh INTEGER,
      instanceLow INTEGER,
      sequence INTEGER NOT NULL CHECK (sequence >= 0),
      until INTEGER NOT NULL,
      cursor INTEGER NOT NULL CHECK (cursor >= 0),
      readAt INTEGER NOT NULL
    ) STRICT;
    CREATE TRIGGER agentLease_ahead BEFORE UPDATE ON agentLease
      WHEN NEW.epoch < OLD.epoch OR NEW.cursor < OLD.cursor
      BEGIN SELECT RAISE(ABORT, 'an epoch and a cursor never go back'); END;

    CREATE TABLE observed (
      cluster INTEGER PRIMARY KEY CHECK (cluster > 0),
      state BLOB NOT NULL
    ) STRICT;

    CREATE TABLE enrolment (
      token BLOB PRIMARY KEY CHECK (length(token) = 32),
      cluster INTEGER NOT NULL CHECK (cluster > 0),
      until INTEGER NOT NULL,
      -- Digest of the key that used it up.
      usedBy BLOB CHECK (length(usedBy) = 32)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE clock (
      id INTEGER PRIMARY KEY CHECK (id = 1),
      behind INTEGER NOT NULL
    ) STRICT;

    """
}

extension Operations {
  /// The lease of an agent; a new one where it never reported.
  public func lease(of agent: AgentID) throws(JournalError) -> AgentLease {
    try read { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          SELECT epoch, instanceHigh, instanceLow, sequence, until, cursor, readAt FROM agentLease
          WHERE agent = ?
          """, arguments: [agent.number])
      guard let row else { return AgentLease() }
      var instance: EngineJob?
      if let high = try row.integerOrNone(1), let low = try row.integerOrNone(2) {
        instance = EngineJob(columns: high, low)
      }
      return AgentLease(
        epoch: try row.integer(0), instance: instance, sequence: try row.integer(3),
        until: try row.instant(4), cursor: try row.integer(5), readAt: try row.instant(6))
    }
  }

  /// Keeps an agent's lease and what it read back last.
  public func keep(
    _ lease: AgentLease, of agent: AgentID, _ observed: ObservedState
  ) throws(JournalError) {
    let instance = lease.instance?.columns
    try transaction { db in
      try db.execute(
        sql: """
          INSERT INTO agentLease
            (agent, epoch, instanceHigh, instanceLow, sequence, until, cursor, readAt)
          VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
          ON CONFLICT DO UPDATE SET epoch = ?2, instanceHigh = ?3, instanceLow = ?4, sequence = ?5,
            until = ?6, cursor = ?7, readAt = ?8
          """,
        arguments: [
          agent.number, lease.epoch, instance?.high, instance?.low, lease.sequence,
          lease.until.seconds, lease.cursor, lease.readAt.seconds,
        ])
      try db.execute(
        sql: """
          INSERT INTO observed (cluster, state) VALUES (?1, ?2)
          ON CONFLICT DO UPDATE SET state = ?2
          """,
        arguments: [observed.cluster.number, Data(CanonicalWriter.bytes(of: observed))])
    }
  }

  /// What was read back last of a cluster.
  public func observed(_ cluster: ClusterID) throws(JournalError) -> ObservedState? {
    try read { db in
      let data = try Data.fetchOne(
        db, sql: "SELECT state FROM observed WHERE cluster = ?", arguments: [cluster.number])
      guard let data else { return nil }
      do {
        return try CanonicalReader.value(ObservedState.self, from: [UInt8](data))
      } catch {
        throw JournalError.damaged(reason: "what was read back of \(cluster)")
      }
    }
  }

  // MARK: Tokens

  /// Remembers a one-time token by its digest.
  public func admit(
    token: Digest, to cluster: ClusterID, until: Instant
  ) throws(JournalError) {
    try transaction { db in
      try db.execute(
        sql: "INSERT INTO enrolment (token, cluster, until) VALUES (?, ?, ?)",
        arguments: [Data(token.bytes), cluster.number, until.seconds])
    }
  }

  /// Uses a token up with a key, and answers for which cluster it was; nothing where there is none,
  /// another key used it, or its time is over. The same key may come again, however late: the
  /// answer to its first call may have been lost.
  public func use(
    token: Digest, by key: Digest, at: Instant
  ) throws(JournalError) -> ClusterID? {
    try transaction { db in
      let row = try Row.fetchOne(
        db,
        sql: """
          UPDATE enrolment SET usedBy = ?2
          WHERE token = ?1 AND (usedBy = ?2 OR (usedBy IS NULL AND until > ?3))
          RETURNING cluster
          """, arguments: [Data(token.bytes), Data(key.bytes), at.seconds])
      return try row?.identifier(0)
    }
  }

  // MARK: An exercise's clock

  /// Seconds that an exercise is behind the machine's clock; nothing where it was never started.
  public func clockBehind() throws(JournalError) -> Int64? {
    try read { db in try Int64.fetchOne(db, sql: "SELECT behind FROM clock") }
  }

  public func setClock(behind: Int64) throws(JournalError) {
    try transaction { db in
      try db.execute(
        sql: """
          INSERT INTO clock (id, behind) VALUES (1, ?1) ON CONFLICT DO UPDATE SET behind = ?1
          """, arguments: [behind])
    }
  }
}
