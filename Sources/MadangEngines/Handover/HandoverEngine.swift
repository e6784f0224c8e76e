import Foundation
public import MadangProgramme
import Synchronization

/// Whole servers that belong to a team from–to (제공): Madang asks by a work order, the operator
/// acts, and its inventory says what is so.
///
/// ```
///  desired ─▶ order.json ─▶ (the operator works) ─▶ inventory ─▶ observed
///                                                       └──────▶ meter ─▶ usage
/// ```
/// Nothing at the operator's is ever written: the order stands in the agent's own folder.
public final class HandoverEngine: Engine {
  public let kind = EngineKind.handover
  private let cluster: ClusterID
  private let model: DeviceModelID
  private let source: InventorySource
  private let folder: EngineFolder
  private let digest: @Sendable ([UInt8]) -> Digest
  private let meter: Mutex<MeterLog<HandoverMeter>>
  /// Two of them on one folder would each write its own end of the meter's log.
  private let lock: FileLock

  /// `digest` hashes the list of a team's servers and the operator's certificates.
  public init(
    cluster: ClusterID, model: DeviceModelID, inventory source: InventorySource, folder: String,
    digest: @escaping @Sendable ([UInt8]) -> Digest
  ) throws(EngineFailure) {
    self.cluster = cluster
    self.model = model
    self.source = source
    self.digest = digest
    self.folder = try EngineFolder(folder)
    try LocalFiles.sync(upFrom: folder)
    let path = folder + "/lock"
    if !LocalFiles.exists(path) { try LocalFiles.create(path, []) }
    guard let lock = try FileLock(path) else {
      throw .forbidden(reason: "\(folder): another process runs this cluster")
    }
    self.lock = lock
    meter = Mutex(try MeterLog(self.folder, start: HandoverMeter()))
  }

  public func apply(_ desired: DesiredState, at: Instant) throws(EngineFailure) {
    guard desired.cluster == cluster else {
      throw .forbidden(reason: "\(desired.cluster) is not this cluster")
    }
    let order = WorkOrder(desired, try source.read(), at: at)
    let old: WorkOrder? = try self.order()
    if let old, old.generation > order.generation { return }
    guard old != order else { return }
    try folder.write(CanonicalWriter.bytes(of: order), to: HandoverEngine.orderFile)
  }

  /// The order as the operator finds it.
  public func order() throws(EngineFailure) -> WorkOrder? {
    try HandoverEngine.read(HandoverEngine.orderFile, folder)
  }

  /// The order in the folder of an engine that another process runs; nothing where there is none.
  public static func order(in path: String) throws(EngineFailure) -> WorkOrder? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try read(orderFile, try EngineFolder(path))
  }

  public static let orderFile = "order.json"

  public func observe(at: Instant) throws(EngineFailure) -> ObservedState {
    let inventory = try source.read()
    let generation = try order()?.generation
    var held: [AllocationID: [Inventory.Server]] = [:]
    var devices = DeviceCounts()
    for server in inventory.servers {
      switch server.state {
      case .ready, .suspended: devices.up += server.gpus
      case .down: devices.down += server.gpus
      case .maintenance: devices.maintenance += server.gpus
      case .preparing, .wiping: devices.preparing += server.gpus
      }
      if let holder = server.holder { held[holder, default: []].append(server) }
    }
    let allocations = held.keys.sorted().map { observed($0, held[$0] ?? []) }
    let wiped = inventory.wiped.sorted { $0.allocation < $1.allocation }.map {
      WipeCertificate(allocation: $0.allocation, certificate: digest(Array($0.certificate.utf8)))
    }
    try look(inventory, at)
    return ObservedState(
      cluster: cluster, generation: generation, at: at, allocations: allocations,
      devices: devices, wiped: wiped)
  }

  private func observed(
    _ allocation: AllocationID, _ servers: [Inventory.Server]
  ) -> ObservedAllocation {
    let given = servers.filter { $0.state != .wiping }
    // Only wiping is left of it: it lingers until the certificate is there.
    let gpus = given.reduce(0) { $0 + $1.gpus }
    let ready = given.reduce(0) { $1.state == .ready ? $0 + $1.gpus : $0 }
    let list = given.map(\.serial.value).joined(separator: "\n")
    return ObservedAllocation(
      allocation: allocation, limit: .reserved(gpus: gpus),
      suspended: !given.isEmpty && given.allSatisfy { $0.state == .suspended },
      readyGPUs: ready, assets: given.isEmpty ? nil : digest(Array(list.utf8)))
  }

  public func usage(
    after cursor: UsageCursor, limit: Int, at: Instant
  ) throws(EngineFailure) -> UsageBatch {
    try locked { (meter) throws(EngineFailure) in
      if cursor.position > meter.count {
        // The office has more than was ever written here: what this meter knew is lost, or older
        // than what it did. Another begins, with the next look.
        try meter.restart(at: cursor, with: HandoverMeter())
      }
      return try meter.batch(after: cursor, limit: limit)
    }
  }

  // MARK: Metering

  private func look(_ inventory: Inventory, _ at: Instant) throws(EngineFailure) {
    try locked { (meter) throws(EngineFailure) in
      var state = meter.state
      let began = state.began ?? at
      let now = inventory.servers.compactMap { server -> HandoverMeter.Hold? in
        guard let holder = server.holder, server.state == .ready else { return nil }
        let name = digest(Array("\(server.serial.value) \(holder) \(began.seconds)".utf8))
        return HandoverMeter.Hold(
          job: EngineJob(high: name.w0, low: name.w1), allocation: holder,
          gpus: Int32(clamping: server.gpus), number: 0, from: at)
      }.sorted { $0.job < $1.job }
      let segments = state.look(now, cluster: cluster, model: model, at: at)
      guard state != meter.state else { return }
      try meter.advance(to: state, segments)
    }
  }

  /// `withLock` does not carry typed throws across: the failure comes out as a value.
  private func locked<Value: Sendable>(
    _ body: (inout MeterLog<HandoverMeter>) throws(EngineFailure) -> Value
  ) throws(EngineFailure) -> Value {
    try meter.withLock { (meter) -> Result<Value, EngineFailure> in
      do throws(EngineFailure) { return .success(try body(&meter)) } catch {
        return .failure(error)
      }
    }.get()
  }

  private static func read<Value: Canonical>(
    _ name: String, _ folder: EngineFolder
  ) throws(EngineFailure) -> Value? {
    guard let bytes = try folder.bytes(of: name) else { return nil }
    do {
      return try CanonicalReader.value(Value.self, from: bytes)
    } catch {
      throw .damaged(reason: "\(name) in \(folder.path) is not what this engine writes")
    }
  }
}
