import Foundation
import MadangProgramme
import MadangViews
import Testing

@testable import MadangServer

/// Clients that send for ever, read nothing, or send what nobody asked for.
struct SlowClientTests {
  /// A server with little patience.
  private static var hasty: HTTPLimits {
    var limits = HTTPLimits()
    (limits.idleSeconds, limits.bodySeconds) = (1, 2)
    (limits.takeSeconds, limits.lingerSeconds) = (1, 1)
    return limits
  }

  // MARK: The rule

  @Test func `patience ends where a body, an answer or a reader takes too long, and not before`() {
    var limits = HTTPLimits()
    (limits.bodySeconds, limits.takeSeconds, limits.lingerSeconds) = (30, 20, 10)
    var patience = Patience(limits)
    patience.head()
    patience.end()
    patience.pause(at: 0)
    patience.answered(at: 5)
    #expect(patience.deadline == nil, "a whole request is nobody's to wait for")
    patience.head()
    patience.pause(at: 1_000)
    #expect(patience.deadline == 31_000)
    patience.body(10)
    patience.pause(at: 20_000)
    #expect(patience.deadline == 31_000, "dripping buys no time")
    patience.answered(at: 2_000)
    #expect(patience.deadline == 12_000, "answered early")
    patience.body(Patience.lateBytesMax)
    #expect(!patience.isDeaf)
    patience.body(1)
    #expect(patience.isDeaf)
    patience.end()
    #expect(patience.deadline == nil && !patience.isDeaf, "it came after all")
    patience.waits(true, at: 40_000)
    patience.waits(true, at: 50_000)
    #expect(patience.deadline == 60_000)
    patience.waits(false, at: 59_000)
    #expect(patience.deadline == nil)
  }

  @Test func `requests that come before the last one's answer are each their own`() {
    var patience = Patience(HTTPLimits())
    for _ in 0..<3 {
      patience.head()
      patience.end()
    }
    patience.head()
    for now in 0..<3 { patience.answered(at: Int64(now)) }
    #expect(patience.deadline == nil, "three answers for three requests; the fourth has none yet")
    patience.body(Patience.lateBytesMax + 1)
    #expect(!patience.isDeaf, "its body is awaited")
    patience.answered(at: 7)
    #expect(patience.deadline == 10_007)
  }

  // MARK: On a real server

  @Test func `headers that drip end the connection, and so do those that never end`()
    async throws
  {
    let office = try CounterOffice()
    let server = try await office.running(SlowClientTests.hasty)
    let port = server.port
    let (sent, rest) = try #require(
      await onThread { () -> (Int, String?)? in
        guard let slow = try? RawConnection(port: port) else { return nil }
        slow.send("GET / HTTP/1.1\r\nHost: test\r\n")
        var sent = 0
        while sent < 100, slow.send("X-\(sent): y\r\n") {
          sent += 1
          usleep(100_000)
        }
        return (sent, slow.rest())
      })
    #expect(sent < 50 && rest?.contains("200 OK") == false, "\(sent)")
    try await server.stop()
  }

  @Test func `a body that nobody asked for ends the connection once it was answered`()
    async throws
  {
    let office = try CounterOffice()
    let server = try await office.running(SlowClientTests.hasty)
    let port = server.port
    for method in ["GET /healthz", "HEAD /", "POST /nothing", "PUT /supply"] {
      let found = await onThread { () -> (sent: Int, answer: String?)? in
        guard let slow = try? RawConnection(port: port) else { return nil }
        slow.send("\(method) HTTP/1.1\r\nHost: test\r\nContent-Length: 100000\r\n\r\n")
        let answer = slow.some()
        var sent = 0
        while sent < 100, slow.send("x") {
          sent += 1
          usleep(100_000)
        }
        return (sent, answer)
      }
      #expect(found?.answer?.hasPrefix("HTTP/1.1") == true, "\(method)")
      #expect(found?.sent ?? 100 < 50, "\(method): \(found?.sent ?? 100)")
    }
    try await server.stop()
  }

  @Test func `a body that comes a little after its refusal keeps the connection`() async throws {
    let office = try CounterOffice()
    let server = try await office.running()
    let port = server.port
    let answers = await onThread { () -> [String?] in
      guard let client = try? RawConnection(port: port) else { return [] }
      client.send(
        "POST /api/v1/organisations HTTP/1.1\r\nHost: test\r\nAuthorization: Bearer madang_none\r\n"
          + "Content-Type: application/json\r\nContent-Length: 4\r\n\r\n")
      let refused = client.some()
      client.send("nullGET /healthz HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n")
      return [refused, client.rest()]
    }
    #expect(answers.count == 2 && answers[0]?.hasPrefix("HTTP/1.1 401") == true, "\(answers)")
    #expect(answers.last??.hasPrefix("HTTP/1.1 200") == true, "\(answers)")
    try await server.stop()
  }

  @Test func `ten gigabytes are refused at once, and not read`() async throws {
    let office = try CounterOffice()
    let server = try await office.running(SlowClientTests.hasty)
    let token = try office.token("kim", .officer)
    let port = server.port
    for head in [
      "POST /api/v1/organisations HTTP/1.1\r\nAuthorization: Bearer \(token)\r\n",
      "POST /signin HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\n",
    ] {
      let found = await onThread { () -> (answer: String?, megabytes: Int)? in
        guard let client = try? RawConnection(port: port) else { return nil }
        client.send(head + "Host: test\r\nContent-Length: 10737418240\r\n\r\n")
        let answer = client.some()
        let megabyte = [UInt8](repeating: 120, count: 1 << 20)
        var sent = 0
        while sent < 10_240, client.send(megabyte) { sent += 1 }
        return (answer, sent)
      }
      let answer = try #require(found?.answer)
      #expect(answer.hasPrefix("HTTP/1.1 413") && answer.contains("MDG-1802"), "\(answer)")
      #expect(answer.lowercased().contains("connection: close"))
      // Those that are read and dropped, and what the systems in between keep.
      #expect(found?.megabytes ?? 10_240 < 64, "\(found?.megabytes ?? 0)")
    }
    try await server.stop()
  }

  @Test func `whoever asks and reads nothing is let go, and nobody else waits`() async throws {
    let office = try CounterOffice()
    let server = try await office.running(SlowClientTests.hasty)
    let port = server.port
    let request = "GET /openapi.json HTTP/1.1\r\nHost: test\r\n\r\n"
    async let silent = onThread { () -> (whole: Int, isOver: Bool)? in
      guard let client = try? RawConnection(port: port, room: 4_096) else { return nil }
      for _ in 0..<500 { client.send(request) }
      sleep(4)
      // What was under way comes, and then the end.
      guard let rest = client.rest() else { return (0, false) }
      return (rest.components(separatedBy: "HTTP/1.1 200").count - 1, true)
    }
    let quick = try await RawConnection.ask(port, "GET", "/healthz")
    #expect(quick.hasPrefix("HTTP/1.1 200"))
    let found = try #require(await silent)
    #expect(found.isOver && found.whole < 500, "\(found)")
    try await server.stop()
  }

  @Test func `a server that stops answers what was begun, and ends what never ends`()
    async throws
  {
    let office = try CounterOffice()
    let server = try await office.running()
    let token = try office.token("kim", .officer)
    let port = server.port
    let before = office.counter.programme.eventCount
    let (begun, stream) = try await onThread {
      Result { () throws -> (RawConnection, RawConnection) in
        let begun = try RawConnection(port: port)
        let body = CounterOffice.organisation
        begun.send(
          "POST /api/v1/organisations HTTP/1.1\r\nHost: test\r\n"
            + "Content-Type: application/json\r\nAuthorization: Bearer \(token)\r\n"
            + "Content-Length: \(body.count)\r\n\r\n")
        begun.send(Array(body.prefix(5)))
        let stream = try RawConnection(port: port)
        stream.send("GET /api/v1/events HTTP/1.1\r\nHost: test\r\n\r\n")
        _ = stream.some()
        return (begun, stream)
      }
    }.get()
    let start = ContinuousClock.now
    await server.beginStop()
    #expect(stream.rest() != nil, "the stream ends")
    begun.send(Array(CounterOffice.organisation.dropFirst(5)))
    let answer = begun.rest() ?? ""
    #expect(answer.hasPrefix("HTTP/1.1 200"), "\(answer)")
    #expect(office.counter.programme.eventCount == before + 1)
    try await server.stopped()
    #expect(ContinuousClock.now - start < .seconds(5))
  }

  // MARK: What cannot be meant

  @Test func `a token that is none is refused, whatever it looks like`() async throws {
    let office = try CounterOffice()
    let server = try await office.running()
    let token = try office.token("kim", .officer)
    let long = String(repeating: "A", count: 8_000)
    for header in [
      "", "Bearer", "Bearer ", "bearer \(token.dropLast())", "Bearer \(token)x", "Bearer  \(token)",
      "Basic a2ltOmtpbQ==", "Bearer \(long)", "Bearer madang_", "Bearer \(token) \(token)",
      "Bearer \(token.uppercased())", "Bearer ../../etc/passwd", "Bearer ' OR 1=1 --",
      "Bearer eyJhbGciOiJub25lIn0.e30.", "Digest \(token)", "\(token)", "Bearer 한글",
      "Bearer \(token), Bearer \(token)",
    ] {
      for (method, path) in [("GET", "/api/v1/me"), ("GET", "/api/v1/supply"), ("GET", "/")] {
        let answer = try await RawConnection.ask(
          server.port, method, path, ["Authorization: \(header)"])
        #expect(answer.hasPrefix("HTTP/1.1 401"), "\(header) \(path): \(answer.prefix(300))")
        #expect(answer.contains("MDG-1832") && answer.contains("Bearer"), "\(header) \(path)")
      }
    }
    let good = try await RawConnection.ask(
      server.port, "GET", "/api/v1/me", ["Authorization: BEARER \(token)"])
    #expect(good.hasPrefix("HTTP/1.1 200"), "\(good)")
    try await server.stop()
  }

  @Test func `a cursor that is none is refused; a great many leave nothing behind`() async throws {
    let office = try CounterOffice()
    let server = try await office.running()
    for cursor in [
      "-1", "x", "1.5", "1e3", "0x10", "%00", "9007199254740992", "99999999999999999999", "%F0%28",
      "1%2C2", "+1", " 1", "", "%D9%A1", "1;drop",
    ] {
      let answer = try await RawConnection.ask(
        server.port, "GET", "/api/v1/awards?cursor=\(cursor.replacing(" ", with: "%20"))")
      #expect(answer.hasPrefix("HTTP/1.1 400"), "\(cursor): \(answer)")
      #expect(answer.contains("MDG-182"), "\(cursor): \(answer)")
    }
    let count = ProcessInfo.processInfo.environment["MADANG_LONG"] == nil ? 20_000 : 1_000_000
    let port = server.port
    let before = SlowClientTests.residentMiB
    let statuses = await onThread { () -> [Substring: Int]? in
      guard let client = try? RawConnection(port: port) else { return nil }
      var statuses: [Substring: Int] = [:]
      for number in 0..<count {
        client.send("GET /api/v1/awards?cursor=\(number) HTTP/1.1\r\nHost: test\r\n\r\n")
        guard let answer = client.some() else { return nil }
        statuses[answer.dropFirst(9).prefix(3), default: 0] += 1
      }
      return statuses
    }
    let grown = SlowClientTests.residentMiB - before
    // Beyond its share of work an address is told to wait.
    let answers = try #require(statuses)
    #expect(Set(answers.keys).isSubset(of: ["200", "429"]), "\(answers)")
    #expect(answers["200"] ?? 0 > 0)
    #expect(grown < 64, "\(grown) MiB")
    try await server.stop()
  }

  private static var residentMiB: Int {
    let text = FileManager.default.contents(atPath: "/proc/self/status")
      .map { String(decoding: $0, as: UTF8.self) }
    let line = text?.split(separator: "\n").first { $0.hasPrefix("VmRSS") }
    return (line.flatMap { Int($0.filter(\.isNumber)) } ?? 0) / 1_024
  }
}
