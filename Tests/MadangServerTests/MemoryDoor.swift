import MadangControl
import MadangCrypto
import MadangProgramme

@testable import MadangServer

/// The office behind the server, in memory: the programme, leases, tokens and usage that would be
/// on its disk. It outlives a server that stops.
actor MemoryDoor: AgentDoor {
  private(set) var office: Office
  private(set) var leases: [AgentID: AgentLease] = [:]
  private(set) var usage: [UsageKey: UsageSegment] = [:]
  private(set) var reportsTaken = 0
  private var tokens: [Digest: Token] = [:]
  /// Where the disk is full.
  private var isFull = false
  private var isHeld = false
  private var held: [CheckedContinuation<Void, Never>] = []

  private struct Token {
    let cluster: ClusterID
    let until: Instant
    var usedBy: Text?
  }

  /// Seconds that its exercise is behind the clocks of its agents.
  private let behind: Int64

  init(behind: Int64 = 0) throws(Refusal) {
    office = try Office()
    self.behind = behind
  }

  func admit(_ token: String, to cluster: ClusterID, until: Instant) {
    tokens[SHA256.hash(Array(token.utf8))] = Token(cluster: cluster, until: until)
  }

  func fill(_ isFull: Bool) { self.isFull = isFull }

  func give(_ command: Command, at: Instant) throws(Refusal) {
    try office.give(command, at: at)
  }

  /// Reports wait until they are let go.
  func hold() { isHeld = true }
  var waiting: Int { held.count }
  func letGo() {
    isHeld = false
    for continuation in held { continuation.resume() }
    held = []
  }

  func proved(
    _ id: AgentID, body: [UInt8], signature: [UInt8]
  ) async -> Result<AgentReport, AgentRefusal> {
    if isHeld { await withCheckedContinuation { held.append($0) } }
    do throws(AgentRefusal) {
      return .success(try report(id, body, signature))
    } catch {
      return .failure(error)
    }
  }

  func take(
    _ report: AgentReport, of id: AgentID, at: Instant
  ) async -> Result<AgentReply, AgentRefusal> {
    do throws(AgentRefusal) {
      return .success(try take(report, id, at))
    } catch {
      return .failure(error)
    }
  }

  private func report(
    _ id: AgentID, _ body: [UInt8], _ signature: [UInt8]
  ) throws(AgentRefusal) -> AgentReport {
    guard let agent = office.programme.agents.row(id) else { throw .unknownAgent(id) }
    guard !agent.revoked else { throw .revoked(id) }
    guard let cryptography = CryptographyProfile.signing(with: agent.algorithm.value),
      let key = Hexadecimal.bytes(agent.key.value),
      cryptography.verify(
        Signature(algorithm: agent.algorithm.value, publicKey: key, bytes: signature), over: body)
    else { throw .wrongSignature(id) }
    do {
      return try CanonicalReader.value(from: body)
    } catch {
      throw .unreadable
    }
  }

  private func take(
    _ report: AgentReport, _ id: AgentID, _ at: Instant
  ) throws(AgentRefusal) -> AgentReply {
    guard !isFull else { throw .notKept }
    let taken = try AgentDesk.take(
      report.heard(behind: behind), from: id, by: Office.person(99), office.programme,
      leases[id] ?? AgentLease(),
      at: at)
    for segment in taken.segments { usage[segment.key] = segment }
    if let command = taken.command {
      do throws(Refusal) {
        try office.give(command, by: Office.person(99), at: at)
      } catch {
        throw .programme(error)
      }
    }
    leases[id] = taken.lease
    reportsTaken += 1
    return try AgentDesk.reply(report.cluster, office.programme, taken.lease) { SHA256.hash($0) }
      .told(behind: behind)
  }

  func enrol(
    _ enrolment: AgentEnrolment, at: Instant
  ) async -> Result<AgentID, AgentRefusal> {
    guard AgentProtocol.accepts(enrolment.version) else {
      return .failure(.otherVersion(enrolment.version, speaks: AgentProtocol.version))
    }
    let digest = SHA256.hash(Array(enrolment.token.value.utf8))
    guard let token = tokens[digest],
      token.usedBy == enrolment.key || (token.usedBy == nil && at < token.until)
    else { return .failure(.badToken) }
    tokens[digest]?.usedBy = enrolment.key
    if let agent = office.programme.agent(
      of: token.cluster, algorithm: enrolment.algorithm, key: enrolment.key)
    {
      return .success(agent)
    }
    do throws(Refusal) {
      let events = try office.give(
        .enrolAgent(token.cluster, algorithm: enrolment.algorithm, key: enrolment.key), at: at)
      guard case .agentEnrolled(let body)? = events.first else { return .failure(.notKept) }
      return .success(body.agent)
    } catch {
      return .failure(.programme(error))
    }
  }
}
