import Testing

@testable import MadangScheduler

/// Room that is kept in the time to come: nobody behind delays anyone in front, and what is kept
/// is there when its moment comes. One pool, no reclaim: jobs are asked as they were submitted.
struct BackfillLawTests {
  @Test(arguments: [false, true])
  func `with conservative backfill nobody behind delays anyone in front`(parts: Bool) throws {
    var (kept, passed) = (0, 0)
    try seeds(parts ? 1_500 : 500, from: parts ? 30_000 : 20_000) { seed, random in
      let base = try Base.random(&random, .all, parts: parts)
      var before: [Outcome] = []
      for count in 0...base.queue.count {
        var scheduler = base.scheduler.fork()
        for spec in base.queue.prefix(count) { _ = try scheduler.submit(spec) }
        scheduler.askAgain()
        let outcomes = outcomes(scheduler.cycle(), scheduler)
        #expect(
          Array(outcomes.prefix(before.count)) == before, "SEED=\(seed): with \(count) behind")
        let faults = heldBeyond(&scheduler)
        #expect(faults.isEmpty, "SEED=\(seed) with \(count): \(faults)")
        if Array(outcomes.prefix(before.count)) != before || !faults.isEmpty { return }
        before = outcomes
      }
      kept += before.count { if case .kept = $0 { true } else { false } }
      let firstKept = before.firstIndex { $0 != .started } ?? before.count
      passed += before[firstKept...].count { $0 == .started }
    }
    print("\(kept) kept, \(passed) passed others")
    if !repeatsOneSeed { #expect(kept > 300 && passed > 100) }
  }

  @Test(arguments: [false, true])
  func `with EASY backfill the first that waits starts by the moment that it was promised`(
    parts: Bool
  ) throws {
    var (promised, passed) = (0, 0)
    try seeds(parts ? 1_500 : 800, from: parts ? 50_000 : 40_000) { seed, random in
      let base = try Base.random(&random, .easy, parts: parts)
      var scheduler = base.scheduler.fork()
      for spec in base.queue { _ = try scheduler.submit(spec) }
      scheduler.askAgain()
      let decision = scheduler.cycle()
      guard let head = decision.reservations.first else { return }
      promised += 1
      passed += decision.starts.count { head.job < $0.job }
      let faults = heldBeyond(&scheduler)
      #expect(faults.isEmpty, "SEED=\(seed): \(faults)")
      while scheduler.state(of: head.job) == .waiting {
        guard let next = scheduler.nextMoment, next <= head.from else { break }
        scheduler.pass(to: next)
        _ = scheduler.cycle()
        let faults = heldBeyond(&scheduler)
        #expect(faults.isEmpty, "SEED=\(seed) at \(next): \(faults)")
      }
      let hasStarted = scheduler.state(of: head.job) != .waiting
      #expect(hasStarted, "SEED=\(seed): job \(head.job.value) was promised \(head.from)")
    }
    print("\(promised) promised, \(passed) passed them")
    if !repeatsOneSeed { #expect(promised > 100 && passed > 50) }
  }

  /// ```
  ///  device 0   500 until 50, then 600 kept
  ///  device 1   free,         then 600 kept     the part of 400 joins device 0 and stays: it is
  ///  device 2   in use                          not whole at 50, and device 1 is not to spare
  /// ```
  @Test func `a part that joins a device until after its first leaves spares no whole one`() throws
  {
    let model = ModelIndex(0)
    var scheduler = try Scheduler(
      clusters: [
        ClusterSpec(model: model, blocks: 1, racksPerBlock: 1, nodesPerRack: 1, gpusPerNode: 3)
      ], models: 1, pools: [PoolSpec()])
    func spec(_ tasks: Int32, milli: Int32, _ walltime: Tick) throws -> JobSpec {
      let shape = Shape(
        tasks: tasks, gpusPerTask: milli == 1_000 ? 1 : 0,
        gpuMilliPerTask: milli == 1_000 ? 0 : milli, models: [model], topology: .required(.node))
      return JobSpec(
        pool: PoolIndex(0), shape: try scheduler.shape(shape), walltime: walltime,
        preemptible: true)
    }
    for running in [try spec(1, milli: 500, 50), try spec(1, milli: 1_000, 1_000)] {
      _ = try scheduler.adopt(running, on: [(NodeIndex(0), 1)], startedAt: 0)
    }
    let pair = try scheduler.submit(spec(2, milli: 600, 100))
    let part = try scheduler.submit(spec(1, milli: 400, 100))
    let whole = try scheduler.submit(spec(1, milli: 1_000, 100))
    let decision = scheduler.cycle()
    #expect(decision.starts.map(\.job) == [part])
    let devices = scheduler.placement(of: part).map(\.device)
    #expect(devices == [0])
    #expect(decision.reservations == [Decision.Reservation(job: pair, from: 50)])
    let reason = try scheduler.reason(of: whole)
    #expect(reason == .turn(behind: pair, from: 50))
    scheduler.pass(to: 50)
    let starts = scheduler.cycle().starts.map(\.job)
    #expect(starts == [pair])
  }

  /// What became of a job that waited.
  private enum Outcome: Equatable {
    case started
    case kept(from: Tick)
    case waits
  }

  /// By job, of all that do not end.
  private func outcomes(_ decision: Decision, _ scheduler: borrowing Scheduler) -> [Outcome] {
    (0..<scheduler.jobCount).map { index in
      let job = JobIndex(index)
      if let kept = decision.reservations.first(where: { $0.job == job }) {
        return .kept(from: kept.from)
      }
      return scheduler.state(of: job) == .waiting ? .waits : .started
    }
  }

  /// What of the room that is kept would not be there if every job took its whole walltime: told
  /// from the places of jobs and of what is kept alone.
  private func heldBeyond(_ scheduler: inout Scheduler) -> [String] {
    scheduler.settlePromise()
    var faults: [String] = []
    let rows = scheduler.holds.rows.filter { $0.job >= 0 }
    for row in rows {
      let node = Int(row.node)
      var whole = 0
      var devices: [Int: Int] = [:]
      for other in rows where other.node == row.node {
        guard other.from <= row.from, row.from < other.until else { continue }
        whole += Int(other.gpus)
        if other.device >= 0 { devices[Int(other.device), default: 0] += Int(other.milli) }
      }
      for job in scheduler.active {
        let end = max(scheduler.jobs[Int(job)].endsBy, scheduler.now + 1)
        for place in scheduler.placement(of: JobIndex(Int(job)))
        where place.node.int == node && end > row.from {
          whole += Int(place.gpus)
          if let device = place.device { devices[device, default: 0] += Int(place.milli) }
        }
      }
      let gpus = scheduler.gpus(of: NodeIndex(node))
      if whole + devices.count > gpus || devices.contains(where: { $0.value > 1_000 }) {
        let parts = devices.sorted { $0.key < $1.key }
        faults.append("node \(node) at \(row.from): \(whole) and \(parts) of \(gpus)")
      }
      let isClosed = scheduler.holds.windows.all.contains {
        $0.node == row.node && $0.from < row.until && row.from < $0.until
      }
      if isClosed { faults.append("job \(row.job) on node \(node), which is closed") }
    }
    return faults
  }

  /// A fleet on which something runs, and a queue that is to come.
  private struct Base: ~Copyable {
    let scheduler: Scheduler
    let queue: [JobSpec]

    static func random(
      _ random: inout Seeded, _ backfill: Policy.Backfill, parts: Bool
    ) throws -> Base {
      var world = RandomWorld(&random, parts: parts)
      world.pools = [PoolSpec()]
      world.policy.backfill = backfill
      world.policy.reclaim = false
      var scheduler = try world.scheduler()
      for _ in 0..<random.draw(4...16) {
        let spec = try spec(world, &scheduler, &random)
        _ = try scheduler.submit(spec)
      }
      if random.chance(40) {
        let from = Tick(random.draw(5...80))
        let node = NodeIndex(random.draw(0...(scheduler.nodeCount - 1)))
        try scheduler.closeNode(node, from: from, until: from + Tick(random.draw(1...60)))
      }
      _ = scheduler.cycle()
      if let next = scheduler.nextMoment, random.chance(70) { scheduler.pass(to: next) }
      _ = scheduler.cycle()
      var queue: [JobSpec] = []
      for _ in 0..<random.draw(3...9) { queue.append(try spec(world, &scheduler, &random)) }
      return Base(scheduler: scheduler, queue: queue)
    }

    private static func spec(
      _ world: RandomWorld, _ scheduler: inout Scheduler, _ random: inout Seeded
    ) throws -> JobSpec {
      var spec = world.job(try scheduler.shape(world.shape(&random)), 0, &random)
      (spec.pool, spec.priority, spec.notBefore, spec.preemptible) = (PoolIndex(0), 0, 0, true)
      return spec
    }
  }
}
