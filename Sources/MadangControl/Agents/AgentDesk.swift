public import MadangProgramme

/// What the server makes of an agent's report, as a pure function: who it is, whether it is the one
/// to listen to, and what has to be on the disk before it is answered.
///
/// ```
///  report ─▶ known? ─▶ its own cluster? ─▶ not ahead? ─▶ lease ─▶ read-back decided ─▶ Taken
///                                                                                       │ commit
///  reply  ◀───────────────────────────────────────────────────────────────────── reply ◀┘ all
/// ```
public enum AgentDesk {
  /// What a report changes. All of it is committed, and then answered.
  public struct Taken: Sendable {
    public let lease: AgentLease
    /// The read-back as a command; nothing where it changes nothing.
    public let command: Command?
    /// Usage to be recorded, each segment once, whatever was sent before.
    public let segments: [UsageSegment]
  }

  /// Refusals in this order: agent unknown or revoked, another's cluster, read ahead of time, the
  /// lease's, and what the programme does not take.
  public static func take(
    _ report: AgentReport, from id: AgentID, by person: PersonID, _ programme: Programme,
    _ lease: AgentLease, at: Instant, alone: Bool = false
  ) throws(AgentRefusal) -> Taken {
    guard let agent = programme.agents.row(id) else { throw .unknownAgent(id) }
    guard !agent.revoked else { throw .revoked(id) }
    guard report.cluster == agent.cluster, report.observed.cluster == agent.cluster,
      report.segments.allSatisfy({ $0.key.cluster == agent.cluster })
    else { throw .otherCluster(report.cluster) }
    // Taken as the newest, it would make every true report of that time to come an old one. What a
    // machine says in an exercise became the exercise's time at the door.
    let now = programme.time(of: at)
    guard report.observed.at.seconds <= now.seconds + UsageSegment.aheadSecondsMax else {
      throw .readAhead(of: now)
    }
    var lease = lease
    try lease.take(report, at: at, alone: alone)
    if let ahead = report.segments.lazy.map({ $0.secondsAhead(of: at) }).first(where: {
      (1...UsageSegment.passingSecondsMax).contains($0 - UsageSegment.aheadSecondsMax)
    }) {
      // It comes again, and is true by then: taken now, the cursor would pass it for good.
      throw .programme(.usage(.inTheFuture(seconds: ahead)))
    }
    let command = Command.readBack(report.observed)
    let events: [Event]
    do throws(Refusal) {
      events = try programme.decide(Envelope(by: person, received: at, command: command))
    } catch {
      throw .programme(error)
    }
    return Taken(
      lease: lease, command: events.isEmpty ? nil : command, segments: report.segments)
  }

  /// The answer, once everything is on the disk. `digest` is of the desired state's bytes.
  public static func reply(
    _ cluster: ClusterID, _ programme: Programme, _ lease: AgentLease,
    digest: ([UInt8]) -> Digest
  ) -> AgentReply {
    let desired = programme.desired(cluster)
    return AgentReply(
      epoch: lease.epoch, leaseSeconds: AgentProtocol.leaseSeconds, cursor: lease.cursor,
      desired: desired, digest: digest(CanonicalWriter.bytes(of: desired)))
  }
}
