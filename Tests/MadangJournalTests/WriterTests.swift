import Foundation
import MadangJournal
import MadangProgramme
import Testing

/// Batches that are decided before it is known what became of the one before them.
struct WriterTests {
  @Test func `a batch decided on a value that others changed meanwhile is decided again`()
    async throws
  {
    let folder = try TestFolder()
    let journal = try folder.founded()
    let before = journal.programme.eventCount
    let writer = Writer(journal)
    let numbers = try await withThrowingTaskGroup(of: [Range<Int64>].self) { group in
      for client in 1...16 {
        group.addTask {
          var mine: [Range<Int64>] = []
          for number in 0..<20 {
            let request = WriterTests.register(client, key: "\(client)-\(number)")
            // Every fourth goes past the writer.
            let reply =
              try await client % 4 == 0
              ? journal.submit([request])[0] : writer.submit(request)
            mine.append(try reply.receipt.numbers)
          }
          return mine
        }
      }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    #expect(numbers.map(\.lowerBound).sorted() == Array(before..<before + 320))
    #expect(journal.programme.organisations.count == 321)
    #expect(try journal.ledger.verify().stateDigest == journal.programme.stateDigest)
    try journal.close()
  }

  @Test func `a request that many send at once under one key is done once`() async throws {
    let folder = try TestFolder()
    let journal = try folder.founded()
    let writer = Writer(journal)
    let receipts = try await withThrowingTaskGroup(of: Receipt.self) { group in
      for _ in 0..<200 {
        group.addTask { try await writer.submit(WriterTests.register(1, key: "same")).receipt }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(receipts.count { !$0.replayed } == 1)
    #expect(Set(receipts.map(\.numbers)).count == 1)
    #expect(journal.programme.organisations.count == 2)
    try journal.close()
  }

  @Test func `a batch that could not be written takes none of the next one with it`() async throws {
    let folder = try TestFolder()
    try folder.founded().close()
    let pages: Int = try Tampering.value(folder, "PRAGMA page_count") ?? 0
    let journal = try folder.open { $0.pageMax = pages + 12 }
    let before = journal.programme.eventCount
    let writer = Writer(journal)
    let replies = await withTaskGroup(of: [Range<Int64>?].self) { group in
      for client in 1...24 {
        group.addTask {
          var mine: [Range<Int64>?] = []
          for _ in 0..<12 {
            let reply = try? await writer.submit(WriterTests.register(client, key: nil))
            mine.append(try? reply?.receipt.numbers)
          }
          return mine
        }
      }
      return await group.reduce(into: []) { $0 += $1 }
    }
    let done = replies.compactMap { $0?.lowerBound }
    #expect(done.count < replies.count, "the journal had room for all")
    #expect(done.sorted() == Array(before..<before + Int64(done.count)))
    #expect(journal.programme.eventCount == before + Int64(done.count))
    let fingerprint = journal.programme.fingerprint
    try journal.close()
    let again = try folder.open()
    #expect(again.programme.fingerprint == fingerprint)
    _ = try again.ledger.verify()
    try again.close()
  }

  private static func register(_ client: Int, key: String?) -> Request {
    TestProgramme.request(
      .registerOrganisation(TestProgramme.organisation(client)),
      by: TestProgramme.person(Int64(client)), key: key)
  }
}
