/// Writes a programme's snapshot: little-endian integers for the many narrow rows, canonical bytes
/// after their length for the few wide records.
struct SnapshotWriter {
  private(set) var bytes: [UInt8] = []

  init(capacity: Int) { bytes.reserveCapacity(capacity) }

  mutating func byte(_ value: UInt8) { bytes.append(value) }

  mutating func flag(_ value: Bool) { bytes.append(value ? 1 : 0) }

  mutating func integer(_ value: some FixedWidthInteger) {
    var shift = 0
    while shift < value.bitWidth {
      bytes.append(UInt8(truncatingIfNeeded: value >> shift))
      shift += 8
    }
  }

  mutating func id<Kind>(_ id: Identifier<Kind>) { integer(id.number) }

  /// Identifiers start at 1, so 0 stands for none.
  mutating func id<Kind>(_ id: Identifier<Kind>?) { integer(id?.number ?? 0) }

  mutating func person(_ person: PersonID?) { integer(person?.number ?? 0) }

  mutating func day(_ day: Day) { integer(day.number) }

  mutating func term(_ term: Term) {
    day(term.from)
    day(term.to)
  }

  mutating func digest(_ digest: Digest) {
    integer(digest.w0)
    integer(digest.w1)
    integer(digest.w2)
    integer(digest.w3)
  }

  /// Canonical bytes are never empty, so length 0 stands for none.
  mutating func canonical(_ value: (some Canonical)?) {
    let text = value.map { CanonicalWriter.bytes(of: $0) } ?? []
    integer(UInt32(text.count))
    bytes.append(contentsOf: text)
  }

  mutating func table<Kind, Row>(
    _ table: PagedTable<Kind, Row>, _ row: (inout SnapshotWriter, Row) -> Void
  ) {
    integer(UInt32(table.count))
    table.forEach { _, value in row(&self, value) }
  }

  mutating func table<Kind, Row: Canonical>(_ table: PagedTable<Kind, Row>) {
    self.table(table) { $0.canonical($1) }
  }

  mutating func option<Value>(
    _ value: Value?, _ write: (inout SnapshotWriter, Value) -> Void
  ) {
    flag(value != nil)
    if let value { write(&self, value) }
  }

  mutating func list<Row>(_ list: [Row]?, _ row: (inout SnapshotWriter, Row) -> Void) {
    flag(list != nil)
    guard let list else { return }
    integer(UInt32(list.count))
    for value in list { row(&self, value) }
  }
}
