/// The system that runs things at a cluster, and so how an allocation binds there.
public enum EngineKind: String, CanonicalWord, Hashable {
  /// Whole servers belong to a team from–to (제공); the operator's inventory says so.
  case handover
  /// Jobs as processes on one machine, embedded in Madang.
  case local
  case slurm
  case kubernetes
}

/// Which engine a cluster has.
public struct ClusterEngine: Hashable, Record {
  public let kind: EngineKind
  /// Its devices are pretended; shown as such wherever they show.
  public let simulated: Bool

  public init(kind: EngineKind, simulated: Bool) {
    self.kind = kind
    self.simulated = simulated
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("kind", kind)
    writer.field("simulated", simulated)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    kind = try reader.field("kind")
    simulated = try reader.field("simulated")
  }
}
