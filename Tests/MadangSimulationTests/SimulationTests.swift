import Foundation
import MadangProgramme
import MadangTestEngines
import Testing

/// Runs of writer, agents and engines, everything simulated, each decided by one seed. `SEED=7`
/// repeats one and prints its trace; `SEEDS=10000` runs many (`make soak`).
@Suite(.serialized) struct SimulationTests {
  static let environment = ProcessInfo.processInfo.environment
  static let given = environment["SEED"].flatMap { UInt64($0) }
  static let many = environment["SEEDS"].flatMap { UInt64($0) }

  @Test func `nothing that was acknowledged is lost, nothing is done twice, and all settles`() {
    if let seed = SimulationTests.given {
      return SimulationTests.check(seed, isTracing: true)
    }
    let last = SimulationTests.many == nil ? 60 as UInt64 : 1
    print("SEED=1…\(last)")
    var totals = Totals()
    for seed in 1...last { SimulationTests.check(seed, &totals) }
    if last > 1 {
      #expect(totals.faults.allSatisfy { $0 > 0 }, "no \(totals.missing) in \(last) runs")
      #expect(totals.holds > 60 && totals.corrections > 60, "\(totals)")
      #expect(totals.enforced > 60 && totals.takeovers > 10 && totals.restarts > 60, "\(totals)")
      #expect(totals.returned > 20 && totals.lent > 0 && totals.beyond > 0, "\(totals)")
    }
  }

  @Test func `two runs of one seed are the same to the last byte`() {
    for seed in SimulationTests.given.map({ [$0] }) ?? [1, 2, 3, 4, 5] {
      let first = World(seed: seed)
      let second = World(seed: seed)
      first.run()
      second.run()
      #expect(first.fold == second.fold && first.steps == second.steps, "SEED=\(seed)")
      #expect(first.fold != World(seed: seed).fold)
    }
  }

  /// What no check would see, no check proves.
  @Test(arguments: Mutation.allCases)
  func `a harness that is broken on purpose is found out`(_ mutation: Mutation) {
    let most: UInt64 = 60
    for seed in 1...most {
      let world = World(seed: seed, mutation: mutation)
      world.run()
      if let failure = world.checks.failures.first {
        print("\(mutation): seed \(seed), \(failure.prefix(160))")
        return
      }
    }
    Issue.record("\(mutation) was not seen in \(most) seeds")
  }

  @Test(.enabled(if: many != nil))
  func `soak`() {
    let count = SimulationTests.many ?? 0
    let first = SimulationTests.given ?? 1
    var totals = Totals()
    let began = ContinuousClock.now
    for seed in first..<(first + count) {
      SimulationTests.check(seed, &totals)
      if (seed - first + 1) % 1_000 == 0 || seed == first + count - 1 {
        let passed = (ContinuousClock.now - began).components
        let milliseconds = passed.seconds * 1_000 + passed.attoseconds / 1_000_000_000_000_000
        let done = Int64(seed - first + 1)
        print("\(done) seeds, \(done * 60_000 / max(1, milliseconds)) a minute; \(totals)")
      }
    }
  }

  // MARK: -

  private static func check(_ seed: UInt64, isTracing: Bool) {
    var totals = Totals()
    check(seed, &totals, isTracing: isTracing)
    print(totals)
  }

  private static func check(_ seed: UInt64, _ totals: inout Totals, isTracing: Bool = false) {
    let world = World(seed: seed, isTracing: isTracing)
    world.run()
    totals.add(world)
    guard let failure = world.checks.failures.first else { return }
    // Once more, with its story.
    let again = World(seed: seed, isTracing: true)
    again.run()
    let story = again.lines.suffix(isTracing ? again.lines.count : 40).joined(separator: "\n")
    Issue.record("SEED=\(seed): \(failure)\n\(story)")
  }
}

/// What happened in many runs.
struct Totals: CustomStringConvertible {
  private(set) var faults = Array(repeating: 0, count: Fault.allCases.count)
  private(set) var enforced = 0
  private(set) var acknowledged = 0
  private(set) var restarts = 0
  private(set) var takeovers = 0
  private(set) var returned = 0
  private(set) var lent: Int64 = 0
  private(set) var beyond = 0
  private(set) var segments = 0
  private(set) var holds = 0
  private(set) var sealed = 0
  private(set) var corrections = 0
  private(set) var steps = 0

  mutating func add(_ world: World) {
    for (index, count) in world.faults.counts.enumerated() { faults[index] += count }
    enforced += world.checks.enforced
    acknowledged += world.checks.acknowledgedCount
    restarts += world.checks.restarts
    takeovers += world.checks.takeovers
    returned += world.checks.returned
    lent += world.checks.lentSeconds
    beyond += world.checks.beyondCount
    segments += world.office.usage.count
    holds += world.checks.holdCount
    sealed += world.checks.sealCount
    corrections += world.checks.correctionCount
    steps += world.steps
  }

  var missing: [Fault] { Fault.allCases.filter { faults[$0.rawValue] == 0 } }

  var description: String {
    let kinds = Fault.allCases.map { "\($0) \(faults[$0.rawValue])" }.joined(separator: ", ")
    return "\(steps) steps, \(acknowledged) commands, \(enforced) enforced, \(segments) segments, "
      + "\(holds) holds, \(sealed) hours sealed and corrected \(corrections) times, "
      + "\(restarts) restarts, \(takeovers) takeovers, \(returned) departures back, "
      + "\(lent) GPU-seconds lent, \(beyond) awards decided on with more used than their limits; "
      + "faults: \(kinds)"
  }
}

extension World {
  /// Everything that a run left, folded: leaves, answers, usage and the programme.
  var fold: UInt64 {
    var fold = Fold()
    fold.add(office.programme.snapshotBytes())
    for record in office.disk.records {
      for leaf in record.leaves {
        fold.add(leaf.bytes)
        for opening in leaf.openings { fold.add(opening.value) }
      }
      fold.add(Int64(record.changes.count))
      for segment in record.usage { fold.add(CanonicalWriter.bytes(of: segment)) }
      if let lease = record.lease { fold.add(lease.lease.epoch * 1_000_003 + lease.lease.sequence) }
    }
    fold.add(Int64(steps))
    return fold.value
  }
}
