/// Decides who runs where. Told what happens (jobs come, end, nodes fail, time passes), it answers
/// `cycle()` with what should start and who should leave, and `reason(of:)` for the rest.
///
/// Everything it knows is in flat columns that it alone owns and that each event changes a little:
/// nothing is copied or counted anew for a cycle. The same calls give the same answers in every
/// process.
///
///     events ──▶ fleet, lines, pools ──▶ cycle: pools take turns by what they are due
///                                          ├─ room and right?      start
///                                          ├─ right, no room?      reclaim, or keep room in time
///                                          └─ no?                  one reason a line
public struct Scheduler: ~Copyable {
  public let policy: Policy
  public private(set) var now: Tick
  var fleet: Fleet
  /// The same fleet with everything up and free: what does not fit here never will.
  let pristine: Fleet
  var pools: PoolTree
  var shapes: ShapeTable
  /// For each shape, what makes it impossible, if anything does.
  var bounds: [WaitReason.Bound?] = []
  var lines: Lines
  var jobs: [JobRow] = []
  var residences: Residences
  /// Running, arriving and leaving jobs, in no particular order.
  var active: [Int32] = []
  /// For each model, those by when they end.
  var ends: [SortedItems]
  /// For each model, the fleet at the moment that was planned for last.
  var foresights: [Foresight?]
  var placement: Placement
  /// Maintenance and reservations and, during a cycle, room that is kept for waiting jobs.
  var holds: Holds
  /// Of this pass's reservations the one whose places are not looked for yet.
  var promise: Promise?
  var lendings: [LendingSpec] = []
  /// Until when past use is counted, and when it is next decayed.
  var accruedAt: Tick
  var nextDecay: Tick
  /// Jobs whose moment has not come, the earliest last.
  var gated: [(at: Tick, job: Int32)] = []
  /// Jobs told to leave, the earliest last.
  var leaving: [(at: Tick, job: Int32)] = []
  /// Which jobs wait for a job's end; look-up only.
  var dependents: [Int32: [Int32]] = [:]
  var order: FairOrder
  /// When the passing of time alone makes another decision worth while.
  var wakeAt = Tick.max
  /// Whether anything happened since the last cycle.
  var changed = true
  var scratch = CycleScratch()
  public internal(set) var counters = CycleCounters()
  public var placementCounters: PlacementCounters { placement.counters }

  /// Begins with an idle fleet.
  ///
  /// - Parameter models: how many device models there are.
  public init(
    clusters: [ClusterSpec], models: Int, pools specs: [PoolSpec], policy: Policy = Policy(),
    now: Tick = 0
  ) throws(SchedulerRefusal) {
    try SetupCheck.check(clusters, models: models, specs, policy, now)
    self.policy = policy
    self.now = now
    accruedAt = now
    nextDecay = now + (policy.decay?.period ?? 0)
    fleet = Fleet(clusters, models: models)
    pristine = Fleet(
      clusters.map { cluster in
        var open = cluster
        for node in open.nodes.indices { open.nodes[node].state = .up }
        return open
      }, models: models)
    pools = PoolTree(specs, models: models)
    shapes = ShapeTable(models: models)
    lines = Lines(leaves: pools.nodeCount, assumedWalltime: policy.assumedWalltime)
    residences = Residences(nodes: fleet.topology.nodeCount)
    placement = Placement(fleet)
    holds = Holds(
      nodes: fleet.topology.nodeCount, models: models, parent: pools.parent)
    order = FairOrder(pools)
    ends = Array(repeating: SortedItems(), count: models)
    foresights = Array(repeating: nil, count: models)
  }

  private init(copying other: borrowing Scheduler) {
    policy = other.policy
    now = other.now
    fleet = other.fleet
    pristine = other.pristine
    pools = other.pools
    shapes = other.shapes
    bounds = other.bounds
    lines = other.lines
    jobs = other.jobs
    residences = other.residences
    active = other.active
    ends = other.ends
    foresights = other.foresights
    placement = Placement(other.fleet)
    holds = other.holds
    promise = other.promise
    lendings = other.lendings
    accruedAt = other.accruedAt
    nextDecay = other.nextDecay
    gated = other.gated
    leaving = other.leaving
    dependents = other.dependents
    order = other.order
    changed = other.changed
    wakeAt = other.wakeAt
    scratch = other.scratch
    counters = other.counters
  }

  /// A second one that goes its own way: for what-if and for planning.
  public func fork() -> Scheduler { Scheduler(copying: self) }

  // MARK: - What is known

  public var modelCount: Int { pools.models }
  public var nodeCount: Int { fleet.topology.nodeCount }
  public var jobCount: Int { jobs.count }
  /// Whether another cycle now would decide nothing new.
  public var isSettled: Bool { !changed }
  public var waitingJobs: Int { lines.waitingJobs }
  public var activeJobs: Int { active.count }

  public func state(of job: JobIndex) -> JobState { jobs[job.int].state }
  public func startedAt(_ job: JobIndex) -> Tick { jobs[job.int].startedAt }
  public func freeGPUs(_ model: ModelIndex) -> Int64 { fleet.freeGPUs(model.int) }
  /// GPUs of the model that can be used: of nodes that are up, and those in use on draining ones.
  public func capacity(_ model: ModelIndex) -> Int64 { fleet.capacity[model.int] }
  public func model(of node: NodeIndex) -> ModelIndex {
    ModelIndex(fleet.topology.model(ofNode: node.int))
  }
  public func gpus(of node: NodeIndex) -> Int { Int(fleet.topology.gpus[node.int]) }
  /// GPUs of a node that nobody has, whether or not it takes work; none where it is out of service.
  public func freeGPUs(of node: NodeIndex) -> Int {
    switch fleet.state[node.int] {
    case .up, .draining: max(0, Int(fleet.free[node.int]))
    case .down, .failed: 0
    }
  }
  public func state(of node: NodeIndex) -> NodeState { fleet.state[node.int] }
  /// The node's place among the nodes as declared, cluster after cluster.
  public func declaredPlace(of node: NodeIndex) -> Int { Int(fleet.declared[node.int]) }

  /// Where a job runs, by node and device.
  public func placement(of job: JobIndex) -> [Placed] {
    var placed: [Placed] = []
    var at = jobs[job.int].firstRow
    while at >= 0 {
      let row = residences.rows[Int(at)]
      placed.append(
        Placed(
          node: NodeIndex(Int(row.node)), tasks: row.tasks, gpus: row.gpus,
          milli: Int64(row.gpus) * PoolTree.unit + Int64(row.milli),
          device: row.device < 0 ? nil : Int(row.device)))
      at = row.nextOfJob
    }
    placed.sort { ($0.node, $0.device ?? -1) < ($1.node, $1.device ?? -1) }
    return placed
  }

  mutating func setNow(_ moment: Tick) { now = moment }
}

/// Space that a cycle uses again and again.
struct CycleScratch {
  /// For each model, waiting jobs for which room is kept in this pass.
  var reserved: [Int] = []
  /// For each model, the job that waits strictly first, where nothing may pass it.
  var blockedBy: [Int32] = []
  /// For each model, whether anybody could be asked to leave in this pass.
  var reclaimable: [Bool] = []
  /// For each model, jobs that may be asked, the cheapest first, once somebody needs them.
  var candidates: [CandidateList?] = []
  /// For each shape and model, the earliest end for which room was found kept in this pass.
  var turns: [(until: Tick, gains: UInt64)] = []
  /// For each shape and model, what is known in this pass of when there will be room.
  var planned: [PlannedShape] = []
  /// Refusals of this pass, by question, with the end that was asked for; no answer where the
  /// search was exhausted, by so many steps. Look-up only.
  var reclaimAnswers: [ReclaimQuestion: ReclaimRefusal] = [:]
  /// Passes of this decision, with the one that goes on.
  var passes: UInt32 = 0
  /// Steps that searches for victims took in this cycle.
  var reclaimSteps = 0
  /// Whether somebody within its rights was refused in this pass, or not asked for want of anybody
  /// who might have left.
  var isWorthAnother = false
  /// Starts of this decision that were taken back.
  var takenBack = 0
  /// Who was taken off in this decision at once, with all places of theirs.
  var off: [TakenOff] = []
  var offRows: [Residences.Row] = []
  /// For each node, GPUs that a search for victims found to be had; zeros between searches.
  var gain: [Int32] = []
  /// Tasks that a trial puts on nodes; look-up only.
  var needs: [Int32: Int32] = [:]
  /// By node and model, what its children lend; as of a version of the pools. Look-up only.
  var lent: [Int: [Int32: Int64]] = [:]
  var lentIn = -1
  /// Of the question that is planned for.
  var closed = ClosedNodes()
  /// Jobs that left, and jobs that arrived, since the last cycle.
  var left: [Decision.Eviction] = []
  var arrived: [Int32] = []
}
