import MadangJournal
import MadangProgramme

/// A remote agent goes by its machine's clock. An exercise is played so many seconds behind that:
/// at the office's door what an agent says becomes the programme's time, and what it hears becomes
/// its machine's. So it knows nothing of exercises, and holds terms when they are.
///
/// The embedded engines are asked at the programme's time to begin with (`ShiftedEngine`).
extension AgentReport {
  /// The report at the programme's time.
  func heard(behind: Int64) -> AgentReport {
    guard behind != 0 else { return self }
    return AgentReport(
      version: version, cluster: cluster, instance: instance, epoch: epoch, sequence: sequence,
      mode: mode,
      observed: ObservedState(
        cluster: observed.cluster, generation: observed.generation,
        at: observed.at.moved(by: -behind),
        allocations: observed.allocations, devices: observed.devices, wiped: observed.wiped),
      cursor: cursor, next: next, segments: segments.map { $0.moved(by: -behind) },
      proposals: proposals)
  }
}

extension AgentReply {
  /// The reply at the machines' time.
  func told(behind: Int64) -> AgentReply {
    guard behind != 0 else { return self }
    let moved = DesiredState(
      cluster: desired.cluster, generation: desired.generation,
      allocations: desired.allocations.map { row in
        DesiredAllocation(
          allocation: row.allocation, limit: row.limit, suspended: row.suspended,
          from: row.from.moved(by: behind), to: row.to.moved(by: behind))
      })
    return AgentReply(
      version: version, epoch: epoch, leaseSeconds: leaseSeconds, cursor: cursor, desired: moved,
      digest: SHA256.hash(CanonicalWriter.bytes(of: moved)))
  }
}

extension AgentRefusal {
  /// The refusal at the machines' time.
  func told(behind: Int64) -> AgentRefusal {
    switch self {
    case .leaseHeld(let until): .leaseHeld(until: until.moved(by: behind))
    case .staleTakeover(let newest): .staleTakeover(newest: newest.moved(by: behind))
    case .readAhead(let now): .readAhead(of: now.moved(by: behind))
    default: self
    }
  }
}

extension UsageSegment {
  func moved(by seconds: Int64) -> UsageSegment {
    guard seconds != 0 else { return self }
    return UsageSegment(
      key: key, allocation: allocation, model: model, gpus: gpus, from: from.moved(by: seconds),
      to: to.moved(by: seconds))
  }
}

extension Instant {
  /// What lies outside the times that are written is refused by whoever reads it.
  fileprivate func moved(by seconds: Int64) -> Instant {
    let (moved, isBeyond) = self.seconds.addingReportingOverflow(seconds)
    return isBeyond ? self : Instant(moved)
  }
}
