/// What a pool is promised of one device model, in whole GPUs.
public struct Quota: Hashable, Sendable {
  /// What the pool and everything below it can always have back.
  public var guarantee: Int64
  /// How far it may go beyond its guarantee; nothing for as far as others leave it.
  public var borrow: Int64?
  /// How much of its guarantee others may use meanwhile; nothing for all of it.
  public var lend: Int64?

  public init(guarantee: Int64 = 0, borrow: Int64? = nil, lend: Int64? = nil) {
    self.guarantee = guarantee
    self.borrow = borrow
    self.lend = lend
  }

  public static let none = Quota()
}

/// How the pools right below a pool, and its own jobs, take turns.
public enum PoolOrder: Hashable, Sendable {
  /// By what each is due: guarantees, shares, priority, past and present use.
  case fair
  /// By priority and submission of their jobs, as if all were one pool's; limits and budgets hold.
  case submission
}

/// A pool as it is created.
public struct PoolSpec: Hashable, Sendable {
  public var parent: PoolIndex?
  /// Its part of what is left beyond guarantees, against its siblings'.
  public var weight: Int64
  /// Higher is served first beyond guarantees.
  public var priority: Int32
  /// For each device model.
  public var quotas: [Quota]
  /// For each device model: GPU-ticks used before, already decayed to the first moment.
  public var usage: [Int64]
  /// For each device model: GPU-ticks that may still be promised to jobs; nothing for no budget.
  public var budget: [Int64?]
  /// How long a job of the pool runs before it may be reclaimed, where the pool says so.
  public var minRunTime: Tick?
  public var order: PoolOrder

  public init(
    parent: PoolIndex? = nil, weight: Int64 = 1, priority: Int32 = 0, quotas: [Quota] = [],
    usage: [Int64] = [], budget: [Int64?] = [], minRunTime: Tick? = nil, order: PoolOrder = .fair
  ) {
    self.parent = parent
    self.weight = weight
    self.priority = priority
    self.quotas = quotas
    self.usage = usage
    self.budget = budget
    self.minRunTime = minRunTime
    self.order = order
  }
}
