/// Reads lines and fields from bytes, without making text of what is a number.
///
/// Rules for every format: lines end in LF or CRLF; empty lines are passed over; a last line
/// without an end is taken where it is whole, else dropped and counted (`tornLastLine`).
struct TraceBytes {
  /// Jobs that one trace may hold: job numbers are 32 bits in the engine, and a job takes some
  /// hundred bytes of a run.
  static let maxJobs = 16_777_216

  let bytes: [UInt8]
  private(set) var line = 0
  /// The line's first byte, and the one behind its last.
  private(set) var start = 0
  private(set) var end = 0
  private var next = 0
  /// Where each field of the line begins, and one more: a field ends before the next begins.
  private(set) var fields: [Int] = []
  private let separator: UInt8

  init(_ bytes: [UInt8], separator: UInt8 = UInt8(ascii: ",")) {
    self.bytes = bytes
    self.separator = separator
    // A byte order mark is no part of the first name.
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { next = 3 }
  }

  /// Whether the line has its end: only the file's last may lack it.
  var isEnded: Bool { end < bytes.count }

  /// Moves to the next line that is not empty; false at the end.
  mutating func advance() -> Bool {
    while next < bytes.count {
      start = next
      fields.removeAll(keepingCapacity: true)
      fields.append(start)
      var at = start
      while at < bytes.count, bytes[at] != 10 {
        if bytes[at] == separator { fields.append(at + 1) }
        at += 1
      }
      next = at + 1
      line += 1
      end = at
      var last = at
      if last > start, bytes[last - 1] == 13 { last -= 1 }
      fields.append(last + 1)
      if last > start { return true }
    }
    return false
  }

  /// Splits by runs of blanks, as the Standard Workload Format does.
  mutating func splitByBlanks() {
    fields.removeAll(keepingCapacity: true)
    var at = start
    while at < end {
      while at < end, TraceBytes.isBlank(bytes[at]) { at += 1 }
      guard at < end else { break }
      fields.append(at)
      while at < end, !TraceBytes.isBlank(bytes[at]) { at += 1 }
    }
  }

  static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }

  func text(_ field: Int) -> String {
    guard field + 1 < fields.count else { return "" }
    return String(decoding: bytes[fields[field]..<fields[field + 1] - 1], as: UTF8.self)
  }

  func isEmpty(_ field: Int) -> Bool { fields[field] >= fields[field + 1] - 1 }

  func fault(_ kind: TraceFault.Kind) -> TraceFault { TraceFault(line: line, kind) }

  /// A whole number within `range`.
  func integer(
    _ field: Int, _ column: String, in range: ClosedRange<Int64>
  ) throws(TraceFault) -> Int64 {
    try decimal(field, column, places: 0, in: range)
  }

  /// A decimal number in units of 10^−places; digits beyond are cut. `12`, `12.5`, `-3`.
  func decimal(
    _ field: Int, _ column: String, places: Int, in range: ClosedRange<Int64>
  ) throws(TraceFault) -> Int64 {
    guard field + 1 < fields.count, !isEmpty(field) else {
      throw fault(.missingField(column))
    }
    return try number(from: fields[field], to: fields[field + 1] - 1, column, places, range)
  }

  func number(
    from: Int, to: Int, _ column: String, _ places: Int, _ range: ClosedRange<Int64>
  ) throws(TraceFault) -> Int64 {
    let isNegative = bytes[from] == UInt8(ascii: "-")
    var at = isNegative ? from + 1 : from
    var value: Int64 = 0
    var decimals = -1
    var digits = 0
    while at < to {
      let byte = bytes[at]
      at += 1
      if byte == UInt8(ascii: "."), decimals < 0 {
        decimals = 0
        continue
      }
      guard byte >= 48, byte <= 57 else { throw fault(.notANumber(column, text: word(from, to))) }
      digits += 1
      if decimals >= 0 {
        if decimals == places { continue }
        decimals += 1
      }
      let (product, over) = value.multipliedReportingOverflow(by: 10)
      let (sum, more) = product.addingReportingOverflow(Int64(byte - 48))
      guard !over, !more else { throw fault(.outOfRange(column, text: word(from, to))) }
      value = sum
    }
    guard digits > 0 else { throw fault(.notANumber(column, text: word(from, to))) }
    for _ in max(0, decimals)..<max(places, max(0, decimals)) {
      let (product, over) = value.multipliedReportingOverflow(by: 10)
      guard !over else { throw fault(.outOfRange(column, text: word(from, to))) }
      value = product
    }
    if isNegative { value = -value }
    guard range.contains(value) else {
      let text = word(from, to)
      throw fault(
        value < 0 && range.lowerBound >= 0
          ? .negative(column, text: text) : .outOfRange(column, text: text))
    }
    return value
  }

  private func word(_ from: Int, _ to: Int) -> String {
    String(decoding: bytes[from..<min(to, from + 40)], as: UTF8.self)
  }
}
