/// What a cluster's engine should enforce: computed from the programme, the same in every process.
///
/// ```
///  programme ──desired──▶ agent ──apply──▶ engine ──read back──▶ observed ──report──▶ programme
/// ```
/// The generation is the number of the event that last changed it: it never goes back, and two
/// different states of one cluster never share one.
public struct DesiredState: Hashable, Record {
  public let cluster: ClusterID
  public let generation: Int64
  /// In ascending order of allocation.
  public let allocations: [DesiredAllocation]

  public init(cluster: ClusterID, generation: Int64, allocations: [DesiredAllocation]) {
    self.cluster = cluster
    self.generation = generation
    self.allocations = allocations
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("allocations", allocations)
    writer.field("cluster", cluster)
    writer.field("generation", generation)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    allocations = try reader.field("allocations")
    cluster = try reader.field("cluster")
    generation = try reader.field("generation")
  }
}

/// One allocation as an engine is to enforce it.
public struct DesiredAllocation: Hashable, Record {
  public let allocation: AllocationID
  /// What the allocation binds to. A suspended one keeps its data and may run nothing.
  public let limit: AllocationLimit
  public let suspended: Bool
  /// When the team may begin, and the first moment that is too late.
  public let from: Instant
  public let to: Instant

  public init(
    allocation: AllocationID, limit: AllocationLimit, suspended: Bool, from: Instant, to: Instant
  ) {
    self.allocation = allocation
    self.limit = limit
    self.suspended = suspended
    self.from = from
    self.to = to
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("allocation", allocation)
    writer.field("from", from)
    writer.field("limit", limit)
    writer.field("suspended", suspended)
    writer.field("to", to)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    allocation = try reader.field("allocation")
    from = try reader.field("from")
    limit = try reader.field("limit")
    suspended = try reader.field("suspended")
    to = try reader.field("to")
  }
}

extension DesiredAllocation {
  /// GPUs of its own that the team is entitled to work with at a moment; nothing of a budget, and
  /// none while it may not work: outside its days, suspended, or over and kept for it to read. What
  /// it goes without then is no delay.
  public func entitledGPUs(at instant: Instant) -> Int64? {
    guard case .reserved(let gpus) = limit, !suspended, from <= instant, instant < to else {
      return nil
    }
    return gpus
  }
}

/// The two ways in which an allocation limits: GPUs of its own (전용 할당), or GPU time to be used on
/// shared ones (이용시간 한도).
public enum AllocationLimit: Hashable, Sendable {
  case reserved(gpus: Int64)
  case budget(GPUSeconds)

  /// GPUs of its own; none of a budget.
  var reservedGPUs: Int64 { if case .reserved(let gpus) = self { gpus } else { 0 } }
}

extension AllocationLimit: Record {
  private enum Kind: String, CanonicalWord {
    case budget, reserved
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    switch self {
    case .reserved(let gpus):
      writer.field("amount", gpus)
      writer.field("kind", Kind.reserved)
    case .budget(let seconds):
      writer.field("amount", seconds)
      writer.field("kind", Kind.budget)
    }
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    let amount: Int64 = try reader.field("amount")
    let kind: Kind = try reader.field("kind")
    switch kind {
    case .reserved: self = .reserved(gpus: amount)
    case .budget: self = .budget(GPUSeconds(amount))
    }
  }
}
