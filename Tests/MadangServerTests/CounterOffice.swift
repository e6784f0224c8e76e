import MadangAccess
import MadangCrypto
import MadangJournal
import MadangProgramme
import MadangViews

@testable import MadangServer

/// An office with pages and an API, on a folder of its own: founded and defined, and nothing more;
/// or one that has an award.
struct CounterOffice {
  let counter: Counter
  let door: MemoryDoor
  private let folder: TestFolder

  init(playing office: Office? = nil) throws {
    folder = try TestFolder()
    door = try MemoryDoor()
    let journal = try Journal(folder: folder.path)
    let commands =
      [Command.found(Office.charter)] + Office.definitions.map { Command.define($0) }
      + [.recordStep(LineID(1), Office.step)]
    let envelopes =
      office?.log
      ?? commands.map { Envelope(by: Office.clerk, received: Office.at(days: 1), command: $0) }
    let replies = try journal.submit(envelopes.map { MadangJournal.Request($0) })
    for case .refused(let refusal) in replies { throw Unexpected("\(refusal)") }
    let access = try AccessBook(folder: folder.path)
    counter = Counter(
      journal: journal, operations: try Operations(folder: folder.path), access: access,
      clock: { Office.now })
  }

  /// A token of somebody who has this role.
  func token(_ name: String, _ role: Role) throws -> String {
    let at = counter.machine
    let grant = Grant(role) ?? Grant(role, scope: 1)
    try counter.access.addAccount(
      name, password: "a sentence nobody guesses", person: Office.person(77),
      grants: grant.map { [$0] } ?? [], at: at)
    return try counter.access.issueToken(
      "test", for: name, roles: nil, expires: Instant(at.seconds + 3_600), at: at)
  }

  func running(
    _ limits: HTTPLimits = HTTPLimits(), proxy: TrustedProxy? = nil
  ) async throws -> RunningServer {
    try await RunningServer(door, limits: limits, counter: counter, proxy: proxy)
  }

  /// A command of JSON.
  static func post(
    _ port: Int, _ path: String, _ json: String, _ headers: [String] = []
  ) async throws -> String {
    let body = Array(json.utf8)
    return try await RawConnection.ask(
      port, "POST", path,
      ["Content-Type: application/json", "Content-Length: \(body.count)"] + headers, body: body)
  }

  /// One command: another organisation.
  static let organisation = Array("{\"form\":\"company\",\"region\":\"here\"}".utf8)

  static func command(_ port: Int, _ token: String?, _ headers: [String] = []) async throws
    -> String
  {
    try await RawConnection.ask(
      port, "POST", "/api/v1/organisations",
      ["Content-Type: application/json", "Content-Length: \(organisation.count)"] + headers
        + (token.map { ["Authorization: Bearer \($0)"] } ?? []), body: organisation)
  }
}
