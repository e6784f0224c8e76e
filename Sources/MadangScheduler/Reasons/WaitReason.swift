/// Why a job is not running: one reason, with the numbers behind it. Amounts are milli-GPUs, what a
/// node has is whole GPUs, times are ticks, and budgets whole GPU-ticks, what is asked rounded up.
///
/// The order of the cases is the order in which they are looked for.
public enum WaitReason: Hashable, Sendable {
  case notAsked
  /// Proved: no state of this fleet would hold it.
  case impossible(Bound)
  case gate(Gate)
  /// Its forecast, GPUs × walltime, is more than the pool's budget has left.
  case budget(pool: PoolIndex?, model: ModelIndex, needed: Int64, left: Int64)
  case quota(QuotaReason)
  /// Less is free than it needs; whether others could be asked for it.
  case capacity(Shortage)
  /// There is room, and it is kept for a job that comes before.
  case turn(behind: JobIndex?, from: Tick)
  /// Others were told to leave for it.
  case evicting(until: Tick)
  /// It could not be settled within the policy's limit of work.
  case exhausted(steps: Int)
  case running
  case ended

  /// What binds when nothing will ever help but another fleet.
  public enum Bound: Hashable, Sendable {
    /// The largest node of the models has fewer GPUs than one task, or one slice, needs.
    case node(gpus: Int, needed: Int)
    /// Nodes have enough GPUs and too little processor or memory for one task.
    case companions
    /// The largest part of the level holds fewer tasks.
    case part(Level, tasks: Int32, needed: Int32)
    /// No node of its models exists.
    case noNodes
  }

  public enum Gate: Hashable, Sendable {
    case notBefore(Tick)
    case dependencies(Int32)
    /// It would not end by its deadline.
    case deadline(Tick, earliestEnd: Tick)
  }

  public enum QuotaReason: Hashable, Sendable {
    /// Its pool, or one above, may not go further beyond its guarantee.
    case limit(pool: PoolIndex?, model: ModelIndex, asked: Int64, left: Int64)
    /// What it would borrow is lent to others, or not lent at all.
    case lent(pool: PoolIndex?, model: ModelIndex, asked: Int64, left: Int64)
    /// It cannot be reclaimed, and what it asks for is guaranteed to others.
    case guaranteedToOthers(model: ModelIndex, asked: Int64, left: Int64)
  }

  public struct Shortage: Hashable, Sendable {
    public var model: ModelIndex
    public var needed: Int64
    /// Free GPUs of the model, wherever they are.
    public var free: Int64
    /// GPUs on nodes that are draining, down or failed.
    public var outOfService: Int64
    public var reclaim: ReclaimAnswer

    public init(
      model: ModelIndex, needed: Int64, free: Int64, outOfService: Int64, reclaim: ReclaimAnswer
    ) {
      self.model = model
      self.needed = needed
      self.free = free
      self.outOfService = outOfService
      self.reclaim = reclaim
    }
  }

  /// What came of asking others to leave.
  public enum ReclaimAnswer: Hashable, Sendable {
    case off
    /// With it, its pool would be above its share: nobody owes it anything.
    case notEntitled(pool: PoolIndex?, wouldUse: Int64, share: Int64)
    /// Proved: all who could be asked hold too little.
    case tooLittle(held: Int64, missing: Int64)
    /// Proved: with all of them gone, no part of the level would hold it.
    case noPart(Level, tasks: Int32, needed: Int32)
    /// What could be freed is kept for jobs that come before.
    case kept
    /// Every set of jobs that would make room takes from pools that are not over-served.
    case wouldBeUnfair
    /// It would evict more than the policy allows for what is asked.
    case tooMany(evicted: Int64, allowed: Int64)
    /// There was no need to ask: room is enough.
    case notNeeded
  }

  /// The tier, for counting and for codes.
  public var tier: Tier {
    switch self {
    case .notAsked: .turn
    case .impossible: .shape
    case .gate: .gate
    case .budget: .budget
    case .quota: .quota
    case .capacity: .capacity
    case .turn: .turn
    case .evicting: .evicting
    case .exhausted: .exhausted
    case .running, .ended: .none
    }
  }

  public enum Tier: String, CaseIterable, Sendable {
    case none, gate, budget, quota, shape, capacity, turn, evicting, exhausted

    /// Stable; see docs/refusals.md.
    public var code: String {
      switch self {
      case .none: "MDG-5000"
      case .gate: "MDG-5001"
      case .budget: "MDG-5002"
      case .quota: "MDG-5003"
      case .shape: "MDG-5004"
      case .capacity: "MDG-5005"
      case .turn: "MDG-5006"
      case .evicting: "MDG-5007"
      case .exhausted: "MDG-5008"
      }
    }
  }
}
