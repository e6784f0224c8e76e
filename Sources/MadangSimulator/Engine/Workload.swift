/// Jobs as columns, in the order they come in. A trace reader or a scenario makes it; nothing
/// changes it afterwards.
///
/// Times are ticks from the workload's own zero; `ticksPerSecond` says how long one is.
public struct Workload: Sendable {
  public var ticksPerSecond: Int64
  /// When each job comes in. Ascending: `sortBySubmit` puts it in order.
  public var submit: [Int64] = []
  /// How long it runs when nothing disturbs it.
  public var duration: [Int64] = []
  /// How long it says it will run at most: what a backfilling policy plans with.
  public var limit: [Int64] = []
  /// Devices of the whole gang.
  public var gpus: [Int32] = []
  public var pool: [Int32] = []
  /// The job's name in its trace.
  public var name: [String] = []
  public var pools: [String] = []

  /// Lost at every event of a preemptive run, at most the time since the last; empty: none.
  public var overhead: [Int64] = []
  /// What a job needs beside whole devices; `nil` where the trace knows nothing of it.
  public var shapes: Shapes?
  /// False where a job that does not fit when it comes in is dropped.
  public var waits = true
  /// Rules of the reader that touched something, with how often.
  public var notes: [TraceNote] = []

  /// Milli-devices, CPU, memory and allowed models, for traces of shared devices.
  public struct Shapes: Sendable {
    /// Thousandths of a device that one device of the job gives it; 1,000 = a whole one.
    public var gpuMilli: [Int32] = []
    public var cpuMilli: [Int32] = []
    public var memoryMiB: [Int32] = []
    /// A set of `models`, a bit each; 0 = any.
    public var models: [UInt64] = []
    public var modelNames: [String] = []

    public init() {}
  }

  /// The run time of a job that never leaves.
  public static let forever = Int64.max

  public init(ticksPerSecond: Int64) { self.ticksPerSecond = ticksPerSecond }

  public var count: Int { submit.count }

  /// A job's thousandths of devices in all.
  public func milli(_ job: Int) -> Int64 {
    Int64(gpus[job]) * Int64(shapes?.gpuMilli[job] ?? 1_000)
  }

  mutating func append(submit: Int64, duration: Int64, limit: Int64, gpus: Int32, pool: Int32) {
    self.submit.append(submit)
    self.duration.append(duration)
    self.limit.append(limit)
    self.gpus.append(gpus)
    self.pool.append(pool)
  }

  /// Puts the jobs in the order they come in; those of one tick stay as they were. Returns how many
  /// stood after a later one.
  @discardableResult
  mutating func sortBySubmit() -> Int {
    var late = 0
    var latest = Int64.min
    for time in submit {
      if time < latest { late += 1 } else { latest = time }
    }
    guard late > 0 else { return 0 }
    let order = (0..<count).sorted { (submit[$0], $0) < (submit[$1], $1) }
    self = picked(order)
    return late
  }

  /// The jobs of `order`, in that order.
  public func picked(_ order: [Int]) -> Workload {
    var other = self
    func pick<Element>(_ column: [Element]) -> [Element] {
      column.isEmpty ? [] : order.map { column[$0] }
    }
    other.submit = pick(submit)
    other.duration = pick(duration)
    other.limit = pick(limit)
    other.gpus = pick(gpus)
    other.pool = pick(pool)
    other.name = pick(name)
    other.overhead = pick(overhead)
    if let shapes {
      other.shapes?.gpuMilli = pick(shapes.gpuMilli)
      other.shapes?.cpuMilli = pick(shapes.cpuMilli)
      other.shapes?.memoryMiB = pick(shapes.memoryMiB)
      other.shapes?.models = pick(shapes.models)
    }
    return other
  }

  /// The jobs of one pool that come in within `[from, until)`.
  public func selecting(pool: String?, from: Int64?, until: Int64?) -> Workload {
    let wanted = pool.flatMap { name in pools.firstIndex(of: name).map(Int32.init) }
    let order = (0..<count).filter { job in
      if pool != nil, self.pool[job] != wanted { return false }
      return submit[job] >= from ?? .min && submit[job] < until ?? .max
    }
    return picked(order)
  }
}

/// A rule that a reader applied, and to how many lines.
public struct TraceNote: Sendable, Hashable {
  public enum Rule: String, Sendable, CaseIterable {
    /// The last line has no end and is not whole: dropped.
    case tornLastLine
    /// A job of unknown or negative run time, where the format has such: skipped.
    case unknownDuration
    /// A job of no devices, where the format has such: skipped.
    case noDevices
    /// A job that stood after a later one: put in its place.
    case outOfOrder
    /// A job whose limit was below its run time or missing: its run time is its limit.
    case limitRaised
  }

  public let rule: Rule
  public let count: Int

  public init(_ rule: Rule, _ count: Int) {
    self.rule = rule
    self.count = count
  }
}
