import GRDB
public import MadangProgramme

extension Operations {
  /// What the sealed hours of a cluster that begin in a span say, corrections in, oldest first: the
  /// detail behind the months that the programme keeps.
  ///
  /// `accounts` are the programme's of this cluster: an hour is there where they have it sealed. An
  /// hour whose detail was lost with this file is left out.
  ///
  /// Complexity: O(hours × their rows).
  public func sealedHours(
    of cluster: ClusterID, _ accounts: ClusterAccounts, in span: Range<Instant>
  ) throws(JournalError) -> [(hour: Hour, totals: HourTotals)] {
    try read { db in
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT hour, seconds, totals, draft, draftNumber FROM seal
            WHERE cluster = ? AND hour >= ? AND hour < ? ORDER BY hour
            """),
        arguments: [cluster.number, span.lowerBound.seconds, span.upperBound.seconds])
      var result: [(hour: Hour, totals: HourTotals)] = []
      while let row = try rows.next() {
        let hour = try Seals.hour(row)
        guard accounts.isSealed(hour) else { continue }
        // A draft that the journal has, though nobody said so yet, is what holds.
        let number = try row.integerOrNone(4)
        let isSealedDraft = number.map { $0 <= Int64(accounts.newest(hour)) } ?? false
        let column = !(row[3] as DatabaseValue).isNull && isSealedDraft ? 3 : 2
        guard !(row[column] as DatabaseValue).isNull else { continue }
        guard let closed = ClosedHour(bytes: try row.bytes(column)) else {
          throw JournalError.damaged(reason: "hour \(hour) of \(cluster)")
        }
        result.append((hour, closed.totals))
      }
      return result
    }
  }
}
