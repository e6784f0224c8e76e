import MadangControl
import MadangProgramme
import Testing

/// What a dispatcher does that remembers, against one that does not, and against counting.
@Suite struct DispatcherTests {
  @Test func `the core decides what counting decides, and says why alike`() {
    seeds(600) { _, random in
      let random = RandomQueue(&random)
      let found = dispatch(random.queue, gpus: random.gpus, now: RandomQueue.now)
      let counted = CountedQueue(random.queue, gpus: random.gpus, now: RandomQueue.now)
      let isFree = { (task: JobTask) in random.gpus(of: task) == 0 }
      #expect(
        found.starts.filter { !isFree($0) && random.isShared($0) }
          == counted.starts.filter { !isFree($0) && random.isShared($0) })
      #expect(Set(found.starts) == Set(counted.starts))
      #expect(
        found.waits.map { "\($0.task): \($0.reason.text(.en))" }
          == counted.waits.map { "\($0.task): \($0.reason.text(.en))" })
    }
  }

  /// Jobs come, start, fail to start, end, are canceled; GPUs and allocations come and go.
  @Test func `remembering changes no decision`() {
    seeds(60) { _, random in
      var world = RandomQueue(&random)
      let dispatcher = Dispatcher()
      var now = RandomQueue.now
      for step in 0..<40 {
        let found = dispatcher.decide(world.queue, gpus: world.gpus, now: now)
        let fresh = dispatch(world.queue, gpus: world.gpus, now: now)
        #expect(found.starts == fresh.starts, "step \(step)")
        #expect(found.waits.map(\.task) == fresh.waits.map(\.task), "step \(step)")
        #expect(found.waits.map(\.reason) == fresh.waits.map(\.reason), "step \(step)")
        let runs = world.queue.running.reduce(0) { $0 + Int64($1.gpus) }
        let starts = found.starts.reduce(0) { $0 + Int64(world.gpus(of: $1)) }
        #expect(starts == 0 || runs + starts <= world.gpus[0].up, "step \(step)")
        world.go(on: found.starts, now: now, &random)
        now = Instant(now.seconds + Int64(random.draw(0...120)))
      }
    }
  }

  @Test func `pools take turns by what they use for their weight, each in its own order`() {
    var queue = JobQueue(pools: [
      QueuePool(pool: PoolID(1), weight: 1), QueuePool(pool: PoolID(2), weight: 3),
    ])
    for (number, pool) in [(1, 1), (2, 2), (3, 2)] {
      queue.allocations.append(
        QueueAllocation(
          allocation: AllocationID(number), suspended: false, from: Instant(0),
          to: Instant(1 << 40), kind: .budget(left: GPUSeconds(1_000_000)), pool: PoolID(pool)))
    }
    for number in 1...16 {
      queue.waiting.append(
        WaitingJob(
          job: JobID(Int64(number))!, allocation: AllocationID(number <= 8 ? 1 : 2 + number % 2),
          model: DeviceModelID(1), gpus: 1, timeLimitSeconds: 100))
    }
    let gpus = [ModelGPUs(model: DeviceModelID(1), up: 8)]
    let starts = dispatch(queue, gpus: gpus, now: Instant(0)).starts.map { Int($0.job.number) }
    #expect(starts.filter { $0 <= 8 } == [1, 2])
    #expect(starts.filter { $0 > 8 } == [9, 10, 11, 12, 13, 14])
  }

  @Test func `a start that did not come about waits again in its place`() {
    let dispatcher = Dispatcher()
    let table = QueueTable(
      """
      gpus 2
      budget 1 100000
      waits 1 1 2 100
      waits 2 1 1 100
      """)
    for _ in 0..<3 {
      let found = dispatcher.decide(table.queue, gpus: [table.gpus], now: QueueTable.now)
      #expect(found.starts.map { "\($0)" } == ["job-1"])
    }
  }

  /// It had got a later number than the task behind it, and the walltime that was left of it.
  @Test func `a task that ran when the dispatcher began waits again in its place`() {
    let (job, model) = (JobID(1)!, DeviceModelID(1))
    var queue = JobQueue(
      allocations: [
        QueueAllocation(
          allocation: AllocationID(1), suspended: false, from: Instant(0), to: Instant(1 << 40),
          kind: .budget(left: GPUSeconds(1_000_000)))
      ])
    func waiting(_ tasks: [Int32]) -> WaitingJob {
      WaitingJob(
        job: job, allocation: AllocationID(1), model: model, gpus: 1, timeLimitSeconds: 100,
        tasks: tasks)
    }
    let gpus = [ModelGPUs(model: model, up: 1)]
    let dispatcher = Dispatcher()
    queue.running = [
      RunningJob(
        task: JobTask(job, index: 0), allocation: AllocationID(1), model: model, gpus: 1,
        endsBy: Instant(50))
    ]
    queue.waiting = [waiting([1])]
    #expect(dispatcher.decide(queue, gpus: gpus, now: Instant(0)).starts.isEmpty)
    (queue.running, queue.waiting) = ([], [waiting([0, 1])])
    let found = dispatcher.decide(queue, gpus: gpus, now: Instant(10))
    let fresh = dispatch(queue, gpus: gpus, now: Instant(10))
    #expect(found == fresh && found.starts == [JobTask(job, index: 0)])
  }
}

extension RandomQueue {
  func gpus(of task: JobTask) -> Int32 { queue.waiting.first { $0.job == task.job }?.gpus ?? 0 }

  func isShared(_ task: JobTask) -> Bool {
    queue.waiting.first { $0.job == task.job }?.allocation != AllocationID(4)
  }

  /// What becomes of a queue: most starts come about, some of what runs ends, some jobs come, some
  /// are canceled, and now and then the GPUs, a budget or a suspension change.
  mutating func go(on starts: [JobTask], now: Instant, _ random: inout Seeded) {
    for task in starts where random.chance(85) {
      guard let place = queue.waiting.firstIndex(where: { $0.job == task.job }) else { continue }
      let job = queue.waiting[place]
      queue.running.append(
        RunningJob(
          task: task, allocation: job.allocation, model: job.model, gpus: job.gpus,
          endsBy: Instant(now.seconds + job.timeLimitSeconds + Int64(random.draw(0...2)))))
      drop(task, at: place)
    }
    queue.running.removeAll { $0.endsBy < now ? random.chance(80) : random.chance(10) }
    if random.chance(20), !queue.waiting.isEmpty {
      queue.waiting.remove(at: random.draw(0...(queue.waiting.count - 1)))
    }
    for _ in 0..<random.draw(0...2) { add(&random) }
    if random.chance(8) {
      gpus = [ModelGPUs(model: RandomQueue.model, up: Int64(random.draw(0...16)))]
    }
    if random.chance(15) { change(random.draw(0...3), &random) }
  }

  private mutating func drop(_ task: JobTask, at place: Int) {
    let job = queue.waiting[place]
    let left = (job.tasks ?? []).filter { $0 != task.index }
    guard !left.isEmpty else {
      queue.waiting.remove(at: place)
      return
    }
    queue.waiting[place] = WaitingJob(
      job: job.job, allocation: job.allocation, model: job.model, gpus: job.gpus,
      timeLimitSeconds: job.timeLimitSeconds, tasks: left, taskLimit: job.taskLimit)
  }

  private mutating func change(_ place: Int, _ random: inout Seeded) {
    let old = queue.allocations[place]
    let kind: QueueAllocation.Kind =
      if case .reserved(let model, let gpus) = old.kind {
        .reserved(model: model, gpus: max(0, gpus - 1))
      } else {
        .budget(left: GPUSeconds(Int64(random.draw(0...20_000))))
      }
    queue.allocations[place] = QueueAllocation(
      allocation: old.allocation, suspended: random.chance(20), from: old.from, to: old.to,
      kind: kind)
  }
}
