import Glibc
import MadangProgramme

/// Why a job is told to end before its time; the file `cancel` says it to its supervisor.
enum EndOrder: Hashable {
  case canceled
  /// Work stops first: the allocation is suspended.
  case suspended
  /// The allocation's term is over, or it is no longer this cluster's to enforce.
  case allocationOver

  var bytes: [UInt8] {
    switch self {
    case .canceled: []
    case .suspended: Array("suspended\n".utf8)
    case .allocationOver: Array("over\n".utf8)
    }
  }
}

extension LocalBook {
  /// Tells a job to end: TERM, and KILL after its grace period. The first reason stays.
  mutating func tellToEnd(_ token: EngineJob, _ order: EndOrder) throws(EngineFailure) -> LocalRun?
  {
    guard let run = runs[token] else { return nil }
    if case .ended = run.state { return run }
    let folder = options.jobFolder(token)
    let file = "\(folder)/cancel"
    // A job whose folder is gone is told to end by the look at it.
    if !LocalFiles.isGone(folder), !LocalFiles.exists(file) {
      try LocalFiles.replace(file, order.bytes)
    }
    // Written first, looked at after: a supervisor that is just starting looks the other way
    // round, so one of the two sees the other.
    try look(token)
    if case .running(let start) = runs[token]?.state {
      signal(token, supervisor: start.supervisor)
    }
    return runs[token]
  }

  /// Tells every job to end whose allocation may not work now. What cannot be told is told the next
  /// time; before anything was ever applied, nothing is known, and nothing is ended.
  mutating func endUnentitled(at: Instant) throws(EngineFailure) {
    guard let limits, !live.isEmpty else { return }
    var failure: EngineFailure?
    for token in live.sorted() {
      guard let allocation = runs[token]?.allocation, let order = limits.order(allocation, at: at)
      else { continue }
      do { _ = try tellToEnd(token, order) } catch { failure = failure ?? error }
    }
    if let failure { throw failure }
  }
}

extension DesiredState {
  /// Why an allocation's jobs are to end; nothing where they may go on.
  fileprivate func order(_ id: AllocationID, at: Instant) -> EndOrder? {
    guard let row = allocations.first(where: { $0.allocation == id }), at < row.to else {
      return .allocationOver
    }
    return row.suspended ? .suspended : nil
  }
}
