import Foundation
import MadangAgent
import MadangEngines
import MadangProgramme
import MadangTestEngines
import Testing

extension EngineFactory {
  /// *Simulated* engines that are away, break off, do a part, do it late, twice or not at all, and
  /// say that they did: a seed each. Behind the agent's own loop they are engines like any other.
  static let simulated = SimulatedYard.seeds.map { seed in
    EngineFactory(name: "simulated, SEED=\(seed)") {
      let yard = SimulatedYard(
        seed: seed, kind: seed % 2 == 0 ? .slurm : .kubernetes,
        faults: Faults(only: [
          .engineAway, .applyFails, .applyLies, .applyLate, .applyTwice, .applyPartly,
          .engineConfused,
        ]))
      return Made(
        cluster: TestCluster.cluster, limit: .reserved(gpus: 8), open: { LoopedEngine(yard) },
        use: { _, allocation, segments in
          let run = yard.engine.begin(allocation, gpus: 2)
          for _ in 0..<segments {
            yard.pass(60)
            yard.engine.cutAll()
          }
          yard.engine.end(run)
        })
    }
  }
}

/// A simulated engine in a world of its own: nothing happens there but what a test lets pass.
///
/// One test has it, on one thread: hence `@unchecked Sendable`, which engines ask for.
final class SimulatedYard: EngineWorld, @unchecked Sendable {
  static let given = ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }
  static let seeds: [UInt64] = given.map { [$0] } ?? Array(1...12)

  var random: Random
  var faults: Faults
  private(set) var instant = TestCluster.now
  private(set) var engine: SimulatedEngine!
  private var late: [(at: Instant, desired: DesiredState)] = []

  init(seed: UInt64, kind: EngineKind, faults: Faults? = nil) {
    random = Random(seed: seed)
    self.faults = faults ?? Faults(&random)
    engine = SimulatedEngine(
      kind, TestCluster.cluster, gpus: 32, model: TestCluster.model, self)
  }

  func happens(_ fault: Fault, _ permille: Int) -> Bool {
    faults.happens(fault, permille, &random)
  }

  func draw(_ range: ClosedRange<Int>) -> Int { random.draw(range) }

  func later(_ engine: SimulatedEngine, _ desired: DesiredState, after seconds: Int) {
    late.append((Instant(instant.seconds + Int64(seconds)), desired))
  }

  /// What was to be done late is done in the order in which its time comes, not as it was asked.
  func pass(_ seconds: Int64) {
    instant = Instant(instant.seconds + seconds)
    let due = late.filter { $0.at <= instant }.sorted { $0.at < $1.at }
    late.removeAll { $0.at <= instant }
    for state in due { engine.enforce(state.desired) }
  }
}

/// An engine with the agent's real loop before it: `apply` returns when the loop has read back what
/// it wanted, and that must be so.
private struct LoopedEngine: Engine {
  let yard: SimulatedYard

  init(_ yard: SimulatedYard) { self.yard = yard }

  var kind: EngineKind { yard.engine.kind }

  func apply(_ desired: DesiredState, at: Instant) throws(EngineFailure) {
    var office = LoopOffice(yard)
    office.desired = desired
    for _ in 0..<1_000 {
      if try office.step() { return }
    }
    Issue.record("\(desired.generation) is not enforced after a thousand steps")
  }

  func observe(at: Instant) throws(EngineFailure) -> ObservedState {
    try patiently { () throws(EngineFailure) in try yard.engine.observe(at: at) }
  }

  func usage(
    after cursor: UsageCursor, limit: Int, at: Instant
  ) throws(EngineFailure) -> UsageBatch {
    try patiently { () throws(EngineFailure) in
      try yard.engine.usage(after: cursor, limit: limit, at: at)
    }
  }

  /// Asks again where the engine was away.
  private func patiently<Value>(
    _ body: () throws(EngineFailure) -> Value
  ) throws(EngineFailure) -> Value {
    for _ in 0..<100 {
      do throws(EngineFailure) { return try body() } catch {
        guard case .unreachable = error else { throw error }
        yard.pass(1)
      }
    }
    return try body()
  }
}

/// One agent's loop over a simulated engine, and as much of an office as it takes to answer it.
struct LoopOffice {
  let yard: SimulatedYard
  private var loop: AgentLoop
  private var action: AgentLoop.Action
  /// The engine's state that was read last, as a version that only the checks know.
  private var version = 0
  var desired: DesiredState?
  private(set) var usage: [UsageKey: UsageSegment] = [:]
  private(set) var heldCount = 0

  init(_ yard: SimulatedYard) {
    self.yard = yard
    loop = AgentLoop(
      cluster: yard.engine.cluster, instance: EngineJob(high: 1, low: 1), mode: .apply)
    action = loop.first
  }

  /// Does one action; whether a report says that the newest state is held.
  mutating func step() throws(EngineFailure) -> Bool {
    var isHeld = false
    let result: AgentLoop.Result
    do throws(EngineFailure) {
      switch action {
      case .observe:
        let observed = try yard.engine.observe(at: yard.instant)
        version = yard.engine.versions.count - 1
        result = .observed(observed)
      case .readUsage(let cursor, let limit):
        result = .usage(
          try yard.engine.usage(after: cursor, limit: limit, at: yard.instant))
      case .apply(let state):
        try yard.engine.apply(state, at: yard.instant)
        result = .applied
      case .send(let report):
        isHeld = judge(report)
        result = .replied(reply(report))
      case .wait(let until):
        yard.pass(max(1, until.seconds - yard.instant.seconds))
        result = .waited
      }
    } catch {
      if case .forbidden = error { throw error }
      result = .failed(error)
    }
    action = loop.next(after: result, at: yard.instant)
    return isHeld
  }

  /// The office knows what an agent reports and nothing else: where that says *enforced*, the
  /// engine must have held it when it was read.
  private mutating func judge(_ report: AgentReport) -> Bool {
    for segment in report.segments {
      let before = usage.updateValue(segment, forKey: segment.key)
      #expect(before == nil || before == segment)
    }
    guard let desired, report.observed.generation == desired.generation,
      report.observed.allocations.map(\.held) == desired.allocations.map(\.held)
    else { return false }
    let truth = yard.engine.versions[version]
    #expect(truth.generation == desired.generation)
    #expect(truth.held.map(\.row.held) == desired.allocations.map(\.held))
    heldCount += 1
    return true
  }

  private func reply(_ report: AgentReport) -> AgentReply {
    AgentReply(
      epoch: 1, leaseSeconds: AgentProtocol.leaseSeconds, cursor: report.next,
      desired: desired
        ?? DesiredState(cluster: report.cluster, generation: 0, allocations: []),
      digest: Digest(0, 0, 0, 0))
  }
}

/// What has to be equal for an allocation to be enforced.
private struct HeldRow: Hashable {
  let allocation: AllocationID
  let limit: AllocationLimit
  let suspended: Bool
}

extension DesiredAllocation {
  fileprivate var held: HeldRow {
    HeldRow(allocation: allocation, limit: limit, suspended: suspended)
  }
}

extension ObservedAllocation {
  fileprivate var held: HeldRow {
    HeldRow(allocation: allocation, limit: limit, suspended: suspended)
  }
}

/// Whatever an engine says and does, only what it really held counts as enforced.
@Suite struct LyingEngineTests {
  @Test func `what a lying engine does not hold is never called enforced`() throws {
    let seeds = SimulatedYard.given.map { $0...$0 } ?? 1...200
    var counts = Array(repeating: 0, count: Fault.allCases.count)
    var heldCount = 0
    print("SEED=\(seeds.lowerBound)…\(seeds.upperBound)")
    for seed in seeds {
      let yard = SimulatedYard(seed: seed, kind: .slurm)
      var office = LoopOffice(yard)
      for generation in 1...Int64(20) {
        office.desired = LyingEngineTests.drawn(generation, &yard.random)
        for _ in 0..<yard.draw(1...30) {
          if yard.happens(.engineForgets, 20) { yard.engine.forget() }
          LyingEngineTests.work(yard)
          _ = try office.step()
        }
      }
      yard.faults.stop()
      yard.engine.endAll()
      // Nothing goes wrong any more: soon all is as it should be, and all usage is in, once.
      for _ in 0..<200 { _ = try office.step() }
      #expect(try LyingEngineTests.isHeld(&office), "SEED=\(seed)")
      #expect(office.usage.values.map(\.key).sorted() == yard.engine.log.map(\.key).sorted())
      heldCount += office.heldCount
      for (index, count) in yard.faults.counts.enumerated() { counts[index] += count }
    }
    guard SimulatedYard.given == nil else { return }
    #expect(heldCount > 1_000)
    for fault in LyingEngineTests.faults { #expect(counts[fault.rawValue] > 20, "\(fault)") }
  }

  private static let faults: [Fault] = [
    .engineAway, .applyFails, .applyLies, .applyLate, .applyTwice, .applyPartly, .engineConfused,
    .engineForgets, .usageAgain, .usageReordered,
  ]

  private static func isHeld(_ office: inout LoopOffice) throws -> Bool {
    for _ in 0..<20 { if try office.step() { return true } }
    return false
  }

  private static func work(_ yard: SimulatedYard) {
    if yard.random.chance(20), let run = yard.engine.begin(&yard.random) {
      yard.pass(Int64(yard.draw(1...50)))
      if yard.random.chance(80) { yard.engine.end(run) }
    }
    if yard.random.chance(20) { yard.engine.cutAll() }
  }

  private static func drawn(_ generation: Int64, _ random: inout Random) -> DesiredState {
    let numbers = (1...4).filter { _ in random.chance(60) }
    return DesiredState(
      cluster: TestCluster.cluster, generation: generation,
      allocations: numbers.map { number in
        DesiredAllocation(
          allocation: AllocationID(number), limit: .reserved(gpus: random.pick([4, 8])),
          suspended: random.chance(20), from: Instant(0), to: Instant(4_000_000_000))
      })
  }
}
