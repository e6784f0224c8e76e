/// A scenario made into jobs, nodes and what happens to them.
extension Scenario {
  /// Ticks are seconds. Complexity: O(n log n) for n jobs and events.
  public func simulation() -> Simulation {
    var simulation = Simulation(jobs(), on: nodes())
    simulation.nodeEvents = nodeEvents(simulation.nodes)
    simulation.checkpointEvery = Int64(checkpointMinutes) * 60
    simulation.pools = pools.map {
      Simulation.Pool(guarantees: $0.guarantees, weight: $0.weight, priority: $0.priority)
    }
    simulation.options.seed = seed
    return simulation
  }

  public func nodes() -> NodeList {
    var nodes = NodeList()
    nodes.modelNames = models
    for cluster in clusters {
      let model = Int32(models.firstIndex(of: cluster.model) ?? 0)
      nodes.gpus += Array(repeating: cluster.gpusPerNode, count: cluster.nodes)
      nodes.model += Array(repeating: model, count: cluster.nodes)
    }
    return nodes
  }

  /// Per cent of the usual arrivals of a pool on a day: the last shift that speaks of it.
  func demand(day: Int, pool: Int) -> Int {
    let said = shifts.filter { $0.day <= day && ($0.pool == nil || $0.pool == pool) }
    return said.max { ($0.day, $0.pool ?? -1) < ($1.day, $1.pool ?? -1) }?.percent ?? 100
  }

  public func jobs() -> Workload {
    let root = SeededGenerator(seed: seed)
    var when = root.child("arrivals")
    var what = root.child("jobs")
    var jobs = Workload(ticksPerSecond: 1)
    jobs.pools = pools.map(\.name)
    let arrivals = max(1, pools.reduce(0) { $0 + $1.arrivals })
    let weights = max(1, kinds.reduce(0) { $0 + $1.weight })
    let devices = clusters.reduce(Int64(0)) { $0 + Int64($1.nodes) * Int64($1.gpusPerNode) }
    // Parts of a job are carried on to the pool's next day, so that none is lost.
    var carried = Array(repeating: 0, count: pools.count)
    for day in 0..<days {
      var times: [(at: Int64, pool: Int32)] = []
      for pool in pools.indices {
        carried[pool] += jobsPerDay * pools[pool].arrivals * demand(day: day, pool: pool)
        let count = carried[pool] / (arrivals * 100)
        carried[pool] -= count * arrivals * 100
        for _ in 0..<count {
          times.append((Int64(day) * Scenario.day + Int64(when.draw(0...86_399)), Int32(pool)))
        }
      }
      times.sort { ($0.at, $0.pool) < ($1.at, $1.pool) }
      for (at, pool) in times {
        let (gpus, seconds) = shape(&what, weights)
        jobs.append(
          submit: at, duration: seconds, limit: seconds,
          gpus: Int32(clamping: min(Int64(gpus), devices)), pool: pool)
      }
    }
    return jobs
  }

  private func shape(_ what: inout SeededGenerator, _ weights: Int) -> (Int32, Int64) {
    if let shapes {
      let job = what.draw(0...shapes.count - 1)
      let seconds = shapes.duration[job] / shapes.ticksPerSecond * timePercent / 100
      return (shapes.gpus[job] * sizeFactor, max(1, seconds))
    }
    var left = what.draw(0...weights - 1)
    let kind = kinds.first { kind in
      left -= kind.weight
      return left < 0
    }
    guard let kind else { return (1, 60) }
    let gpus = kind.gpus[what.draw(0...kind.gpus.count - 1)]
    return (gpus * sizeFactor, Scenario.time(kind.minutes, &what) * 60 * timePercent / 100)
  }

  /// Uniform in the logarithm, by doublings: one of the doublings of the range, then uniform in it.
  static func time(_ range: ClosedRange<Int64>, _ generator: inout SeededGenerator) -> Int64 {
    var low = max(1, range.lowerBound)
    var doublings: [ClosedRange<Int64>] = []
    while low <= range.upperBound {
      doublings.append(low...min(range.upperBound, low * 2 - 1))
      low *= 2
    }
    let one = doublings[generator.draw(0...doublings.count - 1)]
    return Int64(generator.draw(Int(one.lowerBound)...Int(one.upperBound)))
  }
}

extension Scenario {
  /// Deliveries, failures with repair, maintenance: ascending in time. A node that is out already
  /// is not hit again before it is back.
  func nodeEvents(_ nodes: NodeList) -> [Simulation.NodeEvent] {
    var outages: [(from: Int64, until: Int64, node: Int32, failed: Bool)] = []
    var delivered = Array(repeating: Int64(0), count: nodes.count)
    var events: [Simulation.NodeEvent] = []
    for (node, day) in deliveryDays() {
      delivered[node] = Int64(day) * Scenario.day
      events.append(Simulation.NodeEvent(delivered[node], Int32(node), .delivered))
    }
    outages += failures(nodes) + closures(nodes)
    outages.sort { ($0.from, $0.node, $0.until) < ($1.from, $1.node, $1.until) }
    var busyUntil = delivered
    for outage in outages where outage.from >= busyUntil[Int(outage.node)] {
      busyUntil[Int(outage.node)] = outage.until + 1
      events.append(
        Simulation.NodeEvent(outage.from, outage.node, outage.failed ? .failed : .maintenance))
      events.append(Simulation.NodeEvent(outage.until, outage.node, .up))
    }
    return events.sorted { ($0.time, $0.node) < ($1.time, $1.node) }
  }

  /// Nodes that come later, with their day: the last of their cluster first.
  private func deliveryDays() -> [(node: Int, day: Int)] {
    var days: [(Int, Int)] = []
    var first = 0
    for (number, cluster) in clusters.enumerated() {
      var end = first + cluster.nodes
      for delivery in deliveries.filter({ $0.cluster == number }).sorted(by: { $0.day > $1.day }) {
        let begin = max(first, end - delivery.nodes)
        days += (begin..<end).map { ($0, delivery.day) }
        end = begin
      }
      first += cluster.nodes
    }
    return days
  }

  private func failures(
    _ nodes: NodeList
  ) -> [(from: Int64, until: Int64, node: Int32, failed: Bool)] {
    guard nodes.count > 0 else { return [] }
    var generator = SeededGenerator(seed: seed).child("failures")
    let deviceDays = nodes.deviceCount * Int64(days)
    let count = deviceDays * Int64(failuresPerMillionGPUDays) / 1_000_000
    let repair = Int64(max(1, repairHours)) * 3_600
    return (0..<count).map { _ in
      let at = Int64(generator.draw(0...days * 86_400 - 1))
      return (at, at + repair, Int32(generator.draw(0...nodes.count - 1)), true)
    }
  }

  private func closures(
    _ nodes: NodeList
  ) -> [(from: Int64, until: Int64, node: Int32, failed: Bool)] {
    guard let maintenance else { return [] }
    let batches = max(1, maintenance.batches)
    let every = Int64(max(1, maintenance.everyDays)) * Scenario.day
    let length = Int64(maintenance.hours) * 3_600
    var closures: [(Int64, Int64, Int32, Bool)] = []
    for node in 0..<nodes.count {
      var at = every * Int64(node % batches + 1) / Int64(batches)
      while at < Int64(days) * Scenario.day {
        closures.append((at, at + length, Int32(node), false))
        at += every
      }
    }
    return closures
  }
}
