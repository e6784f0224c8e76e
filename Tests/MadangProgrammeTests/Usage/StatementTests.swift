import Testing

@testable import MadangProgramme

/// Statements and settlements as the programme takes them.
struct StatementTests {
  @Test func `a correction moves seconds between accounts and adds none`() {
    var story = UsageStory()
    story.give(.sealStatement(UsageStory.statement(0, used: 100)))
    story.give(.sealStatement(UsageStory.statement(0, used: 20, corrects: 0)))
    story.give(.sealStatement(UsageStory.statement(0, used: -50, corrects: 1)))
    #expect(story.refusals.isEmpty)
    let month = story.scenario.programme.accounts(of: ClusterID(1)).month(UsageStory.june)
    #expect(month?[.used] == GPUSeconds(70) && month?[.unallocated] == GPUSeconds(57_530))
    #expect(month?.capacity == GPUSeconds(57_600) && month?.hours == 1 && month?.corrections == 2)
    let usage = story.scenario.programme.usage(of: AllocationID(1)).months
    #expect(usage.map(\.used) == [GPUSeconds(70)])
    #expect(
      story.give(.sealStatement(UsageStory.statement(0, used: -71, corrects: 2)))
        == .usage(.badRows(UsageStory.first)))
  }

  /// What was erased counted as nothing, and such a correction as rows that cannot be.
  @Test func `where usage was erased a correction may add to a team's, and take nothing from it`() {
    var story = UsageStory()
    story.sealJune(used: 100)
    story.erase()
    let july = UsageStory.month("2026-07")
    let less = UsageStory.statement(720, used: -8, corrects: 0)
    #expect(story.give(.sealStatement(less)) == .usage(.usageErased(july)))
    let more = UsageStory.statement(720, used: 8, corrects: 0)
    #expect(story.give(.sealStatement(more)) == nil)
    var calm = UsageStory.statement(721, used: 0, corrects: 0)
    calm = UsageStatement(
      cluster: calm.cluster, model: calm.model, hour: calm.hour,
      totals: HourTotals(capacity: .zero, rows: [], contradicted: GPUSeconds(-1)), segments: 1,
      root: calm.root, corrects: 0)
    #expect(story.give(.sealStatement(calm)) == .usage(.usageErased(july)))
    // Of June all is known.
    let june = UsageStory.statement(0, used: -50, corrects: 0)
    #expect(story.give(.sealStatement(june)) == nil)
  }

  @Test func `an hour before the first that was sealed is told from one that is sealed already`() {
    var story = UsageStory()
    story.give(.sealStatement(UsageStory.statement(3, used: 0)))
    let first = UsageStory.hour(3)
    for (number, refusal) in [
      (2, UsageRefusal.beforeTheFirst(UsageStory.hour(2), first: first)),
      (3, .alreadySealed(first)), (5, .hourMissing(UsageStory.hour(4))),
    ] {
      #expect(
        story.give(.sealStatement(UsageStory.statement(Int64(number), used: 0))) == .usage(refusal))
    }
  }

  @Test func `capacity is what the programme had at each second`() {
    var story = UsageStory()
    story.scenario.clock = Instant(UsageStory.start.seconds + 31 * 86_400 + 1_800)
    story.give(.define(.cluster(ClusterID(1), UsageStory.cluster(gpus: 32))))
    let programme = story.scenario.programme
    let hour = Hour(of: story.scenario.clock)
    #expect(programme.capacity(of: ClusterID(1), in: hour) == GPUSeconds(24 * 3_600))
    #expect(programme.capacity(of: ClusterID(1), in: hour.next) == GPUSeconds(32 * 3_600))
    let before = UsageStory.hour(-1)
    #expect(programme.capacity(of: ClusterID(1), in: before) == .zero)
  }

  @Test func `an hour belongs to the month of the programme's day in which it begins`() {
    var story = UsageStory()
    story.sealJune(used: 1)
    story.give(.sealStatement(UsageStory.statement(720, used: 2)))
    #expect(story.refusals.isEmpty)
    let months = story.scenario.programme.accounts(of: ClusterID(1)).months
    #expect(months.map(\.month) == [UsageStory.june, UsageStory.month("2026-07")])
    #expect(months.map(\.hours) == [720, 1])
    #expect(months[0].capacity == GPUSeconds(720 * 57_600))
  }

  @Test func `a settlement is exact, cut once, and the cut is recorded`() {
    // 10,000 s at 1,001 an hour, a tenth of it: 278.055… won.
    var story = UsageStory()
    story.sealJune(used: 10_000)
    #expect(story.give(.settle(UsageStory.settling())) == nil)
    #expect(settled(story)?.amount.value == 270)
    #expect(settled(story)?.remainder.value == Ratio(145, 18))
    #expect(settled(story)?.seconds.value == GPUSeconds(10_000))
    // A third less: 185.37 won.
    story = UsageStory()
    story.sealJune(used: 10_000)
    #expect(story.give(.settle(UsageStory.settling(discounted: true))) == nil)
    #expect(settled(story)?.amount.value == 180)
    #expect(settled(story)?.remainder.value == Ratio(145, 27))
    // By the month: of 2,592,000 seconds.
    story = UsageStory()
    story.sealJune(used: 36_000)
    #expect(story.give(.settle(UsageStory.settling(price: 4, charge: 4))) == nil)
    #expect(settled(story)?.amount.value == 10_000)
    #expect(settled(story)?.remainder.value == Ratio(1, 72))
  }

  private func settled(_ story: UsageStory) -> Settled? {
    if case .settled(let body) = story.scenario.events.last { body } else { nil }
  }

  @Test func `a month reads as it is written, and only so`() {
    #expect(Month("2026-06")?.description == "2026-06")
    #expect(Month("2026-12")?.next.description == "2027-01")
    #expect(Month("2024-02")?.dayCount == 29)
    for text in ["2026-13", "2026-6", "2026-06-01", "26-06", "", "2026_06"] {
      #expect(Month(text) == nil, "\(text)")
    }
    #expect(Hour(of: Instant(-1)).description == "1969-12-31T23Z")
    #expect(Hour(from: Instant(-1_800)).description == "1969-12-31T23:30Z")
  }
}

struct OperatorShareTests {
  /// A share that was agreed anew changed the hours of years before, as soon as one was corrected.
  @Test func `the operator's share of an hour is what held then, whatever is agreed since`() {
    check(
      """
      model h100
      line kakao h100 32 operator=4
      at 2026-01-10T00:00:00
      cluster c1 h100 4
      engine c1 slurm
      at 2026-02-01T00:00:00
      line more h100 16 operator=2
      operator-share c1
      = 6
      operator-share c1 2026-01-31T23:59:59
      = 4
      operator-share c1 2026-01-09T23:59:59
      = 0
      at 2026-03-01T00:00:00
      engine c1 slurm simulated=
      operator-share c1
      = 0
      operator-share c1 2026-02-28T23:59:59
      = 6
      """)
  }

  @Test func `the operator's share is at the one cluster that can hold it, and never simulated`() {
    check(
      """
      model h100
      model b200
      line kakao h100 32 operator=4
      line other b200 16 operator=2
      cluster c1 h100 4
      engine c1 slurm
      operator-share c1
      = 4
      cluster c2 b200 2
      engine c2 slurm simulated=
      operator-share c2
      = 0
      cluster c3 h100 4
      operator-share c1
      = 0
      """)
  }
}
