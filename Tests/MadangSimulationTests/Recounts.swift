import MadangProgramme
import MadangTestEngines

/// Recounts from nothing: of what was promised, of what was used, and whether all is well.
extension Checks {
  /// No line and no cluster is promised twice on any day.
  func recount(_ programme: Programme) {
    let today = programme.charter?.days.day(of: programme.now) ?? Base.today
    for offset in 0..<70 {
      let day = Base.today.advanced(by: offset - 1)
      var held: Int64 = 0
      programme.awards.forEach { _, award in
        let to = award.ended == nil ? award.term.to : award.returnedOn ?? award.term.to
        if award.term.from <= day, day < min(to, award.term.to) { held += award.gpus }
      }
      // What was added since is no promise of days that are over.
      if held > 96, day >= today { fail("\(held) of 96 GPUs are awarded on \(day)") }
      for (index, cluster) in Base.clusters.enumerated() {
        var bound: Int64 = 0
        programme.allocations.forEach { _, row in
          if row.cluster == cluster, row.isBound, row.term.contains(day) {
            bound += row.binding.gpus
          }
        }
        // What was left today and is not wiped is nobody's to be given today.
        programme.departures.forEach { _, row in
          guard row.cluster == cluster, row.stage != .returned, row.from == day else { return }
          if day < programme.allocations[row.allocation].term.to { bound += row.gpus }
        }
        if bound > Base.gpus[index] { fail("\(bound) GPUs of \(cluster) are bound on \(day)") }
      }
    }
  }

  /// Faults are over: every live allocation is enforced, what is over is back, all usage is in.
  var isSettled: Bool { unsettled == nil }

  var unsettled: String? {
    guard world.office.isUp else { return "the office is down" }
    let programme = world.office.programme
    let today = programme.charter?.days.day(of: world.instant) ?? Base.today
    var text: String?
    programme.allocations.forEach { id, row in
      guard text == nil else { return }
      if row.isBound, row.term.from <= today,
        row.enforcedGeneration != row.generation || row.drift != nil
      {
        text = "\(id) is not enforced: \(row)"
      }
      if row.standing == .ended { text = "\(id) is not back" }
    }
    programme.departures.forEach { id, row in
      if row.stage != .returned { text = text ?? "\(id) is not back: \(row)" }
    }
    if text != nil { return text }
    let metered = world.engines.reduce(0) { $0 + $1.log.count }
    return world.office.usage.count == metered
      ? nil : "of \(metered) segments \(world.office.usage.count) are in"
  }

  func atTheEnd() {
    guard failures.isEmpty else { return }
    if let unsettled { return fail("it does not settle: \(unsettled)") }
    usage()
    budgets()
    statements()
    // Once more from the disk: it is what it was.
    world.office.start()
  }

  /// Every second that a job really ran is in the store once, in the name of whoever ran it.
  private func usage() {
    let office = world.office!
    if let twice = office.usageTwice.first { fail("\(twice.key) was added twice") }
    var tiles: [EngineJob: [UsageSegment]] = [:]
    for segment in office.usage.values { tiles[segment.key.job, default: []].append(segment) }
    for engine in world.engines {
      for run in engine.runs {
        let segments = (tiles.removeValue(forKey: run.job) ?? []).sorted { $0.from < $1.from }
        var at = run.from
        for segment in segments {
          guard segment.from.seconds == at, segment.allocation == run.allocation,
            segment.gpus == run.gpus
          else { return fail("\(run) was recorded as \(segments)") }
          at = segment.to.seconds
        }
        guard at == run.to ?? run.from else {
          return fail("\(run) was recorded up to \(at) only")
        }
      }
    }
    if !tiles.isEmpty { fail("\(tiles.count) jobs were recorded that never ran") }
  }
}
