import Foundation
import MadangEngines
import MadangProgramme

/// Values that the tests of agents are made of.
enum Made {
  static let cluster = ClusterID(1)

  static func instance(_ name: String) -> EngineJob {
    EngineJob(high: 0, low: UInt64(name.utf8.first ?? 0))
  }

  static func segment(_ number: Int32) -> UsageSegment {
    UsageSegment(
      key: UsageKey(cluster: cluster, job: instance("j"), number: number),
      allocation: AllocationID(1), model: DeviceModelID(1), gpus: 8,
      from: Instant(Int64(number) * 60), to: Instant(Int64(number) * 60 + 60))
  }

  static func report(
    version: Int64 = 1, instance: EngineJob = instance("a"), epoch: Int64 = 0,
    sequence: Int64 = 1, cursor: Int64 = 0, next: Int64 = 0, segments: [UsageSegment] = [],
    proposals: [AllocationID] = [], read: Int64 = 0
  ) -> AgentReport {
    AgentReport(
      version: version, cluster: cluster, instance: instance, epoch: epoch, sequence: sequence,
      mode: .apply, observed: observed("-", at: read), cursor: cursor, next: next,
      segments: segments,
      proposals: proposals)
  }

  /// `7 1:16 2:b3600!`: the generation, or `-` for none, then what each allocation is limited to,
  /// and `!` where it is suspended.
  static func observed(_ text: String, at: Int64 = 0) -> ObservedState {
    let words = text.split(separator: " ").map(String.init)
    return ObservedState(
      cluster: cluster, generation: Int64(words[0]), at: Instant(at),
      allocations: words.dropFirst().map { word in
        let row = row(word)
        return ObservedAllocation(
          allocation: row.id, limit: row.limit, suspended: row.suspended, readyGPUs: 0)
      }, devices: DeviceCounts())
  }

  static func desired(_ text: String) -> DesiredState {
    let words = text.split(separator: " ").map(String.init)
    return DesiredState(
      cluster: cluster, generation: Int64(words[0]) ?? 0,
      allocations: words.dropFirst().map { word in
        let row = row(word)
        return DesiredAllocation(
          allocation: row.id, limit: row.limit, suspended: row.suspended, from: Instant(0),
          to: Instant(1_000_000))
      })
  }

  private static func row(
    _ word: String
  ) -> (id: AllocationID, limit: AllocationLimit, suspended: Bool) {
    let parts = word.filter { $0 != "!" }.split(separator: ":").map(String.init)
    let limit: AllocationLimit =
      parts[1].hasPrefix("b")
      ? .budget(GPUSeconds(Int64(parts[1].dropFirst()) ?? 0))
      : .reserved(gpus: Int64(parts[1]) ?? 0)
    return (AllocationID(Int(parts[0]) ?? 1), limit, word.hasSuffix("!"))
  }

  static func reply(epoch: Int64 = 1, cursor: Int64 = 0, _ desired: String) -> AgentReply {
    AgentReply(
      epoch: epoch, leaseSeconds: AgentProtocol.leaseSeconds, cursor: cursor,
      desired: Made.desired(desired), digest: Digest(0, 0, 0, 0))
  }

  static func said(_ refusal: AgentRefusal) -> String {
    switch refusal {
    case .otherVersion(let version, _): "version \(version)"
    case .leaseHeld(let until): "held until \(until.seconds)"
    case .fenced(let epoch): "fenced by \(epoch)"
    case .olderReport(let sequence): "older than \(sequence)"
    case .usageMissing(let cursor): "usage from \(cursor)"
    case .readAhead(let now): "ahead of \(now.seconds)"
    case .staleTakeover(let newest): "stale before \(newest.seconds)"
    default: refusal.code
    }
  }
}
