import Foundation
import MadangControl
import MadangJournal
import MadangProgramme
import Testing

@testable import MadangServer

/// Usage that the office does not take now: nothing of it may be lost.
struct RefusedUsageTests {
  private static let agent = AgentID(1)

  /// A desk over an office's journal, with one agent enrolled.
  private func desk(_ office: LocalOffice) throws -> Desk {
    let desk = Desk(office.journal, office.operations)
    _ = try desk.enrol(
      LocalOffice.cluster, algorithm: Office.slug("ed25519"), key: Office.text("aa01"),
      at: LocalOffice.begins)
    return desk
  }

  private func segment(_ number: Int32, endsAt: Int64, allocation: Int? = nil) -> UsageSegment {
    UsageSegment(
      key: UsageKey(
        cluster: LocalOffice.cluster, job: EngineJob(high: 1, low: UInt64(number)), number: number),
      allocation: allocation.map { AllocationID($0) }, model: Office.model, gpus: 8,
      from: Instant(endsAt - 60), to: Instant(endsAt))
  }

  private func report(_ sequence: Int64, _ segments: [UsageSegment], at: Instant) -> AgentReport {
    AgentReport(
      cluster: LocalOffice.cluster, instance: EngineJob(high: 0, low: 7), epoch: 0,
      sequence: sequence, mode: .observe,
      observed: ObservedState(
        cluster: LocalOffice.cluster, generation: nil, at: at, allocations: [],
        devices: DeviceCounts(up: 8)),
      cursor: 0, next: Int64(segments.count), segments: segments, proposals: [])
  }

  /// It was refused, the cursor passed it, and it never came again.
  @Test func `usage of a clock that is minutes ahead comes again, and is taken then`() throws {
    let office = try LocalOffice(exercise: false)
    let desk = try desk(office)
    let at = LocalOffice.begins
    let ahead = [
      segment(0, endsAt: at.seconds), segment(1, endsAt: at.seconds + 360),
    ]
    let refused = desk.exchange(report(1, ahead, at: at), from: RefusedUsageTests.agent, at: at)
    #expect(refused == .failure(.programme(.usage(.inTheFuture(seconds: 360)))))
    #expect(try office.operations.lease(of: RefusedUsageTests.agent).cursor == 0)
    let later = Instant(at.seconds + 120)
    let taken = desk.exchange(report(1, ahead, at: later), from: RefusedUsageTests.agent, at: later)
    #expect(try taken.get().cursor == 2)
    let metered = try #require(office.journal.programme.metered(LocalOffice.cluster))
    #expect(
      try office.operations.record(ahead, at: metered, received: later) == [.exists, .exists])
  }

  @Test func `usage that is refused for good is kept whole, once, and holds up nothing`() throws {
    let office = try LocalOffice(exercise: false)
    let desk = try desk(office)
    let at = LocalOffice.begins
    // Of a clock that was a year ahead when its job began, and of an allocation that is not known.
    let far = segment(0, endsAt: at.seconds + 31_536_000)
    let unknown = segment(1, endsAt: at.seconds, allocation: 77)
    let good = segment(2, endsAt: at.seconds)
    for sequence in 1...2 as ClosedRange<Int64> {
      let taken = desk.exchange(
        report(sequence, [far, unknown, good], at: at), from: RefusedUsageTests.agent, at: at)
      #expect(try taken.get().cursor == 3)
    }
    let kept = try office.operations.refusedUsage(of: LocalOffice.cluster, in: 0..<10)
    #expect(kept.map(\.segment) == [far, unknown])
    #expect(kept.map(\.code) == ["MDG-1508", "MDG-1509"])
    #expect(kept.allSatisfy { $0.received == at })
    let reason = UsageRefusal.unknownAllocation(AllocationID(77))
    #expect(kept[1].reason?[.en] == reason.what(.en) && kept[1].reason?[.ko] == reason.what(.ko))
    #expect(try office.operations.refusedUsageCount(of: LocalOffice.cluster) == 2)
    #expect(
      try office.operations.refusedUsage(of: LocalOffice.cluster, in: 1..<2) == [kept[1]])
    let metered = try #require(office.journal.programme.metered(LocalOffice.cluster))
    #expect(try office.operations.record([good], at: metered, received: at) == [.exists])
  }
}
