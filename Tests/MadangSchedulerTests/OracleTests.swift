import Testing

@testable import MadangScheduler

/// Small fleets, on which every placement can be tried.
struct OracleTests {
  @Test func `impossible is said exactly where nothing helps but another fleet`() throws {
    var (yes, no) = (0, 0)
    try seeds(2_000) { seed, random in
      let world = RandomWorld(&random)
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
    #expect(yes > 100 || no > 100)
  }

  @Test func `room is found exactly where there is some`() throws {
    try seeds(1_500) { seed, random in
      let world = RandomWorld(&random)
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
      var free: [Int: Int] = [:]
      for node in 0..<scheduler.nodeCount {
        free[scheduler.declaredPlace(of: NodeIndex(node))] = scheduler.fleet.usable(node)
      }
      let (fleet, holds) = (scheduler.fleet, scheduler.holds)
      for _ in 0..<5 {
        let shape = world.shape(&random)
        for model in shape.models {
          var one = shape
          one.models = [model]
          let ask = Ask(one, model: model.int, until: .min)
          let found = scheduler.placement.find(ask, fleet, holds)
          let expected = Oracle.fits(one, world.clusters) { free[declared[$0] + $1] ?? 0 }
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
