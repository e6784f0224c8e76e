/// A table with a header: columns are found by name, in whatever order they stand.
struct TableReader {
  private(set) var bytes: TraceBytes
  private let names: [String]
  /// Lines of jobs that were read.
  private(set) var rows = 0
  private(set) var torn = 0

  init(_ data: [UInt8]) throws(TraceFault) {
    var bytes = TraceBytes(data)
    guard bytes.advance() else { throw TraceFault(line: 1, .empty) }
    guard !bytes.isOpen else { throw bytes.fault(.openQuote) }
    names = (0..<bytes.fields.count - 1).map { bytes.text($0) }
    self.bytes = bytes
  }

  /// The place of a column that must be there, by any of its names.
  func column(_ any: String...) throws(TraceFault) -> Int {
    for name in any { if let place = names.firstIndex(of: name) { return place } }
    throw TraceFault(line: 1, .missingColumn(any[0]))
  }

  /// The place of a column that may be there.
  func optional(_ any: String...) -> Int? {
    for name in any { if let place = names.firstIndex(of: name) { return place } }
    return nil
  }

  mutating func advance() throws(TraceFault) -> Bool {
    guard bytes.advance() else { return false }
    rows += 1
    guard rows <= TraceBytes.maxJobs else {
      throw bytes.fault(.tooManyLines(TraceBytes.maxJobs))
    }
    return true
  }

  /// Reads every row. A fault in a last line without an end is a torn line: dropped and counted.
  mutating func rows(
    _ read: (borrowing TraceBytes) throws(TraceFault) -> Void
  ) throws(TraceFault) {
    while try advance() {
      do throws(TraceFault) {
        guard !bytes.isOpen else { throw bytes.fault(.openQuote) }
        try read(bytes)
      } catch {
        guard !bytes.isEnded else { throw error }
        torn += 1
        rows -= 1
      }
    }
  }
}

extension Workload {
  /// What every reader ends with: order, notes, and a trace of nothing refused.
  consuming func finished(
    torn: Int = 0, skipped: [TraceNote] = []
  ) throws(TraceFault) -> Workload {
    guard count > 0 else { throw TraceFault(line: 1, .empty) }
    // Even one after the other, all jobs end at a time that 62 bits hold.
    let latest = duration.reduce(Int128(submit.max() ?? 0)) { sum, length in
      length == Workload.forever ? sum : sum + Int128(length)
    }
    guard latest < 1 << 62 else {
      throw TraceFault(line: 1, .outOfRange("duration", text: "Σ"))
    }
    let late = sortBySubmit()
    var all = skipped + [TraceNote(.tornLastLine, torn), TraceNote(.outOfOrder, late)]
    all.removeAll { $0.count == 0 }
    notes += all
    return self
  }
}
