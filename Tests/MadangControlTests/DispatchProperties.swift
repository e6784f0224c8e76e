import MadangControl
import MadangProgramme
import Testing

/// What holds for every queue, checked by recounting from nothing.
@Suite struct DispatchProperties {
  @Test func `no lane is ever over its GPUs, no budget over its rest, and no task starts twice`() {
    seeds(400) { _, random in
      let random = RandomQueue(&random)
      let found = dispatch(random.queue, gpus: random.gpus, now: RandomQueue.now)
      #expect(found == dispatch(random.queue, gpus: random.gpus, now: RandomQueue.now))
      #expect(Set(found.starts).count == found.starts.count)
      for allocation in random.queue.allocations {
        let started = random.starts(found).filter { $0.allocation == allocation.allocation }
        switch allocation.kind {
        case .reserved(_, let gpus):
          let runs = random.queue.running.filter { $0.allocation == allocation.allocation }
          let used = runs.reduce(0) { $0 + Int64($1.gpus) }
          let new = started.reduce(0) { $0 + Int64($1.gpus) }
          #expect(new == 0 || used + new <= gpus)
        case .budget(let left):
          let asked = started.reduce(0) { $0 + Int64($1.gpus) * $1.timeLimitSeconds }
          #expect(asked <= left.count)
        }
        #expect(started.isEmpty || !allocation.suspended)
      }
      #expect(random.sharedUse(found) <= random.sharedCapacity || random.sharedStarts(found) == 0)
    }
  }

  /// The promise of backfill: run everything to its limit, start whoever fits in order, and the
  /// head starts no later than it was told; nor later than if nobody had gone ahead of it.
  @Test func `whoever is next starts no later for those who went ahead`() {
    var heads = 0
    seeds(400) { _, random in
      let random = RandomQueue(&random)
      let found = dispatch(random.queue, gpus: random.gpus, now: RandomQueue.now)
      for wait in found.waits {
        guard case .gpus(let needed, _, let within) = wait.reason else { continue }
        let with = random.start(of: wait.task, gpus: Int64(needed), after: random.starts(found))
        let before = found.starts.filter { task in
          random.place(of: task) < random.place(of: wait.task)
        }
        let without = random.start(
          of: wait.task, gpus: Int64(needed),
          after: random.starts(found).filter { before.contains($0.task) })
        heads += 1
        #expect(with == without && with == RandomQueue.now.seconds + within)
      }
    }
    #expect(heads > 20 || repeatsOneSeed, "heads that waited: \(heads)")
  }

  @Test func `every job either starts whole or says why it waits`() {
    seeds(200) { _, random in
      let random = RandomQueue(&random)
      let found = dispatch(random.queue, gpus: random.gpus, now: RandomQueue.now)
      for job in random.queue.waiting {
        let tasks = job.tasks?.count ?? 1
        let started = found.starts.count { $0.job == job.job }
        #expect(found.waits.count { $0.task.job == job.job } == (started < tasks ? 1 : 0))
      }
    }
  }
}

/// A queue that a seed decides, and a slow way to recount it.
struct RandomQueue {
  static let now = Instant(10_000)
  static let model = DeviceModelID(1)
  var queue = JobQueue()
  var gpus: [ModelGPUs]
  private var jobs = 0

  struct Start {
    let task: JobTask
    let allocation: AllocationID
    let gpus: Int32
    let timeLimitSeconds: Int64
  }

  init(_ random: inout Seeded) {
    let up = random.draw(1...16)
    gpus = [ModelGPUs(model: RandomQueue.model, up: Int64(up))]
    for number in 1...4 {
      let kind: QueueAllocation.Kind =
        number == 4
        ? .reserved(model: RandomQueue.model, gpus: Int64(random.draw(0...(up / 2))))
        : .budget(left: GPUSeconds(Int64(random.draw(0...20_000))))
      queue.allocations.append(
        QueueAllocation(
          allocation: AllocationID(number), suspended: random.chance(10), from: Instant(0),
          to: Instant(20_000), kind: kind))
    }
    var free = [Int64](repeating: 0, count: 5)
    free[4] = reserved
    free[1] = sharedCapacity
    for number in 1...6 where random.chance(60) {
      let allocation = random.draw(1...4)
      let lane = allocation == 4 ? 4 : 1
      let most = Int(free[lane])
      if most == 0 { continue }
      let count = random.draw(1...most)
      free[lane] -= Int64(count)
      queue.running.append(
        RunningJob(
          task: JobTask(JobID(Int64(1_000 + number))!), allocation: AllocationID(allocation),
          model: RandomQueue.model, gpus: Int32(count),
          endsBy: Instant(10_000 + Int64(random.draw(-50...900)))))
    }
    for _ in 1...random.draw(1...12) { add(&random) }
  }

  /// One more job waits.
  mutating func add(_ random: inout Seeded) {
    jobs += 1
    let tasks = random.chance(25) ? (0..<Int32(random.draw(1...5))).map { $0 } : nil
    queue.waiting.append(
      WaitingJob(
        job: JobID(Int64(jobs))!, allocation: AllocationID(random.draw(1...4)),
        model: RandomQueue.model, gpus: Int32(random.draw(0...6)),
        timeLimitSeconds: Int64(random.draw(1...1_000)), tasks: tasks,
        taskLimit: random.chance(30) ? Int32(random.draw(1...3)) : nil))
  }

  private var reserved: Int64 {
    queue.allocations.reduce(0) { sum, allocation in
      if case .reserved(_, let gpus) = allocation.kind { return sum + gpus }
      return sum
    }
  }

  var sharedCapacity: Int64 { gpus[0].up - reserved }

  func starts(_ found: QueueDecision) -> [Start] {
    found.starts.map { task in
      let job = queue.waiting.first { $0.job == task.job }!
      return Start(
        task: task, allocation: job.allocation, gpus: job.gpus,
        timeLimitSeconds: job.timeLimitSeconds)
    }
  }

  func sharedStarts(_ found: QueueDecision) -> Int64 {
    starts(found).filter { $0.allocation.number != 4 }.reduce(0) { $0 + Int64($1.gpus) }
  }

  func sharedUse(_ found: QueueDecision) -> Int64 {
    sharedStarts(found)
      + queue.running.filter { $0.allocation.number != 4 }.reduce(0) { $0 + Int64($1.gpus) }
  }

  /// Where a task stands in the order of submission.
  func place(of task: JobTask) -> Int {
    queue.waiting.firstIndex { $0.job == task.job }! * 1_000
      + Int(task.index ?? 0)
  }

  /// The first second in which a task's GPUs are free, if all that runs ends at its limit.
  func start(of task: JobTask, gpus needed: Int64, after starts: [Start]) -> Int64 {
    let job = queue.waiting.first { $0.job == task.job }!
    let isReserved = job.allocation.number == 4
    let capacity = isReserved ? reserved : sharedCapacity
    for second in RandomQueue.now.seconds...30_000 {
      var used: Int64 = 0
      for run in queue.running where (run.allocation.number == 4) == isReserved {
        // What is overdue ends now.
        if run.endsBy.seconds > second { used += Int64(run.gpus) }
      }
      for start in starts where (start.allocation.number == 4) == isReserved {
        if RandomQueue.now.seconds + start.timeLimitSeconds > second { used += Int64(start.gpus) }
      }
      if capacity - used >= needed { return second }
    }
    return .max
  }
}
