/// One question to the fleet: room for these tasks, on this model, from now until `until`.
struct Ask: Sendable {
  var model: Int
  /// In units of placement: tasks, or slices of them that must share a node.
  var tasks: Int32
  var gpus: Int
  var cpuMilli: Int64
  var memoryMiB: Int64
  /// The smallest and the largest level whose parts are tried.
  var from: Level
  var to: Level
  /// Units that must share one part of `sliceLevel`; 1 where there are no slices.
  var slice: Int32 = 1
  var sliceLevel: Level = .node
  /// Tasks in one unit.
  var tasksPerUnit: Int32 = 1
  var balanced: Bool
  /// When the job ends at the latest; holds that begin before stand in its way.
  var until: Tick

  init(_ shape: Shape, model: Int, until: Tick) {
    self.model = model
    self.until = until
    tasks = shape.tasks
    gpus = Int(shape.gpusPerTask)
    cpuMilli = shape.cpuMilliPerTask
    memoryMiB = shape.memoryMiBPerTask
    balanced = shape.balanced
    switch shape.topology {
    case .unconstrained: (from, to) = (.node, .cluster)
    case .preferred(let level): (from, to) = (level, .cluster)
    case .required(let level): (from, to) = (level, level)
    }
    guard let slices = shape.slices else { return }
    if slices.level == .node {
      // A slice on one node is one large task.
      tasksPerUnit = slices.tasks
      tasks /= slices.tasks
      gpus *= Int(slices.tasks)
      cpuMilli *= Int64(slices.tasks)
      memoryMiB *= Int64(slices.tasks)
    } else {
      slice = slices.tasks
      sliceLevel = slices.level
      from = max(from, slices.level)
    }
  }

  /// Whether GPUs alone decide, so that histograms answer exactly.
  var isPlain: Bool { cpuMilli == 0 && memoryMiB == 0 }

  /// How many units a node with these free amounts holds.
  func units(gpus free: Int, cpuMilli cpu: Int64, memoryMiB memory: Int64) -> Int32 {
    var units = Int32(free / gpus)
    if cpuMilli > 0 { units = min(units, Int32(clamping: cpu / cpuMilli)) }
    if memoryMiB > 0 { units = min(units, Int32(clamping: memory / memoryMiB)) }
    return max(0, units)
  }
}

/// Tasks of a job on a node.
public struct Placed: Hashable, Sendable {
  public let node: NodeIndex
  public let tasks: Int32
  public let gpus: Int32
}
