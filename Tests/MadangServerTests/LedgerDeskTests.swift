import Foundation
import MadangAccess
import MadangCrypto
import MadangJournal
import MadangProgramme
import MadangViews
import Testing

@testable import MadangServer
@testable import MadangTransport

/// What the office's process does beside answering: it signs, and it tells who listens.
struct LedgerDeskTests {
  private final class Desk {
    let folder: TestFolder
    let journal: Journal
    let operations: Operations

    /// A programme with its definitions, and nothing signed.
    init() throws {
      folder = try TestFolder()
      journal = try Journal(folder: folder.path)
      operations = try Operations(folder: folder.path)
      try give(.found(Office.charter))
      for definition in Office.definitions {
        // No engine: this yard has nothing to run.
        if case .engine = definition { continue }
        try give(.define(definition))
      }
    }

    func give(_ command: Command) throws {
      let envelope = Envelope(by: Office.clerk, received: Office.start, command: command)
      let reply = try journal.submit([MadangJournal.Request(envelope)]).first
      guard case .accepted = reply else {
        throw Unexpected("\(command): \(String(describing: reply))")
      }
    }

    func register() throws {
      let organisation = Organisation(
        form: .company, region: Office.slug("here"), synthetic: false)
      try give(.registerOrganisation(organisation))
    }

    func answer(_ read: String, _ values: [(String, FieldValue)]) throws -> Answer {
      var given = Values()
      for (name, value) in values { given.set(name, value) }
      let operations = operations
      let reading = Reading(
        journal.programme, journal.ledger, operations: { operations }, for: .passerBy, in: .en,
        at: Office.now)
      let operation = try #require(MadangViews.Operation.named(read))
      return try reading.answer(operation, given)
    }

    deinit { try? journal.close() }  // the folder goes anyway
  }

  @Test func `a running yard signs at once after a quiet minute, and else when one has passed`()
    throws
  {
    let desk = try Desk()
    let yard = try Yard(journal: desk.journal, operations: desk.operations)
    #expect(try desk.journal.ledger.newestHead() == nil)
    _ = try yard.round()
    let first = try #require(try desk.journal.ledger.newestHead())
    #expect(first.size == desk.journal.programme.eventCount && first.isSigned)
    // A moment later it is not signed yet, and says so.
    try desk.register()
    _ = try yard.round()
    #expect(try desk.journal.ledger.newestHead() == first)
    let newest = desk.journal.programme.eventCount - 1
    #expect(throws: JournalError.notSigned(newest, size: first.size)) {
      try desk.answer("proveEvent", [("event", .integer(newest))])
    }
    #expect(Problem(JournalError.notSigned(newest, size: first.size), .en).status == 404)
    let event = try desk.answer("getEvent", [("event", .integer(newest))]).json
    guard case .null? = event["head"] else { throw Unexpected("\(event.compact)") }
    // Another process of the same office, whose newest head is a minute old.
    let old = Instant(YardClock.machine.seconds - Yard.headSeconds)
    let before = try desk.journal.signHead(at: old)
    try desk.register()
    let other = try Yard(journal: desk.journal, operations: desk.operations)
    _ = try other.round()
    let second = try #require(try desk.journal.ledger.newestHead())
    #expect(second.size == before.size + 1 && second.at >= first.at)
    #expect(
      try desk.answer("proveEvent", [("event", .integer(newest + 1))]).json["event"]?.integer
        == newest + 1)
    // Where nothing happens, nothing is signed.
    let quiet = try Yard(journal: desk.journal, operations: desk.operations)
    _ = try quiet.round()
    #expect(try desk.journal.ledger.headCount() == 3)
  }

  @Test func `heads come in pages, as every list does`() throws {
    let desk = try Desk()
    var sizes: [Int64] = []
    for _ in 0..<5 {
      try desk.register()
      sizes.append(try desk.journal.signHead(at: Office.now).size)
    }
    var found: [Int64] = []
    var cursor: Int64? = 0
    while let start = cursor {
      let page = try desk.answer(
        "listHeads", [("cursor", .integer(start)), ("limit", .integer(2))])
      let items = try #require(page.json["items"]?.array)
      #expect((1...2).contains(items.count) && page.json["total"]?.integer == 5)
      found += items.compactMap { $0["size"]?.integer }
      cursor = page.next
    }
    #expect(found == sizes)
    #expect(try desk.journal.ledger.heads(in: 3..<9).map(\.size) == Array(sizes[3...]))
    #expect(try desk.journal.ledger.heads().map(\.size) == sizes)
  }

  @Test func `a sign of life does not take the place of a change that waits`() async throws {
    let desk = try Desk()
    let counter = Counter(
      journal: desk.journal, operations: desk.operations,
      access: try AccessBook(folder: desk.folder.path), clock: { Office.now })
    let changes = try ChangeFeed(counter, HTTPLimits()).changes(for: "127.0.0.1")
    try desk.register()
    let size = desk.journal.programme.eventCount
    // Nobody reads until after the next sign of life, as where a network is slow.
    try await Task.sleep(for: .seconds(6))
    var iterator = changes.makeAsyncIterator()
    #expect(await iterator.next() == size)
  }

  @Test func `which servers a team holds is told to it and the office alone`() throws {
    let programme = try Office().programme
    let assets = Office.digest
    let observed = ObservedState(
      cluster: Office.cluster, generation: 1, at: Office.now,
      allocations: [
        ObservedAllocation(
          allocation: Office.allocation, limit: .reserved(gpus: 16), suspended: false,
          readyGPUs: 16, assets: assets),
        // The engine holds what nobody was given.
        ObservedAllocation(
          allocation: AllocationID(9), limit: .reserved(gpus: 8), suspended: false, readyGPUs: 8,
          assets: assets),
      ], devices: DeviceCounts(up: 32, down: 0, maintenance: 0))
    func seen(_ grant: Grant?) throws -> [Bool] {
      let caller = grant.map { Caller(account: "a", person: Office.clerk, grants: [$0]) }
      let json = ClusterView.answer(
        Office.cluster, observed, programme, for: caller ?? .passerBy
      ).json
      let rows = try #require(json["allocations"]?.array)
      #expect(rows.map { $0["readyGPUs"]?.integer } == [16, 8])
      return rows.map { $0["assets"]?.text == assets.hex }
    }
    #expect(try seen(nil) == [false, false])
    #expect(try seen(Grant(.team, scope: 2)) == [false, false])
    #expect(try seen(Grant(.reviewer)) == [false, false])
    #expect(try seen(Grant(.team, scope: 1)) == [true, false])
    for role in [Role.officer, .approver, .auditor] {
      #expect(try seen(Grant(role)) == [true, true])
    }
  }

  @Test func `a list goes on where it was asked for, with all else that was asked`() {
    let links =
      [
        "</api/v1/awards?cursor=1000>; rel=\"next\"": 1_000,
        "</api/v1/allocations?cursor=3&only=drift&limit=2>; rel=\"next\"": 3,
        "</api/v1/allocations?only=drift&cursor=3>; rel=\"next\"": 3,
        "</api/v1/allocations?recursor=3>; rel=\"next\"": nil,
        "</api/v1/awards?cursor=1000>; rel=\"prev\"": nil, "": nil,
      ] as [String: Int64?]
    for (link, next) in links.sorted(by: { $0.key < $1.key }) {
      #expect(OfficeClient.cursor(link) == next, "\(link)")
    }
  }
}

/// What every answer says of itself.
struct AnswerHeadTests {
  private static func headers(_ answer: String) -> String {
    (answer.components(separatedBy: "\r\n\r\n").first ?? "").lowercased()
  }

  @Test func `nothing is to be guessed at, and plain HTTP promises no TLS`() async throws {
    let server = try await RunningServer(try MemoryDoor())
    for path in ["/healthz", "/metrics", "/nowhere", "/api/v1/agents/agent-1/reports"] {
      let method = path.hasSuffix("reports") ? "POST" : "GET"
      let head = AnswerHeadTests.headers(
        try await RawConnection.ask(server.port, method, path, ["Content-Length: 0"]))
      #expect(head.contains("x-content-type-options: nosniff"), "\(path): \(head)")
      #expect(!head.contains("strict-transport-security"), "\(path)")
    }
    try await server.stop()
  }

  @Test(.enabled(if: Certificates.openssl != nil, Comment(rawValue: Certificates.missing)))
  func `over TLS a browser is told to come by nothing else`() async throws {
    let certificates = try Certificates()
    let server = try await RunningServer(try MemoryDoor(), tls: certificates.good)
    for path in ["/healthz", "/nowhere"] {
      let head = AnswerHeadTests.headers(try await certificates.ask(server.port, path))
      #expect(head.contains("strict-transport-security: max-age=31536000"), "\(path): \(head)")
      #expect(head.contains("x-content-type-options: nosniff"), "\(path): \(head)")
    }
    try await server.stop()
  }
}
