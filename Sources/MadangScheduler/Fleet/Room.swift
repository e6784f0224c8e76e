/// What is free on a node: whole devices, and what is left of those that parts have opened.
///
///     device   0    1    2   …   31        a device is open, and has a number, as long as a part
///     used    500 1000   0        0        is in it; whole ones are told apart by nobody
///
/// Where a job was given what leaving jobs still hold, `free` is below 0, or more than a whole
/// device in use. Below 0 not every open device is there yet, and nothing more goes into any.
struct Room: Equatable, Sendable {
  /// Twice the devices of a node, so that numbers do where leaving jobs still hold theirs.
  static let devices = 2 * SchedulerLimits.gpusPerNodeMax
  /// Thousandths in a device.
  static let whole: Int16 = 1_000

  var free: Int
  /// Thousandths in use of each opened device; 0 for one that is not open.
  var used: SIMD32<Int16>

  /// The opened devices, a bit each.
  var opened: UInt32 { Room.bits(used) }

  /// Whole devices that a job can have.
  var usable: Int { max(0, free) }

  /// What is left of the opened devices.
  var left: SIMD32<Int16> {
    if free < 0 || used == .zero { return .zero }
    let left = SIMD32(repeating: Room.whole) &- used
    return left.replacing(with: 0, where: (used .== 0) .| (left .< 0))
  }

  static func bits(_ lanes: SIMD32<Int16>) -> UInt32 {
    if lanes == .zero { return 0 }
    var bits: UInt32 = 0
    for lane in 0..<devices where lanes[lane] != 0 { bits |= 1 << UInt32(lane) }
    return bits
  }

  /// Tasks of so many thousandths that fit into what is left of devices.
  static func tasks(_ milli: Int, in left: SIMD32<Int16>) -> Int {
    if left == .zero { return 0 }
    var tasks = 0
    for lane in 0..<devices { tasks += Int(left[lane]) / milli }
    return tasks
  }

  /// A job has its place here again.
  mutating func take(_ row: Residences.Row) {
    guard row.device >= 0 else {
      free -= Int(row.gpus)
      return
    }
    if used[Int(row.device)] == 0 { free -= 1 }
    used[Int(row.device)] += row.milli
  }

  /// What a job had here is free.
  mutating func give(_ row: Residences.Row) {
    guard row.device >= 0 else {
      free += Int(row.gpus)
      return
    }
    used[Int(row.device)] -= row.milli
    if used[Int(row.device)] == 0 { free += 1 }
  }
}

/// The devices that parts have opened, on every node, and an index of what is left of them.
struct Parts: Sendable {
  /// By node; empty until there is a part anywhere, so that a fleet without parts pays nothing.
  private(set) var used: [SIMD32<Int16>] = []
  /// For each cluster, opened devices that a job can have a part of by what is left of them, then
  /// by what is left of the node's processor (`key`). The items are device + 32 × node.
  private(set) var byLeft: [SortedItems]
  /// For each model: opened devices, and thousandths that are left in `byLeft`.
  private(set) var opened: [Int]
  private(set) var left: [Int64]

  init(clusters: Int, models: Int) {
    byLeft = Array(repeating: SortedItems(), count: clusters)
    opened = Array(repeating: 0, count: models)
    left = Array(repeating: 0, count: models)
  }

  func used(on node: Int) -> SIMD32<Int16> { used.isEmpty ? .zero : used[node] }

  func isOpened(on node: Int) -> Bool { !used.isEmpty && used[node] != .zero }

  /// More processor than this is as good as any: where it isn't counted, all are equal.
  static let cpuMilliMax: Int64 = 1 << 48 - 1

  static func key(left: Int64, cpuMilli: Int64) -> Int64 {
    left << 48 | max(0, min(cpuMilli, cpuMilliMax))
  }

  static func left(ofKey key: Int64) -> Int64 { key >> 48 }

  static func cpuMilli(ofKey key: Int64) -> Int64 { key & cpuMilliMax }

  static func node(ofItem item: Int32) -> Int { Int(item) / Room.devices }

  /// Changes what is in use of a device; what was and what is. `isShown`: it is in its order, and
  /// its node's processor isn't counted.
  mutating func change(
    _ node: Int, _ device: Int, by milli: Int16, isShown: Bool, _ topology: Topology
  ) -> (before: Int16, after: Int16) {
    if used.isEmpty { used = Array(repeating: .zero, count: topology.nodeCount) }
    let before = used[node][device]
    let after = before + milli
    precondition(after >= 0, "nobody gives back what was not taken")
    used[node][device] = after
    let model = topology.model(ofNode: node)
    if before == 0 { opened[model] += 1 }
    if after == 0 { opened[model] -= 1 }
    if isShown {
      list(node, device, before, isIn: false, cpuMilli: Parts.cpuMilliMax, topology)
      list(node, device, after, isIn: true, cpuMilli: Parts.cpuMilliMax, topology)
    }
    return (before, after)
  }

  /// A node's devices can be shared again, or no more.
  mutating func show(_ node: Int, _ isShown: Bool, cpuMilli: Int64, _ topology: Topology) {
    if !isOpened(on: node) { return }
    for device in 0..<Room.devices {
      list(node, device, used[node][device], isIn: isShown, cpuMilli: cpuMilli, topology)
    }
  }

  private mutating func list(
    _ node: Int, _ device: Int, _ used: Int16, isIn: Bool, cpuMilli: Int64, _ topology: Topology
  ) {
    guard used > 0, used < Room.whole else { return }
    let rest = Int64(Room.whole - used)
    let entry = SortedItems.Entry(
      key: Parts.key(left: rest, cpuMilli: cpuMilli), item: Int32(node * Room.devices + device))
    let cluster = topology.cluster(ofNode: node)
    let model = Int(topology.modelOfCluster[cluster])
    if isIn {
      byLeft[cluster].insert(entry)
      left[model] += rest
    } else {
      byLeft[cluster].remove(entry)
      left[model] -= rest
    }
  }

  /// Tasks of so many thousandths that opened devices of a cluster hold; counted up to `enough`.
  func tasks(_ cluster: Int, _ milli: Int, enough: Int) -> Int {
    var tasks = 0
    var cursor = byLeft[cluster].cursor(above: Parts.key(left: Int64(milli), cpuMilli: 0) - 1)
    while tasks < enough, let entry = byLeft[cluster].entry(at: cursor) {
      tasks += Int(Parts.left(ofKey: entry.key)) / milli
      byLeft[cluster].advance(&cursor)
    }
    return tasks
  }
}
