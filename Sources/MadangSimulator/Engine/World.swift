/// Where a job of a run stands.
enum JobState: UInt8, Sendable {
  case unborn, waiting, running, done
  /// It never fits, or came in where nothing waits and did not fit.
  case dropped
}

/// How `World` chooses among nodes that fit, for policies that decide the order of jobs only.
public enum NodeChoice: String, Sendable, CaseIterable {
  /// The node with the least free devices (best fit), then the lowest number.
  case leastFree = "least-free"
  /// The lowest number.
  case firstFit = "first-fit"
}

/// The state of a run: the clock, the nodes, the jobs. Policies read it and change it by its verbs
/// alone: `start`, `stop`, `drop`, and for those that place jobs themselves `place` and `vacate`.
///
/// **Invariant:** a node's free devices and those of its placements add up to its devices;
/// `checkInvariants` recounts it.
public struct World: Sendable {
  public let jobs: Workload
  public let nodes: NodeList
  public let choice: NodeChoice
  public internal(set) var now: Int64 = 0

  // Jobs, by number.
  var state: [JobState]
  /// First start, or −1.
  var started: [Int64]
  /// When it ends, or ended; −1 before that is known.
  var ended: [Int64]
  /// Work left when it was last looked at.
  var remaining: [Int64]
  var checked: [Int64]
  /// Where it runs: the head of a list of slots, or −1.
  var head: [Int32]

  // Nodes, by number.
  /// Devices that are wholly free.
  var free: [Int32]
  /// Out of service: no part of `free` counts.
  var isDown: [Bool]
  var firstOnNode: [Int32]
  /// Counts the changes of a node, so that a policy may keep what it computed of it.
  var version: [UInt32]
  var sets: NodeSets
  var setCount: [Int]
  var shared: SharedDevices

  var slots = Slots()
  var ends = EndQueue()
  var counters = Counters()
  /// Devices wholly free in the nodes in service, and those of them on nodes partly used.
  var freeTotal: Int64 = 0
  var freeOnPartlyUsed: Int64 = 0
  /// Thousandths of devices held.
  var heldMilli: Int64 = 0
  var capacity: Int64 = 0
  var waitingCount = 0
  /// Device models of the nodes; devices in service of each, and thousandths held of each by each
  /// pool, at `pool × models + model`.
  let models: Int
  var capacityByModel: [Int64]
  var heldByPoolAndModel: [Int64]
  /// Devices held and waited for, by pool.
  var busyByPool: [Int64]
  var waitingByPool: [Int64]
  let largest: Int32
  /// Nodes of the largest size, in service or not.
  let largestCount: Int
  /// Devices of the largest node that is smaller than those.
  let largestBelow: Int32

  init(_ jobs: Workload, _ nodes: NodeList, choice: NodeChoice) {
    self.jobs = jobs
    self.nodes = nodes
    self.choice = choice
    let count = jobs.count
    state = Array(repeating: .unborn, count: count)
    started = Array(repeating: -1, count: count)
    ended = Array(repeating: -1, count: count)
    remaining = jobs.duration
    checked = Array(repeating: 0, count: count)
    head = Array(repeating: -1, count: count)
    free = nodes.gpus
    isDown = Array(repeating: false, count: nodes.count)
    firstOnNode = Array(repeating: -1, count: nodes.count)
    version = Array(repeating: 0, count: nodes.count)
    let largest = nodes.largest
    self.largest = largest
    largestCount = nodes.gpus.count { $0 == largest }
    largestBelow = nodes.gpus.reduce(0) { $1 < largest ? max($0, $1) : $0 }
    sets = NodeSets(sets: Int(largest) + 1, nodes: nodes.count)
    setCount = Array(repeating: 0, count: Int(largest) + 1)
    shared = jobs.shapes == nil ? SharedDevices() : SharedDevices(nodes)
    let pools = max(1, jobs.pools.count)
    busyByPool = Array(repeating: 0, count: pools)
    waitingByPool = Array(repeating: 0, count: pools)
    models = max(1, nodes.modelNames.count)
    capacityByModel = Array(repeating: 0, count: models)
    heldByPoolAndModel = Array(repeating: 0, count: pools * models)
    for node in 0..<nodes.count {
      sets.insert(node, into: Int(free[node]))
      setCount[Int(free[node])] += 1
      freeTotal += Int64(free[node])
      capacityByModel[Int(nodes.model[node])] += Int64(free[node])
    }
    capacity = freeTotal
  }

  /// Whether a job runs.
  func isRunning(_ job: Int) -> Bool { state[job] == .running }

  /// Whether an empty fleet of these nodes, all in service, has room for a job.
  func couldEverStart(_ job: Int) -> Bool {
    let need = jobs.gpus[job]
    if let shapes = jobs.shapes { return shared.couldEverFit(job, need, shapes, nodes) }
    guard need > largest else { return true }
    let (whole, rest) = (Int(need / largest), need % largest)
    guard whole <= largestCount else { return false }
    return rest == 0 || whole < largestCount || rest <= largestBelow
  }
}

extension World {
  /// What a run counts.
  struct Counters: Sendable {
    var events = 0
    var decisions = 0
    var evictions = 0
    var dropped = 0
    /// Device-ticks of work done and lost again, in thousandths.
    var lostMilliTicks: Int128 = 0
    /// Device-ticks held, in thousandths.
    var heldMilliTicks: Int128 = 0
    var capacityTicks: Int128 = 0
    /// Free device-ticks while anybody waits, and those of them on nodes partly used.
    var freeTicks: Int128 = 0
    var freeOnPartlyUsedTicks: Int128 = 0
    var failures = 0
  }
}
