@testable import MadangScheduler

/// Whether there is room, by trying every part: no histogram, no order, no cleverness.
enum Oracle {
  /// Whether tasks fit some way, by trying every number on every node of every part: no histogram,
  /// no order, no cleverness.
  static func fits(
    _ shape: Shape, _ clusters: [ClusterSpec], free: (Int, Int) -> Int
  ) -> Bool {
    fits(
      shape, clusters,
      left: { Left(gpus: free($0, $1), cpuMilli: .max, memoryMiB: .max) })
  }

  /// What is left of a node.
  struct Left {
    /// Whole GPUs.
    var gpus: Int
    /// Thousandths left of others.
    var parts: [Int] = []
    var cpuMilli: Int64
    var memoryMiB: Int64

    /// All of a node.
    init(_ node: NodeSpec) {
      gpus = node.gpus
      cpuMilli = node.cpuMilli ?? .max
      memoryMiB = node.memoryMiB ?? .max
    }

    init(
      gpus: Int, parts: [Int] = [], cpuMilli: Int64 = .max, memoryMiB: Int64 = .max
    ) {
      self.gpus = gpus
      self.parts = parts
      self.cpuMilli = cpuMilli
      self.memoryMiB = memoryMiB
    }
  }

  /// The same where processor and memory count.
  static func fits(
    _ shape: Shape, _ clusters: [ClusterSpec], left free: (Int, Int) -> Left
  ) -> Bool {
    for (index, cluster) in clusters.enumerated() where shape.models.contains(cluster.model) {
      var parts: [[Int]]
      let all = Array(cluster.nodes.indices)
      switch shape.topology {
      case .required(.node): parts = all.map { [$0] }
      case .required(.rack):
        parts = groups(all) { (cluster.nodes[$0].block, cluster.nodes[$0].rack) }
      case .required(.block): parts = groups(all) { (cluster.nodes[$0].block, 0) }
      default: parts = [all]
      }
      for part in parts {
        if holds(shape, cluster, part, free: { free(index, $0) }) { return true }
      }
    }
    return false
  }

  private static func groups(_ nodes: [Int], _ key: (Int) -> (Int, Int)) -> [[Int]] {
    var groups: [(key: (Int, Int), nodes: [Int])] = []
    for node in nodes {
      if let at = groups.firstIndex(where: { $0.key == key(node) }) {
        groups[at].nodes.append(node)
      } else {
        groups.append((key(node), [node]))
      }
    }
    return groups.map(\.nodes)
  }

  private static func holds(
    _ shape: Shape, _ cluster: ClusterSpec, _ part: [Int], free: (Int) -> Left
  ) -> Bool {
    func most(_ nodes: [Int]) -> Int { nodes.reduce(0) { $0 + units($1) } }
    func units(_ node: Int) -> Int {
      let left = free(node)
      var units = 1_000_000
      if shape.gpusPerTask > 0 {
        units = left.gpus / Int(shape.gpusPerTask)
      } else if shape.gpuMilliPerTask > 0 {
        let milli = Int(shape.gpuMilliPerTask)
        let devices = left.parts + [Int](repeating: 1_000, count: left.gpus)
        units = devices.reduce(0) { $0 + $1 / milli }
      }
      if shape.cpuMilliPerTask > 0 {
        units = min(units, Int(left.cpuMilli / shape.cpuMilliPerTask))
      }
      if shape.memoryMiBPerTask > 0 {
        units = min(units, Int(left.memoryMiB / shape.memoryMiBPerTask))
      }
      return units
    }
    guard let slices = shape.slices else { return most(part) >= Int(shape.tasks) }
    let slice = Int(slices.tasks)
    var held = 0
    switch slices.level {
    case .node: held = part.reduce(0) { $0 + most([$1]) / slice }
    case .rack:
      held = groups(part) { (cluster.nodes[$0].block, cluster.nodes[$0].rack) }
        .reduce(0) { $0 + most($1) / slice }
    case .block:
      held = groups(part) { (cluster.nodes[$0].block, 0) }.reduce(0) { $0 + most($1) / slice }
    case .cluster: held = most(part) / slice
    }
    return held >= Int(shape.tasks) / slice
  }
}
