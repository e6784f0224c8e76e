import GRDB
public import MadangProgramme

/// What was read back from an engine, kept where it changed: when anybody looked, the devices in
/// each state, and the GPUs that stand ready for each award.
extension Operations {
  /// Records what was observed. `desired` is what the engine should enforce then. Between two
  /// observations the cluster counts as observed where they are at most `silenceSeconds` apart;
  /// what lies further apart nobody saw.
  ///
  /// Answers whether it was taken: one that is not newer than the newest changes nothing. Where the
  /// newest is ahead of `now`, the office's time, a clock had jumped when it was read: what is read
  /// now stands before it, lest nothing be observed until that time has come. None of it is
  /// forgotten, as the clock that is wrong may be this one.
  public func observe(
    _ observed: ObservedState, desired: DesiredState, silenceSeconds: Int64, now: Instant? = nil
  ) throws(JournalError) -> Bool {
    try transaction { db in
      let cluster = observed.cluster
      var newest = try Operations.stretch(of: cluster, from: Limits.integerMax, db)
      if let now, let ahead = newest,
        try ahead.integer(1) > now.seconds + UsageSegment.aheadSecondsMax
      {
        newest = try Operations.stretch(of: cluster, from: observed.at.seconds, db)
      }
      let last = try newest.map { try $0.instant(1) }
      if let last, observed.at <= last { return false }
      if let newest, let last, observed.at.seconds - last.seconds <= silenceSeconds {
        try db.execute(
          sql: "UPDATE coverage SET toAt = ? WHERE cluster = ? AND fromAt = ?",
          arguments: [observed.at.seconds, cluster.number, try newest.integer(0)])
        try Seals.touch(from: last, to: observed.at, cluster, db)
      } else {
        try db.execute(
          sql: "INSERT INTO coverage (cluster, fromAt, toAt) VALUES (?, ?, ?)",
          arguments: [cluster.number, observed.at.seconds, observed.at.seconds])
      }
      try record(observed.devices, cluster, observed.at, db)
      try recordReady(observed, desired, db)
      return true
    }
  }

  /// The newest stretch that begins at a second or before.
  private static func stretch(
    of cluster: ClusterID, from second: Int64, _ db: Database
  ) throws -> Row? {
    try Row.fetchOne(
      db,
      sql: """
        SELECT fromAt, toAt FROM coverage WHERE cluster = ? AND fromAt <= ?
        ORDER BY fromAt DESC LIMIT 1
        """, arguments: [cluster.number, second])
  }

  private func record(
    _ devices: DeviceCounts, _ cluster: ClusterID, _ at: Instant, _ db: Database
  ) throws {
    let values = [devices.up, devices.down, devices.maintenance, devices.preparing]
    let last = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT up, down, maintenance, preparing FROM deviceCount WHERE cluster = ? AND at <= ?
          ORDER BY at DESC LIMIT 1
          """), arguments: [cluster.number, at.seconds])
    if let last, try (0..<4).allSatisfy({ try last.integer($0) == values[$0] }) { return }
    try db.execute(
      sql: """
        INSERT INTO deviceCount (cluster, at, up, down, maintenance, preparing)
        VALUES (?, ?, ?, ?, ?, ?)
        """,
      arguments: [cluster.number, at.seconds, values[0], values[1], values[2], values[3]])
  }

  /// Entitled to and ready, of every reservation that is or was.
  private func recordReady(
    _ observed: ObservedState, _ desired: DesiredState, _ db: Database
  ) throws {
    var now: [AllocationID: (gpus: Int64, ready: Int64)] = [:]
    for wanted in desired.allocations {
      guard let gpus = wanted.entitledGPUs(at: observed.at) else { continue }
      now[wanted.allocation] = (gpus, 0)
    }
    for seen in observed.allocations {
      now[seen.allocation]?.ready = seen.readyGPUs
    }
    let cluster = observed.cluster.number
    let stored = try Row.fetchAll(
      db,
      sql: """
        SELECT allocation, gpus, ready FROM reservation AS r WHERE cluster = ?1 AND at =
          (SELECT max(at) FROM reservation
            WHERE cluster = ?1 AND allocation = r.allocation AND at <= ?2)
        """, arguments: [cluster, observed.at.seconds])
    for row in stored {
      guard let allocation: AllocationID = try row.identifier(0) else { continue }
      let had = (gpus: try row.integer(1), ready: try row.integer(2))
      let has = now[allocation] ?? (0, 0)
      now[allocation] = had == has ? nil : has
    }
    for (allocation, has) in now.sorted(by: { $0.key < $1.key }) {
      try db.execute(
        sql: """
          INSERT INTO reservation (cluster, allocation, at, gpus, ready) VALUES (?, ?, ?, ?, ?)
          """,
        arguments: [cluster, allocation.number, observed.at.seconds, has.gpus, has.ready])
    }
  }

  /// Until when a cluster was observed; nothing where nobody looked yet.
  public func observedUntil(_ cluster: ClusterID) throws(JournalError) -> Instant? {
    try read { db in
      try Int64.fetchOne(
        db, sql: "SELECT max(toAt) FROM coverage WHERE cluster = ?", arguments: [cluster.number]
      ).map { Instant($0) }
    }
  }
}

/// What was observed of a cluster over a span, as timelines: read once for many hours.
struct ObservedTimelines {
  var coverage = Timeline.zero
  var up = Timeline.zero
  var down = Timeline.zero
  var maintenance = Timeline.zero
  var preparing = Timeline.zero
  /// Ascending by allocation.
  var reservations: [HourFacts.Reservation] = []

  /// What holds from `from` on, and what changes before `to`.
  init(_ cluster: ClusterID, from: Instant, to: Instant, _ db: Database) throws {
    let arguments: StatementArguments = [cluster.number, from.seconds, to.seconds]
    let coverage = try Row.fetchCursor(
      db,
      sql: """
        SELECT fromAt, toAt FROM coverage WHERE cluster = ? AND toAt > ? AND fromAt < ?
        ORDER BY fromAt
        """, arguments: arguments)
    while let row = try coverage.next() {
      self.coverage.set(1, from: try row.instant(0))
      self.coverage.set(0, from: try row.instant(1))
    }
    let counts = try Row.fetchCursor(
      db,
      sql: """
        SELECT at, up, down, maintenance, preparing FROM deviceCount WHERE cluster = ?1
          AND at >= ifnull((SELECT max(at) FROM deviceCount WHERE cluster = ?1 AND at <= ?2), ?2)
          AND at < ?3
        ORDER BY at
        """, arguments: arguments)
    while let row = try counts.next() {
      let at = try row.instant(0)
      up.set(try row.integer(1), from: at)
      down.set(try row.integer(2), from: at)
      maintenance.set(try row.integer(3), from: at)
      preparing.set(try row.integer(4), from: at)
    }
    let ready = try Row.fetchCursor(
      db,
      sql: """
        SELECT allocation, at, gpus, ready FROM reservation AS r WHERE cluster = ?1 AND at < ?3
          AND at >= ifnull((SELECT max(at) FROM reservation
            WHERE cluster = ?1 AND allocation = r.allocation AND at <= ?2), ?2)
        ORDER BY allocation, at
        """, arguments: arguments)
    while let row = try ready.next() {
      guard let allocation: AllocationID = try row.identifier(0) else { continue }
      if reservations.last?.allocation != allocation {
        reservations.append(
          HourFacts.Reservation(allocation: allocation, gpus: .zero, ready: .zero))
      }
      let at = try row.instant(1)
      reservations[reservations.count - 1].gpus.set(try row.integer(2), from: at)
      reservations[reservations.count - 1].ready.set(try row.integer(3), from: at)
    }
  }
}
