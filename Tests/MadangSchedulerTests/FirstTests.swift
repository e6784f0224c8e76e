import Testing

@testable import MadangScheduler

struct FirstTests {
  @Test func `a gang starts whole or not at all`() throws {
    let b200 = ModelIndex(0)
    var scheduler = try Scheduler(
      clusters: [
        ClusterSpec(model: b200, blocks: 1, racksPerBlock: 2, nodesPerRack: 2, gpusPerNode: 8)
      ], models: 1, pools: [PoolSpec()])
    let shape = try scheduler.shape(Shape(tasks: 3, gpusPerTask: 8, models: [b200]))
    let first = try scheduler.submit(JobSpec(pool: PoolIndex(0), shape: shape))
    let second = try scheduler.submit(JobSpec(pool: PoolIndex(0), shape: shape))
    let decision = scheduler.cycle()
    #expect(decision.starts.map(\.job) == [first])
    #expect(scheduler.placement(of: second).isEmpty)
  }
}
