@testable import MadangProgramme

/// A programme with a cluster of 16 GPUs since the start of 1 June 2026, one award of 16 GPUs in
/// track `ta`, prices and charges; and what tests seal and settle there.
struct UsageStory {
  var scenario = Scenario()
  private(set) var refusals: [Refusal] = []

  static let june = month("2026-06")
  /// 2026-06-01 00:00 in Seoul: an hour of UTC too.
  static let start = Scenario.moment("2026-06-01T00:00:00")
  static let first = Hour(of: start)

  static func month(_ text: String) -> Month {
    guard let month = Month(text) else { preconditionFailure("\(text) is no month") }
    return month
  }

  static func hour(_ number: Int64) -> Hour {
    Hour(from: Instant(start.seconds + number * Hour.seconds))
  }

  init() {
    let script = """
      model h100
      model b200
      pool a
      track ta a
      line kakao h100 16
      round r1 kakao:16
      apply A ta 16 90
      decide r1
      conclude A
      """
    for line in script.split(separator: "\n") { scenario.run(String(line)) }
    scenario.clock = UsageStory.start
    give(.define(.cluster(ClusterID(1), UsageStory.cluster(gpus: 16))))
    let engine = ClusterEngine(kind: .local, simulated: true)
    give(.define(.engine(ClusterID(1), engine)))
    give(.allocate(AwardID(1), ClusterID(1), .budget(GPUSeconds(1_000_000))))
    let prices: [Price] = [
      UsageStory.price("hour", model: 1, 1_001, .gpuHour),
      UsageStory.price("secret", model: 1, nil, .gpuHour),
      UsageStory.price("other", model: 2, 5, .gpuHour),
      UsageStory.price("month", model: nil, 720_001, .gpuMonth),
      UsageStory.price("huge", model: 1, Limits.integerMax, .gpuHour),
    ]
    for (index, price) in prices.enumerated() {
      give(.define(.price(PriceID(index + 1), price)))
    }
    let charges: [UserCharge] = [
      UsageStory.charge("fixed", "ta", 1, 10, 1, 10, Ratio(1, 3)),
      UsageStory.charge("range", "ta", 1, 20, 1, 10, nil),
      UsageStory.charge("elsewhere", "tb", 1, 10, 1, 10, nil),
      UsageStory.charge("plain", "ta", 1, 1, 1, 1, nil),
    ]
    for (index, charge) in charges.enumerated() {
      give(.define(.charge(ChargeID(index + 1), charge)))
    }
    scenario.clock = Scenario.moment("2026-07-02T00:00:00")
  }

  static func cluster(gpus: Int64) -> Cluster {
    Cluster(
      slug: Scenario.slug("c1"), site: SiteID(1), model: DeviceModelID(1), servers: 2,
      gpus: Scenario.claims(gpus))
  }

  private static func price(
    _ slug: String, model: Int?, _ amount: Int64?, _ unit: Price.Unit
  ) -> Price {
    Price(
      slug: Scenario.slug(slug), model: model.map { DeviceModelID($0) }, amount: amount,
      unit: unit)
  }

  private static func charge(
    _ slug: String, _ track: String, _ a: Int64, _ b: Int64, _ c: Int64, _ d: Int64,
    _ discount: Ratio?
  ) -> UserCharge {
    UserCharge(
      slug: Scenario.slug(slug), track: Scenario.slug(track), lowest: Ratio(a, b) ?? .one,
      highest: Ratio(c, d) ?? .one,
      discount: discount.map {
        UserCharge.Discount(condition: Scenario.slug("young"), rate: $0)
      }, source: SourceID(1))
  }

  /// Gives a command; a refusal is kept and answered.
  @discardableResult
  mutating func give(_ command: Command) -> Refusal? {
    do throws(Refusal) {
      try scenario.give(command)
      return nil
    } catch {
      refusals.append(error)
      return error
    }
  }

  /// The statement of an hour: what allocation 1 used of it, and the rest unallocated.
  static func statement(
    _ number: Int64, used: Int64, of capacity: Int64 = 57_600, corrects: Int32? = nil,
    cluster: Int = 1, model: Int = 1
  ) -> UsageStatement {
    let isCorrection = corrects != nil
    let rest = isCorrection ? -used : capacity - used
    let rows = [
      AccountRow(account: .used, allocation: AllocationID(1), seconds: GPUSeconds(used)),
      AccountRow(account: .unallocated, allocation: nil, seconds: GPUSeconds(rest)),
    ]
    return UsageStatement(
      cluster: ClusterID(cluster), model: DeviceModelID(model), hour: hour(number),
      totals: HourTotals(
        capacity: GPUSeconds(isCorrection ? 0 : capacity),
        rows: rows.filter { $0.seconds != .zero },
        contradicted: .zero), segments: 1, root: Scenario.digest, corrects: corrects)
  }

  /// Seals all of June, with so much used in its first hour.
  mutating func sealJune(used: Int64) {
    for number in 0..<Int64(720) {
      give(.sealStatement(UsageStory.statement(number, used: number == 0 ? used : 0)))
    }
  }

  static func settling(
    price: Int = 1, charge: Int = 1, discounted: Bool = false, month: Month = june
  ) -> Settling {
    Settling(
      award: AwardID(1), month: month, price: PriceID(price), charge: ChargeID(charge),
      discounted: discounted)
  }

  /// Every refusal of usage, provoked.
  static func refusals() -> [Refusal] {
    var story = UsageStory()
    story.give(.sealStatement(statement(0, used: 1, model: 2)))
    story.give(.sealStatement(statement(10_000, used: 1)))
    story.give(.sealStatement(statement(0, used: 1, of: 57_601)))
    story.give(.sealStatement(statement(0, used: -1)))
    story.give(.sealStatement(statement(0, used: 1, corrects: 0)))
    story.give(.sealStatement(statement(0, used: 57_600)))
    story.give(.sealStatement(statement(0, used: 57_600)))
    story.give(.sealStatement(statement(2, used: 4)))
    story.give(.sealStatement(statement(-1, used: 0, of: 0)))
    story.give(.sealStatement(statement(0, used: 4, corrects: 1)))
    story.give(.settle(settling(month: month("2026-05"))))
    story.give(.settle(settling()))
    for number in 1..<Int64(720) { story.give(.sealStatement(statement(number, used: 0))) }
    story.give(.settle(settling(price: 2)))
    story.give(.settle(settling(price: 3)))
    story.give(.settle(settling(price: 5)))
    story.give(.settle(settling(charge: 2)))
    story.give(.settle(settling(charge: 3)))
    story.give(.settle(settling(charge: 4, discounted: true)))
    story.give(.settle(settling()))
    story.give(.settle(settling()))
    story.give(.sealStatement(statement(0, used: -60, corrects: 0)))
    story.give(.settle(settling(charge: 4)))
    story.erase()
    story.give(.settle(settling(month: month("2026-07"))))
    return story.refusals + segmentRefusals()
  }

  /// Seals all of July; the rows of its last hour are erased, and it is applied as a replay finds
  /// it.
  mutating func erase() {
    scenario.clock = Scenario.moment("2026-08-02T00:00:00")
    for number in Int64(720)..<720 + 743 {
      give(.sealStatement(UsageStory.statement(number, used: number == 720 ? 8 : 0)))
    }
    let sealed = StatementSealed(UsageStory.statement(720 + 743, used: 8))
    let leaf = Leaf(header: Samples.header, event: .statementSealed(sealed)).fixed
    guard let erased = try? Leaf(bytes: leaf.bytes, openings: []) else { return }
    scenario.programme.apply(
      erased.event,
      Header(
        number: scenario.programme.eventCount, at: scenario.clock, received: scenario.clock,
        by: scenario.clerk))
  }

  /// Faults of segments, by the rules that record them.
  static func segmentRefusals() -> [Refusal] {
    let cluster = MeteredCluster(
      cluster: ClusterID(1), model: DeviceModelID(1), gpusMax: 16, knows: { $0.number == 1 })
    let (received, from) = (start.seconds + 7_200, start.seconds)
    func fault(_ change: (inout Draft) -> Void) -> UsageRefusal? {
      var draft = Draft(from: from, to: from + 60)
      change(&draft)
      return draft.segment.fault(at: cluster, received: Instant(received))
    }
    let faults = [
      fault { $0.cluster = 2 }, fault { $0.number = -1 }, fault { $0.model = 2 },
      fault { $0.gpus = 0 }, fault { $0.gpus = 17 }, fault { $0.to = from },
      fault { $0.from = from - 86_400 },
      fault {
        $0.from = -1
        $0.to = 0
      },
      fault {
        $0.from = received
        $0.to = received + 301
      },
      fault { $0.allocation = 2 },
    ]
    var refusals = faults.compactMap { $0.map { Refusal.usage($0) } }
    let (a, b) = (
      Draft(from: from, to: from + 60), Draft(number: 1, from: from + 59, to: from + 90)
    )
    if let overlap = b.segment.fault(after: a.segment, before: nil) {
      refusals.append(.usage(overlap))
    }
    if case .refused(let differs) = b.segment.compared(with: a.segment) {
      refusals.append(.usage(differs))
    }
    // Given by the tables, whose tests provoke them: the month or the segment is not there.
    refusals += [.usage(.archived(before: start)), .usage(.noSegment(1))]
    return refusals
  }

  struct Draft {
    var cluster = 1
    var number: Int32 = 0
    var model = 1
    var gpus: Int32 = 8
    var allocation = 1
    var from: Int64
    var to: Int64

    var segment: UsageSegment {
      UsageSegment(
        key: UsageKey(
          cluster: ClusterID(cluster), job: EngineJob(high: 0, low: 1), number: number),
        allocation: AllocationID(allocation), model: DeviceModelID(model), gpus: gpus,
        from: Instant(from), to: Instant(to))
    }
  }
}
