/// One decision.
extension Scheduler {
  /// Decides what can be decided now. With nothing new since the last one, it costs nothing.
  public mutating func cycle() -> Decision {
    var decision = Decision()
    cycle(into: &decision)
    return decision
  }

  /// The same, into a decision that is used again.
  public mutating func cycle(into decision: inout Decision) {
    decision.removeAll()
    counters.cycles += 1
    if !changed { return }
    changed = false
    beginDecision()
    report(&decision)
    // A pass that took jobs off may have left room for others, and who was refused in it may ask
    // those who started: another follows, until nothing is new. Each reclaim lowers the potential
    // (see `StartRight`), so that this ends.
    var isNew = true
    while isNew {
      let (started, off) = (decision.starts.count, takenOff(decision))
      scratch.isWorthAnother = false
      pass(&decision)
      isNew =
        takenOff(decision) != off || scratch.isWorthAnother && decision.starts.count != started
    }
    end(&decision)
    // In the next decision they themselves may start again, and what began counts as what ran.
    changed = !decision.evictions.isEmpty || scratch.isWorthAnother && !decision.starts.isEmpty
  }

  private mutating func beginDecision() {
    (scratch.passes, scratch.reclaimSteps, scratch.takenBack) = (0, 0, 0)
    scratch.off.removeAll(keepingCapacity: true)
    scratch.offRows.removeAll(keepingCapacity: true)
  }

  private func takenOff(_ decision: Decision) -> Int {
    decision.evictions.count + scratch.takenBack
  }

  /// Tells of what happened by the passing of time: notices that ended, jobs that they were for.
  private mutating func report(_ decision: inout Decision) {
    decision.evictions += scratch.left
    scratch.left.removeAll(keepingCapacity: true)
    for job in scratch.arrived where jobs[Int(job)].state == .running {
      decision.starts.append(
        Decision.Start(
          job: JobIndex(Int(job)), model: ModelIndex(Int(jobs[Int(job)].model))))
    }
    scratch.arrived.removeAll(keepingCapacity: true)
  }

  private mutating func pass(_ decision: inout Decision) {
    counters.passes += 1
    scratch.passes += 1
    refreshShares()
    beginHolds()
    decision.reservations.removeAll(keepingCapacity: true)
    beginReclaim()
    scratch.reserved = Array(repeating: 0, count: pools.models)
    scratch.blockedBy = Array(repeating: -1, count: pools.models)
    scratch.turns.removeAll(keepingCapacity: true)
    scratch.planned.removeAll(keepingCapacity: true)
    for leaf in 0..<pools.nodeCount where pools.isLeaf(leaf) {
      offer(leaf, notBefore: .first)
    }
    order.build(pools)
    while order.candidate[0] >= 0 {
      let leaf = Int(order.candidate[0])
      let turn = order.turn[leaf]
      // Who runs on after all is offered no more.
      guard jobs[Int(turn.job)].state == .waiting else {
        offer(leaf, notBefore: turn)
        order.update(leaf, pools)
        continue
      }
      let line = jobs[Int(turn.job)].line
      // Whoever is refused is passed over for the rest of the pass.
      let started = ask(line, &decision)
      offer(leaf, notBefore: Turn(priority: turn.priority, job: turn.job + (started ? 0 : 1)))
      order.update(leaf, pools)
    }
  }

  mutating func refreshShares() {
    for model in 0..<pools.models {
      pools.refresh(
        model, capacity: fleet.capacity[model], capacityChanged: fleet.capacityChanged[model],
        history: policy.history)
      fleet.capacityChanged[model] = false
    }
  }

  /// Says what a leaf's next line wants, passing over lines that are known to get nothing.
  private mutating func offer(_ leaf: Int, notBefore turn: Turn) {
    var best: (turn: Turn, shape: Int)?
    for group in lines.ofLeaf[leaf] where !lines.groups[Int(group)].lines.isEmpty {
      guard let found = next(group, leaf, notBefore: turn) else {
        counters.skipped += 1
        continue
      }
      if let known = best, known.turn < found { continue }
      best = (found, Int(lines.groups[Int(group)].shape))
    }
    guard let best else { return order.clear(leaf) }
    order.set(
      leaf, model: shapes.shapes[best.shape].models[0].int,
      amount: shapes.shapes[best.shape].milli, turn: best.turn)
  }

  /// The turn of a group's first line, from one on, that is not known to get nothing.
  private mutating func next(_ group: Int32, _ leaf: Int, notBefore turn: Turn) -> Turn? {
    let shape = Int(lines.groups[Int(group)].shape)
    if isHopeless(shape, leaf, lines.groups[Int(group)].walltimeAtLeast) { return nil }
    let start = lines.place(group, notBefore: turn)
    var shortest = Tick.max
    for line in lines.groups[Int(group)].lines[start...] {
      let walltime = plannedWalltime(lines.rows[Int(line)].key.walltime)
      if !isHopeless(shape, leaf, walltime) { return lines.turn(line) }
      shortest = min(shortest, walltime)
    }
    // Whoever made it seem worth while has left.
    if start == 0 { lines.note(group, walltimeAtLeast: shortest) }
    return nil
  }

  /// Whether asking could only give the known answer: nothing fits, nobody may be asked to leave,
  /// and no more room is kept.
  private func isHopeless(_ shape: Int, _ leaf: Int, _ walltime: Tick) -> Bool {
    if bounds[shape] != nil { return true }
    let amount = shapes.shapes[shape].milli
    for model in shapes.shapes[shape].models {
      if scratch.blockedBy[model.int] >= 0 { continue }
      if scratch.reclaimable[model.int], mayBeEntitled(leaf, model.int, amount) { return false }
      let at = shape * pools.models + model.int
      let gains = fleet.gains[model.int]
      if scratch.reserved[model.int] < policy.backfill.depth,
        !isNeverRoom(at, gains)
      {
        return false
      }
      // All that is there is in use: no need to look where.
      if pools.used[model.int] + amount > pools.guarantee[model.int] { continue }
      // Room that is kept from a job is kept from those that would stay longer.
      let isKept =
        at < scratch.turns.count && scratch.turns[at].gains == gains
        && scratch.turns[at].until <= now + walltime
      if !isKept, !shapes.isRefused(shape, model.int, gains: gains) { return false }
    }
    return true
  }

  /// Whether it is known in this pass that there will be no room for a shape on a model.
  private func isNeverRoom(_ at: Int, _ gains: UInt64) -> Bool {
    guard at < scratch.planned.count else { return false }
    return scratch.planned[at].isNever && scratch.planned[at].gains == gains
  }

  /// Asks for the first job of a line; whether it started. If not, the line knows why.
  private mutating func ask(_ line: Int32, _ decision: inout Decision) -> Bool {
    counters.asked += 1
    let job = lines.rows[Int(line)].first
    holds.asker = jobs[Int(job)].leaf
    let shape = shapes.shapes[Int(jobs[Int(job)].shape)]
    var reason = WaitReason.notAsked
    if jobs[Int(job)].evictedIn == UInt32(truncatingIfNeeded: counters.cycles) {
      let reason = explain(job)
      lines[line].note(reason, counters.passes)
      return false
    }
    if let bound = bounds[Int(jobs[Int(job)].shape)] {
      lines[line].note(.impossible(bound), counters.passes)
      return false
    }
    for model in shape.isIndifferent ? preference(job, shape) : shape.models {
      let answer = ask(job, shape, model.int, &decision)
      guard let no = answer else { return true }
      // Of several models, the reason of the one that came furthest is told.
      if reason == .notAsked || no.tier.progress > reason.tier.progress { reason = no }
    }
    if policy.reclaim {
      for model in shape.models where scratch.blockedBy[model.int] < 0 {
        guard let no = reclaim(job, shape, model.int, &decision) else { return true }
        if reason.isShortage(of: model) { reason = no }
      }
    }
    lines[line].note(reserve(job, shape, reason, &decision), counters.passes)
    return false
  }

  /// Starts a job on a model, or says why not.
  private mutating func ask(
    _ job: Int32, _ shape: Shape, _ model: Int, _ decision: inout Decision
  ) -> WaitReason? {
    if let no = permission(job, shape, model) {
      return isFullness(no, shape, model) ? .capacity(shortage(shape, model)) : no
    }
    if scratch.blockedBy[model] >= 0 {
      return .turn(behind: JobIndex(Int(scratch.blockedBy[model])), from: now)
    }
    let shapeIndex = Int(jobs[Int(job)].shape)
    if shapes.isRefused(shapeIndex, model, gains: fleet.gains[model]) {
      return .capacity(shortage(shape, model))
    }
    let until = now + plannedWalltime(jobs[Int(job)].walltime)
    let ask = Ask(shape, model: model, until: until)
    if holds.bind(ask) { settlePromise() }
    if placement.find(ask, fleet, holds) {
      start(job, shape, model, &decision)
      return nil
    }
    if holds.bind(ask) {
      var free = ask
      free.until = now
      if placement.find(free, fleet, holds) {
        if !holds.hasOwners { noteTurn(shapeIndex, model, until) }
        return turn(until)
      }
    }
    if !holds.hasOwners { shapes.refuse(shapeIndex, model, gains: fleet.gains[model]) }
    return .capacity(shortage(shape, model))
  }

  /// Remembers for this pass that room for a shape is there, and kept from who ends at `until`.
  private mutating func noteTurn(_ shape: Int, _ model: Int, _ until: Tick) {
    let at = shape * pools.models + model
    while scratch.turns.count <= at { scratch.turns.append((until: .max, gains: 0)) }
    let gains = fleet.gains[model]
    let known = scratch.turns[at]
    scratch.turns[at] = (known.gains == gains ? min(known.until, until) : until, gains)
  }

  /// The job for which the room is kept that was found.
  func turn(_ until: Tick) -> WaitReason {
    var first: (from: Tick, job: Int32?)?
    for place in placement.found {
      guard let hold = holds.first(Int(place.node), before: until) else { continue }
      if first.map({ hold.from < $0.from }) ?? true { first = hold }
    }
    return .turn(behind: first?.job.map { JobIndex(Int($0)) }, from: first?.from ?? now)
  }

  /// Notes tasks that have just started beside what is held.
  private mutating func note(_ place: Place, _ shape: Shape, _ endsBy: Tick) {
    let node = Int(place.node)
    guard place.device >= 0 else {
      holds.noteStart(node, gpus: Int(place.tasks * shape.gpusPerTask), endsBy: endsBy)
      return
    }
    let milli = place.tasks * shape.gpuMilliPerTask
    holds.noteStart(
      node, device: place.device, milli: milli,
      isNew: Int32(fleet.parts.used(on: node)[Int(place.device)]) == milli, endsBy: endsBy)
  }

  /// Starts a waiting job in the room that was found.
  private mutating func start(
    _ job: Int32, _ asked: Shape, _ model: Int, _ decision: inout Decision
  ) {
    let row = jobs[Int(job)]
    let shape = asked.tasksMax > asked.tasks ? grown(job, asked, model) : asked
    lines.leave(job, &jobs)
    pools.start(
      Int(row.leaf), waitingFor: shape.models[0].int, asked.milli, on: model,
      shape.milli, fixed: !row.preemptible)
    let until = now + plannedWalltime(row.walltime)
    let places = fleet.devices(
      for: placement.found, Ask(shape, model: model, until: until), holds)
    occupy(job, shape, places)
    begin(job, model, now)
    pools.countFresh(Int(row.leaf), model, shape.milli)
    jobs[Int(job)].startedIn = UInt32(truncatingIfNeeded: counters.passes)
    commitBudget(job, shape, model)
    // Where nobody could be asked, those who are within their rights were not even refused.
    if policy.reclaim, row.preemptible, !scratch.reclaimable[model] {
      scratch.isWorthAnother = true
    }
    for place in places { note(place, shape, until) }
    decision.starts.append(
      Decision.Start(job: JobIndex(Int(job)), model: ModelIndex(model)))
  }
}

extension Line {
  mutating func note(_ reason: WaitReason, _ pass: Int) {
    self.reason = reason
    askedIn = UInt64(pass)
  }
}
