/// The protocol between an agent and the office's server: the agent calls, the server answers.
///
/// ```
///  agent                                             server
///    │  report: observed, usage from its cursor, proposals │
///    ├────────────────────────────────────────────────────▶│  who, fence, commit
///    │  reply: epoch, lease, cursor taken over, desired    │
///    │◀────────────────────────────────────────────────────┤
/// ```
/// Messages are canonical bytes, signed with the agent's own key. Anything may be lost, sent twice
/// or come late: a report says all, usage has natural keys, and an older epoch is refused.
public enum AgentProtocol {
  /// What this Madang speaks.
  public static let version: Int64 = 1

  /// A server answers its own version and the one before.
  public static func accepts(_ version: Int64, speaking own: Int64 = version) -> Bool {
    version > 0 && (own - 1...own).contains(version)
  }

  /// Usage segments in one report.
  public static let segmentsMax = 4_096
  /// Proposals in one report.
  public static let proposalsMax = 1_000
  /// The largest epoch, sequence or cursor: half of what is written, so that both sides can count
  /// on from it for ever.
  public static let countMax = Limits.integerMax / 2

  static func check(_ counts: [Int64], _ reader: CanonicalReader) throws(Malformed) {
    guard counts.allSatisfy({ (0...countMax).contains($0) }) else {
      throw reader.malformed("a count")
    }
  }

  /// How long a server keeps a cluster for one instance of its agent without hearing of it.
  public static let leaseSeconds: Int64 = 60
}

/// What an agent may do at its engine: no more than a local policy lets it.
public enum AgentMode: String, CanonicalWord, Hashable, Comparable {
  /// Reads back and meters.
  case observe
  /// Says also what it would change.
  case propose
  /// Changes it.
  case apply

  private var rank: Int {
    switch self {
    case .observe: 0
    case .propose: 1
    case .apply: 2
    }
  }
  public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
}

/// All that an agent has to say.
public struct AgentReport: Hashable, Record {
  public let version: Int64
  public let cluster: ClusterID
  /// This start of the agent: another process, or the same one started again, has another.
  public let instance: EngineJob
  /// The lease's epoch that the server gave; 0 before the first.
  public let epoch: Int64
  /// 1, 2, 3 … within the instance: an older report that comes late is not taken for the newest.
  public let sequence: Int64
  public let mode: AgentMode
  public let observed: ObservedState
  /// Where `segments` begin.
  public let cursor: Int64
  public let next: Int64
  public let segments: [UsageSegment]
  /// Allocations that the agent would change, if it might.
  public let proposals: [AllocationID]

  public init(
    version: Int64 = AgentProtocol.version, cluster: ClusterID, instance: EngineJob,
    epoch: Int64, sequence: Int64, mode: AgentMode, observed: ObservedState, cursor: Int64,
    next: Int64, segments: [UsageSegment], proposals: [AllocationID]
  ) {
    self.version = version
    self.cluster = cluster
    self.instance = instance
    self.epoch = epoch
    self.sequence = sequence
    self.mode = mode
    self.observed = observed
    self.cursor = cursor
    self.next = next
    self.segments = segments
    self.proposals = proposals
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("cluster", cluster)
    writer.field("cursor", cursor)
    writer.field("epoch", epoch)
    writer.field("instance", instance)
    writer.field("mode", mode)
    writer.field("next", next)
    writer.field("observed", observed)
    writer.field("proposals", proposals)
    writer.field("segments", segments)
    writer.field("sequence", sequence)
    writer.field("version", version)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    cluster = try reader.field("cluster")
    cursor = try reader.field("cursor")
    epoch = try reader.field("epoch")
    instance = try reader.field("instance")
    mode = try reader.field("mode")
    next = try reader.field("next")
    observed = try reader.field("observed")
    proposals = try reader.field("proposals")
    segments = try reader.field("segments")
    sequence = try reader.field("sequence")
    version = try reader.field("version")
    try AgentProtocol.check([cursor, next, epoch, sequence], reader)
  }
}

/// What the server answers a report that it took.
public struct AgentReply: Hashable, Record {
  public let version: Int64
  public let epoch: Int64
  public let leaseSeconds: Int64
  /// Usage up to here is on the server's disk.
  public let cursor: Int64
  public let desired: DesiredState
  /// Of the desired state's canonical bytes.
  public let digest: Digest

  public init(
    version: Int64 = AgentProtocol.version, epoch: Int64, leaseSeconds: Int64, cursor: Int64,
    desired: DesiredState, digest: Digest
  ) {
    self.version = version
    self.epoch = epoch
    self.leaseSeconds = leaseSeconds
    self.cursor = cursor
    self.desired = desired
    self.digest = digest
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("cursor", cursor)
    writer.field("desired", desired)
    writer.field("digest", digest)
    writer.field("epoch", epoch)
    writer.field("leaseSeconds", leaseSeconds)
    writer.field("version", version)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    cursor = try reader.field("cursor")
    desired = try reader.field("desired")
    digest = try reader.field("digest")
    epoch = try reader.field("epoch")
    leaseSeconds = try reader.field("leaseSeconds")
    version = try reader.field("version")
    try AgentProtocol.check([cursor, epoch], reader)
  }
}
