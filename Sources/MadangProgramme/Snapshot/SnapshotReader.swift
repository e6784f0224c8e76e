/// Reads what `SnapshotWriter` wrote; anything else is `Malformed`, never a crash.
struct SnapshotReader {
  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func malformed(_ expected: String) -> Malformed {
    Malformed(expected: expected, offset: position)
  }

  mutating func byte() throws(Malformed) -> UInt8 {
    guard position < bytes.count else { throw malformed("a byte") }
    position += 1
    return bytes[position - 1]
  }

  mutating func flag() throws(Malformed) -> Bool {
    let value = try byte()
    guard value <= 1 else { throw malformed("a flag") }
    return value == 1
  }

  mutating func integer<Value: FixedWidthInteger>(
    _ type: Value.Type = Value.self
  ) throws(Malformed) -> Value {
    let count = Value.bitWidth / 8
    guard bytes.count - position >= count else { throw malformed("an integer") }
    var value: Value = 0
    var index = count - 1
    while index >= 0 {
      value = value << 8 | Value(truncatingIfNeeded: bytes[position + index])
      index -= 1
    }
    position += count
    return value
  }

  mutating func id<Kind>() throws(Malformed) -> Identifier<Kind> {
    guard let id: Identifier<Kind> = try idOrNone() else { throw malformed("an identifier") }
    return id
  }

  mutating func idOrNone<Kind>() throws(Malformed) -> Identifier<Kind>? {
    let number = try integer(Int32.self)
    guard number >= 0, number <= Limits.identifierMax else { throw malformed("an identifier") }
    return number == 0 ? nil : Identifier(Int(number))
  }

  mutating func personOrNone() throws(Malformed) -> PersonID? {
    let number = try integer(Int64.self)
    if number == 0 { return nil }
    guard let person = PersonID(number) else { throw malformed("a person") }
    return person
  }

  mutating func instant() throws(Malformed) -> Instant {
    let seconds = try integer(Int64.self)
    guard seconds.magnitude <= UInt64(Limits.integerMax) else { throw malformed("an instant") }
    return Instant(seconds)
  }

  mutating func day() throws(Malformed) -> Day { Day(Int(try integer(Int32.self))) }

  mutating func term() throws(Malformed) -> Term {
    guard let term = Term(from: try day(), to: try day()) else { throw malformed("a term") }
    return term
  }

  mutating func digest() throws(Malformed) -> Digest {
    Digest(try integer(), try integer(), try integer(), try integer())
  }

  mutating func canonicalOrNone<Value: Canonical>() throws(Malformed) -> Value? {
    let count = Int(try integer(UInt32.self))
    if count == 0 { return nil }
    guard bytes.count - position >= count else { throw malformed("\(count) bytes") }
    position += count
    return try CanonicalReader.value(from: Array(bytes[position - count..<position]))
  }

  mutating func canonical<Value: Canonical>() throws(Malformed) -> Value {
    guard let value: Value = try canonicalOrNone() else { throw malformed("a record") }
    return value
  }

  mutating func table<Kind, Row>(
    _ row: (inout SnapshotReader) throws(Malformed) -> Row
  ) throws(Malformed) -> PagedTable<Kind, Row> {
    var table = PagedTable<Kind, Row>()
    for _ in 0..<(try integer(UInt32.self)) { table.append(try row(&self)) }
    return table
  }

  mutating func table<Kind, Row: Canonical>() throws(Malformed) -> PagedTable<Kind, Row> {
    try table { (reader) throws(Malformed) in try reader.canonical() }
  }

  mutating func option<Value>(
    _ read: (inout SnapshotReader) throws(Malformed) -> Value
  ) throws(Malformed) -> Value? {
    try flag() ? try read(&self) : nil
  }

  mutating func listOrNone<Row>(
    _ row: (inout SnapshotReader) throws(Malformed) -> Row
  ) throws(Malformed) -> [Row]? {
    guard try flag() else { return nil }
    var list: [Row] = []
    for _ in 0..<(try integer(UInt32.self)) { list.append(try row(&self)) }
    return list
  }

  func end() throws(Malformed) {
    guard position == bytes.count else { throw malformed("the end") }
  }
}
