import MadangAccess
import MadangProgramme
import MadangViews
import Testing

@testable import MadangServer

/// The same request under the same key, once what it did has changed what its words mean.
struct RequestKeyTests {
  private let office: CounterOffice
  private let lee: String

  init() throws {
    office = try CounterOffice(playing: Office())
    let at = office.counter.machine
    // Of the award's organisation: it may say who its members are.
    let team = try #require(Grant(.team, scope: 1))
    try office.counter.access.addAccount(
      "lee", password: "a sentence nobody guesses", person: Office.person(78), grants: [team],
      at: at)
    lee = try office.counter.access.issueToken(
      "test", for: "lee", roles: nil, expires: Instant(at.seconds + 3_600), at: at)
    try office.counter.access.addAccount(
      "park", password: "a sentence nobody guesses", person: Office.person(79), grants: [], at: at)
  }

  private func send(
    _ port: Int, _ path: String, _ name: String, key: String
  ) async throws -> String {
    try await CounterOffice.post(
      port, "/api/v1/awards/award-1/members\(path)", "{\"name\":\"\(name)\"}",
      ["Authorization: Bearer \(lee)", "Idempotency-Key: \(key)", "Accept-Language: en"])
  }

  /// Found by review: it was told that what it had done was refused.
  @Test func `what was done is told again, though its name means nothing any more`() async throws {
    let server = try await office.running()
    let added = try await send(server.port, "", "park", key: "k1")
    #expect(added.hasPrefix("HTTP/1.1 200") && added.contains("\"replayed\":false"), "\(added)")
    let removed = try await send(server.port, "/removal", "park", key: "k2")
    #expect(removed.hasPrefix("HTTP/1.1 200"), "\(removed)")
    let count = office.counter.programme.eventCount
    let again = try await send(server.port, "/removal", "park", key: "k2")
    #expect(again.hasPrefix("HTTP/1.1 200") && again.contains("\"replayed\":true"), "\(again)")
    // Nobody of that name may sign in any more.
    try office.counter.access.disable("park")
    let early = try await send(server.port, "", "park", key: "k1")
    #expect(early.hasPrefix("HTTP/1.1 200") && early.contains("\"replayed\":true"), "\(early)")
    #expect(office.counter.programme.eventCount == count, "nothing was done twice")
    // Under another key, or as another request, it is what it is.
    let fresh = try await send(server.port, "/removal", "park", key: "k3")
    #expect(fresh.hasPrefix("HTTP/1.1 422") && fresh.contains("MDG-1410"), "\(fresh)")
    let other = try await send(server.port, "/removal", "lee", key: "k2")
    #expect(other.hasPrefix("HTTP/1.1 4"), "\(other)")
    try await server.stop()
  }
}
