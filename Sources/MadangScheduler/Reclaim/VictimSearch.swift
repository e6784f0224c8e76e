/// The search for victims: necessary conditions first, then the cheapest part of the fleet.
///
/// 1. All that the over-served hold, and what is free, is less than is asked: proved impossible.
/// 2. With everyone gone who may be asked, no part of the level holds the tasks: proved impossible.
/// 3. In every part that would, the cheapest units are chosen one by one, each with the jobs that
///    stand on it, as far as their pools may give them; the part with the least lost work comes
///    first. Of few candidates the very least is found.
/// 4. Where none of these will do, every set of candidates is tried part by part, as far as steps
///    go: then it is proved that none will, or the search is exhausted.
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
  var ask: Ask
  /// Thousandths of GPUs.
  let needed: Int64
  var steps = 0
  /// When somebody may be asked who is protected by its minimum run time now.
  private(set) var worthAskingAgain = Tick.max
  /// For each leaf asked about: by which rules its jobs may be taken, those that began in this
  /// decision at 2 × leaf + 1.
  private var allowed: [Scheduler.Rules?] = []
  /// Who may be asked; in order of cost once some part is found that they could make room in.
  private(set) var candidates: [Candidate] = []
  /// For each node: GPUs it would gain if all of them left, each part counted as one; and the nodes
  /// that gain any.
  private var gain: [Int32] = []
  private(set) var touched: [Int32] = []
  /// Who may be asked, where more than whole devices counts; look-up only.
  private var asked: Set<Int32> = []
  /// For each node, the candidates on it by cost, each with its first row there. Look-up only.
  private(set) var standing: [Int32: [(candidate: Int, row: Int32)]] = [:]
  /// What is left to be tried: the cheapest plan, with its victims, and the others.
  private var phase = Phase.begin
  var first: (plan: PartPlan, victims: [Candidate])?
  var plans: [PartPlan] = []
  /// Parts that would hold the tasks with everyone gone.
  var possible: [(part: Int, level: Level)] = []
  var sets: VictimSets?
  var setSteps = 0
  var excess = Excess(nodes: 0)
  /// What was found to cost less than the cheapest plan.
  var least: [Candidate]?
  /// Why the first that was tried was not carried out.
  private var objection: WaitReason.ReclaimAnswer?
  /// Whether something was passed over that might have done.
  var isUnproved = false

  private enum Phase { case begin, plans, sets, end }

  /// Steps that trying sets one by one may cost, so that a no stays a matter of milliseconds.
  static let setStepsMax = 20_000
  /// Of up to so many candidates the least loss is found, and not only a small one.
  static let fewCandidates = 24

  init(taker: Int, right: Scheduler.Entitlement, ask: Ask, needed: Int64) {
    self.taker = taker
    self.right = right
    self.ask = ask
    self.needed = needed
  }

  /// The next set of jobs worth a trial, the first the cheapest; or why there is none, or no more.
  mutating func next(_ scheduler: inout Scheduler) -> Answer {
    if phase == .begin, let answer = begin(&scheduler) { return answer }
    if steps > scheduler.policy.searchSteps { return .exhausted }
    if phase == .plans {
      if let victims = nextPlan(scheduler) { return .victims(victims) }
      phase = .sets
    }
    if phase == .sets {
      if let victims = nextSet(scheduler) { return .victims(victims) }
      phase = .end
    }
    return isUnproved ? .exhausted : .no(objection ?? .wouldBeUnfair)
  }

  /// Says why the last set was not carried out; `isProof` where nothing but the set was wrong.
  mutating func note(_ why: WaitReason.ReclaimAnswer, isProof: Bool) {
    if case .wouldBeUnfair? = objection { objection = why } else { objection = objection ?? why }
    isUnproved = isUnproved || !isProof
  }

  /// Gives back what the scheduler lends to one search at a time.
  mutating func end(_ scheduler: inout Scheduler) {
    if gain.isEmpty { return }
    for node in touched { gain[Int(node)] = 0 }
    scheduler.scratch.gain = gain
    gain = []
  }

  /// Necessary conditions, then all that is worth a trial.
  private mutating func begin(_ scheduler: inout Scheduler) -> Answer? {
    if gain.isEmpty {
      allowed = Array(repeating: nil, count: 2 * scheduler.pools.nodeCount)
      if let no = tooLittle(scheduler) { return .no(no) }
      if let no = noPartBesideFixed(scheduler) { return .no(no) }
      scheduler.listCandidates(ask.model)
      gain = scheduler.scratch.gain
      scheduler.scratch.gain = []
      if gain.isEmpty { gain = Array(repeating: 0, count: scheduler.nodeCount) }
      if needed == PoolTree.unit, ask.isPlain, ask.milli == 0, !scheduler.holds.bind(ask),
        scheduler.fleet.parts.opened[ask.model] == 0
      {
        scheduler.sortCandidates(ask.model)
        return single(&scheduler)
      }
    }
    phase = .plans
    gather(scheduler)
    if steps > scheduler.policy.searchSteps { return .exhausted }
    excess = Excess(nodes: scheduler.pools.nodeCount)
    return findParts(scheduler)
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
    _ leaf: Int, fresh: Bool, _ scheduler: borrowing Scheduler
  ) -> Scheduler.Rules {
    let at = 2 * leaf + (fresh ? 1 : 0)
    if let known = allowed[at] { return known }
    let rules = scheduler.mayTake(taker, right, from: leaf, ask.model, fresh: fresh)
    allowed[at] = rules
    return rules
  }

  /// Whether all that may be asked hold too little, by the pools' sums alone.
  private mutating func tooLittle(_ scheduler: borrowing Scheduler) -> WaitReason.ReclaimAnswer? {
    var held =
      scheduler.fleet.freeGPUs(ask.model) * PoolTree.unit + scheduler.fleet.parts.left[ask.model]
    for node in 0..<scheduler.pools.nodeCount where scheduler.pools.isLeaf(node) {
      let at = scheduler.pools.at(node, ask.model)
      let reclaimable = scheduler.pools.used[at] - scheduler.pools.fixed[at]
      if reclaimable > 0, !mayTake(node, fresh: true, scheduler).isEmpty { held += reclaimable }
      if held >= needed { return nil }
    }
    return .tooLittle(held: held, missing: needed - held)
  }

  private mutating func isCandidate(
    _ candidate: Candidate, _ scheduler: borrowing Scheduler
  ) -> Bool {
    let row = scheduler.jobs[Int(candidate.job)]
    guard row.state == .running, !scheduler.isOfThisPass(row),
      scheduler.mayAsk(row, mayTake(Int(row.leaf), fresh: candidate.isFresh, scheduler))
    else { return false }
    let protectedUntil = scheduler.askable(row, by: taker)
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
      if candidate.evicted > allowance(scheduler) {
        note(.tooMany(evicted: candidate.evicted, allowed: allowance(scheduler)), isProof: true)
        continue
      }
      // A node that owes GPUs to an arriving job gains nothing before those are paid.
      if scheduler.fleet.isOpen(Int(row.node)),
        Int(scheduler.fleet.free[Int(row.node)]) + Int(row.gpus) > 0
      {
        return .victims([candidate])
      }
    }
    return .no(objection ?? .noPart(ask.to, tasks: 0, needed: ask.tasks))
  }

  /// Thousandths that may be evicted: to get a guarantee back, whatever it takes.
  func allowance(_ scheduler: borrowing Scheduler) -> Int64 {
    right.guarantee <= 1 ? .max : needed * scheduler.policy.evictedPerRequested
  }

  /// Finds out who may be asked, and what each node would gain.
  private mutating func gather(_ scheduler: borrowing Scheduler) {
    guard let list = scheduler.scratch.candidates[ask.model] else { return }
    let isMore =
      scheduler.fleet.parts.opened[ask.model] > 0 || ask.cpuMilli > 0 || ask.memoryMiB > 0
    for candidate in list.rows {
      steps += 1
      guard isCandidate(candidate, scheduler) else { continue }
      candidates.append(candidate)
      if isMore { asked.insert(candidate.job) }
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
  mutating func stand(_ scheduler: borrowing Scheduler) {
    // Sorting and lining up cost several times a look.
    steps += 8 * candidates.count
    candidates.sort(by: <)
    for (index, candidate) in candidates.enumerated() {
      var at = scheduler.jobs[Int(candidate.job)].firstRow
      while at >= 0 {
        let row = scheduler.residences.rows[Int(at)]
        // A job's parts on a node stand together.
        if standing[row.node]?.last?.candidate != index {
          standing[row.node, default: []].append((index, at))
        }
        at = row.nextOfJob
      }
    }
  }

  /// Units that a node holds of what is free there.
  func units(_ node: Int, _ stock: Stock, _ scheduler: borrowing Scheduler) -> Int32 {
    ask.units(
      scheduler.holds.units(node, ask, stock.room), cpuMilli: stock.cpuMilli,
      memoryMiB: stock.memoryMiB)
  }

  /// Units that it would hold with everyone gone who may be asked.
  func unitsAtMost(_ node: Int, _ scheduler: borrowing Scheduler) -> Int32 {
    var stock = Stock(node, scheduler.fleet)
    if gain[node] == 0 { return units(node, stock, scheduler) }
    if asked.isEmpty {
      stock.room.free += Int(gain[node])
      return units(node, stock, scheduler)
    }
    var at = scheduler.residences.firstOnNode[node]
    while at >= 0 {
      let row = scheduler.residences.rows[Int(at)]
      if asked.contains(row.job) { stock.give(row, scheduler.shape(of: row.job)) }
      at = row.nextOnNode
    }
    return units(node, stock, scheduler)
  }

  /// What a candidate has on a node is free.
  func give(
    _ row: Int32, _ node: Int, _ stock: inout Stock, _ scheduler: borrowing Scheduler
  ) {
    var at = row
    while at >= 0, Int(scheduler.residences.rows[Int(at)].node) == node {
      let row = scheduler.residences.rows[Int(at)]
      stock.give(row, scheduler.shape(of: row.job))
      at = row.nextOfJob
    }
  }
}

extension Scheduler {
  func shape(of job: Int32) -> Shape { shapes.shapes[Int(jobs[Int(job)].shape)] }
}
