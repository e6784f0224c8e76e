import Testing

@testable import MadangSimulator

/// Runs at the edges of what can be asked: times beyond the core's, jobs that never leave, pods
/// without devices, fleets of several models.
struct EdgeTests {
  static func jobs(
    _ rows: [(submit: Int64, duration: Int64, gpus: Int32)], ticksPerSecond: Int64 = 1
  ) -> Workload {
    var jobs = Workload(ticksPerSecond: ticksPerSecond)
    jobs.pools = ["all"]
    for (number, row) in rows.enumerated() {
      jobs.submit.append(row.submit)
      jobs.duration.append(row.duration)
      jobs.limit.append(row.duration)
      jobs.gpus.append(row.gpus)
      jobs.pool.append(0)
      jobs.name.append("\(number)")
    }
    return jobs
  }

  /// 200 jobs of 20 days in microseconds, one after the other: eleven years, where the core counts
  /// nine.
  @Test func `fair share runs longer than the core can count in the trace's own ticks`() {
    let day: Int64 = 86_400_000_000
    let jobs = Self.jobs(
      (0..<200).map { (submit: $0 * day, duration: 20 * day, gpus: 8) }, ticksPerSecond: 1_000_000)
    let simulation = Simulation(jobs, on: NodeList(count: 1, gpus: 8))
    #expect(simulation.refusal(for: .fairShare) == nil)
    let outcome = simulation.run(.fairShare)
    #expect(outcome.finished == 200 && outcome.end == 4_000 * day)
    #expect(outcome.digest == simulation.run(.fifo).digest)
  }

  /// Long jobs that lose all they did whenever a pool takes back what it is promised, for years of
  /// microseconds: more than the core's clock would hold with room to plan in.
  @Test func `evictions lead no run beyond all jobs one after the other`() {
    var (evictions, longest) = (0, Int64(0))
    for round in 0..<40 {
      let seed = Seeds.seed(round)
      var generator = SeededGenerator(seed: seed).child("evictions")
      let day: Int64 = 86_400_000_000
      var jobs = Self.jobs([], ticksPerSecond: 1_000_000)
      jobs.pools = ["lends", "takes"]
      var time: Int64 = 0
      for number in 0..<60 {
        let isLong = number % 3 == 0
        let length = Int64(generator.draw(1...(isLong ? 150 : 3))) * day
        time += Int64(generator.draw(0...6)) * day
        jobs.submit.append(time)
        jobs.duration.append(length)
        jobs.limit.append(length)
        jobs.gpus.append(Int32(generator.draw(isLong ? 4...8 : 1...4)))
        jobs.pool.append(isLong ? 0 : 1)
        jobs.name.append("\(number)")
      }
      var simulation = Simulation(jobs, on: NodeList(count: 1, gpus: 8))
      simulation.pools = [Simulation.Pool(), Simulation.Pool(guarantees: [8])]
      simulation.options.checkEvery = 1
      let outcome = simulation.run(.fairShare)
      let most = time + jobs.limit.reduce(0, +)
      #expect(outcome.finished == 60 && outcome.end <= most, "SEED=\(seed)")
      evictions += outcome.summary.evictions
      longest = max(longest, outcome.end)
    }
    #expect(evictions > 200 && longest > 1_000 * 86_400_000_000)
  }

  @Test func `times that add up to more than can be counted are refused`() {
    let jobs = Self.jobs([(0, 1 << 61, 1), (0, 1 << 61, 1)])
    let simulation = Simulation(jobs, on: NodeList(count: 1, gpus: 8))
    #expect(simulation.refusal(for: .fairShare) == .tooLong)
  }

  /// What openb holds: pods without devices, parts of one, whole ones; none of them leaves, or all
  /// do.
  @Test(arguments: PolicyName.allCases.filter { $0 != .fairShare }, [false, true])
  func `pods without devices and pods that never leave stop no policy`(
    policy: PolicyName, leaves: Bool
  ) {
    let rows: [(gpus: Int32, milli: Int32)] = [
      (0, 0), (1, 500), (1, 500), (4, 1_000), (0, 0), (1, 1_000), (2, 1_000), (1, 1),
    ]
    var jobs = Self.jobs(
      rows.enumerated().map {
        (Int64($0.offset), leaves ? 20_000 : Workload.forever, $0.element.gpus)
      })
    var shapes = Workload.Shapes()
    shapes.gpuMilli = rows.map(\.milli)
    shapes.cpuMilli = rows.map { _ in 1 }
    shapes.memoryMiB = shapes.cpuMilli
    shapes.models = rows.map { _ in 0 }
    jobs.shapes = shapes
    jobs.waits = leaves
    var simulation = Simulation(jobs, on: NodeList(count: 2, gpus: 4))
    simulation.options.checkEvery = 1
    #expect(simulation.refusal(for: policy) == nil)
    let outcome = simulation.run(policy)
    #expect(outcome.finished == (leaves ? rows.count : 0))
    #expect(outcome.started.filter { $0 >= 0 }.count >= 6)
  }

  @Test(arguments: [PolicyName.fifo, .easy, .conservative])
  func `where nobody waits, what does not fit when it comes is dropped`(policy: PolicyName) {
    var jobs = Self.jobs((0..<4).map { ($0, Workload.forever, 3) })
    jobs.waits = false
    let outcome = Simulation(jobs, on: NodeList(count: 2, gpus: 4)).run(policy)
    #expect(outcome.started == [0, 1, -1, -1] && outcome.dropped == 2)
  }

  @Test func `shared devices are refused on nodes of more than a job can mark`() {
    var jobs = Self.jobs([(0, 1, 1)])
    var shapes = Workload.Shapes()
    shapes.gpuMilli = [500]
    shapes.cpuMilli = [0]
    shapes.memoryMiB = [0]
    shapes.models = [0]
    jobs.shapes = shapes
    #expect(
      Simulation(jobs, on: NodeList(count: 1, gpus: 33)).refusal(for: .fifo)?.code == "MDG-4021")
    #expect(Simulation(jobs, on: NodeList(count: 1, gpus: 32)).refusal(for: .fifo) == nil)
  }

  @Test func `fair share drops what no model's nodes hold together, and runs the rest`() {
    var nodes = NodeList(count: 4, gpus: 8)
    nodes.modelNames = ["m1", "m2"]
    nodes.model = [0, 0, 1, 1]
    let jobs = Self.jobs([(0, 10, 32), (1, 10, 4), (2, 10, 16), (3, 10, 24)])
    let outcome = Simulation(jobs, on: nodes).run(.fairShare)
    #expect(outcome.dropped == 2 && outcome.finished == 2)
    #expect(outcome.started == [-1, 1, 2, -1])
    // Who knows no models places it over both.
    #expect(Simulation(jobs, on: nodes).run(.fifo).finished == 4)
  }

  @Test func `what is left of a large job may go on a smaller node`() {
    var nodes = NodeList(count: 3, gpus: 8)
    nodes.gpus = [8, 8, 4]
    let outcome = Simulation(Self.jobs([(0, 10, 20), (0, 10, 21)]), on: nodes).run(.fifo)
    #expect(outcome.started == [0, -1] && outcome.dropped == 1)
  }

  private static func parts(_ milli: [Int32], _ jobs: Workload) -> Workload {
    var jobs = jobs
    var shapes = Workload.Shapes()
    shapes.gpuMilli = milli
    shapes.cpuMilli = milli.map { _ in 0 }
    shapes.memoryMiB = shapes.cpuMilli
    shapes.models = milli.map { _ in 0 }
    jobs.shapes = shapes
    return jobs
  }

  @Test func `what a part of a device loses is a part of a device`() {
    // Ten seconds of a half are lost; then twenty are done, on a fleet of two for thirty-one.
    var simulation = Simulation(
      Self.parts([500], Self.jobs([(0, 20, 1)])), on: NodeList(count: 1, gpus: 2))
    simulation.nodeEvents = [
      Simulation.NodeEvent(10, 0, .failed), Simulation.NodeEvent(11, 0, .up),
    ]
    let summary = simulation.run(.fifo).summary
    #expect(summary.lostMilliTicks == 5_000)
    // Held for thirty seconds, of two devices in service for thirty.
    #expect(summary.allocation.scaled(6) == 250_000)
    #expect(summary.utilisation.scaled(6) == 166_667)
  }

  @Test func `a shared node is chosen as looking at every node would choose it`() {
    var generator = SeededGenerator(seed: 8)
    let milli = (0..<4_000).map { _ in [Int32(1_000), 1_000, 250, 500, 810][generator.draw(0...4)] }
    let rows = milli.map { part in
      (Int64(0), Int64(10), part < 1_000 ? 1 : Int32(generator.draw(0...5)))
    }
    let jobs = Self.parts(milli, Self.jobs(rows))
    var nodes = NodeList(count: 70, gpus: 4)
    for node in 0..<70 { nodes.gpus[node] = Int32(generator.draw(1...4)) }
    var world = World(jobs, nodes, choice: .leastFree)
    var placed: [Int] = []
    for job in 0..<jobs.count {
      var best = -1
      for node in 0..<nodes.count
      where world.shared.fits(job, on: node, free: world.free[node], jobs, nodes) {
        if best < 0 || world.free[node] < world.free[best] { best = node }
      }
      #expect(world.place(job) == (best >= 0), "job \(job)")
      if best >= 0 {
        #expect(world.slots[world.head[job]].node == Int32(best), "job \(job)")
        placed.append(job)
      }
      if !placed.isEmpty, generator.draw(0...9) < 5 {
        world.vacate(placed.remove(at: generator.draw(0...(placed.count - 1))))
      }
    }
  }
}
