import MadangControl
import MadangProgramme
import Testing

/// Holding and recalling, over whole lives of a cluster: what starts has its hold and its right, a
/// hold ends once, no GPU has two jobs, and a dispatcher that remembers decides as a new one.
@Suite struct HeldYardTests {
  @Test func `whatever happens, every start has its hold, its GPUs and its right`() {
    var reached: [String: Int] = [:]
    seeds(150) { seed, random in
      var yard = HeldYard(&random)
      var dispatcher = Dispatcher()
      for step in 0..<40 {
        yard.happen(&random)
        yard.settle(&random)
        let (queue, gpus) = yard.queue
        let found = dispatcher.decide(queue, gpus: gpus, now: yard.now)
        check(found, queue, gpus, yard, "SEED=\(seed), step \(step)")
        if yard.pools.isEmpty { yard.reach("counted") }
        let wasCutOff = begin(found, &yard, &random, "SEED=\(seed), step \(step)")
        // What runs is adopted by one that knows nothing.
        if wasCutOff || random.chance(5) {
          dispatcher = Dispatcher()
          yard.reach("restarted")
        }
        recount(yard, "SEED=\(seed), step \(step)")
      }
      yard.finish(&random)
      let counted = HeldRecount(yard.books.facts)
      #expect(counted.pending() == 0, "SEED=\(seed): a hold never ended")
      #expect(yard.books.balances.values.allSatisfy { $0.held == .zero }, "SEED=\(seed)")
      for (state, count) in counted.ends { reached["\(state)", default: 0] += count }
      for (name, count) in yard.reached { reached[name, default: 0] += count }
    }
    let wanted = [
      "posted", "voided", "expired", "begun", "restarted", "lent", "recalled", "came back",
      "suspended or resumed", "an allocation ended", "the folder was lost", "waits again",
      "a waiting task was canceled", "a running task was canceled", "never began",
      "GPUs went or came", "counted", "cut off", "over",
      "begun while others were over",
    ]
    print(reached.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" })
    for name in wanted { #expect(reached[name] ?? 0 > 20 || repeatsOneSeed, "\(name)") }
  }

  /// A decision against one from nothing, against counting, and against the yard's own facts.
  private func check(
    _ found: QueueDecision, _ queue: JobQueue, _ gpus: [ModelGPUs], _ yard: HeldYard,
    _ moment: Comment
  ) {
    let fresh = dispatch(queue, gpus: gpus, now: yard.now)
    #expect(found.starts == fresh.starts, moment)
    #expect(found.waits == fresh.waits, moment)
    #expect(Set(found.starts).count == found.starts.count, moment)
    for task in found.starts {
      let stored = yard.tasks.first { $0.task == task }
      #expect(stored?.state == .waiting && stored?.isCanceled == false, moment)
      let allocation = stored.map { yard.allocations[yard.place($0.allocation)] }
      #expect(allocation?.mayWork(at: yard.now) == true, moment)
    }
    guard yard.pools.isEmpty else { return }
    // Counting knows no turns of pools.
    let counted = CountedQueue(queue, gpus: gpus, now: yard.now)
    #expect(Set(found.starts) == Set(counted.starts), moment)
    #expect(found.waits.map(\.task) == counted.waits.map(\.task), moment)
    #expect(found.waits.map(\.reason) == counted.waits.map(\.reason), moment)
  }

  /// Begins what was chosen; whether the office was cut off between a hold and its start.
  private func begin(
    _ found: QueueDecision, _ yard: inout HeldYard, _ random: inout Seeded, _ moment: Comment
  ) -> Bool {
    let isOver = yard.isOver
    if isOver { yard.reach("over") }
    for chosen in found.starts {
      guard let (place, result) = yard.hold(chosen) else {
        Issue.record("\(chosen) does not wait. \(moment)")
        continue
      }
      #expect(result == .done, moment)
      if random.chance(4) {
        yard.reach("cut off")
        return true
      }
      yard.reach("begun")
      if isOver { yard.reach("begun while others were over") }
      let hasBegun = yard.start(place)
      #expect(hasBegun, moment)
    }
    return false
  }

  private func recount(_ yard: HeldYard, _ moment: Comment) {
    let counted = HeldRecount(yard.books.facts)
    #expect(counted.faults == [], moment)
    for (allocation, balance) in yard.books.balances {
      #expect(balance.left.count == counted.left(allocation), moment)
    }
  }
}
