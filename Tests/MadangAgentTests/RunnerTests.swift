import MadangAgent
import MadangEngines
import MadangProgramme
import Synchronization
import Testing

/// An agent before an office that never lets it rest: another state under a new generation with
/// each answer, as fast as it is asked.
struct RunnerTests {
  @Test func `what the centre says holds before the office's next answer is acted on`() {
    let engine = CountingEngine()
    let office = RestlessOffice()
    let loop = AgentLoop(cluster: Made.cluster, instance: Made.instance("a"), mode: .apply)
    var runner = AgentRunner(loop, engine: engine, transport: office)
    for _ in 0..<3 { #expect(runner.turn(at: Instant(0)) == nil) }
    #expect(office.answered == 3)
    #expect(engine.applied == 2)
    // The centre pauses: what was answered last is not applied any more.
    runner.allow(.propose)
    #expect(runner.turn(at: Instant(1)) == Instant(6))
    for second in 6..<600 { _ = runner.turn(at: Instant(Int64(second))) }
    #expect(engine.applied == 2)
    runner.allow(.apply)
    while runner.turn(at: Instant(600)) == nil {}
    #expect(engine.applied > 2)
  }

  @Test func `a round ends, whatever the office answers`() {
    let engine = CountingEngine()
    let office = RestlessOffice()
    let loop = AgentLoop(cluster: Made.cluster, instance: Made.instance("a"), mode: .apply)
    var runner = AgentRunner(loop, engine: engine, transport: office)
    #expect(runner.round(at: Instant(0)) == Instant(5))
    #expect(office.answered == AgentLoop.hurriesMax + 1)
    #expect(engine.applied == AgentLoop.hurriesMax)
  }
}

private final class RestlessOffice: AgentTransport {
  private let count = Mutex<Int64>(0)
  var answered: Int { Int(count.withLock { $0 }) }

  func exchange(_ report: AgentReport) -> Exchange {
    let number = count.withLock { count in
      count += 1
      return count
    }
    return .replied(Made.reply("\(number) 1:\(number % 2 == 0 ? 8 : 16)"))
  }
}

private final class CountingEngine: Engine {
  private let state = Mutex<(desired: DesiredState?, applied: Int)>((nil, 0))
  var kind: EngineKind { .slurm }
  var applied: Int { state.withLock { $0.applied } }

  func apply(_ desired: DesiredState, at: Instant) {
    state.withLock { $0 = (desired, $0.applied + 1) }
  }

  func observe(at: Instant) -> ObservedState {
    ObservedState(
      cluster: Made.cluster, generation: state.withLock { $0.desired?.generation }, at: at,
      allocations: [], devices: DeviceCounts(up: 32))
  }

  func usage(after cursor: UsageCursor, limit: Int, at: Instant) -> UsageBatch {
    UsageBatch(segments: [], next: cursor)
  }
}
