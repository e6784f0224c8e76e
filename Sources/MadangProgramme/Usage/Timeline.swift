/// A whole number for every second, constant between changes: the GPUs of a cluster, say. As it was
/// observed, so what holds goes on holding until something else is seen.
///
/// Zero before the first change. Changes ascend, and no two neighbours have one value.
public struct Timeline: Hashable, Sendable {
  public struct Change: Hashable, Record {
    public let at: Instant
    public let value: Int64

    public init(at: Instant, value: Int64) {
      self.at = at
      self.value = value
    }

    public func writeFields(to writer: inout CanonicalWriter) {
      writer.field("at", at)
      writer.field("value", value)
    }

    public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
      at = try reader.field("at")
      value = try reader.field("value")
    }
  }

  public private(set) var changes: [Change] = []

  public static let zero = Timeline()

  public init() {}

  /// From changes in order of time; of two at one moment the later in the list holds.
  public init(_ changes: some Sequence<Change>) {
    for change in changes { set(change.value, from: change.at) }
  }

  /// `value` within a span, zero outside.
  public init(_ value: Int64, from: Instant, to: Instant) {
    guard from < to else { return }
    set(value, from: from)
    set(0, from: to)
  }

  /// From `at` on the value is another: what was to come after it no longer is.
  ///
  /// Complexity: O(1) amortised where time goes on.
  public mutating func set(_ value: Int64, from at: Instant) {
    while let last = changes.last, last.at >= at { changes.removeLast() }
    if value != (changes.last?.value ?? 0) { changes.append(Change(at: at, value: value)) }
  }

  /// Complexity: O(log changes).
  public func value(at instant: Instant) -> Int64 {
    let next = firstIndex(after: instant)
    return next == 0 ? 0 : changes[next - 1].value
  }

  /// The index of the first change after an instant.
  func firstIndex(after instant: Instant) -> Int {
    var low = 0
    var high = changes.count
    while low < high {
      let middle = (low + high) / 2
      if changes[middle].at <= instant { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Value × seconds over a span.
  public func integral(from: Instant, to: Instant) -> Int64 {
    var total: Int64 = 0
    var at = from
    var index = firstIndex(after: from)
    while at < to {
      let end = index < changes.count ? min(changes[index].at, to) : to
      total += (index == 0 ? 0 : changes[index - 1].value) * (end.seconds - at.seconds)
      at = end
      index += 1
    }
    return total
  }
}

extension Timeline: Canonical {
  public func write(to writer: inout CanonicalWriter) { changes.write(to: &writer) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    let changes = try [Change](from: &reader)
    self.init(changes)
    guard self.changes == changes else { throw reader.malformed("ascending changes") }
  }
}
