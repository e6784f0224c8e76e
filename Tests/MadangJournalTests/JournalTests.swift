import Foundation
import MadangJournal
import MadangProgramme
import Synchronization
import Testing

struct JournalTests {
  @Test func `a batch becomes events in order, and what is replied is what a restart reads`() throws
  {
    let folder = try TestFolder()
    let journal = try folder.founded(applicants: 5)
    let programme = journal.programme
    #expect(programme.applications.count == 5 && programme.offers.count > 0)
    #expect(try journal.ledger.eventCount() == programme.eventCount)
    try journal.close()
    let again = try folder.open()
    #expect(again.programme.fingerprint == programme.fingerprint)
    try again.close()
  }

  @Test func `a refused command changes nothing, and the others of its batch go on`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded()
    let before = journal.programme.eventCount
    let replies = try journal.submit([
      TestProgramme.request(.submit(TestProgramme.form(1))),
      TestProgramme.request(.submit(TestProgramme.form(1, gpus: 7))),
      TestProgramme.request(.submit(TestProgramme.form(99))),
      TestProgramme.request(.registerOrganisation(TestProgramme.organisation(2))),
    ])
    #expect(try replies[0].receipt.numbers == before..<before + 1)
    #expect(replies[1].refusal?.code.hasPrefix("MDG-12") == true)
    #expect(replies[2].refusal?.code.hasPrefix("MDG-") == true)
    #expect(try replies[3].receipt.numbers == before + 1..<before + 2)
    #expect(journal.programme.eventCount == before + 2)
    try journal.close()
  }

  @Test func `one refusal refuses an atomic batch whole`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded()
    let before = journal.programme.fingerprint
    let replies = try journal.submit(
      [
        TestProgramme.request(.registerOrganisation(TestProgramme.organisation(2)), key: "a"),
        TestProgramme.request(.submit(TestProgramme.form(99))),
        TestProgramme.request(.registerOrganisation(TestProgramme.organisation(3))),
      ], atomic: true)
    #expect(replies[0].refusal == .anotherRefused(place: 1))
    #expect(replies[1].refusal?.code.hasPrefix("MDG-10") == true)
    #expect(replies[2].refusal == .anotherRefused(place: 1))
    #expect(journal.programme.fingerprint == before)
    // Nor was the key used up.
    let again = try journal.submit([
      TestProgramme.request(.registerOrganisation(TestProgramme.organisation(2)), key: "a")
    ])
    #expect(try again[0].receipt.replayed == false)
    try journal.close()
  }

  @Test func `the same key does a request once, in one batch, in another, after a restart`() throws
  {
    let folder = try TestFolder()
    var journal = try folder.founded()
    let request = TestProgramme.request(.submit(TestProgramme.form(1)), key: "apply")
    let replies = try journal.submit([request, request])
    let first = try replies[0].receipt
    for again in [replies[1], try journal.submit([request])[0]] {
      #expect(try again.receipt.replayed)
      #expect(try again.receipt.numbers == first.numbers)
      #expect(try again.receipt.events == first.events)
    }
    try journal.close()
    journal = try folder.open()
    #expect(try journal.submit([request])[0].receipt.events == first.events)
    #expect(journal.programme.applications.count == 1)
    try journal.close()
  }

  @Test func `the same key with another body is refused, and another person's key is another`()
    throws
  {
    let folder = try TestFolder()
    let journal = try folder.founded()
    let command = Command.registerOrganisation(TestProgramme.organisation(2))
    let other = Command.registerOrganisation(TestProgramme.organisation(3))
    let replies = try journal.submit([
      TestProgramme.request(command, key: "k"), TestProgramme.request(other, key: "k"),
      TestProgramme.request(other, by: TestProgramme.chief, key: "k"),
    ])
    #expect(replies[1].refusal == .keyReused(name: "k"))
    #expect(replies[1].refusal?.code == "MDG-2001")
    #expect(try replies[2].receipt.replayed == false)
    try journal.close()
  }

  @Test func `a refused request does not use its key up`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded()
    let submit = TestProgramme.request(.submit(TestProgramme.form(2)), key: "k")
    #expect(try journal.submit([submit])[0].refusal != nil)
    _ = try journal.submit([
      TestProgramme.request(.registerOrganisation(TestProgramme.organisation(2)))
    ])
    #expect(try journal.submit([submit])[0].receipt.replayed == false)
    try journal.close()
  }

  /// The machine's days: an exercise that was moved on by two months forgot all keys with it.
  @Test func `keys are forgotten after thirty days of the machine's, however the programme's go`()
    throws
  {
    let folder = try TestFolder()
    try folder.founded().close()
    let day = Mutex<Int64>(0)
    let journal = try folder.open {
      $0.machine = { Instant(1_800_000_000 + day.withLock { $0 } * 86_400) }
    }
    func register(_ key: String, day number: Int64) throws -> Receipt {
      day.withLock { $0 = number }
      let request = TestProgramme.request(
        .registerOrganisation(TestProgramme.organisation(2)), at: TestProgramme.at(hours: 960),
        key: key)
      return try journal.submit([request])[0].receipt
    }
    _ = try register("old", day: 40)
    _ = try register("new", day: 65)
    #expect(try register("old", day: 65).replayed)
    _ = try register("newest", day: 71)
    #expect(try register("old", day: 71).replayed == false)
    #expect(try register("new", day: 71).replayed)
    // Sixty days pass in the programme, within a second of the machine's.
    let moved = TestProgramme.at(hours: 24 * 60)
    _ = try journal.submit([TestProgramme.request(.advance(moved), at: moved)])[0].receipt
    #expect(journal.programme.now == moved)
    #expect(try register("new", day: 71).replayed)
    try journal.close()
  }

  @Test func `a founding with an unknown algorithm is refused and leaves no key`() throws {
    let folder = try TestFolder()
    let journal = try folder.open()
    let reply = try journal.submit([
      TestProgramme.request(.found(TestProgramme.charter(signature: "rot13")))
    ])[0]
    #expect(reply.refusal == .unknownAlgorithm(name: "rot13"))
    #expect(journal.programme.charter == nil)
    #expect(!FileManager.default.fileExists(atPath: folder + "keys"))
    try journal.close()
  }

  @Test(arguments: ["ed25519", "ecdsa-p256-sha256"])
  func `founding makes the key, readable by its owner alone`(algorithm: String) throws {
    let folder = try TestFolder()
    let journal = try folder.founded(signature: algorithm)
    let path = folder + "keys/ledger-\(algorithm).key"
    let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    let head = try journal.signHead(at: TestProgramme.opens)
    #expect(head.isSigned && head.signature.algorithm == algorithm)
    #expect(try journal.signHead(at: TestProgramme.closes) == head, "nothing happened since")
    try journal.close()
  }

  @Test func `a key that is not this ledger's signs nothing`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded()
    let path = folder + "keys/ledger-ed25519.key"
    try Data(repeating: 7, count: 32).write(to: URL(filePath: path))
    #expect(fault { _ = try journal.signHead(at: TestProgramme.opens) } == .keyUnusable(path: path))
    try FileManager.default.removeItem(atPath: path)
    #expect(fault { _ = try journal.signHead(at: TestProgramme.opens) } == .keyMissing(path: path))
    try journal.close()
  }

  @Test func `many clients share batches, and each gets its own events`() async throws {
    let folder = try TestFolder()
    let journal = try folder.founded()
    let writer = Writer(journal)
    let before = journal.programme.eventCount
    let numbers = try await withThrowingTaskGroup(of: [Range<Int64>].self) { group in
      for client in 1...40 {
        group.addTask {
          var mine: [Range<Int64>] = []
          for number in 0..<25 {
            let request = TestProgramme.request(
              .registerOrganisation(TestProgramme.organisation(number)),
              by: TestProgramme.person(Int64(client)), key: "\(client)-\(number)")
            mine.append(try await writer.submit(request).receipt.numbers)
          }
          return mine
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(Set(numbers).count == 1_000)
    #expect(journal.programme.eventCount == before + 1_000)
    _ = try journal.ledger.verify()
    try journal.close()
  }

  @Test func `a closed journal takes nothing more and lets the next one in`() throws {
    let folder = try TestFolder()
    let journal = try folder.founded()
    try journal.close()
    #expect(fault { _ = try journal.submit([]) } == .closed)
    try journal.close()
    try folder.open().close()
  }

  @Test func `people have random numbers, and names that can be taken away`() throws {
    let folder = try TestFolder()
    let journal = try folder.open()
    let person = try journal.person(labelled: "김마당")
    #expect(try journal.person(labelled: "김마당") == person)
    #expect(try journal.ledger.label(of: person) == "김마당")
    try journal.setLabel(nil, of: person)
    #expect(try journal.ledger.label(of: person) == nil)
    #expect(try journal.person(labelled: "김마당") != person)
    try journal.close()
  }
}
