public import MadangProgramme

/// What `dispatch` found: which tasks start, and why each other job waits.
public struct QueueDecision: Hashable, Sendable {
  /// In the order in which they start, lane by lane; before them what needs no GPU.
  public var starts: [JobTask] = []
  /// Of every job with tasks that still wait, in the order of submission: why its next one does.
  /// All numbers are of one moment, when everything that starts has started.
  public var waits: [Wait] = []

  public struct Wait: Hashable, Sendable {
    public let task: JobTask
    public let reason: WaitReason
  }
}

/// One decision from nothing; `Dispatcher` decides the same, knowing what it was told before.
public func dispatch(_ queue: JobQueue, gpus: [ModelGPUs], now: Instant) -> QueueDecision {
  Dispatcher().decide(queue, gpus: gpus, now: now)
}

/// Who starts now on one cluster, decided by the scheduler's core.
///
/// ```
///  queue ─▶ lanes: each reservation one, and one for what nobody reserved of each model
///             ├─ what came, ended or changed since the last time ─▶ its scheduler ─▶ starts
///             └─ one reason a job ◀──────────────────────────────────────────────────┘
/// ```
/// A lane's jobs start first in, first out, with backfill that never delays whoever is next; where
/// allocations of several pools share it, the pools take turns by what each uses for its weight.
/// What the core cannot know is decided here: whether an allocation may run at all, what a job
/// depends on, how many tasks of an array may run at once, whose GPUs the jobs of other lanes have.
///
/// **Invariant:** it remembers only to be quick. Whatever the queue says is so, and a new
/// dispatcher given the same queue decides the same.
///
/// Costs O(waiting + running) to compare with what is known; the core is only told differences.
public final class Dispatcher {
  /// Of the models, then of the reservations by allocation.
  private var lanes: [Lane] = []

  public init() {}

  public func decide(
    _ queue: JobQueue, gpus: [ModelGPUs], now: Instant
  ) -> QueueDecision {
    var round = DispatchRound(queue, now: now)
    let plans = LanePlan.plans(queue, gpus)
    lanes = plans.map { plan in
      lanes.first { $0.plan == plan } ?? Lane(plan, now: now)
    }
    let running = plans.map { plan in round.running(in: plan) }
    let overrun = Overrun(plans, running, gpus)
    for (place, lane) in lanes.enumerated() {
      round.decide(lane, running[place], guests: overrun.guests[place])
    }
    round.explain(lanes)
    return round.result
  }
}

/// One decision on the way.
private struct DispatchRound {
  let queue: JobQueue
  let now: Instant
  var result = QueueDecision()
  private var allocations: [AllocationID: QueueAllocation] = [:]
  /// For each waiting job, by its place, why none of its tasks may start whatever runs.
  private var standing: [WaitReason?] = []
  private var tasksRunning: [JobID: Int32] = [:]
  /// GPU-seconds left to promise.
  private var left: [AllocationID: Int64] = [:]
  private var started: [JobID: Int] = [:]

  init(_ queue: JobQueue, now: Instant) {
    self.queue = queue
    self.now = now
    for allocation in queue.allocations {
      allocations[allocation.allocation] = allocation
      if case .budget(let seconds) = allocation.kind {
        left[allocation.allocation] = max(0, seconds.count)
      }
    }
    for running in queue.running { tasksRunning[running.task.job, default: 0] += 1 }
    for job in queue.waiting {
      let reason = job.standing(allocations[job.allocation], queue.progress, now: now)
      standing.append(reason)
      if job.gpus == 0, reason == nil { startWithoutGPUs(job) }
    }
  }

  /// What needs no GPU waits for none.
  private mutating func startWithoutGPUs(_ job: WaitingJob) {
    for task in job.tasksWaiting.prefix(mayStart(job)) { note(task, job) }
  }

  /// How many more tasks of a job may run.
  private func mayStart(_ job: WaitingJob) -> Int {
    job.taskLimit.map { max(0, Int($0 - (tasksRunning[job.job] ?? 0))) } ?? .max
  }

  private mutating func note(_ task: JobTask, _ job: WaitingJob) {
    result.starts.append(task)
    tasksRunning[job.job, default: 0] += 1
    started[job.job, default: 0] += 1
    left[job.allocation]? -= job.forecastSeconds
  }

  func running(in plan: LanePlan) -> [RunningJob] {
    queue.running.filter { plan.serves($0, allocations) }
  }

  /// Tells a lane what is so, and takes over what it starts.
  mutating func decide(_ lane: Lane, _ running: [RunningJob], guests: [RunningJob]) {
    var waiting: [Lane.Waiting] = []
    var jobs: [JobID: Int] = [:]
    for (place, job) in queue.waiting.enumerated()
    where job.gpus > 0 && lane.plan.serves(job, allocations) {
      jobs[job.job] = place
      // What is too large would only keep room that it never gets.
      let mayEver = standing[place] == nil && Int64(job.gpus) <= lane.plan.capacity
      let free = mayEver ? mayStart(job) : 0
      for (index, task) in job.tasksWaiting.enumerated() {
        waiting.append(Lane.Waiting(task: task, place: place, held: index >= free))
      }
    }
    let starts = lane.decide(
      queue.waiting, waiting, running, guests: guests, left: left, now: now)
    for task in starts {
      if let place = jobs[task.job] { note(task, queue.waiting[place]) }
    }
  }

  /// Says why the next task of every job waits, if one does.
  mutating func explain(_ lanes: [Lane]) {
    for (place, job) in queue.waiting.enumerated() {
      let done = started[job.job] ?? 0
      guard let task = job.tasksWaiting.dropFirst(done).first else { continue }
      let reason = standing[place] ?? reason(job, task, lanes)
      result.waits.append(QueueDecision.Wait(task: task, reason: reason))
    }
  }

  private func reason(_ job: WaitingJob, _ task: JobTask, _ lanes: [Lane]) -> WaitReason {
    if let limit = job.taskLimit, tasksRunning[job.job] ?? 0 >= limit { return .taskLimit(limit) }
    guard let lane = lanes.first(where: { $0.plan.serves(job, allocations) }) else {
      return .tooLarge(gpus: job.gpus, capacity: 0)
    }
    guard Int64(job.gpus) <= lane.plan.capacity else {
      return .tooLarge(gpus: job.gpus, capacity: lane.plan.capacity)
    }
    return lane.reason(task, job, left: left[job.allocation], now: now)
  }
}
