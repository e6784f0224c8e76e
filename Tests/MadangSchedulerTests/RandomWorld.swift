@testable import MadangScheduler

/// A random fleet, pool tree and stream of jobs, small enough that everything happens in it.
struct RandomWorld {
  var models = 1
  var clusters: [ClusterSpec] = []
  var pools: [PoolSpec] = []
  var policy = Policy()
  /// Whether processor and memory are counted, and nodes may have sixteen GPUs.
  let hasCompanions: Bool
  /// Whether jobs may ask for parts of devices.
  let hasParts: Bool

  init(_ random: inout Seeded, companions: Bool = false, parts: Bool = false) {
    hasCompanions = companions
    hasParts = parts
    models = random.draw(1...2)
    var installed = [Int64](repeating: 0, count: models)
    for index in 0..<random.draw(models...3) {
      let model = index < models ? index : random.draw(0...(models - 1))
      var nodes: [NodeSpec] = []
      for block in 0..<random.draw(1...2) {
        for rack in 0..<random.draw(1...3) {
          for _ in 0..<random.draw(1...3) {
            var node = NodeSpec(block: block, rack: rack, gpus: random.pick([1, 2, 4, 8, 8, 8]))
            if companions {
              if random.chance(20) { node.gpus = 16 }
              if random.chance(80) { node.cpuMilli = Int64(random.draw(0...32)) * 1_000 }
              if random.chance(80) { node.memoryMiB = Int64(random.draw(0...64)) * 1_024 }
            }
            nodes.append(node)
          }
        }
      }
      installed[model] += nodes.reduce(0) { $0 + Int64($1.gpus) }
      clusters.append(ClusterSpec(model: ModelIndex(model), nodes: nodes))
    }
    var left = installed
    for index in 0..<random.draw(1...6) {
      let parent = index > 0 && random.chance(40) ? PoolIndex(random.draw(0...(index - 1))) : nil
      let quotas = (0..<models).map { model -> Quota in
        var room = left[model]
        if let parent {
          room = pools[parent.int].quotas[model].guarantee
          for (other, pool) in pools.enumerated() where pool.parent == parent {
            _ = other
            room -= pool.quotas[model].guarantee
          }
        }
        let guarantee = random.chance(70) ? Int64(random.draw(0...Int(max(0, room)))) : 0
        if parent == nil { left[model] -= guarantee }
        return Quota(
          guarantee: guarantee, borrow: random.chance(25) ? Int64(random.draw(0...12)) : nil,
          lend: random.chance(25) ? Int64(random.draw(0...8)) : nil)
      }
      pools.append(
        PoolSpec(
          parent: parent, weight: Int64(random.draw(0...4)), priority: Int32(random.draw(0...1)),
          quotas: quotas, usage: (0..<models).map { _ in Int64(random.draw(0...3) * 100) },
          minRunTime: random.chance(20) ? Tick(random.draw(0...40)) : nil))
    }
    policy.backfill = random.pick([.none, .easy, .easy, .depth(3), .all])
    policy.reclaim = random.chance(80)
    policy.assumedWalltime = 100
    policy.evictedPerRequested = Int64(random.draw(1...8))
  }

  func scheduler() throws -> Scheduler {
    try Scheduler(clusters: clusters, models: models, pools: pools, policy: policy)
  }

  func shape(_ random: inout Seeded) -> Shape {
    let tasks = random.pick([1, 1, 1, 1, 2, 3, 4, 6, 8])
    var models = [ModelIndex(random.draw(0...(self.models - 1)))]
    if self.models > 1, random.chance(30) { models.append(ModelIndex(1 - Int(models[0].value))) }
    let level = random.pick([Level.node, .rack, .block, .cluster])
    let wish = random.pick([
      TopologyWish.unconstrained, .unconstrained, .preferred(level), .required(level),
    ])
    var slices: Slices?
    if tasks % 2 == 0, random.chance(25) {
      slices = Slices(tasks: 2, level: random.pick([.node, .rack]))
      if case .required(let level) = wish, let known = slices, level < known.level { slices = nil }
    }
    var shape = Shape(
      tasks: Int32(tasks), gpusPerTask: Int32(random.pick([1, 1, 2, 4, 8])), models: models,
      topology: wish, slices: slices, balanced: random.chance(20))
    if hasParts, random.chance(60) {
      shape.gpusPerTask = 0
      shape.gpuMilliPerTask = Int32(random.pick([100, 250, 300, 500, 500, 640, 810, 999]))
    }
    if hasParts, hasCompanions, random.chance(10) {
      (shape.gpusPerTask, shape.gpuMilliPerTask, shape.cpuMilliPerTask) = (0, 0, 1_000)
    } else if hasCompanions {
      if random.chance(60) { shape.cpuMilliPerTask = Int64(random.draw(0...6)) * 1_000 }
      if random.chance(60) { shape.memoryMiBPerTask = Int64(random.draw(0...12)) * 1_024 }
    }
    if models.count > 1 { shape.isIndifferent = random.chance(50) }
    return shape
  }

  func job(_ shape: ShapeIndex, _ now: Tick, _ random: inout Seeded) -> JobSpec {
    JobSpec(
      pool: PoolIndex(random.draw(0...(pools.count - 1))), shape: shape,
      walltime: random.chance(80) ? Tick(random.pick([10, 20, 50, 200])) : nil,
      priority: Int32(random.draw(0...2)), preemptible: random.chance(70),
      minRunTime: random.chance(20) ? Tick(random.draw(1...30)) : 0,
      notice: random.chance(20) ? Tick(random.draw(1...20)) : 0,
      checkpointInterval: random.chance(30) ? Tick(random.draw(1...20)) : nil,
      notBefore: random.chance(10) ? now + Tick(random.draw(0...50)) : 0)
  }
}
