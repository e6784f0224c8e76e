import MadangAgent
import MadangEngines
import MadangProgramme
import Synchronization

/// A *simulated* engine that does what it is told, and meters what a test puts in.
final class SimulatedEngine: Engine {
  private struct State {
    var desired: DesiredState?
    var metered: [UsageSegment] = []
    var applied = 0
  }
  private let state = Mutex(State())
  private let cluster: ClusterID

  init(_ cluster: ClusterID = Office.cluster) { self.cluster = cluster }

  var kind: EngineKind { .slurm }
  var applied: Int { state.withLock { $0.applied } }
  func meter(_ segment: UsageSegment) { state.withLock { $0.metered.append(segment) } }

  func apply(_ desired: DesiredState, at: Instant) {
    state.withLock {
      $0.desired = desired
      $0.applied += 1
    }
  }

  func observe(at: Instant) -> ObservedState {
    let desired = state.withLock { $0.desired }
    return ObservedState(
      cluster: cluster, generation: desired?.generation, at: at,
      allocations: (desired?.allocations ?? []).map { row in
        ObservedAllocation(
          allocation: row.allocation, limit: row.limit, suspended: row.suspended, readyGPUs: 16)
      }, devices: DeviceCounts(up: 32))
  }

  func usage(after cursor: UsageCursor, limit: Int, at: Instant) -> UsageBatch {
    state.withLock { state in
      let rest = state.metered.dropFirst(Int(cursor.position)).prefix(limit)
      return UsageBatch(
        segments: Array(rest), next: UsageCursor(cursor.position + Int64(rest.count)))
    }
  }
}

/// An agent at a centre: its loop over a simulated engine, on a thread of its own.
final class TestAgent: Sendable {
  private let runner: Mutex<AgentRunner>

  init(
    _ transport: any AgentTransport, _ engine: SimulatedEngine, instance: UInt64 = 1,
    mode: AgentMode = .apply
  ) {
    runner = Mutex(
      AgentRunner(
        AgentLoop(
          cluster: Office.cluster, instance: EngineJob(high: 0, low: instance), mode: mode),
        engine: engine, transport: transport))
  }

  /// One round, and what is wrong after it.
  @discardableResult
  func round(at: Instant) async -> String? {
    await onThread {
      self.runner.withLock { runner in
        _ = runner.round(at: at)
        return runner.trouble
      }
    }
  }

  var cursor: Int64 { runner.withLock { $0.loop.cursor.position } }
}

/// Reports as a test wants them.
enum Reports {
  static func report(
    version: Int64 = AgentProtocol.version, cluster: ClusterID = Office.cluster,
    instance: UInt64 = 7, epoch: Int64 = 0, sequence: Int64 = 1,
    segments: [UsageSegment] = [], read: Instant = Office.now
  ) -> AgentReport {
    AgentReport(
      version: version, cluster: cluster, instance: EngineJob(high: 0, low: instance),
      epoch: epoch, sequence: sequence, mode: .observe,
      observed: ObservedState(
        cluster: cluster, generation: nil, at: read, allocations: [],
        devices: DeviceCounts(up: 32)),
      cursor: 0, next: Int64(segments.count), segments: segments, proposals: [])
  }

  static func segment(_ number: Int32, cluster: ClusterID = Office.cluster) -> UsageSegment {
    UsageSegment(
      key: UsageKey(cluster: cluster, job: EngineJob(high: 1, low: 2), number: number),
      allocation: Office.allocation, model: Office.model, gpus: 8,
      from: Instant(Office.now.seconds + Int64(number) * 60),
      to: Instant(Office.now.seconds + Int64(number) * 60 + 60))
  }
}
