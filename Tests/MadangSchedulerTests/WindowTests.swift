import Testing

@testable import MadangScheduler

/// Maintenance and reservations: what their orders tell is what looking at each of them tells.
struct WindowTests {
  @Test func `what is closed when is what looking at every window says`() throws {
    var (closed, open) = (0, 0)
    try seeds(2_000, from: 110_000) { seed, random in
      let nodes = random.draw(1...6)
      let cluster = ClusterSpec(
        model: ModelIndex(0), blocks: 1, racksPerBlock: 1, nodesPerRack: nodes, gpusPerNode: 8)
      let pools = [PoolSpec(), PoolSpec(parent: PoolIndex(0)), PoolSpec()]
      var scheduler = try Scheduler(clusters: [cluster], models: 1, pools: pools)
      var windows: [MaintenanceWindow] = []
      for _ in 0..<random.draw(1...30) {
        if random.chance(30) {
          try scheduler.advance(to: scheduler.now + Tick(random.draw(0...15)))
          windows.removeAll { $0.until <= scheduler.now }
          continue
        }
        let window = try addWindow(&scheduler, &random)
        windows.append(window)
      }
      scheduler.beginHolds()
      let now = scheduler.now
      #expect(scheduler.holds.windows.nextEnd == windows.map(\.until).min() ?? .max)
      for _ in 0..<20 {
        scheduler.holds.asker = scheduler.pools.leafOfPool[random.draw(0...2)]
        scheduler.holds.start = now + Tick(random.draw(0...60))
        let until = scheduler.holds.start + Tick(random.draw(-5...40))
        let shape = Shape(tasks: 1, gpusPerTask: 1, models: [ModelIndex(0)])
        let on = windows.filter {
          let limit = max(until, scheduler.holds.start + 1)
          return $0.from < limit && $0.until > scheduler.holds.start
        }
        let held = scheduler.holds.nodes(Ask(shape, model: 0, until: until))
        #expect(held.sorted() == Set(on.map(\.node)).sorted(), "SEED=\(seed)")
        #expect(scheduler.holds.isAnyClosed(0, until: until) == !on.isEmpty, "SEED=\(seed)")
        for node in 0..<nodes {
          let first = on.filter { $0.node == Int32(node) && !scheduler.holds.isOwn($0) }
            .map(\.from).min()
          #expect(scheduler.holds.isClosed(node, until) == (first != nil), "SEED=\(seed)")
          #expect(scheduler.holds.first(node, before: until)?.from == first, "SEED=\(seed)")
          if first == nil { open += 1 } else { closed += 1 }
        }
      }
    }
    print("\(closed) closed, \(open) open")
  }

  @Test func `a plan beside windows is the first of all moments that has room`() throws {
    var (later, never) = (0, 0)
    try seeds(1_000, from: 120_000) { seed, random in
      var world = RandomWorld(&random, companions: random.chance(30), parts: random.chance(30))
      world.policy.reclaim = false
      world.policy.backfill = .easy
      var scheduler = try world.scheduler()
      for _ in 0..<random.draw(4...16) {
        let shape = try scheduler.shape(world.shape(&random))
        _ = try scheduler.submit(world.job(shape, 0, &random))
      }
      _ = scheduler.cycle()
      for _ in 0..<random.draw(0...12) { _ = try addWindow(&scheduler, &random) }
      scheduler.beginHolds()
      for index in 0..<scheduler.jobCount where scheduler.state(of: JobIndex(index)) == .waiting {
        let row = scheduler.jobs[index]
        let shape = scheduler.shapes.shapes[Int(row.shape)]
        scheduler.holds.asker = row.leaf
        let until = scheduler.now + scheduler.plannedWalltime(row.walltime)
        for model in shape.models {
          let ask = Ask(shape, model: model.int, until: until)
          // Room it has already, and waits for something else.
          if scheduler.placement.find(ask, scheduler.fleet, scheduler.holds) { continue }
          let plan = scheduler.plan(Int32(index), shape, model.int)
          let moment = firstMoment(Int32(index), shape, model.int, scheduler)
          #expect(plan?.from == moment, "SEED=\(seed): job \(index)")
          if moment == nil { never += 1 } else { later += 1 }
        }
      }
      let breaches = scheduler.audit()
      #expect(breaches.isEmpty, "SEED=\(seed): \(breaches)")
    }
    print("\(later) later, \(never) never")
    if !repeatsOneSeed { #expect(later > 500 && never > 50) }
  }

  /// Every moment tried, until nothing changes any more.
  private func firstMoment(
    _ job: Int32, _ shape: Shape, _ model: Int, _ scheduler: borrowing Scheduler
  ) -> Tick? {
    var future = scheduler.fork()
    var last = future.now + 1
    for job in future.active { last = max(last, future.jobs[Int(job)].endsBy) }
    for window in future.holds.windows.all { last = max(last, window.until) }
    let walltime = future.plannedWalltime(future.jobs[Int(job)].walltime)
    for moment in (future.now + 1)...last {
      for other in future.active where max(future.jobs[Int(other)].endsBy, future.now + 1) <= moment
      {
        future.release(other)
      }
      future.holds.start = moment
      let ask = Ask(shape, model: model, until: moment + walltime)
      if future.placement.find(ask, future.fleet, future.holds) { return moment }
    }
    return nil
  }

  private func addWindow(
    _ scheduler: inout Scheduler, _ random: inout Seeded
  ) throws -> MaintenanceWindow {
    let node = random.draw(0...(scheduler.nodeCount - 1))
    let from = scheduler.now + Tick(random.draw(-5...60))
    let until = from + Tick(random.draw(6...40))
    let pool = PoolIndex(random.draw(0...(scheduler.pools.pools - 1)))
    let isReserved = random.chance(40)
    if isReserved {
      try scheduler.reserveNode(NodeIndex(node), for: pool, from: from, until: until)
    } else {
      try scheduler.closeNode(NodeIndex(node), from: from, until: until)
    }
    let owner = isReserved ? pool.value + 1 : -1
    return MaintenanceWindow(owner: owner, node: Int32(node), from: from, until: until)
  }
}
