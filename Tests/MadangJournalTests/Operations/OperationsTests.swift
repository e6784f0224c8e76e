import MadangJournal
import MadangProgramme
import Testing

/// Usage from the agent to the sealed statement, by way of the tables.
struct OperationsTests {
  @Test func `usage is recorded once, sealed by the hour, and adds up to capacity`() throws {
    let metering = try Metering(TestFolder())
    try metering.observe(0..<7_200)
    let segment = Metering.segment(0..<5_400)
    #expect(try metering.record(segment) == [.accepted])
    #expect(try metering.record(segment, segment) == [.exists, .exists])
    let statements = try metering.seal(before: 7_200)
    #expect(statements.map(\.hour) == [Metering.first, Metering.first.next])
    #expect(statements.map(\.segments) == [1, 1])
    #expect(metering.month(.used) == 8 * 5_400)
    #expect(metering.month(.unallocated) == 64 * 7_200 - 8 * 5_400)
    #expect(metering.accounts.months.first?.capacity == GPUSeconds(64 * 7_200))
    #expect(try metering.seal(before: 7_200).isEmpty)
    try metering.operations.checkInvariants()
    _ = try metering.journal.ledger.verify()
    try metering.close()
  }

  @Test func `a job across a month is in each month with what lies in it`() throws {
    let metering = try Metering(TestFolder())
    let days = try #require(metering.journal.programme.charter?.days)
    let march = try #require(days.span(of: Month("2026-03")!)?.from)
    let turn = march.seconds - Metering.start.seconds
    try metering.observe(turn - 3_600..<turn + 3_600)
    // Agents cut at each hour; one that did not is cut by the hours all the same.
    func record(_ segment: UsageSegment) throws {
      let received = Metering.at(turn + 7_200)
      let results = try metering.operations.record(
        [segment], at: Metering.cluster, received: received)
      #expect(results == [.accepted])
    }
    try record(Metering.segment(turn - 1_800..<turn + 900))
    while try !metering.seal(before: turn + 3_600).isEmpty {}
    let months = metering.accounts.months
    #expect(months.map(\.month) == [Month("2026-02")!, Month("2026-03")!])
    #expect(months.map { $0[.used] } == [GPUSeconds(8 * 1_800), GPUSeconds(8 * 900)])
    for month in months {
      #expect(Account.allCases.reduce(0) { $0 + month[$1].count } == month.capacity.count)
    }
    let usage = metering.journal.programme.usage(of: AllocationID(1)).months
    #expect(usage.map(\.used) == [GPUSeconds(8 * 1_800), GPUSeconds(8 * 900)])
    // Late usage of the month before lands there.
    try record(Metering.segment(turn - 60..<turn, job: 2))
    while try !metering.seal(before: turn + 3_600).isEmpty {}
    #expect(
      metering.accounts.months.map { $0[.used] } == [GPUSeconds(8 * 1_860), GPUSeconds(8 * 900)])
    try metering.operations.checkInvariants()
    try metering.close()
  }

  @Test func `late usage of a sealed hour becomes a correction that names the statement`() throws {
    let metering = try Metering(TestFolder())
    try metering.observe(0..<3_600)
    try metering.record(Metering.segment(0..<1_800))
    try metering.seal(before: 3_600)
    try metering.record(
      Metering.segment(1_800..<3_600, number: 1), Metering.segment(0..<60, job: 2))
    let first = try #require(try metering.drafts(before: 3_600).first)
    #expect(first.statement.corrects == 0)
    #expect(first.statement.totals.capacity == .zero)
    try metering.seal(before: 3_600)
    #expect(metering.month(.used) == 8 * 3_660)
    #expect(metering.month(.unallocated) == 64 * 3_600 - 8 * 3_660)
    try metering.record(Metering.segment(0..<30, job: 3))
    #expect(try metering.seal(before: 3_600).first?.corrects == 1)
    #expect(metering.month(.used) == 8 * 3_690)
    #expect(metering.accounts.months.first?.corrections == 2)
    #expect(try metering.seal(before: 3_600).isEmpty)
    try metering.close()
  }

  @Test func `what is used of GPUs that another team lends is lent, and the rest is idle`() throws {
    let metering = try Metering(TestFolder())
    try metering.observe(0..<3_600, reserved: [(1, 16), (9, 8)])
    try metering.record(
      Metering.segment(0..<1_800), Metering.segment(0..<900, job: 2, allocation: 9, gpus: 6))
    try metering.seal(before: 3_600)
    #expect(metering.month(.used) == 8 * 1_800)
    #expect(metering.month(.lent) == 6 * 900)
    #expect(metering.month(.idle) == 24 * 3_600 - 8 * 1_800 - 6 * 900)
    #expect(metering.month(.unallocated) == 40 * 3_600)
    let usage = metering.journal.programme.usage(of: AllocationID(9)).months
    #expect(usage.map(\.lent) == [GPUSeconds(5_400)] && usage.map(\.used) == [.zero])
    #expect(usage.map(\.idle) == [GPUSeconds(23_400)])
    // Late usage of what is lent becomes a correction like any other.
    try metering.record(Metering.segment(900..<1_800, job: 2, number: 1, allocation: 9, gpus: 6))
    try metering.seal(before: 3_600)
    #expect(metering.month(.lent) == 6 * 1_800)
    try metering.operations.checkInvariants()
    try metering.close()
  }

  /// It stood in the team's name as delayed through no fault of its.
  @Test func `while a team is suspended its GPUs are nobody's, and nothing is delayed`() throws {
    let metering = try Metering(TestFolder())
    try metering.observe(0..<1_740, reserved: [(1, 16)])
    try metering.observe(1_800..<2_640, reserved: [(1, 16)], suspended: true)
    try metering.observe(2_700..<3_600, reserved: [(1, 16)])
    try metering.seal(before: 3_600)
    #expect(metering.month(.delayed) == 0)
    #expect(metering.month(.idle) == 16 * 2_700)
    #expect(metering.month(.unallocated) == 64 * 3_600 - 16 * 2_700)
    try metering.close()
  }

  /// What such a report left on the disk stopped the server at every start.
  @Test func `an hour closes though more GPUs were observed than there can be`() throws {
    let metering = try Metering(TestFolder())
    try metering.observe(0..<3_600, up: 10_000_000_000_000)
    try metering.seal(before: 3_600)
    #expect(metering.month(.unallocated) == 64 * 3_600)
    let most = (Limits.gpusMax - 64) * 3_600
    #expect(metering.accounts.months.first?.contradicted == GPUSeconds(most))
    try metering.observe(3_660..<7_200, up: 0, down: Limits.integerMax)
    try metering.seal(before: 7_200)
    #expect(metering.month(.down) == 64 * 3_540)
    try metering.close()
  }

  @Test func `sealed hours add up to the programme's months, before and after corrections`() throws
  {
    let metering = try Metering(TestFolder())
    func sums() throws -> [Int64] {
      let accounts = metering.accounts
      let span = Metering.start..<Metering.at(10 * 3_600)
      let hours = try metering.operations.sealedHours(of: ClusterID(1), accounts, in: span)
      return Account.allCases.map { account in
        hours.reduce(0) { $0 + $1.totals.accounts[account.index].count }
      }
    }
    func months() -> [Int64] { Account.allCases.map { metering.month($0) } }
    try metering.observe(0..<7_200)
    try metering.record(Metering.segment(0..<5_400))
    #expect(try sums().allSatisfy { $0 == 0 })
    // The journal has it, and nobody said so to the operations: a process ended in between.
    try metering.submit(try metering.drafts(before: 7_200))
    #expect(try sums() == months())
    #expect(metering.month(.used) == 8 * 5_400)
    try metering.seal(before: 7_200)
    try metering.record(Metering.segment(5_400..<7_200, number: 1))
    let correction = try metering.drafts(before: 7_200)
    #expect(try sums() == months())
    try metering.submit(correction)
    #expect(try sums() == months())
    #expect(metering.month(.used) == 8 * 7_200)
    try metering.close()
  }

  @Test func `a hold keeps budget, usage comes out of it, and the rest is free again`() throws {
    let metering = try Metering(TestFolder())
    let operations = metering.operations
    let allocation = AllocationID(1)
    let now = Metering.start
    let budget = GPUSeconds(100_000)
    #expect(try operations.grant(budget, to: allocation, event: 7, at: now) == .done)
    #expect(try operations.grant(budget, to: allocation, event: 7, at: now) == .exists)
    let key = EngineJob(high: 7, low: 1)
    let hold = Hold(
      key: key, allocation: allocation, amount: GPUSeconds(60_000), expires: Metering.at(9_000))
    let other = Hold(
      key: EngineJob(high: 7, low: 2), allocation: allocation, amount: GPUSeconds(50_000),
      expires: Metering.at(9_000))
    #expect(
      try operations.hold([hold, hold, other], at: now)
        == [.done, .exists, .beyondBudget(left: GPUSeconds(40_000))])
    try metering.record(Metering.segment(0..<3_600))
    #expect(try operations.balance(of: allocation)?.left == GPUSeconds(40_000))
    #expect(try operations.balance(of: allocation)?.used == GPUSeconds(28_800))
    try operations.checkInvariants()
    #expect(try operations.end([key], as: .posted, at: now) == [.done])
    #expect(try operations.end([key], as: .voided, at: now) == [.ended(.posted)])
    #expect(try operations.balance(of: allocation)?.left == GPUSeconds(71_200))
    try operations.checkInvariants()
    try metering.close()
  }

  @Test func `a segment taken back counts no more, also where its hour was sealed`() throws {
    let metering = try Metering(TestFolder())
    try metering.observe(0..<3_600)
    let wrong = Metering.segment(0..<600)
    try metering.record(wrong, Metering.segment(600..<1_200, number: 1))
    try metering.seal(before: 3_600)
    #expect(try metering.operations.cancel(wrong.key, at: Metering.at(4_000)) == .accepted)
    #expect(try metering.operations.cancel(wrong.key, at: Metering.at(4_000)) == .exists)
    let none = Metering.segment(0..<1, number: 7).key
    #expect(try metering.operations.cancel(none, at: Metering.at(1)) == .refused(.noSegment(7)))
    #expect(try metering.seal(before: 3_600).map(\.corrects) == [0])
    #expect(metering.month(.used) == 8 * 600)
    #expect(try metering.operations.balance(of: AllocationID(1))?.used == GPUSeconds(8 * 600))
    #expect(try metering.record(wrong) == [.exists])
    try metering.operations.checkInvariants()
    try metering.close()
  }

  @Test func `a segment with another content under its key is refused, naming the field`() throws {
    let metering = try Metering(TestFolder())
    try metering.record(Metering.segment(0..<60))
    let cases: [(UsageSegment, SegmentField)] = [
      (Metering.segment(0..<60, allocation: 2), .allocation),
      (Metering.segment(0..<60, allocation: nil), .allocation),
      (Metering.segment(0..<60, gpus: 4), .gpus), (Metering.segment(1..<60), .from),
      (Metering.segment(0..<61), .to),
    ]
    for (segment, field) in cases {
      #expect(try metering.record(segment) == [.refused(.differs(0, field))])
    }
    #expect(try metering.operations.balance(of: AllocationID(1))?.used == GPUSeconds(480))
    try metering.close()
  }

  /// Found by review: one centre's key filled the office's disk.
  @Test func `refused usage is kept whole up to a bound of its cluster, and counted beyond it`()
    throws
  {
    let test = try Metering(try TestFolder())
    let refused = (1...Operations.refusedMax - 1).map {
      Metering.segment(0..<60, job: UInt64($0), gpus: 999)
    }
    func record(_ segments: [UsageSegment]) throws -> [SegmentResult] {
      try test.operations.record(segments, at: Metering.cluster, received: Metering.at(60))
    }
    #expect(try record(refused).allSatisfy { $0 != .accepted })
    #expect(try test.operations.refusedBeyond(of: ClusterID(1)) == 0)
    let good = Metering.segment(0..<60, job: 1_000_000)
    let more = (0..<5).map { Metering.segment(0..<60, job: 2_000_000 + UInt64($0), gpus: 999) }
    // What is there already takes no room.
    let results = try record([refused[0]] + more.prefix(2) + [good] + more.suffix(3))
    #expect(results.count { $0 == .accepted } == 1 && results[3] == .accepted)
    #expect(try test.operations.refusedUsageCount(of: ClusterID(1)) == Operations.refusedMax)
    #expect(try test.operations.refusedBeyond(of: ClusterID(1)) == 4)
    _ = try record(Array(more.suffix(1)))
    #expect(try test.operations.refusedBeyond(of: ClusterID(1)) == 5)
    #expect(try test.operations.refusedBeyond(of: ClusterID(2)) == 0)
    try test.close()
  }
}
