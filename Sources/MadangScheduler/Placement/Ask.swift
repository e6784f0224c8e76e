/// One question to the fleet: room for these tasks, on this model, from now until `until`.
struct Ask: Sendable {
  var model: Int
  /// In units of placement: tasks, or slices of them that must share a node.
  var tasks: Int32
  /// Whole devices of a unit; 0 where parts are asked for.
  var gpus: Int
  /// Thousandths of one device for each task; 0 where whole ones are asked for.
  var milli: Int
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
    milli = Int(shape.gpuMilliPerTask)
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

  /// Whether GPUs alone decide, and sums of them, so that histograms answer exactly.
  var isPlain: Bool {
    cpuMilli == 0 && memoryMiB == 0 && (gpus > 0 || (milli > 0 && tasksPerUnit == 1))
  }

  /// Tasks that a whole device holds, where parts are asked for.
  var perDevice: Int { Int(Room.whole) / milli }

  /// How many units the devices of a node hold: `free` whole ones, and `parts` in shared ones.
  func units(free: Int, parts: Int) -> Int32 {
    if gpus > 0 { return Int32(free / gpus) }
    if milli == 0 { return tasks }
    return Int32((free * perDevice + parts) / Int(tasksPerUnit))
  }

  /// How many units the devices of a node hold that has such room.
  func units(_ room: Room) -> Int32 {
    units(free: room.usable, parts: milli > 0 ? Room.tasks(milli, in: room.left) : 0)
  }

  /// How many of the units processor and memory suffice for.
  func units(_ most: Int32, cpuMilli cpu: Int64, memoryMiB memory: Int64) -> Int32 {
    var units = most
    if cpuMilli > 0 { units = min(units, Int32(clamping: cpu / cpuMilli)) }
    if memoryMiB > 0 { units = min(units, Int32(clamping: memory / memoryMiB)) }
    return max(0, units)
  }
}

/// Where tasks are put: on a node, or on one of its devices.
struct Place: Equatable, Sendable {
  var node: Int32
  var tasks: Int32
  /// −1 for whole devices, or where it isn't chosen yet.
  var device: Int32 = -1
}

/// Tasks of a job on a node.
public struct Placed: Hashable, Sendable {
  public let node: NodeIndex
  public let tasks: Int32
  /// Whole devices.
  public let gpus: Int32
  /// Thousandths of devices, whole or not.
  public let milli: Int64
  /// The opened device of the node that its tasks have a part of.
  public let device: Int?
}
