import MadangJournal
import MadangProgramme
import MadangSimulator
import Testing

/// The same usage, however it arrives: in any order, twice, late, in batches of any size.
struct UsageProperties {
  @Test func `usage in any order, duplicated and late comes to the same totals`() throws {
    print("SEED=\(StormTests.seed)")
    for round in 0..<6 {
      var random = SeededGenerator(seed: StormTests.seed).child("usage", round)
      let segments = UsageProperties.segments(&random)
      let inOrder = try Metering(TestFolder())
      try inOrder.observe(0..<8 * 3_600)
      _ = try inOrder.operations.record(
        segments, at: Metering.cluster, received: Metering.at(100 * 3_600))
      try inOrder.seal(before: 8 * 3_600)

      let shuffled = try Metering(TestFolder())
      try shuffled.observe(0..<8 * 3_600)
      try send(segments, to: shuffled, &random)
      let (a, b) = (inOrder.accounts.months, shuffled.accounts.months)
      #expect(a.map(\.seconds) == b.map(\.seconds), "SEED=\(StormTests.seed)")
      #expect(a.map(\.contradicted) == b.map(\.contradicted), "SEED=\(StormTests.seed)")
      for number in 1...9 {
        let allocation = AllocationID(number)
        #expect(
          inOrder.journal.programme.usage(of: allocation)
            == shuffled.journal.programme.usage(of: allocation), "SEED=\(StormTests.seed)")
        #expect(
          try inOrder.operations.balance(of: allocation)
            == shuffled.operations.balance(of: allocation), "SEED=\(StormTests.seed)")
      }
      try shuffled.operations.checkInvariants()
      try inOrder.close()
      try shuffled.close()
    }
  }

  /// Sends everything once, some of it twice, sealing what there is now and then.
  private func send(
    _ segments: [UsageSegment], to metering: Metering, _ random: inout SeededGenerator
  ) throws {
    var waiting = segments + segments.filter { _ in random.draw(1...4) == 1 }
    waiting.shuffle(using: &random)
    while !waiting.isEmpty {
      let batch = Array(waiting.prefix(random.draw(1...20)))
      waiting.removeFirst(batch.count)
      let results = try metering.operations.record(
        batch, at: Metering.cluster, received: Metering.at(100 * 3_600))
      #expect(results.allSatisfy { $0 == .accepted || $0 == .exists })
      if random.draw(1...5) == 1 {
        try metering.seal(before: Int64(random.draw(0...8)) * 3_600)
      }
    }
    try metering.seal(before: 8 * 3_600)
    // What came after an hour was sealed is in the corrections of the second call at the latest.
    try metering.seal(before: 8 * 3_600)
    #expect(try metering.seal(before: 8 * 3_600).isEmpty)
  }

  /// Jobs whose segments tile, across hours.
  private static func segments(_ random: inout SeededGenerator) -> [UsageSegment] {
    var segments: [UsageSegment] = []
    for job in 1...UInt64(random.draw(3...12)) {
      var at = Int64(random.draw(0...3_600 * 6))
      for number in 0..<Int32(random.draw(1...8)) {
        let to = min(at + Int64(random.draw(1...5_000)), 8 * 3_600)
        guard at < to else { break }
        segments.append(
          Metering.segment(
            at..<to, job: job, number: number, allocation: Int(job % 4) == 0 ? nil : Int(job % 4),
            gpus: Int32(1 + job % 9)))
        at = to
      }
    }
    return segments
  }
}
