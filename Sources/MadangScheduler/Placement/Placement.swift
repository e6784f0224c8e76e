/// Finds room: the tightest part of the smallest level that will do, filled with the fewest parts.
///
/// *Tightest* is: holds the fewest further units, then has the fewest GPUs free, then comes first.
/// Of nodes that hold everything: would not be short of processor or memory (`Fleet.isShort`), then
/// has the fewest GPUs free, then the least processor left, then comes first. Within a part, the
/// children that hold most are filled first, and the last one is the tightest that holds the rest
/// (Kueue's BestFit), so that few parts are broken into.
struct Placement: ~Copyable {
  /// The answer of the last question: nodes and the tasks on each, in order of filling.
  var found: [Place] = []
  /// How tight the place is that was found.
  var tightness = Tightness(level: .cluster, left: .max, spare: .max, part: .max)
  /// Units that each rack, block and cluster holds, for the question being answered.
  private var units: [Int32]
  private var corrected: [Int]
  private var correctedDomains: [Int] = []
  /// Domains looked at, nodes looked at.
  var counters = PlacementCounters()

  init(_ fleet: borrowing Fleet) {
    units = Array(repeating: 0, count: fleet.topology.domainCount)
    corrected = Array(repeating: 0, count: fleet.topology.domainCount)
  }

  /// Whether there is room; `found` says where.
  mutating func find(_ ask: Ask, _ fleet: borrowing Fleet, _ holds: borrowing Holds) -> Bool {
    found.removeAll(keepingCapacity: true)
    counters.asks += 1
    let isHeld = holds.bind(ask)
    if ask.from == .node, ask.slice == 1 {
      let isFound =
        ask.milli > 0
        ? findDevices(ask, fleet, holds)
        : findNode(ask, fleet, holds)
      if isFound { return true }
      if ask.to == .node || ask.tasks == 1 { return false }
    }
    let heldNodes = isHeld ? holds.nodes(ask) : []
    var isPossible = false
    for cluster in fleet.topology.clustersOfModel[ask.model]
    where mayHold(ask, Int(cluster), fleet) {
      count(ask, Int(cluster), fleet, holds, heldNodes)
      isPossible = isPossible || units[fleet.topology.domain(ofCluster: Int(cluster))] > 0
    }
    if !isPossible { return false }
    var level = max(ask.from, .rack)
    while level <= ask.to {
      if let part = tightest(ask, level, fleet) {
        let domain = fleet.topology.domain(part, level)
        tightness = Tightness(
          level: level, left: Int64(units[domain]), spare: Int64(fleet.index.free[domain]),
          part: part)
        fill(ask, part, level, ask.tasks / ask.slice, fleet, holds)
        return true
      }
      guard let next = Level(rawValue: level.rawValue + 1) else { break }
      level = next
    }
    return false
  }

  /// A necessary condition, from one row of the histogram; marks clusters that fail it as empty.
  private mutating func mayHold(_ ask: Ask, _ cluster: Int, _ fleet: borrowing Fleet) -> Bool {
    let domain = fleet.topology.domain(ofCluster: cluster)
    counters.domains += 1
    units[domain] = 0
    return fleet.unitsAtMost(domain, cluster, ask) >= ask.tasks
  }

  /// The node with the fewest free GPUs that holds everything; first among those that would not be
  /// short of processor or memory.
  private mutating func findNode(
    _ ask: Ask, _ fleet: borrowing Fleet, _ holds: borrowing Holds
  ) -> Bool {
    let needed = Int(ask.tasks) * ask.gpus
    if needed > SchedulerLimits.gpusPerNodeMax { return false }
    for pass in 0...(fleet.hasCompanions ? 1 : 0) {
      let range = needed...SchedulerLimits.gpusPerNodeMax
      guard let tight = node(free: range, isShort: pass == 1, ask, fleet, holds) else { continue }
      tightness = tight
      found.append(Place(node: Int32(tight.part), tasks: ask.tasks * ask.tasksPerUnit))
      return true
    }
    return false
  }

  /// The node with the fewest whole devices free that holds everything, then the least processor
  /// left, then the first: of those that would not be short, or of all.
  @inline(__always)
  mutating func node(
    free range: ClosedRange<Int>, isShort: Bool, _ ask: Ask, _ fleet: borrowing Fleet,
    _ holds: borrowing Holds
  ) -> Tightness? {
    let clusters = fleet.topology.clustersOfModel[ask.model]
    // Then the bits say it all.
    let isSure = ask.isPlain && ask.milli == 0 && !holds.bind(ask)
    for free in range {
      var best: SortedItems.Entry?
      for cluster in clusters {
        let domain = fleet.topology.domain(ofCluster: Int(cluster))
        if fleet.index.nodes(domain, free: free) == 0 { continue }
        if fleet.hasCompanions, fleet.spare[Int(cluster)].isCounted {
          let found = leastSpare(
            ask, Int(cluster), free: free, least: range.lowerBound, isShort: isShort, fleet, holds)
          if let found, best.map({ found < $0 }) ?? true { best = found }
          continue
        }
        var nodes = fleet.topology.nodes(ofCluster: Int(cluster))
        while let node = fleet.index.first(free: free, in: nodes) {
          counters.nodes += 1
          if isSure || units(ask, node, fleet, holds) >= ask.tasks {
            let found = SortedItems.Entry(key: Fleet.uncounted, item: Int32(node))
            best = min(best ?? found, found)
            break
          }
          nodes = (node + 1)..<nodes.upperBound
        }
        if best != nil, !fleet.hasCompanions { break }
      }
      guard let best else { continue }
      return Tightness(
        level: .node, isShort: isShort, opens: ask.milli > 0, left: Int64(free), spare: best.key,
        part: Int(best.item))
    }
    return nil
  }

  /// The node of a cluster with so many GPUs free that holds everything and has the least processor
  /// left: of those that would not be short, or of all. `least`: devices that it takes at most.
  private mutating func leastSpare(
    _ ask: Ask, _ cluster: Int, free: Int, least: Int, isShort: Bool, _ fleet: borrowing Fleet,
    _ holds: borrowing Holds
  ) -> SortedItems.Entry? {
    let nodes = fleet.spare[cluster].list(free: free)
    // With less than this any of them is short.
    let kept = isShort ? 0 : fleet.spare[cluster].leastKept * Int64(free - least)
    var cursor = nodes.cursor(above: Int64(ask.tasks) * ask.cpuMilli + kept - 1)
    while let entry = nodes.entry(at: cursor) {
      counters.nodes += 1
      let node = Int(entry.item)
      if isShort || !fleet.isShort(node, ask), units(ask, node, fleet, holds) >= ask.tasks {
        return entry
      }
      nodes.advance(&cursor)
    }
    return nil
  }

  /// Units that a node holds, all things considered.
  private func units(
    _ ask: Ask, _ node: Int, _ fleet: borrowing Fleet, _ holds: borrowing Holds
  ) -> Int32 {
    ask.units(
      holds.units(node, ask, fleet.openRoom(node)),
      cpuMilli: fleet.cpuMilli[node], memoryMiB: fleet.memoryMiB[node])
  }

  /// Counts the units of every rack, block and of the cluster.
  private mutating func count(
    _ ask: Ask, _ cluster: Int, _ fleet: borrowing Fleet, _ holds: borrowing Holds,
    _ heldNodes: [Int32]
  ) {
    let topology = fleet.topology
    let nodeMax = Int(topology.nodeGPUsMax[cluster])
    if ask.isPlain {
      for node in heldNodes where topology.cluster(ofNode: Int(node)) == cluster {
        let all = ask.units(fleet.openRoom(Int(node)))
        correct(
          Int(topology.rackOfNode[Int(node)]), by: Int(all - units(ask, Int(node), fleet, holds)))
      }
      if ask.milli > 0 { countOpened(ask, cluster, fleet) }
    }
    let clusterDomain = topology.domain(ofCluster: cluster)
    for block in topology.blocks(ofCluster: cluster) {
      let blockDomain = topology.domain(ofBlock: block)
      units[blockDomain] = 0
      for rack in topology.racks(ofBlock: block) {
        counters.domains += 1
        var held = 0
        if ask.isPlain {
          held = -corrected[rack]
          if ask.milli > 0 {
            held += Int(fleet.index.free[rack]) * ask.perDevice
          } else if Int(fleet.index.free[rack]) >= ask.gpus {
            held += Int(fleet.index.tasks(rack, gpus: ask.gpus, nodeMax: nodeMax))
          }
        } else {
          for node in topology.nodes(ofRack: rack) { held += Int(units(ask, node, fleet, holds)) }
        }
        units[rack] = Int32(clamping: ask.sliceLevel == .rack ? held / Int(ask.slice) : held)
        units[blockDomain] = Placement.sum(units[blockDomain], units[rack])
      }
      if ask.sliceLevel == .block { units[blockDomain] /= ask.slice }
      units[clusterDomain] = Placement.sum(units[clusterDomain], units[blockDomain])
    }
    if ask.sliceLevel == .cluster { units[clusterDomain] /= ask.slice }
    for domain in correctedDomains { corrected[domain] = 0 }
    correctedDomains.removeAll(keepingCapacity: true)
  }

  /// Thousandths of many devices are more than are counted: then they are enough.
  private static func sum(_ a: Int32, _ b: Int32) -> Int32 {
    let (sum, isTooMuch) = a.addingReportingOverflow(b)
    return isTooMuch ? .max : sum
  }

  private mutating func correct(_ rack: Int, by lost: Int) {
    if corrected[rack] == 0, lost != 0 { correctedDomains.append(rack) }
    corrected[rack] += lost
  }

  /// Counts what opened devices hold, rack by rack.
  private mutating func countOpened(_ ask: Ask, _ cluster: Int, _ fleet: borrowing Fleet) {
    let byLeft = fleet.parts.byLeft[cluster]
    var cursor = byLeft.cursor(above: Parts.key(left: Int64(ask.milli), cpuMilli: 0) - 1)
    while let entry = byLeft.entry(at: cursor) {
      let node = Parts.node(ofItem: entry.item)
      let tasks = Int(Parts.left(ofKey: entry.key)) / ask.milli
      correct(Int(fleet.topology.rackOfNode[node]), by: -tasks)
      byLeft.advance(&cursor)
    }
  }

  /// The tightest part of a level that holds everything.
  private mutating func tightest(
    _ ask: Ask, _ level: Level, _ fleet: borrowing Fleet
  ) -> Int? {
    let needed = ask.tasks / ask.slice
    var best: (units: Int32, free: Int32, part: Int)?
    for cluster in fleet.topology.clustersOfModel[ask.model] {
      if units[fleet.topology.domain(ofCluster: Int(cluster))] == 0 { continue }
      for part in fleet.topology.parts(ofCluster: Int(cluster), level) {
        let domain = fleet.topology.domain(part, level)
        counters.domains += 1
        guard units[domain] >= needed else { continue }
        let free = fleet.index.free[domain]
        if let known = best, (known.units, known.free) <= (units[domain], free) { continue }
        best = (units[domain], free, part)
      }
    }
    return best?.part
  }

  /// Puts `amount` units into a part that holds them.
  private mutating func fill(
    _ ask: Ask, _ part: Int, _ level: Level, _ amount: Int32, _ fleet: borrowing Fleet,
    _ holds: borrowing Holds
  ) {
    if level == .node {
      found.append(Place(node: Int32(part), tasks: amount * ask.tasksPerUnit))
      return
    }
    // Below the level of slices the units are tasks.
    var rest = level == ask.sliceLevel ? amount * ask.slice : amount
    guard let below = Level(rawValue: level.rawValue - 1) else { return }
    var children: [Child] = []
    for child in fleet.topology.children(of: part, level) {
      let held =
        below == .node
        ? units(ask, child, fleet, holds) : units[fleet.topology.domain(child, below)]
      if held == 0 { continue }
      let free =
        below == .node
        ? Int32(fleet.usable(child)) : fleet.index.free[fleet.topology.domain(child, below)]
      children.append(Child(units: held, free: free, part: child))
    }
    counters.domains += children.count
    children.sort(by: Child.fullestFirst)
    if ask.balanced {
      spread(ask, children, below, rest, fleet, holds)
      return
    }
    for (index, child) in children.enumerated() where rest > 0 {
      if child.units < rest {
        fill(ask, child.part, below, child.units, fleet, holds)
        rest -= child.units
      } else {
        let last = Child.tightest(children[index...], holding: rest)
        fill(ask, last.part, below, rest, fleet, holds)
        rest = 0
      }
    }
  }

  /// Puts equal numbers, one more or less, on the fewest children that hold everything; of sets of
  /// that size, on the tightest that hold the even part.
  private mutating func spread(
    _ ask: Ask, _ children: [Child], _ below: Level, _ amount: Int32, _ fleet: borrowing Fleet,
    _ holds: borrowing Holds
  ) {
    let plan = Child.balanced(children, amount)
    for (child, load) in plan { fill(ask, child.part, below, load, fleet, holds) }
  }
}

/// Work done, for benches: counts don't wobble.
public struct PlacementCounters: Hashable, Sendable {
  public var asks = 0
  public var domains = 0
  public var nodes = 0
}
