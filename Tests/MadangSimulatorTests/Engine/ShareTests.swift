import MadangSimulator
import Testing

/// Shares are measured against the scheduler's own division.
struct ShareTests {
  /// Two pools that each ask for more than the eight devices there are, at once and for long.
  private func run(_ policy: PolicyName, _ promises: [Simulation.Pool]) -> Summary {
    var jobs = Workload(ticksPerSecond: 1)
    jobs.pools = ["a", "b"]
    for job in 0..<20 {
      jobs.submit.append(0)
      jobs.duration.append(1_000)
      jobs.limit.append(1_000)
      jobs.gpus.append(1)
      jobs.pool.append(job < 10 ? 0 : 1)
      jobs.name.append("\(job)")
    }
    var simulation = Simulation(jobs, on: NodeList(count: 1, gpus: 8))
    simulation.pools = promises
    return simulation.run(policy).summary
  }

  /// Pool a is promised the first model and b the second; first in, first out gives each the other.
  @Test func `each device model is divided by itself`() {
    var jobs = Workload(ticksPerSecond: 1)
    jobs.pools = ["a", "b"]
    for job in 0..<4 {
      jobs.submit.append(0)
      jobs.duration.append(1_000)
      jobs.limit.append(1_000)
      jobs.gpus.append(8)
      // b comes first, and so has the first node.
      jobs.pool.append(job % 2 == 0 ? 1 : 0)
      jobs.name.append("\(job)")
    }
    var nodes = NodeList(count: 2, gpus: 8)
    nodes.modelNames = ["x", "y"]
    nodes.model = [0, 1]
    var simulation = Simulation(jobs, on: nodes)
    simulation.pools = [
      Simulation.Pool(guarantees: [8, 0]), Simulation.Pool(guarantees: [0, 8]),
    ]
    // All models together each pool has its eight; of each model it has none of its own. While
    // the second half runs nobody waits, and what is held is what is due.
    let summary = simulation.run(.fifo).summary
    #expect(summary.shareError.text(1) == "0.5")
    #expect(summary.pools.map { $0.held.text(1) } == ["8.0", "8.0"])
  }

  /// Two devices hold three parts of 300 thousandths each, and nothing of the fourth.
  @Test func `fair share puts parts on devices, and lets the others wait`() {
    var jobs = Workload(ticksPerSecond: 1)
    jobs.pools = ["a"]
    var shapes = Workload.Shapes()
    for job in 0..<8 {
      jobs.submit.append(0)
      jobs.duration.append(10)
      jobs.limit.append(10)
      jobs.gpus.append(1)
      jobs.pool.append(0)
      jobs.name.append("\(job)")
      shapes.gpuMilli.append(300)
      shapes.cpuMilli.append(0)
      shapes.memoryMiB.append(0)
      shapes.models.append(0)
    }
    jobs.shapes = shapes
    var simulation = Simulation(jobs, on: NodeList(count: 1, gpus: 2))
    simulation.options.checkEvery = 1
    let summary = simulation.run(.fairShare).summary
    #expect(summary.makespan == 20 && summary.wait.mean.text(2) == "2.50")
  }

  @Test func `fair share holds what the division gives, and first in first out does not`() {
    let promises = [Simulation.Pool(weight: 3), Simulation.Pool(weight: 1)]
    let fair = run(.fairShare, promises)
    let fifo = run(.fifo, promises)
    #expect(fair.shareError.over * 10 < fifo.shareError.over * fair.shareError.under)
    #expect(fair.jain.over * fifo.jain.under > fifo.jain.over * fair.jain.under)
  }

  /// FIFO gives all to a for a thousand seconds; then a wants two and b ten; then b four. What is
  /// due in the three parts is told by the mean.
  @Test(arguments: [
    ([Int64](), Int64(1), Int64(1), "2.0", "4.7"),  // 4+4, 2+6, 0+4
    ([], 3, 1, "2.7", "4.0"),  // 6+2, 2+6, 0+4
    ([5], 3, 1, "1.3", "5.3"),  // of the three beyond 5: 2+6, 2+6, 0+4
    ([16], 1, 1, "0.0", "6.7"),  // 0+8, 0+8, 0+4
  ])
  func `what is due follows guarantees and weights`(
    guaranteeB: [Int64], weightA: Int64, weightB: Int64, dueA: String, dueB: String
  ) {
    let summary = run(
      .fifo,
      [
        Simulation.Pool(weight: weightA),
        Simulation.Pool(guarantees: guaranteeB, weight: weightB),
      ])
    let due = Dictionary(uniqueKeysWithValues: summary.pools.map { ($0.name, $0.share.text(1)) })
    #expect(due == ["a": dueA, "b": dueB])
  }
}
