import Foundation
import MadangServer

/// Throwaway authorities and certificates for the loopback, made by the `openssl` command.
final class Certificates: Sendable {
  static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl", "/opt/homebrew/bin/openssl"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }
  static let missing: String = "there is no openssl command to make certificates with"

  private let folder: TestFolder

  init() throws {
    folder = try TestFolder()
    for name in ["ca", "stranger"] {
      try run(
        "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-keyout", "\(name).key", "-out", "\(name).pem", "-days", "2", "-subj", "/CN=\(name)",
        "-addext", "basicConstraints=critical,CA:TRUE",
        "-addext", "keyUsage=critical,keyCertSign")
    }
    try run(
      "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
      "-keyout", "server.key", "-out", "server.csr", "-subj", "/CN=office")
    try sign("good", alternative: "IP:127.0.0.1")
    try sign("elsewhere", alternative: "DNS:office.example,IP:127.0.0.2")
    try sign("over", alternative: "IP:127.0.0.1", days: "-1")
  }

  /// Who vouches for the certificates, and somebody who does not.
  var authority: String { folder.path + "/ca.pem" }
  var stranger: String { folder.path + "/stranger.pem" }

  /// For 127.0.0.1; for another name and address; and one whose time is over.
  var good: TLSFiles { files("good") }
  var elsewhere: TLSFiles { files("elsewhere") }
  var over: TLSFiles { files("over") }

  /// The whole answer to a request over TLS, as it comes.
  func ask(_ port: Int, _ path: String) async throws -> String {
    try await onThread {
      Result {
        let process = Process()
        let (input, output) = (Pipe(), Pipe())
        process.executableURL = URL(fileURLWithPath: Certificates.openssl ?? "")
        process.arguments = ["s_client", "-quiet", "-connect", "127.0.0.1:\(port)"]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let request = "GET \(path) HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n"
        try input.fileHandleForWriting.write(contentsOf: Data(request.utf8))
        let answer = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: answer, as: UTF8.self)
      }
    }.get()
  }

  private func files(_ name: String) -> TLSFiles {
    TLSFiles(certificate: "\(folder.path)/\(name).pem", key: folder.path + "/server.key")
  }

  private func sign(_ name: String, alternative: String, days: String = "2") throws {
    try Data("subjectAltName=\(alternative)\n".utf8)
      .write(to: URL(fileURLWithPath: "\(folder.path)/\(name).ext"))
    try run(
      "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
      "-CAcreateserial", "-days", days, "-out", "\(name).pem", "-extfile", "\(name).ext")
  }

  private func run(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Certificates.openssl ?? "")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardError = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Unexpected("openssl \(arguments) ended with \(process.terminationStatus)")
    }
  }
}
