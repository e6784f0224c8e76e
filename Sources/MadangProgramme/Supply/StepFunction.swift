/// A whole number for every day, constant between changes: GPUs in service, say.
///
/// Zero before the first change. Changes ascend by day, and no two neighbours have one value.
public struct StepFunction: Hashable, Sendable {
  public struct Step: Hashable, Record {
    public let from: Day
    public let value: Int64

    public init(from: Day, value: Int64) {
      self.from = from
      self.value = value
    }

    public func writeFields(to writer: inout CanonicalWriter) {
      writer.field("from", from)
      writer.field("value", value)
    }

    public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
      from = try reader.field("from")
      value = try reader.field("value")
    }
  }

  public private(set) var steps: [Step]

  public static let zero = StepFunction(changes: [])

  /// From changes in any order: on each day the value moves by the sum of that day's changes.
  ///
  /// Complexity: O(n log n).
  public init(changes: [(on: Day, by: Int64)]) {
    steps = []
    var value: Int64 = 0
    var pending: Day?
    func close(_ steps: inout [Step]) {
      guard let day = pending, value != (steps.last?.value ?? 0) else { return }
      steps.append(Step(from: day, value: value))
    }
    for change in changes.sorted(by: { $0.on < $1.on }) {
      if let day = pending, day != change.on { close(&steps) }
      pending = change.on
      value += change.by
    }
    close(&steps)
  }

  private init(steps: [Step]) { self.steps = steps }

  /// Complexity: O(log steps).
  public func value(on day: Day) -> Int64 {
    var low = 0
    var high = steps.count
    while low < high {
      let middle = (low + high) / 2
      if steps[middle].from <= day { low = middle + 1 } else { high = middle }
    }
    return low == 0 ? 0 : steps[low - 1].value
  }

  /// The same with every value passed through `transform`, which must map 0 to 0.
  public func mapped(_ transform: (Int64) -> Int64) -> StepFunction {
    var result: [Step] = []
    for step in steps {
      let value = transform(step.value)
      if value != (result.last?.value ?? 0) {
        result.append(Step(from: step.from, value: value))
      }
    }
    return StepFunction(steps: result)
  }

  /// What changes on which day.
  public var changes: [(on: Day, by: Int64)] {
    var previous: Int64 = 0
    return steps.map { step in
      defer { previous = step.value }
      return (step.from, step.value - previous)
    }
  }

  public static func + (a: StepFunction, b: StepFunction) -> StepFunction {
    StepFunction(changes: a.changes + b.changes)
  }

  public static func - (a: StepFunction, b: StepFunction) -> StepFunction {
    StepFunction(changes: a.changes + b.changes.map { ($0.on, -$0.by) })
  }

  /// The value of each day of `term`, in order.
  ///
  /// Complexity: O(days + steps).
  public func values(over term: Term) -> [Int64] {
    var values: [Int64] = []
    values.reserveCapacity(term.dayCount)
    var next = 0
    var value: Int64 = 0
    for offset in 0..<term.dayCount {
      let day = term.from.advanced(by: offset)
      while next < steps.count, steps[next].from <= day {
        value = steps[next].value
        next += 1
      }
      values.append(value)
    }
    return values
  }

  /// The smallest value on any day of `term`.
  public func minimum(over term: Term) -> Int64 {
    var least = value(on: term.from)
    for step in steps where term.contains(step.from) { least = min(least, step.value) }
    return least
  }

  /// The first day of `term` on which the value is below `least`, and by how much; nothing where
  /// it never is.
  ///
  /// Complexity: O(steps).
  public func shortage(of least: Int64, over term: Term) -> (on: Day, by: Int64)? {
    let first = value(on: term.from)
    if first < least { return (term.from, least - first) }
    let step = steps.first { term.contains($0.from) && $0.value < least }
    return step.map { ($0.from, least - $0.value) }
  }
}

extension StepFunction: Canonical {
  public func write(to writer: inout CanonicalWriter) { steps.write(to: &writer) }

  public init(from reader: inout CanonicalReader) throws(Malformed) {
    let steps = try [Step](from: &reader)
    if steps.first?.value == 0 { throw reader.malformed("a change") }
    for (a, b) in zip(steps, steps.dropFirst()) {
      guard a.from < b.from, a.value != b.value else { throw reader.malformed("ascending days") }
    }
    self.init(steps: steps)
  }
}
