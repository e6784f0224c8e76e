import MadangProgramme
import MadangScheduler

/// One lane's scheduler, and which of its jobs is which task.
///
/// The core counts in milliseconds: what is overdue ends any moment, which is before the next
/// second. It is given one cluster of as many GPUs as the lane has, in nodes of sixteen and a
/// smaller one; a job is a gang of one task a GPU, anywhere in it, since where its GPUs are is the
/// engine's to say.
final class Lane {
  struct Waiting {
    let task: JobTask
    /// Of its job, among those that wait.
    let place: Int
    let held: Bool
  }

  struct Entry {
    let job: JobIndex
    /// Whether it ran when the lane first heard of it, or so the core was told: then its number
    /// and its walltime are not those of the task that would wait.
    var isAdopted = false
    var held: Bool
    var endsBy: Instant?
    var seenIn: Int
  }

  let plan: LanePlan
  let places: (of: [AllocationID: PoolIndex], unknown: PoolIndex)
  var core: Scheduler
  /// GPUs beyond the capacity that jobs stand on since it shrank.
  private var overhang: Int64 = 0
  /// Whether others' jobs have GPUs of this lane.
  private var hasGuests = false
  private(set) var known: [JobTask: Entry] = [:]
  /// Known tasks in the order in which they came, and some that have gone.
  private var order: [JobTask] = []
  /// By the core's number of it.
  private var taskOf: [JobTask] = []
  private var round = 0
  private(set) var head: (task: JobTask, from: Instant)?
  /// Whether the last decision started anything.
  private var startedSome = false
  /// The moment of the last decision.
  private var decidedAt: Instant

  init(_ plan: LanePlan, now: Instant) {
    self.plan = plan
    places = Lane.places(plan)
    core = Lane.core(plan, overhang: 0, now: now)
    decidedAt = now
  }

  func task(of job: JobIndex) -> JobTask { taskOf[Int(job.value)] }

  /// Who starts, in order.
  func decide(
    _ jobs: [WaitingJob], _ waiting: [Waiting], _ own: [RunningJob], guests: [RunningJob],
    left: [AllocationID: Int64], now: Instant
  ) -> [JobTask] {
    let running = own + guests
    let used = running.reduce(0) { $0 + Int64($1.gpus) }
    // Jobs that end by a number that nobody uses again would pile up.
    let isFull = taskOf.count > 65_536 + 2 * (waiting.count + running.count)
    let isBack = waiting.contains { known[$0.task]?.isAdopted == true }
    // How much of a job is a guest changes from round to round.
    let isGuested = hasGuests || !guests.isEmpty
    hasGuests = !guests.isEmpty
    if overhang > 0 || used > plan.capacity || isGuested || isFull || isBack
      || !take(running, waiting, now: now)
    {
      overhang = max(0, used - plan.capacity)
      core = Lane.core(plan, overhang: overhang, now: now)
      (known, order, taskOf, head) = ([:], [], [], nil)
      guard take(running, waiting, now: now) else {
        preconditionFailure("a lane has room for what runs in it")
      }
    }
    for task in waiting { enter(task, jobs[task.place]) }
    // What is overdue ends any moment: whoever is next may be planned for otherwise.
    let becameOverdue = running.contains { decidedAt < $0.endsBy && $0.endsBy <= now }
    // And whoever was made next before others started may not be after them: what its pool or its
    // budget has left is another number.
    if becameOverdue || startedSome, head != nil { core.askAgain() }
    decidedAt = now
    for member in plan.members {
      if let left = left[member.allocation] { setBudget(member.allocation, max(0, left)) }
    }
    return cycle(now)
  }

  private func cycle(_ now: Instant) -> [JobTask] {
    let passes = core.counters.passes
    let decision = core.cycle()
    // Nothing happened: who is next is known.
    startedSome = false
    if core.counters.passes == passes { return [] }
    startedSome = !decision.starts.isEmpty
    head = decision.reservations.first.map {
      (taskOf[Int($0.job.value)], Instant(max(now.seconds, $0.from / 1_000)))
    }
    return decision.starts.map { start in
      let task = taskOf[Int(start.job.value)]
      // Until it is told to run, by a moment that is known then.
      known[task]?.endsBy = nil
      return task
    }
  }
}

// MARK: - What is so

extension Lane {
  /// Takes what runs as it is, and forgets what is gone. Whether there is room for it.
  private func take(_ running: [RunningJob], _ waiting: [Waiting], now: Instant) -> Bool {
    round += 1
    for job in running { known[job.task]?.seenIn = round }
    for task in waiting { known[task.task]?.seenIn = round }
    order.removeAll { task in
      guard let entry = known[task], entry.seenIn != round else { return false }
      sure { core throws(SchedulerRefusal) in try core.cancel(entry.job) }
      known[task] = nil
      return true
    }
    let moment = max(core.now, Lane.tick(now))
    sure { core throws(SchedulerRefusal) in try core.advance(to: moment) }
    for job in inOrder(running) where !take(job) { return false }
    return true
  }

  /// Where more runs than there is room for, what ends last has the GPUs that stay: they are free
  /// when so much has ended that less runs than there is room for.
  private func inOrder(_ running: [RunningJob]) -> [RunningJob] {
    overhang == 0 ? running : running.sorted { ($0.endsBy, $0.task) > ($1.endsBy, $1.task) }
  }

  private func take(_ job: RunningJob) -> Bool {
    let endsBy = Lane.tick(job.endsBy)
    if let entry = known[job.task] {
      if core.state(of: entry.job) == .running {
        if entry.endsBy != job.endsBy {
          sure { core throws(SchedulerRefusal) in try core.expect(entry.job, endsBy: endsBy) }
          known[job.task]?.endsBy = job.endsBy
        }
        return true
      }
      // It runs though this lane did not start it.
      sure { core throws(SchedulerRefusal) in try core.cancel(entry.job) }
      order.removeAll { $0 == job.task }
    }
    let startedAt = min(core.now, endsBy - 1)
    var places: [(node: NodeIndex, tasks: Int32)] = []
    var needed = job.gpus
    for node in 0..<core.nodeCount where needed > 0 {
      let tasks = min(needed, Int32(core.freeGPUs(of: NodeIndex(node))))
      if tasks > 0 { places.append((NodeIndex(node), tasks)) }
      needed -= tasks
    }
    guard needed == 0 else { return false }
    let spec = spec(job.allocation, job.gpus, walltime: endsBy - startedAt)
    let index = sure { core throws(SchedulerRefusal) in
      try core.adopt(spec, on: places, startedAt: startedAt)
    }
    note(
      job.task, index,
      Entry(job: index, isAdopted: true, held: false, endsBy: job.endsBy, seenIn: round))
    return true
  }

  /// Takes a waiting task as it is: a new one, one that did not start after all, one that may or
  /// may not start now.
  private func enter(_ task: Waiting, _ job: WaitingJob) {
    guard let entry = known[task.task] else {
      var spec = spec(job.allocation, job.gpus, walltime: job.timeLimitSeconds * 1_000)
      spec.held = task.held
      let index = sure { core throws(SchedulerRefusal) in try core.submit(spec) }
      note(task.task, index, Entry(job: index, held: task.held, endsBy: nil, seenIn: round))
      return
    }
    if core.state(of: entry.job) == .running {
      sure { core throws(SchedulerRefusal) in try core.putBack(entry.job) }
    }
    guard entry.held != task.held else { return }
    sure { core throws(SchedulerRefusal) in
      if task.held { try core.hold(entry.job) } else { try core.release(entry.job) }
    }
    known[task.task]?.held = task.held
  }

  private func note(_ task: JobTask, _ index: JobIndex, _ entry: Entry) {
    known[task] = entry
    order.append(task)
    taskOf.append(task)
  }
}
