import MadangProgramme

/// What holds for all tasks of a job alike, whatever runs: its allocation, its term, and what it
/// depends on.
extension WaitingJob {
  func standing(
    _ allocation: QueueAllocation?, _ progress: [JobTask: JobProgress], now: Instant
  ) -> WaitReason? {
    guard let allocation else { return .allocationNotEnforced(self.allocation) }
    if allocation.suspended { return .suspended(self.allocation) }
    if now < allocation.from {
      return .notYet(self.allocation, inSeconds: allocation.from.seconds - now.seconds)
    }
    if allocation.to <= now { return .termOver(self.allocation) }
    return dependencies.reason(progress, now: now)
  }
}

extension JobDependencies {
  /// What is still waited for, or what cannot come true any more; nothing where all is well.
  func reason(_ progress: [JobTask: JobProgress], now: Instant) -> WaitReason? {
    var pending: JobDependency?
    var failed: JobDependency?
    for dependency in list {
      switch dependency.standing(progress[dependency.on], now: now) {
      case .holds where anyIsEnough: return nil
      case .holds: continue
      case .pending: pending = pending ?? dependency
      case .failed: failed = failed ?? dependency
      }
    }
    // For any, one that may still come true is enough; for all, one that cannot is too many.
    if anyIsEnough {
      return pending.map { .dependency($0) } ?? failed.map { .dependencyFailed($0) }
    }
    return failed.map { .dependencyFailed($0) } ?? pending.map { .dependency($0) }
  }
}

extension JobDependency {
  fileprivate enum Standing {
    case holds, pending, failed
  }

  fileprivate func standing(_ progress: JobProgress?, now: Instant) -> Standing {
    switch (kind, progress) {
    case (_, nil): .failed
    case (.after, .waiting): .pending
    case (.after, .running(let since)), (.after, .ended(_, let since?)):
      since.seconds + delaySeconds <= now.seconds ? .holds : .pending
    case (.after, .ended(_, nil)): .holds
    case (_, .waiting), (_, .running): .pending
    case (.afterAny, .ended): .holds
    case (.afterOK, .ended(let succeeded, _)): succeeded ? .holds : .failed
    case (.afterNotOK, .ended(let succeeded, _)): succeeded ? .failed : .holds
    }
  }
}
