import Foundation
import MadangViews
import Testing

@testable import MadangServer

/// An address that is known says what may be asked of it.
struct MethodTests {
  static func path(_ operation: MadangViews.Operation) -> String {
    operation.path.split(separator: "/").map { part in
      part.hasPrefix("{") ? "\(part.dropFirst().dropLast())-1" : String(part)
    }.reduce("") { $0 + "/" + $1 }
  }

  /// A header of an answer.
  private static func header(_ name: String, _ answer: String) -> String? {
    answer.split(separator: "\r\n").first { $0.lowercased().hasPrefix(name + ": ") }
      .map { String($0.dropFirst(name.count + 2)) }
  }

  @Test func `every address of the API refuses other methods and names its own`() async throws {
    let office = try CounterOffice()
    let server = try await office.running()
    let paths = Dictionary(grouping: MadangViews.Operation.all, by: MethodTests.path)
    for (path, operations) in paths.sorted(by: { $0.key < $1.key }) {
      var allowed = Set(operations.map { $0.method.rawValue.uppercased() } + ["OPTIONS"])
      if allowed.contains("GET") { allowed.insert("HEAD") }
      // Agents enrol at the address where the office lists them.
      if path == "/api/v1/agents" { allowed.insert("POST") }
      let names = allowed.sorted().joined(separator: ", ")
      let others = Set(["PUT", "DELETE", "PATCH", "TRACE", "PROPFIND", "GET", "POST", "HEAD"])
        .subtracting(allowed)
      for method in others.sorted() {
        let answer = try await RawConnection.ask(server.port, method, path)
        #expect(answer.hasPrefix("HTTP/1.1 405"), "\(method) \(path): \(answer)")
        #expect(MethodTests.header("allow", answer) == names, "\(method) \(path)")
        if method != "HEAD" { #expect(answer.contains("MDG-1835"), "\(method) \(path)") }
      }
      let options = try await RawConnection.ask(
        server.port, "OPTIONS", path, ["Origin: https://elsewhere.example"])
      #expect(options.hasPrefix("HTTP/1.1 204"), "\(path): \(options)")
      #expect(MethodTests.header("allow", options) == names, "\(path)")
      #expect(!options.lowercased().contains("access-control"), "other sites are told nothing")
    }
    try await server.stop()
  }

  @Test func `pages and what is beside them do so too, in both languages`() async throws {
    let office = try CounterOffice()
    let server = try await office.running()
    for (method, path, allowed) in [
      ("POST", "/", "GET, HEAD, OPTIONS"), ("DELETE", "/rounds/round-1", "GET, HEAD, OPTIONS"),
      ("PUT", "/signin", "GET, HEAD, OPTIONS, POST"), ("GET", "/signout", "OPTIONS, POST"),
      ("HEAD", "/do/draftRound", "OPTIONS, POST"), ("POST", "/healthz", "GET, HEAD, OPTIONS"),
      ("POST", "/api/v1/events", "GET, HEAD, OPTIONS"), ("POST", "/metrics", "GET, HEAD, OPTIONS"),
      ("PUT", "/api/v1/agents/agent-1/reports", "OPTIONS, POST"),
    ] {
      let answer = try await RawConnection.ask(
        server.port, method, path, ["Accept-Language: ko"])
      #expect(answer.hasPrefix("HTTP/1.1 405"), "\(method) \(path): \(answer.prefix(200))")
      #expect(MethodTests.header("allow", answer) == allowed, "\(method) \(path)")
      if method != "HEAD" { #expect(answer.contains("이 주소에서는 \(allowed)만 됩니다.")) }
    }
    for path in ["/nothing", "/api/v1/nothing", "/api/v1/rounds/round-1/nothing"] {
      for method in ["POST", "PUT", "OPTIONS", "TRACE"] {
        let answer = try await RawConnection.ask(server.port, method, path)
        #expect(answer.hasPrefix("HTTP/1.1 404"), "\(method) \(path): \(answer.prefix(200))")
      }
    }
    let star = try await RawConnection.ask(server.port, "OPTIONS", "*")
    #expect(star.hasPrefix("HTTP/1.1 204") && star.contains("GET, HEAD, OPTIONS, POST"), "\(star)")
    try await server.stop()
  }

  @Test func `HEAD is GET without its body`() async throws {
    let office = try CounterOffice()
    let server = try await office.running()
    let changing = ["date: ", "connection: "]
    for path in ["/", "/supply", "/api/v1/supply", "/api/v1/rounds/round-1", "/api/v1/nothing"] {
      func asked(_ method: String) async throws -> (head: [Substring], body: Substring) {
        let answer = try await RawConnection.ask(
          server.port, method, path, ["Accept-Language: en"])
        let end = try #require(answer.range(of: "\r\n\r\n"))
        let head = answer[..<end.lowerBound].split(separator: "\r\n")
          .filter { line in !changing.contains { line.lowercased().hasPrefix($0) } }
        return (head, answer[end.upperBound...])
      }
      let (get, head) = (try await asked("GET"), try await asked("HEAD"))
      #expect(get.head == head.head && head.body.isEmpty && !get.body.isEmpty, "\(path)")
    }
    try await server.stop()
  }

  @Test func `methods that a stranger makes up make no rows in the metrics`() async throws {
    let office = try CounterOffice()
    let server = try await office.running()
    let made = ["PROPFIND", "MKCOL", "LOCK", "PURGE"]
    for method in made {
      let answer = try await RawConnection.ask(server.port, method, "/supply")
      #expect(answer.hasPrefix("HTTP/1.1 405"), "\(method): \(answer)")
    }
    // Such as the parser does not know are not even read.
    let unknown = try await RawConnection.ask(server.port, "MADEUP", "/supply")
    #expect(unknown.hasPrefix("HTTP/1.1 400"), "\(unknown)")
    let metrics = try await RawConnection.ask(server.port, "GET", "/metrics")
    #expect(!(made + ["MADEUP"]).contains { metrics.contains($0) })
    #expect(metrics.contains("method=\"other\",status=\"405\"} 4"), "\(metrics)")
    try await server.stop()
  }
}
