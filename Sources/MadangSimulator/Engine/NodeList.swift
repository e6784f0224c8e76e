/// The nodes of a simulated fleet, as columns. What they are, not what runs on them.
public struct NodeList: Sendable {
  /// Devices of each node.
  public var gpus: [Int32] = []
  public var model: [Int32] = []
  public var modelNames: [String] = []
  /// CPU and memory; empty where nobody asks for them.
  public var cpuMilli: [Int32] = []
  public var memoryMiB: [Int32] = []
  /// Rules of the reader that touched something, with how often.
  public var notes: [TraceNote] = []

  public init() {}

  /// `count` nodes alike.
  public init(count: Int, gpus: Int32) {
    self.gpus = Array(repeating: gpus, count: count)
    model = Array(repeating: 0, count: count)
    modelNames = ["gpu"]
  }

  public var count: Int { gpus.count }
  public var deviceCount: Int64 { gpus.reduce(0) { $0 + Int64($1) } }
  public var largest: Int32 { gpus.max() ?? 0 }
}
