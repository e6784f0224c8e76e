import Testing

@testable import MadangProgramme

/// Segments as bytes, and the order in which their faults are found.
struct SegmentTests {
  @Test func `a segment is itself again, in one spelling, and its job has 32 digits`() throws {
    try seeds(300) { seed, random in
      let from: Int64 = random.draw(0...4_000_000_000)
      let segment = UsageSegment(
        key: UsageKey(
          cluster: ClusterID(random.draw(1...99)),
          job: EngineJob(
            high: random.chance(20) ? 0 : random.next(), low: random.next() >> 60),
          number: Int32(random.draw(0...9_999) as Int)),
        allocation: random.chance(50) ? nil : AllocationID(random.draw(1...999)),
        model: DeviceModelID(1), gpus: Int32(random.draw(1...9_999) as Int), from: Instant(from),
        to: Instant(from + random.draw(1...86_400)))
      let bytes = CanonicalWriter.bytes(of: segment)
      let read = try CanonicalReader.value(UsageSegment.self, from: bytes)
      #expect(read == segment, "SEED=\(seed)")
      var writer = CanonicalWriter()
      writer.text(segment.key.job.hex)
      #expect(CanonicalWriter.bytes(of: segment.key.job) == writer.bytes, "SEED=\(seed)")
    }
  }

  /// Any agent could charge any team of the programme.
  @Test func `usage is an allocation's where it is or was, and at no other cluster`() {
    var scenario = Scenario()
    let script = """
      \(DepartureTests.held)
      draft-amendment award-1 transfer 1 c2
      approve-amendment 1
      """
    for line in script.split(separator: "\n") where !line.hasPrefix("=") {
      scenario.run(String(line))
    }
    let table: [(cluster: String, allocation: Int, isKnown: Bool)] = [
      ("c1", 1, true), ("c2", 1, true), ("desk", 1, false), ("c1", 2, false), ("desk", 2, false),
    ]
    for (cluster, allocation, isKnown) in table {
      let metered = scenario.programme.metered(scenario.id(cluster))
      #expect(
        metered?.knows(AllocationID(allocation)) == isKnown, "\(cluster) allocation-\(allocation)")
    }
  }

  @Test func `a hold is judged in the order of its codes`() {
    let at = Instant(100)
    func hold(_ amount: Int64, expires: Int64 = 200, allocation: Int = 1) -> Hold {
      Hold(
        key: EngineJob(high: 0, low: 1), allocation: AllocationID(allocation),
        amount: GPUSeconds(amount), expires: Instant(expires))
    }
    var balance = BudgetBalance()
    balance.granted = GPUSeconds(50)
    balance.used = GPUSeconds(20)
    let stored = HeldBudget(hold: hold(10))
    let table: [(Hold, HeldBudget?, BudgetBalance?, HoldResult)] = [
      (hold(0, expires: 50, allocation: 2), stored, nil, .badAmount),
      (hold(-5), stored, balance, .badAmount),
      (hold(20, expires: 50, allocation: 2), stored, balance, .differs(.allocation)),
      (hold(20, expires: 50), stored, balance, .differs(.amount)),
      (hold(10, expires: 50), stored, balance, .differs(.expires)),
      // Known already: also where nothing is left, or its time is over.
      (hold(10), stored, nil, .exists),
      (hold(10, expires: 100), nil, nil, .expiresTooSoon),
      (hold(10), nil, nil, .noBudget), (hold(10), nil, BudgetBalance(), .noBudget),
      (hold(31), nil, balance, .beyondBudget(left: GPUSeconds(30))),
      (hold(30), nil, balance, .done),
    ]
    for (hold, stored, balance, result) in table {
      #expect(hold.result(stored: stored, balance: balance, at: at) == result, "\(hold)")
    }
    let ends: [(HoldState?, HoldState, HoldResult)] = [
      (nil, .posted, .noHold), (.pending, .posted, .done), (.pending, .voided, .done),
      (.posted, .posted, .exists), (.posted, .voided, .ended(.posted)),
      (.voided, .posted, .ended(.voided)), (.expired, .expired, .exists),
      (.expired, .posted, .ended(.expired)),
    ]
    for (before, after, result) in ends {
      let held = before.map { HeldBudget(hold: hold(10), state: $0) }
      #expect(HeldBudget.result(ending: held, in: after) == result)
    }
  }
}
