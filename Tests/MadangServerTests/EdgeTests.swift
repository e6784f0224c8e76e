import Foundation
import MadangAgent
import MadangCrypto
import MadangProgramme
import Testing

@testable import MadangServer
@testable import MadangTransport

/// What is decided at the edge before anything is sent or served.
struct EdgeTests {
  @Test func `plain HTTP is served on the loopback alone`() throws {
    let door = try MemoryDoor()
    for text in ["0.0.0.0:0", "10.0.0.1:80", "office.example:80", "[::]:80", "127.0.0.1.evil:80"] {
      let address = try ListenAddress(text)
      #expect(throws: HTTPRefusal.plainBeyondLoopback(address)) {
        try OfficeServer(door: door, address: address, tls: nil, clock: { Office.now })
      }
    }
    for text in ["127.0.0.1:0", "[::1]:8080", "localhost:1", "127.1.2.3:65535"] {
      let address = try ListenAddress(text)
      #expect(address.isLoopback, "\(text)")
      _ = try OfficeServer(door: door, address: address, tls: nil, clock: { Office.now })
    }
    #expect(
      HTTPRefusal.plainBeyondLoopback(try ListenAddress("[::]:80")).what(.en)
        == "Plain HTTP is served on loopback only, not at [::]:80.")
  }

  @Test func `an address that is none is refused`() {
    for text in ["", ":", "host", "host:", ":80", "host:65536", "host:-1", "::1:80", "a b:80"] {
      #expect(throws: HTTPRefusal.noAddress(text)) { try ListenAddress(text) }
    }
  }

  @Test func `a certificate that cannot be used is refused, naming the file`() throws {
    let folder = try TestFolder()
    let (pem, none) = (folder.path + "/some.pem", folder.path + "/none.pem")
    try Data("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n".utf8)
      .write(to: URL(fileURLWithPath: pem))
    for path in [pem, none] {
      #expect(
        throws: HTTPRefusal.unusableCertificate(
          path: path, reason: "no certificate can be read from it")
      ) { try TLSFiles(certificate: path, key: none).configuration() }
      #expect(throws: AgentClientFailure.noAuthority(path: path)) {
        try OfficeConnection(OfficeAddress("https://office.example")!, authority: path)
      }
    }
  }

  @Test func `a port that is taken is said so`() async throws {
    let door = try MemoryDoor()
    let server = try await RunningServer(door)
    await #expect(throws: HTTPRefusal.self) {
      try await RunningServer(door, port: server.port)
    }
    try await server.stop()
  }

  @Test func `the language that a caller likes best`() {
    let cases: [(header: String?, language: Language)] = [
      (nil, .en), ("", .en), ("ko", .ko), ("ko-KR,ko;q=0.9,en-US;q=0.8,en;q=0.7", .ko),
      ("en-US,en;q=0.9,ko;q=0.8", .en), ("ko;q=0.5, en;q=0.6", .en), ("ko;q=0.6,en;q=0.5", .ko),
      ("fr, ko;q=0.1", .ko), ("ko;q=0", .en), ("en;q=0,ko;q=0.001", .ko), ("KO", .ko),
      ("korean", .en), ("*", .en), ("ko;q=9", .en), ("ko;q=0.99999", .ko), ("ko;q=x,en", .en),
      (String(repeating: "fr,", count: 10_000) + "ko", .en), (";;;,,,q=", .en),
    ]
    for row in cases {
      #expect(Language(accepting: row.header) == row.language, "\(row.header?.prefix(60) ?? "-")")
    }
  }

  @Test func `an office's address is https, or http on the loopback`() {
    let good = [
      "https://office.example": "https://office.example",
      "https://10.0.0.1:8443/":
        "https://10.0.0.1:8443", "http://127.0.0.1:8080": "http://127.0.0.1:8080",
      "https://[::1]:1": "https://[::1]:1", "https://office.example:443": "https://office.example",
    ]
    for (text, said) in good.sorted(by: { $0.key < $1.key }) {
      #expect(OfficeAddress(text)?.description == said)
    }
    for text in [
      "", "office.example", "http://office.example", "http://10.0.0.1", "ftp://127.0.0.1",
      "https://", "https://user@office.example", "https://u:p@office.example",
      "https://office.example/path", "https://office.example?x", "https://office.example#x",
      "http://localhost", "http://127.0.0.1.evil", "https://office.example:0",
      "https://office.example:99999",
    ] {
      #expect(OfficeAddress(text) == nil, "\(text)")
    }
  }

  @Test func `every refusal of an agent comes out of its code and facts as it went in`() {
    let refusals: [AgentRefusal] = [
      .unreadable, .unknownAgent(AgentID(3)), .revoked(AgentID(3)), .wrongSignature(AgentID(3)),
      .otherCluster(ClusterID(4)), .otherVersion(9, speaks: 1), .tooMuch,
      .leaseHeld(until: Instant(60)), .fenced(epoch: 5), .olderReport(sequence: 6),
      .usageMissing(cursor: 7), .badToken, .notKept, .staleTakeover(newest: Instant(8)),
      .readAhead(of: Instant(9)),
    ]
    #expect(Set(refusals.map(\.code)).count == 15)
    for refusal in refusals {
      let facts = Dictionary(uniqueKeysWithValues: refusal.facts.map { ($0.name, $0.value) })
      #expect(AgentRefusal(code: refusal.code) { facts[$0] } == refusal)
      #expect(refusal.facts.map(\.name.rawValue) == refusal.facts.map(\.name.rawValue).sorted())
      if !facts.isEmpty { #expect(AgentRefusal(code: refusal.code) { _ in nil } == nil) }
    }
    #expect(AgentRefusal(code: "MDG-1702") { _ in 0 } == nil)
    #expect(AgentRefusal(code: "MDG-1421") { _ in 1 } == nil)
  }

  @Test func `hexadecimal digits are read in one spelling`() {
    #expect(Hexadecimal.text([0, 9, 10, 255]) == "00090aff")
    #expect(Hexadecimal.bytes("00090aff") == [0, 9, 10, 255])
    #expect(Hexadecimal.bytes("") == [])
    for text in ["0", "0A", "0g", " 00", "00 ", "é0", "000"] {
      #expect(Hexadecimal.bytes(text) == nil, "\(text)")
    }
  }

  /// Answers that the office would never give: those of somebody in between, or of another server.
  @Test func `an answer that is no reply is a failure, and no other host is asked`() async throws {
    let html = "HTTP/1.1 502 Bad Gateway\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\nno"
    let cases: [(answer: String, reason: String)] = [
      ("HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n", "307"),
      (html, "502"), ("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}", "cannot be read"),
      ("HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{}", "connection"), ("nonsense", "failed"),
      ("", "ended before"), ("HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n", "connection"),
      (
        "HTTP/1.1 409 Conflict\r\nContent-Type: application/problem+json\r\nContent-Length: 19"
          + "\r\n\r\n{\"code\":\"MDG-1711\"}", "409"
      ),
    ]
    let key = try Ed25519Cryptography().makeSigningKey()
    for row in cases {
      let other = try OneAnswer(row.answer)
      let office = try #require(OfficeAddress("http://127.0.0.1:\(other.port)"))
      let transport = HTTPSTransport(
        AgentID(1), try OfficeConnection(office, authority: nil), Ed25519Cryptography(), key, .en)
      let outcome = await onThread {
        Result { () throws(TransportFailure) in try transport.exchange(Reports.report()) }
      }
      guard case .failure(let failure) = outcome else {
        Issue.record("\(row.answer): \(outcome)")
        continue
      }
      #expect(failure.reason.contains(row.reason), "\(row.answer): \(failure.reason)")
    }
  }

  @Test func `a server that says nothing is given up in time`() async throws {
    let door = try MemoryDoor()
    let server = try await RunningServer(door)
    await door.hold()
    var connection = try OfficeConnection(server.plain, authority: nil)
    connection.answerSeconds = 1
    let key = try Ed25519Cryptography().makeSigningKey()
    let transport = HTTPSTransport(AgentID(1), connection, Ed25519Cryptography(), key, .en)
    let outcome = await onThread {
      Result { () throws(TransportFailure) in try transport.exchange(Reports.report()) }
    }
    #expect(throws: TransportFailure(reason: "\(server.plain) did not answer in time")) {
      try outcome.get()
    }
    await door.letGo()
    try await server.stop()
  }
}
