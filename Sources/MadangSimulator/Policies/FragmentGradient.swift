/// Where a task costs the typical jobs least. What a shape costs a node is kept until the node
/// changes.
///
/// Complexity: a look at each node, and an evaluation for each that changed since a task of this
/// shape was last placed.
struct FragmentGradient: Sendable {
  private let table: FragmentTable
  /// Shapes of tasks in the order they are first seen, and each job's.
  private let classOf: [Int32]
  private var known: [Known]
  private let nodeCount: Int
  private let prefersTight: Bool

  private struct Known: Sendable {
    /// Less is better: 100 − score, then what is left where that counts.
    var key = Int64.max
    var version = UInt32.max
    var device: Int32 = -1
  }

  init(_ jobs: Workload, _ nodes: NodeList, prefersTight: Bool) {
    table = FragmentTable(jobs, nodes)
    nodeCount = nodes.count
    self.prefersTight = prefersTight
    let (classOf, classes) = FragmentGradient.classes(jobs, nodes.largest)
    self.classOf = classOf
    known = Array(repeating: Known(), count: classes * nodes.count)
  }

  /// The node of the least key for a task of `need` devices, of equals the highest number; and the
  /// device where the task is a part of one.
  mutating func best(
    for job: Int, _ need: Int32, _ world: borrowing World
  ) -> (node: Int, device: Int?)? {
    let base = (world.jobs.shapes == nil ? Int(need) : Int(classOf[job])) * nodeCount
    var best = -1
    var least = Int64.max - 1
    for node in 0..<nodeCount {
      if known[base + node].version != world.version[node] {
        known[base + node] = evaluate(job, need, node, world)
      }
      if known[base + node].key <= least {
        least = known[base + node].key
        best = node
      }
    }
    guard best >= 0 else { return nil }
    let device = known[base + best].device
    return (best, device < 0 ? nil : Int(device))
  }

  /// What hosting a task costs a node, and on which device.
  private func evaluate(_ job: Int, _ need: Int32, _ node: Int, _ world: World) -> Known {
    var known = Known(version: world.version[node])
    guard world.hasRoom(job, need, on: node) else { return known }
    let (loss, device) = loss(job, need, node, world)
    let milli = world.jobs.shapes == nil ? Int64(need) * 1_000 : world.jobs.milli(job)
    known.key = (100 - table.score(milli * table.total - loss)) << 32
    if prefersTight { known.key += BestFit.left(world, node, job, need) }
    known.device = device
    return known
  }

  /// How much less the node is worth afterwards, on the device that costs least.
  private func loss(
    _ job: Int, _ need: Int32, _ node: Int, _ world: World
  ) -> (loss: Int64, device: Int32) {
    let model = world.nodes.model[node]
    guard let shapes = world.jobs.shapes else {
      let row = table.row(model: model, cpu: .max)
      let free = world.free[node]
      return (
        table.worth(whole: free, row: row) - table.worth(whole: free - need, row: row), -1
      )
    }
    let cpu = world.shared.cpuMilli[node]
    let before = table.row(model: model, cpu: cpu)
    let after = table.row(model: model, cpu: cpu - shapes.cpuMilli[job])
    let base = node * world.shared.stride
    let devices = base..<base + Int(world.nodes.gpus[node])
    let free = world.free[node]
    var worthBefore = table.worth(whole: free, row: before)
    var worthAfter: Int64 = 0
    for device in devices {
      worthBefore += table.worth(part: world.shared.milli[device], row: before)
      worthAfter += table.worth(part: world.shared.milli[device], row: after)
    }
    let part = shapes.gpuMilli[job]
    guard need > 0, part < 1_000 else {
      worthAfter += table.worth(whole: free - need, row: after)
      worthAfter -= Int64(need) * table.worth(part: 1_000, row: after)
      return (worthBefore - worthAfter, -1)
    }
    var least = (loss: Int64.max, device: Int32(-1))
    for device in devices where world.shared.milli[device] >= part {
      let left = world.shared.milli[device]
      let loss =
        worthBefore - worthAfter + table.worth(part: left, row: after)
        - table.worth(part: left - part, row: after)
        - table.worth(whole: free - (left == 1_000 ? 1 : 0), row: after)
      if loss < least.loss { least = (loss, Int32(device - base)) }
    }
    return least
  }

  /// Tasks of one shape share what is known: by shape in a shared trace, else by devices.
  private static func classes(_ jobs: Workload, _ largest: Int32) -> ([Int32], Int) {
    guard let shapes = jobs.shapes else { return ([], Int(largest) + 1) }
    struct Key: Hashable { let cpu, memory, gpus, milli: Int32; let models: UInt64 }
    // A look-up only: numbers are given in the order of the jobs.
    var numbers: [Key: Int32] = [:]
    let classOf = (0..<jobs.count).map { job in
      let key = Key(
        cpu: shapes.cpuMilli[job], memory: shapes.memoryMiB[job], gpus: jobs.gpus[job],
        milli: shapes.gpuMilli[job], models: shapes.models[job])
      let number = numbers[key] ?? Int32(numbers.count)
      numbers[key] = number
      return number
    }
    return (classOf, numbers.count)
  }
}
