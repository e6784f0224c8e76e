import MadangCrypto

/// An identity provider's public keys (RFC 7517). Those of another kind, another use, or too weak
/// are passed over, as the RFC has it.
public struct WebKeySet: Sendable {
  struct Entry: Sendable {
    let id: String?
    let algorithm: WebToken.Algorithm
    let key: ForeignKey
  }

  let entries: [Entry]

  /// A provider has a handful; each may cost a check.
  static let keysMax = 32

  private struct Document: Decodable {
    let keys: [Key]
  }

  private struct Key: Decodable {
    let kty: String
    let kid: String?
    let use: String?
    let alg: String?
    let crv: String?
    let n: String?
    let e: String?
    let x: String?
    let y: String?
  }

  /// Throws: `unreadable` for what is no set of keys.
  public init(_ document: [UInt8]) throws(TokenFault) {
    let found: Document = try WebToken.decoded(document)
    entries = found.keys.prefix(WebKeySet.keysMax).compactMap { WebKeySet.entry($0) }
  }

  private static func entry(_ key: Key) -> Entry? {
    guard key.use ?? "sig" == "sig" else { return nil }
    switch key.kty {
    case "RSA":
      guard key.alg ?? "RS256" == "RS256", let n = key.n.flatMap(Base64URL.bytes),
        let e = key.e.flatMap(Base64URL.bytes)
      else { return nil }
      return Entry(id: key.kid, algorithm: .rs256, key: .rsa(modulus: n, exponent: e))
    case "EC":
      guard key.alg ?? "ES256" == "ES256", key.crv == "P-256",
        let x = key.x.flatMap(Base64URL.bytes), let y = key.y.flatMap(Base64URL.bytes)
      else { return nil }
      return Entry(id: key.kid, algorithm: .es256, key: .p256(x: x, y: y))
    default: return nil
    }
  }

  /// The keys that this token can be signed with: of its algorithm, and of its name where it
  /// names one.
  func keys(for token: WebToken) -> [ForeignKey] {
    entries.filter { entry in
      entry.algorithm == token.algorithm
        && (token.keyID == nil || entry.id == nil || entry.id == token.keyID)
    }.map(\.key)
  }
}
