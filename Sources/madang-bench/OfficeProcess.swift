import Foundation
import Glibc

/// `madang demo --listen` in a process of its own.
final class OfficeProcess: Sendable {
  let port: UInt16
  let process: pid_t
  private let binary: URL
  private let data: String

  /// Runs `body` beside a server with the sample in a folder of its own; says so where there is
  /// none to run.
  static func running(_ bench: String, _ body: (OfficeProcess) throws -> Void) throws {
    let binary = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("madang")
    guard FileManager.default.isExecutableFile(atPath: binary.path),
      FileManager.default.fileExists(atPath: "Programmes/korea-2025")
    else {
      Measure.warn(
        "\(bench): skipped, there is no \(binary.path) or no Programmes/korea-2025 here.")
      return
    }
    try JournalBenches.inFolder { folder in
      let server = try OfficeProcess(binary, folder + "/yard")
      defer { server.stop() }
      try body(server)
    }
  }

  private init(_ binary: URL, _ data: String) throws {
    (self.binary, self.data) = (binary, data)
    let process = Process()
    process.executableURL = binary
    process.arguments = ["demo", "--data", data, "--listen", "127.0.0.1:0", "--lang", "en"]
    let told = Pipe()
    process.standardError = told
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    self.process = process.processIdentifier
    var text = ""
    var found: UInt16?
    while found == nil {
      let data = told.fileHandleForReading.availableData
      if data.isEmpty { break }
      text += String(decoding: data, as: UTF8.self)
      if let range = text.range(of: "Open at http://127.0.0.1:") {
        found = UInt16(text[range.upperBound...].prefix { $0.isNumber })
      }
    }
    told.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
    guard let found else { throw BenchFailure(text) }
    port = found
  }

  func stop() {
    kill(process, SIGTERM)
    usleep(500_000)
  }

  func signIn(_ name: String) throws -> String {
    let body = "name=\(name)&password=open-the-yard&back=/"
    guard let connection = ClientConnection(port: port),
      connection.ask(
        "POST /signin HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
          + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"),
      let start = connection.head.range(of: "madang=")
    else { throw BenchFailure("nobody could sign in") }
    return "madang=" + connection.head[start.upperBound...].prefix { $0 != ";" }
  }

  /// Of an officer; made, where it is not the demo's own.
  func token(of name: String = "officer") throws -> String {
    if name != "officer" {
      try said(["user", "add", name, "--role", "officer"], input: "open-the-benches")
    }
    let text = try said(["user", "token", "make", name, "--label", "bench", "--json"])
    guard let start = text.range(of: "\"madang_") else { throw BenchFailure(text) }
    return "madang_" + text[start.upperBound...].prefix { $0 != "\"" }
  }

  @discardableResult
  private func said(_ arguments: [String], input: String = "") throws -> String {
    let process = Process()
    process.executableURL = binary
    process.arguments = arguments + ["--data", data]
    let (put, out) = (Pipe(), Pipe())
    process.standardInput = put
    process.standardOutput = out
    try process.run()
    try put.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try put.fileHandleForWriting.close()
    let text = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }
}

struct BenchFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// A connection that asks and waits, one request at a time.
final class ClientConnection {
  private let socket: Int32
  private(set) var head = ""
  private(set) var body: [UInt8] = []
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  init?(port: UInt16) {
    socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard socket >= 0 else { return nil }
    var one: Int32 = 1
    setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else { return nil }
  }

  deinit { close(socket) }

  /// Whether a whole answer of success came.
  func ask(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard send(socket, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count else {
      return false
    }
    var answer: [UInt8] = []
    var needed = Int.max
    var start = 0
    while answer.count < needed {
      let count = recv(socket, &buffer, buffer.count, 0)
      guard count > 0 else { return false }
      answer += buffer[..<count]
      guard needed == .max, let end = ClientConnection.headEnd(answer) else { continue }
      head = String(decoding: answer[..<end], as: UTF8.self)
      guard let length = ClientConnection.length(head) else { return false }
      needed = end + length
      start = end
    }
    body = Array(answer[start...])
    return head.hasPrefix("HTTP/1.1 2") || head.hasPrefix("HTTP/1.1 303")
  }

  private static func headEnd(_ bytes: [UInt8]) -> Int? {
    var index = 0
    while index + 3 < bytes.count {
      if bytes[index] == 13, bytes[index + 1] == 10, bytes[index + 2] == 13 { return index + 4 }
      index += 1
    }
    return nil
  }

  private static func length(_ head: String) -> Int? {
    for line in head.split(separator: "\r\n") {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2, parts[0].lowercased() == "content-length" {
        return Int(parts[1].filter { $0 != " " })
      }
    }
    return nil
  }
}
