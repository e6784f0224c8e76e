/// A moment or a length of time in ticks; the input declares how long a tick is.
public typealias Tick = Int64

/// A node's place in the fleet's order: by cluster, block and rack, each as declared.
public struct NodeIndex: Hashable, Comparable, Sendable {
  public let value: Int32
  public init(_ value: Int) { self.value = Int32(value) }
  var int: Int { Int(value) }
  public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}

/// A device model, in order of declaration.
public struct ModelIndex: Hashable, Sendable {
  public let value: Int32
  public init(_ value: Int) { self.value = Int32(value) }
  var int: Int { Int(value) }
}

/// A pool, in order of creation.
public struct PoolIndex: Hashable, Comparable, Sendable {
  public let value: Int32
  public init(_ value: Int) { self.value = Int32(value) }
  var int: Int { Int(value) }
  public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}

/// A job, in order of submission. The number is never used twice.
public struct JobIndex: Hashable, Comparable, Sendable {
  public let value: Int32
  public init(_ value: Int) { self.value = Int32(value) }
  var int: Int { Int(value) }
  public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}

/// Everything has a limit: refused by name at the edge, a precondition in the core.
public enum SchedulerLimits {
  /// A free count is one of seventeen, so that a domain is summed up by a histogram.
  public static let gpusPerNodeMax = 16
  /// Thirty times the fleet that this is made for.
  public static let nodesMax = 1_000_000
  public static let modelsMax = 64
  public static let poolsMax = 100_000
  /// From the root to the deepest pool.
  public static let poolDepthMax = 16
  public static let weightMax: Int64 = 1_000_000
  public static let tasksMax: Int32 = 1_000_000
  public static let jobsMax = 1_000_000_000
  /// Keeps every product of GPUs and ticks inside Int64: 2⁴⁸ ticks are nine years of microseconds.
  public static let tickMax: Tick = 1 << 48
}
