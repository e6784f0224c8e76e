import MadangControl
import MadangProgramme

/// A centre with a cluster in which a seed decides what happens: its office in the order in which
/// the server does things, its engine by counts, as the local one. Only what decides is real: the
/// dispatcher, and the rules of holds.
///
/// ```
///  happen ─▶ settle (what ended) ─▶ queue ─▶ dispatcher ─▶ begin: hold, then the engine
///     └─ jobs, cancellations, ends, lost folders, suspensions, lending, budgets, GPUs
/// ```
struct HeldYard {
  static let model = DeviceModelID(1)
  static let graceSeconds: Int64 = 90

  struct Task {
    let task: JobTask
    let allocation: AllocationID
    let gpus: Int32
    let timeLimitSeconds: Int64
    let taskLimit: Int32?
    var state = JobState.waiting
    var token: EngineJob?
    var startedAt: Instant?
    var isCanceled = false
    var forecast: Int64 { Int64(gpus) * timeLimitSeconds }
  }

  struct Allocation {
    let id: AllocationID
    let pool: PoolID?
    /// GPUs of its own; nothing of a budget.
    var gpus: Int64?
    /// What the engine was found to enforce.
    var observed: Int64?
    var isObserved = true
    var isSuspended = false
    var from = Instant(0)
    var to = Instant(1 << 40)
    /// What is over does not come back.
    var isBound = true
    /// Whose GPUs it borrows.
    var lender: AllocationID?

    func mayWork(at now: Instant) -> Bool {
      isBound && !isSuspended && from <= now && now < to && isObserved && observed == gpus
    }
  }

  struct Run {
    let task: JobTask
    let allocation: AllocationID
    let gpus: [Int]
    let endsBy: Instant
    var meteredTo: Instant
    var isOver = false
    /// GPU-seconds that the office does not have yet.
    var unsent: Int64 = 0
  }

  var now = Instant(10_000)
  var tasks: [Task] = []
  var allocations: [Allocation] = []
  var books = HeldBooks()
  var runs: [EngineJob: Run] = [:]
  /// The cluster's GPUs, whether they are up.
  var isUp: [Bool]
  let pools: [QueuePool]
  private var lastJob: Int64 = 0
  private var lastToken: UInt64 = 0
  /// What happened, by name: a test that reaches nothing proves nothing.
  private(set) var reached: [String: Int] = [:]

  init(_ random: inout Seeded) {
    isUp = Array(repeating: true, count: random.draw(2...14))
    let hasPools = random.chance(50)
    pools = hasPools ? (1...2).map { QueuePool(pool: PoolID($0), weight: Int64($0 * 2)) } : []
    let own = random.draw(0...isUp.count)
    for number in 1...4 {
      var allocation = Allocation(
        id: AllocationID(number), pool: hasPools ? PoolID(1 + number % 2) : nil)
      if number == 4 {
        (allocation.gpus, allocation.observed) = (Int64(own), Int64(own))
      } else {
        books.grant(allocation.id, Int64(random.draw(500...20_000)))
        if random.chance(15) {
          allocation.to = Instant(now.seconds + Int64(random.draw(0...3_000)))
        }
        if random.chance(15) {
          allocation.from = Instant(now.seconds + Int64(random.draw(0...1_000)))
        }
      }
      allocations.append(allocation)
    }
    for _ in 1...random.draw(2...8) { submit(&random) }
  }

  mutating func reach(_ name: String) { reached[name, default: 0] += 1 }

  func place(_ id: AllocationID) -> Int { allocations.firstIndex { $0.id == id }! }

  mutating func submit(_ random: inout Seeded) {
    lastJob += 1
    let allocation = random.pick(allocations).id
    let gpus = Int32(random.draw(0...5))
    let seconds = Int64(random.draw(1...900))
    let limit = random.chance(30) ? Int32(random.draw(1...3)) : nil
    let count = random.chance(40) ? random.draw(1...5) : nil
    let indices: [Int32?] = count.map { (0..<Int32($0)).map { $0 } } ?? [nil]
    for index in indices {
      tasks.append(
        Task(
          task: JobTask(JobID(lastJob)!, index: index), allocation: allocation, gpus: gpus,
          timeLimitSeconds: seconds, taskLimit: count == nil ? nil : limit))
    }
  }

  // MARK: - What the dispatcher is told

  /// GPUs that are ready: reservations first, in order.
  var ready: [AllocationID: Int64] {
    var left = Int64(isUp.count { $0 })
    var ready: [AllocationID: Int64] = [:]
    for allocation in allocations where allocation.isObserved {
      guard let gpus = allocation.observed else { continue }
      let usable = !allocation.isSuspended && allocation.from <= now && now < allocation.to
      ready[allocation.id] = usable ? min(gpus, left) : 0
      left -= min(gpus, left)
    }
    return ready
  }

  var queue: (queue: JobQueue, gpus: [ModelGPUs]) {
    var queue = JobQueue(pools: pools)
    let ready = ready
    var withheld = allocations.reduce(Int64(0)) { $0 + ($1.isObserved ? $1.observed ?? 0 : 0) }
    for allocation in allocations
    where allocation.isBound && allocation.isObserved && allocation.observed == allocation.gpus
      && allocation.gpus != 0
    {
      let kind: QueueAllocation.Kind
      if allocation.gpus != nil {
        let gpus = ready[allocation.id] ?? 0
        withheld -= gpus
        kind = .reserved(model: HeldYard.model, gpus: gpus)
      } else {
        kind = .budget(left: books.balances[allocation.id]?.left ?? .zero)
      }
      queue.allocations.append(
        QueueAllocation(
          allocation: allocation.id, suspended: allocation.isSuspended, from: allocation.from,
          to: allocation.to, kind: kind, pool: allocation.pool))
    }
    for task in tasks where task.state == .starting || task.state == .running {
      queue.running.append(
        RunningJob(
          task: task.task, allocation: task.allocation, model: HeldYard.model, gpus: task.gpus,
          endsBy: Instant((task.startedAt ?? now).seconds + task.timeLimitSeconds)))
    }
    let waiting = tasks.filter { $0.state == .waiting && !$0.isCanceled }
    for first in waiting where queue.waiting.last?.job != first.task.job {
      let indices = waiting.filter { $0.task.job == first.task.job }.compactMap(\.task.index)
      queue.waiting.append(
        WaitingJob(
          job: first.task.job, allocation: first.allocation, model: HeldYard.model,
          gpus: first.gpus, timeLimitSeconds: first.timeLimitSeconds,
          tasks: indices.isEmpty ? nil : indices, taskLimit: first.taskLimit))
    }
    let up = Int64(isUp.count { $0 })
    return (queue, [ModelGPUs(model: HeldYard.model, up: up, withheld: withheld)])
  }

  /// Whether more runs somewhere than there is for it: a reservation became smaller, GPUs failed.
  var isOver: Bool {
    let (queue, gpus) = queue
    var shared = gpus[0].up - gpus[0].withheld
    var used = queue.running.reduce(0) { $0 + Int64($1.gpus) }
    for allocation in queue.allocations {
      guard case .reserved(_, let own) = allocation.kind else { continue }
      let mine = queue.running.reduce(0) {
        $0 + ($1.allocation == allocation.allocation ? Int64($1.gpus) : 0)
      }
      if mine > own { return true }
      shared -= own
      used -= mine
    }
    return used > max(0, shared)
  }

  // MARK: - The office

  mutating func settle(_ random: inout Seeded) {
    books.expire(at: now)
    for place in tasks.indices where tasks[place].state != .ended { settle(place, &random) }
  }

  private mutating func settle(_ place: Int, _ random: inout Seeded) {
    let task = tasks[place]
    guard let token = task.token else {
      if task.isCanceled || !allocations[self.place(task.allocation)].isBound {
        tasks[place].state = .ended
        reach("never began")
      }
      return
    }
    guard let run = runs[token] else {
      let held = books.holds[token]
      let isCovered =
        held.map {
          $0.state == .pending
            && now.seconds + task.timeLimitSeconds + HeldYard.graceSeconds / 2
              <= $0.hold.expires.seconds
        } ?? true
      if task.state == .starting, !task.isCanceled, isCovered {
        _ = start(place)
      } else {
        end(place, as: .voided, &random)
      }
      return
    }
    if !run.isOver {
      tasks[place].state = .running
    } else if run.unsent == 0 {
      runs[token] = nil
      end(place, as: .posted, &random)
    }
  }

  /// A task is over, its hold too. Everything may be said twice.
  mutating func end(_ place: Int, as state: HoldState, _ random: inout Seeded) {
    tasks[place].state = .ended
    guard let token = tasks[place].token else { return }
    books.end(token, as: state)
    if random.chance(30) { books.end(token, as: random.pick([.posted, .voided, .expired])) }
  }

  /// That it starts is on the disk, with its token and its hold. What is refused is said.
  mutating func hold(_ chosen: JobTask) -> (place: Int, result: HoldResult)? {
    guard let place = tasks.firstIndex(where: { $0.task == chosen }),
      tasks[place].state == .waiting, !tasks[place].isCanceled
    else { return nil }
    let task = tasks[place]
    lastToken += 1
    let token = EngineJob(high: 0, low: lastToken)
    var result = HoldResult.done
    if allocations[self.place(task.allocation)].gpus == nil, task.forecast > 0 {
      let expires = Instant(now.seconds + task.timeLimitSeconds + HeldYard.graceSeconds)
      result = books.keep(
        Hold(
          key: token, allocation: task.allocation, amount: GPUSeconds(task.forecast),
          expires: expires), at: now)
    }
    guard result == .done else { return (place, result) }
    (tasks[place].token, tasks[place].state) = (token, .starting)
    tasks[place].startedAt = now
    return (place, .done)
  }

  // MARK: - The engine

  private func gpusAtWork(_ allocation: AllocationID) -> Int64 {
    runs.values.reduce(0) {
      $0 + ($1.allocation == allocation && !$1.isOver ? Int64($1.gpus.count) : 0)
    }
  }

  var freeGPUs: [Int] {
    let taken = Set(runs.values.filter { !$0.isOver }.flatMap(\.gpus))
    return isUp.indices.filter { isUp[$0] && !taken.contains($0) }
  }

  /// Gives a task its GPUs; whether it could.
  mutating func start(_ place: Int) -> Bool {
    let task = tasks[place]
    let allocation = allocations[self.place(task.allocation)]
    guard let token = task.token, allocation.mayWork(at: now) else { return false }
    let free = freeGPUs
    if task.gpus > 0, let own = allocation.observed,
      gpusAtWork(task.allocation) + Int64(task.gpus) > own
    {
      return false
    }
    guard free.count >= Int(task.gpus) else { return false }
    let gpus = Array(free.prefix(Int(task.gpus)))
    runs[token] = Run(
      task: task.task, allocation: task.allocation, gpus: gpus,
      endsBy: Instant(now.seconds + task.timeLimitSeconds), meteredTo: now)
    books.note(
      .began(token, forecast: allocation.gpus == nil ? task.forecast : nil, gpus: gpus))
    return true
  }

  mutating func stop(_ token: EngineJob) {
    guard let run = runs[token], !run.isOver else { return }
    meter(token)
    runs[token]?.isOver = true
    books.note(.stopped(token))
  }

  mutating func meter(_ token: EngineJob) {
    guard let run = runs[token], !run.isOver else { return }
    runs[token]?.unsent += Int64(run.gpus.count) * (now.seconds - run.meteredTo.seconds)
    runs[token]?.meteredTo = now
  }

  mutating func report(_ token: EngineJob) {
    guard let run = runs[token], run.unsent > 0 else { return }
    if allocations[place(run.allocation)].gpus == nil {
      books.use(token, run.allocation, run.unsent)
    }
    runs[token]?.unsent = 0
  }

  /// The cluster's folder is lost: all that may have begun in it has ended, and none of it begins
  /// again.
  mutating func loseFolder(_ random: inout Seeded) {
    for token in runs.keys.sorted() { stop(token) }
    runs = [:]
    for place in tasks.indices where tasks[place].state != .ended && tasks[place].token != nil {
      end(place, as: .voided, &random)
    }
  }
}
