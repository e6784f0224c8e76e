/// A part in which greedily chosen victims make room, and what they lose.
struct PartPlan {
  /// Of its level, among those that are tried.
  var rank: Int
  var cost: Int128
  var milli: Int64
  var part: Int
  var level: Level

  static func < (a: PartPlan, b: PartPlan) -> Bool {
    (a.rank, a.cost, a.milli, a.part) < (b.rank, b.cost, b.milli, b.part)
  }
}

/// The parts of the fleet, and the cheapest units of each.
extension VictimSearch {
  /// Units that all the tasks are, whole slices where they are asked for.
  var wanted: Int { Int(ask.tasks / ask.slice) }

  /// The levels to be tried, the smallest first. Where nearness doesn't matter, the whole cluster
  /// is searched for the cheapest.
  var levels: [Level] {
    if ask.from == .node {
      return ask.to == .node || ask.tasks == 1 ? [.node] : [ask.to]
    }
    return Level.allCases.filter { ask.from <= $0 && $0 <= ask.to }
  }

  /// Looks at every part that candidates stand in; says why where none would hold the tasks.
  mutating func findParts(_ scheduler: borrowing Scheduler) -> Answer? {
    for (rank, level) in levels.enumerated() {
      for part in parts(level, scheduler) where potential(part, level, scheduler) >= wanted {
        possible.append((part, level))
        if standing.isEmpty { stand(scheduler) }
        steps += scheduler.fleet.topology.nodes(of: part, level).count
        guard let found = cheapest(part, level, scheduler) else { continue }
        let plan = PartPlan(
          rank: rank, cost: found.cost, milli: found.milli, part: part, level: level)
        // Of the one that will be tried first the victims are kept.
        if let first, !(plan < first.plan) {
          plans.append(plan)
        } else {
          if let first { plans.append(first.plan) }
          first = (plan, found.victims)
        }
      }
    }
    if possible.isEmpty { return .no(nothingHolds(scheduler)) }
    if candidates.count <= VictimSearch.fewCandidates { findLeast(scheduler) }
    return nil
  }

  /// The cheapest set that was not tried, of those that were found greedily.
  mutating func nextPlan(_ scheduler: borrowing Scheduler) -> [Candidate]? {
    if let least {
      self.least = nil
      return least
    }
    if let first {
      self.first = nil
      return first.victims
    }
    guard let next = plans.indices.min(by: { plans[$0] < plans[$1] }) else { return nil }
    steps += plans.count
    let plan = plans.remove(at: next)
    return cheapest(plan.part, plan.level, scheduler)?.victims
  }

  private mutating func nothingHolds(_ scheduler: borrowing Scheduler) -> WaitReason.ReclaimAnswer {
    if scheduler.holds.bind(ask), isPossibleWithoutHolds(scheduler) { return .kept }
    var most = 0
    for cluster in scheduler.fleet.topology.clustersOfModel[ask.model] {
      for part in scheduler.fleet.topology.parts(ofCluster: Int(cluster), ask.to) {
        most = max(most, potential(part, ask.to, scheduler))
      }
    }
    return .noPart(
      ask.to, tasks: Int32(clamping: most) * ask.slice * ask.tasksPerUnit,
      needed: ask.tasks * ask.tasksPerUnit)
  }

  /// Whether only what is kept for others stands in the way: then nothing is proved.
  private mutating func isPossibleWithoutHolds(_ scheduler: borrowing Scheduler) -> Bool {
    let until = ask.until
    ask.until = scheduler.now
    defer { ask.until = until }
    for level in levels {
      for part in parts(level, scheduler) where potential(part, level, scheduler) >= wanted {
        return true
      }
    }
    return false
  }

  /// The parts of a level that candidates stand in: no other has become any fuller of room.
  private func parts(_ level: Level, _ scheduler: borrowing Scheduler) -> [Int] {
    var parts: [Int] = []
    for node in touched {
      let part = part(of: Int(node), level, scheduler)
      if parts.last != part { parts.append(part) }
    }
    return parts
  }

  private func part(of node: Int, _ level: Level, _ scheduler: borrowing Scheduler) -> Int {
    let topology = scheduler.fleet.topology
    switch level {
    case .node: return node
    case .rack: return Int(topology.rackOfNode[node])
    case .block: return Int(topology.blockOfRack[Int(topology.rackOfNode[node])])
    case .cluster: return topology.cluster(ofNode: node)
    }
  }

  /// An empty tally of some nodes, and for each the place of its slices' part in it.
  func tally(_ nodes: Range<Int>, _ scheduler: borrowing Scheduler) -> Tally {
    Tally(ask, parts: 1 + slicePart(nodes.upperBound - 1, of: nodes, scheduler))
  }

  func slicePart(_ node: Int, of nodes: Range<Int>, _ scheduler: borrowing Scheduler) -> Int {
    if ask.slice == 1 { return 0 }
    return part(of: node, ask.sliceLevel, scheduler)
      - part(of: nodes.lowerBound, ask.sliceLevel, scheduler)
  }

  /// Units that a part would hold with everyone gone who may be asked.
  private func potential(
    _ part: Int, _ level: Level, _ scheduler: borrowing Scheduler
  ) -> Int {
    let nodes = scheduler.fleet.topology.nodes(of: part, level)
    var tally = tally(nodes, scheduler)
    for node in nodes where scheduler.fleet.isOpen(node) {
      tally.add(unitsAtMost(node, scheduler), in: slicePart(node, of: nodes, scheduler))
    }
    return tally.total
  }

  /// Units of a node that the same jobs leave for.
  struct Offer {
    var cost: Int128
    var milli: Int64
    var units: Int32
    var node: Int32
    /// How many of those that stand on the node leave.
    var leavers: Int

    /// The lower cost for a unit first, then who evicts fewer GPUs; equals stay in their order.
    static func < (a: Offer, b: Offer) -> Bool {
      let (x, y) = (a.cost * Int128(b.units), b.cost * Int128(a.units))
      return x == y ? a.milli * Int64(b.units) < b.milli * Int64(a.units) : x < y
    }
  }

  /// What each node of a part offers, those of one together; the order in which they are cheapest;
  /// and what is free without them.
  func offers(
    _ nodes: Range<Int>, _ scheduler: borrowing Scheduler
  ) -> (offers: [Offer], order: [Int], free: Tally) {
    var offers: [Offer] = []
    var free = tally(nodes, scheduler)
    for node in nodes where scheduler.fleet.isOpen(node) {
      var stock = Stock(node, scheduler.fleet)
      var held = units(node, stock, scheduler)
      free.add(held, in: slicePart(node, of: nodes, scheduler))
      var (cost, milli): (Int128, Int64) = (0, 0)
      for (place, leaver) in (standing[Int32(node)] ?? []).enumerated() {
        give(leaver.row, node, &stock, scheduler)
        cost += candidates[leaver.candidate].lost.all
        milli += candidates[leaver.candidate].evicted
        let holds = units(node, stock, scheduler)
        guard holds > held else { continue }
        offers.append(
          Offer(
            cost: cost, milli: milli, units: holds - held, node: Int32(node), leavers: place + 1))
        (held, cost, milli) = (holds, 0, 0)
      }
    }
    let order = offers.indices.sorted { a, b in
      if offers[a] < offers[b] { return true }
      return offers[b] < offers[a] ? false : a < b
    }
    return (offers, order, free)
  }

  /// The cheapest units of a part, with the jobs that leave for them, as far as their pools may
  /// give them; nothing where they are too few.
  private mutating func cheapest(
    _ part: Int, _ level: Level, _ scheduler: borrowing Scheduler
  ) -> (cost: Int128, milli: Int64, victims: [Candidate])? {
    let nodes = scheduler.fleet.topology.nodes(of: part, level)
    let (offers, order, free) = offers(nodes, scheduler)
    var tally = free
    var isTaken = [Bool](repeating: false, count: offers.count)
    var chosen: Set<Int> = []
    var result: (cost: Int128, milli: Int64, victims: [Candidate]) = (0, 0, [])
    defer { excess.undo(to: 0) }
    for index in order where !isTaken[index] {
      if tally.total >= wanted { break }
      let offer = offers[index]
      // Whoever stands before on the node leaves as well.
      let leavers = standing[offer.node]?[..<offer.leavers] ?? []
      let new = leavers.map(\.candidate).filter { !chosen.contains($0) }
      guard mayLeave(new, scheduler) else { continue }
      for candidate in new {
        chosen.insert(candidate)
        result.victims.append(candidates[candidate])
        result.cost += candidates[candidate].lost.all
        result.milli += candidates[candidate].evicted
      }
      let place = slicePart(Int(offer.node), of: nodes, scheduler)
      var with = index
      while with >= 0, offers[with].node == offer.node, !isTaken[with] {
        isTaken[with] = true
        tally.add(offers[with].units, in: place)
        with -= 1
      }
    }
    return tally.total >= wanted ? result : nil
  }

  /// Counts candidates as leaving, all or none.
  private mutating func mayLeave(_ new: [Int], _ scheduler: borrowing Scheduler) -> Bool {
    let mark = excess.mark
    for candidate in new {
      let leaf = Int(scheduler.jobs[Int(candidates[candidate].job)].leaf)
      let isFair = excess.add(
        leaf, candidates[candidate], to: taker, right, ask.model, scheduler.pools)
      if isFair { continue }
      excess.undo(to: mark)
      return false
    }
    return true
  }
}
