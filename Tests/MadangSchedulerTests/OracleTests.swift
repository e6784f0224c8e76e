import Testing

@testable import MadangScheduler

/// Small fleets, on which every placement can be tried.
struct OracleTests {
  @Test(arguments: [false, true])
  func `impossible is said exactly where nothing helps but another fleet`(parts: Bool) throws {
    var (yes, no) = (0, 0)
    try seeds(parts ? 500 : 2_000) { seed, random in
      let world = RandomWorld(&random, parts: parts)
      var scheduler = try world.scheduler()
      for _ in 0..<5 {
        let shape = world.shape(&random)
        let index = try scheduler.shape(shape)
        let possible = Oracle.fits(shape, world.clusters) { world.clusters[$0].nodes[$1].gpus }
        let job = try scheduler.submit(JobSpec(pool: PoolIndex(0), shape: index))
        let bound = scheduler.bounds[index.int]
        #expect((bound == nil) == possible, "SEED=\(seed): \(shape) \(String(describing: bound))")
        _ = scheduler.cycle()
        let reason = try scheduler.reason(of: job)
        #expect((reason.tier == .shape) == !possible, "SEED=\(seed): \(reason)")
        if possible { yes += 1 } else { no += 1 }
      }
    }
    print("possible \(yes), impossible \(no)")
    if !repeatsOneSeed { #expect(yes > 100 && no > 100) }
  }

  @Test(arguments: [false, true])
  func `impossible and room are told exactly where processor and memory count`(
    parts: Bool
  ) throws {
    var (possibleCount, boundCount, found) = (0, 0, 0)
    try seeds(parts ? 600 : 1_000, from: 50_000) { seed, random in
      let world = RandomWorld(&random, companions: true, parts: parts)
      var scheduler = try world.scheduler()
      for _ in 0..<8 {
        let shape = world.shape(&random)
        let possible = Oracle.fits(
          shape, world.clusters,
          left: {
            Oracle.Left(world.clusters[$0].nodes[$1])
          })
        let index = try scheduler.shape(shape)
        let bound = scheduler.bounds[index.int]
        #expect((bound == nil) == possible, "SEED=\(seed): \(shape) \(String(describing: bound))")
        if possible { possibleCount += 1 } else { boundCount += 1 }
        var spec = world.job(index, 0, &random)
        spec.notBefore = 0
        _ = try scheduler.submit(spec)
      }
      _ = scheduler.cycle()
      let breaches = scheduler.audit()
      #expect(breaches.isEmpty, "SEED=\(seed): \(breaches)")
      let declared = world.clusters.indices.map { cluster in
        world.clusters[..<cluster].reduce(0) { $0 + $1.nodes.count }
      }
      var left: [Int: Oracle.Left] = [:]
      for node in 0..<scheduler.nodeCount {
        left[scheduler.declaredPlace(of: NodeIndex(node))] = Oracle.Left(
          gpus: scheduler.fleet.usable(node), parts: scheduler.sharable(node),
          cpuMilli: scheduler.fleet.cpuMilli[node],
          memoryMiB: scheduler.fleet.memoryMiB[node])
      }
      let (fleet, holds) = (scheduler.fleet, scheduler.holds)
      for _ in 0..<5 {
        var shape = world.shape(&random)
        shape.models = [shape.models[0]]
        let ask = Ask(shape, model: shape.models[0].int, until: .min)
        let isFound = scheduler.placement.find(ask, fleet, holds)
        let none = Oracle.Left(gpus: 0, cpuMilli: 0, memoryMiB: 0)
        let expected = Oracle.fits(
          shape, world.clusters,
          left: {
            left[declared[$0] + $1] ?? none
          })
        #expect(isFound == expected, "SEED=\(seed): \(shape)")
        if isFound { found += 1 }
      }
    }
    print("possible \(possibleCount), impossible \(boundCount), found \(found)")
    if !repeatsOneSeed { #expect(possibleCount > 100 && boundCount > 100 && found > 100) }
  }

  @Test(arguments: [false, true])
  func `room is found exactly where there is some`(parts: Bool) throws {
    try seeds(parts ? 800 : 1_500) { seed, random in
      let world = RandomWorld(&random, parts: parts)
      var scheduler = try world.scheduler()
      for _ in 0..<12 {
        let shape = try scheduler.shape(world.shape(&random))
        var spec = world.job(shape, 0, &random)
        spec.notBefore = 0
        _ = try scheduler.submit(spec)
      }
      _ = scheduler.cycle()
      let declared = world.clusters.indices.map { cluster in
        world.clusters[..<cluster].reduce(0) { $0 + $1.nodes.count }
      }
      var free: [Int: Oracle.Left] = [:]
      for node in 0..<scheduler.nodeCount {
        free[scheduler.declaredPlace(of: NodeIndex(node))] = Oracle.Left(
          gpus: scheduler.fleet.usable(node), parts: scheduler.sharable(node))
      }
      let (fleet, holds) = (scheduler.fleet, scheduler.holds)
      for _ in 0..<5 {
        let shape = world.shape(&random)
        for model in shape.models {
          var one = shape
          one.models = [model]
          let ask = Ask(one, model: model.int, until: .min)
          let found = scheduler.placement.find(ask, fleet, holds)
          let expected = Oracle.fits(
            one, world.clusters,
            left: {
              free[declared[$0] + $1] ?? Oracle.Left(gpus: 0)
            })
          #expect(found == expected, "SEED=\(seed): \(one)")
          if found {
            let tasks = scheduler.placement.found.reduce(0) { $0 + $1.tasks }
            #expect(tasks == one.tasks, "SEED=\(seed): \(scheduler.placement.found)")
          }
        }
      }
    }
  }
}

extension Scheduler {
  /// What is left of the devices of a node that are shared.
  func sharable(_ node: Int) -> [Int] {
    let left = fleet.openRoom(node).left
    return (0..<Room.devices).map { Int(left[$0]) }.filter { $0 > 0 }
  }
}
