import Testing

@testable import MadangScheduler

/// The tightest node, by trying every one; and which of several models is taken.
struct TightnessTests {
  /// The rule as docs/schedule.md has it, for tasks that one node must hold. Less is tighter.
  private static func key(
    _ node: Int, _ shape: Shape, _ fleet: borrowing Fleet
  ) -> [Int64]? {
    let tasks = Int64(shape.tasks)
    let cpu = fleet.cpuMilli[node] - tasks * shape.cpuMilliPerTask
    let memory = fleet.memoryMiB[node] - tasks * shape.memoryMiBPerTask
    guard fleet.isOpen(node), cpu >= 0, memory >= 0 else { return nil }
    let whole = Int64(fleet.usable(node))
    let left = (0..<Room.devices).map { Int64(fleet.openRoom(node).left[$0]) }
    let milli = Int64(shape.gpuMilliPerTask)
    let inOpened = milli > 0 ? left.reduce(0) { $0 + $1 / milli } : 0
    if milli > 0 {
      guard inOpened + whole * (1_000 / milli) >= tasks else { return nil }
    } else if whole < tasks * Int64(shape.gpusPerTask) {
      return nil
    }
    let free = whole * 1_000 + left.reduce(0, +) - shape.milli
    let devices = Int64(fleet.topology.gpus[node]) * 1_000
    func isShort(_ left: Int64, _ installed: Int64) -> Bool {
      installed < Fleet.uncounted
        && Int128(left) * Int128(devices) * 4 < Int128(installed) * Int128(free) * 3
    }
    let installed =
      fleet.hasCompanions
      ? fleet.spare[fleet.topology.cluster(ofNode: node)].installed(node)
      : SpareIndex.Companions(cpuMilli: Fleet.uncounted, memoryMiB: Fleet.uncounted)
    let short: Int64 =
      isShort(cpu, installed.cpuMilli)
        || isShort(memory, installed.memoryMiB) ? 1 : 0
    let isCounted = installed.cpuMilli < Fleet.uncounted
    let spare = isCounted ? fleet.cpuMilli[node] : Fleet.uncounted
    if milli > 0, inOpened >= tasks {
      return [short, 0, left.filter { $0 >= milli }.min() ?? 0, spare, Int64(node)]
    }
    return [short, milli > 0 ? 1 : 0, whole, spare, Int64(node)]
  }

  @Test(arguments: [false, true])
  func `of the nodes that hold everything the tightest is found`(parts: Bool) throws {
    var (found, short) = (0, 0)
    try seeds(parts ? 600 : 1_000, from: 90_000) { seed, random in
      let world = RandomWorld(&random, companions: true, parts: parts)
      var scheduler = try world.scheduler()
      for _ in 0..<8 {
        var spec = world.job(try scheduler.shape(world.shape(&random)), 0, &random)
        spec.notBefore = 0
        _ = try scheduler.submit(spec)
      }
      _ = scheduler.cycle()
      let (fleet, none) = (scheduler.fleet, Holds(nodes: scheduler.nodeCount, models: world.models))
      for _ in 0..<8 {
        var shape = world.shape(&random)
        (shape.topology, shape.slices) = (.required(.node), nil)
        let model = shape.models[0].int
        let nodes = (0..<scheduler.nodeCount).filter { fleet.topology.model(ofNode: $0) == model }
        let keys = nodes.compactMap { Self.key($0, shape, fleet) }
        let best = keys.min { $0.lexicographicallyPrecedes($1) }
        let isFound = scheduler.placement.find(
          Ask(shape, model: model, until: .min), fleet, none)
        let place = isFound ? scheduler.placement.found.first.map { Int64($0.node) } : nil
        #expect(place == best?.last, "SEED=\(seed): \(shape) \(keys)")
        if isFound { found += 1 }
        if best?.first == 1 { short += 1 }
      }
    }
    print("found \(found), short \(short)")
    if !repeatsOneSeed { #expect(found > 100 && short > 20) }
  }

  private static let (a, b) = (ModelIndex(0), ModelIndex(1))

  /// A node of 8 of the first model, one of 2 of the second.
  private static func started(
    _ models: [ModelIndex], isIndifferent: Bool, guarantee: Int64 = 0, jobs: Int = 1
  ) throws -> [Int] {
    var scheduler = try Scheduler(
      clusters: [
        ClusterSpec(model: a, nodes: [NodeSpec(block: 0, rack: 0, gpus: 8)]),
        ClusterSpec(model: b, nodes: [NodeSpec(block: 0, rack: 0, gpus: 2)]),
      ], models: 2,
      pools: [PoolSpec(quotas: [Quota(guarantee: guarantee), Quota(guarantee: 0)])])
    let shape = try scheduler.shape(
      Shape(tasks: 1, gpusPerTask: 2, models: models, isIndifferent: isIndifferent))
    for _ in 0..<jobs { _ = try scheduler.submit(JobSpec(pool: PoolIndex(0), shape: shape)) }
    let starts = scheduler.cycle().starts.map { Int($0.model.value) }
    #expect(scheduler.audit().isEmpty)
    return starts
  }

  @Test func `models go by preference, and by the tightest place where none is preferred`() throws {
    #expect(try Self.started([Self.a, Self.b], isIndifferent: false) == [0])
    #expect(try Self.started([Self.b, Self.a], isIndifferent: false) == [1])
    #expect(try Self.started([Self.a, Self.b], isIndifferent: true) == [1])
    // When the second is full, it is the first's turn.
    #expect(try Self.started([Self.a, Self.b], isIndifferent: true, jobs: 3) == [1, 0, 0])
  }

  @Test func `who prefers none first takes what its pool is guaranteed`() throws {
    #expect(
      try Self.started([Self.a, Self.b], isIndifferent: true, guarantee: 4, jobs: 3) == [0, 0, 1])
  }
}
