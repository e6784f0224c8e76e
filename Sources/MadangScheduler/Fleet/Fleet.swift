/// The fleet as it is now: what every node is, may do and has free. Columns, changed by deltas.
///
/// **Invariant:** a node is in `index` exactly when it is up, with `max(0, free)` GPUs, and so in
/// `spare` where its cluster counts processor or memory. `free` is below zero where a job was given
/// GPUs that leaving jobs still hold (see `Reclaim`).
struct Fleet: Sendable {
  let topology: Topology
  /// For every node of the fleet's order, its place among the nodes as declared.
  let declared: [Int32]
  private(set) var index: FreeIndex
  /// By cluster; empty where none counts processor or memory, so that such a fleet pays nothing.
  private(set) var spare: [SpareIndex] = []
  /// Devices that are shared.
  private(set) var parts: Parts
  private(set) var state: [NodeState]
  private(set) var free: [Int16]
  /// GPUs of jobs that cannot be reclaimed.
  private(set) var fixed: [Int16]
  /// Free processor and memory; `uncounted` where the fleet doesn't say.
  private(set) var cpuMilli: [Int64]
  private(set) var memoryMiB: [Int64]
  /// For each model, GPUs that can be used: all of nodes that are up, and those in use on draining
  /// ones.
  private(set) var capacity: [Int64]
  /// For each model, the GPUs of nodes in any state.
  let installed: [Int64]
  /// For each model, raised whenever something became free: what did not fit before, may now.
  private(set) var gains: [UInt64]
  /// For each model, whether the capacity changed since shares were divided last.
  var capacityChanged: [Bool]

  static let uncounted: Int64 = 1 << 60

  init(_ clusters: [ClusterSpec], models: Int) {
    var order: [Int32] = []
    let topology = Topology(clusters, models: models, order: &order)
    self.topology = topology
    declared = order
    index = FreeIndex(topology)
    parts = Parts(clusters: clusters.count, models: models)
    let count = topology.nodeCount
    free = topology.gpus.map { Int16($0) }
    fixed = Array(repeating: 0, count: count)
    let specs = clusters.flatMap(\.nodes)
    cpuMilli = order.map { specs[Int($0)].cpuMilli ?? Fleet.uncounted }
    memoryMiB = order.map { specs[Int($0)].memoryMiB ?? Fleet.uncounted }
    state = order.map { specs[Int($0)].state }
    capacity = Array(repeating: 0, count: models)
    var installed = capacity
    gains = Array(repeating: 0, count: models)
    capacityChanged = Array(repeating: true, count: models)
    for node in 0..<count {
      let model = topology.model(ofNode: node)
      installed[model] += Int64(topology.gpus[node])
      if state[node] == .up {
        index.insert(node, Int(topology.gpus[node]), topology)
        capacity[model] += Int64(topology.gpus[node])
      }
    }
    self.installed = installed
    let spare = clusters.indices.map {
      SpareIndex($0, topology, cpuMilli: cpuMilli, memoryMiB: memoryMiB)
    }
    guard spare.contains(where: \.isCounted) else { return }
    self.spare = spare
    for node in 0..<count { show(node, true) }
  }

  /// Whether any node counts processor or memory.
  var hasCompanions: Bool { !spare.isEmpty }

  func isOpen(_ node: Int) -> Bool { state[node] == .up }

  /// What is free on a node, whatever state it is in.
  func room(_ node: Int) -> Room { Room(free: Int(free[node]), used: parts.used(on: node)) }

  /// What a job could take now.
  func openRoom(_ node: Int) -> Room {
    if state[node] != .up { return Room(free: 0, used: .zero) }
    return room(node)
  }

  /// Whether parts may go into devices that are open.
  func isSharable(_ node: Int) -> Bool { state[node] == .up && free[node] >= 0 }

  /// GPUs that a job could take now.
  func usable(_ node: Int) -> Int { state[node] == .up ? max(0, Int(free[node])) : 0 }

  /// GPUs that a job could have at the most, if all left who could ever be asked.
  func reclaimable(_ node: Int) -> Int {
    state[node] == .up ? Int(topology.gpus[node]) - Int(fixed[node]) : 0
  }

  /// Counts GPUs that a job holds, or held, as not to be reclaimed.
  mutating func fix(_ node: Int, by gpus: Int) { fixed[node] += Int16(gpus) }

  /// Takes what tasks of a job have on a node: devices or parts of them, processor and memory.
  mutating func take(_ row: Residences.Row, _ shape: Shape) {
    let node = Int(row.node)
    if hasCompanions { show(node, false) }
    if row.device < 0 {
      change(node, by: -Int(row.gpus))
    } else {
      change(node, Int(row.device), by: row.milli)
    }
    cpuMilli[node] -= Int64(row.tasks) * shape.cpuMilliPerTask
    memoryMiB[node] -= Int64(row.tasks) * shape.memoryMiBPerTask
    if hasCompanions { show(node, true) }
  }

  mutating func give(_ row: Residences.Row, _ shape: Shape) {
    let node = Int(row.node)
    if hasCompanions { show(node, false) }
    if row.device < 0 {
      change(node, by: Int(row.gpus))
    } else {
      change(node, Int(row.device), by: -row.milli)
    }
    cpuMilli[node] += Int64(row.tasks) * shape.cpuMilliPerTask
    memoryMiB[node] += Int64(row.tasks) * shape.memoryMiBPerTask
    if hasCompanions { show(node, true) }
    gains[topology.model(ofNode: node)] += 1
  }

  /// The first part opens a device, which is whole again when the last one leaves.
  private mutating func change(_ node: Int, _ device: Int, by milli: Int16) {
    let (before, after) = parts.change(
      node, device, by: milli, isShown: isSharable(node) && !hasCompanions, topology)
    if before == 0 { change(node, by: -1) }
    if after == 0 { change(node, by: 1) }
  }

  private mutating func change(_ node: Int, by gpus: Int) {
    let wasSharable = isSharable(node)
    let old = max(0, Int(free[node]))
    free[node] += Int16(gpus)
    let new = max(0, Int(free[node]))
    if isSharable(node) != wasSharable, !hasCompanions {
      parts.show(node, !wasSharable, cpuMilli: Parts.cpuMilliMax, topology)
    }
    switch state[node] {
    case .up: index.move(node, from: old, to: new, topology)
    case .draining:
      let model = topology.model(ofNode: node)
      capacity[model] -= Int64(gpus)
      capacityChanged[model] = true
    case .down, .failed: break
    }
  }

  /// Changes a node's state. What runs on a node that goes down must have been taken off before.
  mutating func set(_ node: Int, _ new: NodeState) {
    let old = state[node]
    if old == new { return }
    let model = topology.model(ofNode: node)
    let count = max(0, Int(free[node]))
    show(node, false)
    if old == .up { index.remove(node, count, topology) }
    capacity[model] -= countedCapacity(node)
    state[node] = new
    show(node, true)
    capacity[model] += countedCapacity(node)
    if new == .up {
      index.insert(node, count, topology)
      gains[model] += 1
    }
    capacityChanged[model] = true
  }

  /// What is left of a node's processor; `uncounted` where it isn't counted, whoever runs there.
  func spareCPUMilli(_ node: Int) -> Int64 {
    if !hasCompanions { return Fleet.uncounted }
    let installed = spare[topology.cluster(ofNode: node)].installed(node)
    return installed.cpuMilli < Fleet.uncounted ? cpuMilli[node] : Fleet.uncounted
  }

  /// Puts a node that is up, and what is left of its devices, into the orders by what is left of
  /// its processor, or takes it out.
  private mutating func show(_ node: Int, _ isShown: Bool) {
    guard state[node] == .up else { return }
    let spareMilli = spareCPUMilli(node)
    if isSharable(node) { parts.show(node, isShown, cpuMilli: spareMilli, topology) }
    if !hasCompanions { return }
    let cluster = topology.cluster(ofNode: node)
    if isShown {
      spare[cluster].insert(node, free: usable(node), cpuMilli: spareMilli)
    } else {
      spare[cluster].remove(node, free: usable(node), cpuMilli: spareMilli)
    }
  }

  /// Whether a node that has taken all of a question would be short: of processor or memory, for
  /// what is free of its devices then, below three quarters of what it came with for as much.
  func isShort(_ node: Int, _ ask: Ask) -> Bool {
    if !hasCompanions { return false }
    let installed = spare[topology.cluster(ofNode: node)].installed(node)
    let (units, tasks) = (Int64(ask.tasks), Int64(ask.tasks) * Int64(ask.tasksPerUnit))
    let taken = units * Int64(ask.gpus) * PoolTree.unit + tasks * Int64(ask.milli)
    let room = openRoom(node)
    let free = Int64(room.usable) * PoolTree.unit + Int64(room.left.wrappedSum()) - taken
    let devices = Int64(topology.gpus[node]) * PoolTree.unit
    func isShort(_ left: Int64, of installed: Int64) -> Bool {
      installed < Fleet.uncounted
        && Int128(4 * left) * Int128(devices) < Int128(3 * installed) * Int128(free)
    }
    return isShort(cpuMilli[node] - units * ask.cpuMilli, of: installed.cpuMilli)
      || isShort(memoryMiB[node] - units * ask.memoryMiB, of: installed.memoryMiB)
  }

  private func countedCapacity(_ node: Int) -> Int64 {
    switch state[node] {
    case .up: Int64(topology.gpus[node])
    case .draining: Int64(topology.gpus[node]) - Int64(free[node])
    case .down, .failed: 0
    }
  }

  /// How many units of a question a part holds at the most, by devices alone: exact where the
  /// question is plain, and the part a cluster or its devices whole. O(1), or O(opened devices
  /// with room) where parts are asked for.
  func unitsAtMost(_ domain: Int, _ cluster: Int, _ ask: Ask) -> Int32 {
    if ask.gpus > 0 {
      return index.tasks(domain, gpus: ask.gpus, nodeMax: Int(topology.nodeGPUsMax[cluster]))
    }
    if ask.milli == 0 { return .max }
    var tasks = Int(index.free[domain]) * ask.perDevice
    let enough = Int(ask.tasks) * Int(ask.tasksPerUnit)
    if tasks < enough { tasks += parts.tasks(cluster, ask.milli, enough: enough - tasks) }
    return Int32(clamping: tasks / Int(ask.tasksPerUnit))
  }

  /// Marks that something may be possible that was not, though nothing became free: a hold ended.
  mutating func noteGain(_ model: Int) { gains[model] += 1 }

  /// After a look ahead: nothing became free after all.
  mutating func restoreGains(_ model: Int, _ gains: UInt64) { self.gains[model] = gains }

  /// Free GPUs of a model, on nodes that may take work. O(clusters of the model).
  func freeGPUs(_ model: Int) -> Int64 {
    topology.clustersOfModel[model].reduce(0) {
      $0 + Int64(index.free[topology.domain(ofCluster: Int($1))])
    }
  }
}
