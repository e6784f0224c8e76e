/// Which node is in which rack, block and cluster. It never changes.
///
/// Nodes are numbered so that every domain is a range of them, and racks and blocks likewise.
/// Racks, blocks and clusters are numbered through as *domains*: racks first, then blocks, then
/// clusters, so that one table holds the sums of all.
struct Topology: Sendable {
  /// For each domain of a level, the first of the level below; one more entry ends the last.
  private(set) var rackStart: [Int32] = []
  private(set) var blockStart: [Int32] = []
  private(set) var clusterStart: [Int32] = []
  private(set) var rackOfNode: [Int32] = []
  private(set) var blockOfRack: [Int32] = []
  private(set) var clusterOfBlock: [Int32] = []
  private(set) var modelOfCluster: [Int32] = []
  private(set) var gpus: [UInt8] = []
  private(set) var clustersOfModel: [[Int32]]
  /// The most GPUs of any node of the cluster.
  private(set) var nodeGPUsMax: [Int32] = []

  var nodeCount: Int { rackOfNode.count }
  var rackCount: Int { blockOfRack.count }
  var blockCount: Int { clusterOfBlock.count }
  var clusterCount: Int { modelOfCluster.count }
  var domainCount: Int { rackCount + blockCount + clusterCount }

  /// `order` gives for every node of this order its place among the nodes as declared.
  init(_ clusters: [ClusterSpec], models: Int, order: inout [Int32]) {
    clustersOfModel = Array(repeating: [], count: models)
    var declared: Int32 = 0
    for (index, cluster) in clusters.enumerated() {
      modelOfCluster.append(cluster.model.value)
      clustersOfModel[cluster.model.int].append(Int32(index))
      clusterStart.append(Int32(blockCount))
      nodeGPUsMax.append(0)
      let sorted = cluster.nodes.indices.sorted { a, b in
        let (x, y) = (cluster.nodes[a], cluster.nodes[b])
        return (x.block, x.rack, a) < (y.block, y.rack, b)
      }
      var last: (block: Int, rack: Int)?
      for node in sorted {
        let spec = cluster.nodes[node]
        if last?.block != spec.block {
          blockStart.append(Int32(rackCount))
          clusterOfBlock.append(Int32(index))
          last = nil
        }
        if last?.rack != spec.rack {
          rackStart.append(Int32(nodeCount))
          blockOfRack.append(Int32(blockCount - 1))
        }
        last = (spec.block, spec.rack)
        order.append(declared + Int32(node))
        rackOfNode.append(Int32(rackCount - 1))
        gpus.append(UInt8(spec.gpus))
        nodeGPUsMax[index] = max(nodeGPUsMax[index], Int32(spec.gpus))
      }
      declared += Int32(cluster.nodes.count)
    }
    rackStart.append(Int32(nodeCount))
    blockStart.append(Int32(rackCount))
    clusterStart.append(Int32(blockCount))
  }

  func cluster(ofNode node: Int) -> Int {
    Int(clusterOfBlock[Int(blockOfRack[Int(rackOfNode[node])])])
  }

  func model(ofNode node: Int) -> Int { Int(modelOfCluster[cluster(ofNode: node)]) }

  /// Ranges of the level below.
  func nodes(ofRack rack: Int) -> Range<Int> { Int(rackStart[rack])..<Int(rackStart[rack + 1]) }
  func racks(ofBlock block: Int) -> Range<Int> {
    Int(blockStart[block])..<Int(blockStart[block + 1])
  }
  func blocks(ofCluster cluster: Int) -> Range<Int> {
    Int(clusterStart[cluster])..<Int(clusterStart[cluster + 1])
  }
  func racks(ofCluster cluster: Int) -> Range<Int> {
    let blocks = blocks(ofCluster: cluster)
    return Int(blockStart[blocks.lowerBound])..<Int(blockStart[blocks.upperBound])
  }
  func nodes(ofCluster cluster: Int) -> Range<Int> {
    let racks = racks(ofCluster: cluster)
    return Int(rackStart[racks.lowerBound])..<Int(rackStart[racks.upperBound])
  }

  /// Numbers among the domains.
  func domain(ofRack rack: Int) -> Int { rack }
  func domain(ofBlock block: Int) -> Int { rackCount + block }
  func domain(ofCluster cluster: Int) -> Int { rackCount + blockCount + cluster }

  /// The parts of a cluster at a level, as numbers of that level.
  func parts(ofCluster cluster: Int, _ level: Level) -> Range<Int> {
    switch level {
    case .node: nodes(ofCluster: cluster)
    case .rack: racks(ofCluster: cluster)
    case .block: blocks(ofCluster: cluster)
    case .cluster: cluster..<(cluster + 1)
    }
  }

  /// The parts one level below a domain.
  func children(of part: Int, _ level: Level) -> Range<Int> {
    switch level {
    case .node: part..<part
    case .rack: nodes(ofRack: part)
    case .block: racks(ofBlock: part)
    case .cluster: blocks(ofCluster: part)
    }
  }

  func domain(_ part: Int, _ level: Level) -> Int {
    switch level {
    case .node, .rack: part
    case .block: rackCount + part
    case .cluster: rackCount + blockCount + part
    }
  }

  /// The domain of a level above nodes in which a node is.
  func domain(ofNode node: Int, _ level: Level) -> Int {
    let rack = Int(rackOfNode[node])
    switch level {
    case .node, .rack: return rack
    case .block: return domain(ofBlock: Int(blockOfRack[rack]))
    case .cluster: return domain(ofCluster: cluster(ofNode: node))
    }
  }

  /// The first and the end of the nodes of a domain.
  func nodes(of part: Int, _ level: Level) -> Range<Int> {
    switch level {
    case .node: part..<(part + 1)
    case .rack: nodes(ofRack: part)
    case .block:
      Int(rackStart[Int(blockStart[part])])..<Int(rackStart[Int(blockStart[part + 1])])
    case .cluster: nodes(ofCluster: part)
    }
  }
}
