/// The search for victims: necessary conditions first, then the cheapest part of the fleet.
///
/// 1. All that the over-served hold, and what is free, is less than is asked: proved impossible.
/// 2. With everyone gone who may be asked, no part of the level holds the tasks: proved impossible.
/// 3. In every part that would, the cheapest units are chosen one by one, each with the jobs that
///    stand on it; the part with the least lost work wins.
///
/// Costs O(candidates × log), once; a single GPU costs O(1) amortised over a pass.
struct VictimSearch {
  enum Answer {
    case victims([Candidate])
    case no(WaitReason.ReclaimAnswer)
    case exhausted
  }

  let taker: Int
  let right: Scheduler.Entitlement
  let ask: Ask
  let needed: Int64
  private(set) var steps = 0
  /// For each leaf asked about: whether its jobs may be taken.
  private var allowed: [Int8] = []
  private var candidates: [Candidate] = []
  /// For each node that a candidate is on: GPUs it would gain, and the candidates there by cost.
  private var gain: [Int32: Int32] = [:]
  private var touched: [Int32] = []
  private var standing: [Int32: [Int]] = [:]

  init(taker: Int, right: Scheduler.Entitlement, ask: Ask, needed: Int64) {
    self.taker = taker
    self.right = right
    self.ask = ask
    self.needed = needed
  }

  mutating func run(_ scheduler: inout Scheduler) -> Answer {
    allowed = Array(repeating: -1, count: scheduler.pools.nodeCount)
    if let no = tooLittle(scheduler) { return .no(no) }
    if needed == 1, ask.isPlain, !scheduler.holds.bind(ask) {
      return single(&scheduler)
    }
    gather(scheduler)
    if steps > scheduler.policy.searchSteps { return .exhausted }
    return cheapestPart(scheduler)
  }

  private mutating func mayTake(_ leaf: Int, _ scheduler: borrowing Scheduler) -> Bool {
    if allowed[leaf] < 0 {
      allowed[leaf] = scheduler.mayTake(taker, right, from: leaf, ask.model) ? 1 : 0
    }
    return allowed[leaf] == 1
  }

  /// Whether all that may be asked hold too little, by the pools' sums alone.
  private mutating func tooLittle(_ scheduler: borrowing Scheduler) -> WaitReason.ReclaimAnswer? {
    var held = scheduler.fleet.freeGPUs(ask.model) * PoolTree.unit
    for node in 0..<scheduler.pools.nodeCount where scheduler.pools.isLeaf(node) {
      let at = scheduler.pools.at(node, ask.model)
      let reclaimable = scheduler.pools.used[at] - scheduler.pools.fixed[at]
      if reclaimable > 0, mayTake(node, scheduler) { held += reclaimable }
      if held >= needed * PoolTree.unit { return nil }
    }
    return .tooLittle(
      held: held / PoolTree.unit, missing: needed - held / PoolTree.unit)
  }

  private mutating func isCandidate(
    _ candidate: Candidate, _ scheduler: borrowing Scheduler
  ) -> Bool {
    let row = scheduler.jobs[Int(candidate.job)]
    guard row.state == .running, mayTake(Int(row.leaf), scheduler) else { return false }
    return scheduler.now - row.startedAt >= scheduler.minRunTime(row, against: taker)
  }

  /// One GPU: the cheapest candidate that stands on an open node.
  private mutating func single(_ scheduler: inout Scheduler) -> Answer {
    guard var list = scheduler.scratch.candidates[ask.model] else { return .no(.wouldBeUnfair) }
    scheduler.scratch.candidates[ask.model] = nil
    defer { scheduler.scratch.candidates[ask.model] = list }
    while list.first < list.rows.count,
      scheduler.jobs[Int(list.rows[list.first].job)].state != .running
    {
      list.first += 1
    }
    for candidate in list.rows[list.first...] {
      steps += 1
      if steps > scheduler.policy.searchSteps { return .exhausted }
      guard isCandidate(candidate, scheduler) else { continue }
      let first = scheduler.jobs[Int(candidate.job)].firstRow
      let row = scheduler.residences.rows[Int(first)]
      // A node that owes GPUs to an arriving job gains nothing before those are paid.
      if scheduler.fleet.isOpen(Int(row.node)),
        Int(scheduler.fleet.free[Int(row.node)]) + Int(row.gpus) > 0
      {
        return .victims([candidate])
      }
    }
    return .no(.noPart(ask.to, tasks: 0, needed: ask.tasks))
  }

  /// Finds out who may be asked, and what each node would gain.
  private mutating func gather(_ scheduler: borrowing Scheduler) {
    guard let list = scheduler.scratch.candidates[ask.model] else { return }
    for candidate in list.rows {
      steps += 1
      guard isCandidate(candidate, scheduler) else { continue }
      candidates.append(candidate)
      var at = scheduler.jobs[Int(candidate.job)].firstRow
      while at >= 0 {
        let row = scheduler.residences.rows[Int(at)]
        at = row.nextOfJob
        guard scheduler.fleet.isOpen(Int(row.node)) else { continue }
        if gain[row.node] == nil { touched.append(row.node) }
        gain[row.node, default: 0] += row.gpus
        standing[row.node, default: []].append(candidates.count - 1)
      }
    }
    touched.sort()
  }

  /// Units that a node would hold if `more` GPUs were given back there.
  private func units(_ node: Int, more: Int32, _ scheduler: borrowing Scheduler) -> Int32 {
    let fleet = scheduler.fleet
    let free = max(0, Int(fleet.free[node]) + Int(more))
    let usable = scheduler.holds.usable(node, until: ask.until, free: free)
    if more == 0 {
      return ask.units(
        gpus: usable, cpuMilli: fleet.cpuMilli[node], memoryMiB: fleet.memoryMiB[node])
    }
    // Processor and memory that come back are counted when the room is looked for.
    return Int32(usable / ask.gpus)
  }

  // MARK: - Parts

  private func cheapestPart(_ scheduler: borrowing Scheduler) -> Answer {
    var most: Int32 = 0
    let wanted = ask.tasks
    for level in levels {
      var best: (cost: Int128, gpus: Int64, victims: [Candidate])?
      var parts: [Int] = []
      for node in touched {
        let part = part(of: Int(node), level, scheduler)
        if parts.last != part { parts.append(part) }
      }
      for part in parts {
        let held = potential(part, level, scheduler)
        most = max(most, held)
        guard held >= wanted else { continue }
        let plan = cheapest(part, level, scheduler)
        if let known = best, (known.cost, known.gpus) <= (plan.cost, plan.gpus) { continue }
        best = plan
      }
      if let best { return .victims(best.victims) }
    }
    return .no(.noPart(ask.to, tasks: most * ask.tasksPerUnit, needed: wanted * ask.tasksPerUnit))
  }

  /// The levels to be tried, the smallest first. Where nearness doesn't matter, the whole cluster
  /// is searched for the cheapest.
  private var levels: [Level] {
    if ask.from == .node {
      return ask.to == .node || ask.tasks == 1 ? [.node] : [ask.to]
    }
    return Level.allCases.filter { ask.from <= $0 && $0 <= ask.to }
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

  /// Units that a part would hold with everyone gone who may be asked.
  private func potential(
    _ part: Int, _ level: Level, _ scheduler: borrowing Scheduler
  ) -> Int32 {
    scheduler.fleet.topology.nodes(of: part, level).reduce(Int32(0)) {
      scheduler.fleet.isOpen($1)
        ? $0 + units($1, more: gain[Int32($1)] ?? 0, scheduler) : $0
    }
  }

  /// The cheapest units of a part, each with the jobs that leave for it.
  private func cheapest(
    _ part: Int, _ level: Level, _ scheduler: borrowing Scheduler
  ) -> (cost: Int128, gpus: Int64, victims: [Candidate]) {
    var offers: [(cost: Int128, gpus: Int64, node: Int32, victims: Range<Int>)] = []
    var free: Int32 = 0
    for node in scheduler.fleet.topology.nodes(of: part, level)
    where scheduler.fleet.isOpen(node) {
      var held = units(node, more: 0, scheduler)
      free += held
      guard let here = standing[Int32(node)] else { continue }
      var (more, from) = (Int32(0), 0)
      var (cost, gpus): (Int128, Int64) = (0, 0)
      for (place, index) in here.enumerated() {
        let candidate = candidates[index]
        more += gpusOf(candidate.job, on: Int32(node), scheduler)
        cost += Int128(candidate.lost)
        gpus += Int64(candidate.gpus)
        let holds = units(node, more: more, scheduler)
        guard holds > held else { continue }
        // One offer a unit; further units of the same leavers cost nothing more.
        for extra in held..<holds {
          offers.append(
            (extra == held ? cost : 0, extra == held ? gpus : 0, Int32(node), from..<(place + 1)))
        }
        (held, from, cost, gpus) = (holds, place + 1, 0, 0)
      }
    }
    return choose(&offers, Int(ask.tasks - min(ask.tasks, free)))
  }

  private func choose(
    _ offers: inout [(cost: Int128, gpus: Int64, node: Int32, victims: Range<Int>)], _ count: Int
  ) -> (cost: Int128, gpus: Int64, victims: [Candidate]) {
    // Stable: offers of one node stay in their order where they cost the same.
    let order = offers.indices.sorted {
      (offers[$0].cost, offers[$0].gpus, $0) < (offers[$1].cost, offers[$1].gpus, $1)
    }
    var taken: [Int32: Int] = [:]
    var chosen: Set<Int32> = []
    var result: (cost: Int128, gpus: Int64, victims: [Candidate]) = (0, 0, [])
    for index in order.prefix(count) {
      // Whoever is needed for a later unit of a node is preceded by those before.
      let node = offers[index].node
      taken[node] = max(taken[node] ?? 0, offers[index].victims.upperBound)
    }
    for node in touched {
      guard let end = taken[node], let here = standing[node] else { continue }
      for index in here[..<end] where chosen.insert(candidates[index].job).inserted {
        result.victims.append(candidates[index])
        result.cost += Int128(candidates[index].lost)
        result.gpus += Int64(candidates[index].gpus)
      }
    }
    return result
  }

  private func gpusOf(
    _ job: Int32, on node: Int32, _ scheduler: borrowing Scheduler
  ) -> Int32 {
    var at = scheduler.jobs[Int(job)].firstRow
    while at >= 0 {
      let row = scheduler.residences.rows[Int(at)]
      if row.node == node { return row.gpus }
      at = row.nextOfJob
    }
    return 0
  }
}
