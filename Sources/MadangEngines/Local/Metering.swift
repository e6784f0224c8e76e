import MadangProgramme

/// A job's segments, as a pure function of when it ran: one for each hour of the clock, so that a
/// statement of an hour never waits for a job to end, and one for what was left at its end.
///
/// ```
///   09:40:12.7        10:00      11:00      11:20:03.1
///      └────── 0 ──────┴──── 1 ───┴──── 2 ────┘        both ends floored: 09:40:12 … 11:20:03
/// ```
struct MeteredTime: Hashable {
  let from: Instant
  /// Until when it is known to have run.
  let until: Instant
  let hasEnded: Bool

  static let tileSeconds: Int64 = 3_600

  /// The wall clock is read once, at the start; from there the machine's own clock counts. So a
  /// wall clock that jumps meanwhile moves nothing, and no stretch is negative.
  init(start: LocalStart, clockMicroseconds: Int64, hasEnded: Bool) {
    let ran = max(clockMicroseconds - start.clockMicroseconds, 0)
    from = start.at
    until = Instant(floor(start.wallMicroseconds + ran))
    self.hasEnded = hasEnded
  }

  /// The segments from number `first` on that are complete; each `[from, to)`, none empty.
  func segments(from first: Int32) -> [(number: Int32, from: Instant, to: Instant)] {
    let origin = from.seconds - remainder(from.seconds)
    var found: [(Int32, Instant, Instant)] = []
    var number = first
    while true {
      let begin = number == 0 ? from.seconds : origin + Int64(number) * MeteredTime.tileSeconds
      let boundary = origin + (Int64(number) + 1) * MeteredTime.tileSeconds
      let isWhole = boundary <= until.seconds
      let end = isWhole ? boundary : until.seconds
      guard begin < end, isWhole || hasEnded else { return found }
      found.append((number, Instant(begin), Instant(end)))
      number += 1
    }
  }

  private func remainder(_ seconds: Int64) -> Int64 {
    let rest = seconds % MeteredTime.tileSeconds
    return rest < 0 ? rest + MeteredTime.tileSeconds : rest
  }
}

extension LocalBook {
  /// Writes every segment that became complete. What runs was looked at by the last sweep, and is
  /// metered until then.
  mutating func meter() throws(EngineFailure) {
    var segments: [UsageSegment] = []
    for run in sorted where run.gpus > 0 {
      guard let time = time(of: run) else { continue }
      for part in time.segments(from: usage.count(of: run.token)) {
        segments.append(
          UsageSegment(
            key: UsageKey(cluster: usage.cluster, job: run.token, number: part.number),
            allocation: run.allocation, model: run.model, gpus: run.gpus, from: part.from,
            to: part.to))
      }
    }
    try usage.append(segments)
  }

  private func time(of run: LocalRun) -> MeteredTime? {
    switch run.state {
    case .starting: nil
    case .running(let start):
      MeteredTime(
        start: start, clockMicroseconds: seen.clockMicroseconds, hasEnded: false)
    case .ended(let end, let start):
      // What could not start held its slots for a moment, but nobody used them.
      start.flatMap {
        end.reason == .couldNotStart
          ? nil
          : MeteredTime(start: $0, clockMicroseconds: end.clockMicroseconds, hasEnded: true)
      }
    }
  }
}
