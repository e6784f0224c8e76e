import MadangSimulator
import Testing

/// What a scenario is made into.
struct ScenarioTests {
  static func small() -> Scenario {
    var scenario = Scenario()
    scenario.seed = 11
    scenario.days = 40
    scenario.clusters = [
      Scenario.Cluster(name: "south", model: "b200", nodes: 10, gpusPerNode: 8),
      Scenario.Cluster(name: "north", model: "h200", nodes: 6, gpusPerNode: 4),
    ]
    scenario.deliveries = [Scenario.Delivery(cluster: 0, day: 20, nodes: 3)]
    scenario.pools = [
      Scenario.Pool(name: "left", weight: 1, guarantees: [16, 0], arrivals: 3),
      Scenario.Pool(name: "right", weight: 1, guarantees: [0, 8], arrivals: 1),
    ]
    scenario.jobsPerDay = 50
    scenario.kinds = [
      Scenario.Kind(weight: 3, gpus: [1, 2, 4], minutes: 5...60),
      Scenario.Kind(weight: 1, gpus: [8, 16], minutes: 60...600),
    ]
    scenario.failuresPerMillionGPUDays = 10_000
    scenario.repairHours = 4
    scenario.maintenance = Scenario.Maintenance(everyDays: 10, hours: 2, batches: 4)
    scenario.checkpointMinutes = 30
    return scenario
  }

  @Test func `arrivals add up to the days and the pools' parts, in order`() {
    let jobs = Self.small().jobs()
    #expect(jobs.count == 2_000)
    #expect(jobs.submit == jobs.submit.sorted())
    #expect(abs(jobs.pool.count { $0 == 0 } - 1_500) <= 1)
    #expect(jobs.duration.allSatisfy { (300...36_000).contains($0) })
    #expect(jobs.gpus.allSatisfy { [1, 2, 4, 8, 16].contains($0) })
  }

  @Test func `a shift of demand changes the arrivals of its pool from its day on`() {
    var scenario = Self.small()
    scenario.shifts = [
      Scenario.Shift(day: 20, percent: 200, pool: 0),
      Scenario.Shift(day: 30, percent: 0, pool: nil),
    ]
    let jobs = scenario.jobs()
    func count(_ days: Range<Int64>, _ pool: Int32) -> Int {
      (0..<jobs.count).count { days.contains(jobs.submit[$0] / 86_400) && jobs.pool[$0] == pool }
    }
    #expect(abs(count(0..<20, 0) - 750) <= 1 && abs(count(20..<30, 0) - 750) <= 1)
    #expect(abs(count(20..<30, 1) - 125) <= 1 && count(30..<40, 0) + count(30..<40, 1) == 0)
  }

  @Test func `nodes that are delivered later hold nothing before, and outages do not overlap`() {
    let simulation = Self.small().simulation()
    var isOut = Array(repeating: false, count: simulation.nodes.count)
    for event in simulation.nodeEvents where event.change == .delivered {
      isOut[Int(event.node)] = true
      #expect(event.time == 20 * 86_400 && (7...9).contains(event.node))
    }
    for event in simulation.nodeEvents {
      switch event.change {
      case .failed, .maintenance:
        #expect(!isOut[Int(event.node)])
        isOut[Int(event.node)] = true
      case .up, .delivered:
        #expect(isOut[Int(event.node)])
        isOut[Int(event.node)] = false
      }
    }
    let failures = simulation.nodeEvents.count { $0.change == .failed }
    // 104 devices, 40 days, 1 %: 41 drawn, less those that hit a node that was out.
    #expect((30...41).contains(failures))
  }

  @Test(arguments: [PolicyName.fifo, .easy, .srsf, .fairShare])
  func `a scenario is lived through by every job, and again with the same digest`(
    policy: PolicyName
  ) {
    var simulation = Self.small().simulation()
    simulation.options.checkEvery = 16
    #expect(simulation.refusal(for: policy) == nil)
    let outcome = simulation.run(policy)
    #expect(outcome.finished == simulation.jobs.count)
    #expect(outcome.failures > 20)
    #expect(simulation.run(policy).digest == outcome.digest)
    let summary = outcome.summary
    #expect(summary.utilisation.scaled(6) <= summary.allocation.scaled(6))
    #expect(summary.jain.scaled(6) <= 1_000_000)
  }

  @Test func `what cannot be run is refused before it begins`() throws {
    var simulation = Self.small().simulation()
    simulation.pools[0].guarantees = [81, 0]
    #expect(simulation.refusal(for: .fairShare)?.code == "MDG-4023")
    #expect(simulation.refusal(for: .fifo) == nil)
    let large = Simulation(simulation.jobs, on: NodeList(count: 1, gpus: 64))
    #expect(large.refusal(for: .fairShare)?.code == "MDG-4021")
    #expect(Simulation(simulation.jobs, on: NodeList()).refusal(for: .fifo)?.code == "MDG-4024")
  }
}
