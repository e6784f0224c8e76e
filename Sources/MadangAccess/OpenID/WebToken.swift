import Foundation
import MadangCrypto

/// A signed token in its compact form (RFC 7515): three parts of base64url with points between.
///
///     BASE64URL(header) . BASE64URL(payload) . BASE64URL(signature)
///
/// Nothing in it is believed before `isSigned`. The header names an algorithm out of two that are
/// checked with a public key: `none` and those with a shared secret are not among them, so that
/// nobody can sign with what everybody knows.
struct WebToken: Sendable {
  enum Algorithm: String, Sendable {
    case rs256 = "RS256"
    case es256 = "ES256"
  }

  let algorithm: Algorithm
  /// Which of the provider's keys it says it is signed with.
  let keyID: String?
  let payload: [UInt8]
  private let signature: [UInt8]
  private let signed: [UInt8]

  /// No provider's says more than a few hundred words.
  static let bytesMax = 16 << 10

  private struct Header: Decodable {
    let alg: String
    let kid: String?
    let crit: [String]?
  }

  init(_ text: String) throws(TokenFault) {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    guard text.utf8.count <= WebToken.bytesMax, parts.count == 3,
      let first = Base64URL.bytes(parts[0]), let payload = Base64URL.bytes(parts[1]),
      let signature = Base64URL.bytes(parts[2])
    else { throw .unreadable }
    let header: Header = try WebToken.decoded(first)
    // What has to be understood to be believed, and is not.
    guard header.crit == nil else { throw .unreadable }
    guard let algorithm = Algorithm(rawValue: header.alg) else {
      throw .otherAlgorithm(WebToken.shown(header.alg))
    }
    self.algorithm = algorithm
    keyID = header.kid
    self.payload = payload
    self.signature = signature
    signed = Array("\(parts[0]).\(parts[1])".utf8)
  }

  /// Whether one of these keys signed it.
  func isSigned(by keys: [ForeignKey]) -> Bool {
    keys.contains { $0.verifies(signature, over: signed) }
  }

  static func decoded<Value: Decodable>(_ bytes: [UInt8]) throws(TokenFault) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(bytes))
    } catch {
      throw .unreadable
    }
  }

  /// A word that a stranger chose, short enough to be repeated.
  static func shown(_ word: String) -> String {
    String(
      word.unicodeScalars.prefix(40).map { (33..<127).contains($0.value) ? Character($0) : "?" })
  }
}
