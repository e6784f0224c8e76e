internal import MadangScheduler

/// Ours: the scheduler's own core, the one that the live service runs. Pools with guarantees and
/// weights, lending and reclaim, gangs whole or not at all, backfill.
///
/// A job on nodes of at most s devices becomes tasks of gcd(its devices, s) each, or one task where
/// one node can hold it. Nodes stand in racks of 16 and blocks of 16 racks, a cluster a device
/// model. The core's clock starts with the first submission; where it could not count all jobs one
/// after the other, its tick is as many of ours as it takes.
///
/// A trace says which models will do for a job, not which it would rather have: it prefers none. A
/// job of a trace of shared devices is one task.
/// Nodes without devices are not the core's; what only they could hold is dropped. Where nobody
/// waits, room is kept for nobody.
struct FairShare: Policy, ~Copyable {
  private var core: Scheduler
  private var decision = Decision()
  private let zero: Int64
  /// One tick of the core is 2 to this power of ours.
  private let coarser: Int64
  private let checkpointEvery: Int64?
  /// The core's number of each job, and the other way round.
  private var coreJob: [Int32]
  private var jobOfCore: [Int32] = []
  /// What jobs ask for, and the core's number of it; nothing for a gang that no model's nodes could
  /// hold. Look-up only.
  private var shapes: [Wish: ShapeIndex?] = [:]
  /// By model, nodes of each size.
  private let sizes: [[Int]]
  /// Jobs that came in since the last decision, where what does not fit is dropped.
  private var fresh: [Int] = []
  private var shared = SharedNumbers()
  /// Our node of each of the core's, and the other way round.
  private let nodeOfCore: [Int32]
  private let coreNode: [Int32]
  private let models: [ModelIndex]
  private let largest: Int32

  init(_ simulation: Simulation) {
    let nodes = simulation.nodes
    zero = simulation.jobs.submit.first ?? 0
    checkpointEvery = simulation.checkpointEvery
    coreJob = Array(repeating: -1, count: simulation.jobs.count)
    largest = nodes.largest
    models = (0..<max(1, nodes.modelNames.count)).map { ModelIndex($0) }
    coarser = FairShare.coarser(simulation)
    var sizes = models.map { _ in [Int](repeating: 0, count: Int(nodes.largest) + 1) }
    for node in 0..<nodes.count { sizes[Int(nodes.model[node])][Int(nodes.gpus[node])] += 1 }
    self.sizes = sizes
    let (clusters, declared) = FairShare.clusters(nodes, simulation.jobs.shapes != nil)
    let pools = simulation.pools.map { pool in
      PoolSpec(
        weight: pool.weight, priority: pool.priority,
        quotas: pool.guarantees.map { Quota(guarantee: $0) })
    }
    do throws(SchedulerRefusal) {
      core = try Scheduler(
        clusters: clusters, models: models.count, pools: pools,
        policy: MadangScheduler.Policy(
          backfill: FairShare.backfill(simulation),
          reclaim: simulation.options.reclaims))
    } catch { preconditionFailure("checked by Simulation.refusal: \(error)") }
    var nodeOfCore = Array(repeating: Int32(0), count: nodes.count)
    var coreNode = nodeOfCore
    for node in 0..<nodes.count {
      let ours = declared[core.declaredPlace(of: NodeIndex(node))]
      nodeOfCore[node] = Int32(ours)
      coreNode[ours] = Int32(node)
    }
    self.nodeOfCore = nodeOfCore
    self.coreNode = coreNode
  }

  private static func backfill(_ simulation: Simulation) -> MadangScheduler.Policy.Backfill {
    if simulation.options.backfill == 0 || !simulation.jobs.waits { return .none }
    return simulation.options.backfill == .max ? .all : .depth(simulation.options.backfill)
  }

  /// A cluster for each model that has nodes, and our node for each as declared.
  private static func clusters(
    _ nodes: NodeList, _ isShared: Bool
  ) -> ([ClusterSpec], [Int]) {
    var clusters: [ClusterSpec] = []
    var declared: [Int] = []
    for model in 0..<max(1, nodes.modelNames.count) {
      let members = (0..<nodes.count).filter { Int(nodes.model[$0]) == model && nodes.gpus[$0] > 0 }
      guard !members.isEmpty else { continue }
      clusters.append(
        ClusterSpec(
          model: ModelIndex(model),
          nodes: members.enumerated().map { place, node in
            var spec = NodeSpec(
              block: place / 256, rack: place / 16 % 16, gpus: Int(nodes.gpus[node]))
            if isShared, !nodes.cpuMilli.isEmpty { spec.cpuMilli = Int64(nodes.cpuMilli[node]) }
            if isShared, !nodes.memoryMiB.isEmpty {
              spec.memoryMiB = Int64(nodes.memoryMiB[node])
            }
            return spec
          }))
      declared += members
    }
    return (clusters, declared)
  }

  /// Room for four times the span, which no run leaves: what ends is planned within two.
  private static func coarser(_ simulation: Simulation) -> Int64 {
    guard let span = simulation.span else { preconditionFailure("checked by Simulation.refusal") }
    var power: Int64 = 0
    while span >> power >= SchedulerLimits.tickMax / 4 { power += 1 }
    return power
  }

  /// A moment of ours as the core counts.
  private func tick(_ time: Int64) -> Tick { max(0, time - zero) >> coarser }

  /// A length of ours as the core counts: no shorter.
  private func ticks(_ length: Int64) -> Tick {
    length >> coarser + (length & (1 << coarser - 1) > 0 ? 1 : 0)
  }

  mutating func arrived(_ job: Int, _ world: inout World) {
    let limit = world.jobs.limit[job]
    do throws(SchedulerRefusal) {
      guard let shape = try shape(job, world.jobs) else {
        world.drop(job)
        return
      }
      try core.advance(to: tick(world.now))
      let number = try core.submit(
        JobSpec(
          pool: PoolIndex(Int(world.jobs.pool[job])), shape: shape,
          walltime: limit < Workload.forever ? max(1, ticks(limit)) : nil, preemptible: true,
          checkpointInterval: checkpointEvery.flatMap { $0 > 0 ? ticks($0) : nil }))
      precondition(Int(number.value) == jobOfCore.count, "jobs are numbered as they come")
    } catch { preconditionFailure("a job that could start is taken: \(error)") }
    coreJob[job] = Int32(jobOfCore.count)
    jobOfCore.append(Int32(job))
    if !world.jobs.waits {
      fresh.append(job)
    } else if world.jobs.shapes != nil, isImpossible(job) {
      drop(job, &world)
    }
  }

  private mutating func isImpossible(_ job: Int) -> Bool {
    do throws(SchedulerRefusal) {
      if case .impossible = try core.reason(of: JobIndex(Int(coreJob[job]))) { return true }
      return false
    } catch { preconditionFailure("the job is known: \(error)") }
  }

  private mutating func drop(_ job: Int, _ world: inout World) {
    do throws(SchedulerRefusal) { try core.cancel(JobIndex(Int(coreJob[job]))) } catch {
      preconditionFailure("the job is known: \(error)")
    }
    world.drop(job)
  }

  /// The core puts it back into its line when it hears of the node.
  mutating func evicted(_ job: Int, _ world: inout World) { shared.leave(job) }

  mutating func ended(_ job: Int, _ world: inout World) {
    shared.leave(job)
    do throws(SchedulerRefusal) {
      try core.finish(JobIndex(Int(coreJob[job])), at: tick(world.now))
    } catch { preconditionFailure("what runs may end: \(error)") }
  }

  mutating func nodeChanged(_ node: Int, _ world: inout World) {
    do throws(SchedulerRefusal) {
      try core.advance(to: tick(world.now))
      try core.setNodeState(NodeIndex(Int(coreNode[node])), world.isDown[node] ? .failed : .up)
    } catch { preconditionFailure("a node that is there may change: \(error)") }
  }

  /// Who left may be served at the same moment still; who started may be asked at the next.
  func wakes(_ world: World) -> Int64 {
    if !core.isSettled { return world.now }
    return core.nextWake.map { zero + $0 << coarser } ?? .max
  }

  /// The laws, recounted from jobs and places alone.
  func checkInvariants() {
    let breaches = core.audit() + core.audit(decision)
    precondition(breaches.isEmpty, "\(breaches)")
  }

  mutating func decide(_ world: inout World) {
    do throws(SchedulerRefusal) { try core.advance(to: tick(world.now)) } catch {
      preconditionFailure("time goes on: \(error)")
    }
    core.cycle(into: &decision)
    for eviction in decision.evictions {
      world.stop(job(eviction.job), checkpointEvery: checkpointEvery)
      shared.leave(job(eviction.job))
    }
    for start in decision.starts {
      let job = job(start.job)
      for placed in core.placement(of: start.job) {
        let node = Int(nodeOfCore[Int(placed.node.value)])
        if world.jobs.shapes == nil {
          world.take(job, node, placed.gpus)
        } else {
          let device = placed.device.map { shared.enter(job, node, $0, world) }
          world.take(job, node, device: device)
        }
      }
      world.counters.decisions += 1
      world.begin(job)
    }
    // Who left may make room at the same moment still.
    guard !fresh.isEmpty, core.isSettled else { return }
    for job in fresh where world.state[job] == .waiting { drop(job, &world) }
    fresh.removeAll(keepingCapacity: true)
  }

  private func job(_ index: JobIndex) -> Int { Int(jobOfCore[Int(index.value)]) }

  /// What a job asks for, all that tells shapes apart.
  private struct Wish: Hashable {
    var gpus: Int32
    var milli: Int32 = 1_000
    var cpuMilli: Int32 = 0
    var memoryMiB: Int32 = 0
    var models: UInt64 = 0
  }

  /// Nothing for a gang that no model's nodes hold, everything up and idle.
  private mutating func shape(
    _ job: Int, _ jobs: Workload
  ) throws(SchedulerRefusal) -> ShapeIndex? {
    var wish = Wish(gpus: jobs.gpus[job])
    if let shapes = jobs.shapes {
      wish.milli = shapes.gpuMilli[job]
      wish.cpuMilli = shapes.cpuMilli[job]
      wish.memoryMiB = shapes.memoryMiB[job]
      wish.models = shapes.models[job]
    }
    if let known = shapes[wish] { return known }
    let asked = jobs.shapes == nil ? gang(wish.gpus) : task(wish)
    var shape: ShapeIndex?
    if let asked { shape = try core.shape(asked) }
    shapes[wish] = .some(shape)
    return shape
  }

  /// One task, of whole devices, of a part of one, or of none.
  private func task(_ wish: Wish) -> Shape {
    let isPart = wish.gpus > 0 && wish.milli < 1_000
    // What asks for nothing at all asks for the least that there is.
    let isNothing = wish.gpus == 0 && wish.cpuMilli == 0 && wish.memoryMiB == 0
    return Shape(
      tasks: 1, gpusPerTask: isPart ? 0 : wish.gpus, gpuMilliPerTask: isPart ? wish.milli : 0,
      cpuMilliPerTask: isNothing ? 1 : Int64(wish.cpuMilli),
      memoryMiBPerTask: Int64(wish.memoryMiB),
      models: models.filter { wish.models == 0 || wish.models & (1 << UInt64($0.value)) != 0 },
      isIndifferent: true)
  }

  private func gang(_ gpus: Int32) -> Shape? {
    var each = gpus
    if gpus > largest {
      var (a, b) = (gpus, largest)
      while b > 0 { (a, b) = (b, a % b) }
      each = a
    }
    let tasks = gpus / each
    let fits = sizes.contains { nodes in
      nodes.indices.reduce(0) { $0 + $1 / Int(each) * nodes[$1] } >= Int(tasks)
    }
    guard fits, tasks <= SchedulerLimits.tasksMax else { return nil }
    return Shape(
      tasks: tasks, gpusPerTask: each, models: models,
      isIndifferent: models.count > 1)
  }
}

/// The world's device for each that the core has opened, as long as anybody is in it.
private struct SharedNumbers {
  /// By node and the core's number: the world's, and how many jobs are in it. Look-up only.
  private var devices: [Int64: (device: Int, jobs: Int)] = [:]
  /// Of each job that has a part, in which. Look-up only.
  private var entered: [Int: Int64] = [:]

  mutating func enter(_ job: Int, _ node: Int, _ number: Int, _ world: borrowing World) -> Int {
    let at = Int64(node) << 8 | Int64(number)
    let known = devices[at] ?? (world.firstFreeDevice(of: node), 0)
    devices[at] = (known.device, known.jobs + 1)
    entered[job] = at
    return known.device
  }

  mutating func leave(_ job: Int) {
    guard let at = entered.removeValue(forKey: job), let known = devices[at] else { return }
    devices[at] = known.jobs > 1 ? (known.device, known.jobs - 1) : nil
  }
}

extension World {
  fileprivate func firstFreeDevice(of node: Int) -> Int {
    let base = node * shared.stride
    for device in 0..<Int(nodes.gpus[node]) where shared.milli[base + device] == 1_000 {
      return device
    }
    preconditionFailure("the core opens a device only where one is whole")
  }
}
