/// What a cluster's usage is judged by when it arrives: facts of the programme, as a value.
public struct MeteredCluster: Sendable {
  public let cluster: ClusterID
  public let model: DeviceModelID
  /// GPUs that it could have at most: a segment of more is absurd.
  public let gpusMax: Int64
  /// Whether the programme has such an allocation at this cluster, or had it there.
  public let knows: @Sendable (AllocationID) -> Bool
  /// Whether its GPUs are another team's, who lends them.
  public let isLent: @Sendable (AllocationID) -> Bool

  public init(
    cluster: ClusterID, model: DeviceModelID, gpusMax: Int64,
    knows: @escaping @Sendable (AllocationID) -> Bool,
    isLent: @escaping @Sendable (AllocationID) -> Bool = { _ in false }
  ) {
    self.cluster = cluster
    self.model = model
    self.gpusMax = gpusMax
    self.knows = knows
    self.isLent = isLent
  }
}

/// What became of a segment that was sent.
public enum SegmentResult: Hashable, Sendable {
  case accepted
  /// It was there already, the same in everything.
  case exists
  case refused(UsageRefusal)
}

extension UsageSegment {
  /// Seconds that a segment may last: agents cut them at least once a day.
  public static let secondsMax: Int64 = 86_400
  /// Seconds that a cluster's clock may be ahead of the server's.
  public static let aheadSecondsMax: Int64 = 300
  /// Seconds beyond those that are waited out: a clock that somebody will set right. A segment that
  /// is further ahead is refused alone, so that it holds up nobody for years.
  public static let passingSecondsMax: Int64 = 3_600

  /// GPU time in it.
  public var gpuSeconds: GPUSeconds { GPUSeconds(Int64(gpus) * (to.seconds - from.seconds)) }

  /// Seconds by which it ends after a moment.
  public func secondsAhead(of at: Instant) -> Int64 { to.seconds - at.seconds }

  /// Why it is not usage of this cluster, received at a moment; nothing where it is. These come
  /// before the question whether it is known already: what is malformed never was stored.
  public func fault(at cluster: MeteredCluster, received: Instant) -> UsageRefusal? {
    if key.cluster != cluster.cluster {
      return .otherCluster(key.cluster, agentOf: cluster.cluster)
    }
    if key.number < 0 { return .badNumber(key.number) }
    if model != cluster.model { return .otherModel(model, cluster: cluster.cluster) }
    if gpus <= 0 || Int64(gpus) > cluster.gpusMax {
      return .absurdGPUs(Int64(gpus), most: cluster.gpusMax)
    }
    if to <= from { return .endsBeforeItBegins }
    if to.seconds - from.seconds > UsageSegment.secondsMax {
      return .tooLong(seconds: to.seconds - from.seconds)
    }
    if from.seconds < 0 { return .beforeTime }
    if secondsAhead(of: received) > UsageSegment.aheadSecondsMax {
      return .inTheFuture(seconds: secondsAhead(of: received))
    }
    if let allocation, !cluster.knows(allocation) { return .unknownAllocation(allocation) }
    return nil
  }

  /// What it is beside a stored one of the same key: the same, or refused by the first field that
  /// differs.
  public func compared(with stored: UsageSegment) -> SegmentResult {
    if allocation != stored.allocation { return .refused(.differs(key.number, .allocation)) }
    if model != stored.model { return .refused(.differs(key.number, .model)) }
    if gpus != stored.gpus { return .refused(.differs(key.number, .gpus)) }
    if from != stored.from { return .refused(.differs(key.number, .from)) }
    if to != stored.to { return .refused(.differs(key.number, .to)) }
    return .exists
  }

  /// Why it cannot stand between its job's neighbours by number; nothing where it can. A gap is
  /// fine: what is missing may come later, or nobody measured it.
  public func fault(after before: UsageSegment?, before after: UsageSegment?) -> UsageRefusal? {
    if let before, before.to > from { return .overlaps(key.number, with: before.key.number) }
    if let after, after.from < to { return .overlaps(key.number, with: after.key.number) }
    return nil
  }
}

/// A segment's content, by field, in the order in which it is compared.
public enum SegmentField: String, Hashable, Sendable, CaseIterable {
  case allocation, model, gpus, from, to
}
