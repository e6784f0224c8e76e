import Foundation
import MadangAccess
import MadangProgramme
import MadangViews
import Testing

@testable import MadangServer

/// What one caller may ask for, over a real socket.
struct RateLimitTests {
  private static func wait(_ answer: String) -> Int? {
    answer.split(separator: "\r\n").first { $0.lowercased().hasPrefix("retry-after: ") }
      .flatMap { Int($0.dropFirst("retry-after: ".count)) }
  }

  @Test func `commands beyond a token's rate are refused, named, and taken after the wait`()
    async throws
  {
    let office = try CounterOffice()
    var limits = HTTPLimits()
    limits.commands = TokenBucket.Rate(burst: 3, perSecond: 1)
    let server = try await office.running(limits)
    let (kim, lee) = (try office.token("kim", .officer), try office.token("lee", .officer))
    let before = office.counter.programme.eventCount
    for _ in 0..<3 {
      let answer = try await CounterOffice.command(server.port, kim)
      #expect(answer.hasPrefix("HTTP/1.1 200"), "\(answer)")
    }
    let refused = try await CounterOffice.command(server.port, kim, ["Accept-Language: ko"])
    #expect(refused.hasPrefix("HTTP/1.1 429") && refused.contains("MDG-1836"), "\(refused)")
    #expect(refused.contains("초를 기다려야 합니다."))
    #expect(RateLimitTests.wait(refused) == 1)
    #expect(office.counter.programme.eventCount == before + 3, "nothing was done")
    // Found by review: signing in anew was a bucket anew.
    let at = office.counter.machine
    let again = try office.counter.access.issueToken(
      "again", for: "kim", roles: nil, expires: Instant(at.seconds + 3_600), at: at)
    let anew = try await CounterOffice.command(server.port, again, ["Accept-Language: en"])
    #expect(anew.hasPrefix("HTTP/1.1 429"), "the account's, whichever token: \(anew)")
    let other = try await CounterOffice.command(server.port, lee, ["Accept-Language: en"])
    #expect(other.hasPrefix("HTTP/1.1 200"), "another account is another: \(other)")
    try await Task.sleep(for: .milliseconds(1_100))
    let later = try await CounterOffice.command(server.port, kim)
    #expect(later.hasPrefix("HTTP/1.1 200"), "\(later)")
    try await server.stop()
  }

  /// Each sign-in was a bucket of its own.
  @Test func `whoever signs in anew has what was left, not a share of its own`() async throws {
    let office = try CounterOffice()
    var limits = HTTPLimits()
    limits.commands = TokenBucket.Rate(burst: 3, perSecond: 1)
    let server = try await office.running(limits)
    var token = try office.token("kim", .officer)
    var refused = 0
    for number in 0..<40 where refused == 0 {
      let answer = try await CounterOffice.command(server.port, token)
      #expect(answer.hasPrefix("HTTP/1.1 200") || number >= 3, "\(answer)")
      refused += answer.hasPrefix("HTTP/1.1 429") ? 1 : 0
      let at = office.counter.machine
      token = try office.counter.access.issueToken(
        "again \(number)", for: "kim", roles: nil, expires: Instant(at.seconds + 3_600), at: at)
    }
    #expect(refused == 1)
    try await server.stop()
  }

  @Test func `many rows in one request are many commands`() throws {
    let operation = try #require(MadangViews.Operation.named("reviewApplications"))
    var values = Values()
    #expect(operation.commandCount(values) == 1)
    values.set("reviews", .rows(Array(repeating: Values(), count: 7)))
    #expect(operation.commandCount(values) == 7)
  }

  @Test func `work beyond an address's share is refused; what is made already is still given`()
    async throws
  {
    let office = try CounterOffice()
    var limits = HTTPLimits()
    limits.workMicroseconds = TokenBucket.Rate(burst: 20_000, perSecond: 1)
    let server = try await office.running(limits)
    let token = try office.token("kim", .officer)
    let first = try await RawConnection.ask(server.port, "GET", "/supply", ["Accept-Language: ko"])
    #expect(first.hasPrefix("HTTP/1.1 200"))
    var refused: String?
    for number in 0..<20_000 where refused == nil {
      let answer = try await RawConnection.ask(
        server.port, "GET", "/supply?sort=\(number)", ["Accept-Language: ko"])
      if !answer.hasPrefix("HTTP/1.1 200") { refused = answer }
    }
    let page = try #require(refused)
    #expect(page.hasPrefix("HTTP/1.1 429") && page.contains("MDG-1836"), "\(page.prefix(500))")
    #expect(page.contains("text/html") && page.contains("초를 기다려야 합니다."))
    #expect(try #require(RateLimitTests.wait(page)) > 0)
    let kept = try await RawConnection.ask(server.port, "GET", "/supply", ["Accept-Language: ko"])
    #expect(kept.hasPrefix("HTTP/1.1 200"))
    let program = try await RawConnection.ask(server.port, "GET", "/api/v1/supply?on=2026-01-01")
    #expect(program.hasPrefix("HTTP/1.1 429") && program.contains("application/problem+json"))
    let healthy = try await RawConnection.ask(server.port, "GET", "/healthz")
    #expect(healthy.hasPrefix("HTTP/1.1 200"))
    let signedIn = try await RawConnection.ask(
      server.port, "GET", "/api/v1/supply", ["Authorization: Bearer \(token)"])
    #expect(signedIn.hasPrefix("HTTP/1.1 200"), "who signed in is not the address: \(signedIn)")
    try await server.stop()
  }

  @Test func `an address has so many streams, all together have so many, and an ended one is free`()
    async throws
  {
    let office = try CounterOffice()
    var limits = HTTPLimits()
    limits.streamsPerAddressMax = 2
    let server = try await office.running(limits)
    let port = server.port
    func open() async throws -> (RawConnection, String) {
      let connection = try RawConnection(port: port)
      connection.send("GET /api/v1/events HTTP/1.1\r\nHost: test\r\n\r\n")
      return (connection, try #require(connection.some()))
    }
    for _ in 0..<5 {
      let head = try await RawConnection.ask(port, "HEAD", "/api/v1/events")
      #expect(head.hasPrefix("HTTP/1.1 200"), "a look takes no place: \(head)")
    }
    let first = try await open()
    var second: RawConnection? = try await open().0
    #expect(first.1.hasPrefix("HTTP/1.1 200") && second != nil)
    let third = try await open()
    #expect(third.1.hasPrefix("HTTP/1.1 503") && third.1.contains("MDG-1834"), "\(third.1)")
    #expect(RateLimitTests.wait(third.1) == 10)
    second = nil
    // The server learns of it at the next sign of life.
    var again = third.1
    for _ in 0..<100 where !again.hasPrefix("HTTP/1.1 200") {
      try await Task.sleep(for: .milliseconds(200))
      again = try await open().1
    }
    #expect(again.hasPrefix("HTTP/1.1 200"), "\(again)")
    try await server.stop()
  }

  @Test func `signing in too often says how long to wait, in the header too`() async throws {
    let office = try CounterOffice()
    let server = try await office.running()
    let body = Array("{\"name\":\"kim\",\"password\":\"wrong\",\"label\":\"x\"}".utf8)
    var last = ""
    for _ in 0..<11 {
      last = try await RawConnection.ask(
        server.port, "POST", "/api/v1/tokens",
        ["Content-Type: application/json", "Content-Length: \(body.count)"], body: body)
    }
    #expect(last.hasPrefix("HTTP/1.1 429") && last.contains("MDG-1902"), "\(last)")
    #expect((1...300).contains(RateLimitTests.wait(last) ?? 0), "\(last)")
    try await server.stop()
  }
}
