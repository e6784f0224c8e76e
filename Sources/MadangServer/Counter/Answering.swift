import MadangAccess
import MadangJournal
import MadangProgramme
import MadangViews

/// What may be read, by who asks.
extension Counter {
  func read(
    _ operation: MadangViews.Operation, _ values: Values, by caller: Caller,
    in language: Language, of programme: Programme
  ) throws -> Answer {
    if operation.id == "listTokens" { return try tokens(of: caller) }
    let operations = operations
    let reading = Reading(
      programme, journal.ledger, operations: { operations }, for: caller, in: language,
      at: now(of: programme))
    let answer = try reading.answer(operation, values)
    if let seen = answer.seen { note(seen.what, seen.subject, caller) }
    return answer
  }

  /// The openings of an event that this caller is entitled to; it is noted who saw them.
  func opened(_ number: Int64, _ caller: Caller) throws -> [Opening] {
    let opened = try journal.ledger.openings(of: number, for: caller.audiences, at: now)
    if !opened.isEmpty { note("openings", "event \(number)", caller) }
    return opened
  }

  /// Notes that somebody of the office saw what is not for everybody.
  func note(_ what: String, _ subject: String, _ caller: Caller) {
    guard let account = caller.account else { return }
    access.noteSeen(what, of: subject, by: account, at: clock())
  }
}
