import Foundation
import MadangJournal
import MadangProgramme
import Testing

@testable import MadangServer

/// What the office's process does by itself, round by round, over a journal on the disk.
struct YardTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "madang-yard-\(UUID().uuidString)")

  /// A command just after midnight made it today, so that nothing lapsed or ended in that day.
  @Test func `the day that began is passed by the next round, whatever was received before it`()
    throws
  {
    let journal = try Journal(folder: folder.path)
    let operations = try Operations(folder: folder.path)
    try give([(.found(Office.charter), Office.start)], journal)
    let yard = try Yard(journal: journal, operations: operations)
    for day in 1...3 as ClosedRange<Int64> {
      let organisation = Organisation(
        form: .university, region: Office.slug("here"), synthetic: true)
      let early = Instant(Office.at(days: day).seconds + 2)
      try give([(.registerOrganisation(organisation), early)], journal)
      _ = try yard.round()
      #expect(journal.programme.advancedTo >= early, "day \(day)")
      let count = journal.programme.eventCount
      _ = try yard.round()
      #expect(journal.programme.eventCount == count, "once a day")
    }
    try operations.close()
    try journal.close()
    try FileManager.default.removeItem(at: folder)
  }

  @Test func `a correction that cannot be holds up no other hour`() throws {
    let journal = try Journal(folder: folder.path)
    let operations = try Operations(folder: folder.path)
    let told = try Office().log
    try give(told.map { ($0.command, $0.received) }, by: told.map(\.by), journal)
    let first = Office.at(days: 59)
    let hour = Hour(of: first)
    let yard = try Yard(journal: journal, operations: operations)
    let segment = UsageSegment(
      key: UsageKey(cluster: Office.cluster, job: EngineJob(high: 1, low: 1), number: 0),
      allocation: Office.allocation, model: Office.model, gpus: 8, from: first,
      to: Instant(first.seconds + 3_600))
    func pass(to end: Hour) throws {
      for at in stride(from: yard.now.seconds, through: end.end.seconds, by: 600)
      where at >= first.seconds {
        _ = try operations.observe(
          ObservedState(
            cluster: Office.cluster, generation: nil, at: Instant(at), allocations: [],
            devices: DeviceCounts(up: 32)),
          desired: DesiredState(cluster: Office.cluster, generation: 0, allocations: []),
          silenceSeconds: 900)
      }
      let later = Instant(end.end.seconds + 300)
      try give([(.advance(later), later)], journal)
      _ = try yard.round()
    }
    try give([(.advance(first), first)], journal)
    let metered = try #require(journal.programme.metered(Office.cluster))
    #expect(try operations.record([segment], at: metered, received: segment.to) == [.accepted])
    let count = journal.programme.eventCount
    try pass(to: hour.next)
    func accounts() -> ClusterAccounts { journal.programme.accounts(of: Office.cluster) }
    #expect(accounts().lastSealed == hour.next)
    #expect(journal.programme.usage(of: Office.allocation).months.first?.used.count == 8 * 3_600)

    _ = try journal.erase(openingsOf: count..<journal.programme.eventCount)
    #expect(accounts().months.first?.erased == 2)
    #expect(try operations.cancel(segment.key, at: yard.now) == .accepted)
    try pass(to: hour.next.next)
    // Nobody can take from a team what is not known to be its.
    #expect(accounts().months.first?.corrections == 0)
    #expect(accounts().lastSealed == hour.next.next)
    try operations.close()
    try journal.close()
    try FileManager.default.removeItem(at: folder)
  }

  private func give(
    _ commands: [(Command, Instant)], by: [PersonID] = [], _ journal: Journal
  ) throws {
    for (index, (command, at)) in commands.enumerated() {
      let person = index < by.count ? by[index] : Office.clerk
      let envelope = Envelope(by: person, received: at, command: command)
      let reply = try journal.submit([MadangJournal.Request(envelope)]).first
      guard case .accepted = reply else {
        Issue.record("\(command): \(String(describing: reply))")
        continue
      }
    }
  }
}
