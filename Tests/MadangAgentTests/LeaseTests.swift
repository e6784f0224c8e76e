import Foundation
import MadangProgramme
import Testing

/// Who a server listens to, told in lines: the second, the instance, what its report says, and
/// after `=` what came of it. What it says was read at that second, unless `read=` says another,
/// and it holds the segments that it names, unless `segments=` says how many.
struct LeaseTests {
  @Test func `the first instance gets the cluster, and goes on under its epoch`() {
    check(
      """
      0 a epoch=0 report=1 usage=0..3 = epoch 1 cursor 3
      5 a epoch=1 report=2 usage=3..3 = epoch 1 cursor 3
      9 a epoch=1 report=3 usage=3..9 = epoch 1 cursor 9
      """)
  }

  @Test func `a second instance is fenced off until the first was silent for a lease`() {
    check(
      """
      0 a epoch=0 report=1 usage=0..0 = epoch 1 cursor 0
      1 b epoch=0 report=1 usage=0..0 = held until 60
      59 b epoch=0 report=2 usage=0..0 = held until 60
      # The first speaks again: its lease begins anew.
      59 a epoch=1 report=2 usage=0..0 = epoch 1 cursor 0
      60 b epoch=0 report=3 usage=0..0 = held until 119
      119 b epoch=0 report=4 usage=0..0 = epoch 2 cursor 0
      120 a epoch=1 report=3 usage=0..0 = fenced by 2
      120 a epoch=2 report=3 usage=0..0 = fenced by 2
      120 a epoch=0 report=4 usage=0..0 = held until 179
      """)
  }

  @Test func `an epoch that is over is refused, whoever names it`() {
    check(
      """
      0 a epoch=0 report=1 usage=0..0 = epoch 1 cursor 0
      60 b epoch=0 report=1 usage=0..0 = epoch 2 cursor 0
      61 b epoch=1 report=2 usage=0..0 = fenced by 2
      61 b epoch=3 report=2 usage=0..0 = fenced by 2
      # Silent for ever so long, the first may come back only by asking anew.
      500 a epoch=1 report=2 usage=0..0 = fenced by 2
      500 a epoch=0 report=3 usage=0..0 = epoch 3 cursor 0
      """)
  }

  @Test func `a report that comes twice, or late, is taken once`() {
    check(
      """
      0 a epoch=0 report=1 usage=0..3 = epoch 1 cursor 3
      1 a epoch=0 report=1 usage=0..3 = older than 1
      2 a epoch=1 report=3 usage=3..5 = epoch 1 cursor 5
      3 a epoch=1 report=2 usage=3..4 = older than 3
      3 a epoch=1 report=3 usage=3..5 = older than 3
      # Its first answers were lost: it has no epoch yet, and sends all again.
      4 a epoch=0 report=4 usage=0..6 = epoch 1 cursor 6
      """)
  }

  @Test func `usage is never taken over with a part left out`() {
    check(
      """
      0 a epoch=0 report=1 usage=4..6 = usage from 0
      0 a epoch=0 report=2 usage=0..3 = epoch 1 cursor 3
      1 a epoch=1 report=3 usage=4..6 = usage from 3
      # Sent again from further back, it never takes the cursor back.
      1 a epoch=1 report=5 usage=0..2 = epoch 1 cursor 3
      """)
  }

  /// A meter that left one out was answered with the cursor after it, and lost it.
  @Test func `a stretch that its segments do not fill is refused`() {
    check(
      """
      0 a epoch=0 report=1 usage=0..1000 segments=0 = epoch 1 cursor 1000
      1 a epoch=1 report=2 usage=1000..1001 segments=0 = usage from 1000
      1 a epoch=1 report=2 usage=1000..1005 segments=4 = usage from 1000
      1 a epoch=1 report=2 usage=0..1005 segments=4 = usage from 1000
      1 a epoch=1 report=2 usage=1000..999 segments=0 = MDG-1701
      1 a epoch=1 report=2 usage=-4..0 = MDG-1701
      1 a epoch=1 report=2 usage=1000..1004 = epoch 1 cursor 1004
      # More than the stretch: some come again, and are counted once.
      1 a epoch=1 report=3 usage=1004..1006 segments=4 = epoch 1 cursor 1006
      # A start whose count is a new one, drawn: its first report says where it begins.
      100 b epoch=0 report=1 usage=0..1125899906842624 segments=3 = epoch 2 cursor 1125899906842624
      # So far, and no farther: a count that could not go on would be this key's for ever.
      200 c epoch=0 report=1 usage=0..9007199254740991 segments=0 = MDG-1701
      200 c epoch=0 report=1 usage=0..4503599627370496 segments=0 = MDG-1701
      200 c epoch=0 report=1 usage=0..4503599627370495 segments=0 = epoch 3 cursor 4503599627370495
      """)
  }

  @Test func `a refused report changes nothing, not even how long the lease lasts`() {
    check(
      """
      0 a epoch=0 report=1 usage=0..0 = epoch 1 cursor 0
      50 a epoch=1 report=1 usage=0..0 = older than 1
      50 a epoch=1 report=2 usage=9..9 = usage from 0
      60 b epoch=0 report=1 usage=9..9 = usage from 0
      # The second was no better, so the first still has it.
      61 a epoch=1 report=2 usage=0..0 = epoch 1 cursor 0
      """)
  }

  /// A report that was recorded on its way, sent again once the true agent was silent, fenced the
  /// true agent off.
  @Test func `an old report sent again takes nothing over`() {
    check(
      """
      0 a epoch=0 report=1 usage=0..0 = epoch 1 cursor 0
      60 b epoch=0 report=1 usage=0..0 = epoch 2 cursor 0
      70 b epoch=2 report=2 usage=0..0 = epoch 2 cursor 0
      # Nobody spoke for long, and somebody sends what the first said at the beginning.
      500 a epoch=0 report=1 usage=0..0 read=0 = stale before 70
      500 a epoch=0 report=9 usage=0..0 read=70 = stale before 70
      501 b epoch=2 report=3 usage=0..0 = epoch 2 cursor 0
      # The true agent, started anew, has read its engine anew.
      600 c epoch=0 report=1 usage=0..0 read=590 = epoch 3 cursor 0
      # A clock that is ahead keeps nobody out for longer than the server's own.
      610 c epoch=3 report=2 usage=0..0 read=99999 = epoch 3 cursor 0
      700 d epoch=0 report=1 usage=0..0 = epoch 4 cursor 0
      """)
  }

  /// The lease and the newest reading stayed ahead: nobody else could take over until the clock
  /// came to where it had been.
  @Test func `a clock that was put back keeps nobody out, and lets no old report in`() {
    check(
      """
      90000 a epoch=0 report=1 usage=0..0 = epoch 1 cursor 0
      # By minutes: clocks differ by that, so it is waited out.
      89800 b epoch=0 report=1 usage=0..0 = held until 90060
      # By a day: no lease is as long.
      3600 b epoch=0 report=1 usage=0..0 read=3000 = stale before 90000
      3600 b epoch=0 report=2 usage=0..0 = epoch 2 cursor 0
      3610 a epoch=1 report=2 usage=0..0 = fenced by 2
      # From then on all is by the clock as it is.
      3650 c epoch=0 report=1 usage=0..0 = held until 3660
      3660 c epoch=0 report=2 usage=0..0 read=3600 = stale before 3600
      3660 c epoch=0 report=3 usage=0..0 = epoch 3 cursor 0
      # Whoever has it goes on, and its lease is as long as any.
      60 c epoch=3 report=4 usage=0..0 = epoch 3 cursor 0
      100 d epoch=0 report=1 usage=0..0 = held until 120
      120 d epoch=0 report=2 usage=0..0 = epoch 4 cursor 0
      """)
  }

  @Test func `where the server runs the agent itself, a new start does not wait`() {
    check(
      """
      0 a epoch=0 report=1 usage=0..2 = epoch 1 cursor 2
      1 b epoch=0 report=1 usage=2..2 alone = epoch 2 cursor 2
      2 a epoch=1 report=2 usage=2..2 alone = fenced by 2
      """)
  }

  @Test func `the server's version and the one before are answered, no other`() {
    check(
      """
      0 a epoch=0 report=1 usage=0..0 version=2 = version 2
      0 a epoch=0 report=1 usage=0..0 version=0 = version 0
      0 a epoch=0 report=1 usage=0..0 version=-1 = version -1
      0 a epoch=0 report=1 usage=0..0 version=1 = epoch 1 cursor 0
      """)
    let answered = (0...5).map { version in
      [1, 2, 3].map { AgentProtocol.accepts(Int64(version), speaking: $0) }
    }
    #expect(
      answered == [
        [false, false, false], [true, true, false], [false, true, true], [false, false, true],
        [false, false, false], [false, false, false],
      ])
  }

  @Test func `a report with more than may be in one is refused`() throws {
    var lease = AgentLease()
    let much = Array(repeating: Made.segment(1), count: AgentProtocol.segmentsMax + 1)
    #expect(throws: AgentRefusal.tooMuch) {
      try lease.take(Made.report(segments: much), at: Instant(0))
    }
    let many = Array(repeating: AllocationID(1), count: AgentProtocol.proposalsMax + 1)
    #expect(throws: AgentRefusal.tooMuch) {
      try lease.take(Made.report(proposals: many), at: Instant(0))
    }
    #expect(lease == AgentLease())
  }

  @Test func `a report comes out of its bytes as it went in`() throws {
    let report = Made.report(segments: [Made.segment(1)], proposals: [AllocationID(3)])
    let bytes = CanonicalWriter.bytes(of: report)
    #expect(try CanonicalReader.value(AgentReport.self, from: bytes) == report)
    for count in 0..<bytes.count {
      #expect(throws: Malformed.self) {
        try CanonicalReader.value(AgentReport.self, from: Array(bytes.prefix(count)))
      }
    }
  }

  private static func segments(_ count: Int64?, _ usage: [Int64]) -> [UsageSegment] {
    (0..<Int32(max(0, count ?? usage[1] - usage[0]))).map { Made.segment($0) }
  }

  private func check(
    _ script: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var lease = AgentLease()
    for line in script.split(separator: "\n") where !line.hasPrefix("#") {
      let halves = line.components(separatedBy: " = ")
      let words = halves[0].split(separator: " ").map(String.init)
      var options: [String: String] = [:]
      for word in words where word.contains("=") {
        let parts = word.split(separator: "=").map(String.init)
        options[parts[0]] = parts[1]
      }
      let usage = (options["usage"] ?? "0..0").components(separatedBy: "..").map { Int64($0) ?? 0 }
      let report = Made.report(
        version: Int64(options["version"] ?? "1") ?? 0, instance: Made.instance(words[1]),
        epoch: Int64(options["epoch"] ?? "0") ?? 0,
        sequence: Int64(options["report"] ?? "1") ?? 0, cursor: usage[0], next: usage[1],
        segments: LeaseTests.segments(options["segments"].flatMap { Int64($0) }, usage),
        read: Int64(options["read"] ?? words[0]) ?? 0)
      let before = lease
      let said: String
      do throws(AgentRefusal) {
        try lease.take(report, at: Instant(Int64(words[0]) ?? 0), alone: words.contains("alone"))
        said = "epoch \(lease.epoch) cursor \(lease.cursor)"
        #expect(lease.epoch >= before.epoch && lease.cursor >= before.cursor)
      } catch {
        said = Made.said(error)
        #expect(lease == before, "\(line)", sourceLocation: sourceLocation)
      }
      #expect(said == halves[1], "\(line)", sourceLocation: sourceLocation)
    }
  }
}
