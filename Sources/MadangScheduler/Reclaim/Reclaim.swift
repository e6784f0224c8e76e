/// Making room for a job within its rights by asking others to leave, at the least lost work.
extension Scheduler {
  /// Makes room on a model and starts the job, or keeps the room until those who were told have
  /// left. Otherwise says why not.
  mutating func reclaim(
    _ job: Int32, _ shape: Shape, _ model: Int, _ decision: inout Decision
  ) -> WaitReason? {
    // Who wants no device takes none from anybody.
    if shape.milli == 0 { return .capacity(shortage(shape, model)) }
    let refusal = permission(job, shape, model)
    if let refusal, !refusal.isLent {
      return isFullness(refusal, shape, model) ? .capacity(shortage(shape, model)) : refusal
    }
    // What others borrowed can be had back; where the fleet is full that is the reason to give.
    let no = refusal.flatMap { isFullness($0, shape, model) ? nil : $0 }
    let amount = shape.milli
    let leaf = Int(jobs[Int(job)].leaf)
    let right = entitlement(leaf, model, amount)
    if right.isNone {
      let at = pools.at(leaf, model)
      let answer = WaitReason.ReclaimAnswer.notEntitled(
        pool: pool(leaf), wouldUse: pools.used[at] + amount, share: pools.share[at])
      return no ?? shortage(shape, model, answer)
    }
    scratch.isWorthAnother = true
    let until = now + plannedWalltime(jobs[Int(job)].walltime)
    let question = ReclaimQuestion(leaf: leaf, shape: jobs[Int(job)].shape, model: model)
    if let known = scratch.reclaimAnswers[question], known.until <= until {
      guard let answer = known.answer else { return .exhausted(steps: known.steps) }
      return no ?? shortage(shape, model, answer)
    }
    if scratch.reclaimSteps > policy.searchSteps { return .exhausted(steps: scratch.reclaimSteps) }
    counters.reclaims += 1
    settlePromise()
    let ask = Ask(shape, model: model, until: until)
    var search = VictimSearch(taker: leaf, right: right, ask: ask, needed: shape.milli)
    let (isStarted, answer) = tryVictims(job, shape, &search, &decision)
    search.end(&self)
    counters.victimsWeighed += search.steps
    scratch.reclaimSteps += search.steps
    wakeAt = min(wakeAt, search.worthAskingAgain)
    if isStarted { return nil }
    scratch.reclaimAnswers[question] = (until, answer, search.steps)
    guard let answer else { return .exhausted(steps: search.steps) }
    return no ?? shortage(shape, model, answer)
  }

  /// Tries one set of victims after the other, the cheapest first, until one will do. The answer is
  /// nothing where the search is exhausted.
  private mutating func tryVictims(
    _ job: Int32, _ shape: Shape, _ search: inout VictimSearch, _ decision: inout Decision
  ) -> (isStarted: Bool, answer: WaitReason.ReclaimAnswer?) {
    while true {
      switch search.next(&self) {
      case .no(let why): return (false, why)
      case .exhausted: return (false, nil)
      case .victims(let victims):
        // Off, room found, on again.
        search.steps += 4 * victims.count
        let (why, isProof) = settle(job, shape, search.ask, search.right, victims, &decision)
        guard let why else { return (true, nil) }
        search.note(why, isProof: isProof)
      }
    }
  }

  private func shortage(
    _ shape: Shape, _ model: Int, _ answer: WaitReason.ReclaimAnswer
  ) -> WaitReason {
    var shortage = shortage(shape, model)
    shortage.reclaim = answer
    return .capacity(shortage)
  }

  /// Takes the victims off for a trial, finds the room, puts back who need not leave, and checks
  /// every rule again on those who remain. Then it is done for good, or all of it undone; `isProof`
  /// where the victims alone were wrong, and not the right to their room, which others borrow.
  private mutating func settle(
    _ job: Int32, _ shape: Shape, _ ask: Ask, _ right: Entitlement, _ victims: [Candidate],
    _ decision: inout Decision
  ) -> (no: WaitReason.ReclaimAnswer?, isProof: Bool) {
    let gains = fleet.gains[ask.model]
    var out = victims
    for victim in out { move(victim, out: true) }
    addLenders(job, shape, ask.model, right, &out)
    var no: WaitReason.ReclaimAnswer? = .wouldBeUnfair
    var isProof = out.count == victims.count
    if !placement.find(ask, fleet, holds) {
      isProof = false
    } else {
      var places = placement.found
      out = withoutNeedless(out, &places, job, shape, ask)
      // With nobody leaving the answer was no already.
      no = out.isEmpty ? .notNeeded : objection(to: out, job, shape, right, ask.model)
      isProof = isProof && permission(job, shape, ask.model) == nil
      if no == nil {
        // Chosen while those are off who will be when it comes.
        places = fleet.devices(for: places, ask, holds)
        for victim in out { move(victim, out: false) }
        fleet.restoreGains(ask.model, gains)
        carryOut(job, shape, ask.model, out, places, &decision)
        return (nil, true)
      }
    }
    for victim in out { move(victim, out: false) }
    fleet.restoreGains(ask.model, gains)
    return (no, isProof)
  }

  /// Where there is room and the right to it is lent out: takes off who borrows, the cheapest
  /// first, until it is not. Who stands on a node that takes nothing frees nothing: what leaves it
  /// is no capacity any more.
  private mutating func addLenders(
    _ job: Int32, _ shape: Shape, _ model: Int, _ right: Entitlement, _ out: inout [Candidate]
  ) {
    guard permission(job, shape, model) != nil else { return }
    sortCandidates(model)
    guard let list = scratch.candidates[model] else { return }
    let leaf = Int(jobs[Int(job)].leaf)
    let taken = Set(out.map(\.job))
    for candidate in list.rows where !taken.contains(candidate.job) {
      let row = jobs[Int(candidate.job)]
      guard row.state == .running, !isOfThisPass(row),
        mayAsk(
          row, mayTake(leaf, right, from: Int(row.leaf), model, fresh: candidate.isFresh)),
        askable(row, by: leaf) <= now, standsOpen(row)
      else { continue }
      move(candidate, out: true)
      out.append(candidate)
      if permission(job, shape, model) == nil { return }
    }
  }

  private func standsOpen(_ row: JobRow) -> Bool {
    var at = row.firstRow
    while at >= 0 {
      let residence = residences.rows[Int(at)]
      if !fleet.isOpen(Int(residence.node)) { return false }
      at = residence.nextOfJob
    }
    return true
  }

  /// Takes a running job's GPUs away, or gives them back, in the fleet and in the pools.
  private mutating func move(_ victim: Candidate, out: Bool) {
    let row = jobs[Int(victim.job)]
    let shape = shapes.shapes[Int(row.shape)]
    var at = row.firstRow
    while at >= 0 {
      let residence = residences.rows[Int(at)]
      if out { fleet.give(residence, shape) } else { fleet.take(residence, shape) }
      at = residence.nextOfJob
    }
    shift(victim, out: out)
  }

  /// Puts back, the costliest first, every victim without which the room is as good and the right
  /// as well; of few victims also those without which there is room elsewhere.
  private mutating func withoutNeedless(
    _ victims: [Candidate], _ places: inout [Place], _ job: Int32, _ shape: Shape, _ ask: Ask
  ) -> [Candidate] {
    for place in places { scratch.needs[place.node] = place.tasks }
    var final: [Candidate] = []
    for victim in victims.sorted(by: { $1 < $0 }) {
      if isNeeded(victim.job, shape, ask) {
        final.append(victim)
        continue
      }
      move(victim, out: false)
      if permission(job, shape, ask.model) != nil {
        move(victim, out: true)
        final.append(victim)
      }
    }
    scratch.needs.removeAll(keepingCapacity: true)
    guard final.count <= Scheduler.thoroughVictims else { return final.reversed() }
    // Room found elsewhere may make one needless who was not: until nobody is.
    var least = final
    var goesOn = true
    while goesOn {
      let tried = least
      least = []
      for victim in tried {
        move(victim, out: false)
        if permission(job, shape, ask.model) == nil, placement.find(ask, fleet, holds) {
          places = placement.found
        } else {
          move(victim, out: true)
          least.append(victim)
        }
      }
      goesOn = least.count < tried.count
    }
    return least.reversed()
  }

  /// Up to so many victims are each tried without, for room anywhere: a question each.
  private static let thoroughVictims = 64

  private func isNeeded(_ job: Int32, _ asked: Shape, _ ask: Ask) -> Bool {
    let shape = shapes.shapes[Int(jobs[Int(job)].shape)]
    var at = jobs[Int(job)].firstRow
    while at >= 0 {
      // A job's parts on a node stand together.
      let node = residences.rows[Int(at)].node
      var room = fleet.room(Int(node))
      var back: Int64 = 0
      while at >= 0, residences.rows[Int(at)].node == node {
        room.take(residences.rows[Int(at)])
        back += Int64(residences.rows[Int(at)].tasks)
        at = residences.rows[Int(at)].nextOfJob
      }
      guard let tasks = scratch.needs[node] else { continue }
      let (here, mine) = (Int(node), Int64(tasks))
      if ask.units(room) * ask.tasksPerUnit < tasks
        || fleet.cpuMilli[here] - back * shape.cpuMilliPerTask < mine * asked.cpuMilliPerTask
        || fleet.memoryMiB[here] - back * shape.memoryMiBPerTask < mine * asked.memoryMiBPerTask
      {
        return true
      }
      // On held nodes the answer depends on time; the victim stays one.
      if holds.first(here, before: .max) != nil { return true }
    }
    return false
  }

  /// What speaks against the final victims, who are off for the trial: too many, more than the
  /// quotas let pass, or a giver that is not over-served when its turn comes.
  private mutating func objection(
    to final: [Candidate], _ job: Int32, _ shape: Shape, _ right: Entitlement, _ model: Int
  ) -> WaitReason.ReclaimAnswer? {
    let evicted = final.reduce(Int64(0)) { $0 + $1.evicted }
    let allowed = shape.milli * policy.evictedPerRequested
    // To get a guarantee back, whatever it takes.
    let isWithinGuarantee = right.guarantee <= 1
    if evicted > allowed, !isWithinGuarantee {
      return .tooMany(evicted: evicted, allowed: allowed)
    }
    if permission(job, shape, model) != nil { return .wouldBeUnfair }
    // Back on they go, then off in the order that asks least of each giver: who did not really
    // begin, then the others, the largest last.
    let order = final.sorted {
      $0.isFresh == $1.isFresh ? ($0.milli, $0.job) < ($1.milli, $1.job) : $0.isFresh
    }
    for victim in final { shift(victim, out: false) }
    var isFair = true
    for victim in order {
      let row = jobs[Int(victim.job)]
      let rules = mayTake(
        Int(jobs[Int(job)].leaf), right, from: Int(row.leaf), model, fresh: victim.isFresh)
      isFair = isFair && mayAsk(row, rules)
      shift(victim, out: true)
    }
    return isFair ? nil : .wouldBeUnfair
  }

  private mutating func shift(_ victim: Candidate, out: Bool) {
    let row = jobs[Int(victim.job)]
    let amount = out ? -victim.milli : victim.milli
    pools.move(Int(row.leaf), Int(row.model), amount, fixed: false)
    pools.countRight(row, amount)
    if victim.isFresh { pools.countFresh(Int(row.leaf), Int(row.model), amount) }
  }
}

/// What lines of one pool and shape ask alike. Who would run longer gets no better answer.
struct ReclaimQuestion: Hashable, Sendable {
  let leaf: Int
  let shape: Int32
  let model: Int
}

typealias ReclaimRefusal = (until: Tick, answer: WaitReason.ReclaimAnswer?, steps: Int)

extension WaitReason {
  var isLent: Bool {
    if case .quota(.lent) = self { return true }
    return false
  }
}
