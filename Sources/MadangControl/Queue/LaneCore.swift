import MadangProgramme
import MadangScheduler

/// How a lane looks to its scheduler, and what the scheduler's answers are to people.
extension Lane {
  /// The core's one device model here, and the cluster of it.
  static let model = ModelIndex(0)

  static func tick(_ instant: Instant) -> Tick {
    let most = SchedulerLimits.tickMax / 2 / 1_000
    return min(max(instant.seconds, -most), most) * 1_000
  }

  /// A scheduler of the lane's GPUs with nothing in it. Pools take turns by what each uses for its
  /// weight; the allocations of a pool go by submission. The last pool is for what runs for nobody
  /// that is known.
  static func core(_ plan: LanePlan, overhang: Int64, now: Instant) -> Scheduler {
    var nodes: [NodeSpec] = []
    for (gpus, state) in [(plan.capacity, NodeState.up), (overhang, .draining)] {
      var left = gpus
      while left > 0 {
        let count = min(left, Int64(SchedulerLimits.gpusPerNodeMax))
        nodes.append(NodeSpec(block: 0, rack: 0, gpus: Int(count), state: state))
        left -= count
      }
    }
    do throws(SchedulerRefusal) {
      return try Scheduler(
        clusters: [ClusterSpec(model: model, nodes: nodes)], models: 1, pools: pools(plan),
        policy: Policy(backfill: .easy, reclaim: false), now: tick(now))
    } catch {
      preconditionFailure("a lane is within the scheduler's limits: \(error.code)")
    }
  }

  private static func groups(_ plan: LanePlan) -> [PoolID?] {
    var groups: [PoolID?] = plan.pools.map(\.pool)
    for member in plan.members where !groups.contains(member.pool) { groups.append(member.pool) }
    return groups
  }

  private static func pools(_ plan: LanePlan) -> [PoolSpec] {
    let groups = groups(plan)
    var specs = groups.map { group in
      let weight = plan.pools.first { $0.pool == group }?.weight ?? 1
      return PoolSpec(
        weight: min(max(1, weight), SchedulerLimits.weightMax), order: .submission)
    }
    for member in plan.members {
      specs.append(
        PoolSpec(parent: groups.firstIndex(of: member.pool).map { PoolIndex($0) }))
    }
    return specs + [PoolSpec()]
  }

  /// The core's pools of the allocations, and at last that of what is unknown.
  static func places(_ plan: LanePlan) -> (of: [AllocationID: PoolIndex], unknown: PoolIndex) {
    let first = groups(plan).count
    var places: [AllocationID: PoolIndex] = [:]
    for (place, member) in plan.members.enumerated() {
      places[member.allocation] = PoolIndex(first + place)
    }
    return (places, PoolIndex(first + plan.members.count))
  }

  func setBudget(_ allocation: AllocationID, _ left: Int64) {
    let ticks = left > (1 << 60) / 1_000 ? 1 << 60 : left * 1_000
    sure { core throws(SchedulerRefusal) in
      try core.setBudget(of: places.of[allocation] ?? places.unknown, Lane.model, left: ticks)
    }
  }

  func spec(_ allocation: AllocationID, _ gpus: Int32, walltime: Tick) -> MadangScheduler.JobSpec {
    let shape = Shape(tasks: gpus, gpusPerTask: 1, models: [Lane.model])
    return sure { core throws(SchedulerRefusal) in
      MadangScheduler.JobSpec(
        pool: places.of[allocation] ?? places.unknown, shape: try core.shape(shape),
        walltime: min(max(1, walltime), SchedulerLimits.tickMax))
    }
  }

  /// What the core refuses would be a fault of this lane.
  func sure<Answer>(
    _ ask: (inout Scheduler) throws(SchedulerRefusal) -> Answer
  ) -> Answer {
    do throws(SchedulerRefusal) {
      return try ask(&core)
    } catch {
      preconditionFailure("a lane tells its scheduler what is so: \(error.code)")
    }
  }

  /// Why a task that may run as far as its job goes does not start: the core's reason, with the
  /// numbers of this moment, after all starts. `left` are GPU-seconds of its budget.
  func reason(_ task: JobTask, _ job: WaitingJob, left: Int64?, now: Instant) -> WaitReason {
    guard let entry = known[task] else { preconditionFailure("a lane knows who waits in it") }
    let free = core.freeGPUs(Lane.model)
    let before: JobTask?
    switch sure({ core throws(SchedulerRefusal) in try core.reason(of: entry.job) }) {
    case .budget: return .budget(asked: job.forecastSeconds, left: left ?? 0)
    case .capacity: before = head?.task
    case .turn(let behind, _): before = behind.map { self.task(of: $0) } ?? head?.task
    case .impossible, .notAsked, .gate, .quota, .evicting, .exhausted, .running, .ended:
      preconditionFailure("what may ever start in a lane has no gate, no limit and no reclaim")
    }
    guard let before, before != task else {
      let within = max(0, (head?.from ?? now).seconds - now.seconds)
      return .gpus(needed: job.gpus, free: free, withinSeconds: within)
    }
    // What started after its turn may have used its budget up; the core looked at it before.
    if let left, job.forecastSeconds > left {
      return .budget(asked: job.forecastSeconds, left: left)
    }
    return Int64(job.gpus) > free
      ? .queued(behind: before, needed: job.gpus, free: free) : .wouldDelay(before, free: free)
  }
}
