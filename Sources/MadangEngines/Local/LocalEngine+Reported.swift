public import MadangProgramme
import Synchronization

/// How far what jobs used has been taken over: whoever keeps budget for a job asks before.
extension LocalEngine {
  /// Whether a job that has ended has usage that is not before `cursor`.
  public func hasUnreported(after cursor: UsageCursor) throws(EngineFailure) -> Bool {
    try book.withLock { book throws(EngineFailure) in
      try book.meter()
      return book.sorted.contains { run in
        if case .ended = run.state { book.usage.has(run.token, after: cursor) } else { false }
      }
    }
  }

  /// Whether all usage of a job that has ended is before `cursor`.
  public func isReported(
    _ token: EngineJob, before cursor: UsageCursor
  ) throws(EngineFailure) -> Bool {
    try book.withLock { book throws(EngineFailure) in
      try book.meter()
      return !book.usage.has(token, after: cursor)
    }
  }
}
