/// What an engine was found to enforce: read back from it, never repeated from what was asked.
public struct ObservedState: Hashable, Record {
  public let cluster: ClusterID
  /// Of the desired state that the engine holds; nothing before the first.
  public let generation: Int64?
  /// When it was read.
  public let at: Instant
  /// In ascending order of allocation.
  public let allocations: [ObservedAllocation]
  public let devices: DeviceCounts
  /// Wiped since, with certificates: in ascending order of allocation.
  public let wiped: [WipeCertificate]

  public init(
    cluster: ClusterID, generation: Int64?, at: Instant, allocations: [ObservedAllocation],
    devices: DeviceCounts, wiped: [WipeCertificate] = []
  ) {
    self.wiped = wiped
    self.cluster = cluster
    self.generation = generation
    self.at = at
    self.allocations = allocations
    self.devices = devices
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("allocations", allocations)
    writer.field("at", at)
    writer.field("cluster", cluster)
    writer.field("devices", devices)
    writer.field("generation", generation)
    writer.field("wiped", wiped)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    allocations = try reader.field("allocations")
    at = try reader.field("at")
    cluster = try reader.field("cluster")
    devices = try reader.field("devices")
    generation = try reader.field("generation")
    wiped = try reader.field("wiped")
  }
}

/// That what a team left on its servers is gone: the digest of the operator's certificate.
public struct WipeCertificate: Hashable, Record {
  public let allocation: AllocationID
  public let certificate: Digest

  public init(allocation: AllocationID, certificate: Digest) {
    self.allocation = allocation
    self.certificate = certificate
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("allocation", allocation)
    writer.field("certificate", certificate)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    allocation = try reader.field("allocation")
    certificate = try reader.field("certificate")
  }
}

/// One allocation as an engine enforces it.
public struct ObservedAllocation: Hashable, Record {
  public let allocation: AllocationID
  public let limit: AllocationLimit
  public let suspended: Bool
  /// GPUs that the team can use now: of a reservation, those of its servers that work.
  public let readyGPUs: Int64
  /// Of a hand-over: the digest of the list of servers, which both sides confirm.
  public let assets: Digest?

  public init(
    allocation: AllocationID, limit: AllocationLimit, suspended: Bool, readyGPUs: Int64,
    assets: Digest? = nil
  ) {
    self.assets = assets
    self.allocation = allocation
    self.limit = limit
    self.suspended = suspended
    self.readyGPUs = readyGPUs
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("allocation", allocation)
    writer.field("assets", assets)
    writer.field("limit", limit)
    writer.field("readyGPUs", readyGPUs)
    writer.field("suspended", suspended)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    allocation = try reader.field("allocation")
    assets = try reader.field("assets")
    limit = try reader.field("limit")
    readyGPUs = try reader.field("readyGPUs")
    suspended = try reader.field("suspended")
  }
}

/// The GPUs of a cluster, each in exactly one state.
public struct DeviceCounts: Hashable, Record {
  public var up: Int64
  public var down: Int64
  public var maintenance: Int64
  /// Given back and not yet wiped, or being prepared: in no team's hands.
  public var preparing: Int64

  public init(up: Int64 = 0, down: Int64 = 0, maintenance: Int64 = 0, preparing: Int64 = 0) {
    self.up = up
    self.down = down
    self.maintenance = maintenance
    self.preparing = preparing
  }

  public var total: Int64 { up + down + maintenance + preparing }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("down", down)
    writer.field("maintenance", maintenance)
    writer.field("preparing", preparing)
    writer.field("up", up)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    down = try reader.field("down")
    maintenance = try reader.field("maintenance")
    preparing = try reader.field("preparing")
    up = try reader.field("up")
  }
}
