public import MadangProgramme

/// What `dispatch` found: which tasks start, and why each other job waits.
public struct Dispatched: Hashable, Sendable {
  /// In the order in which they start.
  public var starts: [JobTask] = []
  /// Of every job with tasks that still wait, in the order of submission: why its next one does.
  public var waits: [Wait] = []

  public struct Wait: Hashable, Sendable {
    public let task: JobTask
    public let reason: WaitReason
  }
}

/// Who starts now: first in, first out, with backfill that never delays whoever is next (EASY:
/// Lifka, "The ANL/IBM SP Scheduling System", 1995).
///
/// Each reservation is a queue of its own over its own GPUs; whoever has a budget shares, for each
/// model, what nobody reserved. In a queue jobs start in order until one does not fit. When enough
/// GPUs for that one will be free at the latest follows from the time limits of what runs; later
/// jobs start if they end by then, or use only GPUs that it leaves over.
///
/// This is the one seam between jobs and their order: the scheduler's core takes its place.
///
/// Complexity: O((waiting + running) · log running) and one pass over the tasks that start.
public func dispatch(_ queue: JobQueue, gpus: [ModelGPUs], now: Instant) -> Dispatched {
  var round = DispatchRound(queue, gpus: gpus, now: now)
  for job in queue.waiting { round.consider(job) }
  return round.result
}

/// GPUs that one queue is over.
private enum Lane: Hashable {
  case reserved(AllocationID)
  case shared(DeviceModelID)
}

/// A lane's GPUs while starts are decided.
private struct LaneState {
  let capacity: Int64
  var free: Int64
  /// What runs in it: when each ends at the latest, and its GPUs.
  var ends: [(by: Instant, gpus: Int64)] = []
  /// The first job that did not fit.
  var head: Head?

  struct Head {
    let task: JobTask
    /// When there are enough GPUs for it, at the latest.
    let startsBy: Instant
    /// GPUs that it leaves over then, for jobs that do not end before.
    var left: Int64
  }

  /// Makes a job that does not fit the head.
  mutating func block(_ task: JobTask, gpus: Int64, now: Instant) {
    ends.sort { $0.by < $1.by }
    var free = free
    var startsBy = now
    // What ends at the same moment as the last one needed is free then, too.
    for end in ends where free < gpus || end.by <= startsBy {
      free += end.gpus
      // One that is overdue ends any moment, but not in the past.
      startsBy = max(end.by, now)
    }
    head = Head(task: task, startsBy: startsBy, left: free - gpus)
  }
}

private struct DispatchRound {
  let queue: JobQueue
  let now: Instant
  var result = Dispatched()
  private var lanes: [Lane: LaneState] = [:]
  private var left: [AllocationID: Int64] = [:]
  private var allocations: [AllocationID: QueueAllocation] = [:]
  private var tasksRunning: [JobID: Int32] = [:]

  init(_ queue: JobQueue, gpus: [ModelGPUs], now: Instant) {
    self.queue = queue
    self.now = now
    var shared: [DeviceModelID: Int64] = [:]
    for model in gpus { shared[model.model, default: 0] += model.up }
    for allocation in queue.allocations {
      allocations[allocation.allocation] = allocation
      switch allocation.kind {
      case .budget(let seconds): left[allocation.allocation] = seconds.count
      case .reserved(let model, let gpus):
        lanes[.reserved(allocation.allocation)] = LaneState(capacity: gpus, free: gpus)
        shared[model, default: 0] -= gpus
      }
    }
    for model in gpus {
      let capacity = max(shared[model.model] ?? 0, 0)
      lanes[.shared(model.model)] = LaneState(capacity: capacity, free: capacity)
    }
    for job in queue.running {
      tasksRunning[job.task.job, default: 0] += 1
      guard let lane = lane(job.allocation, job.model) else { continue }
      lanes[lane]?.free -= Int64(job.gpus)
      lanes[lane]?.ends.append((job.endsBy, Int64(job.gpus)))
    }
  }

  private func lane(_ allocation: AllocationID, _ model: DeviceModelID) -> Lane? {
    guard let found = allocations[allocation] else { return nil }
    if case .reserved = found.kind { return .reserved(allocation) }
    return .shared(model)
  }

  /// Starts what may start of a job, and says why the rest waits.
  mutating func consider(_ job: WaitingJob) {
    let standing = standingReason(job)
    for task in job.tasks.map({ $0.map { JobTask(job.job, index: $0) } }) ?? [JobTask(job.job)] {
      if let reason = standing ?? turnReason(job, task) {
        result.waits.append(Dispatched.Wait(task: task, reason: reason))
        return
      }
      start(job, task)
    }
  }

  private mutating func start(_ job: WaitingJob, _ task: JobTask) {
    result.starts.append(task)
    tasksRunning[job.job, default: 0] += 1
    left[job.allocation]? -= job.forecastSeconds
    guard job.gpus > 0, let lane = lane(job.allocation, job.model) else { return }
    let end = Instant(min(now.seconds + job.timeLimitSeconds, Limits.integerMax))
    lanes[lane]?.free -= Int64(job.gpus)
    lanes[lane]?.ends.append((end, Int64(job.gpus)))
    if let head = lanes[lane]?.head, end > head.startsBy {
      lanes[lane]?.head?.left -= Int64(job.gpus)
    }
  }

  /// What holds for all tasks of a job alike, whatever runs.
  private func standingReason(_ job: WaitingJob) -> WaitReason? {
    guard let allocation = allocations[job.allocation] else {
      return .allocationNotEnforced(job.allocation)
    }
    if allocation.suspended { return .suspended(job.allocation) }
    if now < allocation.from {
      return .notYet(job.allocation, inSeconds: allocation.from.seconds - now.seconds)
    }
    if allocation.to <= now { return .termOver(job.allocation) }
    return job.dependencies.reason(queue.progress, now: now)
  }

  /// What depends on what runs, and on who is before it.
  private mutating func turnReason(_ job: WaitingJob, _ task: JobTask) -> WaitReason? {
    if let limit = job.taskLimit, tasksRunning[job.job] ?? 0 >= limit { return .taskLimit(limit) }
    let gpus = Int64(job.gpus)
    let place = lane(job.allocation, job.model)
    let lane = place.flatMap { lanes[$0] } ?? LaneState(capacity: 0, free: 0)
    if gpus > lane.capacity { return .tooLarge(gpus: job.gpus, capacity: lane.capacity) }
    if let left = left[job.allocation], job.forecastSeconds > left {
      return .budget(asked: job.forecastSeconds, left: left)
    }
    if gpus == 0 { return nil }
    let free = max(lane.free, 0)
    if let head = lane.head {
      let endsBefore = now.seconds + job.timeLimitSeconds <= head.startsBy.seconds
      if gpus > lane.free { return .queued(behind: head.task, needed: job.gpus, free: free) }
      return endsBefore || gpus <= head.left ? nil : .wouldDelay(head.task, free: free)
    }
    if gpus <= lane.free { return nil }
    if let place { lanes[place]?.block(task, gpus: gpus, now: now) }
    let startsBy = place.flatMap { lanes[$0]?.head?.startsBy } ?? now
    return .gpus(
      needed: job.gpus, free: free, withinSeconds: startsBy.seconds - now.seconds)
  }
}

extension JobDependencies {
  /// What is still waited for, or what cannot come true any more; nothing where all is well.
  func reason(_ progress: [JobTask: JobProgress], now: Instant) -> WaitReason? {
    var pending: JobDependency?
    var failed: JobDependency?
    for dependency in list {
      switch dependency.standing(progress[dependency.on], now: now) {
      case .holds where anyIsEnough: return nil
      case .holds: continue
      case .pending: pending = pending ?? dependency
      case .failed: failed = failed ?? dependency
      }
    }
    // For any, one that may still come true is enough; for all, one that cannot is too many.
    if anyIsEnough {
      return pending.map { .dependency($0) } ?? failed.map { .dependencyFailed($0) }
    }
    return failed.map { .dependencyFailed($0) } ?? pending.map { .dependency($0) }
  }
}

extension JobDependency {
  fileprivate enum Standing {
    case holds, pending, failed
  }

  fileprivate func standing(_ progress: JobProgress?, now: Instant) -> Standing {
    switch (kind, progress) {
    case (_, nil): .failed
    case (.after, .waiting): .pending
    case (.after, .running(let since)), (.after, .ended(_, let since?)):
      since.seconds + delaySeconds <= now.seconds ? .holds : .pending
    case (.after, .ended(_, nil)): .holds
    case (_, .waiting), (_, .running): .pending
    case (.afterAny, .ended): .holds
    case (.afterOK, .ended(let succeeded, _)): succeeded ? .holds : .failed
    case (.afterNotOK, .ended(let succeeded, _)): succeeded ? .failed : .holds
    }
  }
}
