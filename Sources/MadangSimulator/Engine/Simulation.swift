/// A run: jobs, nodes, a policy, and what it came to.
///
/// Virtual time is a loop over integers. Within a tick the order is: jobs end, nodes change, jobs
/// come in, the policy decides. The same input gives the same outcome in every process.
public struct Simulation: Sendable {
  public struct Options: Sendable {
    public var choice = NodeChoice.leastFree
    /// Whether `Workload.overhead` is paid at each event of a preemptive policy.
    public var paysOverhead = false
    /// For policies that draw.
    public var seed: UInt64 = 1
    /// The samples of the report, at most; 0: none.
    public var samples = 512
    /// Recount every total each so many events; 0: never.
    public var checkEvery = 0

    /// For fair share: jobs that wait with room kept in time; 0: strict, `Int.max`: all.
    public var backfill = 1
    /// For fair share: whether lent devices are taken back.
    public var reclaims = true

    public init() {}
  }

  /// What a pool is promised. Only fair share knows of promises.
  public struct Pool: Sendable {
    /// Devices by model of the fleet.
    public var guarantees: [Int64]
    public var weight: Int64
    public var priority: Int32

    public init(guarantees: [Int64] = [], weight: Int64 = 1, priority: Int32 = 0) {
      self.guarantees = guarantees
      self.weight = weight
      self.priority = priority
    }
  }

  /// A node leaves or enters service.
  public struct NodeEvent: Sendable {
    public enum Change: Sendable { case failed, maintenance, up, delivered }
    public let time: Int64
    public let node: Int32
    public let change: Change

    public init(_ time: Int64, _ node: Int32, _ change: Change) {
      self.time = time
      self.node = node
      self.change = change
    }
  }

  public let jobs: Workload
  public let nodes: NodeList
  public var options = Options()
  /// As the workload's pools; where none are given, all of weight 1 without guarantees.
  public var pools: [Pool]
  /// Ascending in time. A node whose first event is `delivered` is not there before.
  public var nodeEvents: [NodeEvent] = []
  /// What an evicted job keeps: its work up to the last of checkpoints so many ticks apart;
  /// `nil`: everything; 0: nothing.
  public var checkpointEvery: Int64? = 0

  public init(_ jobs: Workload, on nodes: NodeList) {
    self.jobs = jobs
    self.nodes = nodes
    pools = jobs.pools.map { _ in Pool() }
  }

  /// Runs to the end; nothing may speak against it (`refusal(for:)`). `progress` is called now and
  /// then with how many jobs have come in.
  public func run(_ name: PolicyName, progress: ((Int) -> Void)? = nil) -> RunOutcome {
    switch name {
    case .fifo: loop(FIFO(), progress)
    case .sjf: loop(SJF(), progress)
    case .srtf: loop(SRTF(paysOverhead: options.paysOverhead), progress)
    case .srsf: loop(SRSF(paysOverhead: options.paysOverhead), progress)
    case .tiresias: loop(TiresiasL(jobs, paysOverhead: options.paysOverhead), progress)
    case .easy: loop(Backfill(jobs, depth: 1), progress)
    case .conservative: loop(Backfill(jobs, depth: .max), progress)
    case .random: loop(RandomFit(seed: options.seed), progress)
    case .bestFit: loop(BestFit(seed: options.seed), progress)
    case .fgd: loop(FGD(jobs, nodes), progress)
    case .tightFGD: loop(TightFGD(jobs, nodes), progress)
    case .fairShare: loop(FairShare(self), progress)
    }
  }

  func loop<P: Policy & ~Copyable>(_ policy: consuming P, _ progress: ((Int) -> Void)?)
    -> RunOutcome
  {
    var world = World(jobs, nodes, choice: options.choice)
    var timeline = Timeline(
      pools: world.busyByPool.count, models: world.models, limit: options.samples)
    var next = 0
    var nextNode = 0
    prepare(&world)
    world.now = jobs.submit.first ?? 0
    for node in 0..<nodes.count where world.isDown[node] { policy.nodeChanged(node, &world) }
    timeline.begin(at: world.now)
    var nextCheck = options.checkEvery > 0 ? options.checkEvery : .max
    while true {
      let arrival = next < jobs.count ? jobs.submit[next] : .max
      let end = world.nextEnd()
      // When nobody is left, what becomes of nodes is of no interest.
      let isOver = arrival == .max && end == .max && world.waitingCount == 0
      let node = nextNode < nodeEvents.count && !isOver ? nodeEvents[nextNode].time : .max
      let time = min(arrival, end, node, policy.wakes(world))
      guard time != .max else { break }
      timeline.advance(to: time, world)
      world.advance(to: max(time, world.now))
      while let entry = world.ends.first, entry.time == time {
        world.ends.pop()
        guard world.holds(entry) else { continue }
        world.finish(Int(entry.job))
        policy.ended(Int(entry.job), &world)
        world.counters.events += 1
      }
      while nextNode < nodeEvents.count, nodeEvents[nextNode].time <= time {
        apply(nodeEvents[nextNode], &policy, &world)
        nextNode += 1
      }
      while next < jobs.count, jobs.submit[next] == time {
        arrive(next, &policy, &world)
        next += 1
        if next & 0xFFFF == 0 { progress?(next) }
      }
      policy.decide(&world)
      if world.counters.events >= nextCheck {
        world.checkInvariants()
        policy.checkInvariants()
        nextCheck = world.counters.events + options.checkEvery
      }
    }
    timeline.end(world)
    return RunOutcome(world, timeline, pools)
  }

  @inline(__always)
  private func arrive<P: Policy & ~Copyable>(_ job: Int, _ policy: inout P, _ world: inout World) {
    world.comeIn(job)
    world.counters.events += 1
    if world.couldEverStart(job) { policy.arrived(job, &world) } else { world.drop(job) }
  }

  /// Nodes that come later are not there yet.
  private func prepare(_ world: inout World) {
    var seen = Array(repeating: false, count: nodes.count)
    for event in nodeEvents {
      if !seen[Int(event.node)], event.change == .delivered {
        _ = world.takeDown(Int(event.node))
      }
      seen[Int(event.node)] = true
    }
  }

  private func apply<P: Policy & ~Copyable>(
    _ event: NodeEvent, _ policy: inout P, _ world: inout World
  ) {
    let node = Int(event.node)
    world.counters.events += 1
    switch event.change {
    case .failed, .maintenance:
      if event.change == .failed { world.counters.failures += 1 }
      for job in world.takeDown(node) {
        world.stop(job, checkpointEvery: checkpointEvery)
        policy.evicted(job, &world)
      }
    case .up, .delivered: world.bringUp(node)
    }
    policy.nodeChanged(node, &world)
  }
}
