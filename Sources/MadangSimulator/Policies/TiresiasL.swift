/// Least attained service in steps, as Tiresias-L: a job begins in the first queue and falls into
/// the next one when its time × devices reaches the queue's limit. Queues are served in turn, each
/// in the order of its starts; nobody needs to know how long a job will take.
struct TiresiasL: Policy {
  /// Device-seconds at which a job leaves each queue but the last; those of Tiresias's simulator.
  static let limits: [Int64] = [3_250, 7_200]

  private var runnable: [Int32] = []
  private var queues: [[Int32]]
  private var queueOf: [Int32: Int] = [:]
  /// Ticks a job has run, by number; what a restart costs counts as service.
  private var attained: [Int64]
  private var lastSeen: Int64 = 0
  private var wake = Int64.max
  private let replacing: Replacing
  private let ticksPerSecond: Int64

  init(_ jobs: Workload, paysOverhead: Bool) {
    replacing = Replacing(paysOverhead: paysOverhead)
    queues = Array(repeating: [], count: TiresiasL.limits.count + 1)
    attained = Array(repeating: 0, count: jobs.count)
    ticksPerSecond = jobs.ticksPerSecond
  }

  func wakes(_ world: World) -> Int64 { wake }

  mutating func arrived(_ job: Int, _ world: inout World) {
    runnable.append(Int32(job))
    queues[0].append(Int32(job))
    queueOf[Int32(job)] = 0
  }

  mutating func evicted(_ job: Int, _ world: inout World) {}

  mutating func ended(_ job: Int, _ world: inout World) {
    runnable.removeAll { $0 == job }
    if let queue = queueOf.removeValue(forKey: Int32(job)) {
      queues[queue].removeAll { $0 == job }
    }
  }

  mutating func decide(_ world: inout World) {
    for job in runnable where world.isRunning(Int(job)) {
      attained[Int(job)] += world.now - world.checked[Int(job)]
    }
    replacing.check(runnable, &world)
    for job in runnable where world.isRunning(Int(job)) { demote(job, world) }
    replacing.replace(queues.flatMap { $0 }, &world)
    // Those that wait go behind those that run, each in the order they had.
    for queue in queues.indices {
      let running = queues[queue].filter { world.isRunning(Int($0)) }
      queues[queue] = running + queues[queue].filter { !world.isRunning(Int($0)) }
    }
    wake = nextWake(world)
  }

  private mutating func demote(_ job: Int32, _ world: World) {
    guard let queue = queueOf[job], queue < TiresiasL.limits.count else { return }
    let service = Int128(attained[Int(job)]) * Int128(world.jobs.gpus[Int(job)])
    guard service >= Int128(TiresiasL.limits[queue]) * Int128(ticksPerSecond) else { return }
    queues[queue].removeAll { $0 == job }
    queues[queue + 1].append(job)
    queueOf[job] = queue + 1
  }

  /// When the next running job reaches its queue's limit, in whole seconds of its run.
  private func nextWake(_ world: World) -> Int64 {
    var wake = Int64.max
    for job in runnable where world.isRunning(Int(job)) {
      guard let queue = queueOf[job], queue < TiresiasL.limits.count else { continue }
      let gpus = Int64(world.jobs.gpus[Int(job)])
      // One without devices is served nothing, and never falls.
      guard gpus > 0 else { continue }
      let seconds = (TiresiasL.limits[queue] + gpus - 1) / gpus
      wake = min(
        wake, max(world.now + 1, world.now + seconds * ticksPerSecond - attained[Int(job)]))
    }
    return wake
  }
}
