import GRDB
public import MadangProgramme
import Synchronization

/// Taking in what was metered.
extension Operations {
  /// Records segments of one cluster, in the order given: an answer each, in the same order. What
  /// is accepted is durable, posted to its allocation's balance, and in its hours' statements; what
  /// is refused is kept whole (``refusedMax``), as nobody may ever send it again.
  ///
  /// Sent twice, a segment is there once. Complexity: O(log stored) each.
  public func record(
    _ segments: [UsageSegment], at cluster: MeteredCluster, received: Instant
  ) throws(JournalError) -> [SegmentResult] {
    precondition(segments.count <= Operations.batchMax, "a batch has a limit")
    return try jobs.withLock { jobs throws(JournalError) in
      do throws(JournalError) {
        return try transaction { db in
          try jobs.refresh(db)
          // Moved out, so that no copy is made of them.
          var recording = try Recording(db, cluster, received, jobs.taken())
          let results = try segments.map { segment in
            let result = try recording.record(segment)
            if case .refused(let refusal) = result { try recording.keep(segment, refusal) }
            return result
          }
          try recording.finish()
          jobs = recording.jobs
          return results
        }
      } catch {
        jobs.forget()
        throw error
      }
    }
  }
}

/// The newest segment of each job that was seen lately: what comes next in a job, as most does,
/// needs no look at the tables. Believed only while no other connection wrote.
struct JobTails {
  struct Key: Hashable {
    let cluster: ClusterID
    let job: EngineJob
  }
  struct Tail {
    let number: Int32
    let to: Instant
  }

  /// Jobs remembered: as many as run at once in a very large cluster.
  private static let countMax = 65_536
  private var tails: [Key: Tail] = [:]
  private var dataVersion: Int64 = -1

  mutating func refresh(_ db: Database) throws {
    let version = try Int64.fetchOne(db.cachedStatement(sql: "PRAGMA data_version")) ?? -1
    if version != dataVersion { tails.removeAll(keepingCapacity: true) }
    dataVersion = version
  }

  mutating func forget() { tails.removeAll() }

  /// All of it, leaving nothing here.
  mutating func taken() -> JobTails {
    var taken = JobTails()
    swap(&self, &taken)
    return taken
  }

  subscript(cluster: ClusterID, job: EngineJob) -> Tail? {
    tails[Key(cluster: cluster, job: job)]
  }

  mutating func set(_ segment: UsageSegment) {
    if tails.count >= JobTails.countMax { tails.removeAll(keepingCapacity: true) }
    tails[Key(cluster: segment.key.cluster, job: segment.key.job)] = Tail(
      number: segment.key.number, to: segment.to)
  }
}

/// One batch on its way in.
private struct Recording {
  let db: Database
  let cluster: MeteredCluster
  let received: Instant
  let archivedBefore: Instant?
  var jobs: JobTails
  /// Hours that were touched, and the last one: segments come in runs.
  private var hours: Set<Hour> = []
  private var lastHours: (Hour, Hour)?
  private var posting: BudgetPosting
  private let insertion: BareStatement
  /// Rows that refused segments may still become; nothing before the first.
  private var refusedRoom: Int?
  /// Refused segments that found no room.
  private var refusedBeyond: Int64 = 0

  init(
    _ db: Database, _ cluster: MeteredCluster, _ received: Instant, _ jobs: JobTails
  ) throws {
    self.db = db
    self.cluster = cluster
    self.received = received
    self.jobs = jobs
    archivedBefore = try Int64.fetchOne(
      db.cachedStatement(sql: "SELECT before FROM archived WHERE cluster = ?"),
      arguments: [cluster.cluster.number]
    ).map { Instant($0) }
    posting = BudgetPosting(db, at: received)
    insertion = try BareStatement(
      """
      INSERT INTO usage
        (cluster, fromAt, jobHigh, jobLow, number, toAt, gpus, model, allocation)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """, db)
  }

  mutating func record(_ segment: UsageSegment) throws -> SegmentResult {
    if let fault = segment.fault(at: cluster, received: received) { return .refused(fault) }
    if let archivedBefore, segment.from < archivedBefore {
      return .refused(.archived(before: archivedBefore))
    }
    let key = segment.key
    let isNewest: Bool
    if let tail = jobs[key.cluster, key.job], tail.number < key.number {
      if tail.to > segment.from { return .refused(.overlaps(key.number, with: tail.number)) }
      isNewest = true
    } else {
      let (before, after) = try UsageRows.neighbours(of: key, db)
      if let before, before.key.number == key.number { return segment.compared(with: before) }
      if let fault = segment.fault(after: before, before: after) { return .refused(fault) }
      isNewest = after == nil
    }
    try insert(segment)
    if isNewest { jobs.set(segment) }
    return .accepted
  }

  mutating func keep(_ segment: UsageSegment, _ refusal: UsageRefusal) throws {
    let room = try refusedRoom ?? roomForRefused()
    guard room > 0 else {
      refusedRoom = 0
      refusedBeyond += 1
      return
    }
    let (high, low) = segment.key.job.columns
    try db.cachedStatement(
      sql: """
        INSERT OR IGNORE INTO refusedUsage
          (cluster, jobHigh, jobLow, number, fromAt, toAt, gpus, model, allocation, code,
            receivedAt, ko, en)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(unchecked: [
      segment.key.cluster.number, high, low, segment.key.number, segment.from.seconds,
      segment.to.seconds, segment.gpus, segment.model.number, segment.allocation?.number ?? 0,
      refusal.code, received.seconds, refusal.what(.ko), refusal.what(.en),
    ])
    // Sent again, it is there already.
    refusedRoom = room - db.changesCount
  }

  /// O(rows of the cluster), once a batch that holds something refused.
  private func roomForRefused() throws -> Int {
    let kept = try Int.fetchOne(
      db.cachedStatement(sql: "SELECT count(*) FROM refusedUsage WHERE cluster = ?"),
      arguments: [cluster.cluster.number])
    return Operations.refusedMax - (kept ?? 0)
  }

  private mutating func insert(_ segment: UsageSegment) throws {
    let (high, low) = segment.key.job.columns
    insertion.bind(
      Int64(segment.key.cluster.number), segment.from.seconds, high, low,
      Int64(segment.key.number), segment.to.seconds, Int64(segment.gpus),
      Int64(segment.model.number), segment.allocation.map { Int64($0.number) })
    try insertion.run()
    let touched = (Hour(of: segment.from), Hour(of: Instant(segment.to.seconds - 1)))
    if lastHours.map({ $0 != touched }) ?? true {
      var hour = touched.0
      while hour <= touched.1 {
        hours.insert(hour)
        hour = hour.next
      }
      lastHours = touched
    }
    if let allocation = segment.allocation {
      try posting.add(segment.gpuSeconds, allocation, under: segment.key.job)
    }
  }

  mutating func finish() throws {
    try posting.finish()
    if refusedBeyond > 0 {
      try db.execute(
        sql: """
          INSERT INTO refusedBeyond (cluster, segments) VALUES (?, ?)
          ON CONFLICT DO UPDATE SET segments = segments + excluded.segments
          """, arguments: [cluster.cluster.number, refusedBeyond])
    }
    try Seals.touch(hours.sorted(), cluster.cluster, db)
  }
}

/// Reading the table of segments.
enum UsageRows {
  private static let columns =
    "cluster, jobHigh, jobLow, number, allocation, model, gpus, fromAt, toAt"

  private static func segment(_ row: BareStatement) throws -> UsageSegment {
    guard let cluster: ClusterID = identifier(row.integer(0)),
      let model: DeviceModelID = identifier(row.integer(5)),
      let number = Int32(exactly: row.integer(3)), let gpus = Int32(exactly: row.integer(6)),
      row.integer(7).magnitude <= UInt64(Limits.integerMax),
      row.integer(8).magnitude <= UInt64(Limits.integerMax)
    else { throw JournalError.damaged(reason: "a usage segment") }
    return UsageSegment(
      key: UsageKey(
        cluster: cluster, job: EngineJob(columns: row.integer(1), row.integer(2)),
        number: number),
      allocation: row.integerOrNone(4).flatMap { identifier($0) }, model: model, gpus: gpus,
      from: Instant(row.integer(7)), to: Instant(row.integer(8)))
  }

  private static func identifier<Kind>(_ number: Int64) -> Identifier<Kind>? {
    guard number > 0, number <= Int64(Limits.identifierMax) else { return nil }
    return Identifier(Int(number))
  }

  /// The stored segments of a job next to a number: that number's own or the one before, and the
  /// one after.
  static func neighbours(
    of key: UsageKey, _ db: Database
  ) throws -> (before: UsageSegment?, after: UsageSegment?) {
    let (high, low) = key.job.columns
    func one(_ sql: String) throws -> UsageSegment? {
      let rows = try BareStatement(sql, db)
      rows.bind(Int64(key.cluster.number), high, low, Int64(key.number))
      defer { rows.end() }
      return try rows.next() ? try segment(rows) : nil
    }
    let before = try one(upTo)
    if before?.key.number == key.number { return (before, nil) }
    return (before, try one(after))
  }

  private static let upTo = """
    SELECT \(columns) FROM usage
    WHERE cluster = ? AND jobHigh = ? AND jobLow = ? AND number <= ?
    ORDER BY number DESC LIMIT 1
    """

  private static let after = """
    SELECT \(columns) FROM usage
    WHERE cluster = ? AND jobHigh = ? AND jobLow = ? AND number > ?
    ORDER BY number LIMIT 1
    """

  /// Segments that begin within a span, in order of start, job and number.
  static func forEach(
    of cluster: ClusterID, from: Instant, to: Instant, _ db: Database,
    _ body: (UsageSegment) throws -> Void
  ) throws {
    let rows = try BareStatement(
      """
      SELECT \(columns) FROM usage WHERE cluster = ? AND fromAt >= ? AND fromAt < ?
      ORDER BY cluster, fromAt, jobHigh, jobLow, number
      """, db)
    rows.bind(Int64(cluster.number), from.seconds, to.seconds)
    defer { rows.end() }
    while try rows.next() { try body(segment(rows)) }
  }
}
