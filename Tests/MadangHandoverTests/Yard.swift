import Foundation
import MadangEngines
import MadangProgramme
import Testing

/// An operator's yard in a folder of its own: an inventory that can be edited, a simulated operator
/// and the engine that looks at it.
final class Yard {
  static let cluster = ClusterID(1)
  let folder: String
  /// Nothing while its process is gone.
  private var running: HandoverEngine?
  var engine: HandoverEngine { running! }
  /// Seconds; every look moves it on.
  var clock = Instant(7_200)
  private var taken: [UsageSegment] = []
  private var cursor = UsageCursor.start

  init(_ servers: Int, gpus: Int64 = 8) throws {
    folder = NSTemporaryDirectory() + "madang-yard-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let list = (1...servers).map { number in
      Inventory.Server(serial: Yard.serial(number), gpus: gpus, state: .ready, holder: nil)
    }
    try Inventory(simulated: true, servers: list).json.write(
      to: URL(fileURLWithPath: folder + "/inventory.json"))
    running = try Yard.engine(folder)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private static func engine(_ folder: String) throws -> HandoverEngine {
    try HandoverEngine(
      cluster: cluster, model: DeviceModelID(1),
      inventory: .file(path: folder + "/inventory.json"), folder: folder + "/agent",
      digest: digest)
  }

  /// The engine's process ends, and another begins on what is in its folder.
  func restart() throws {
    running = nil
    running = try Yard.engine(folder)
  }

  /// Another process begins on the same folder, beside this one.
  func second() throws -> HandoverEngine { try Yard.engine(folder) }

  /// The folder that the agent keeps is gone: another disk, or another machine.
  func loseFolder() throws {
    try FileManager.default.removeItem(atPath: folder + "/agent")
    try restart()
  }

  static func serial(_ number: Int) -> Text {
    guard let text = try? Text("S\(number < 10 ? "0" : "")\(number)") else {
      preconditionFailure("a serial")
    }
    return text
  }

  /// Not a hash to rely on: any two texts of a test have two.
  static let digest: @Sendable ([UInt8]) -> Digest = { bytes in
    var words: [UInt64] = [1, 2, 3, 4]
    for (index, byte) in bytes.enumerated() {
      words[index % 4] = (words[index % 4] ^ UInt64(byte)) &* 0x100_0000_01B3 &+ UInt64(index)
    }
    let mixed = words.reduce(0) { ($0 ^ $1) &* 0x9E37_79B9_7F4A_7C15 }
    return Digest(words[0] ^ mixed, words[1] &+ mixed, words[2], words[3])
  }

  /// `1:16 2:8!`: who should hold how many GPUs, `!` for suspended.
  func want(_ generation: Int64, _ text: String, from: Int64 = 0, to: Int64 = 1 << 40) throws {
    let rows = text.split(separator: " ").map { word in
      let parts = word.filter { $0 != "!" }.split(separator: ":").map(String.init)
      return DesiredAllocation(
        allocation: AllocationID(Int(parts[0]) ?? 1), limit: .reserved(gpus: Int64(parts[1]) ?? 0),
        suspended: word.hasSuffix("!"), from: Instant(from), to: Instant(to))
    }
    try engine.apply(
      DesiredState(cluster: Yard.cluster, generation: generation, allocations: rows), at: clock)
  }

  /// The operator works once.
  @discardableResult
  func work() throws -> Bool {
    try SimulatedOperator(inventory: folder + "/inventory.json", orders: folder + "/agent").work()
  }

  /// The operator's people change their list by hand.
  func edit(_ change: (inout Inventory) -> Void) throws {
    let file = URL(fileURLWithPath: folder + "/inventory.json")
    var list = try Inventory(json: Data(contentsOf: file))
    change(&list)
    try list.json.write(to: file)
  }

  func set(_ number: Int, _ state: Inventory.State) throws {
    try edit { list in
      for index in list.servers.indices where list.servers[index].serial == Yard.serial(number) {
        list.servers[index].state = state
      }
    }
  }

  /// What is found: `7 1:16/8 up 32 down 8`, with `wiped 1` where there are certificates.
  func look(after seconds: Int64 = 60) throws -> String {
    clock = Instant(clock.seconds + seconds)
    let found = try engine.observe(at: clock)
    var words = [found.generation.map { "\($0)" } ?? "-"]
    for row in found.allocations {
      guard case .reserved(let gpus) = row.limit else { continue }
      words.append(
        "\(row.allocation.number):\(gpus)/\(row.readyGPUs)\(row.suspended ? "!" : "")")
    }
    let devices = found.devices
    for (name, count) in [
      ("up", devices.up), ("down", devices.down), ("maintenance", devices.maintenance),
      ("preparing", devices.preparing),
    ] where count > 0 { words.append("\(name) \(count)") }
    words += found.wiped.map { "wiped \($0.allocation.number)" }
    return words.joined(separator: " ")
  }

  /// Who is asked to have which servers: `S01:1 S02:1`, and what there are too few of.
  func order() throws -> String {
    guard let order = try engine.order() else { return "none" }
    let servers = order.servers.map {
      "\($0.serial.value):\($0.allocation.number)\($0.suspended ? "!" : "")"
    }
    let short = order.short.map { "short \($0.allocation.number):\($0.gpus)" }
    return (servers + short).joined(separator: " ")
  }

  /// Takes over what was metered, and keeps it.
  func take(limit: Int = 1_000) throws {
    while true {
      let batch = try engine.usage(after: cursor, limit: limit, at: clock)
      taken += batch.segments
      cursor = batch.next
      if batch.segments.count < limit { return }
    }
  }

  /// GPU-seconds by allocation as they were taken over; each key once, and no overlap within a job.
  func usage() throws -> [Int32: Int64] {
    try take()
    var sums: [Int32: Int64] = [:]
    var ends: [EngineJob: Instant] = [:]
    var keys: Set<UsageKey> = []
    for row in taken {
      #expect(keys.insert(row.key).inserted, "\(row.key) twice")
      #expect(row.from < row.to && row.from >= ends[row.key.job] ?? row.from)
      #expect(row.from.seconds / 3_600 == (row.to.seconds - 1) / 3_600, "across an hour")
      ends[row.key.job] = row.to
      sums[row.allocation?.number ?? 0, default: 0] +=
        Int64(row.gpus) * (row.to.seconds - row.from.seconds)
    }
    return sums
  }
}
