internal import MadangScheduler

/// Ours: the scheduler's own core, the one that the live service runs. Pools with guarantees and
/// weights, lending and reclaim, gangs whole or not at all, backfill.
///
/// A job on nodes of at most s devices becomes tasks of gcd(its devices, s) each, or one task where
/// one node can hold it. Nodes stand in racks of 16 and blocks of 16 racks, a cluster a device
/// model. The core's clock starts with the first submission; where it could not count all jobs one
/// after the other, its tick is as many of ours as it takes.
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
  /// By devices of the gang; nothing for those that no model's nodes could hold.
  private var shapes: [Int32: ShapeIndex?] = [:]
  /// By model, nodes of each size.
  private let sizes: [[Int]]
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
    let (clusters, declared) = FairShare.clusters(nodes)
    let pools = simulation.pools.map { pool in
      PoolSpec(
        weight: pool.weight, priority: pool.priority,
        quotas: pool.guarantees.map { Quota(guarantee: $0) })
    }
    do throws(SchedulerRefusal) {
      core = try Scheduler(
        clusters: clusters, models: models.count, pools: pools,
        policy: MadangScheduler.Policy(
          backfill: simulation.options.backfill == 0
            ? .none
            : simulation.options.backfill == .max ? .all : .depth(simulation.options.backfill),
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

  /// A cluster for each model that has nodes, and our node for each as declared.
  private static func clusters(_ nodes: NodeList) -> ([ClusterSpec], [Int]) {
    var clusters: [ClusterSpec] = []
    var declared: [Int] = []
    for model in 0..<max(1, nodes.modelNames.count) {
      let members = (0..<nodes.count).filter { Int(nodes.model[$0]) == model && nodes.gpus[$0] > 0 }
      guard !members.isEmpty else { continue }
      clusters.append(
        ClusterSpec(
          model: ModelIndex(model),
          nodes: members.enumerated().map { place, node in
            NodeSpec(block: place / 256, rack: place / 16 % 16, gpus: Int(nodes.gpus[node]))
          }))
      declared += members
    }
    return (clusters, declared)
  }

  /// Four times what all jobs one after the other take, for those that are evicted and begin anew.
  private static func coarser(_ simulation: Simulation) -> Int64 {
    guard let span = simulation.span else { preconditionFailure("checked by Simulation.refusal") }
    var power: Int64 = 0
    while span >> power >= SchedulerLimits.tickMax / 4 { power += 1 }
    return power
  }

  /// A moment of ours as the core counts. Should evictions ever lead beyond its last tick, its
  /// clock stands still there.
  private func tick(_ time: Int64) -> Tick {
    min(SchedulerLimits.tickMax, max(0, time - zero) >> coarser)
  }

  /// A length of ours as the core counts: no shorter.
  private func ticks(_ length: Int64) -> Tick {
    length >> coarser + (length & (1 << coarser - 1) > 0 ? 1 : 0)
  }

  mutating func arrived(_ job: Int, _ world: inout World) {
    do throws(SchedulerRefusal) {
      guard let shape = try shape(world.jobs.gpus[job]) else {
        world.drop(job)
        return
      }
      try core.advance(to: tick(world.now))
      let number = try core.submit(
        JobSpec(
          pool: PoolIndex(Int(world.jobs.pool[job])), shape: shape,
          walltime: max(1, ticks(world.jobs.limit[job])), preemptible: true,
          checkpointInterval: checkpointEvery.flatMap { $0 > 0 ? ticks($0) : nil }))
      precondition(Int(number.value) == jobOfCore.count, "jobs are numbered as they come")
    } catch { preconditionFailure("a job that could start is taken: \(error)") }
    coreJob[job] = Int32(jobOfCore.count)
    jobOfCore.append(Int32(job))
  }

  /// The core puts it back into its line when it hears of the node.
  mutating func evicted(_ job: Int, _ world: inout World) {}

  mutating func ended(_ job: Int, _ world: inout World) {
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

  /// Who left, and who was refused for want of them, may be served at the same moment still.
  func wakes(_ world: World) -> Int64 { core.isSettled ? .max : world.now }

  /// The laws, recounted from jobs and places alone.
  func checkInvariants() {
    let breaches = core.audit()
    precondition(breaches.isEmpty, "\(breaches)")
  }

  mutating func decide(_ world: inout World) {
    do throws(SchedulerRefusal) { try core.advance(to: tick(world.now)) } catch {
      preconditionFailure("time goes on: \(error)")
    }
    core.cycle(into: &decision)
    for eviction in decision.evictions {
      world.stop(job(eviction.job), checkpointEvery: checkpointEvery)
    }
    for start in decision.starts {
      let job = job(start.job)
      for placed in core.placement(of: start.job) {
        world.take(job, Int(nodeOfCore[Int(placed.node.value)]), placed.gpus)
      }
      world.counters.decisions += 1
      world.begin(job)
    }
  }

  private func job(_ index: JobIndex) -> Int { Int(jobOfCore[Int(index.value)]) }

  /// The shape of a gang; nothing where no model's nodes hold it, everything up and idle.
  private mutating func shape(_ gpus: Int32) throws(SchedulerRefusal) -> ShapeIndex? {
    if let known = shapes[gpus] { return known }
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
    let shape =
      fits && tasks <= SchedulerLimits.tasksMax
      ? try core.shape(Shape(tasks: tasks, gpusPerTask: each, models: models)) : nil
    shapes[gpus] = .some(shape)
    return shape
  }
}
