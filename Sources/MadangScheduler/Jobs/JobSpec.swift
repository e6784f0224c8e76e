/// How near to each other a job's tasks must or should be.
public enum TopologyWish: Hashable, Sendable {
  /// Anywhere in one cluster, as close as it happens to fit.
  case unconstrained
  /// In one part of the level if it can be had now, else in the next larger.
  case preferred(Level)
  /// In one part of the level, or not at all.
  case required(Level)
}

/// Groups of tasks that must each be inside one part of a level.
public struct Slices: Hashable, Sendable {
  public var tasks: Int32
  public var level: Level

  public init(tasks: Int32, level: Level) {
    self.tasks = tasks
    self.level = level
  }
}

/// What the tasks of a job need, and where. Jobs of one shape fit or don't fit together.
public struct Shape: Hashable, Sendable {
  /// All of them run, or none; the fewest that do, of an elastic job.
  public var tasks: Int32
  /// The most that an elastic job can use; as many as there is room and right for are started.
  public var tasksMax: Int32
  /// Whole devices of each task; 0 where it has a part of one.
  public var gpusPerTask: Int32
  /// The part of one device that each task has instead, in thousandths; never spread over several.
  public var gpuMilliPerTask: Int32
  public var cpuMilliPerTask: Int64
  public var memoryMiBPerTask: Int64
  /// Device models that will do, the preferred first. One job runs on one of them.
  public var models: [ModelIndex]
  /// Whether none of them is preferred: the tightest place of all is taken.
  public var isIndifferent: Bool
  public var topology: TopologyWish
  public var slices: Slices?
  /// Tasks as evenly as can be over the parts they need, instead of filling one after the other.
  public var balanced: Bool

  public init(
    tasks: Int32, gpusPerTask: Int32, gpuMilliPerTask: Int32 = 0, cpuMilliPerTask: Int64 = 0,
    memoryMiBPerTask: Int64 = 0, models: [ModelIndex], topology: TopologyWish = .unconstrained,
    slices: Slices? = nil, balanced: Bool = false, tasksMax: Int32? = nil,
    isIndifferent: Bool = false
  ) {
    self.isIndifferent = isIndifferent
    self.tasks = tasks
    self.tasksMax = tasksMax ?? tasks
    self.gpusPerTask = gpusPerTask
    self.gpuMilliPerTask = gpuMilliPerTask
    self.cpuMilliPerTask = cpuMilliPerTask
    self.memoryMiBPerTask = memoryMiBPerTask
    self.models = models
    self.topology = topology
    self.slices = slices
    self.balanced = balanced
  }

  /// Thousandths of devices, in all.
  var milli: Int64 {
    Int64(tasks) * (Int64(gpusPerTask) * PoolTree.unit + Int64(gpuMilliPerTask))
  }

  /// The shape of a job that runs with so many tasks.
  func with(tasks count: Int32) -> Shape {
    var shape = self
    shape.tasks = count
    shape.tasksMax = count
    return shape
  }
}

/// A shape that a scheduler knows.
public struct ShapeIndex: Hashable, Sendable {
  let value: Int32
  var int: Int { Int(value) }
}

/// A job as it is submitted. Times are in ticks.
public struct JobSpec: Hashable, Sendable {
  public var pool: PoolIndex
  public var shape: ShapeIndex
  /// The longest it runs. Nothing where that isn't known: then `Policy.assumedWalltime` is planned.
  public var walltime: Tick?
  /// Within its pool; higher is served first.
  public var priority: Int32
  /// Whether it may be taken off for others. What may not, may only use what nobody else is
  /// guaranteed.
  public var preemptible: Bool
  /// How long it runs before it may be reclaimed.
  public var minRunTime: Tick
  /// How long before it is taken off it must be told.
  public var notice: Tick
  /// How often it saves its work, from its start on; nothing where it says so itself, or never.
  public var checkpointInterval: Tick?
  /// Not before this moment.
  public var notBefore: Tick
  /// No use in starting where it would not end by this moment.
  public var deadline: Tick?
  /// Jobs that must have ended well first.
  public var after: [JobIndex]
  /// Whether it stands back until `release`, keeping its place.
  public var held: Bool

  public init(
    pool: PoolIndex, shape: ShapeIndex, walltime: Tick? = nil, priority: Int32 = 0,
    preemptible: Bool = false, minRunTime: Tick = 0, notice: Tick = 0,
    checkpointInterval: Tick? = nil, notBefore: Tick = 0, deadline: Tick? = nil,
    after: [JobIndex] = [], held: Bool = false
  ) {
    self.pool = pool
    self.shape = shape
    self.walltime = walltime
    self.priority = priority
    self.preemptible = preemptible
    self.minRunTime = minRunTime
    self.notice = notice
    self.checkpointInterval = checkpointInterval
    self.notBefore = notBefore
    self.deadline = deadline
    self.after = after
    self.held = held
  }
}
