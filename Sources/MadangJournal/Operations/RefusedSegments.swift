import GRDB
public import MadangProgramme

/// Usage that was not taken.
extension Operations {
  /// Segments of one cluster that are kept whole: beyond it, one centre's meter that sends its
  /// history anew, or its key in wrong hands, would fill the office's disk (they are 400 bytes
  /// each). More are counted.
  public static let refusedMax = 100_000

  /// How many segments beyond ``refusedMax`` a cluster sent that were not taken either, each as
  /// often as it was sent.
  public func refusedBeyond(of cluster: ClusterID) throws(JournalError) -> Int64 {
    try read { db in
      try Int64.fetchOne(
        db, sql: "SELECT segments FROM refusedBeyond WHERE cluster = ?",
        arguments: [cluster.number]) ?? 0
    }
  }

  /// How many segments of a cluster that were not taken are kept.
  public func refusedUsageCount(of cluster: ClusterID) throws(JournalError) -> Int {
    try read { db in
      try Int.fetchOne(
        db, sql: "SELECT count(*) FROM refusedUsage WHERE cluster = ?",
        arguments: [cluster.number]) ?? 0
    }
  }

  /// Those in some places of the list, which is in the order in which they were received.
  ///
  /// Complexity: O(n log n) in all that were not taken of this cluster.
  public func refusedUsage(
    of cluster: ClusterID, in places: Range<Int>
  ) throws(JournalError) -> [RefusedSegment] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT jobHigh, jobLow, number, allocation, model, gpus, fromAt, toAt, code, ko, en,
            receivedAt
          FROM refusedUsage WHERE cluster = ?
          ORDER BY receivedAt, jobHigh, jobLow, number, fromAt, toAt LIMIT ? OFFSET ?
          """, arguments: [cluster.number, places.count, places.lowerBound]
      ).map { row in
        guard let number = Int32(exactly: try row.integer(2)),
          let gpus = Int32(exactly: try row.integer(5)),
          let model: DeviceModelID = try row.identifier(4)
        else { throw JournalError.damaged(reason: "refused usage") }
        let segment = UsageSegment(
          key: UsageKey(
            cluster: cluster, job: EngineJob(columns: try row.integer(0), try row.integer(1)),
            number: number),
          allocation: try row.integer(3) == 0 ? nil : try row.identifier(3), model: model,
          gpus: gpus, from: try row.instant(6), to: try row.instant(7))
        return RefusedSegment(
          segment: segment, code: row[8] as String,
          reason: reason(ko: row[9] as String?, en: row[10] as String?),
          received: try row.instant(11))
      }
    }
  }

  private func reason(ko: String?, en: String?) -> Bilingual? {
    guard let ko = ko.flatMap({ try? Text($0) }), let en = en.flatMap({ try? Text($0) }) else {
      return nil
    }
    return Bilingual(ko: ko, en: en)
  }
}
