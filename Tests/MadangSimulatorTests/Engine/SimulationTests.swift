import MadangSimulator
import Testing

/// Random jobs on random nodes: laws that every policy keeps, and a naive simulator that agrees.
struct SimulationTests {
  static func random(_ generator: inout SeededGenerator, jobs count: Int = 60) -> Workload {
    var jobs = Workload(ticksPerSecond: 1)
    jobs.pools = ["a", "b", "c"]
    var time: Int64 = 0
    for job in 0..<count {
      time += Int64(generator.draw(0...6))
      jobs.submit.append(time)
      jobs.duration.append(Int64(generator.draw(0...30)))
      jobs.limit.append(jobs.duration[job] + Int64(generator.draw(0...9)))
      jobs.gpus.append(Int32([1, 1, 2, 4, 8, 16, 3, 12][generator.draw(0...7)]))
      jobs.pool.append(Int32(generator.draw(0...2)))
      jobs.name.append("\(job)")
    }
    return jobs
  }

  static let wholeJobs: [PolicyName] = PolicyName.allCases

  @Test(arguments: wholeJobs, 0..<12)
  func `every job runs once and whole, devices are conserved, and runs repeat`(
    policy: PolicyName, round: Int
  ) {
    let seed = Seeds.seed(round)
    var generator = SeededGenerator(seed: seed)
    let jobs = Self.random(&generator)
    let nodes = NodeList(count: generator.draw(2...6), gpus: 8)
    var simulation = Simulation(jobs, on: nodes)
    simulation.options.checkEvery = 1
    simulation.options.seed = seed
    let outcome = simulation.run(policy)
    #expect(outcome.finished + outcome.dropped == jobs.count, "SEED=\(seed)")
    #expect(outcome.dropped == jobs.gpus.count { Int($0) > nodes.count * 8 }, "SEED=\(seed)")
    for job in 0..<jobs.count where outcome.ended[job] >= 0 {
      #expect(outcome.started[job] >= jobs.submit[job], "SEED=\(seed)")
      #expect(outcome.ended[job] - outcome.started[job] >= jobs.duration[job], "SEED=\(seed)")
    }
    #expect(simulation.run(policy).digest == outcome.digest, "SEED=\(seed)")
  }

  @Test(arguments: wholeJobs, 0..<8)
  func `nodes that fail and come back lose no job`(policy: PolicyName, round: Int) {
    let seed = Seeds.seed(round)
    var generator = SeededGenerator(seed: seed).child("failures")
    let jobs = Self.random(&generator)
    var simulation = Simulation(jobs, on: NodeList(count: 5, gpus: 8))
    simulation.options.checkEvery = 1
    simulation.checkpointEvery = 5
    var events: [Simulation.NodeEvent] = []
    for node in 0..<5 {
      var time: Int64 = 0
      for _ in 0..<4 {
        time += Int64(generator.draw(5...60))
        events.append(Simulation.NodeEvent(time, Int32(node), .failed))
        time += Int64(generator.draw(1...20))
        events.append(Simulation.NodeEvent(time, Int32(node), .up))
      }
    }
    simulation.nodeEvents = events.sorted { ($0.time, $0.node) < ($1.time, $1.node) }
    let outcome = simulation.run(policy)
    #expect(outcome.finished + outcome.dropped == jobs.count, "SEED=\(seed)")
    for job in 0..<jobs.count where outcome.ended[job] >= 0 {
      #expect(outcome.ended[job] - outcome.started[job] >= jobs.duration[job], "SEED=\(seed)")
    }
  }

  @Test(arguments: 0..<30)
  func `strict FIFO and SJF agree with a naive simulator that looks at every second`(round: Int) {
    let seed = Seeds.seed(round)
    var generator = SeededGenerator(seed: seed).child("naive")
    let jobs = Self.random(&generator)
    let nodes = generator.draw(2...5)
    for policy in [PolicyName.fifo, .sjf] {
      let ours = Simulation(jobs, on: NodeList(count: nodes, gpus: 8)).run(policy)
      let naive = NaiveSimulator.starts(jobs, nodes: nodes, shortestFirst: policy == .sjf)
      #expect(ours.started == naive, "SEED=\(seed) \(policy)")
    }
  }

  @Test(arguments: 0..<20)
  func `backfilling with exact limits never delays the head of the line`(round: Int) {
    let seed = Seeds.seed(round)
    var generator = SeededGenerator(seed: seed).child("backfill")
    var jobs = Self.random(&generator)
    jobs.limit = jobs.duration
    // One node: no fragments, so that what is promised by count is what can be had.
    let nodes = NodeList(count: 1, gpus: 16)
    let fifo = Simulation(jobs, on: nodes).run(.fifo)
    let conservative = Simulation(jobs, on: nodes).run(.conservative)
    for job in 0..<jobs.count {
      #expect(conservative.started[job] <= fifo.started[job], "SEED=\(seed) job \(job)")
    }
  }

  @Test func `a summary's percentiles are by nearest rank, and its means exact`() {
    var jobs = Workload(ticksPerSecond: 1)
    jobs.pools = ["all"]
    for job in 0..<4 {
      jobs.submit.append(0)
      jobs.duration.append(10)
      jobs.limit.append(10)
      jobs.gpus.append(8)
      jobs.pool.append(0)
      jobs.name.append("\(job)")
    }
    let summary = Simulation(jobs, on: NodeList(count: 1, gpus: 8)).run(.fifo).summary
    #expect(summary.completion.mean.text(1) == "25.0" && summary.completion.p50 == 20)
    #expect(summary.completion.p95 == 40 && summary.wait.p50 == 10 && summary.makespan == 40)
    #expect(summary.utilisation.text(2) == "1.00" && summary.jain.text(2) == "1.00")
    #expect(Fraction(1, 3).text(2) == "0.33" && Fraction(-1, 2).text(0) == "-1")
  }
}

/// Strict head of line on nodes of 8, second by second, with nothing kept between them.
enum NaiveSimulator {
  static func starts(_ jobs: Workload, nodes: Int, shortestFirst: Bool) -> [Int64] {
    var starts = Array(repeating: Int64(-1), count: jobs.count)
    var placed: [(job: Int, nodes: [(Int, Int32)])] = []
    var waiting: [Int] = []
    var time: Int64 = 0
    while time < 20_000 {
      for job in 0..<jobs.count where jobs.submit[job] == time {
        if fits(job, jobs, nodes, []) != nil { waiting.append(job) }
      }
      if shortestFirst { waiting.sort { (jobs.duration[$0], $0) < (jobs.duration[$1], $1) } }
      // Jobs of no length end in the tick they start in, after which the line moves on.
      var moved = true
      while moved {
        placed.removeAll { starts[$0.job] + jobs.duration[$0.job] <= time }
        moved = false
        while let job = waiting.first, let place = fits(job, jobs, nodes, placed.map(\.nodes)) {
          starts[job] = time
          waiting.removeFirst()
          placed.append((job, place))
          moved = true
        }
      }
      time += 1
    }
    return starts
  }

  private static func fits(
    _ job: Int, _ jobs: Workload, _ nodes: Int, _ held: [[(Int, Int32)]]
  ) -> [(Int, Int32)]? {
    var free = Array(repeating: Int32(8), count: nodes)
    for (node, units) in held.flatMap({ $0 }) { free[node] -= units }
    var taken: [(Int, Int32)] = []
    var left = jobs.gpus[job]
    while left > 0 {
      let need = min(left, 8)
      let candidates = free.indices.filter { free[$0] >= need }
      guard let node = candidates.min(by: { (free[$0], $0) < (free[$1], $1) }) else { return nil }
      free[node] -= need
      taken.append((node, need))
      left -= need
    }
    return taken
  }
}
