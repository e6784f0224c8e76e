/// The fleet as it is now: what every node is, may do and has free. Columns, changed by deltas.
///
/// **Invariant:** a node is in `index` exactly when it is up, with `max(0, free)` GPUs. `free` is
/// below zero where a job was given GPUs that leaving jobs still hold (see `Reclaim`).
struct Fleet: Sendable {
  let topology: Topology
  /// For every node of the fleet's order, its place among the nodes as declared.
  let declared: [Int32]
  private(set) var index: FreeIndex
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
  }

  func isOpen(_ node: Int) -> Bool { state[node] == .up }

  /// GPUs that a job could take now.
  func usable(_ node: Int) -> Int { state[node] == .up ? max(0, Int(free[node])) : 0 }

  /// GPUs that a job could have at the most, if all left who could ever be asked.
  func reclaimable(_ node: Int) -> Int {
    state[node] == .up ? Int(topology.gpus[node]) - Int(fixed[node]) : 0
  }

  /// Counts GPUs that a job holds, or held, as not to be reclaimed.
  mutating func fix(_ node: Int, by gpus: Int) { fixed[node] += Int16(gpus) }

  /// Takes GPUs, processor and memory of a node away.
  mutating func take(_ node: Int, gpus: Int, cpuMilli cpu: Int64, memoryMiB memory: Int64) {
    change(node, by: -gpus)
    cpuMilli[node] -= cpu
    memoryMiB[node] -= memory
  }

  mutating func give(_ node: Int, gpus: Int, cpuMilli cpu: Int64, memoryMiB memory: Int64) {
    change(node, by: gpus)
    cpuMilli[node] += cpu
    memoryMiB[node] += memory
    gains[topology.model(ofNode: node)] += 1
  }

  private mutating func change(_ node: Int, by gpus: Int) {
    let old = max(0, Int(free[node]))
    free[node] += Int16(gpus)
    let new = max(0, Int(free[node]))
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
    if old == .up { index.remove(node, count, topology) }
    capacity[model] -= countedCapacity(node)
    state[node] = new
    capacity[model] += countedCapacity(node)
    if new == .up {
      index.insert(node, count, topology)
      gains[model] += 1
    }
    capacityChanged[model] = true
  }

  private func countedCapacity(_ node: Int) -> Int64 {
    switch state[node] {
    case .up: Int64(topology.gpus[node])
    case .draining: Int64(topology.gpus[node]) - Int64(free[node])
    case .down, .failed: 0
    }
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
