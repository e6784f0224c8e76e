import Foundation
import Glibc
import Synchronization

/// The office over HTTP: server and clients on the same cores.
enum HTTPBenches {
  private static let seconds = 5.0

  static func http() throws {
    try OfficeProcess.running("http") { server in
      Measure.say("HTTP, client and server on the same cores; a connection is kept open.")
      let language = "Accept-Language: en\r\n"
      try row(
        "GET /api/v1/rounds/round-1, 32 connections", "8,000/s, p99 10 ms", server, 32,
        { _, _ in "GET /api/v1/rounds/round-1 HTTP/1.1\r\nHost: x\r\n\(language)\r\n" })
      try row(
        "front page, repeated, 32 connections", "8,000/s", server, 32,
        { _, _ in "GET / HTTP/1.1\r\nHost: x\r\n\(language)\r\n" })
      try row(
        "front page, rendered anew, 32 connections", "1,000/s", server, 32,
        { client, number in
          "GET /?sort=\(client).\(number) HTTP/1.1\r\nHost: x\r\n\(language)\r\n"
        })
      let cookie = try server.signIn("officer")
      try row(
        "a page with 514 rows and more, anew, 4 connections", "300/s, p99 20 ms", server, 4,
        { _, _ in
          "GET /rounds/round-1?rows=1000 HTTP/1.1\r\nHost: x\r\nCookie: \(cookie)\r\n\r\n"
        })
      // As from several people: a server lets one account give so many commands.
      let tokens = try (0..<8).map { try server.token(of: "bench-\($0)") }
      let body = "{\"form\":\"company\",\"region\":\"capital\"}"
      try row(
        "durable commands, 64 clients, fsynced", "5,000/s, p99 25 ms", server, 64,
        { client, _ in
          "POST /api/v1/organisations HTTP/1.1\r\nHost: x\r\n"
            + "Authorization: Bearer \(tokens[client % tokens.count])\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        })
    }
  }

  private static func row(
    _ what: String, _ bar: String, _ server: OfficeProcess, _ connections: Int,
    _ request: @escaping @Sendable (_ client: Int, _ number: Int) -> String
  ) throws {
    let all = Mutex<[Double]>([])
    let failures = Mutex(0)
    let group = DispatchGroup()
    let end = ContinuousClock.now + .seconds(HTTPBenches.seconds)
    let port = server.port
    for client in 0..<connections {
      group.enter()
      Thread.detachNewThread {
        var took: [Double] = []
        defer {
          all.withLock { $0 += took }
          group.leave()
        }
        guard let connection = ClientConnection(port: port) else {
          failures.withLock { $0 += 1 }
          return
        }
        var number = 0
        while ContinuousClock.now < end {
          number += 1
          let text = request(client, number)
          var isDone = false
          took.append(Measure.seconds { isDone = connection.ask(text) })
          if !isDone {
            failures.withLock { $0 += 1 }
            return
          }
        }
      }
    }
    group.wait()
    let times = all.withLock { $0.sorted() }
    guard !times.isEmpty, failures.withLock({ $0 }) == 0 else {
      Measure.report(what, "failed \(failures.withLock { $0 })", bar: bar)
      return
    }
    let rate = Double(times.count) / HTTPBenches.seconds
    let p50 = times[times.count / 2] * 1_000
    let p99 = times[times.count * 99 / 100] * 1_000
    Measure.report(
      what,
      "\(Measure.text(rate, 0))/s, p50 \(Measure.text(p50)) ms, p99 \(Measure.text(p99)) ms",
      bar: bar)
  }
}
