/// What one cycle decided. Where a started job runs, `Scheduler.placement(of:)` says.
public struct Decision: Sendable {
  public struct Start: Hashable, Sendable {
    public let job: JobIndex
    public let model: ModelIndex
  }

  public struct Eviction: Hashable, Sendable {
    public let job: JobIndex
    /// The job that gets its GPUs.
    public let beneficiary: JobIndex
    /// Whole GPU-ticks of work since its last checkpoint.
    public let lost: Int64
    /// When it is off: now, or when its notice ends.
    public let at: Tick
  }

  /// Room that is kept for a waiting job.
  public struct Reservation: Hashable, Sendable {
    public let job: JobIndex
    public let from: Tick
  }

  /// In the order in which they were decided.
  public internal(set) var starts: [Start] = []
  /// Off at once; they wait again.
  public internal(set) var evictions: [Eviction] = []
  /// Told to leave, and running until `at`.
  public internal(set) var notices: [Eviction] = []
  public internal(set) var reservations: [Reservation] = []

  public init() {}

  public var isEmpty: Bool { starts.isEmpty && evictions.isEmpty && notices.isEmpty }

  mutating func removeAll() {
    starts.removeAll(keepingCapacity: true)
    evictions.removeAll(keepingCapacity: true)
    notices.removeAll(keepingCapacity: true)
    reservations.removeAll(keepingCapacity: true)
  }
}

/// Work done since the scheduler was made: counts that don't wobble, for benches.
public struct CycleCounters: Hashable, Sendable {
  public var cycles = 0
  public var passes = 0
  /// Lines that were asked for a start.
  public var asked = 0
  public var skipped = 0
  public var reclaims = 0
  public var victimsWeighed = 0
  public var releasesWalked = 0
}
