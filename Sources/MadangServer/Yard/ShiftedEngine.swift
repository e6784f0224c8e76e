import MadangEngines
import MadangProgramme

/// A local engine in an exercise: its jobs run at the machine's time, and are told of at the
/// exercise's, which is so many seconds behind, and is moved on only while no job runs.
struct ShiftedEngine: Engine {
  let engine: LocalEngine
  let clock: YardClock

  var kind: EngineKind { engine.kind }

  func apply(_ desired: DesiredState, at: Instant) throws(EngineFailure) {
    try engine.apply(desired, at: at)
  }

  func observe(at: Instant) throws(EngineFailure) -> ObservedState {
    try engine.observe(at: at)
  }

  func usage(
    after cursor: UsageCursor, limit: Int, at: Instant
  ) throws(EngineFailure) -> UsageBatch {
    let batch = try engine.usage(after: cursor, limit: limit, at: at)
    let behind = clock.behind
    guard behind != 0 else { return batch }
    var segments: [UsageSegment] = []
    for segment in batch.segments {
      do throws(AgentRefusal) {
        segments.append(try segment.moved(by: -behind))
      } catch {
        throw .damaged(reason: "a usage segment's times cannot be")
      }
    }
    return UsageBatch(segments: segments, next: batch.next)
  }
}
