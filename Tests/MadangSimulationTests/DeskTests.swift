import MadangControl
import MadangProgramme
import Testing

/// What the office's desk makes of one report.
struct DeskTests {
  /// One report from the year 2100 made every true one an old one: the cluster counted as
  /// unobserved.
  @Test
  func `a report that was read ahead of the server's time is refused, and taken once it is not`() {
    let now = Base.start.seconds
    var lease = AgentLease()
    let table: [(ahead: Int64, at: Int64, code: String?)] = [
      (301, now, "MDG-1715"), (4_000_000_000, now, "MDG-1715"),
      (Limits.integerMax - now, now, "MDG-1715"), (300, now, nil), (5, now + 5, nil),
      // The programme knows of a later time than the server's clock.
      (300, now - 86_400, nil),
    ]
    // In an exercise too: its times were moved at the door.
    for (sequence, (row, isExercise)) in (table.map { ($0, false) } + table.map { ($0, true) })
      .enumerated()
    {
      let report = DeskTests.report(at: now + row.ahead, sequence: Int64(sequence) + 1)
      do throws(AgentRefusal) {
        let taken = try AgentDesk.take(
          report, from: AgentID(1), by: Base.agents,
          DeskTests.programme(at: now, exercise: isExercise), lease, at: Instant(row.at))
        lease = taken.lease
        #expect(row.code == nil, "\(row)")
      } catch {
        #expect(error.code == row.code, "\(row)")
      }
    }
    #expect(lease.sequence == 12)
  }

  /// The programme at a moment, as an exercise or a real one.
  private static func programme(at now: Int64, exercise: Bool) -> Programme {
    var programme = Programme()
    for leaf in Base.made.leaves {
      var event = leaf.event
      if case .founded(let it) = event {
        event = .founded(
          Charter(
            slug: it.slug, name: it.name, currency: it.currency, dropBelow: it.dropBelow,
            days: it.days, hash: it.hash, signature: it.signature, exercise: exercise))
      }
      programme.apply(event, leaf.header)
    }
    programme.apply(
      .timeAdvanced(Instant(now)),
      Header(
        number: programme.eventCount, at: Instant(now), received: Instant(now), by: Base.clerk))
    return programme
  }

  private static func report(at: Int64, sequence: Int64) -> AgentReport {
    AgentReport(
      cluster: ClusterID(1), instance: EngineJob(high: 1, low: 1), epoch: 0, sequence: sequence,
      mode: .apply,
      observed: ObservedState(
        cluster: ClusterID(1), generation: nil, at: Instant(at), allocations: [],
        devices: DeviceCounts(up: 48)), cursor: 0, next: 0, segments: [], proposals: [])
  }
}
