/// GPUs held for a stretch of whole seconds: what an agent meters and uploads.
///
/// Segments of one job tile: the next begins where the one before it ended, because metering floors
/// both ends to seconds. They are operations, never journaled; a statement seals each hour.
public struct UsageSegment: Hashable, Sendable {
  public let key: UsageKey
  /// Whose entitlement it uses; nothing where the engine ran something that Madang gave nobody.
  public let allocation: AllocationID?
  public let model: DeviceModelID
  public let gpus: Int32
  public let from: Instant
  /// The first second that is no longer in it.
  public let to: Instant

  public init(
    key: UsageKey, allocation: AllocationID?, model: DeviceModelID, gpus: Int32, from: Instant,
    to: Instant
  ) {
    self.key = key
    self.allocation = allocation
    self.model = model
    self.gpus = gpus
    self.from = from
    self.to = to
  }
}

/// What makes a segment the same one however often it is sent.
public struct UsageKey: Hashable, Comparable, Sendable {
  public let cluster: ClusterID
  public let job: EngineJob
  /// 0, 1, 2 … within the job.
  public let number: Int32

  public init(cluster: ClusterID, job: EngineJob, number: Int32) {
    self.cluster = cluster
    self.job = job
    self.number = number
  }

  public static func < (a: Self, b: Self) -> Bool {
    (a.cluster, a.job, a.number) < (b.cluster, b.job, b.number)
  }
}

/// An engine's own name of one run of a job, as 128 bits: a local job's token, a Kubernetes UID, a
/// Slurm job with its restart, a server handed over with the generation that did it.
public struct EngineJob: Hashable, Comparable, Sendable {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  public static func < (a: Self, b: Self) -> Bool { (a.high, a.low) < (b.high, b.low) }

  /// 32 lowercase hexadecimal digits.
  public var hex: String { EngineJob.digits(high) + EngineJob.digits(low) }

  /// Reads `hex`, or nothing for any other text.
  public init?(hex: String) {
    guard hex.utf8.count == 32,
      hex.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) }),
      let high = UInt64(hex.prefix(16), radix: 16), let low = UInt64(hex.suffix(16), radix: 16)
    else { return nil }
    self.init(high: high, low: low)
  }

  private static func digits(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }
}

extension EngineJob: CustomStringConvertible {
  public var description: String { hex }
}

extension EngineJob: Canonical {
  public func write(to writer: inout CanonicalWriter) { writer.hexText(high, low) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    guard let job = EngineJob(hex: try reader.text()) else {
      throw reader.malformed("an engine's job")
    }
    self = job
  }
}

extension UsageSegment: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("allocation", allocation)
    writer.field("cluster", key.cluster)
    writer.field("from", from)
    writer.field("gpus", gpus)
    writer.field("job", key.job)
    writer.field("model", model)
    writer.field("number", key.number)
    writer.field("to", to)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    allocation = try reader.field("allocation")
    let cluster: ClusterID = try reader.field("cluster")
    from = try reader.field("from")
    gpus = try reader.field("gpus")
    let job: EngineJob = try reader.field("job")
    model = try reader.field("model")
    let number: Int32 = try reader.field("number")
    to = try reader.field("to")
    key = UsageKey(cluster: cluster, job: job, number: number)
  }
}
