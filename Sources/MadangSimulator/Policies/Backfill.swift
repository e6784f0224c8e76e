/// First in, first out, with room ahead of the line for jobs that delay nobody who is promised a
/// start: the first `depth` that wait. Depth 1 is EASY, all is conservative backfilling.
///
/// Promises are made on counts of devices: the profile of planned ends is a step function of the
/// free devices, and a job is planned at the first time from which enough are free for its whole
/// limit. Whether nodes fit is seen when its time has come.
struct Backfill: Policy {
  private var waiting: [Int32] = []
  private let depth: Int
  private var running: [Int32] = []
  private var isStale = false

  init(_ jobs: Workload, depth: Int) { self.depth = depth }

  mutating func arrived(_ job: Int, _ world: inout World) {
    waiting.append(Int32(job))
    isStale = true
  }

  mutating func evicted(_ job: Int, _ world: inout World) {
    running.removeAll { $0 == job }
    let place = waiting.firstIndex { $0 > job } ?? waiting.count
    waiting.insert(Int32(job), at: place)
    isStale = true
  }

  mutating func ended(_ job: Int, _ world: inout World) {
    running.removeAll { $0 == job }
    isStale = true
  }

  mutating func nodeChanged(_ node: Int, _ world: inout World) { isStale = true }

  mutating func decide(_ world: inout World) {
    guard isStale, !waiting.isEmpty else { return }
    isStale = false
    start(&world)
    guard !world.jobs.waits else { return }
    for job in waiting { world.drop(Int(job)) }
    waiting = []
  }

  private mutating func start(_ world: inout World) {
    while let job = waiting.first, world.start(Int(job)) {
      running.append(job)
      waiting.removeFirst()
    }
    guard !waiting.isEmpty, world.freeTotal > 0 else { return }
    var profile = FreeProfile(world, running)
    var promised = 0
    var left: [Int32] = []
    for (index, number) in waiting.enumerated() {
      let job = Int(number)
      let need = Int64(world.jobs.gpus[job])
      let limit = world.jobs.limit[job]
      // Nothing that is left could start now: who waits behind keeps waiting.
      if promised >= depth, world.freeTotal == 0 {
        left += waiting[index...]
        break
      }
      if profile.fits(need, at: world.now, for: limit), world.start(job) {
        running.append(number)
        profile.take(need, from: world.now, for: limit)
        continue
      }
      if promised < depth, let start = profile.earliest(need, for: limit, after: world.now) {
        profile.take(need, from: start, for: limit)
        promised += 1
      }
      left.append(number)
    }
    waiting = left
  }
}
