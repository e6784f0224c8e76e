import MadangControl
import MadangProgramme

/// What a dispatcher decides where all that has a budget goes by submission, told a second time by
/// counting alone: no scheduler, no nodes, nothing remembered. First in, first out, with a
/// reservation for whoever is next; later jobs start if they end by then, or use only GPUs that it
/// leaves over.
struct CountedQueue {
  let queue: JobQueue
  let now: Instant
  private(set) var starts: [JobTask] = []
  private(set) var waits: [(task: JobTask, reason: WaitReason)] = []
  private var lanes: [Lane: LaneState] = [:]
  private var left: [AllocationID: Int64] = [:]
  private var allocations: [AllocationID: QueueAllocation] = [:]
  private var tasksRunning: [JobID: Int32] = [:]

  init(_ queue: JobQueue, gpus: [ModelGPUs], now: Instant) {
    self.queue = queue
    self.now = now
    defer {
      for job in queue.waiting { consider(job) }
      waits = waits.map { ($0.task, asOfNow($0.reason, $0.task)) }
    }
    var shared: [DeviceModelID: Int64] = [:]
    for model in gpus { shared[model.model, default: 0] += model.up }
    let order = gpus.map { Lane.shared($0.model) }
    var reservations: [Lane] = []
    for allocation in queue.allocations {
      allocations[allocation.allocation] = allocation
      switch allocation.kind {
      // An overdrawn budget has nothing left.
      case .budget(let seconds): left[allocation.allocation] = max(0, seconds.count)
      case .reserved(let model, let gpus):
        let own = min(gpus, shared[model] ?? 0)
        reservations.append(.reserved(allocation.allocation))
        lanes[.reserved(allocation.allocation)] = LaneState(capacity: own, free: own)
        shared[model, default: 0] -= own
      }
    }
    for model in gpus {
      let capacity = max((shared[model.model] ?? 0) - model.withheld, 0)
      lanes[.shared(model.model)] = LaneState(capacity: capacity, free: capacity)
    }
    for job in queue.running {
      tasksRunning[job.task.job, default: 0] += 1
      // Of an allocation that is no longer enforced: it has GPUs of those that are shared.
      let lane = lane(job.allocation, job.model) ?? .shared(job.model)
      lanes[lane]?.free -= Int64(job.gpus)
      lanes[lane]?.ends.append((job.endsBy, Int64(job.gpus)))
    }
    if let model = gpus.first { lodge(order + reservations.reversed(), up: model.up) }
  }

  /// GPU by GPU, of the one model of these tests: what runs beyond its lane has others', those who
  /// lose the first in front.
  private mutating func lodge(_ order: [Lane], up: Int64) {
    var beyond: [Instant] = []
    var missing = -up
    for lane in order {
      guard let state = lanes[lane] else { continue }
      missing += state.capacity + max(0, -state.free)
      let ends = state.ends.flatMap { Array(repeating: $0.by, count: Int($0.gpus)) }.sorted()
      beyond += ends.prefix(Int(max(0, -state.free)))
    }
    for end in beyond.sorted().prefix(Int(max(0, missing))).reversed() {
      guard let lane = order.first(where: { lanes[$0]?.free ?? 0 > 0 }) else { return }
      lanes[lane]?.free -= 1
      lanes[lane]?.ends.append((end, 1))
    }
  }

  /// A reason with the numbers of the end, when everything that starts has started.
  private func asOfNow(_ reason: WaitReason, _ task: JobTask) -> WaitReason {
    guard let job = queue.waiting.first(where: { $0.job == task.job }) else { return reason }
    let free = max(0, lane(job.allocation, job.model).flatMap { lanes[$0]?.free } ?? 0)
    // What started after its turn may have used its budget up.
    if let left = left[job.allocation], forecast(job) > left, reason.isOfTurn {
      return .budget(asked: forecast(job), left: left)
    }
    switch reason {
    case .gpus(let needed, _, let within):
      return .gpus(needed: needed, free: free, withinSeconds: within)
    case .queued(let before, _, _), .wouldDelay(let before, _):
      return Int64(job.gpus) > free
        ? .queued(behind: before, needed: job.gpus, free: free) : .wouldDelay(before, free: free)
    case .budget(let asked, _): return .budget(asked: asked, left: left[job.allocation] ?? 0)
    default: return reason
    }
  }

  private func lane(_ allocation: AllocationID, _ model: DeviceModelID) -> Lane? {
    guard let found = allocations[allocation] else { return nil }
    if case .reserved = found.kind { return .reserved(allocation) }
    return .shared(model)
  }

  /// Starts what may start of a job, and says why the rest waits.
  private mutating func consider(_ job: WaitingJob) {
    let standing = standingReason(job)
    for task in job.tasks.map({ $0.map { JobTask(job.job, index: $0) } }) ?? [JobTask(job.job)] {
      if let reason = standing ?? turnReason(job, task) {
        waits.append((task, reason))
        return
      }
      start(job, task)
    }
  }

  private func forecast(_ job: WaitingJob) -> Int64 { Int64(job.gpus) * job.timeLimitSeconds }

  private mutating func start(_ job: WaitingJob, _ task: JobTask) {
    starts.append(task)
    tasksRunning[job.job, default: 0] += 1
    let forecast = forecast(job)
    left[job.allocation]? -= forecast
    guard job.gpus > 0, let lane = lane(job.allocation, job.model) else { return }
    let end = Instant(min(now.seconds + job.timeLimitSeconds, 1 << 53))
    lanes[lane]?.free -= Int64(job.gpus)
    lanes[lane]?.ends.append((end, Int64(job.gpus)))
    if let head = lanes[lane]?.head, end > head.startsBy {
      lanes[lane]?.head?.left -= Int64(job.gpus)
    }
  }

  /// Random queues have no dependencies.
  private func standingReason(_ job: WaitingJob) -> WaitReason? {
    guard let allocation = allocations[job.allocation] else {
      return .allocationNotEnforced(job.allocation)
    }
    if allocation.suspended { return .suspended(job.allocation) }
    if now < allocation.from {
      return .notYet(job.allocation, inSeconds: allocation.from.seconds - now.seconds)
    }
    return allocation.to <= now ? .termOver(job.allocation) : nil
  }

  /// What depends on what runs, and on who is before it.
  private mutating func turnReason(_ job: WaitingJob, _ task: JobTask) -> WaitReason? {
    if let limit = job.taskLimit, tasksRunning[job.job] ?? 0 >= limit { return .taskLimit(limit) }
    let gpus = Int64(job.gpus)
    let place = lane(job.allocation, job.model)
    let lane = place.flatMap { lanes[$0] } ?? LaneState(capacity: 0, free: 0)
    if gpus > lane.capacity { return .tooLarge(gpus: job.gpus, capacity: lane.capacity) }
    if let left = left[job.allocation], forecast(job) > left {
      return .budget(asked: forecast(job), left: left)
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

extension WaitReason {
  /// Whether it waits behind another.
  fileprivate var isOfTurn: Bool {
    switch self {
    case .queued, .wouldDelay: true
    default: false
    }
  }
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
