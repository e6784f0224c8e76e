public import MadangControl
import MadangEngines
public import MadangJournal
public import MadangProgramme

/// The open tasks of a cluster as the dispatch sees them.
public struct JobBook {
  /// Nothing before its engine was read back. `withheld` are GPUs that are in nobody's hands: the
  /// engine keeps them for reservations that are suspended, or not ready, or not begun.
  public let queue: (queue: JobQueue, model: DeviceModelID, up: Int64, withheld: Int64)?

  public init(
    _ cluster: ClusterID, _ programme: Programme, _ operations: Operations, _ open: [StoredTask],
    at: Instant
  ) throws(JournalError) {
    let model = programme.clusters[cluster].model
    // What was read back, not what should be.
    guard let observed = try operations.observed(cluster) else {
      queue = nil
      return
    }
    var book = JobQueue()
    var withheld = observed.allocations.reduce(Int64(0)) { $0 + ($1.limit.gpus ?? 0) }
    for wanted in programme.desired(cluster).allocations {
      let found = observed.allocations.first { $0.allocation == wanted.allocation }
      guard let found, found.limit == wanted.limit else { continue }
      let kind: QueueAllocation.Kind
      switch wanted.limit {
      case .reserved(let gpus):
        let ready = min(gpus, found.readyGPUs)
        withheld -= ready
        kind = .reserved(model: model, gpus: ready)
      case .budget:
        kind = .budget(left: try operations.balance(of: wanted.allocation)?.left ?? .zero)
      }
      book.allocations.append(
        QueueAllocation(
          allocation: wanted.allocation, suspended: wanted.suspended || found.suspended,
          from: wanted.from, to: wanted.to, kind: kind,
          pool: programme.awards[programme.allocations[wanted.allocation].award].pool))
    }
    book.pools = JobBook.pools(programme, of: book.allocations)
    for task in open where task.state != .waiting {
      guard let spec = JobBook.spec(task) else { continue }
      let since = task.startedAt ?? at
      book.running.append(
        RunningJob(
          task: JobBook.task(task), allocation: task.allocation, model: model, gpus: spec.gpus,
          endsBy: Instant(since.seconds + spec.timeLimitSeconds)))
    }
    let waiting = open.filter { $0.state == .waiting && !$0.canceled }
    book.waiting = JobBook.jobs(waiting, model)
    for job in book.waiting {
      for dependency in job.dependencies.list {
        book.progress[dependency.on] = try JobBook.progress(dependency.on, operations)
      }
    }
    queue = (book, model, observed.devices.up, withheld)
  }

  /// The pools of these allocations, weighed by their part of the programme.
  private static func pools(
    _ programme: Programme, of allocations: [QueueAllocation]
  ) -> [QueuePool] {
    Set(allocations.compactMap(\.pool)).sorted().map { pool in
      var weight: Int64 = 1_000_000
      var node: PoolID? = pool
      while let id = node {
        weight = programme.pools[id].share?.floor(of: weight) ?? weight
        node = programme.pools[id].parent
      }
      return QueuePool(pool: pool, weight: max(1, weight))
    }
  }

  /// Waiting tasks of one job are one entry, in the order of submission.
  private static func jobs(_ tasks: [StoredTask], _ model: DeviceModelID) -> [WaitingJob] {
    var jobs: [WaitingJob] = []
    var index = 0
    while index < tasks.count {
      let first = tasks[index]
      var end = index
      while end < tasks.count, tasks[end].job == first.job { end += 1 }
      if let spec = spec(first), let job = JobID(first.job) {
        let indices = tasks[index..<end].compactMap(\.index)
        jobs.append(
          WaitingJob(
            spec, job: job, allocation: first.allocation, model: model,
            tasks: indices.isEmpty ? nil : indices))
      }
      index = end
    }
    return jobs
  }

  /// How far what is depended on has come; nothing where there is no such job.
  private static func progress(
    _ task: JobTask, _ operations: Operations
  ) throws(JournalError) -> JobProgress? {
    let stored = try operations.tasks(of: task.job.number).filter {
      task.index == nil || $0.index == task.index
    }
    guard !stored.isEmpty else { return nil }
    let began = stored.compactMap(\.startedAt).min()
    if stored.allSatisfy({ $0.state == .ended }) {
      return .ended(
        succeeded: stored.allSatisfy { $0.ending == "exited" && $0.exitCode == 0 }, since: began)
    }
    return began.map { .running(since: $0) } ?? .waiting
  }

  static func spec(_ task: StoredTask) -> JobSpec? {
    // What was taken in was valid; in a damaged file it may be anything, and starts nothing.
    try? CanonicalReader.value(JobSpec.self, from: task.spec)
  }

  static func task(_ task: StoredTask) -> JobTask {
    guard let job = JobID(task.job) else { preconditionFailure("jobs are numbered from 1") }
    return JobTask(job, index: task.index)
  }
}

extension AllocationLimit {
  /// GPUs of its own; nothing of a budget.
  fileprivate var gpus: Int64? { if case .reserved(let gpus) = self { gpus } else { nil } }
}
