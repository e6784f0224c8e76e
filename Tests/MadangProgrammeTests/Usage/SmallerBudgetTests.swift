import Testing

@testable import MadangProgramme

/// A budget that is made smaller: what it let be used, and is not sealed, is not given away again.
struct SmallerBudgetTests {
  /// GPU-seconds that the award of the story entitles to: 16 GPUs for 365 days.
  static let entitled: Int64 = 16 * 365 * 86_400
  /// GPU-seconds that its one allocation has as a budget at first.
  static let first: Int64 = 1_000_000

  struct Budgets {
    var story = UsageStory()
    private var count = 0

    init() {}

    /// Drafted by one, approved by another.
    mutating func amend(_ change: AmendmentChange) throws {
      count += 1
      try story.scenario.give(.draftAmendment(AwardID(1), change, .teamRequest))
      try story.scenario.give(.approveAmendment(AmendmentID(count)), by: Scenario.person(2))
    }

    mutating func resize(_ limit: AllocationLimit) throws {
      try amend(.resize(AllocationID(1), limit))
    }

    /// Seals hours from the first one on that is not sealed, up to an instant.
    mutating func seal(
      to end: Instant, used: Int64 = 0, unobserved: Int64 = 0, contradicted: Int64 = 0
    ) {
      story.scenario.clock = max(story.scenario.clock, end)
      let last = story.scenario.programme.accounts(of: ClusterID(1)).lastSealed
      var hour = last?.next ?? UsageStory.first
      var rest = (used: used, unobserved: unobserved, contradicted: contradicted)
      while hour.end <= end {
        let use = min(rest.used, 57_600)
        let unseen = min(rest.unobserved, 57_600 - use)
        let rows = [
          AccountRow(account: .used, allocation: AllocationID(1), seconds: GPUSeconds(use)),
          AccountRow(
            account: .unallocated, allocation: nil, seconds: GPUSeconds(57_600 - use - unseen)),
          AccountRow(account: .unobserved, allocation: nil, seconds: GPUSeconds(unseen)),
        ]
        let statement = UsageStatement(
          cluster: ClusterID(1), model: DeviceModelID(1), hour: hour,
          totals: HourTotals(
            capacity: GPUSeconds(57_600), rows: rows.filter { $0.seconds != .zero },
            contradicted: GPUSeconds(rest.contradicted)), segments: 1, root: Scenario.digest,
          corrects: nil)
        #expect(story.give(.sealStatement(statement)) == nil)
        rest = (rest.used - use, rest.unobserved - unseen, 0)
        hour = hour.next
      }
    }

    /// GPU-seconds that the award has left for another allocation, as its refusal says.
    func left() -> Int64 {
      var copy = story
      let asked = GPUSeconds(SmallerBudgetTests.entitled)
      let refused = copy.give(.allocate(AwardID(1), ClusterID(1), .budget(asked)))
      guard case .allocations(.moreTimeThanAward(_, let left, _)) = refused else { return -1 }
      // It is what can be had, to the second.
      let over = copy.give(
        .allocate(AwardID(1), ClusterID(1), .budget(left + GPUSeconds(1))))
      #expect(over != nil)
      #expect(copy.give(.allocate(AwardID(1), ClusterID(1), .budget(left))) == nil)
      return left.count
    }

    /// When all work is over that could begin until now.
    var workOver: Instant {
      Instant(story.scenario.clock.seconds + Limits.workSecondsMax + Hour.seconds)
    }
  }

  /// Up to two hours of use could be awarded twice: the programme knew sealed use alone.
  @Test func `what a budget let be used stays taken until its hours are sealed`() throws {
    var budgets = Budgets()
    try budgets.resize(.budget(GPUSeconds(1)))
    #expect(budgets.left() == SmallerBudgetTests.entitled - SmallerBudgetTests.first)
    let over = budgets.workOver
    // A job that began before may still be running, though this hour is sealed.
    budgets.seal(to: budgets.story.scenario.clock, used: 57_600)
    #expect(budgets.left() == SmallerBudgetTests.entitled - SmallerBudgetTests.first)
    budgets.seal(to: over, used: 1_000)
    #expect(budgets.left() == SmallerBudgetTests.entitled - 58_600)
  }

  @Test func `what nobody measured, or found no room for, may have been its own`() throws {
    for (unobserved, contradicted, kept) in [
      (700, 0, 10_700), (0, 80, 10_080), (700, 80, 10_780), (5_000_000, 0, 1_000_000),
    ] as [(Int64, Int64, Int64)] {
      var budgets = Budgets()
      try budgets.resize(.budget(GPUSeconds(1)))
      budgets.seal(
        to: budgets.workOver, used: 10_000, unobserved: unobserved, contradicted: contradicted)
      #expect(budgets.left() == SmallerBudgetTests.entitled - kept)
    }
  }

  @Test func `a budget that was smaller in between keeps what it ever let be used`() throws {
    var budgets = Budgets()
    try budgets.resize(.budget(GPUSeconds(1)))
    try budgets.resize(.budget(GPUSeconds(2_000_000)))
    #expect(budgets.left() == SmallerBudgetTests.entitled - 2_000_000)
    try budgets.resize(.budget(GPUSeconds(500)))
    #expect(budgets.left() == SmallerBudgetTests.entitled - 2_000_000)
    budgets.seal(to: budgets.workOver, used: 7)
    #expect(budgets.left() == SmallerBudgetTests.entitled - 500)
    // Known once, it is not unknown again by another change.
    try budgets.resize(.budget(GPUSeconds(400)))
    #expect(budgets.left() == SmallerBudgetTests.entitled - 500)
  }

  @Test func `a budget that becomes GPUs of its own stays taken whole`() throws {
    var budgets = Budgets()
    try budgets.resize(.reserved(gpus: 8))
    // Its clock has not started: all of its days are to come.
    let own: Int64 = 8 * 365 * 86_400
    #expect(budgets.left() == SmallerBudgetTests.entitled - SmallerBudgetTests.first - own)
    budgets.seal(to: budgets.workOver)
    #expect(budgets.left() == SmallerBudgetTests.entitled - SmallerBudgetTests.first - own)
  }

  @Test func `an override lets more be used, for as long as it stands and a while after`() throws {
    var budgets = Budgets()
    try budgets.amend(.override(AllocationID(1), .budget(GPUSeconds(3_000_000))))
    #expect(budgets.left() == SmallerBudgetTests.entitled - 3_000_000)
    // All that one can say is no crash, and no more than all of it.
    try budgets.amend(.override(AllocationID(1), .budget(GPUSeconds(Limits.integerMax))))
    let all = GPUSeconds(SmallerBudgetTests.entitled)
    let refused = budgets.story.give(.allocate(AwardID(1), ClusterID(1), .budget(GPUSeconds(1))))
    #expect(
      refused
        == .allocations(.moreTimeThanAward(AwardID(1), left: .zero, asked: GPUSeconds(1))))
    try budgets.amend(.overrideEnd(AllocationID(1)))
    #expect(
      budgets.story.give(.allocate(AwardID(1), ClusterID(1), .budget(all)))
        == .allocations(.moreTimeThanAward(AwardID(1), left: .zero, asked: all)))
    budgets.seal(to: budgets.workOver, used: 9)
    #expect(budgets.left() == SmallerBudgetTests.entitled - SmallerBudgetTests.first)
  }

  /// Beside the award it may use more than is left of it: four eyes say so. What it used counts.
  @Test func `an override of GPUs by a budget keeps the GPUs, and counts what was used`() throws {
    var budgets = Budgets()
    try budgets.resize(.reserved(gpus: 8))
    let kept = SmallerBudgetTests.first + 8 * 365 * 86_400
    try budgets.amend(.override(AllocationID(1), .budget(GPUSeconds(Limits.integerMax))))
    #expect(budgets.left() == SmallerBudgetTests.entitled - kept)
    // Its GPUs are nobody else's meanwhile.
    try budgets.story.scenario.give(.allocate(AwardID(1), ClusterID(1), .reserved(gpus: 4)))
    try budgets.amend(.resize(AllocationID(2), .reserved(gpus: 7)))
    #expect(throws: Refusal.self) {
      try budgets.amend(.override(AllocationID(2), .reserved(gpus: 9)))
    }
    var used = Budgets()
    try used.resize(.reserved(gpus: 8))
    try used.amend(.override(AllocationID(1), .budget(GPUSeconds(Limits.integerMax))))
    let most = used.story.scenario.clock.seconds + 4_500 * Hour.seconds
    used.seal(to: Instant(most), used: kept + 3_600)
    #expect(used.left() == SmallerBudgetTests.entitled - kept - 3_600)
    try used.amend(.overrideEnd(AllocationID(1)))
    #expect(used.left() == SmallerBudgetTests.entitled - kept - 3_600)
  }

  @Test func `of a term that has not begun nothing can have been used`() throws {
    let programme = Budgets().story.scenario.programme
    let term = programme.allocations[AllocationID(1)].term
    let first = try #require(programme.charter?.days.start(of: term.from))
    let small = AllocationLimit.budget(GPUSeconds(1))
    let early = Instant(first.seconds - UsageSegment.aheadSecondsMax - 1)
    #expect(programme.resized(AllocationID(1), to: small, at: early).promised == .zero)
    #expect(
      programme.resized(AllocationID(1), to: small, at: Instant(early.seconds + 1)).promised
        == GPUSeconds(SmallerBudgetTests.first))
  }
}
