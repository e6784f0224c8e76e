import Testing

@testable import MadangProgramme

/// Random hours, contradictions and all, against one that is closed second by second.
struct HourProperties {
  @Test func `an hour closes as it does second by second, whatever the facts`() {
    seeds(40) { seed, random in
      let facts = HourProperties.facts(&random)
      let totals = HourClosing.totals(of: facts)
      var naive = NaiveHour(facts)
      let text = difference(naive.lines(), HourTable.said(totals).sorted())
      #expect(text == nil, "SEED=\(seed)\n\(text ?? "")")
    }
  }

  @Test func `the order in which usage comes changes nothing, and the sum is the capacity`() {
    seeds(200) { seed, random in
      var facts = HourProperties.facts(&random)
      let totals = HourClosing.totals(of: facts)
      facts.segments.shuffle(using: &random)
      #expect(HourClosing.totals(of: facts) == totals, "SEED=\(seed)")
      let capacity = facts.capacity.integral(from: facts.hour.start, to: facts.hour.end)
      let sum = totals.rows.reduce(GPUSeconds.zero) { $0 + $1.seconds }
      #expect(sum.count == capacity && totals.capacity.count == capacity, "SEED=\(seed)")
      #expect(totals.rows.allSatisfy { $0.seconds > .zero }, "SEED=\(seed)")
      for (a, b) in zip(totals.rows, totals.rows.dropFirst()) {
        #expect(AccountRow.precedes(a, b), "SEED=\(seed)")
      }
    }
  }

  @Test func `lending moves usage between two accounts and nothing else`() {
    seeds(100) { seed, random in
      var facts = HourProperties.facts(&random)
      let before = HourClosing.totals(of: facts).accounts
      for index in facts.reservations.indices { facts.reservations[index].isLent.toggle() }
      let after = HourClosing.totals(of: facts).accounts
      func metered(_ accounts: [GPUSeconds]) -> GPUSeconds {
        accounts[Account.used.index] + accounts[Account.lent.index]
      }
      #expect(metered(before) == metered(after), "SEED=\(seed)")
      for account in Account.allCases where account != .used && account != .lent {
        #expect(before[account.index] == after[account.index], "SEED=\(seed) \(account)")
      }
    }
  }

  // MARK: -

  private static func facts(_ random: inout Seeded) -> HourFacts {
    var facts = HourFacts(
      cluster: ClusterID(1), model: DeviceModelID(1), hour: HourTable.hour,
      capacity: timeline(&random, 4...24))
    facts.coverage = timeline(&random, 0...1)
    facts.up = timeline(&random, 0...20)
    facts.down = timeline(&random, 0...6)
    facts.maintenance = timeline(&random, 0...4)
    facts.preparing = timeline(&random, 0...6)
    if random.chance(50) { facts.operatorShare = timeline(&random, 0...4) }
    for number in 1...3 where random.chance(60) {
      facts.reservations.append(
        HourFacts.Reservation(
          allocation: AllocationID(number), gpus: timeline(&random, 0...8),
          ready: timeline(&random, 0...8), isLent: random.chance(30)))
    }
    for job in 0..<(random.draw(0...12) as Int) {
      let from: Int64 = random.draw(-1_000...3_700)
      let length: Int64 = random.draw(1...2_500)
      let allocation: Int = random.draw(0...4)
      facts.segments.append(
        UsageSegment(
          key: UsageKey(
            cluster: ClusterID(1), job: EngineJob(high: 0, low: UInt64(job)), number: 0),
          allocation: allocation == 0 ? nil : AllocationID(allocation), model: DeviceModelID(1),
          gpus: Int32(random.draw(1...6) as Int), from: HourTable.at(from),
          to: HourTable.at(from + length)))
    }
    return facts
  }

  /// A few changes before and within the hour.
  private static func timeline(_ random: inout Seeded, _ values: ClosedRange<Int>) -> Timeline {
    var timeline = Timeline.zero
    var at = Int64(-500)
    for _ in 0...(random.draw(0...3) as Int) {
      timeline.set(random.draw(values), from: HourTable.at(at))
      at += random.draw(1...1_500)
    }
    return timeline
  }
}
