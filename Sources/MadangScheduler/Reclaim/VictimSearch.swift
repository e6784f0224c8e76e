/// The search for victims: necessary conditions first, then the cheapest part of the fleet.
///
/// 1. All that the over-served hold, and what is free, is less than is asked: proved impossible.
/// 2. With everyone gone who may be asked, no part of the level holds the tasks: proved impossible.
/// 3. In every part that would, the cheapest units are chosen one by one, each with the jobs that
///    stand on it; the part with the least lost work wins.
///
/// Costs O(candidates × log), once; a single GPU costs O(1) amortised over a pass, where no device
/// of the model is shared.
struct VictimSearch {
  enum Answer {
    case victims([Candidate])
    case no(WaitReason.ReclaimAnswer)
    case exhausted
  }

  let taker: Int
  let right: Scheduler.Entitlement
  private(set) var ask: Ask
  /// Thousandths of GPUs.
  let needed: Int64
  private(set) var steps = 0
  /// When somebody may be asked who is protected by its minimum run time now.
  private(set) var worthAskingAgain = Tick.max
  /// For each leaf asked about: by which rules its jobs may be taken.
  private var allowed: [Scheduler.Rules?] = []
  /// Who may be asked; in order of cost once some part is found that they could make room in.
  private var candidates: [Candidate] = []
  /// For each node: GPUs it would gain if all of them left, each part counted as one; and the nodes
  /// that gain any.
  private var gain: [Int32] = []
  private var touched: [Int32] = []
  /// Who may be asked, where devices are shared; look-up only.
  private var asked: Set<Int32> = []
  /// For each node, the candidates on it by cost. Look-up only.
  private var standing: [Int32: [(candidate: Int, gpus: Int32)]] = [:]

  init(taker: Int, right: Scheduler.Entitlement, ask: Ask, needed: Int64) {
    self.taker = taker
    self.right = right
    self.ask = ask
    self.needed = needed
  }

  mutating func run(_ scheduler: inout Scheduler) -> Answer {
    allowed = Array(repeating: nil, count: scheduler.pools.nodeCount)
    if let no = tooLittle(scheduler) { return .no(no) }
    if let no = noPartBesideFixed(scheduler) { return .no(no) }
    scheduler.listCandidates(ask.model)
    if needed == PoolTree.unit, ask.isPlain, ask.milli == 0, !scheduler.holds.bind(ask),
      scheduler.fleet.parts.opened[ask.model] == 0
    {
      scheduler.sortCandidates(ask.model)
      return single(&scheduler)
    }
    gain = scheduler.scratch.gain
    scheduler.scratch.gain = []
    if gain.isEmpty { gain = Array(repeating: 0, count: scheduler.nodeCount) }
    gather(scheduler)
    let answer =
      steps > scheduler.policy.searchSteps ? .exhausted : cheapestPart(&scheduler)
    for node in touched { gain[Int(node)] = 0 }
    scheduler.scratch.gain = gain
    return answer
  }

  /// Whether no part holds the tasks even with every job gone that could ever be asked, beside
  /// those that cannot. O(nodes of the model), without a look at any job.
  private func noPartBesideFixed(
    _ scheduler: borrowing Scheduler
  ) -> WaitReason.ReclaimAnswer? {
    var most: Int32 = 0
    for cluster in scheduler.fleet.topology.clustersOfModel[ask.model] {
      for part in scheduler.fleet.topology.parts(ofCluster: Int(cluster), ask.to) {
        var held = 0
        for node in scheduler.fleet.topology.nodes(of: part, ask.to) {
          held += Int(ask.units(free: scheduler.fleet.reclaimable(node), parts: 0))
        }
        if held >= ask.tasks { return nil }
        most = max(most, Int32(held))
      }
    }
    return .noPart(
      ask.to, tasks: most * ask.tasksPerUnit, needed: ask.tasks * ask.tasksPerUnit)
  }

  private mutating func mayTake(
    _ leaf: Int, _ scheduler: borrowing Scheduler
  ) -> Scheduler.Rules {
    if let known = allowed[leaf] { return known }
    let rules = scheduler.mayTake(taker, right, from: leaf, ask.model)
    allowed[leaf] = rules
    return rules
  }

  /// Whether all that may be asked hold too little, by the pools' sums alone.
  private mutating func tooLittle(_ scheduler: borrowing Scheduler) -> WaitReason.ReclaimAnswer? {
    var held =
      scheduler.fleet.freeGPUs(ask.model) * PoolTree.unit + scheduler.fleet.parts.left[ask.model]
    for node in 0..<scheduler.pools.nodeCount where scheduler.pools.isLeaf(node) {
      let at = scheduler.pools.at(node, ask.model)
      let reclaimable = scheduler.pools.used[at] - scheduler.pools.fixed[at]
      if reclaimable > 0, !mayTake(node, scheduler).isEmpty { held += reclaimable }
      if held >= needed { return nil }
    }
    return .tooLittle(held: held, missing: needed - held)
  }

  private mutating func isCandidate(
    _ candidate: Candidate, _ scheduler: borrowing Scheduler
  ) -> Bool {
    let row = scheduler.jobs[Int(candidate.job)]
    guard row.state == .running,
      scheduler.mayAsk(row, mayTake(Int(row.leaf), scheduler))
    else { return false }
    let protectedUntil = row.startedAt + scheduler.minRunTime(row, against: taker)
    if scheduler.now >= protectedUntil { return true }
    worthAskingAgain = min(worthAskingAgain, protectedUntil)
    return false
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
    let isShared = scheduler.fleet.parts.opened[ask.model] > 0
    for candidate in list.rows {
      steps += 1
      guard isCandidate(candidate, scheduler) else { continue }
      candidates.append(candidate)
      if isShared { asked.insert(candidate.job) }
      var at = scheduler.jobs[Int(candidate.job)].firstRow
      while at >= 0 {
        let row = scheduler.residences.rows[Int(at)]
        at = row.nextOfJob
        guard scheduler.fleet.isOpen(Int(row.node)) else { continue }
        if gain[Int(row.node)] == 0 { touched.append(row.node) }
        gain[Int(row.node)] += max(1, row.gpus)
      }
    }
    touched.sort()
  }

  /// Lines the candidates up on their nodes, the cheapest first.
  private mutating func stand(_ scheduler: borrowing Scheduler) {
    // Sorting and lining up cost several times a look.
    steps += 8 * candidates.count
    candidates.sort(by: <)
    for (index, candidate) in candidates.enumerated() {
      var at = scheduler.jobs[Int(candidate.job)].firstRow
      while at >= 0 {
        let row = scheduler.residences.rows[Int(at)]
        at = row.nextOfJob
        // A job's parts on a node stand together.
        if standing[row.node]?.last?.candidate == index { continue }
        standing[row.node, default: []].append((index, row.gpus))
      }
    }
  }

  /// Units that a node would hold with such room. Processor and memory that come back are counted
  /// when the room is looked for.
  private func units(_ node: Int, _ room: Room, _ scheduler: borrowing Scheduler) -> Int32 {
    scheduler.holds.units(node, ask, room)
  }

  /// Units that it holds with nobody gone.
  private func unitsNow(_ node: Int, _ scheduler: borrowing Scheduler) -> Int32 {
    let fleet = scheduler.fleet
    return ask.units(
      units(node, fleet.room(node), scheduler), cpuMilli: fleet.cpuMilli[node],
      memoryMiB: fleet.memoryMiB[node])
  }

  /// Units that it would hold with everyone gone who may be asked.
  private func unitsAtMost(_ node: Int, _ scheduler: borrowing Scheduler) -> Int32 {
    if gain[node] == 0 { return unitsNow(node, scheduler) }
    var room = scheduler.fleet.room(node)
    guard scheduler.fleet.parts.isOpened(on: node) else {
      room.free += Int(gain[node])
      return units(node, room, scheduler)
    }
    var at = scheduler.residences.firstOnNode[node]
    while at >= 0 {
      let row = scheduler.residences.rows[Int(at)]
      if asked.contains(row.job) { room.give(row) }
      at = row.nextOnNode
    }
    return units(node, room, scheduler)
  }

  // MARK: - Parts

  private mutating func cheapestPart(_ scheduler: inout Scheduler) -> Answer {
    var most: Int32 = 0
    let wanted = ask.tasks
    for level in levels {
      var best: (cost: Int128, milli: Int64, victims: [Candidate])?
      for part in parts(level, scheduler) {
        let held = potential(part, level, scheduler)
        most = max(most, held)
        guard held >= wanted else { continue }
        if standing.isEmpty { stand(scheduler) }
        steps += scheduler.fleet.topology.nodes(of: part, level).count
        let plan = cheapest(part, level, scheduler)
        if let known = best, (known.cost, known.milli) <= (plan.cost, plan.milli) { continue }
        best = plan
      }
      if let best { return .victims(best.victims) }
    }
    if scheduler.holds.bind(ask), isPossibleWithoutHolds(scheduler) { return .no(.kept) }
    return .no(.noPart(ask.to, tasks: most * ask.tasksPerUnit, needed: wanted * ask.tasksPerUnit))
  }

  /// Whether only what is kept for others stands in the way: then nothing is proved.
  private mutating func isPossibleWithoutHolds(_ scheduler: borrowing Scheduler) -> Bool {
    let until = ask.until
    ask.until = scheduler.now
    defer { ask.until = until }
    for level in levels {
      for part in parts(level, scheduler)
      where potential(part, level, scheduler) >= ask.tasks {
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
    let held = scheduler.fleet.topology.nodes(of: part, level).reduce(0) {
      scheduler.fleet.isOpen($1) ? $0 + Int(unitsAtMost($1, scheduler)) : $0
    }
    return Int32(clamping: held)
  }

  /// Units of a node that the same jobs leave for.
  private struct Offer {
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

  /// The cheapest units of a part, with the jobs that leave for them.
  private func cheapest(
    _ part: Int, _ level: Level, _ scheduler: borrowing Scheduler
  ) -> (cost: Int128, milli: Int64, victims: [Candidate]) {
    var offers: [Offer] = []
    var free = 0
    for node in scheduler.fleet.topology.nodes(of: part, level)
    where scheduler.fleet.isOpen(node) {
      var held = unitsNow(node, scheduler)
      free += Int(held)
      guard let here = standing[Int32(node)] else { continue }
      var room = scheduler.fleet.room(node)
      let isShared = scheduler.fleet.parts.isOpened(on: node)
      var (cost, milli): (Int128, Int64) = (0, 0)
      for (place, leaver) in here.enumerated() {
        if isShared {
          give(candidates[leaver.candidate].job, node, &room, scheduler)
        } else {
          room.free += Int(leaver.gpus)
        }
        cost += candidates[leaver.candidate].lost.all
        milli += candidates[leaver.candidate].milli
        let holds = units(node, room, scheduler)
        guard holds > held else { continue }
        offers.append(
          Offer(
            cost: cost, milli: milli, units: holds - held, node: Int32(node), leavers: place + 1))
        (held, cost, milli) = (holds, 0, 0)
      }
    }
    return choose(offers, ask.tasks - Int32(min(Int(ask.tasks), free)))
  }

  /// What a job has on a node is free.
  private func give(
    _ job: Int32, _ node: Int, _ room: inout Room, _ scheduler: borrowing Scheduler
  ) {
    var at = scheduler.jobs[Int(job)].firstRow
    while at >= 0 {
      let row = scheduler.residences.rows[Int(at)]
      if Int(row.node) == node { room.give(row) }
      at = row.nextOfJob
    }
  }

  private func choose(
    _ offers: [Offer], _ count: Int32
  ) -> (cost: Int128, milli: Int64, victims: [Candidate]) {
    let order = offers.indices.sorted { a, b in
      if offers[a] < offers[b] { return true }
      return offers[b] < offers[a] ? false : a < b
    }
    var taken: [Int32: Int] = [:]
    var left = count
    for index in order {
      if left <= 0 { break }
      // Whoever stands before on the node leaves as well.
      let node = offers[index].node
      taken[node] = max(taken[node] ?? 0, offers[index].leavers)
      left -= offers[index].units
    }
    var chosen: Set<Int32> = []
    var result: (cost: Int128, milli: Int64, victims: [Candidate]) = (0, 0, [])
    for node in touched {
      guard let end = taken[node], let here = standing[node] else { continue }
      for leaver in here[..<end] {
        let candidate = candidates[leaver.candidate]
        guard chosen.insert(candidate.job).inserted else { continue }
        result.victims.append(candidate)
        result.cost += candidate.lost.all
        result.milli += candidate.milli
      }
    }
    return result
  }
}
