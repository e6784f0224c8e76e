import Dispatch
import Foundation
import MadangAgent
import MadangControl
public import MadangJournal
public import MadangProgramme

/// Takes what agents report, one report at a time: verified, judged by ``AgentDesk``, committed,
/// and only then answered.
///
/// Usage first, then what was read back, then the lease with its cursor: cut off in between, the
/// agent sends the same again, and each part finds that it has it already.
public final class Desk: AgentDoor {
  /// Seconds between two looks within which a cluster counts as observed.
  public static let silenceSeconds: Int64 = 900
  /// Seconds for which an enrolment token is good: a day.
  public static let tokenSeconds: Int64 = 86_400

  private let journal: Journal
  private let operations: Operations
  private let queue = DispatchQueue(label: "madang.desk")
  /// Told of each segment that was not taken, with the reason.
  private let refused: @Sendable (UsageSegment, SegmentResult) -> Void
  /// Seconds that an exercise is behind the machines' clocks, by which remote agents go.
  private let behind: @Sendable () -> Int64

  public init(
    _ journal: Journal, _ operations: Operations, behind: @escaping @Sendable () -> Int64 = { 0 },
    refused: @escaping @Sendable (UsageSegment, SegmentResult) -> Void = { _, _ in }
  ) {
    self.journal = journal
    self.operations = operations
    self.behind = behind
    self.refused = refused
  }

  // MARK: Reports

  /// A report of an agent that this process runs itself.
  func exchange(
    _ report: AgentReport, from agent: AgentID, at: Instant
  ) -> Result<AgentReply, AgentRefusal> {
    queue.sync { take(report, from: agent, at: at, alone: true) }
  }

  /// Beside the desk's queue: what proves nothing keeps nobody waiting.
  public func proved(
    _ id: AgentID, body: [UInt8], signature: [UInt8]
  ) async -> Result<AgentReport, AgentRefusal> {
    guard let agent = journal.programme.agents.row(id) else { return .failure(.unknownAgent(id)) }
    guard !agent.revoked else { return .failure(.revoked(id)) }
    guard let cryptography = CryptographyProfile.signing(with: agent.algorithm.value),
      let key = Hexadecimal.bytes(agent.key.value),
      cryptography.verify(
        Signature(algorithm: agent.algorithm.value, publicKey: key, bytes: signature), over: body)
    else { return .failure(.wrongSignature(id)) }
    do {
      return .success(try CanonicalReader.value(AgentReport.self, from: body))
    } catch {
      return .failure(.unreadable)
    }
  }

  public func take(
    _ report: AgentReport, of agent: AgentID, at: Instant
  ) async -> Result<AgentReply, AgentRefusal> {
    await withCheckedContinuation { answer in
      queue.async { [self] in answer.resume(returning: heard(report, agent, at)) }
    }
  }

  /// By the exercise's clock, and answered by the agent's.
  private func heard(
    _ report: AgentReport, _ agent: AgentID, _ at: Instant
  ) -> Result<AgentReply, AgentRefusal> {
    let behind = behind()
    do throws(AgentRefusal) {
      let heard = try report.heard(behind: behind)
      return .success(
        try take(heard, from: agent, at: at, alone: false).get().told(behind: behind))
    } catch {
      return .failure(error.told(behind: behind))
    }
  }

  private func take(
    _ report: AgentReport, from agent: AgentID, at: Instant, alone: Bool
  ) -> Result<AgentReply, AgentRefusal> {
    do throws(JournalError) {
      let person = try journal.person(labelled: "\(agent)")
      let programme = journal.programme
      let lease = try operations.lease(of: agent)
      let taken: AgentDesk.Taken
      do throws(AgentRefusal) {
        taken = try AgentDesk.take(
          report, from: agent, by: person, programme, lease, at: at, alone: alone)
      } catch {
        return .failure(error)
      }
      try record(taken.segments, of: report.cluster, programme, at)
      _ = try operations.observe(
        report.observed, desired: programme.desired(report.cluster),
        silenceSeconds: Desk.silenceSeconds, now: Desk.clock(programme, at))
      if let command = taken.command {
        let envelope = Envelope(by: person, received: at, command: command)
        if case .refused(.programme(let refusal)) = try journal.submit([Request(envelope)]).first {
          return .failure(.programme(refusal))
        }
      }
      try operations.keep(taken.lease, of: agent, report.observed)
      return .success(
        AgentDesk.reply(report.cluster, journal.programme, taken.lease) { SHA256.hash($0) })
    } catch {
      return .failure(.notKept)
    }
  }

  /// What the office's clock says: an exercise's may have been moved on by hand.
  private static func clock(_ programme: Programme, _ at: Instant) -> Instant {
    programme.charter?.exercise == true ? programme.time(of: at) : at
  }

  private func record(
    _ segments: [UsageSegment], of cluster: ClusterID, _ programme: Programme, _ at: Instant
  ) throws(JournalError) {
    guard !segments.isEmpty, let metered = programme.metered(cluster) else { return }
    let results = try operations.record(segments, at: metered, received: at)
    for (segment, result) in zip(segments, results) {
      if case .refused = result { refused(segment, result) }
    }
  }

  // MARK: Enrolment

  /// A token with which one agent may enrol for a cluster, within a day. Given beside the office's
  /// process, which finds it in the operations tables.
  public static func token(
    for cluster: ClusterID, _ operations: Operations, at: Instant
  ) throws(JournalError) -> String {
    guard let bytes = try? Ed25519Cryptography().makeSigningKey().publicBytes else {
      throw .randomFailed
    }
    let token = Hexadecimal.text(bytes)
    try operations.admit(
      token: SHA256.hash(Array(token.utf8)), to: cluster,
      until: Instant(at.seconds + Desk.tokenSeconds))
    return token
  }

  public func enrol(
    _ enrolment: AgentEnrolment, at: Instant
  ) async -> Result<AgentID, AgentRefusal> {
    await withCheckedContinuation { answer in
      queue.async { [self] in answer.resume(returning: enrolled(enrolment, at)) }
    }
  }

  private func enrolled(
    _ enrolment: AgentEnrolment, _ at: Instant
  ) -> Result<AgentID, AgentRefusal> {
    guard AgentProtocol.accepts(enrolment.version) else {
      return .failure(.otherVersion(enrolment.version, speaks: AgentProtocol.version))
    }
    guard CryptographyProfile.signing(with: enrolment.algorithm.value) != nil else {
      return .failure(.programme(.allocations(.badKey)))
    }
    do throws(JournalError) {
      let token = SHA256.hash(Array(enrolment.token.value.utf8))
      let words = "\(enrolment.algorithm) \(enrolment.key)"
      let key = SHA256.hash(Array(words.utf8))
      guard let cluster = try operations.use(token: token, by: key, at: at) else {
        return .failure(.badToken)
      }
      // Enrolled already, and the answer was lost: it is the same answer.
      if let agent = journal.programme.agent(
        of: cluster, algorithm: enrolment.algorithm, key: enrolment.key)
      {
        return .success(agent)
      }
      return try enrol(cluster, algorithm: enrolment.algorithm, key: enrolment.key, at: at)
    } catch {
      return .failure(.notKept)
    }
  }

  /// Enrols a key of the office's own choice.
  func enrol(
    _ cluster: ClusterID, algorithm: Slug, key: Text, at: Instant
  ) throws(JournalError) -> Result<AgentID, AgentRefusal> {
    let office = try journal.person(labelled: "office")
    let command = Command.enrolAgent(cluster, algorithm: algorithm, key: key)
    let reply = try journal.submit(
      [Request(Envelope(by: office, received: at, command: command))]
    ).first
    switch reply {
    case .accepted(let receipt):
      if case .agentEnrolled(let body) = receipt.events.first { return .success(body.agent) }
      return .failure(.notKept)
    case .refused(.programme(let refusal)): return .failure(.programme(refusal))
    case .refused, nil: return .failure(.notKept)
    }
  }
}

/// How an embedded agent reaches the office: by a call.
struct DeskTransport: AgentTransport {
  let desk: Desk
  let agent: AgentID
  let clock: @Sendable () -> Instant

  func exchange(_ report: AgentReport) throws(TransportFailure) -> Exchange {
    switch desk.exchange(report, from: agent, at: clock()) {
    case .success(let reply): .replied(reply)
    case .failure(let refusal): .refused(refusal)
    }
  }
}
