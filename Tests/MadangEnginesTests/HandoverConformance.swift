import Foundation
import MadangEngines
import MadangProgramme
import Testing

extension EngineFactory {
  /// Four servers of eight GPUs, and an operator that does at once what its order says.
  static let handover = EngineFactory(name: "handover") {
    let folder = try TestFolder()
    let inventory = "\(folder.path)/inventory.json"
    let servers = try (1...4).map { number in
      Inventory.Server(
        serial: try Text("sim-\(number)"), gpus: 8, state: .ready, holder: nil)
    }
    try Inventory(simulated: true, servers: servers).json.write(
      to: URL(fileURLWithPath: inventory))
    return Made(
      cluster: TestCluster.cluster, limit: .reserved(gpus: 8),
      open: {
        HandedOver(
          engine: try HandoverEngine(
            cluster: TestCluster.cluster, model: DeviceModelID(1),
            inventory: .file(path: inventory), folder: "\(folder.path)/engine",
            digest: HandedOver.digest),
          office: SimulatedOperator(inventory: inventory, orders: "\(folder.path)/engine"))
      },
      use: { engine, _, segments in
        // Looked at every ten minutes, for as many whole hours and the part before the first.
        for look in 0...Int64(6 * segments) {
          _ = try engine.observe(at: Instant(TestCluster.now.seconds + look * 600))
        }
      })
  }
}

/// A hand-over with its operator: what was ordered is done before anybody looks.
private struct HandedOver: Engine {
  let engine: HandoverEngine
  let office: SimulatedOperator

  var kind: EngineKind { engine.kind }

  func apply(_ desired: DesiredState, at: Instant) throws(EngineFailure) {
    try engine.apply(desired, at: at)
    while try office.work() {}
  }

  func observe(at: Instant) throws(EngineFailure) -> ObservedState {
    try engine.observe(at: at)
  }

  func usage(
    after cursor: UsageCursor, limit: Int, at: Instant
  ) throws(EngineFailure) -> UsageBatch {
    try engine.usage(after: cursor, limit: limit, at: at)
  }

  /// Enough to tell lists apart: FNV-1a, spread over four words.
  static func digest(_ bytes: [UInt8]) -> Digest {
    func hash(_ seed: UInt64) -> UInt64 {
      bytes.reduce(14_695_981_039_346_656_037 ^ seed) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    }
    return Digest(hash(1), hash(2), hash(3), hash(4))
  }
}
