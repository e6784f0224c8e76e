import Foundation
import GRDB
import MadangJournal
import MadangProgramme
import Testing

/// What the file itself forbids, and what happens when a commit fails.
struct FailureTests {
  @Test(arguments: [
    "UPDATE event SET leaf = X'00' WHERE number = 3",
    "DELETE FROM event WHERE number = 3",
    "INSERT OR REPLACE INTO event VALUES (3, X'00', 0)",
    "INSERT INTO event VALUES (500, X'00', 0)",
    "INSERT INTO event VALUES (13, 'text', 0)",
    "DELETE FROM opening WHERE event = 3",
    "INSERT OR REPLACE INTO opening VALUES (3, X'00', 1)",
    "UPDATE opening SET sealed = X'5B5D', party = 7 WHERE event = 3",
    "UPDATE opening SET sealed = sealed || X'20' WHERE event = 3",
    "UPDATE opening SET event = 400 WHERE event = 3",
    "UPDATE tile SET root = zeroblob(32)",
    "DELETE FROM tile",
    "INSERT OR REPLACE INTO tile VALUES (0, 0, zeroblob(32), zeroblob(512))",
    "INSERT INTO tile VALUES (0, 9, zeroblob(32), zeroblob(511))",
    "UPDATE head SET size = 0",
    "DELETE FROM head",
    "INSERT OR REPLACE INTO head VALUES (0, 99, zeroblob(32), 0, 'sha256', 'x', X'', X'')",
    "INSERT INTO head VALUES (1, 0, zeroblob(32), 0, 'sha256', 'x', X'', X'')",
  ])
  func `what is for ever can be changed by no program`(sql: String) throws {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 2)
    _ = try journal.signHead(at: TestProgramme.closes)
    try journal.close()
    let queue = try DatabaseQueue(path: folder + "journal.sqlite")
    #expect(throws: DatabaseError.self) { try queue.write { try $0.execute(sql: sql) } }
    try queue.close()
    _ = try Ledger(folder: folder.path).verify()
  }

  @Test func `a batch that doesn't fit is refused whole, and the journal goes on`() throws {
    let folder = try TestFolder()
    try folder.founded().close()
    let pages: Int = try Tampering.value(folder, "PRAGMA page_count") ?? 0
    let journal = try folder.open { $0.pageMax = pages + 2 }
    let before = journal.programme.fingerprint
    let request = TestProgramme.request(.registerOrganisation(TestProgramme.organisation(2)))
    let error = fault {
      _ = try journal.submit(Array(repeating: request, count: 200))
    }
    #expect(error == .notWritten(reason: "database or disk is full"))
    #expect(journal.programme.fingerprint == before)
    // One still fits, and continues where the journal was.
    let number = try journal.submit([request])[0].receipt.numbers.lowerBound
    #expect(number == Int64(TestProgramme.setUp().count))
    let fingerprint = journal.programme.fingerprint
    try journal.close()
    let again = try folder.open()
    #expect(again.programme.fingerprint == fingerprint)
    _ = try again.ledger.verify()
    try again.close()
  }

  @Test(.enabled(if: Mount.works))
  func `a full disk refuses batches until there is room, and nothing is lost or doubled`() throws {
    let folder = try TestFolder()
    let mount = try Mount("-t", "tmpfs", "-o", "size=2m", "tmpfs", folder.path)
    let ballast = URL(filePath: folder + "ballast")
    try Data(count: 300_000).write(to: ballast)
    let journal = try folder.founded()
    var accepted = journal.programme.eventCount
    var failure: JournalError?
    while failure == nil {
      let requests = (0..<20).map { _ in
        TestProgramme.request(.registerOrganisation(TestProgramme.organisation(2)))
      }
      failure = fault {
        for reply in try journal.submit(requests) {
          accepted = try reply.receipt.numbers.upperBound
        }
      }
    }
    #expect(failure == .notWritten(reason: "database or disk is full"))
    #expect(journal.programme.eventCount == accepted)
    try FileManager.default.removeItem(at: ballast)
    let request = TestProgramme.request(.registerOrganisation(TestProgramme.organisation(3)))
    #expect(try journal.submit([request])[0].receipt.numbers == accepted..<accepted + 1)
    #expect(try journal.ledger.verify().events == accepted + 1)
    try journal.close()
    withExtendedLifetime(mount) {}
  }

  @Test func `every error has a code of its own and says what to do, in both languages`() {
    let errors: [JournalError] = [
      .noJournal(folder: "f"), .notAJournal(file: "f"), .newerJournal(found: 2, known: 1),
      .inUse(folder: "f", pid: 1), .inUse(folder: "f", pid: nil),
      .cannotOpen(path: "p", reason: "r"), .notDurable(synchronous: 1), .damaged(reason: "r"),
      .missingEvent(1), .malformedEvent(1, expected: "e", offset: 2), .newerEvent(1),
      .alteredEvents(1..<2), .alteredEvents(1..<9), .damagedTree(level: 0, number: 1),
      .wrongOpening(event: 1, field: "f"), .damagedOpenings(event: 1), .wrongSignature(head: 1),
      .wrongRoot(head: 1, size: 2), .otherKey(head: 1), .notWritten(reason: "r"),
      .outcomeUnknown(reason: "r"), .inboxFull(limit: 1), .closed, .keyMissing(path: "p"),
      .keyUnusable(path: "p"), .notFounded, .noHead, .noSuchSize(9, events: 1),
      .noSuchEvent(9, events: 1), .notSigned(9, size: 1), .fileFailed(path: "p", reason: "r"),
      .randomFailed,
      .miscounted(what: "w", kept: 1, counted: 2),
    ]
    for error in errors {
      for language in Language.allCases {
        #expect(error.what(language).hasSuffix("."), "\(error)")
        #expect(error.help(language).hasSuffix("."), "\(error)")
      }
    }
    #expect(Set(errors.map(\.code)).count == errors.count - 2)
  }
}
