/// The office lets somebody with this key speak for a cluster. One agent a cluster at a time.
public struct AgentEnrolled: Hashable, Sendable {
  public let agent: AgentID
  public let algorithm: Slug
  public let cluster: ClusterID
  /// The public key, in hexadecimal digits.
  public let key: Text

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("agent", agent)
    writer.field("algorithm", algorithm)
    writer.field("cluster", cluster)
    writer.field("key", key)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    agent = try reader.field("agent")
    algorithm = try reader.field("algorithm")
    cluster = try reader.field("cluster")
    key = try reader.field("key")
  }

  init(agent: AgentID, algorithm: Slug, cluster: ClusterID, key: Text) {
    self.agent = agent
    self.algorithm = algorithm
    self.cluster = cluster
    self.key = key
  }
}

/// Who speaks for a cluster.
public struct Agent: Hashable, Sendable {
  public let cluster: ClusterID
  public let algorithm: Slug
  public let key: Text
  public var revoked: Bool
}

/// How a cluster is bound: its engine, who speaks for it, and what changed there last.
public struct ClusterBinding: Hashable, Sendable {
  public var engine: ClusterEngine?
  public var agent: AgentID?
  /// The number of the event that last changed what its engine is to enforce.
  public var generation: Int64

  public init() { generation = 0 }
}
