/// The parts of a fleet that hold each other, from the smallest.
public enum Level: Int8, Comparable, CaseIterable, Sendable {
  case node, rack, block, cluster
  public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// What a node may be used for.
public enum NodeState: UInt8, Sendable {
  case up
  /// Runs what it runs and takes nothing new.
  case draining
  /// Out of service by decision: what ran on it was taken off.
  case down
  /// Out of service by fault: what ran on it is lost.
  case failed
}

public struct NodeSpec: Hashable, Sendable {
  /// The cluster's blocks and the block's racks, numbered from 0 in order of declaration.
  public var block: Int
  public var rack: Int
  public var gpus: Int
  /// Nothing where the node's processor or memory is not counted.
  public var cpuMilli: Int64?
  public var memoryMiB: Int64?
  public var state: NodeState

  public init(
    block: Int, rack: Int, gpus: Int, cpuMilli: Int64? = nil, memoryMiB: Int64? = nil,
    state: NodeState = .up
  ) {
    self.block = block
    self.rack = rack
    self.gpus = gpus
    self.cpuMilli = cpuMilli
    self.memoryMiB = memoryMiB
    self.state = state
  }
}

/// A cluster: one device model in one place. No job spans two: an engine runs it on one.
public struct ClusterSpec: Hashable, Sendable {
  public var model: ModelIndex
  public var nodes: [NodeSpec]

  public init(model: ModelIndex, nodes: [NodeSpec]) {
    self.model = model
    self.nodes = nodes
  }

  /// A cluster of equal parts.
  public init(
    model: ModelIndex, blocks: Int, racksPerBlock: Int, nodesPerRack: Int, gpusPerNode: Int
  ) {
    var nodes: [NodeSpec] = []
    nodes.reserveCapacity(blocks * racksPerBlock * nodesPerRack)
    for block in 0..<blocks {
      for rack in 0..<racksPerBlock {
        for _ in 0..<nodesPerRack {
          nodes.append(NodeSpec(block: block, rack: rack, gpus: gpusPerNode))
        }
      }
    }
    self.init(model: model, nodes: nodes)
  }
}
