import MadangJournal
import MadangProgramme

/// A remote agent goes by its machine's clock. An exercise is played so many seconds behind that:
/// at the office's door what an agent says becomes the programme's time, and what it hears becomes
/// its machine's. So it knows nothing of exercises, and holds terms when they are.
///
/// The embedded engines are asked at the programme's time to begin with (`ShiftedEngine`).
extension AgentReport {
  /// The report at the programme's time.
  ///
  /// Throws `unreadable` where a time of it, moved, would be none that is ever written.
  func heard(behind: Int64) throws(AgentRefusal) -> AgentReport {
    guard behind != 0 else { return self }
    var moved: [UsageSegment] = []
    moved.reserveCapacity(segments.count)
    for segment in segments { moved.append(try segment.moved(by: -behind)) }
    return AgentReport(
      version: version, cluster: cluster, instance: instance, epoch: epoch, sequence: sequence,
      mode: mode,
      observed: ObservedState(
        cluster: observed.cluster, generation: observed.generation,
        at: try observed.at.moved(by: -behind),
        allocations: observed.allocations, devices: observed.devices, wiped: observed.wiped),
      cursor: cursor, next: next, segments: moved, proposals: proposals)
  }
}

extension AgentReply {
  /// The reply at the machines' time.
  func told(behind: Int64) throws(AgentRefusal) -> AgentReply {
    guard behind != 0 else { return self }
    var allocations: [DesiredAllocation] = []
    for row in desired.allocations {
      allocations.append(
        DesiredAllocation(
          allocation: row.allocation, limit: row.limit, suspended: row.suspended,
          from: try row.from.moved(by: behind), to: try row.to.moved(by: behind)))
    }
    let moved = DesiredState(
      cluster: desired.cluster, generation: desired.generation, allocations: allocations)
    return AgentReply(
      version: version, epoch: epoch, leaseSeconds: leaseSeconds, cursor: cursor, desired: moved,
      digest: SHA256.hash(CanonicalWriter.bytes(of: moved)))
  }
}

extension AgentRefusal {
  /// The refusal at the machines' time.
  func told(behind: Int64) -> AgentRefusal {
    do throws(AgentRefusal) {
      switch self {
      case .leaseHeld(let until): return .leaseHeld(until: try until.moved(by: behind))
      case .staleTakeover(let newest):
        return .staleTakeover(newest: try newest.moved(by: behind))
      case .readAhead(let now): return .readAhead(of: try now.moved(by: behind))
      default: return self
      }
    } catch {
      return error
    }
  }
}

extension UsageSegment {
  func moved(by seconds: Int64) throws(AgentRefusal) -> UsageSegment {
    guard seconds != 0 else { return self }
    return UsageSegment(
      key: key, allocation: allocation, model: model, gpus: gpus,
      from: try from.moved(by: seconds), to: try to.moved(by: seconds))
  }
}

extension Instant {
  /// Both may be near the edge of what is written, and an instant beyond it is none.
  fileprivate func moved(by seconds: Int64) throws(AgentRefusal) -> Instant {
    let (moved, isBeyond) = self.seconds.addingReportingOverflow(seconds)
    guard !isBeyond, moved.magnitude <= UInt64(Limits.integerMax) else { throw .unreadable }
    return Instant(moved)
  }
}
