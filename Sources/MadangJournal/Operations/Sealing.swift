import Foundation
import GRDB
public import MadangProgramme

/// Closing hours into statements, for the journal to seal.
extension Operations {
  /// Hours that one call closes at most: other processes wait for it meanwhile.
  public static let hoursMax = 1_000

  /// Statements of a cluster, oldest first: corrections of sealed hours that were touched since,
  /// and of the hours after the last sealed one that end by `end`. At most `limit` of each, so that
  /// corrections that are refused again and again leave new hours their room. Corrections of hours
  /// from `turn` on come first, so that they leave room for each other too.
  ///
  /// `accounts` are the programme's of this cluster as it is now, which say what is sealed, and
  /// `days` say where its hours begin. Engines cut what they meter at hours of UTC: so an hour is
  /// closed when the one of UTC that it ends in is over too. Give the statements to the journal in
  /// this order, under their keys, and what it took to ``confirm(_:)``; asked again before that,
  /// the same come again.
  ///
  /// Complexity: O(segments of those hours, of a day before the first); memory O(segments of an
  /// hour).
  public func close(
    _ cluster: MeteredCluster, _ accounts: ClusterAccounts, _ days: CivilDays,
    operatorShare: Timeline = .zero, before end: Instant, limit: Int = 256, turn: Hour? = nil
  ) throws(JournalError) -> [DraftedStatement] {
    try transaction { db in
      let sealing = Sealing(cluster, accounts, days, operatorShare, db)
      try sealing.reconcile()
      let (end, limit) = (Hour(of: end).start, min(limit, Operations.hoursMax / 2))
      var drafts = try sealing.corrections(before: end, limit: limit, turn: turn)
      if let first = try sealing.firstOpen() {
        drafts += try sealing.drafts(from: first, before: end, limit: limit)
      }
      return drafts
    }
  }

  /// Notes that the journal has these statements.
  public func confirm(_ statements: [UsageStatement]) throws(JournalError) {
    try transaction { db in
      for statement in statements {
        try Seals.confirm(statement.hour, statement.cluster, db)
      }
    }
  }
}

/// A statement to be sealed, and the key under which it is given to the journal, so that it is
/// sealed once.
public struct DraftedStatement: Hashable, Sendable {
  public let statement: UsageStatement
  public let key: String
}

/// The table `seal`.
enum Seals {
  /// The hour of a row that begins with `hour, seconds`.
  static func hour(_ row: Row) throws -> Hour {
    let (start, seconds) = (try row.instant(0), try row.integer(1))
    guard let hour = Hour(from: start, to: Instant(start.seconds + seconds)) else {
      throw JournalError.damaged(reason: "an hour of \(seconds) s at \(start.seconds)")
    }
    return hour
  }

  /// When the hour with a statement begins that an instant lies in.
  static func start(
    ofTheHourAt instant: Instant, _ cluster: ClusterID, _ db: Database
  ) throws -> Instant? {
    try Int64.fetchOne(
      db,
      sql: """
        SELECT hour FROM seal
        WHERE cluster = ?1 AND hour <= ?2 AND hour > ?2 - 3600 AND hour + seconds > ?2
        """, arguments: [cluster.number, instant.seconds]
    ).map { Instant($0) }
  }

  /// What was drafted for an hour is what the journal has.
  static func confirm(_ hour: Hour, _ cluster: ClusterID, _ db: Database) throws {
    try db.cachedStatement(
      sql: """
        UPDATE seal SET sealed = drafted, totals = draft, draft = NULL
        WHERE cluster = ? AND hour = ? AND draft IS NOT NULL
        """
    ).execute(unchecked: [cluster.number, hour.start.seconds])
  }

  /// What the statements of these stretches say changed, where they have some.
  static func touch(_ hours: [Hour], _ cluster: ClusterID, _ db: Database) throws {
    for hour in hours { try touch(from: hour.start, to: hour.end, cluster, db) }
  }

  static func touch(from: Instant, to: Instant, _ cluster: ClusterID, _ db: Database) throws {
    guard from < to else { return }
    try db.cachedStatement(
      sql: """
        UPDATE seal SET changes = changes + 1
        WHERE cluster = ? AND hour > ? AND hour < ? AND hour + seconds > ?
        """
    ).execute(unchecked: [
      cluster.number, from.seconds - Hour.seconds, to.seconds, from.seconds,
    ])
  }
}

/// One call's work.
private struct Sealing {
  let cluster: MeteredCluster
  let accounts: ClusterAccounts
  let days: CivilDays
  let operatorShare: Timeline
  let db: Database

  init(
    _ cluster: MeteredCluster, _ accounts: ClusterAccounts, _ days: CivilDays,
    _ operatorShare: Timeline, _ db: Database
  ) {
    self.cluster = cluster
    self.accounts = accounts
    self.days = days
    self.operatorShare = operatorShare
    self.db = db
  }

  private var id: Int32 { cluster.cluster.number }

  /// Statements that the journal has, though nobody said so: a process ended in between. What was
  /// drafted under that number is what it has.
  func reconcile() throws {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT hour, seconds, draftNumber FROM seal WHERE cluster = ? AND draft IS NOT NULL
          """),
      arguments: [id])
    for row in rows {
      let hour = try Seals.hour(row)
      guard accounts.isSealed(hour), try row.integer(2) <= Int64(accounts.newest(hour)) else {
        continue
      }
      try Seals.confirm(hour, cluster.cluster, db)
    }
  }

  /// The hour to seal next; nothing where there is nothing yet to account for.
  func firstOpen() throws -> Hour? {
    if let last = accounts.lastSealed { return days.hour(from: last.end) }
    let first = try Int64.fetchOne(
      db,
      sql: """
        SELECT min(at) FROM (
          SELECT min(fromAt) AS at FROM usage WHERE cluster = ?1
          UNION ALL SELECT min(fromAt) FROM coverage WHERE cluster = ?1)
        """, arguments: [id])
    guard let first else { return nil }
    // Before the programme had GPUs there, there is nothing to account for.
    let since = accounts.gpus.changes.first?.at ?? Instant(first)
    return days.hour(of: max(Instant(first), since, days.firstStart))
  }

  func drafts(from first: Hour, before end: Instant, limit: Int) throws -> [DraftedStatement] {
    guard first.end <= end else { return [] }
    let most = Instant(first.start.seconds + Int64(limit) * Hour.seconds)
    let timelines = try ObservedTimelines(
      cluster.cluster, from: first.start, to: min(end, most), db)
    var running = try RunningSegments(cluster.cluster, from: first, db)
    var drafts: [DraftedStatement] = []
    var next: Hour? = first
    while let hour = next, hour.end <= min(end, most) {
      let closed = try closed(hour, timelines, &running)
      let changes = try changes(of: hour)
      try keep(closed, hour, changes, number: 0)
      drafts.append(
        drafted(hour, closed, totals: closed.totals, changes: changes, corrects: nil))
      next = days.hour(from: hour.end)
    }
    return drafts
  }

  /// An hour that is not over, sealed by a clock that was ahead, is corrected once it is.
  func corrections(before end: Instant, limit: Int, turn: Hour?) throws -> [DraftedStatement] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT hour, seconds FROM seal
          WHERE cluster = ? AND changes > sealed AND hour + seconds <= ?
          ORDER BY hour < ?, hour LIMIT ?
          """), arguments: [id, end.seconds, turn?.start.seconds ?? 0, limit])
    var drafts: [DraftedStatement] = []
    for row in rows {
      let hour = try Seals.hour(row)
      let timelines = try ObservedTimelines(
        cluster.cluster, from: hour.start, to: hour.end, db)
      var running = try RunningSegments(cluster.cluster, from: hour, db)
      let closed = try closed(hour, timelines, &running)
      let stored = try Data.fetchOne(
        db, sql: "SELECT totals FROM seal WHERE cluster = ? AND hour = ?",
        arguments: [id, hour.start.seconds])
      guard let stored, let sealed = ClosedHour(bytes: [UInt8](stored)) else {
        throw JournalError.damaged(reason: "the statement of \(hour)")
      }
      let changes = try changes(of: hour)
      if closed == sealed {
        try db.execute(
          sql: "UPDATE seal SET sealed = changes WHERE cluster = ? AND hour = ?",
          arguments: [id, hour.start.seconds])
        continue
      }
      try keep(closed, hour, changes, number: accounts.newest(hour) + 1)
      let difference = HourTotals(
        capacity: .zero,
        rows: AccountRow.difference(closed.totals.rows, less: sealed.totals.rows),
        contradicted: closed.totals.contradicted - sealed.totals.contradicted)
      drafts.append(
        drafted(
          hour, closed, totals: difference, changes: changes, corrects: accounts.newest(hour)))
    }
    return drafts
  }

  private func drafted(
    _ hour: Hour, _ closed: ClosedHour, totals: HourTotals, changes: Int64, corrects: Int32?
  ) -> DraftedStatement {
    let number = corrects.map { $0 + 1 } ?? 0
    return DraftedStatement(
      statement: UsageStatement(
        cluster: cluster.cluster, model: cluster.model, hour: hour, totals: totals,
        segments: closed.segments, root: closed.root, corrects: corrects),
      key: "seal-\(id)-\(hour.start.seconds)-\(number)-\(changes)")
  }

  /// Where the hour's GPU-seconds went, by all that is known now.
  private func closed(
    _ hour: Hour, _ timelines: ObservedTimelines, _ running: inout RunningSegments
  ) throws -> ClosedHour {
    var facts = HourFacts(
      cluster: cluster.cluster, model: cluster.model, hour: hour, capacity: accounts.gpus)
    facts.operatorShare = operatorShare
    facts.coverage = timelines.coverage
    facts.up = timelines.up
    facts.down = timelines.down
    facts.maintenance = timelines.maintenance
    facts.preparing = timelines.preparing
    facts.reservations = timelines.reservations.map { reservation in
      var reservation = reservation
      reservation.isLent = cluster.isLent(reservation.allocation)
      return reservation
    }
    try running.move(to: hour)
    facts.segments = running.segments
    return ClosedHour(
      totals: HourClosing.totals(of: facts), segments: Int64(running.segments.count),
      root: running.root)
  }

  private func changes(of hour: Hour) throws -> Int64 {
    try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT changes FROM seal WHERE cluster = ? AND hour = ?"),
      arguments: [id, hour.start.seconds]) ?? 0
  }

  private func keep(
    _ closed: ClosedHour, _ hour: Hour, _ changes: Int64, number: Int32
  ) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO seal (cluster, hour, seconds, changes, drafted, draft, draftNumber)
        VALUES (?1, ?2, ?3, ?4, ?4, ?5, ?6)
        ON CONFLICT DO UPDATE SET seconds = ?3, drafted = ?4, draft = ?5, draftNumber = ?6
        """
    ).execute(unchecked: [
      id, hour.start.seconds, hour.length, changes, Data(closed.bytes), number,
    ])
  }
}

/// The segments that touch an hour, hour by hour: each is read and hashed once, however many hours
/// it touches.
struct RunningSegments {
  private let cluster: ClusterID
  private let db: Database
  private(set) var segments: [UsageSegment] = []
  private var hashes: [Digest] = []
  private var readTo: Instant
  private let cancelled: CancelledSegments

  init(_ cluster: ClusterID, from hour: Hour, _ db: Database) throws {
    self.cluster = cluster
    self.db = db
    cancelled = try CancelledSegments(cluster, db)
    // No segment that began earlier reaches into the hour.
    readTo = Instant(hour.start.seconds - UsageSegment.secondsMax)
  }

  mutating func move(to hour: Hour) throws {
    var kept = 0
    for index in segments.indices where segments[index].to > hour.start {
      segments[kept] = segments[index]
      hashes[kept] = hashes[index]
      kept += 1
    }
    segments.removeLast(segments.count - kept)
    hashes.removeLast(hashes.count - kept)
    var writer = CanonicalWriter()
    try UsageRows.forEach(of: cluster, from: readTo, to: hour.end, db) { segment in
      guard segment.to > hour.start, !cancelled.contains(segment.key) else { return }
      segments.append(segment)
      writer.rewrite(segment)
      hashes.append(SHA256.leaf(writer.bytes))
    }
    readTo = hour.end
  }

  /// The root of the tree over the segments, in order of start, job and number.
  var root: Digest {
    var frontier = Frontier()
    for hash in hashes { frontier.append(hash) }
    return frontier.root
  }
}
