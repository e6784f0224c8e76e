/// What a run came to: when each job started and ended, and what was counted.
public struct RunOutcome: Sendable {
  public let jobs: Workload
  /// Ticks; −1 for a job that never started.
  public let started: [Int64]
  /// Ticks; −1 for a job that did not end.
  public let ended: [Int64]
  public let timeline: Timeline
  /// What pools were promised.
  let promises: [Simulation.Pool]
  /// Jobs that came in and the moments at which the policy tried to place one.
  public let decisions: Int
  public let events: Int
  public let evictions: Int
  public let failures: Int
  public let dropped: Int
  public let finished: Int
  /// Of the device time of the whole run: held, there, free while somebody waited, and of that on
  /// nodes partly used; lost again.
  let counters: World.Counters
  let heldMilliAtEnd: Int64
  let capacityAtEnd: Int64
  public let begin: Int64
  public let end: Int64

  init(_ world: World, _ timeline: Timeline, _ promises: [Simulation.Pool]) {
    jobs = world.jobs
    started = world.started
    ended = world.state.indices.map { world.state[$0] == .done ? world.ended[$0] : -1 }
    self.timeline = timeline
    self.promises = promises
    counters = world.counters
    decisions = counters.decisions
    events = counters.events
    evictions = counters.evictions
    failures = counters.failures
    dropped = counters.dropped
    finished = world.state.reduce(0) { $0 + ($1 == .done ? 1 : 0) }
    heldMilliAtEnd = world.heldMilli
    capacityAtEnd = world.capacity
    begin = world.jobs.submit.first ?? 0
    end = world.now
  }

  /// A number that two runs share only if every job had the same times (FNV-1a).
  public var digest: UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for job in started.indices {
      for value in [started[job], ended[job]] {
        hash = (hash ^ UInt64(bitPattern: value)) &* 0x100_0000_01B3
        hash ^= hash >> 29
      }
    }
    return hash
  }
}
