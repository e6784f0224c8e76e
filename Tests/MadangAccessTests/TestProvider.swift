import Foundation
import MadangCrypto
import Testing

@testable import MadangAccess

/// Keys of an identity provider, made in the test, and tokens signed with them.
///
/// RSA keys are made and used by the `openssl` command, so that one implementation checks another.
final class TestProvider: Sendable {
  static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl", "/opt/homebrew/bin/openssl"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  private let folder: TestFolder
  let p256: SigningKey

  init() throws {
    folder = try TestFolder()
    p256 = try P256Cryptography().makeSigningKey()
    for (name, bits) in [("good", "2048"), ("other", "2048"), ("weak", "1024")] {
      _ = try run(
        ["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:\(bits)", "-out", name])
    }
  }

  // MARK: Keys

  func rsa(_ name: String, _ more: String = "") throws -> String {
    let said = String(decoding: try run(["rsa", "-in", name, "-noout", "-modulus"]), as: UTF8.self)
    let digits = said.split(separator: "=")[1].filter(\.isHexDigit).lowercased()
    let modulus = try #require(Hexadecimal.bytes(digits))
    return """
      {"kty":"RSA","n":"\(Base64URL.text(modulus))","e":"AQAB"\(more)}
      """
  }

  func ec(_ key: SigningKey, _ more: String = "") -> String {
    let x = Base64URL.text(Array(key.publicBytes[1..<33]))
    let y = Base64URL.text(Array(key.publicBytes[33..<65]))
    return """
      {"kty":"EC","crv":"P-256","x":"\(x)","y":"\(y)"\(more)}
      """
  }

  // MARK: Tokens

  func rs256(_ header: String, _ payload: String, key: String = "good") throws -> String {
    let signed = TestProvider.joined(header, payload)
    let path = folder.path + "/signed"
    try Data(signed.utf8).write(to: URL(fileURLWithPath: path))
    let signature = try run(["dgst", "-sha256", "-sign", key, path])
    return "\(signed).\(Base64URL.text([UInt8](signature)))"
  }

  func es256(_ header: String, _ payload: String, key: SigningKey? = nil) throws -> String {
    let signed = TestProvider.joined(header, payload)
    let signature = try P256Cryptography().sign(Array(signed.utf8), with: key ?? p256)
    return "\(signed).\(Base64URL.text(signature.bytes))"
  }

  static func joined(_ header: String, _ payload: String) -> String {
    "\(Base64URL.text(Array(header.utf8))).\(Base64URL.text(Array(payload.utf8)))"
  }

  private func run(_ arguments: [String]) throws -> Data {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: TestProvider.openssl ?? "")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let said = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { throw CocoaError(.fileReadUnknown) }
    return said
  }
}
