/// Where a job is in its life.
public enum JobState: UInt8, Sendable {
  /// Its time has not come: a moment, or jobs before it.
  case gated
  case waiting
  /// GPUs are kept for it that others are leaving; it starts when they are gone.
  case arriving
  case running
  /// Told to leave; runs until its notice ends.
  case leaving
  case ended
  case cancelled
}

/// One job, narrow and without references.
struct JobRow: Sendable {
  var line: Int32
  var leaf: Int32
  var shape: Int32
  /// The shape that was asked for, where an elastic job runs in a larger one.
  var asked: Int32
  var state: JobState
  var preemptible: Bool
  /// The model it runs on, or is counted with while it waits.
  var model: Int16
  var priority: Int32
  /// While it waits, its neighbours in its line; −1 at the ends.
  var next: Int32 = -1
  var previous: Int32 = -1
  /// While it runs, its rows in `Residences`.
  var firstRow: Int32 = -1
  /// Its place among the running, for walking over them.
  var runningPlace: Int32 = -1
  /// While it arrives, how many jobs must leave first.
  var leavers: Int32 = 0
  /// While it leaves, for whom; −1 where nobody waits for it any more.
  var beneficiary: Int32 = -1
  /// Jobs before it that have not ended.
  var unmet: Int32 = 0
  /// By what it came to run.
  var right = StartRight.none
  /// The pass in which it was last decided that it starts, and the cycle in which it was last
  /// evicted; 0 for none.
  var startedIn: UInt32 = 0
  var evictedIn: UInt32 = 0
  var startedAt: Tick = 0
  var checkpointAt: Tick = 0
  /// When it will have ended at the latest, as far as is known.
  var endsBy: Tick = 0
  var walltime: Tick
  var minRunTime: Tick
  var notice: Tick
  var checkpointInterval: Tick
  var notBefore: Tick
  var deadline: Tick
}

extension JobRow {
  /// The moment of its last saved work: as it reported, or by its interval.
  func lastCheckpoint(_ now: Tick) -> Tick {
    guard checkpointInterval > 0, now > startedAt else { return checkpointAt }
    let saved = startedAt + (now - startedAt) / checkpointInterval * checkpointInterval
    return max(checkpointAt, saved)
  }
}
