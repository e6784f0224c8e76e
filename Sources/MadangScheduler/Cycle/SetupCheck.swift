/// What a scheduler must be able to count on, checked once before it begins.
enum SetupCheck {
  static func check(
    _ clusters: [ClusterSpec], models: Int, _ pools: [PoolSpec], _ policy: Policy, _ now: Tick
  ) throws(SchedulerRefusal) {
    try range("models", Int64(models), 1...Int64(SchedulerLimits.modelsMax))
    try range("now", now, -SchedulerLimits.tickMax...SchedulerLimits.tickMax)
    try range("assumedWalltime", policy.assumedWalltime, 1...SchedulerLimits.tickMax)
    try range("evictedPerRequested", policy.evictedPerRequested, 1...1_000_000)
    var nodes: Int64 = 0
    for cluster in clusters {
      guard cluster.model.int >= 0, cluster.model.int < models else {
        throw .unknownModel(cluster.model)
      }
      nodes += Int64(cluster.nodes.count)
      try range("nodes", nodes, 0...Int64(SchedulerLimits.nodesMax))
      for node in cluster.nodes {
        try range("gpus", Int64(node.gpus), 1...Int64(SchedulerLimits.gpusPerNodeMax))
        try range("cpuMilli", node.cpuMilli ?? 0, 0...Fleet.uncounted)
        try range("memoryMiB", node.memoryMiB ?? 0, 0...Fleet.uncounted)
      }
    }
    try range("pools", Int64(pools.count), 0...Int64(SchedulerLimits.poolsMax))
    try check(pools)
    if let first = PoolSpec.overPromises(pools, clusters, models: models).first { throw first }
  }

  static func range(
    _ what: String, _ value: Int64, _ range: ClosedRange<Int64>
  ) throws(SchedulerRefusal) {
    if !range.contains(value) { throw .outOfRange(what: what, value: value, range: range) }
  }

  private static func check(_ pools: [PoolSpec]) throws(SchedulerRefusal) {
    var depth: [Int] = []
    for (index, pool) in pools.enumerated() {
      if let parent = pool.parent, parent.int >= index || parent.int < 0 {
        throw .parentNotBefore(PoolIndex(index))
      }
      depth.append(pool.parent.map { depth[$0.int] + 1 } ?? 1)
      if depth[index] > SchedulerLimits.poolDepthMax { throw .poolTooDeep(PoolIndex(index)) }
      try range("weight", pool.weight, 0...SchedulerLimits.weightMax)
      try range("minRunTime", pool.minRunTime ?? 0, 0...SchedulerLimits.tickMax)
      let gpus = 0...Int64(10_000_000)
      for quota in pool.quotas {
        try range("guarantee", quota.guarantee, gpus)
        try range("borrow", quota.borrow ?? 0, gpus)
        try range("lend", quota.lend ?? 0, gpus)
      }
      for usage in pool.usage { try range("usage", usage, 0...(1 << 60)) }
      for budget in pool.budget { try range("budget", budget ?? 0, 0...(1 << 60)) }
    }
  }
}

extension PoolSpec {
  /// Where more is guaranteed below a pool, or below the fleet, than is there: refusals, model by
  /// model, the fleet before its pools. Parents stand before their pools.
  public static func overPromises(
    _ pools: [PoolSpec], _ clusters: [ClusterSpec], models: Int
  ) -> [SchedulerRefusal] {
    var refusals: [SchedulerRefusal] = []
    for model in 0..<models {
      let installed = clusters.filter { $0.model.int == model }
        .reduce(Int64(0)) { $0 + $1.nodes.reduce(0) { $0 + Int64($1.gpus) } }
      var promised = [Int64](repeating: 0, count: pools.count + 1)
      for pool in pools {
        promised[pool.parent.map { $0.int + 1 } ?? 0] += pool.guarantee(model)
      }
      for parent in promised.indices {
        let available = parent == 0 ? installed : pools[parent - 1].guarantee(model)
        guard promised[parent] > available else { continue }
        refusals.append(
          .guaranteesAboveParent(
            parent == 0 ? nil : PoolIndex(parent - 1), ModelIndex(model),
            promised: promised[parent], available: available))
      }
    }
    return refusals
  }

  private func guarantee(_ model: Int) -> Int64 {
    model < quotas.count ? quotas[model].guarantee : 0
  }
}
