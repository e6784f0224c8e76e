import MadangJournal
import MadangPages
import MadangProgramme
import MadangViews

/// What pages show beside the programme: what was read back, heads, events.
extension Counter {
  /// The machine's clock, by which sessions end whatever day an exercise is played at.
  var machine: Instant { YardClock.machine }

  func observed() throws -> [CentreFacts] {
    try programme.clusters.ids.compactMap { id in
      try operations.observed(id).map { CentreFacts($0) }
    }
  }

  private static let headsMax: Int64 = 100

  /// The newest ones, oldest first, and how many there are in all.
  func heads() throws -> (newest: [HeadFacts], count: Int64) {
    let count = try journal.ledger.headCount()
    let newest = try journal.ledger.heads(in: max(0, count - Counter.headsMax)..<count)
    return (
      newest.map { head in
        HeadFacts(
          size: head.size, root: head.root.hex, at: head.at, algorithm: head.signature.algorithm,
          key: head.key, signature: Reading.hex(head.signature.bytes))
      }, count
    )
  }

  func event(_ number: Int64, for caller: Caller) throws -> EventFacts {
    guard (0..<programme.eventCount).contains(number) else { throw HTTPRefusal.nothingThere }
    let opened = try opened(number, caller).map { opening in
      (field: opening.field, value: String(decoding: opening.value, as: UTF8.self))
    }
    return Counter.facts(try journal.ledger.event(number), opened: opened)
  }

  static func facts(
    _ event: LedgerEvent, opened: [(field: String, value: String)]
  ) -> EventFacts {
    EventFacts(
      number: event.header.number, type: "\(event.event.type)", at: event.header.at,
      leaf: String(decoding: event.bytes, as: UTF8.self), opened: opened)
  }
}
