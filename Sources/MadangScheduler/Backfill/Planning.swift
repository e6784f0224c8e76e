/// A walk through the time to come in search of room: over the ends of running jobs, of holds and
/// of windows.
struct Walk {
  var ask: Ask
  let walltime: Tick
  /// Whether it walks on the fleet that is looked ahead to, and not on the one that is.
  let isAhead: Bool
  /// Where it is, and what ends next of each kind; of windows a place in their order.
  var moment: Tick
  var release: SortedItems.Cursor
  var heldEnds: ArraySlice<Tick>
  var opening: Int
  /// Running jobs that are counted as gone.
  var gone: [Int32] = []
  var steps = 0
}

/// When a waiting job would have room.
extension Scheduler {
  /// The earliest moment at which a job would have room if nothing else came and every running job
  /// took as long as planned, and where. Nothing within the policy's steps: nothing.
  ///
  /// What ends frees something in the index for a moment; the full question is only asked where the
  /// part that gained could hold the job.
  mutating func plan(_ job: Int32, _ shape: Shape, _ model: Int) -> Plan? {
    let walltime = plannedWalltime(jobs[Int(job)].walltime)
    let ask = Ask(shape, model: model, until: 0)
    settlePromise()
    if let plan = planFromForesight(ask, walltime) { return plan }
    let gains = fleet.gains[model]
    var walk = walk(ask, walltime, after: now, isAhead: false)
    let plan = goOn(&walk)
    for job in walk.gone.reversed() { _ = foresee(job, gone: false, &walk) }
    endWalk(walk)
    fleet.restoreGains(model, gains)
    return plan
  }

  func walk(_ ask: Ask, _ walltime: Tick, after moment: Tick, isAhead: Bool) -> Walk {
    Walk(
      ask: ask, walltime: walltime, isAhead: isAhead, moment: moment,
      release: isAhead ? ends[ask.model].cursor(above: moment) : SortedItems.Cursor(),
      heldEnds: holds.ends.filter { $0 > moment }.sorted()[...],
      opening: holds.windows.firstEnd(after: moment, model: ask.model))
  }

  mutating func endWalk(_ walk: Walk) {
    counters.releasesWalked += walk.gone.count
    scratch.closed.clear()
    holds.start = now
  }

  /// Walks on until there is room.
  mutating func goOn(_ walk: inout Walk) -> Plan? {
    let order = ends[walk.ask.model]
    while walk.steps < policy.searchSteps {
      let release = order.entry(at: walk.release).map { max($0.key, now + 1) }
      let held = walk.heldEnds.first
      guard let moment = [release, held, nextOpening(&walk)].compactMap({ $0 }).min() else {
        return nil
      }
      walk.moment = moment
      walk.ask.until = moment + walk.walltime
      holds.start = moment
      var mayFit = false
      while let end = walk.heldEnds.first, end <= moment {
        walk.heldEnds.removeFirst()
        mayFit = true
      }
      while let entry = order.entry(at: walk.release), max(entry.key, now + 1) <= moment {
        order.advance(&walk.release)
        walk.gone.append(entry.item)
        walk.steps += 1
        if foresee(entry.item, gone: true, &walk) { mayFit = true }
      }
      if open(&walk) { mayFit = true }
      guard mayFit else { continue }
      if placement.find(walk.ask, fleet, holds) { return found(walk) }
      walk.steps += 1
    }
    return nil
  }

  /// The plan for the room that was found.
  func found(_ walk: Walk) -> Plan {
    Plan(from: walk.moment, places: fleet.devices(for: placement.found, walk.ask, holds))
  }

  /// Counts a running job as gone, or as there again; whether a part that gained could now hold the
  /// question.
  private mutating func foresee(_ job: Int32, gone: Bool, _ walk: inout Walk) -> Bool {
    let shape = shapes.shapes[Int(jobs[Int(job)].shape)]
    var mayFit = false
    var at = jobs[Int(job)].firstRow
    while at >= 0 {
      let row = residences.rows[Int(at)]
      at = row.nextOfJob
      let node = Int(row.node)
      guard walk.isAhead || fleet.isOpen(node) else { continue }
      let before = Int(fleet.free[node])
      if gone { fleet.give(row, shape) } else { fleet.take(row, shape) }
      if !walk.isAhead { holds.foresee(node, gpus: Int(fleet.free[node]) - before) }
      if gone { mayFit = mayFit || mayHold(node, walk.ask) }
    }
    return mayFit
  }

  /// When the next node opens, to the asker and for long enough.
  private func nextOpening(_ walk: inout Walk) -> Tick? {
    let ends = holds.windows.byEnd[walk.ask.model]
    while walk.opening < ends.count {
      let end = ends[walk.opening]
      if end.openUntil - walk.walltime >= end.window.until, !holds.isOwn(end.window) {
        return end.window.until
      }
      walk.opening += 1
    }
    return nil
  }

  /// Passes nodes that have opened by now; whether a part that gained could now hold the question.
  private mutating func open(_ walk: inout Walk) -> Bool {
    var mayFit = false
    while let moment = nextOpening(&walk), moment <= walk.moment {
      let node = Int(holds.windows.byEnd[walk.ask.model][walk.opening].window.node)
      walk.opening += 1
      if mayFit || !fleet.isOpen(node) || holds.isClosed(node, walk.ask.until) { continue }
      mayFit = mayHold(node, walk.ask)
    }
    return mayFit
  }

  /// A necessary condition, from one row of the histogram.
  private mutating func mayHold(_ node: Int, _ ask: Ask) -> Bool {
    if ask.to == .node {
      return ask.units(fleet.openRoom(node)) >= ask.tasks && !holds.isClosed(node, ask.until)
    }
    let cluster = fleet.topology.cluster(ofNode: node)
    let domain = fleet.topology.domain(ofNode: node, ask.to)
    let most = fleet.unitsAtMost(domain, cluster, ask)
    return most >= ask.tasks
      && most - scratch.closed.units(domain, ask, holds, fleet) >= ask.tasks
  }
}
