/// GPUs that an allocation left and that are nobody's yet: its work has stopped there, what the
/// team left stays readable by rule, then it is wiped, and only then are they free.
///
/// ```
///   transfer ─▶ readable ──(its last day is over)──▶ wiping ──(read back, certificate)──▶ returned
///   resize, override ────────────────────────────────▲
/// ```
/// Of a part that goes while the team works on beside it nothing is kept readable: what it wants to
/// keep it can move.
public struct Departure: Hashable, Sendable {
  public enum Stage: UInt8, Hashable, Sendable, CaseIterable {
    /// The team may read what it left, and work on nothing.
    case readable
    /// It is to be wiped.
    case wiping
    /// Free again.
    case returned
  }

  public let allocation: AllocationID
  public let cluster: ClusterID
  /// What it was held to there.
  public let limit: AllocationLimit
  /// GPUs that nobody else may be promised until they are back.
  public let gpus: Int64
  /// GPUs that it goes on with at the same cluster; nothing where it left altogether.
  public let stays: Int64?
  /// From when it would have held them, and the first day on which it may read no more.
  public let from: Day
  public let readableTo: Day?
  public var stage: Stage
  /// The number of the event that last changed what the engine is to do about it.
  public var generation: Int64
  /// The digest of what certifies the wipe.
  public var certificate: Digest?

  init(_ body: AllocationDeparted, generation: Int64) {
    allocation = body.allocation
    cluster = body.cluster
    limit = body.limit
    gpus = body.gpus
    stays = body.stays
    from = body.from
    readableTo = body.readableTo
    stage = body.readableTo == nil ? .wiping : .readable
    self.generation = generation
    certificate = nil
  }
}

/// An allocation left a cluster, or gave up a part of what it had there.
public struct AllocationDeparted: Hashable, Sendable {
  public let allocation: AllocationID
  public let cluster: ClusterID
  public let departure: DepartureID
  public let from: Day
  public let gpus: Int64
  public let limit: AllocationLimit
  public let readableTo: Day?
  public let stays: Int64?

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("allocation", allocation)
    writer.field("cluster", cluster)
    writer.field("departure", departure)
    writer.field("from", from)
    writer.field("gpus", gpus)
    writer.field("limit", limit)
    writer.field("readableTo", readableTo)
    writer.field("stays", stays)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    allocation = try reader.field("allocation")
    cluster = try reader.field("cluster")
    departure = try reader.field("departure")
    from = try reader.field("from")
    gpus = try reader.field("gpus")
    limit = try reader.field("limit")
    readableTo = try reader.field("readableTo")
    stays = try reader.field("stays")
  }

  init(
    departure: DepartureID, allocation: AllocationID, cluster: ClusterID, limit: AllocationLimit,
    gpus: Int64, stays: Int64?, from: Day, readableTo: Day?
  ) {
    self.departure = departure
    self.allocation = allocation
    self.cluster = cluster
    self.limit = limit
    self.gpus = gpus
    self.stays = stays
    self.from = from
    self.readableTo = readableTo
  }
}

/// The days are over on which a team may read what it left at a cluster: it is to be wiped.
public struct WipeOrdered: Hashable, Sendable {
  public let allocation: AllocationID
  public let cluster: ClusterID
  public let on: Day

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("allocation", allocation)
    writer.field("cluster", cluster)
    writer.field("on", on)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    allocation = try reader.field("allocation")
    cluster = try reader.field("cluster")
    on = try reader.field("on")
  }

  init(allocation: AllocationID, cluster: ClusterID, on: Day) {
    self.allocation = allocation
    self.cluster = cluster
    self.on = on
  }
}

/// What an allocation left is free again: nothing of it is at the engine any more, and what was
/// handed over was wiped.
public struct DepartureReturned: Hashable, Sendable {
  public let certificate: Digest?
  public let departure: DepartureID
  public let on: Day

  func writeBody(to writer: inout CanonicalWriter) {
    writer.field("certificate", certificate)
    writer.field("departure", departure)
    writer.field("on", on)
  }

  init(from reader: inout CanonicalReader) throws(Malformed) {
    certificate = try reader.field("certificate")
    departure = try reader.field("departure")
    on = try reader.field("on")
  }

  init(departure: DepartureID, certificate: Digest?, on: Day) {
    self.departure = departure
    self.certificate = certificate
    self.on = on
  }
}
