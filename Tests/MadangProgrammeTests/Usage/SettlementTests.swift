import Testing

@testable import MadangProgramme

/// A month is settled once; what is corrected later is settled by its difference, and the month as
/// a whole is cut, never the difference.
struct SettlementTests {
  /// A tenth of 1,001 won an hour: 10,000 s are 278.05… won, 10,100 s are 280.83… won.
  @Test func `a corrected month is settled by the difference, and never again as a whole`() {
    var story = UsageStory()
    story.sealJune(used: 10_000)
    #expect(story.settle() == "270, in all 270, dropped 145/18")
    #expect(story.give(.settle(UsageStory.settling())) == .usage(story.again))
    #expect(story.scenario.programme.furtherSettlings.isEmpty)

    story.give(.sealStatement(UsageStory.statement(0, used: 100, corrects: 0)))
    #expect(story.scenario.programme.furtherSettlings == [UsageStory.settling()])
    // The difference alone, 2.78 won, would have been dropped; the month's 280.83 is not.
    #expect(story.settle() == "10, in all 280, dropped 301/360")
    #expect(story.scenario.programme.settlements[SettlementID(2)].amends == SettlementID(1))
    #expect(story.give(.settle(UsageStory.settling())) == .usage(story.again))

    // Back to what it was, and lower: it is paid back.
    story.give(.sealStatement(UsageStory.statement(0, used: -5_100, corrects: 1)))
    #expect(story.settle() == "−150, in all 130, dropped 325/36")
    #expect(story.scenario.programme.settlements[SettlementID(3)].amends == SettlementID(2))
    #expect(story.scenario.programme.furtherSettlings.isEmpty)
  }

  /// A month was settled while the cluster at which the team worked as well was not sealed yet.
  @Test
  func `a month is settled when it is sealed wherever the award had something, and only there`() {
    var story = UsageStory()
    story.scenario.clock = UsageStory.start
    for number in 2...4 {
      story.give(
        .define(
          .cluster(
            ClusterID(number),
            Cluster(
              slug: Scenario.slug("c\(number)"), site: SiteID(1), model: DeviceModelID(1),
              servers: 2, gpus: Scenario.claims(16)))))
      let engine = ClusterEngine(kind: .slurm, simulated: true)
      story.give(.define(.engine(ClusterID(number), engine)))
      story.give(.allocate(AwardID(1), ClusterID(number), .budget(GPUSeconds(1_000))))
    }
    // At the fourth it was never found: nothing of it can have been used there.
    story.find(2, at: 2)
    story.find(3, at: 3)
    // On the first day of June it left the third, for the first.
    let change = AmendmentChange.transfer(AllocationID(3), to: ClusterID(1))
    story.give(.draftAmendment(AwardID(1), change, .teamRequest))
    _ = try? story.scenario.give(.approveAmendment(AmendmentID(1)), by: story.scenario.head)
    #expect(story.refusals.isEmpty && story.scenario.programme.departures.count == 1)
    story.scenario.clock = Scenario.moment("2026-08-02T00:00:00")
    story.sealJune(used: 10_000)
    let missing = UsageRefusal.notAllSealed(UsageStory.june)
    for cluster in 2...3 {
      for number in 0..<Int64(720) {
        #expect(number % 719 > 0 || story.give(.settle(UsageStory.settling())) == .usage(missing))
        story.give(.sealStatement(UsageStory.statement(number, used: 0, cluster: cluster)))
      }
    }
    #expect(story.settle() == "270, in all 270, dropped 145/18")
    // In July it had nothing at the third any more.
    for cluster in 1...2 {
      for number in 720..<Int64(720 + 744) {
        let used: Int64 = cluster == 1 && number == 720 ? 10_000 : 0
        story.give(.sealStatement(UsageStory.statement(number, used: used, cluster: cluster)))
      }
    }
    let july = UsageStory.month("2026-07")
    #expect(story.give(.settle(UsageStory.settling(month: july))) == nil)
  }

  @Test func `a correction below the cut is settled by nothing, and recorded`() {
    var story = UsageStory()
    story.sealJune(used: 10_000)
    #expect(story.settle() == "270, in all 270, dropped 145/18")
    story.give(.sealStatement(UsageStory.statement(0, used: 1, corrects: 0)))
    #expect(story.settle() == "0, in all 270, dropped 291001/36000")
    #expect(story.give(.settle(UsageStory.settling())) == .usage(story.again))
  }

  @Test func `a further settlement goes by what was published then, and by nothing else`() {
    var story = UsageStory()
    story.sealJune(used: 10_000)
    #expect(story.settle() == "270, in all 270, dropped 145/18")
    // Tenfold by now.
    let price = story.scenario.programme.prices[PriceID(1)]
    story.give(
      .define(
        .price(
          PriceID(1),
          Price(slug: price.slug, model: price.model, amount: 10_010, unit: price.unit))))
    story.give(.sealStatement(UsageStory.statement(0, used: 100, corrects: 0)))
    #expect(
      story.give(.settle(UsageStory.settling(charge: 4))) == .usage(.otherTerms(SettlementID(1))))
    #expect(
      story.give(.settle(UsageStory.settling(discounted: true)))
        == .usage(.otherTerms(SettlementID(1))))
    #expect(story.settle() == "10, in all 280, dropped 301/360")
  }

  @Test func `what was erased of a settlement is not settled further`() throws {
    var story = UsageStory()
    story.sealJune(used: 10_000)
    let events = story.scenario.events.count
    _ = story.settle()
    let settled = story.scenario.events[events]
    let header = Samples.header
    let leaf = Leaf(header: header, event: settled).fixed
    let erased = try Leaf(bytes: leaf.bytes, openings: []).event
    // As a replay finds it.
    var programme = UsageStory.june(used: 10_000)
    programme.apply(
      erased,
      Header(
        number: programme.eventCount, at: programme.now, received: programme.now,
        by: story.scenario.clerk))
    story.scenario.programme = programme
    story.give(.sealStatement(UsageStory.statement(0, used: 100, corrects: 0)))
    #expect(
      story.give(.settle(UsageStory.settling())) == .usage(.usageErased(UsageStory.june)))
    #expect(story.scenario.programme.furtherSettlings.isEmpty)
  }

  /// Whatever is corrected, and whenever it is settled: all settlements of a month add up to one of
  /// all of it, counted here by other means.
  @Test func `however often a month is corrected, its settlements add up to one`() throws {
    try seeds(12) { seed, random in
      var story = UsageStory()
      var used = Int64(random.draw(1...57_600) as Int)
      story.sealJune(used: used)
      var settled: Int64 = 0
      var newest: Int32 = 0
      for _ in 0..<20 {
        let change = Int64(
          random.draw(Int(-min(used, 9_000))...Int(min(57_600 - used, 9_000))) as Int)
        if change != 0 {
          story.give(.sealStatement(UsageStory.statement(0, used: change, corrects: newest)))
          newest += 1
          used += change
        }
        guard random.chance(60) else { continue }
        let before = story.scenario.events.count
        let refusal = story.give(.settle(UsageStory.settling()))
        guard refusal == nil, case .settled(let body) = story.scenario.events[before] else {
          #expect(refusal == .usage(story.again), "SEED=\(seed)")
          continue
        }
        settled += try #require(body.amount.value)
        // used × 1,001 ÷ 3,600 ÷ 10 won, in 36,000ths of a won.
        let (won, rest) = (used * 1_001).quotientAndRemainder(dividingBy: 360_000)
        #expect(settled == won * 10 && body.total.value == won * 10, "SEED=\(seed)")
        #expect(body.remainder.value == Ratio(rest, 36_000), "SEED=\(seed)")
      }
      let programme = story.scenario.programme
      let restored = try Programme(snapshotBytes: programme.snapshotBytes())
      #expect(restored.snapshotBytes() == programme.snapshotBytes(), "SEED=\(seed)")
      #expect(restored.furtherSettlings == programme.furtherSettlings, "SEED=\(seed)")
    }
  }
}

extension UsageStory {
  fileprivate var again: UsageRefusal { .alreadySettled(AwardID(1), UsageStory.june) }

  fileprivate static func june(used: Int64) -> Programme {
    var story = UsageStory()
    story.sealJune(used: used)
    return story.scenario.programme
  }

  /// An allocation is found at its cluster as it should be.
  fileprivate mutating func find(_ allocation: Int, at cluster: Int) {
    let programme = scenario.programme
    give(
      .readBack(
        ObservedState(
          cluster: ClusterID(cluster),
          generation: programme.bindings[ClusterID(cluster)].generation,
          at: scenario.clock,
          allocations: [
            ObservedAllocation(
              allocation: AllocationID(allocation),
              limit: programme.allocations[AllocationID(allocation)].limit, suspended: false,
              readyGPUs: 0)
          ], devices: DeviceCounts())))
  }

  /// Settles June and says what came of it.
  fileprivate mutating func settle() -> String {
    if let refusal = give(.settle(UsageStory.settling())) { return "refused \(refusal.code)" }
    guard case .settled(let body) = scenario.events.last, let amount = body.amount.value,
      let total = body.total.value, let remainder = body.remainder.value
    else { return "nothing" }
    return "\(amount < 0 ? "−" : "")\(abs(amount)), in all \(total), dropped \(remainder)"
  }
}
