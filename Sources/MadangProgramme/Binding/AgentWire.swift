/// The protocol as it stands in HTTP. `docs/agent-protocol.md` says it for other languages.
extension AgentProtocol {
  /// `POST` of an enrolment; a report goes to `…/agent-3/reports`.
  public static let agentsPath = "/api/v1/agents"
  public static func reportsPath(_ agent: AgentID) -> String { "\(agentsPath)/\(agent)/reports" }

  /// Holds the algorithm and, in hexadecimal digits, the signature over the body's bytes:
  /// `ed25519 5f1c…`.
  public static let signatureHeader = "Madang-Signature"

  /// Bytes of a report or a reply. A report of 4,096 segments (at most 230 bytes each) and 15,000
  /// allocations (at most 210) fits.
  public static let messageBytesMax = 4 << 20
  /// Bytes of an enrolment, and of a refusal.
  public static let smallMessageBytesMax = 16 << 10
}

/// A number that a refusal carries beside its words, for a program to act on.
public struct RefusalFact: Hashable, Sendable {
  public let name: Name
  public let value: Int64

  /// The names that there are. Append only.
  public enum Name: String, CaseIterable, Sendable {
    case agent, cluster, cursor, epoch, sequence, speaks, until, version
  }

  init(_ name: Name, _ value: Int64) {
    self.name = name
    self.value = value
  }
}

extension AgentRefusal {
  /// What an agent needs to act on the refusal, in ascending order of names.
  public var facts: [RefusalFact] {
    switch self {
    case .unknownAgent(let agent), .revoked(let agent), .wrongSignature(let agent):
      [RefusalFact(.agent, Int64(agent.number))]
    case .otherCluster(let cluster): [RefusalFact(.cluster, Int64(cluster.number))]
    case .otherVersion(let version, let own):
      [RefusalFact(.speaks, own), RefusalFact(.version, version)]
    case .leaseHeld(let until): [RefusalFact(.until, until.seconds)]
    case .fenced(let epoch): [RefusalFact(.epoch, epoch)]
    case .olderReport(let sequence): [RefusalFact(.sequence, sequence)]
    case .usageMissing(let cursor): [RefusalFact(.cursor, cursor)]
    case .staleTakeover(let newest): [RefusalFact(.until, newest.seconds)]
    case .readAhead(let now): [RefusalFact(.until, now.seconds)]
    case .unreadable, .tooMuch, .badToken, .notKept, .programme: []
    }
  }

  /// The refusal of this code with these facts; nothing where it is none of an agent's own, or a
  /// fact is missing or impossible.
  public init?(code: String, fact: (RefusalFact.Name) -> Int64?) {
    switch code {
    case "MDG-1701": self = .unreadable
    case "MDG-1702", "MDG-1703", "MDG-1704":
      guard let agent: AgentID = AgentRefusal.identifier(fact(.agent)) else { return nil }
      self =
        code == "MDG-1702"
        ? .unknownAgent(agent) : code == "MDG-1703" ? .revoked(agent) : .wrongSignature(agent)
    case "MDG-1705":
      guard let cluster: ClusterID = AgentRefusal.identifier(fact(.cluster)) else { return nil }
      self = .otherCluster(cluster)
    case "MDG-1706":
      guard let version = fact(.version), let own = fact(.speaks) else { return nil }
      self = .otherVersion(version, speaks: own)
    case "MDG-1707": self = .tooMuch
    case "MDG-1708":
      guard let until = AgentRefusal.instant(fact(.until)) else { return nil }
      self = .leaseHeld(until: until)
    case "MDG-1709":
      guard let epoch = AgentRefusal.count(fact(.epoch)) else { return nil }
      self = .fenced(epoch: epoch)
    case "MDG-1710":
      guard let sequence = AgentRefusal.count(fact(.sequence)) else { return nil }
      self = .olderReport(sequence: sequence)
    case "MDG-1711":
      guard let cursor = AgentRefusal.count(fact(.cursor)) else { return nil }
      self = .usageMissing(cursor: cursor)
    case "MDG-1712": self = .badToken
    case "MDG-1713": self = .notKept
    case "MDG-1714":
      guard let newest = AgentRefusal.instant(fact(.until)) else { return nil }
      self = .staleTakeover(newest: newest)
    case "MDG-1715":
      guard let now = AgentRefusal.instant(fact(.until)) else { return nil }
      self = .readAhead(of: now)
    default: return nil
    }
  }

  private static func instant(_ seconds: Int64?) -> Instant? {
    guard let seconds, seconds.magnitude <= UInt64(Limits.integerMax) else { return nil }
    return Instant(seconds)
  }

  /// What an agent goes on counting from.
  private static func count(_ number: Int64?) -> Int64? {
    number.flatMap { (0...AgentProtocol.countMax).contains($0) ? $0 : nil }
  }

  private static func identifier<Kind>(_ number: Int64?) -> Identifier<Kind>? {
    guard let number, (1...Int64(Limits.identifierMax)).contains(number) else { return nil }
    return Identifier(Int(number))
  }
}

/// What the server answers an enrolment: the number under which the key speaks from now on.
public struct AgentAdmitted: Hashable, Record {
  public let agent: AgentID

  public init(agent: AgentID) { self.agent = agent }

  public func writeFields(to writer: inout CanonicalWriter) { writer.field("agent", agent) }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    agent = try reader.field("agent")
  }
}
