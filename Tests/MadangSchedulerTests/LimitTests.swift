import Testing

@testable import MadangScheduler

/// The largest and the longest that may be asked for, and what nothing will ever come of.
struct LimitTests {
  private let g = ModelIndex(0)

  private func scheduler(
    nodes: Int = 1, pools: [PoolSpec] = [PoolSpec()], policy: Policy = Policy()
  ) throws -> Scheduler {
    try Scheduler(
      clusters: [
        ClusterSpec(model: g, blocks: 1, racksPerBlock: 1, nodesPerRack: nodes, gpusPerNode: 8)
      ], models: 1, pools: pools, policy: policy)
  }

  @Test func `ten thousand of the largest jobs there are want nothing, since nothing holds them`()
    throws
  {
    var scheduler = try scheduler()
    let shape = try scheduler.shape(
      Shape(tasks: 1_000_000, gpusPerTask: 1_000_000, models: [g]))
    var last = JobIndex(0)
    for _ in 0..<10_000 {
      last = try scheduler.submit(JobSpec(pool: PoolIndex(0), shape: shape))
    }
    _ = scheduler.cycle()
    let reason = try scheduler.reason(of: last)
    #expect(reason.tier == .shape)
    let demand = try scheduler.figures(of: PoolIndex(0), g).demand
    #expect(demand == 0)
    try scheduler.cancel(last)
    let breaches = scheduler.audit()
    #expect(breaches.isEmpty, "\(breaches)")
  }

  @Test func `past use of a second's period is as if every second had been counted`() throws {
    for factor in [(Int64(1), Int64(2)), (9, 10), (1, 1)] {
      var policy = Policy()
      policy.decay = HistoryDecay(period: 1, numerator: factor.0, denominator: factor.1)
      var leap = try scheduler(pools: [PoolSpec(usage: [1_000])], policy: policy)
      let shape = try leap.shape(Shape(tasks: 1, gpusPerTask: 8, models: [g]))
      _ = try leap.submit(JobSpec(pool: PoolIndex(0), shape: shape, walltime: 5_000))
      _ = leap.cycle()
      var step = leap.fork()
      for second in 1...2_000 { try step.advance(to: Tick(second)) }
      try leap.advance(to: 2_000)
      let same = leap.pools.usage == step.pools.usage
      #expect(same, "\(factor)")
      for moment in [Tick(2_001), 4_000] {
        try leap.advance(to: moment)
        try step.advance(to: moment)
      }
      let isLikeEverySecond = leap.pools.usage == step.pools.usage
      #expect(isLikeEverySecond, "\(factor)")
      // Nine years of seconds: the periods that change nothing are not walked.
      try leap.advance(to: SchedulerLimits.tickMax)
    }
  }

  @Test func `what was borrowed is lent on no longer than it was borrowed for`() throws {
    var scheduler = try scheduler(
      pools: [
        PoolSpec(quotas: [Quota(guarantee: 8)]), PoolSpec(quotas: [Quota()]),
        PoolSpec(quotas: [Quota()]),
      ])
    func contract(_ from: Int, _ to: Int, _ gpus: Int64, _ until: Tick) -> LendingSpec {
      LendingSpec(
        lender: PoolIndex(from), borrower: PoolIndex(to), model: g, gpus: gpus, until: until)
    }
    try scheduler.lend(contract(0, 1, 6, 100))
    var refused: SchedulerRefusal?
    do throws(SchedulerRefusal) {
      try scheduler.lend(contract(1, 2, 4, 101))
    } catch { refused = error }
    #expect(refused == .outOfRange(what: "gpus", value: 4, range: 0...0))
    try scheduler.lend(contract(1, 2, 4, 100))
    // What comes back may be lent again.
    try scheduler.lend(contract(0, 2, 2, 1_000))
    try scheduler.advance(to: 100)
    let own = (0..<3).map { scheduler.pools.ownGuarantee($0 + 1, 0) / 1_000 }
    #expect(own == [6, 0, 2])
  }

  @Test func `a job that never arrived gives back the budget that it was charged, and no more`()
    throws
  {
    var scheduler = try scheduler(
      pools: [PoolSpec(quotas: [Quota(guarantee: 8)], budget: [1_000]), PoolSpec()])
    let shape = try scheduler.shape(Shape(tasks: 1, gpusPerTask: 8, models: [g]))
    _ = try scheduler.submit(
      JobSpec(pool: PoolIndex(1), shape: shape, walltime: 500, preemptible: true, notice: 50))
    _ = scheduler.cycle()
    let host = try scheduler.submit(JobSpec(pool: PoolIndex(0), shape: shape, walltime: 100))
    try scheduler.advance(to: scheduler.now + 1)
    let told = scheduler.cycle().notices.count
    #expect(told == 1)
    try scheduler.cancel(host)
    let left = scheduler.pools.budget[1]
    #expect(left == 1_000_000)
  }
}
