import MadangProgramme

/// An hour as it was closed, and as bytes in the table `seal`, to take a correction's difference
/// from.
///
/// ```
/// capacity i64 · contradicted i64 · segments i64 · root 32 ·
///   rows: account u8 · allocation u32 · seconds i64
/// ```
/// Little-endian; allocation 0 is nobody.
struct ClosedHour: Hashable {
  var totals: HourTotals
  var segments: Int64
  var root: Digest

  private static let headCount = 56
  private static let rowCount = 13

  init(totals: HourTotals, segments: Int64, root: Digest) {
    self.totals = totals
    self.segments = segments
    self.root = root
  }

  var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(ClosedHour.headCount + ClosedHour.rowCount * totals.rows.count)
    ClosedHour.append(totals.capacity.count, 8, to: &bytes)
    ClosedHour.append(totals.contradicted.count, 8, to: &bytes)
    ClosedHour.append(segments, 8, to: &bytes)
    bytes += root.bytes
    for row in totals.rows {
      bytes.append(UInt8(row.account.index))
      ClosedHour.append(Int64(row.allocation?.number ?? 0), 4, to: &bytes)
      ClosedHour.append(row.seconds.count, 8, to: &bytes)
    }
    return bytes
  }

  /// Nothing for any other bytes.
  init?(bytes: [UInt8]) {
    let rest = bytes.count - ClosedHour.headCount
    guard rest >= 0, rest % ClosedHour.rowCount == 0,
      let capacity = ClosedHour.seconds(bytes, 0), let contradicted = ClosedHour.seconds(bytes, 8)
    else { return nil }
    segments = ClosedHour.integer(bytes, 16, 8)
    root = Digest(bytes: bytes[24..<56])
    var rows: [AccountRow] = []
    rows.reserveCapacity(rest / ClosedHour.rowCount)
    for start in stride(from: ClosedHour.headCount, to: bytes.count, by: ClosedHour.rowCount) {
      let allocation = ClosedHour.integer(bytes, start + 1, 4)
      guard Int(bytes[start]) < Account.count, allocation <= Int64(Limits.identifierMax),
        let seconds = ClosedHour.seconds(bytes, start + 5)
      else { return nil }
      rows.append(
        AccountRow(
          account: Account.allCases[Int(bytes[start])],
          allocation: allocation == 0 ? nil : AllocationID(Int(allocation)), seconds: seconds))
    }
    totals = HourTotals(capacity: capacity, rows: rows, contradicted: contradicted)
  }

  private static func append(_ value: Int64, _ count: Int, to bytes: inout [UInt8]) {
    for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }

  private static func integer(_ bytes: [UInt8], _ start: Int, _ count: Int) -> Int64 {
    var value: UInt64 = 0
    for index in (0..<count).reversed() { value = value << 8 | UInt64(bytes[start + index]) }
    return Int64(bitPattern: value)
  }

  private static func seconds(_ bytes: [UInt8], _ start: Int) -> GPUSeconds? {
    let count = integer(bytes, start, 8)
    return count.magnitude <= UInt64(Limits.integerMax) ? GPUSeconds(count) : nil
  }
}
