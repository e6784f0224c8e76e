public import MadangProgramme

/// Everything that the order of jobs on one cluster depends on, as a value. Whoever keeps jobs
/// fills it in; `Dispatcher` reads it.
public struct JobQueue: Hashable, Sendable {
  /// In the order of submission.
  public var waiting: [WaitingJob]
  public var running: [RunningJob]
  /// What the engine was found to enforce, in ascending order of allocation.
  public var allocations: [QueueAllocation]
  /// The pools that these are of, in ascending order.
  public var pools: [QueuePool]
  /// What became of the jobs that waiting ones depend on. One that is not in it is unknown.
  public var progress: [JobTask: JobProgress]

  public init(
    waiting: [WaitingJob] = [], running: [RunningJob] = [], allocations: [QueueAllocation] = [],
    pools: [QueuePool] = [], progress: [JobTask: JobProgress] = [:]
  ) {
    self.waiting = waiting
    self.running = running
    self.allocations = allocations
    self.pools = pools
    self.progress = progress
  }
}

/// A job with tasks that have not started.
public struct WaitingJob: Hashable, Sendable {
  public let job: JobID
  public let allocation: AllocationID
  public let model: DeviceModelID
  /// Of each task, as the time limit.
  public let gpus: Int32
  public let timeLimitSeconds: Int64
  /// The tasks of an array that wait, in the order in which they start; nothing: one job.
  public let tasks: [Int32]?
  /// Tasks that may run at once.
  public let taskLimit: Int32?
  public let dependencies: JobDependencies

  public init(
    job: JobID, allocation: AllocationID, model: DeviceModelID, gpus: Int32,
    timeLimitSeconds: Int64, tasks: [Int32]? = nil, taskLimit: Int32? = nil,
    dependencies: JobDependencies = .none
  ) {
    self.job = job
    self.allocation = allocation
    self.model = model
    self.gpus = gpus
    self.timeLimitSeconds = timeLimitSeconds
    self.tasks = tasks
    self.taskLimit = taskLimit
    self.dependencies = dependencies
  }

  /// A job as it was submitted, with what is left of it.
  public init(
    _ spec: JobSpec, job: JobID, allocation: AllocationID, model: DeviceModelID,
    tasks: [Int32]? = nil
  ) {
    self.init(
      job: job, allocation: allocation, model: model, gpus: spec.gpus,
      timeLimitSeconds: spec.timeLimitSeconds, tasks: tasks ?? spec.array?.indices,
      taskLimit: spec.array?.limit, dependencies: spec.dependencies)
  }

  var forecastSeconds: Int64 { Int64(gpus) * timeLimitSeconds }

  /// What of it waits, in the order in which it starts.
  var tasksWaiting: [JobTask] {
    tasks.map { $0.map { JobTask(job, index: $0) } } ?? [JobTask(job)]
  }
}

/// A job that starts or runs, and so has its GPUs.
public struct RunningJob: Hashable, Sendable {
  public let task: JobTask
  public let allocation: AllocationID
  public let model: DeviceModelID
  public let gpus: Int32
  /// When it ends at the latest.
  public let endsBy: Instant

  public init(
    task: JobTask, allocation: AllocationID, model: DeviceModelID, gpus: Int32, endsBy: Instant
  ) {
    self.task = task
    self.allocation = allocation
    self.model = model
    self.gpus = gpus
    self.endsBy = endsBy
  }
}

/// One allocation as the engine enforces it, with what is left of it.
public struct QueueAllocation: Hashable, Sendable {
  public let allocation: AllocationID
  public let suspended: Bool
  public let from: Instant
  public let to: Instant
  public let kind: Kind
  /// Whose part of the programme it is; nothing where that makes no difference.
  public let pool: PoolID?

  public enum Kind: Hashable, Sendable {
    /// GPUs of its own, those that are ready.
    case reserved(model: DeviceModelID, gpus: Int64)
    /// GPU time on what nobody reserved: what neither was used nor is held for running jobs.
    case budget(left: GPUSeconds)
  }

  public init(
    allocation: AllocationID, suspended: Bool, from: Instant, to: Instant, kind: Kind,
    pool: PoolID? = nil
  ) {
    self.allocation = allocation
    self.suspended = suspended
    self.from = from
    self.to = to
    self.kind = kind
    self.pool = pool
  }
}

/// A pool whose allocations share GPUs with those of others.
public struct QueuePool: Hashable, Sendable {
  public let pool: PoolID
  /// Its part of what is shared, against the others'.
  public let weight: Int64

  public init(pool: PoolID, weight: Int64) {
    self.pool = pool
    self.weight = weight
  }
}

/// How far a job that others depend on has come.
public enum JobProgress: Hashable, Sendable {
  case waiting
  case running(since: Instant)
  /// With status 0 or otherwise; `since` is nothing where it never ran.
  case ended(succeeded: Bool, since: Instant?)
}

/// The GPUs of one model that are up, whether they work or not.
public struct ModelGPUs: Hashable, Sendable {
  public let model: DeviceModelID
  public let up: Int64
  /// Of these, kept for reservations that may not use them now.
  public let withheld: Int64

  public init(model: DeviceModelID, up: Int64, withheld: Int64 = 0) {
    self.model = model
    self.up = up
    self.withheld = withheld
  }
}
