import Foundation
import MadangCrypto
import MadangJournal
import MadangProgramme
import Testing

@testable import MadangServer

/// Enrolment at the office's own desk, over a journal on the disk.
struct EnrolmentTests {
  private let folder = FileManager.default.temporaryDirectory
    .appending(path: "madang-desk-\(UUID().uuidString)")

  /// The desk of an office whose clusters have engines and no agents.
  private func desk() throws -> (Desk, Journal) {
    let isNew = !FileManager.default.fileExists(atPath: folder.path)
    let journal = try Journal(folder: folder.path)
    if isNew {
      let commands =
        [Command.found(Office.charter)] + Office.definitions.map { Command.define($0) }
      for command in commands {
        let envelope = Envelope(by: Office.clerk, received: Office.start, command: command)
        guard case .accepted = try journal.submit([MadangJournal.Request(envelope)]).first else {
          Issue.record("\(command) is refused")
          continue
        }
      }
    }
    return (Desk(journal, try Operations(folder: folder.path)), journal)
  }

  private func enrolment(_ token: String, key: String) -> AgentEnrolment {
    AgentEnrolment(
      algorithm: Office.slug("ed25519"), key: Office.text(key), token: Office.text(token))
  }

  @Test func `an enrolment whose answer was lost is answered again, to the same key alone`()
    async throws
  {
    defer { try? FileManager.default.removeItem(at: folder) }
    var (desk, journal) = try desk()
    // Another process's, beside the desk.
    let beside = try Operations(folder: folder.path)
    let token = try Desk.token(for: Office.cluster, beside, at: Office.now)
    let other = try Desk.token(for: Office.other, beside, at: Office.now)
    func enrol(_ token: String, _ key: String, after seconds: Int64 = 0) async
      -> Result<AgentID, AgentRefusal>
    {
      await desk.enrol(
        enrolment(token, key: key), at: Instant(Office.now.seconds + seconds))
    }
    #expect(await enrol(token, "aa01") == .success(AgentID(1)))
    #expect(await enrol(token, "aa01") == .success(AgentID(1)))
    #expect(await enrol(token, "aa02") == .failure(.badToken))
    // The office's process ends in between, and the token's time too.
    try journal.close()
    (desk, journal) = try self.desk()
    #expect(await enrol(token, "aa01", after: 2 * Desk.tokenSeconds) == .success(AgentID(1)))
    #expect(await enrol(token, "aa02", after: 2 * Desk.tokenSeconds) == .failure(.badToken))
    #expect(await enrol(other, "aa01", after: 2 * Desk.tokenSeconds) == .failure(.badToken))
    #expect(await enrol("never-given", "aa01") == .failure(.badToken))
  }
}
