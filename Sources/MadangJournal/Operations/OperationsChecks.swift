import GRDB
public import MadangProgramme

/// Recounting from nothing what is kept as a sum.
extension Operations {
  /// Compares every balance with its entries, holds and segments; throws `miscounted` where one is
  /// not what it should be. Memory does not grow with records.
  ///
  /// Complexity: O(entries + holds + segments).
  public func checkInvariants() throws(JournalError) {
    try read { db in
      try compare(
        db, "budget entries",
        """
        SELECT allocation, granted, held, used FROM balance
        """,
        """
        SELECT allocation,
          sum(CASE WHEN fromAccount = 0 THEN seconds WHEN toAccount = 0 THEN -seconds ELSE 0 END),
          sum(CASE WHEN toAccount = 2 THEN seconds WHEN fromAccount = 2 THEN -seconds ELSE 0 END),
          sum(CASE WHEN toAccount = 3 THEN seconds WHEN fromAccount = 3 THEN -seconds ELSE 0 END)
        FROM entry GROUP BY allocation
        """)
      try compare(
        db, "pending holds", "SELECT allocation, held FROM balance WHERE held <> 0",
        """
        SELECT allocation, sum(seconds - posted) FROM hold WHERE state = 0
        GROUP BY allocation HAVING sum(seconds - posted) <> 0
        """)
      try compare(
        db, "usage", "SELECT allocation, used FROM balance WHERE used <> 0",
        """
        SELECT allocation, sum(seconds) FROM (
          SELECT allocation, gpus * (toAt - fromAt) AS seconds FROM usage
            WHERE allocation IS NOT NULL
          UNION ALL SELECT allocation, -gpus * (toAt - fromAt) FROM cancelled
            JOIN usage USING (cluster, jobHigh, jobLow, number) WHERE allocation IS NOT NULL
          UNION ALL SELECT allocation, seconds FROM archivedUsage)
        GROUP BY allocation HAVING sum(seconds) <> 0
        """)
    }
  }

  /// What is kept and what is counted: an allocation and numbers, which have to be the same.
  private func compare(_ db: Database, _ what: String, _ kept: String, _ counted: String) throws {
    func rows(_ sql: String) throws -> [Int64: [Int64]] {
      var rows: [Int64: [Int64]] = [:]
      let cursor = try Row.fetchCursor(db, sql: sql)
      while let row = try cursor.next() {
        rows[try row.integer(0)] = try (1..<row.count).map { try row.integer($0) }
      }
      return rows
    }
    let (kept, counted) = (try rows(kept), try rows(counted))
    for allocation in Set(kept.keys).union(counted.keys).sorted() {
      let (a, b) = (kept[allocation] ?? [], counted[allocation] ?? [])
      guard a != b else { continue }
      let place = zip(a, b).first { $0 != $1 }
      throw JournalError.miscounted(
        what: "\(what) of allocation-\(allocation)", kept: place?.0 ?? a.last ?? 0,
        counted: place?.1 ?? b.last ?? 0)
    }
  }

  /// Forgets the segments of a cluster that end before a moment's hour: once their hours are
  /// sealed, the statements have what they came to. Their sums stay in the balances. Answers how
  /// many: none while one of those hours is still to be corrected, which needs its segments.
  public func archive(
    _ cluster: ClusterID, before: Instant, _ accounts: ClusterAccounts
  ) throws(JournalError) -> Int {
    // Only what is sealed: nothing else has their sums.
    guard let last = accounts.lastSealed, before <= last.end else { return 0 }
    return try transaction { db in
      // Whole hours: one that kept only a part would be corrected to that part.
      let before = try Seals.start(ofTheHourAt: before, cluster, db) ?? before
      let isPending = try Bool.fetchOne(
        db,
        sql: """
          SELECT 1 FROM seal
          WHERE cluster = ? AND hour < ? AND (draft IS NOT NULL OR changes > sealed) LIMIT 1
          """, arguments: [cluster.number, before.seconds])
      if isPending == true { return 0 }
      try db.execute(
        sql: """
          INSERT INTO archived (cluster, before) VALUES (?1, ?2)
          ON CONFLICT DO UPDATE SET before = max(before, ?2)
          """, arguments: [cluster.number, before.seconds])
      try db.execute(
        sql: """
          INSERT INTO archivedUsage (allocation, seconds)
          SELECT allocation, sum(gpus * (toAt - fromAt)) FROM usage
          WHERE cluster = ?1 AND fromAt < ?2 AND toAt <= ?2 AND allocation IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM cancelled AS c WHERE c.cluster = usage.cluster
              AND c.jobHigh = usage.jobHigh AND c.jobLow = usage.jobLow
              AND c.number = usage.number)
          GROUP BY allocation
          ON CONFLICT DO UPDATE SET seconds = seconds + excluded.seconds
          """, arguments: [cluster.number, before.seconds])
      try db.execute(
        sql: "DELETE FROM usage WHERE cluster = ?1 AND fromAt < ?2 AND toAt <= ?2",
        arguments: [cluster.number, before.seconds])
      let count = db.changesCount
      try db.execute(
        sql: "DELETE FROM seal WHERE cluster = ? AND hour < ?",
        arguments: [cluster.number, before.seconds])
      return count
    }
  }
}
