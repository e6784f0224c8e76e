import Foundation
import MadangEngines
import MadangProgramme
import Testing

/// An engine as the conformance suite needs it. A new engine adds one to `all`, and passes.
struct EngineFactory: Sendable, CustomTestStringConvertible {
  let name: String
  let make: @Sendable () throws -> Made

  /// Where one engine lies, with nothing in it, and what its kind needs to be tried.
  struct Made {
    let cluster: ClusterID
    /// A limit that this engine can enforce: at most two of them are asked for at once.
    let limit: AllocationLimit
    /// Opens the engine; again, as after a restart of the agent, when nobody has it any more.
    let open: () throws -> any Engine
    /// Makes usage of an allocation that is enforced, at least so many segments, and ends it.
    let use: (any Engine, AllocationID, _ segments: Int) throws -> Void
  }

  var testDescription: String { name }

  static let all = [local, handover] + simulated
}

/// What every engine does, whatever it drives.
@Suite struct ConformanceTests {
  @Test(arguments: EngineFactory.all)
  func `before anything is applied nothing is enforced`(factory: EngineFactory) throws {
    let made = try factory.make()
    let engine = try made.open()
    let observed = try engine.observe(at: TestCluster.now)
    #expect(observed.cluster == made.cluster && observed.generation == nil)
    #expect(observed.allocations.isEmpty && observed.at == TestCluster.now)
    #expect(observed.devices.total > 0)
  }

  @Test(arguments: EngineFactory.all)
  func `what was applied is read back, once or many times`(factory: EngineFactory) throws {
    let made = try factory.make()
    let engine = try made.open()
    let desired = state(made, [1, 2], generation: 3)
    for _ in 0..<3 {
      try engine.apply(desired, at: TestCluster.now)
      let observed = try engine.observe(at: TestCluster.now)
      #expect(observed.generation == 3)
      #expect(observed.allocations.map(\.allocation) == [AllocationID(1), AllocationID(2)])
      #expect(observed.allocations.allSatisfy { $0.limit == made.limit && !$0.suspended })
      #expect(observed.allocations.allSatisfy { $0.readyGPUs > 0 })
    }
  }

  @Test(arguments: EngineFactory.all)
  func `what is no longer wanted is no longer enforced`(factory: EngineFactory) throws {
    let made = try factory.make()
    let engine = try made.open()
    try engine.apply(state(made, [1, 2], generation: 1), at: TestCluster.now)
    try engine.apply(state(made, [2], generation: 2), at: TestCluster.now)
    let observed = try engine.observe(at: TestCluster.now)
    #expect(observed.allocations.map(\.allocation) == [AllocationID(2)])
    #expect(observed.generation == 2)
    try engine.apply(state(made, [], generation: 3), at: TestCluster.now)
    #expect(try engine.observe(at: TestCluster.now).allocations.isEmpty)
  }

  @Test(arguments: EngineFactory.all)
  func `suspension is read back, and lifts again`(factory: EngineFactory) throws {
    let made = try factory.make()
    let engine = try made.open()
    for (generation, suspended) in [(1, false), (2, true), (3, false)] as [(Int64, Bool)] {
      try engine.apply(
        state(made, [1], generation: generation, suspended: suspended), at: TestCluster.now)
      let observed = try engine.observe(at: TestCluster.now)
      #expect(observed.allocations.map(\.suspended) == [suspended])
      #expect((observed.allocations.first?.readyGPUs == 0) == suspended)
    }
  }

  @Test(arguments: EngineFactory.all)
  func `another cluster's state is refused, and changes nothing`(factory: EngineFactory) throws {
    let made = try factory.make()
    let engine = try made.open()
    try engine.apply(state(made, [1], generation: 1), at: TestCluster.now)
    let other = DesiredState(
      cluster: ClusterID(Int(made.cluster.number) + 1), generation: 9, allocations: [])
    #expect(throws: EngineFailure.self) {
      try engine.apply(other, at: TestCluster.now)
    }
    #expect(try engine.observe(at: TestCluster.now).generation == 1)
  }

  @Test(arguments: EngineFactory.all)
  func `usage is handed out again until later usage was asked for`(
    factory: EngineFactory
  ) throws {
    let made = try factory.make()
    let engine = try made.open()
    try engine.apply(state(made, [1], generation: 1), at: TestCluster.now)
    #expect(try engine.usage(after: .start, limit: 10, at: TestCluster.now).segments.isEmpty)
    try made.use(engine, AllocationID(1), 3)
    let all = try engine.usage(after: .start, limit: 100, at: TestCluster.now)
    #expect(all.segments.count >= 3)
    var cursor = UsageCursor.start
    var found: [UsageSegment] = []
    while true {
      let batch = try engine.usage(after: cursor, limit: 2, at: TestCluster.now)
      #expect(try engine.usage(after: cursor, limit: 2, at: TestCluster.now) == batch)
      if batch.segments.isEmpty { break }
      #expect(batch.next > cursor && batch.segments.count <= 2)
      found += batch.segments
      cursor = batch.next
    }
    #expect(found == all.segments)
    check(found, made)
    #expect(try engine.usage(after: cursor, limit: 2, at: TestCluster.now).segments.isEmpty)
  }

  @Test(arguments: EngineFactory.all)
  func `after a restart of the agent all is as it was`(factory: EngineFactory) throws {
    let made = try factory.make()
    var engine: (any Engine)? = try made.open()
    try engine?.apply(state(made, [1], generation: 4), at: TestCluster.now)
    if let engine { try made.use(engine, AllocationID(1), 1) }
    let before = try engine?.usage(after: .start, limit: 100, at: TestCluster.now)
    let observed = try engine?.observe(at: TestCluster.now)
    engine = nil
    let again = try made.open()
    #expect(try again.observe(at: TestCluster.now) == observed)
    #expect(try again.usage(after: .start, limit: 100, at: TestCluster.now) == before)
    #expect(before?.segments.isEmpty == false)
  }

  /// Of the cluster, of GPUs, never empty; the segments of one job numbered and tiling.
  private func check(_ segments: [UsageSegment], _ made: EngineFactory.Made) {
    var last: [EngineJob: UsageSegment] = [:]
    for segment in segments {
      #expect(segment.key.cluster == made.cluster && segment.gpus > 0)
      #expect(segment.from < segment.to && segment.allocation == AllocationID(1))
      if let before = last[segment.key.job] {
        #expect(segment.key.number == before.key.number + 1 && segment.from == before.to)
      } else {
        #expect(segment.key.number == 0)
      }
      last[segment.key.job] = segment
    }
  }

  private func state(
    _ made: EngineFactory.Made, _ allocations: [Int], generation: Int64, suspended: Bool = false
  ) -> DesiredState {
    DesiredState(
      cluster: made.cluster, generation: generation,
      allocations: allocations.map {
        DesiredAllocation(
          allocation: AllocationID($0), limit: made.limit, suspended: suspended,
          from: Instant(0), to: Instant(4_000_000_000))
      })
  }
}

extension EngineFactory {
  static let local = EngineFactory(name: "local") {
    let folder = try TestFolder()
    return Made(
      cluster: TestCluster.cluster, limit: .reserved(gpus: 2),
      open: { try TestCluster(folder).engine },
      use: { engine, allocation, segments in
        let cluster = TestCluster(folder: folder, engine: try #require(engine as? LocalEngine))
        for number in 0..<segments {
          let job = cluster.job(
            .command(["sleep", "1.1"]), token: UInt64(number + 1),
            allocation: Int(allocation.number))
          try cluster.start(job)
          _ = try cluster.ended(job.token)
        }
      })
  }
}
