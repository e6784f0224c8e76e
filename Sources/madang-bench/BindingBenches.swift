import MadangAgent
import MadangEngines
import MadangProgramme
import MadangSimulator

/// What binds awards, when nothing changed.
enum BindingBenches {
  /// Both ends of the loop over 10,000 allocations: the agent compares what it found with what
  /// should be, the server computes what should be and finds that a read-back changes nothing.
  static func reconcile() {
    var generator = SeededGenerator(seed: 5)
    var fixture = ProgrammeBenches.large(&generator)
    for model in 1...2 {
      fixture.give(
        .define(
          .cluster(
            ClusterID(model),
            Cluster(
              slug: Fixture.slug("cluster-\(model)"), site: SiteID(model),
              model: DeviceModelID(model), servers: 100_000,
              gpus: Claims(
                first: Figure(
                  value: 800_000, confidence: .announced, source: SourceID(1),
                  on: Fixture.day("2026-01-01"), note: nil))))))
      fixture.give(
        .define(.engine(ClusterID(model), ClusterEngine(kind: .local, simulated: true))))
    }
    for id in fixture.programme.awards.ids {
      let cluster = ClusterID(Int(fixture.programme.awards[id].line.number))
      fixture.give(.allocate(id, cluster, .budget(GPUSeconds(3_600))))
    }
    let count = fixture.programme.allocations.count
    precondition(count == 10_000, "an allocation an award")
    let clusters = [ClusterID(1), ClusterID(2)]
    // A clock that starts late moves a term, which is read back once more.
    for cluster in clusters + clusters {
      fixture.give(.readBack(observed(cluster, fixture.programme)))
    }
    let programme = fixture.programme
    let states = clusters.map { observed($0, programme) }
    let (median, fastest, slowest) = Measure.median(5) {
      let before = Measure.processorSeconds()
      for state in states { round(state, programme) }
      return Measure.processorSeconds() - before
    }
    func text(_ seconds: Double) -> String { Measure.text(seconds * 1_000, 1) }
    Measure.report(
      "reconcile \(count) allocations, nothing changed",
      "\(text(median)) ms of CPU (\(text(fastest))–\(text(slowest)))", bar: "50 ms")
  }

  private static func round(_ state: ObservedState, _ programme: Programme) {
    var loop = AgentLoop(
      cluster: state.cluster, instance: EngineJob(high: 1, low: 1), mode: .apply)
    _ = loop.next(after: .observed(state), at: state.at)
    _ = loop.next(after: .usage(UsageBatch(segments: [], next: .start)), at: state.at)
    let desired = programme.desired(state.cluster)
    let events = try? programme.decide(
      Envelope(by: Fixture.person(1), received: programme.now, command: .readBack(state)))
    precondition(events?.isEmpty == true, "nothing changed")
    let action = loop.next(
      after: .replied(
        AgentReply(
          epoch: 1, leaseSeconds: 60, cursor: 0, desired: desired, digest: Digest(0, 0, 0, 0))),
      at: state.at)
    guard case .wait = action else { preconditionFailure("nothing is to be applied") }
  }

  private static func observed(_ cluster: ClusterID, _ programme: Programme) -> ObservedState {
    let desired = programme.desired(cluster)
    return ObservedState(
      cluster: cluster, generation: desired.generation, at: programme.now,
      allocations: desired.allocations.map { row in
        ObservedAllocation(
          allocation: row.allocation, limit: row.limit, suspended: row.suspended, readyGPUs: 0)
      }, devices: DeviceCounts(up: 800_000))
  }
}
