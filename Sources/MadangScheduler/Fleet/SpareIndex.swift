/// The nodes of a cluster that counts processor or memory, by what is left of the processor.
///
///     lists[f]   open nodes with exactly f GPUs free, the least processor left first
///
/// So a question passes over nodes whose devices are free and whose processors are not.
struct SpareIndex: Sendable {
  /// What a node came with; `Fleet.uncounted` where the fleet doesn't say.
  struct Companions: Sendable {
    var cpuMilli: Int64
    var memoryMiB: Int64
  }

  /// Whether any of the nodes counts either; nothing is listed where none does.
  let isCounted: Bool
  /// The least processor that any of the nodes must keep for a free device, or less.
  let leastKept: Int64
  private let firstNode: Int
  private let installed: [Companions]
  private var lists: [SortedItems]

  init(_ cluster: Int, _ topology: Topology, cpuMilli: [Int64], memoryMiB: [Int64]) {
    let nodes = topology.nodes(ofCluster: cluster)
    firstNode = nodes.lowerBound
    installed = nodes.map { Companions(cpuMilli: cpuMilli[$0], memoryMiB: memoryMiB[$0]) }
    isCounted = installed.contains {
      $0.cpuMilli < Fleet.uncounted || $0.memoryMiB < Fleet.uncounted
    }
    leastKept =
      nodes.map { node in
        cpuMilli[node] < Fleet.uncounted
          ? min(Parts.cpuMilliMax, cpuMilli[node] / Int64(topology.gpus[node]) / 4 * 3) : 0
      }.min() ?? 0
    lists = Array(repeating: SortedItems(), count: isCounted ? FreeIndex.counts : 0)
  }

  func installed(_ node: Int) -> Companions { installed[node - firstNode] }

  func list(free: Int) -> SortedItems { lists[free] }

  /// Nodes in all lists, for those who recount.
  var count: Int { lists.reduce(0) { $0 + $1.count } }

  mutating func insert(_ node: Int, free: Int, cpuMilli: Int64) {
    if isCounted { lists[free].insert(SortedItems.Entry(key: cpuMilli, item: Int32(node))) }
  }

  mutating func remove(_ node: Int, free: Int, cpuMilli: Int64) {
    if isCounted { lists[free].remove(SortedItems.Entry(key: cpuMilli, item: Int32(node))) }
  }
}
