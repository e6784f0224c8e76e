import Testing

@testable import MadangScheduler

/// One rule a test, on fleets small enough to see.
struct FeatureTests {
  private let g = ModelIndex(0)

  private func scheduler(
    nodes: Int = 4, pools: [PoolSpec] = [PoolSpec()], policy: Policy = Policy()
  ) throws -> Scheduler {
    try Scheduler(
      clusters: [
        ClusterSpec(model: g, blocks: 1, racksPerBlock: 1, nodesPerRack: nodes, gpusPerNode: 8)
      ], models: 1, pools: pools, policy: policy)
  }

  private func submit(
    _ scheduler: inout Scheduler, _ tasks: Int32, _ gpus: Int32 = 8, pool: Int = 0,
    walltime: Tick? = 100, max: Int32? = nil, notice: Tick = 0, after: [JobIndex] = [],
    preemptible: Bool = true, minRunTime: Tick = 0
  ) throws -> JobIndex {
    let shape = try scheduler.shape(
      Shape(tasks: tasks, gpusPerTask: gpus, models: [g], tasksMax: max))
    return try scheduler.submit(
      JobSpec(
        pool: PoolIndex(pool), shape: shape, walltime: walltime, preemptible: preemptible,
        minRunTime: minRunTime, notice: notice, after: after))
  }

  @Test func `a gang starts whole or not at all`() throws {
    var scheduler = try scheduler()
    let first = try submit(&scheduler, 3)
    let second = try submit(&scheduler, 2)
    let decision = scheduler.cycle()
    #expect(decision.starts.map(\.job) == [first])
    let holds1 = scheduler.placement(of: second).isEmpty
    #expect(holds1)
  }

  @Test func `the preferred model is used first, and another that will do where it is full`() throws
  {
    let h = ModelIndex(1)
    var scheduler = try Scheduler(
      clusters: [g, h].map {
        ClusterSpec(model: $0, blocks: 1, racksPerBlock: 1, nodesPerRack: 1, gpusPerNode: 16)
      }, models: 2, pools: [PoolSpec()])
    let shape = try scheduler.shape(Shape(tasks: 1, gpusPerTask: 16, models: [h, g]))
    for _ in 0..<3 {
      _ = try scheduler.submit(JobSpec(pool: PoolIndex(0), shape: shape, walltime: 10))
    }
    #expect(scheduler.cycle().starts.map(\.model) == [h, g])
    let last = try scheduler.reason(of: JobIndex(2))
    #expect(last.tier == .capacity, "\(last)")
  }

  @Test func `the job leaves that saved its work last, by its interval or by its word`() throws {
    let cases: [(interval: Tick?, saved: Tick?, leaver: Int)] = [
      (10, nil, 1), (nil, 38, 1), (nil, nil, 0),
    ]
    for (interval, saved, leaver) in cases {
      var scheduler = try scheduler(
        nodes: 2, pools: [PoolSpec(), PoolSpec(quotas: [Quota(guarantee: 8)])])
      let shape = try scheduler.shape(Shape(tasks: 1, gpusPerTask: 8, models: [g]))
      for node in 0..<2 {
        // The second began earlier: without a checkpoint it has more to lose.
        let spec = JobSpec(
          pool: PoolIndex(0), shape: shape, preemptible: true,
          checkpointInterval: node == 1 ? interval : nil)
        _ = try scheduler.adopt(spec, on: [(NodeIndex(node), 1)], startedAt: Tick(-node))
      }
      try scheduler.advance(to: 39)
      if let saved { try scheduler.checkpoint(JobIndex(1), at: saved) }
      let taker = try scheduler.submit(
        JobSpec(pool: PoolIndex(1), shape: shape, preemptible: true))
      let decision = scheduler.cycle()
      #expect(decision.evictions.map(\.job) == [JobIndex(leaver)])
      #expect(decision.starts.map(\.job) == [taker])
      let lost = interval != nil ? 0 : saved != nil ? 8 : Int64(39 * 8)
      #expect(decision.evictions.first?.lost == lost)
    }
  }

  @Test func `a search that costs more than the policy allows proves nothing`() throws {
    var scheduler = try scheduler(
      nodes: 2, pools: [PoolSpec(), PoolSpec(quotas: [Quota(guarantee: 16)])],
      policy: Policy(searchSteps: 3))
    let one = try scheduler.shape(Shape(tasks: 1, gpusPerTask: 1, models: [g]))
    for job in 0..<16 {
      _ = try scheduler.adopt(
        JobSpec(pool: PoolIndex(0), shape: one, preemptible: true),
        on: [(NodeIndex(job / 8), 1)], startedAt: 0)
    }
    let gang = try submit(&scheduler, 2, 8, pool: 1)
    let starts = scheduler.cycle().starts
    let reason = try scheduler.reason(of: gang)
    #expect(starts.isEmpty && reason.tier == .exhausted, "\(reason)")
  }

  /// Four nodes, three in use until 100; then three, four and two are asked for.
  @Test func `room is kept for one, for two or for all that wait`() throws {
    for (backfill, isKept) in [(Policy.Backfill.easy, 1), (.depth(2), 2), (.all, 3)] {
      var scheduler = try scheduler(policy: Policy(backfill: backfill))
      _ = try submit(&scheduler, 3, walltime: 100)
      _ = scheduler.cycle()
      for tasks in [Int32(3), 4, 2] { _ = try submit(&scheduler, tasks, walltime: 50) }
      let kept = scheduler.cycle().reservations.map(\.from)
      #expect(kept == Array([100, 150, 200].prefix(isKept)), "\(backfill)")
    }
  }

  @Test func `past use weighs in the division as far as the policy says`() throws {
    let half = HistoryWeight(numerator: 1, denominator: 2)
    for (weight, due) in [(HistoryWeight.none, Int64(16)), (half, 12)] {
      var scheduler = try scheduler(
        pools: [PoolSpec(usage: [300]), PoolSpec(usage: [100])], policy: Policy(history: weight))
      for pool in 0..<2 {
        for _ in 0..<4 { _ = try submit(&scheduler, 1, pool: pool) }
      }
      // Of equal weights, w = 1/2 and u = 3/4: 1/2 − k/4, against 1/2 + k/4.
      let share = try scheduler.figures(of: PoolIndex(0), g).share
      #expect(share == due * 1_000, "\(weight)")
    }
  }

  /// What a pool below another kept for itself was seen, and used, from outside.
  @Test func `what is guaranteed further down is not for others' jobs that cannot be reclaimed`()
    throws
  {
    let all = Quota(guarantee: 32)
    var scheduler = try scheduler(pools: [
      PoolSpec(quotas: [all]), PoolSpec(parent: PoolIndex(0), quotas: [all]), PoolSpec(),
    ])
    let job = try submit(&scheduler, 1, pool: 2, preemptible: false)
    let starts = scheduler.cycle().starts
    let reason = try scheduler.reason(of: job)
    #expect(starts.isEmpty && reason.tier == .quota, "\(reason)")
  }

  /// What stands beside maintenance that begins at this very moment was counted as room.
  @Test func `maintenance that begins now leaves no room, evenly spread or not`() throws {
    var scheduler = try scheduler(nodes: 2)
    for node in 0..<2 { try scheduler.closeNode(NodeIndex(node), from: 0, until: 10) }
    for isBalanced in [false, true] {
      let shape = try scheduler.shape(
        Shape(
          tasks: 2, gpusPerTask: 8, models: [g], topology: .required(.cluster),
          balanced: isBalanced))
      let job = try scheduler.submit(JobSpec(pool: PoolIndex(0), shape: shape, walltime: 5))
      let starts = scheduler.cycle().starts
      let reason = try scheduler.reason(of: job)
      #expect(starts.isEmpty && reason.tier == .capacity, "\(reason)")
    }
  }

  @Test func `an elastic job takes what there is, and asks for its fewest again`() throws {
    var scheduler = try scheduler(pools: [
      PoolSpec(quotas: [Quota(guarantee: 8)]), PoolSpec(quotas: [Quota(guarantee: 24)]),
    ])
    let fixed = try submit(&scheduler, 1)
    let elastic = try submit(&scheduler, 1, pool: 1, max: 9)
    _ = scheduler.cycle()
    let holds2 = scheduler.state(of: fixed) == .running
    #expect(holds2)
    let holds3 = scheduler.placement(of: elastic).reduce(0) { $0 + $1.tasks } == 3
    #expect(holds3)
    let holds4 = scheduler.audit().isEmpty
    #expect(holds4)
    try scheduler.setNodeState(scheduler.placement(of: elastic)[0].node, .failed)
    let holds5 = scheduler.state(of: elastic) == .waiting
    #expect(holds5)
    let holds6 = scheduler.audit().isEmpty
    #expect(holds6)
  }

  @Test func `a job waits for those before it`() throws {
    var scheduler = try scheduler()
    let first = try submit(&scheduler, 1)
    let second = try submit(&scheduler, 1, after: [first])
    let holds7 = scheduler.cycle().starts.map(\.job) == [first]
    #expect(holds7)
    let holds8 = try scheduler.reason(of: second) == .gate(.dependencies(1))
    #expect(holds8)
    try scheduler.finish(first, at: 5)
    let holds9 = scheduler.cycle().starts.map(\.job) == [second]
    #expect(holds9)
  }

  @Test func `with notice the giver runs on, and the taker starts when it has gone`() throws {
    var scheduler = try scheduler(
      nodes: 1, pools: [PoolSpec(quotas: [Quota(guarantee: 8)]), PoolSpec()])
    let guest = try submit(&scheduler, 1, pool: 1, notice: 30)
    _ = scheduler.cycle()
    try scheduler.advance(to: 10)
    let host = try submit(&scheduler, 1)
    let told = scheduler.cycle()
    #expect(told.notices.map(\.job) == [guest] && told.starts.isEmpty)
    #expect(told.notices[0].at == 40)
    let holds10 = try scheduler.reason(of: host) == .evicting(until: 40)
    #expect(holds10)
    let holds11 = scheduler.audit().isEmpty
    #expect(holds11)
    try scheduler.advance(to: 40)
    let after = scheduler.cycle()
    #expect(after.starts.map(\.job) == [host] && after.evictions.map(\.job) == [guest])
    let holds12 = scheduler.audit().isEmpty
    #expect(holds12)
  }

  @Test func `a giver that ends within its notice lets the taker start at once`() throws {
    var scheduler = try scheduler(
      nodes: 1, pools: [PoolSpec(quotas: [Quota(guarantee: 8)]), PoolSpec()])
    let guest = try submit(&scheduler, 1, pool: 1, notice: 30)
    _ = scheduler.cycle()
    try scheduler.advance(to: 1)
    let host = try submit(&scheduler, 1)
    _ = scheduler.cycle()
    try scheduler.finish(guest, at: 7)
    let holds13 = scheduler.cycle().starts.map(\.job) == [host]
    #expect(holds13)
    let holds14 = scheduler.startedAt(host) == 7
    #expect(holds14)
  }

  @Test func `who is protected by its minimum run time is asked when that ends`() throws {
    var scheduler = try scheduler(
      nodes: 1, pools: [PoolSpec(quotas: [Quota(guarantee: 8)]), PoolSpec(minRunTime: 50)])
    _ = try submit(&scheduler, 1, pool: 1)
    _ = scheduler.cycle()
    let host = try submit(&scheduler, 1)
    let holds15 = scheduler.cycle().isEmpty
    #expect(holds15)
    let holds16 = scheduler.nextWake == 50
    #expect(holds16)
    try scheduler.advance(to: 50)
    let holds17 = scheduler.cycle().starts.map(\.job) == [host]
    #expect(holds17)
  }

  @Test func `who was told to start is asked at the next moment, and not before`() throws {
    var scheduler = try scheduler(
      nodes: 1, pools: [PoolSpec(quotas: [Quota(guarantee: 8)]), PoolSpec()])
    let guest = try submit(&scheduler, 1, pool: 1)
    let isTold = scheduler.cycle().starts.map(\.job) == [guest]
    #expect(isTold)
    let host = try submit(&scheduler, 1)
    let lasts = scheduler.cycle().isEmpty && scheduler.nextWake == 1
    #expect(lasts)
    try scheduler.advance(to: 1)
    let decision = scheduler.cycle()
    #expect(decision.starts.map(\.job) == [host] && decision.evictions.map(\.job) == [guest])
  }

  @Test func `what is lent is the borrower's until the contract ends`() throws {
    var scheduler = try scheduler(
      nodes: 2,
      pools: [
        PoolSpec(quotas: [Quota(guarantee: 16)]), PoolSpec(quotas: [Quota(guarantee: 0)]),
      ])
    try scheduler.lend(
      LendingSpec(
        lender: PoolIndex(0), borrower: PoolIndex(1), model: g, gpus: 8, until: 100))
    let guest = try submit(&scheduler, 1, pool: 1, walltime: 1_000)
    _ = scheduler.cycle()
    let hosts = [try submit(&scheduler, 1, walltime: 1_000), try submit(&scheduler, 1)]
    let holds18 = scheduler.cycle().starts.map(\.job) == [hosts[0]]
    #expect(holds18)
    try scheduler.advance(to: 100)
    let decision = scheduler.cycle()
    #expect(decision.evictions.map(\.job) == [guest])
    #expect(decision.starts.map(\.job) == [hosts[1]])
    var refused: SchedulerRefusal?
    do throws(SchedulerRefusal) {
      try scheduler.lend(
        LendingSpec(
          lender: PoolIndex(0), borrower: PoolIndex(1), model: g, gpus: 17, until: 900))
    } catch { refused = error }
    #expect(refused == .outOfRange(what: "gpus", value: 17, range: 1...16))
  }

  /// HTCondor's case: a day's half-life, 100 in use for two days, is about 75 days' worth of one.
  @Test func `past use halves each period and orders`() throws {
    var policy = Policy()
    policy.decay = HistoryDecay(halfLife: 10)
    var scheduler = try scheduler(
      nodes: 1, pools: [PoolSpec(), PoolSpec()], policy: policy)
    let first = try submit(&scheduler, 1, walltime: 40)
    _ = scheduler.cycle()
    let again = try submit(&scheduler, 1)
    let other = try submit(&scheduler, 1, pool: 1)
    try scheduler.finish(first, at: 20)
    // 8 GPUs × 10 ticks = 80, halved, + 80, halved: 60.
    let holds19 = scheduler.pools.usage[1] == 60
    #expect(holds19)
    let holds20 = scheduler.cycle().starts.map(\.job) == [other]
    #expect(holds20)
    let holds21 = scheduler.state(of: again) == .waiting
    #expect(holds21)
  }

  @Test func `a job that would not end before maintenance waits or goes elsewhere`() throws {
    var scheduler = try scheduler(nodes: 2)
    try scheduler.closeNode(NodeIndex(0), from: 50, until: 80)
    let long = try submit(&scheduler, 1, walltime: 100)
    let short = try submit(&scheduler, 1, walltime: 50)
    let late = try submit(&scheduler, 1, walltime: 60)
    _ = scheduler.cycle()
    let holds22 = scheduler.placement(of: long).map(\.node) == [NodeIndex(1)]
    #expect(holds22)
    let holds23 = scheduler.placement(of: short).map(\.node) == [NodeIndex(0)]
    #expect(holds23)
    let holds24 = scheduler.state(of: late) == .waiting
    #expect(holds24)
    let planned = scheduler.forecast().first { $0.job == late }
    #expect(planned?.planned == 80)
  }

  /// Flux's EASY case (#572): the order in which jobs end begins 1, 8, 2, 9, 3, 10.
  @Test func `EASY lets the short pass where nobody before is delayed`() throws {
    var scheduler = try scheduler()
    let sizes: [(Int32, Tick)] = [
      (4, 80), (3, 80), (3, 80), (2, 80), (2, 80), (2, 80), (2, 80), (1, 70), (1, 65), (1, 60),
    ]
    for (tasks, walltime) in sizes {
      _ = try submit(&scheduler, tasks, walltime: walltime, preemptible: false)
    }
    let planned = scheduler.forecast().map { $0.planned ?? -1 }
    #expect(planned == [0, 80, 160, 240, 275, 320, 355, 80, 150, 215])
    let ends = planned.indices.sorted {
      planned[$0] + sizes[$0].1 < planned[$1] + sizes[$1].1
    }
    #expect(ends.prefix(6).map { $0 + 1 } == [1, 8, 2, 9, 3, 10])
  }

  @Test func `a budget gates by forecast and is given back what was not used`() throws {
    var scheduler = try scheduler(
      nodes: 1, pools: [PoolSpec(budget: [1_000])])
    let first = try submit(&scheduler, 1, walltime: 100)
    let second = try submit(&scheduler, 1, walltime: 100)
    _ = scheduler.cycle()
    try scheduler.finish(first, at: 10)
    _ = scheduler.cycle()
    let holds25 = scheduler.state(of: second) == .running
    #expect(holds25)
    try scheduler.finish(second, at: 110)
    let third = try submit(&scheduler, 1, walltime: 100)
    _ = scheduler.cycle()
    let holds26 = try scheduler.reason(of: third).tier == .budget
    #expect(holds26)
  }

  @Test func `balanced tasks are spread evenly over the fewest nodes`() throws {
    var scheduler = try scheduler()
    let shape = try scheduler.shape(
      Shape(tasks: 10, gpusPerTask: 1, models: [g], balanced: true))
    let job = try scheduler.submit(JobSpec(pool: PoolIndex(0), shape: shape, walltime: 9))
    _ = scheduler.cycle()
    let holds27 = scheduler.placement(of: job).map(\.tasks).sorted() == [5, 5]
    #expect(holds27)
  }

  @Test func `a scheduler that was forked decides the same`() throws {
    try seeds(50) { seed, random in
      let world = RandomWorld(&random)
      var one = try world.scheduler()
      for _ in 0..<20 {
        let shape = try one.shape(world.shape(&random))
        _ = try one.submit(world.job(shape, 0, &random))
      }
      var two = one.fork()
      let (a, b) = (one.cycle(), two.cycle())
      #expect(a.starts == b.starts && a.evictions == b.evictions, "SEED=\(seed)")
    }
  }
}
