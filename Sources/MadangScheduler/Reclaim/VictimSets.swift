/// Every fair set of candidates that makes room in a part, one after the other, the greedy one
/// first: who is cheapest leaves if it may, then stays. Goes back where those who have left and
/// those who may still leave hold too little, or a pool would give more than it may.
struct VictimSets {
  /// A candidate, and the number of those that are as good as it: once one of them stays, so do the
  /// dearer ones.
  private struct Item {
    var candidate: Int
    var kind: Int
  }

  private struct Kind: Hashable {
    var leaf: Int32
    var shape: Int32
    var node: Int32
  }

  private let nodes: Range<Int>
  private var items: [Item] = []
  /// Of each kind, how many stay.
  private var staying: [Int] = []
  /// By node: with those gone who leave, and with those as well who are not decided on.
  private var now: [Stock]
  private var most: [Stock]
  private var held: (now: [Int32], most: [Int32])
  private var tally: (now: Tally, most: Tally)
  /// What was decided of the first items, with the marks of `excess` before.
  private var path: [(leaves: Bool, mark: Int)] = []
  private var excess: Excess
  private var (cost, milli): (Int128, Int64) = (0, 0)
  private var isFound = false
  /// Only sets that cost less are looked for.
  var limit: (cost: Int128, milli: Int64)?
  /// What leaves in all is no more.
  private let allowance: Int64

  init(_ part: Int, _ level: Level, _ search: VictimSearch, _ scheduler: borrowing Scheduler) {
    nodes = scheduler.fleet.topology.nodes(of: part, level)
    allowance = search.allowance(scheduler)
    excess = Excess(nodes: scheduler.pools.nodeCount)
    now = nodes.map { Stock($0, scheduler.fleet) }
    most = now
    let none = [Int32](repeating: 0, count: nodes.count)
    held = (none, none)
    let (offers, order, _) = search.offers(nodes, scheduler)
    tally = (search.tally(nodes, scheduler), search.tally(nodes, scheduler))
    var seen: Set<Int> = []
    var kinds: [Kind: Int] = [:]
    func list(_ candidate: Int) {
      guard seen.insert(candidate).inserted else { return }
      let job = scheduler.jobs[Int(search.candidates[candidate].job)]
      let row = scheduler.residences.rows[Int(job.firstRow)]
      var kind = staying.count
      if row.nextOfJob < 0, row.device < 0, job.right == .none {
        let key = Kind(leaf: job.leaf, shape: job.shape, node: row.node)
        kind = kinds[key] ?? kind
        kinds[key] = kind
      }
      if kind == staying.count { staying.append(0) }
      items.append(Item(candidate: candidate, kind: kind))
    }
    for index in order {
      let here = search.standing[offers[index].node] ?? []
      for leaver in here[..<offers[index].leavers] { list(leaver.candidate) }
    }
    var rest: [Int] = []
    for node in nodes where scheduler.fleet.isOpen(node) {
      for leaver in search.standing[Int32(node)] ?? [] { rest.append(leaver.candidate) }
    }
    for candidate in rest.sorted() { list(candidate) }
    for item in items {
      change(&most, search.candidates[item.candidate].job, isIn: true, scheduler)
    }
    for node in nodes { count(node, search, scheduler) }
  }

  /// The next set; nothing when all were tried, or `steps` ran out.
  mutating func next(
    _ search: VictimSearch, _ scheduler: borrowing Scheduler, steps: inout Int, max: Int
  ) -> (cost: Int128, milli: Int64, victims: [Candidate])? {
    if isFound || tally.most.total < search.wanted {
      isFound = false
      guard goBack(search, scheduler) else { return nil }
    }
    while steps < max {
      steps += 1
      if tally.now.total >= search.wanted {
        isFound = true
        let victims = path.indices.filter { path[$0].leaves }.map {
          search.candidates[items[$0].candidate]
        }
        return (cost, milli, victims)
      }
      if path.count < items.count, leave(search, scheduler) || stay(search, scheduler) { continue }
      guard goBack(search, scheduler) else { return nil }
    }
    return nil
  }

  /// Lets the next item leave, if it may.
  private mutating func leave(
    _ search: VictimSearch, _ scheduler: borrowing Scheduler
  ) -> Bool {
    let item = items[path.count]
    let candidate = search.candidates[item.candidate]
    if staying[item.kind] > 0 || milli + candidate.evicted > allowance { return false }
    let new = (cost + candidate.lost.all, milli + candidate.evicted)
    if let limit, new >= (limit.cost, limit.milli) { return false }
    let mark = excess.mark
    let leaf = Int(scheduler.jobs[Int(candidate.job)].leaf)
    guard
      excess.add(
        leaf, candidate, to: search.taker, search.right, search.ask.model, scheduler.pools)
    else { return false }
    (cost, milli) = new
    change(&now, candidate.job, isIn: true, scheduler)
    recount(candidate.job, search, scheduler)
    path.append((true, mark))
    return true
  }

  /// Lets the next item stay, if the others could do without.
  private mutating func stay(
    _ search: VictimSearch, _ scheduler: borrowing Scheduler
  ) -> Bool {
    let item = items[path.count]
    let job = search.candidates[item.candidate].job
    staying[item.kind] += 1
    change(&most, job, isIn: false, scheduler)
    recount(job, search, scheduler)
    path.append((false, excess.mark))
    if tally.most.total >= search.wanted { return true }
    undo(search, scheduler)
    return false
  }

  /// Undoes decisions up to the last who left and could stay instead; whether there was one.
  private mutating func goBack(
    _ search: VictimSearch, _ scheduler: borrowing Scheduler
  ) -> Bool {
    while let last = path.last {
      undo(search, scheduler)
      if last.leaves, stay(search, scheduler) { return true }
    }
    return false
  }

  private mutating func undo(_ search: VictimSearch, _ scheduler: borrowing Scheduler) {
    let last = path.removeLast()
    let item = items[path.count]
    let candidate = search.candidates[item.candidate]
    if last.leaves {
      excess.undo(to: last.mark)
      (cost, milli) = (cost - candidate.lost.all, milli - candidate.evicted)
      change(&now, candidate.job, isIn: false, scheduler)
    } else {
      staying[item.kind] -= 1
      change(&most, candidate.job, isIn: true, scheduler)
    }
    recount(candidate.job, search, scheduler)
  }

  /// Gives back what a job has on the part's nodes, or takes it again.
  private func change(
    _ stocks: inout [Stock], _ job: Int32, isIn: Bool, _ scheduler: borrowing Scheduler
  ) {
    let shape = scheduler.shape(of: job)
    var at = scheduler.jobs[Int(job)].firstRow
    while at >= 0 {
      let row = scheduler.residences.rows[Int(at)]
      at = row.nextOfJob
      guard nodes.contains(Int(row.node)) else { continue }
      let place = Int(row.node) - nodes.lowerBound
      if isIn { stocks[place].give(row, shape) } else { stocks[place].take(row, shape) }
    }
  }

  private mutating func recount(
    _ job: Int32, _ search: VictimSearch, _ scheduler: borrowing Scheduler
  ) {
    var at = scheduler.jobs[Int(job)].firstRow
    while at >= 0 {
      let row = scheduler.residences.rows[Int(at)]
      at = row.nextOfJob
      if nodes.contains(Int(row.node)) { count(Int(row.node), search, scheduler) }
    }
  }

  /// Counts the units of a node anew.
  private mutating func count(
    _ node: Int, _ search: VictimSearch, _ scheduler: borrowing Scheduler
  ) {
    if !scheduler.fleet.isOpen(node) { return }
    let place = node - nodes.lowerBound
    let part = search.slicePart(node, of: nodes, scheduler)
    let new = (
      search.units(node, now[place], scheduler), search.units(node, most[place], scheduler)
    )
    tally.now.add(new.0 - held.now[place], in: part)
    tally.most.add(new.1 - held.most[place], in: part)
    (held.now[place], held.most[place]) = new
  }
}

extension VictimSearch {
  /// Of few candidates, the set that loses least of all, where it is better than what was found
  /// greedily.
  mutating func findLeast(_ scheduler: borrowing Scheduler) {
    for (rank, level) in levels.enumerated() {
      let greedy = (plans + (first.map { [$0.plan] } ?? [])).filter { $0.rank == rank }
        .min { $0 < $1 }
      var best = greedy.map { (cost: $0.cost, milli: $0.milli) }
      for place in possible where place.level == level {
        var sets = VictimSets(place.part, level, self, scheduler)
        sets.limit = best
        setSteps += beginning(place.part, level, scheduler)
        while let set = sets.next(
          self, scheduler, steps: &setSteps, max: VictimSearch.setStepsMax / 4)
        {
          best = (set.cost, set.milli)
          sets.limit = best
          least = set.victims
        }
      }
      if best != nil { return }
    }
  }

  /// Steps that it costs to begin with a part: its nodes and all pools are laid out.
  private func beginning(
    _ part: Int, _ level: Level, _ scheduler: borrowing Scheduler
  ) -> Int {
    1 + scheduler.fleet.topology.nodes(of: part, level).count / 16 + scheduler.pools.nodeCount / 64
  }

  /// The next set of any part that was not tried.
  mutating func nextSet(_ scheduler: borrowing Scheduler) -> [Candidate]? {
    let most = VictimSearch.setStepsMax + 2 * candidates.count
    while setSteps < most {
      guard var current = sets else {
        guard let place = possible.popLast() else { return nil }
        sets = VictimSets(place.part, place.level, self, scheduler)
        setSteps += beginning(place.part, place.level, scheduler)
        continue
      }
      sets = nil
      let before = setSteps
      let found = current.next(self, scheduler, steps: &setSteps, max: most)
      steps += setSteps - before
      if let found {
        sets = current
        return found.victims
      }
    }
    isUnproved = true
    return nil
  }
}
