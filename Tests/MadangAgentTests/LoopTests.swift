import Foundation
import MadangAgent
import MadangEngines
import MadangProgramme
import Testing

/// What an agent does next, told in lines: what came of the last action, and after `=` the next.
///
/// ```
/// found 7 1:16 = usage after 0        usage 3 next=3 = send epoch 0 report 1 usage 0..3
/// reply epoch=1 cursor=3 7 1:16 = apply 7      lost = wait 2      at 60 waited = observe
/// ```
struct LoopTests {
  @Test func `a round looks, meters, reports, and applies what is otherwise`() {
    check(
      """
      found - = usage after 0
      usage 2 next=2 = send epoch 0 report 1 usage 0..2
      reply epoch=1 cursor=2 7 1:16 = apply 7
      # Whatever the engine said: it is read back, and the server hears what was read.
      applied = observe
      found 7 1:16 = usage after 2
      usage 0 next=2 = send epoch 1 report 2 usage 2..2
      reply epoch=1 cursor=2 7 1:16 = wait 5
      at 5 waited = observe
      found 7 1:16 = usage after 2
      usage 0 next=2 = send epoch 1 report 3 usage 2..2
      reply epoch=1 cursor=2 7 1:16 = wait 10
      """)
  }

  @Test func `an engine that lies about applying is asked again in the next round, not at once`() {
    check(
      """
      found - = usage after 0
      usage 0 next=0 = send epoch 0 report 1 usage 0..0
      reply epoch=1 cursor=0 7 1:16 = apply 7
      applied = observe
      found - = usage after 0
      usage 0 next=0 = send epoch 1 report 2 usage 0..0
      reply epoch=1 cursor=0 7 1:16 = wait 5
      at 5 waited = observe
      found - = usage after 0
      usage 0 next=0 = send epoch 1 report 3 usage 0..0
      reply epoch=1 cursor=0 7 1:16 = apply 7
      """)
  }

  @Test func `a term that moved under the same generation is applied, once`() throws {
    var loop = AgentLoop(
      cluster: ClusterID(1), instance: EngineJob(high: 1, low: 1), mode: .apply)
    func desired(_ from: Int64) -> DesiredState {
      DesiredState(
        cluster: ClusterID(1), generation: 7,
        allocations: [
          DesiredAllocation(
            allocation: AllocationID(1), limit: .reserved(gpus: 16), suspended: false,
            from: Instant(from), to: Instant(4_000_000_000))
        ])
    }
    func reply(_ from: Int64) -> AgentLoop.Result {
      .replied(
        AgentReply(
          epoch: 1, leaseSeconds: 60, cursor: 0, desired: desired(from),
          digest: Digest(0, 0, 0, 0)))
    }
    let held = ObservedState(
      cluster: ClusterID(1), generation: 7, at: Instant(0),
      allocations: [
        ObservedAllocation(
          allocation: AllocationID(1), limit: .reserved(gpus: 16), suspended: false, readyGPUs: 16)
      ], devices: DeviceCounts(up: 32))
    _ = loop.next(after: .observed(held), at: Instant(0))
    #expect(loop.next(after: reply(100), at: Instant(0)) == .wait(until: Instant(5)))
    _ = loop.next(after: .observed(held), at: Instant(5))
    #expect(loop.next(after: reply(50), at: Instant(5)) == .apply(desired(50)))
    // Not done: it is asked again.
    #expect(
      loop.next(after: .failed(.unreachable(reason: "away")), at: Instant(5))
        == .wait(until: Instant(7)))
    _ = loop.next(after: .observed(held), at: Instant(7))
    #expect(loop.next(after: reply(50), at: Instant(7)) == .apply(desired(50)))
    #expect(loop.next(after: .applied, at: Instant(7)) == .observe)
    _ = loop.next(after: .observed(held), at: Instant(7))
    #expect(loop.next(after: reply(50), at: Instant(7)) == .wait(until: Instant(12)))
  }

  @Test func `what drifted at the engine is applied again`() {
    for drifted in ["7", "7 1:8", "7 1:16!", "7 1:b5", "7 1:16 2:8", "6 1:16", "8 1:16"] {
      check(
        """
        found \(drifted) = usage after 0
        usage 0 next=0 = send epoch 0 report 1 usage 0..0
        reply epoch=1 cursor=0 7 1:16 = apply 7
        """)
    }
  }

  @Test func `an agent that only observes or proposes never changes anything`() {
    check(
      """
      mode observe
      found 7 2:8 = usage after 0
      usage 0 next=0 = send epoch 0 report 1 usage 0..0
      reply epoch=1 cursor=0 7 1:16 = wait 5
      mode propose
      at 5 waited = observe
      found 7 2:8 = usage after 0
      usage 0 next=0 = send epoch 1 report 2 usage 0..0 proposes 1 2
      reply epoch=1 cursor=0 7 1:16 = wait 10
      mode apply
      at 10 waited = observe
      found 7 2:8 = usage after 0
      usage 0 next=0 = send epoch 1 report 3 usage 0..0
      reply epoch=1 cursor=0 7 1:16 = apply 7
      """)
  }

  @Test func `a server that is not reached is tried again, each time later, up to a minute`() {
    check(
      """
      found - = usage after 0
      usage 1 next=1 = send epoch 0 report 1 usage 0..1
      lost = wait 2
      at 2 waited = observe
      failed = wait 6
      at 6 waited = observe
      failed = wait 14
      at 14 waited = observe
      failed = wait 30
      at 30 waited = observe
      failed = wait 62
      at 62 waited = observe
      failed = wait 122
      at 122 waited = observe
      # What was metered is offered again, from where it was taken over.
      found - = usage after 0
      usage 1 next=1 = send epoch 0 report 2 usage 0..1
      reply epoch=1 cursor=1 7 = apply 7
      """)
  }

  /// Found by review: an hour of silence, until the clock had caught up.
  @Test func `a wait that a clock told which has been put back since is over`() {
    let at = Instant(10_000)
    #expect(AgentLoop.isDue(at, at: at) && AgentLoop.isDue(Instant(0), at: at))
    for seconds: Int64 in [1, AgentLoop.periodSeconds, AgentLoop.waitSecondsMax] {
      #expect(!AgentLoop.isDue(Instant(at.seconds + seconds), at: at))
    }
    for seconds in [AgentLoop.waitSecondsMax + 1, 3_600, 31_536_000] {
      #expect(AgentLoop.isDue(Instant(at.seconds + seconds), at: at))
    }
  }

  @Test func `usage that the server has not got is sent again from where it stands`() {
    check(
      """
      found - = usage after 0
      usage 3 next=3 = send epoch 0 report 1 usage 0..3
      reply epoch=1 cursor=3 0 = apply 0
      applied = observe
      found 0 = usage after 3
      usage 2 next=5 = send epoch 1 report 2 usage 3..5
      refused usage 1 = observe
      found 0 = usage after 1
      usage 4 next=5 = send epoch 1 report 3 usage 1..5
      reply epoch=1 cursor=5 0 = wait 5
      """)
  }

  @Test func `an answer that another overtook does not take the engine back`() {
    check(
      """
      found - = usage after 0
      usage 0 next=0 = send epoch 0 report 1 usage 0..0
      reply epoch=1 cursor=0 9 1:8 = apply 9
      applied = observe
      found 9 1:8 = usage after 0
      usage 0 next=0 = send epoch 1 report 2 usage 0..0
      reply epoch=1 cursor=0 7 1:16 = wait 5
      """)
  }

  @Test func `its own older report in the way is stepped over`() {
    check(
      """
      found - = usage after 0
      usage 0 next=0 = send epoch 0 report 1 usage 0..0
      refused older 8 = observe
      found - = usage after 0
      usage 0 next=0 = send epoch 0 report 9 usage 0..0
      """)
  }

  /// Found by review: a reply of the office's ended the agent of a centre.
  @Test func `a fact that cannot be, or that nobody can count on from, is none`() throws {
    let beyond = Limits.integerMax + 1
    for code in ["MDG-1708", "MDG-1714", "MDG-1715"] {
      for second in [beyond, -beyond, Int64.max, Int64.min] {
        #expect(AgentRefusal(code: code) { _ in second } == nil, "\(code) \(second)")
      }
      #expect(AgentRefusal(code: code) { _ in Limits.integerMax } != nil)
    }
    for code in ["MDG-1709", "MDG-1710", "MDG-1711"] {
      for count in [-1, AgentProtocol.countMax + 1, Limits.integerMax, Int64.max] {
        #expect(AgentRefusal(code: code) { _ in count } == nil, "\(code) \(count)")
      }
      #expect(AgentRefusal(code: code) { _ in AgentProtocol.countMax } != nil)
    }
    // What is told at most is counted on from, and written.
    var loop = AgentLoop(cluster: Made.cluster, instance: Made.instance("a"), mode: .apply)
    _ = loop.next(after: .refused(.olderReport(sequence: AgentProtocol.countMax)), at: Instant(0))
    _ = loop.next(after: .observed(Made.observed("-")), at: Instant(0))
    let action = loop.next(
      after: .usage(UsageBatch(segments: [], next: .start)), at: Instant(0))
    guard case .send(let report) = action else {
      Issue.record("\(action)")
      return
    }
    #expect(report.sequence == AgentProtocol.countMax + 1)
    #expect(!CanonicalWriter.bytes(of: report).isEmpty)
  }

  @Test func `a reply that counts beyond what can be counted on from cannot be read`() throws {
    let good = Made.reply(epoch: AgentProtocol.countMax, cursor: AgentProtocol.countMax, "7 1:16")
    #expect(
      try CanonicalReader.value(AgentReply.self, from: CanonicalWriter.bytes(of: good)) == good)
    for (epoch, cursor) in [(1, Limits.integerMax), (Limits.integerMax, 1), (-1, 0), (0, -1)] {
      let bytes = CanonicalWriter.bytes(of: Made.reply(epoch: epoch, cursor: cursor, "7 1:16"))
      #expect(throws: Malformed.self) {
        try CanonicalReader.value(AgentReply.self, from: bytes)
      }
    }
  }

  /// Whoever answered decided how fast an agent asked, and whether it ever waited.
  @Test func `an office that always says something else is heard a few times, and then waits`() {
    check(
      """
      found - = usage after 0
      usage 0 next=0 = send epoch 0 report 1 usage 0..0
      reply epoch=1 cursor=0 7 1:16 = apply 7
      applied = observe
      found 7 1:16 = usage after 0
      usage 0 next=0 = send epoch 1 report 2 usage 0..0
      reply epoch=1 cursor=0 8 1:8 = apply 8
      applied = observe
      found 8 1:8 = usage after 0
      usage 0 next=0 = send epoch 1 report 3 usage 0..0
      reply epoch=1 cursor=0 9 1:16 = apply 9
      applied = observe
      found 9 1:16 = usage after 0
      usage 0 next=0 = send epoch 1 report 4 usage 0..0
      reply epoch=1 cursor=0 10 1:8 = apply 10
      applied = observe
      found 10 1:8 = usage after 0
      usage 0 next=0 = send epoch 1 report 5 usage 0..0
      reply epoch=1 cursor=0 11 1:16 = wait 5
      at 5 waited = observe
      found 10 1:8 = usage after 0
      usage 0 next=0 = send epoch 1 report 6 usage 0..0
      reply epoch=1 cursor=0 11 1:16 = apply 11
      """)
  }

  @Test func `an office that always refuses is asked later each time`() {
    for refusal in ["older 90", "usage 0"] {
      var loop = AgentLoop(cluster: Made.cluster, instance: Made.instance("a"), mode: .apply)
      var clock = Instant(0)
      var (asked, waits): (Int, [Int64]) = (0, [])
      var action = loop.first
      while waits.count < 5 {
        switch action {
        case .observe: action = loop.next(after: LoopTests.result(["found", "-"]), at: clock)
        case .readUsage:
          action = loop.next(after: LoopTests.result(["usage", "0", "next=0"]), at: clock)
        case .send(let report):
          asked += 1
          let taken = refusal == "usage 0" ? "usage 0" : "older \(report.sequence)"
          let words = "refused \(taken)".split(separator: " ").map(String.init)
          action = loop.next(after: LoopTests.result(words), at: clock)
        case .wait(let until):
          waits.append(until.seconds - clock.seconds)
          clock = until
          action = loop.next(after: .waited, at: clock)
        case .apply:
          Issue.record("nothing was desired")
          return
        }
      }
      #expect(waits == [2, 4, 8, 16, 32])
      #expect(asked == 5 * (AgentLoop.hurriesMax + 1))
    }
  }

  /// From the largest number no next one can be written, and the agent ended at each start.
  @Test func `what an answer says and cannot be is not gone by`() {
    let largest = Limits.integerMax
    check(
      """
      found - = usage after 0
      usage 3 next=3 = send epoch 0 report 1 usage 0..3
      refused older \(largest) = wait 2
      at 2 waited = observe
      found - = usage after 0
      usage 3 next=3 = send epoch 0 report 2 usage 0..3
      refused older 1 = wait 6
      at 6 waited = observe
      found - = usage after 0
      usage 3 next=3 = send epoch 0 report 3 usage 0..3
      refused usage \(largest) = wait 14
      at 14 waited = observe
      found - = usage after 0
      usage 3 next=3 = send epoch 0 report 4 usage 0..3
      refused usage -1 = wait 30
      at 30 waited = observe
      found - = usage after 0
      usage 3 next=3 = send epoch 0 report 5 usage 0..3
      reply epoch=1 cursor=\(largest) 7 1:16 = wait 62
      at 62 waited = observe
      found - = usage after 0
      usage 3 next=3 = send epoch 0 report 6 usage 0..3
      reply epoch=1 cursor=3 7 1:16 = apply 7
      """)
  }

  /// Found by the simulation: it named its old epoch for ever, and nobody had the cluster once the
  /// one that took over was gone.
  @Test func `an agent that was fenced off asks anew, and forgets what it was told before`() {
    check(
      """
      found - = usage after 0
      usage 0 next=0 = send epoch 0 report 1 usage 0..0
      reply epoch=1 cursor=0 9 1:8 = apply 9
      failed = wait 2
      at 2 waited = observe
      found - = usage after 0
      usage 0 next=0 = send epoch 1 report 2 usage 0..0
      refused fenced 2 = wait 6
      at 6 waited = observe
      found 9 1:8 = usage after 0
      usage 0 next=0 = send epoch 0 report 3 usage 0..0
      refused held 60 = wait 14
      at 14 waited = observe
      found 9 1:8 = usage after 0
      usage 0 next=0 = send epoch 0 report 4 usage 0..0
      reply epoch=3 cursor=0 9 1:8 = wait 19
      """)
  }

  @Test func `a full report is followed by the next at once`() {
    let full = AgentProtocol.segmentsMax
    check(
      """
      found 7 1:16 = usage after 0
      usage \(full) next=\(full) = send epoch 0 report 1 usage 0..\(full)
      reply epoch=1 cursor=\(full) 7 1:16 = observe
      found 7 1:16 = usage after \(full)
      usage 1 next=\(full + 1) = send epoch 1 report 2 usage \(full)..\(full + 1)
      reply epoch=1 cursor=\(full + 1) 7 1:16 = wait 5
      """)
  }

  @Test func `differences are found in one walk, whatever is missing or beside`() {
    check(
      """
      mode propose
      found 7 1:8 3:8 4:8 9:8 = usage after 0
      usage 0 next=0 = send epoch 0 report 1 usage 0..0
      reply epoch=1 cursor=0 7 2:8 3:8 4:9 5:8 = wait 5
      at 5 waited = observe
      found 7 1:8 3:8 4:8 9:8 = usage after 0
      usage 0 next=0 = send epoch 1 report 2 usage 0..0 proposes 1 2 4 5 9
      """)
  }

  // MARK: -

  private func check(
    _ script: String, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    var loop = AgentLoop(cluster: Made.cluster, instance: Made.instance("a"), mode: .apply)
    var clock = Instant(0)
    #expect(loop.first == .observe)
    for line in script.split(separator: "\n") where !line.hasPrefix("#") {
      let halves = line.components(separatedBy: " = ")
      var words = halves[0].split(separator: " ").map(String.init)
      if words[0] == "mode" {
        loop.allow(AgentMode(rawValue: words[1]) ?? .observe)
        continue
      }
      if words[0] == "at" {
        clock = Instant(Int64(words[1]) ?? 0)
        words.removeFirst(2)
      }
      let said = LoopTests.said(loop.next(after: LoopTests.result(words), at: clock))
      #expect(said == halves[1], "\(line)", sourceLocation: sourceLocation)
    }
  }

  private static func result(_ words: [String]) -> AgentLoop.Result {
    func number(_ key: String) -> Int64 {
      words.first { $0.hasPrefix("\(key)=") }.flatMap { Int64($0.dropFirst(key.count + 1)) } ?? 0
    }
    let plain = words.dropFirst().filter { !$0.contains("=") }
    switch words[0] {
    case "found": return .observed(Made.observed(plain.joined(separator: " ")))
    case "usage":
      let count = Int32(plain.first ?? "") ?? 0
      return .usage(
        UsageBatch(
          segments: (0..<count).map { Made.segment($0) }, next: UsageCursor(number("next"))))
    case "reply":
      return .replied(
        Made.reply(
          epoch: number("epoch"), cursor: number("cursor"), plain.joined(separator: " ")))
    case "refused":
      let value = Int64(plain.last ?? "") ?? 0
      switch plain.first {
      case "usage": return .refused(.usageMissing(cursor: value))
      case "older": return .refused(.olderReport(sequence: value))
      case "fenced": return .refused(.fenced(epoch: value))
      default: return .refused(.leaseHeld(until: Instant(value)))
      }
    case "applied": return .applied
    case "failed": return .failed(.unreachable(reason: "away"))
    case "lost": return .unheard
    default: return .waited
    }
  }

  private static func said(_ action: AgentLoop.Action) -> String {
    switch action {
    case .observe: return "observe"
    case .readUsage(let cursor, _): return "usage after \(cursor.position)"
    case .apply(let desired): return "apply \(desired.generation)"
    case .wait(let until): return "wait \(until.seconds)"
    case .send(let report):
      let proposals = report.proposals.map { " \($0.number)" }.joined()
      return "send epoch \(report.epoch) report \(report.sequence) "
        + "usage \(report.cursor)..\(report.next)"
        + (proposals.isEmpty ? "" : " proposes\(proposals)")
    }
  }
}
