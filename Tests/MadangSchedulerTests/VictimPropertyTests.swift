import Testing

@testable import MadangScheduler

/// Small worlds in which every set of victims can be tried: one job that waits, of a pool within
/// its rights or not, and some that run and may all be asked.
struct VictimPropertyTests {
  @Test func `if any fair set of victims makes room, the cheapest leaves, or steps ran out`() throws
  {
    var (started, refused, exhausted) = (0, 0, 0)
    try seeds(2_500, from: 110_000) { seed, random in
      let world = try SmallWorld(&random)
      var scheduler = try world.scheduler()
      if world.isRoom(leaving: []) { return }
      let figures = try world.pools.indices.map {
        try scheduler.figures(of: PoolIndex($0), ModelIndex(0))
      }
      let best = world.best(figures)
      let decision = scheduler.cycle()
      let taker = JobIndex(world.running.count)
      guard decision.starts.contains(where: { $0.job == taker }) else {
        let reason = try scheduler.reason(of: taker)
        if case .exhausted = reason { exhausted += 1 } else { refused += 1 }
        let isHonest = best == nil || reason.tier == .exhausted
        #expect(
          isHonest, "SEED=\(seed): \(reason), though \(best?.victims ?? []) could leave\n\(world)")
        return
      }
      started += 1
      let victims = decision.evictions.filter { $0.beneficiary == taker }.map(\.job.int)
      let isLegal = world.isFair(victims, figures) && world.isRoom(leaving: victims)
      #expect(isLegal, "SEED=\(seed): \(victims) left\n\(world)")
      let cost = world.cost(victims)
      #expect(
        world.isNearOnly || cost <= best?.cost ?? -1,
        "SEED=\(seed): \(victims) at \(cost), not \(String(describing: best))\n\(world)"
      )
    }
    print("\(started) started, \(refused) refused, \(exhausted) exhausted")
    if !repeatsOneSeed { #expect(started > 400 && refused > 200 && exhausted < 10) }
  }
}

/// One model, a few small nodes in racks, pools without limits on what they borrow or lend.
private struct SmallWorld {
  struct Running {
    var pool: Int
    var gpus: Int32
    var cpuMilli: Int64
    var nodes: [Int]
    var startedAt: Tick
    var milli: Int64 { Int64(gpus) * Int64(nodes.count) * 1_000 }
  }

  var cluster: ClusterSpec
  var pools: [PoolSpec] = []
  var running: [Running] = []
  var shape: Shape
  let hasProcessor: Bool

  init(_ random: inout Seeded) throws {
    hasProcessor = random.chance(30)
    let gpus = random.pick([2, 4])
    var nodes: [NodeSpec] = []
    for node in 0..<random.draw(1...4) {
      nodes.append(
        NodeSpec(
          block: 0, rack: node / 2, gpus: gpus, cpuMilli: hasProcessor ? Int64(gpus) * 1_000 : nil))
    }
    cluster = ClusterSpec(model: ModelIndex(0), nodes: nodes)
    shape = Shape(tasks: 1, gpusPerTask: Int32(random.draw(1...gpus)), models: [ModelIndex(0)])
    var left = Int64(gpus * nodes.count)
    for index in 0..<random.draw(2...5) {
      // The first stands for itself, so that the taker is in a leaf.
      let parent = index > 1 && random.chance(30) ? PoolIndex(1) : nil
      let room = parent == nil ? left : pools[1].quotas[0].guarantee - below(1)
      let guarantee = random.chance(75) ? Int64(random.draw(0...Int(room))) : 0
      if parent == nil { left -= guarantee }
      pools.append(PoolSpec(parent: parent, quotas: [Quota(guarantee: guarantee)]))
    }
    if random.chance(40) {
      shape.tasks = Int32(random.draw(2...4))
      shape.gpusPerTask = Int32(random.draw(1...2))
      let level = random.pick([Level.node, .rack, .cluster])
      shape.topology = random.pick([.unconstrained, .required(level), .preferred(level)])
      if shape.tasks % 2 == 0, random.chance(40) {
        shape.topology = .unconstrained
        shape.slices = Slices(tasks: 2, level: random.pick([.node, .rack]))
      }
    }
    shape.tasksMax = shape.tasks
    if hasProcessor { shape.cpuMilliPerTask = Int64(random.draw(0...2)) * 500 }
    fill(&random, gpus)
  }

  private func below(_ pool: Int) -> Int64 {
    pools.reduce(0) { $0 + ($1.parent == PoolIndex(pool) ? $1.quotas[0].guarantee : 0) }
  }

  private mutating func fill(_ random: inout Seeded, _ gpus: Int) {
    var free = [Int](repeating: gpus, count: cluster.nodes.count)
    var cpu = free.map { Int64($0) * 1_000 }
    // A pool with pools below it would have one more of its own.
    let leaves = pools.indices.dropFirst().filter { below in
      !pools.contains { $0.parent == PoolIndex(below) }
    }
    for _ in 0..<random.draw(2...9) {
      let open = free.indices.filter { free[$0] > 0 }
      guard let node = open.isEmpty ? nil : random.pick(open) else { break }
      var job = Running(
        pool: random.pick(leaves), gpus: Int32(random.draw(1...min(free[node], 2))),
        cpuMilli: hasProcessor ? Int64(random.draw(0...3)) * 500 : 0, nodes: [node],
        startedAt: -Tick(random.pick([0, 10, 20, 30, 100])))
      if random.chance(25) {
        let others = open.filter { $0 != node && free[$0] >= Int(job.gpus) }
        if !others.isEmpty { job.nodes.append(random.pick(others)) }
      }
      if job.nodes.contains(where: { cpu[$0] < job.cpuMilli }) { job.cpuMilli = 0 }
      for node in job.nodes {
        free[node] -= Int(job.gpus)
        cpu[node] -= job.cpuMilli
      }
      running.append(job)
    }
  }

  func scheduler() throws -> Scheduler {
    var scheduler = try Scheduler(clusters: [cluster], models: 1, pools: pools)
    for job in running {
      let shape = try scheduler.shape(
        Shape(
          tasks: Int32(job.nodes.count), gpusPerTask: job.gpus, cpuMilliPerTask: job.cpuMilli,
          models: [ModelIndex(0)]))
      _ = try scheduler.adopt(
        JobSpec(
          pool: PoolIndex(job.pool), shape: shape, walltime: 3_600, preemptible: true),
        on: job.nodes.map { (NodeIndex($0), 1) }, startedAt: job.startedAt)
    }
    _ = try scheduler.submit(
      JobSpec(
        pool: PoolIndex(0), shape: try scheduler.shape(shape), walltime: 100, preemptible: true))
    return scheduler
  }

  /// Where the smaller part is preferred, it may cost more.
  var isNearOnly: Bool {
    if case .preferred = shape.topology { return true }
    return shape.slices?.level == .rack
  }

  func isRoom(leaving: [Int]) -> Bool {
    var left = cluster.nodes.map { Oracle.Left($0) }
    for (index, job) in running.enumerated() where !leaving.contains(index) {
      for node in job.nodes {
        left[node].gpus -= Int(job.gpus)
        if hasProcessor { left[node].cpuMilli -= job.cpuMilli }
      }
    }
    return Oracle.fits(shape, [cluster], left: { left[$1] })
  }

  func cost(_ victims: [Int]) -> Int64 {
    victims.reduce(0) { $0 - running[$1].startedAt * running[$1].milli / 1_000 }
  }

  private func path(_ pool: Int) -> [Int] { pools[pool].parent.map { [pool, $0.int] } ?? [pool] }

  /// Whether each giver is above what bounds it when its turn comes, and the taker stays within.
  func isFair(_ victims: [Int], _ figures: [PoolFigures]) -> Bool {
    let isWithinGuarantee = shape.milli <= figures[0].guarantee
    let total = victims.reduce(0) { $0 + running[$1].milli }
    if !isWithinGuarantee, total > 4 * shape.milli { return false }
    if !isWithinGuarantee, shape.milli > figures[0].share { return false }
    var used = [Int64](repeating: 0, count: pools.count)
    for job in running { for pool in path(job.pool) { used[pool] += job.milli } }
    for victim in victims.sorted(by: { (running[$0].milli, $0) < (running[$1].milli, $1) }) {
      for pool in path(running[victim].pool) {
        let due = max(figures[pool].share, figures[pool].guarantee)
        if used[pool] <= (isWithinGuarantee ? figures[pool].guarantee : due) { return false }
      }
      for pool in path(running[victim].pool) { used[pool] -= running[victim].milli }
    }
    return true
  }

  /// The fair set that makes room at the least loss, of all sets there are.
  func best(_ figures: [PoolFigures]) -> (victims: [Int], cost: Int64)? {
    var best: (victims: [Int], cost: Int64)?
    for mask in 1..<(1 << running.count) {
      let victims = running.indices.filter { mask & (1 << $0) != 0 }
      let cost = cost(victims)
      if let best, best.cost <= cost { continue }
      if isRoom(leaving: victims), isFair(victims, figures) { best = (victims, cost) }
    }
    return best
  }
}
