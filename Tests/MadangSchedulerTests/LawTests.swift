import Testing

@testable import MadangScheduler

/// The laws, over random fleets, pool trees and streams of events.
struct LawTests {
  @Test func `every law holds after every event, and decisions come to an end`() throws {
    try run(400, from: 1, companions: false)
  }

  @Test func `every law holds where processor and memory count`() throws {
    try run(200, from: 70_000, companions: true)
  }

  @Test func `every law holds where devices are shared`() throws {
    try run(300, from: 90_000, companions: false, parts: true)
  }

  @Test func `every law holds where devices are shared, and processor and memory count`() throws {
    try run(100, from: 95_000, companions: true, parts: true)
  }

  private func run(
    _ times: Int, from first: UInt64, companions: Bool, parts: Bool = false
  ) throws {
    try seeds(times, from: first) { seed, random in
      let world = RandomWorld(&random, companions: companions, parts: parts)
      var scheduler = try world.scheduler()
      var running: [JobIndex] = []
      var told = Told()
      for step in 0..<60 {
        try event(&scheduler, world, &running, &random)
        var quiet = false
        // At one moment with nothing new, decisions come to an end.
        for _ in 0..<60 where !quiet {
          let decision = scheduler.cycle()
          quiet = decision.isEmpty
          running += decision.starts.map(\.job)
          let gone = Set(decision.evictions.map(\.job))
          running.removeAll { gone.contains($0) }
          let breaches =
            scheduler.audit() + scheduler.audit(decision)
            + told.breaches(decision, now: scheduler.now)
          #expect(breaches.isEmpty, "SEED=\(seed) step \(step): \(breaches)")
          if !breaches.isEmpty { return }
        }
        #expect(quiet, "SEED=\(seed) step \(step): it goes round")
        if !quiet { return }
      }
    }
  }

  private func event(
    _ scheduler: inout Scheduler, _ world: RandomWorld, _ running: inout [JobIndex],
    _ random: inout Seeded
  ) throws {
    switch random.draw(1...11) {
    case 1...5:
      for _ in 0..<random.draw(1...4) {
        var asked = world.shape(&random)
        if random.chance(15) { asked.tasksMax = asked.tasks * Int32(random.draw(2...4)) }
        let shape = try scheduler.shape(asked)
        _ = try scheduler.submit(world.job(shape, scheduler.now, &random))
      }
    case 6, 7:
      try scheduler.advance(to: scheduler.now + Tick(random.draw(0...15)))
      if !running.isEmpty {
        let place = random.draw(0...(running.count - 1))
        try scheduler.finish(running.remove(at: place), at: scheduler.now)
      }
    case 8: try scheduler.advance(to: scheduler.now + Tick(random.draw(1...30)))
    case 9:
      let node = NodeIndex(random.draw(0...(scheduler.nodeCount - 1)))
      let gone = try scheduler.setNodeState(
        node, random.pick([.up, .up, .draining, .down, .failed]))
      running.removeAll { gone.contains($0) }
    case 10:
      let node = NodeIndex(random.draw(0...(scheduler.nodeCount - 1)))
      let from = scheduler.now + Tick(random.draw(0...40))
      let until = from + Tick(random.draw(1...40))
      if random.chance(50) {
        try scheduler.closeNode(node, from: from, until: until)
      } else {
        let pool = PoolIndex(random.draw(0...(world.pools.count - 1)))
        try scheduler.reserveNode(node, for: pool, from: from, until: until)
      }
    default:
      if scheduler.jobCount > 0 {
        let job = JobIndex(random.draw(0...(scheduler.jobCount - 1)))
        try scheduler.cancel(job)
        running.removeAll { $0 == job }
      }
    }
  }
}

/// What decisions told, one after the other, known by nothing else.
private struct Told {
  /// When each job was last told to start.
  private var started: [JobIndex: Tick] = [:]

  /// Whoever is taken off, or told to leave, at the moment at which it started.
  mutating func breaches(_ decision: Decision, now: Tick) -> [Breach] {
    let leaving = (decision.evictions + decision.notices).map(\.job)
    let asked =
      leaving.filter { started[$0] == now }
      + leaving.filter(
        decision.starts.map(\.job).contains)
    for start in decision.starts { started[start.job] = now }
    return asked.map { Breach(law: "a start lasts", detail: "job \($0.value) at \(now)") }
  }
}
