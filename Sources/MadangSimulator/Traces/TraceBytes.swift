/// Reads lines and fields from bytes, without making text of what is a number.
///
/// Rules for every format: lines end in LF or CRLF; empty lines are passed over; a last line
/// without an end is taken where it is whole, else dropped and counted (`tornLastLine`). A field
/// that begins with a quote ends with one, and holds separators and doubled quotes (RFC 4180), but
/// no end of a line.
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
  /// Whether a quote of the line is not closed.
  private(set) var isOpen = false
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
      isOpen = false
      var at = bytes[start] == TraceBytes.quote ? closing(start) : start
      while at < bytes.count, bytes[at] != 10 {
        if bytes[at] == separator {
          fields.append(at + 1)
          if at + 1 < bytes.count, bytes[at + 1] == TraceBytes.quote {
            at = closing(at + 1)
            continue
          }
        }
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

  private static let quote = UInt8(ascii: "\"")

  /// Behind the quote that closes the one at `open`; the line's end where none does.
  private mutating func closing(_ open: Int) -> Int {
    var at = open + 1
    while at < bytes.count, bytes[at] != 10 {
      if bytes[at] == TraceBytes.quote {
        guard at + 1 < bytes.count, bytes[at + 1] == TraceBytes.quote else { return at + 1 }
        at += 1
      }
      at += 1
    }
    isOpen = true
    return at
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
    let (from, to) = (fields[field], fields[field + 1] - 1)
    guard from < to, bytes[from] == TraceBytes.quote else {
      return String(decoding: bytes[from..<to], as: UTF8.self)
    }
    var plain: [UInt8] = []
    var at = from + 1
    while at < to {
      if bytes[at] == TraceBytes.quote { at += 1 }
      if at < to { plain.append(bytes[at]) }
      at += 1
    }
    return String(decoding: plain, as: UTF8.self)
  }

  func isEmpty(_ field: Int) -> Bool {
    let (from, length) = (fields[field], fields[field + 1] - 1 - fields[field])
    return length <= 0
      || length == 2 && bytes[from] == TraceBytes.quote && bytes[from + 1] == TraceBytes.quote
  }

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
    let (from, to) = (fields[field], fields[field + 1] - 1)
    let isQuoted =
      to - from > 2 && bytes[from] == TraceBytes.quote
      && bytes[to - 1] == TraceBytes.quote
    return try number(
      from: isQuoted ? from + 1 : from, to: isQuoted ? to - 1 : to, column, places, range)
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
