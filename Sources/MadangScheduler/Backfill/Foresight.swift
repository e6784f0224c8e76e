/// The fleet as it will be at a moment, kept from one cycle to the next.
///
/// **Invariant:** free here is what is free now, and what jobs of the model hold that end by
/// `horizon`: those of `ends` up to there. Every event changes both fleets, so that the next
/// plan begins where the last one ended, and walks the few ends between.
struct Foresight: Sendable {
  var fleet: Fleet
  var horizon: Tick = .min
}

/// Room that is kept for a waiting job from a moment on, its places not looked for yet.
struct Promise: Sendable {
  var job: Int32
  var question: Ask
  var from: Tick
}

extension Scheduler {
  /// `plan` where nothing is held: then room only grows with time, windows aside, and the first
  /// moment at which the job fits is found from whichever side. Nothing where the question is not
  /// of that kind.
  mutating func planFromForesight(_ question: Ask, _ walltime: Tick) -> Plan?? {
    guard holds.rows.isEmpty, 2 * active.count < policy.searchSteps, question.isByCount,
      !isCounted(question, fleet)
    else { return nil }
    let model = question.model
    let first = now + 1
    // Taken out while it is worked on, so that it is changed in place and no column is counted.
    if foresights[model] == nil { foresights[model] = Foresight(fleet: fleet) }
    guard var ahead = foresights[model].take() else { return nil }
    defer { foresights[model] = ahead }
    if ahead.horizon < first { release(until: first, model, &ahead) }
    if isCounted(question, ahead.fleet) {
      while let last = ends[model].last(notAbove: ahead.horizon), last.key > first {
        // Without the first who end it is the fleet as it is.
        if ends[model].last(notAbove: last.key - 1) == nil { break }
        takeBack(from: last.key, model, &ahead)
        if isCounted(question, ahead.fleet) { continue }
        release(until: last.key, model, &ahead)
        break
      }
      ahead.horizon = max(first, ends[model].last(notAbove: ahead.horizon)?.key ?? first)
    } else {
      repeat {
        let next = ends[model].cursor(above: ahead.horizon)
        guard let entry = ends[model].entry(at: next) else { return .some(nil) }
        release(until: entry.key, model, &ahead)
      } while !isCounted(question, ahead.fleet)
    }
    holds.start = ahead.horizon
    defer { holds.start = now }
    guard holds.isAnyClosed(model, until: ahead.horizon + walltime) else {
      return Plan(from: ahead.horizon, places: nil)
    }
    return .some(planFromThere(question, walltime, &ahead))
  }

  /// Goes on from where there would be room without windows: before it there is none.
  private mutating func planFromThere(
    _ question: Ask, _ walltime: Tick, _ ahead: inout Foresight
  ) -> Plan? {
    var walk = walk(question, walltime, after: ahead.horizon, isAhead: true)
    walk.ask.until = ahead.horizon + walltime
    swap(&fleet, &ahead.fleet)
    let isFound = placement.find(walk.ask, fleet, holds)
    let plan = isFound ? found(walk) : goOn(&walk)
    swap(&fleet, &ahead.fleet)
    ahead.horizon = walk.moment
    endWalk(walk)
    return plan
  }

  /// Finds the places of a promise that was made by the moment alone, before anybody asks who might
  /// stand in its way. Whoever started since ends before it begins, so that they are the same.
  /// Asked for a reason after the cycle, when nodes have gone, there may be none left to keep.
  mutating func settlePromise() {
    guard let promise else { return }
    self.promise = nil
    var question = promise.question
    question.until = promise.from + plannedWalltime(jobs[Int(promise.job)].walltime)
    holds.start = promise.from
    defer { holds.start = now }
    guard let ahead = foresights[question.model], ahead.horizon == promise.from,
      placement.find(question, ahead.fleet, holds)
    else { return }
    hold(promise, ahead.fleet.devices(for: placement.found, question, holds))
  }

  /// Whether a part holds the tasks, by the histogram of its cluster alone.
  private func isCounted(_ ask: Ask, _ fleet: borrowing Fleet) -> Bool {
    for cluster in fleet.topology.clustersOfModel[ask.model] {
      let domain = fleet.topology.domain(ofCluster: Int(cluster))
      if fleet.unitsAtMost(domain, Int(cluster), ask) >= ask.tasks { return true }
    }
    return false
  }

  /// Counts jobs that end by a moment as gone.
  private mutating func release(until moment: Tick, _ model: Int, _ ahead: inout Foresight) {
    var cursor = ends[model].cursor(above: ahead.horizon)
    while let entry = ends[model].entry(at: cursor), entry.key <= moment {
      shift(entry.item, gone: true, &ahead.fleet)
      counters.releasesWalked += 1
      ends[model].advance(&cursor)
    }
    ahead.horizon = moment
  }

  /// Counts jobs that end at a moment or after as there again.
  private mutating func takeBack(from moment: Tick, _ model: Int, _ ahead: inout Foresight) {
    var cursor = ends[model].cursor(above: moment - 1)
    while let entry = ends[model].entry(at: cursor), entry.key <= ahead.horizon {
      shift(entry.item, gone: false, &ahead.fleet)
      counters.releasesWalked += 1
      ends[model].advance(&cursor)
    }
    ahead.horizon = moment - 1
  }

  private func shift(_ job: Int32, gone: Bool, _ fleet: inout Fleet) {
    let shape = shapes.shapes[Int(jobs[Int(job)].shape)]
    var at = jobs[Int(job)].firstRow
    while at >= 0 {
      let row = residences.rows[Int(at)]
      at = row.nextOfJob
      if gone { fleet.give(row, shape) } else { fleet.take(row, shape) }
    }
  }

  /// Puts a job that has its nodes into the order of ends.
  mutating func insertEnd(_ job: Int32) {
    let row = jobs[Int(job)]
    ends[Int(row.model)].insert(SortedItems.Entry(key: row.endsBy, item: job))
    shiftAhead(job, gone: true)
  }

  /// Takes it out, while it has its nodes still.
  mutating func removeEnd(_ job: Int32) {
    let row = jobs[Int(job)]
    ends[Int(row.model)].remove(SortedItems.Entry(key: row.endsBy, item: job))
    shiftAhead(job, gone: false)
  }

  /// A job that ends by the moment planned for last comes or goes there too.
  private mutating func shiftAhead(_ job: Int32, gone: Bool) {
    let row = jobs[Int(job)]
    let model = Int(row.model)
    guard let horizon = foresights[model]?.horizon, row.endsBy <= horizon,
      var ahead = foresights[model].take()
    else { return }
    shift(job, gone: gone, &ahead.fleet)
    foresights[model] = ahead
  }
}

extension Ask {
  /// Whether tasks of the whole cluster, added up, answer it.
  var isByCount: Bool { isPlain && slice == 1 && to == .cluster }
}
