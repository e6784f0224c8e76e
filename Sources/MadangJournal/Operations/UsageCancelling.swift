import GRDB
public import MadangProgramme

/// Correcting what was metered wrongly: a segment is never changed, another entry takes it back.
extension Operations {
  /// Takes back a segment that should not have been: it counts no more, its GPU time returns to the
  /// allocation's budget, and hours that were sealed with it get a correction. What should have
  /// been instead is recorded under a job's name of its own.
  ///
  /// `exists` where it was taken back already; refused where there is none.
  public func cancel(_ key: UsageKey, at: Instant) throws(JournalError) -> SegmentResult {
    try transaction { db in
      let (before, _) = try UsageRows.neighbours(of: key, db)
      guard let segment = before, segment.key == key else {
        return .refused(.noSegment(key.number))
      }
      let (high, low) = key.job.columns
      try db.execute(
        sql: """
          INSERT INTO cancelled (cluster, jobHigh, jobLow, number, at) VALUES (?, ?, ?, ?, ?)
          ON CONFLICT DO NOTHING
          """, arguments: [key.cluster.number, high, low, key.number, at.seconds])
      guard db.changesCount == 1 else { return .exists }
      if let allocation = segment.allocation {
        let book = BudgetBook(db, at: at)
        var balance = try book.balance(allocation) ?? BudgetBalance()
        balance.used -= segment.gpuSeconds
        try book.enter(allocation, .used, .budget, segment.gpuSeconds)
        try book.set(balance, allocation)
      }
      try Seals.touch(from: segment.from, to: segment.to, key.cluster, db)
      return .accepted
    }
  }
}

/// The segments of a cluster that were taken back: few, and read once for many hours.
struct CancelledSegments {
  private let keys: Set<UsageKey>

  init(_ cluster: ClusterID, _ db: Database) throws {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: "SELECT jobHigh, jobLow, number FROM cancelled WHERE cluster = ?"),
      arguments: [cluster.number])
    var keys: Set<UsageKey> = []
    while let row = try rows.next() {
      let job = EngineJob(columns: try row.integer(0), try row.integer(1))
      let number = Int32(clamping: try row.integer(2))
      keys.insert(UsageKey(cluster: cluster, job: job, number: number))
    }
    self.keys = keys
  }

  func contains(_ key: UsageKey) -> Bool { !keys.isEmpty && keys.contains(key) }
}
