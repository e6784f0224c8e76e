internal import MadangScheduler

/// Ours: the scheduler's own core, the one that the live service runs. Pools with guarantees and
/// weights, lending and reclaim, gangs whole or not at all, backfill.
///
/// A job on nodes of at most s devices becomes tasks of gcd(its devices, s) each, or one task where
/// one node can hold it. Nodes stand in racks of 16 and blocks of 16 racks, a cluster a device
/// model. The core's clock starts with the first submission.
struct FairShare: Policy, ~Copyable {
  private var core: Scheduler
  private var decision = Decision()
  private let zero: Int64
  private let checkpointEvery: Int64?
  /// The core's number of each job, and the other way round.
  private var coreJob: [Int32]
  private var jobOfCore: [Int32] = []
  /// By devices of the gang.
  private var shapes: [Int32: ShapeIndex] = [:]
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

  mutating func arrived(_ job: Int, _ world: inout World) {
    let gpus = world.jobs.gpus[job]
    do throws(SchedulerRefusal) {
      try core.advance(to: world.now - zero)
      let number = try core.submit(
        JobSpec(
          pool: PoolIndex(Int(world.jobs.pool[job])), shape: try shape(gpus),
          walltime: max(1, world.jobs.limit[job]), preemptible: true,
          checkpointInterval: checkpointEvery.flatMap { $0 > 0 ? $0 : nil }))
      precondition(Int(number.value) == jobOfCore.count, "jobs are numbered as they come")
    } catch { preconditionFailure("a job that could start is taken: \(error)") }
    coreJob[job] = Int32(jobOfCore.count)
    jobOfCore.append(Int32(job))
  }

  /// The core puts it back into its line when it hears of the node.
  mutating func evicted(_ job: Int, _ world: inout World) {}

  mutating func ended(_ job: Int, _ world: inout World) {
    do throws(SchedulerRefusal) {
      try core.finish(JobIndex(Int(coreJob[job])), at: world.now - zero)
    } catch { preconditionFailure("what runs may end: \(error)") }
  }

  mutating func nodeChanged(_ node: Int, _ world: inout World) {
    do throws(SchedulerRefusal) {
      try core.advance(to: max(0, world.now - zero))
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
    do throws(SchedulerRefusal) { try core.advance(to: world.now - zero) } catch {
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

  private mutating func shape(_ gpus: Int32) throws(SchedulerRefusal) -> ShapeIndex {
    if let known = shapes[gpus] { return known }
    var each = gpus
    if gpus > largest {
      var (a, b) = (gpus, largest)
      while b > 0 { (a, b) = (b, a % b) }
      each = a
    }
    let shape = try core.shape(Shape(tasks: gpus / each, gpusPerTask: each, models: models))
    shapes[gpus] = shape
    return shape
  }
}
