/// Nodes by what is left of their processors, where the fleet counts any.
///
///     lists[cluster × 17 + f]   open nodes with exactly f GPUs free, the least processor left first
///
/// So a question passes over nodes whose devices are free and whose processors are not. A cluster
/// that counts neither processor nor memory has no list, and costs nothing.
struct SpareIndex: Sendable {
  /// For each cluster, whether any of its nodes counts processor or memory.
  let isCounted: [Bool]
  let countsAny: Bool
  /// For each cluster, the least processor that any node must keep for a free device.
  let leastKept: [Int64]
  private var lists: [SortedItems]

  init(_ topology: Topology, cpuMilli: [Int64], memoryMiB: [Int64]) {
    var isCounted = [Bool](repeating: false, count: topology.clusterCount)
    var leastKept = [Int64](repeating: .max, count: topology.clusterCount)
    for node in 0..<topology.nodeCount {
      let cluster = topology.cluster(ofNode: node)
      let countsCPU = cpuMilli[node] < Fleet.uncounted
      if countsCPU || memoryMiB[node] < Fleet.uncounted { isCounted[cluster] = true }
      let kept = countsCPU ? cpuMilli[node] / Int64(topology.gpus[node]) / 4 * 3 : 0
      leastKept[cluster] = min(leastKept[cluster], kept)
    }
    self.isCounted = isCounted
    self.leastKept = leastKept
    countsAny = isCounted.contains(true)
    lists =
      countsAny
      ? Array(repeating: SortedItems(), count: topology.clusterCount * FreeIndex.counts) : []
  }

  func list(_ cluster: Int, free: Int) -> SortedItems { lists[cluster * FreeIndex.counts + free] }

  /// Nodes in all lists, for those who recount.
  var count: Int { lists.reduce(0) { $0 + $1.count } }

  mutating func insert(_ node: Int, _ cluster: Int, free: Int, cpuMilli: Int64) {
    guard isCounted[cluster] else { return }
    lists[cluster * FreeIndex.counts + free].insert(
      SortedItems.Entry(key: cpuMilli, item: Int32(node)))
  }

  mutating func remove(_ node: Int, _ cluster: Int, free: Int, cpuMilli: Int64) {
    guard isCounted[cluster] else { return }
    lists[cluster * FreeIndex.counts + free].remove(
      SortedItems.Entry(key: cpuMilli, item: Int32(node)))
  }
}
