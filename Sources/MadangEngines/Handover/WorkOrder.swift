public import MadangProgramme

/// What the operator is asked to do: which servers should be whose. The operator does it in its own
/// way and says so in its inventory.
public struct WorkOrder: Hashable, Sendable {
  public struct Server: Hashable, Sendable {
    public let serial: Text
    public let allocation: AllocationID
    public let suspended: Bool
  }

  public let generation: Int64
  /// In ascending order of serial. A server that is held and not listed is to be taken back.
  public let servers: [Server]
  /// Allocations for which there were too few servers, and how many GPUs are missing.
  public let short: [Short]

  public struct Short: Hashable, Sendable {
    public let allocation: AllocationID
    public let gpus: Int64
  }

  /// Which servers: those that a team has already and that work, then free ones by serial. The same
  /// inventory and state give the same order.
  ///
  /// Complexity: O(servers + allocations) where servers are of one size.
  public init(_ desired: DesiredState, _ inventory: Inventory, at: Instant) {
    var free: [Inventory.Server] = []
    var held: [AllocationID: [Inventory.Server]] = [:]
    for server in inventory.servers {
      switch (server.holder, server.state) {
      case (nil, .ready): free.append(server)
      case (let holder?, .ready), (let holder?, .suspended):
        held[holder, default: []].append(server)
      default: continue
      }
    }
    var next = 0
    var servers: [Server] = []
    var short: [Short] = []
    for row in desired.allocations {
      guard case .reserved(let gpus) = row.limit, row.from <= at, at < row.to else { continue }
      var left = gpus
      for server in held[row.allocation] ?? [] where server.gpus <= left {
        servers.append(
          Server(serial: server.serial, allocation: row.allocation, suspended: row.suspended))
        left -= server.gpus
      }
      var tooLarge: [Inventory.Server] = []
      while left > 0, next < free.count {
        let server = free[next]
        next += 1
        guard server.gpus <= left else {
          tooLarge.append(server)
          continue
        }
        servers.append(
          Server(serial: server.serial, allocation: row.allocation, suspended: row.suspended))
        left -= server.gpus
      }
      if !tooLarge.isEmpty {
        // Others may still have them.
        free.replaceSubrange(..<next, with: tooLarge)
        next = 0
      }
      if left > 0 { short.append(Short(allocation: row.allocation, gpus: left)) }
    }
    generation = desired.generation
    self.servers = servers.sorted { $0.serial.value < $1.serial.value }
    self.short = short
  }
}

extension WorkOrder: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("generation", generation)
    writer.field("servers", servers)
    writer.field("short", short)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    generation = try reader.field("generation")
    servers = try reader.field("servers")
    short = try reader.field("short")
  }
}

extension WorkOrder.Server: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("allocation", allocation)
    writer.field("serial", serial)
    writer.field("suspended", suspended)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    allocation = try reader.field("allocation")
    serial = try reader.field("serial")
    suspended = try reader.field("suspended")
  }
}

extension WorkOrder.Short: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("allocation", allocation)
    writer.field("gpus", gpus)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    allocation = try reader.field("allocation")
    gpus = try reader.field("gpus")
  }
}
