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
  /// `accounts` are the programme's of this cluster as it is now, which say what is sealed. Give
  /// the statements to the journal in this order, under their keys, and what it took to
  /// ``confirm(_:)``; asked again before that, the same come again.
  ///
  /// Complexity: O(segments of those hours, of a day before the first); memory O(segments of an
  /// hour).
  public func close(
    _ cluster: MeteredCluster, _ accounts: ClusterAccounts, operatorShare: Timeline = .zero,
    before end: Instant, limit: Int = 256, turn: Hour? = nil
  ) throws(JournalError) -> [DraftedStatement] {
    try transaction { db in
      let sealing = Sealing(cluster, accounts, operatorShare, db)
      try sealing.reconcile()
      let (last, limit) = (Hour(of: end), min(limit, Operations.hoursMax / 2))
      var drafts = try sealing.corrections(before: last, limit: limit, turn: turn)
      if let first = try sealing.firstOpen() {
        drafts += try sealing.drafts(from: first, before: last, limit: limit)
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
  /// What was drafted for an hour is what the journal has.
  static func confirm(_ hour: Hour, _ cluster: ClusterID, _ db: Database) throws {
    try db.cachedStatement(
      sql: """
        UPDATE seal SET sealed = drafted, totals = draft, draft = NULL
        WHERE cluster = ? AND hour = ? AND draft IS NOT NULL
        """
    ).execute(unchecked: [cluster.number, hour.number])
  }

  /// What an hour's statement says changed, where it has one.
  static func touch(_ hours: [Hour], _ cluster: ClusterID, _ db: Database) throws {
    let update = try db.cachedStatement(
      sql: "UPDATE seal SET changes = changes + 1 WHERE cluster = ? AND hour = ?")
    for hour in hours { try update.execute(unchecked: [cluster.number, hour.number]) }
  }

  static func touch(from: Instant, to: Instant, _ cluster: ClusterID, _ db: Database) throws {
    guard from < to else { return }
    let last = Hour(of: Instant(to.seconds - 1))
    try db.cachedStatement(
      sql: "UPDATE seal SET changes = changes + 1 WHERE cluster = ? AND hour BETWEEN ? AND ?"
    ).execute(unchecked: [cluster.number, Hour(of: from).number, last.number])
  }
}

/// One call's work.
private struct Sealing {
  let cluster: MeteredCluster
  let accounts: ClusterAccounts
  let operatorShare: Timeline
  let db: Database

  init(
    _ cluster: MeteredCluster, _ accounts: ClusterAccounts, _ operatorShare: Timeline,
    _ db: Database
  ) {
    self.cluster = cluster
    self.accounts = accounts
    self.operatorShare = operatorShare
    self.db = db
  }

  private var id: Int32 { cluster.cluster.number }

  /// Statements that the journal has, though nobody said so: a process ended in between. What was
  /// drafted under that number is what it has.
  func reconcile() throws {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: "SELECT hour, draftNumber FROM seal WHERE cluster = ? AND draft IS NOT NULL"),
      arguments: [id])
    for row in rows {
      let hour = Hour(number: try row.integer(0))
      guard accounts.isSealed(hour), try row.integer(1) <= Int64(accounts.newest(hour)) else {
        continue
      }
      try Seals.confirm(hour, cluster.cluster, db)
    }
  }

  /// The hour to seal next; nothing where there is nothing yet to account for.
  func firstOpen() throws -> Hour? {
    if let last = accounts.lastSealed { return last.next }
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
    return max(Hour(of: Instant(first)), Hour(of: since))
  }

  func drafts(from first: Hour, before last: Hour, limit: Int) throws -> [DraftedStatement] {
    guard first < last else { return [] }
    let end = min(last, Hour(number: first.number + Int64(limit)))
    let timelines = try ObservedTimelines(
      cluster.cluster, from: first.start, to: end.start, db)
    var running = try RunningSegments(cluster.cluster, from: first, db)
    var drafts: [DraftedStatement] = []
    var hour = first
    while hour < end {
      let closed = try closed(hour, timelines, &running)
      let changes = try changes(of: hour)
      try keep(closed, hour, changes, number: 0)
      drafts.append(
        drafted(hour, closed, totals: closed.totals, changes: changes, corrects: nil))
      hour = hour.next
    }
    return drafts
  }

  /// An hour that is not over, sealed by a clock that was ahead, is corrected once it is.
  func corrections(before last: Hour, limit: Int, turn: Hour?) throws -> [DraftedStatement] {
    let hours = try Int64.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT hour FROM seal WHERE cluster = ? AND changes > sealed AND hour < ?
          ORDER BY hour < ?, hour LIMIT ?
          """), arguments: [id, last.number, turn?.number ?? 0, limit])
    var drafts: [DraftedStatement] = []
    for number in hours {
      let hour = Hour(number: number)
      let timelines = try ObservedTimelines(
        cluster.cluster, from: hour.start, to: hour.end, db)
      var running = try RunningSegments(cluster.cluster, from: hour, db)
      let closed = try closed(hour, timelines, &running)
      let stored = try Data.fetchOne(
        db, sql: "SELECT totals FROM seal WHERE cluster = ? AND hour = ?",
        arguments: [id, number])
      guard let stored, let sealed = ClosedHour(bytes: [UInt8](stored)) else {
        throw JournalError.damaged(reason: "the statement of \(hour)")
      }
      let changes = try changes(of: hour)
      if closed == sealed {
        try db.execute(
          sql: "UPDATE seal SET sealed = changes WHERE cluster = ? AND hour = ?",
          arguments: [id, number])
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
      key: "seal-\(id)-\(hour.number)-\(number)-\(changes)")
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
      arguments: [id, hour.number]) ?? 0
  }

  private func keep(
    _ closed: ClosedHour, _ hour: Hour, _ changes: Int64, number: Int32
  ) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO seal (cluster, hour, changes, drafted, draft, draftNumber)
        VALUES (?1, ?2, ?3, ?3, ?4, ?5)
        ON CONFLICT DO UPDATE SET drafted = ?3, draft = ?4, draftNumber = ?5
        """
    ).execute(unchecked: [id, hour.number, changes, Data(closed.bytes), number])
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
