public import MadangProgramme

/// What an identity provider says of somebody (OpenID Connect Core 1.0, 2), believed.
///
/// ```
/// let token = try IDToken(text, keys, IDToken.Expectation(...), at: now)
/// book.signIn(issuer: token.issuer, subject: token.subject, invitation: nil, at: now)
/// ```
/// Invariant: there is none that was not signed by one of the issuer's keys for this client and
/// this attempt, and none that is over.
public struct IDToken: Sendable, Hashable {
  public let issuer: String
  /// Whom it is about: the issuer's own name for them, never given to another.
  public let subject: String

  /// What an attempt to sign in waits for.
  public struct Expectation: Sendable {
    let issuer: String
    let client: String
    let nonce: String
    /// When the attempt began: what was signed before is of another.
    let begun: Instant

    public init(issuer: String, client: String, nonce: String, begun: Instant) {
      self.issuer = issuer
      self.client = client
      self.nonce = nonce
      self.begun = begun
    }
  }

  /// How far two machines' clocks may be apart.
  public static let skewSeconds: Int64 = 60
  static let subjectBytesMax = 255
  private static let audiencesMax = 20

  private struct Claims: Decodable {
    let iss: String
    let sub: String
    let aud: Audience
    let azp: String?
    let exp: Int64
    let iat: Int64
    let nbf: Int64?
    let nonce: String?
  }

  /// One name, or several.
  private struct Audience: Decodable {
    let names: [String]

    init(from decoder: any Decoder) throws {
      let value = try decoder.singleValueContainer()
      // Asks whether it is one name; the second throws where it is neither.
      if let name = try? value.decode(String.self) {
        names = [name]
      } else {
        names = try value.decode([String].self)
      }
    }
  }

  /// Faults, in this order: unreadable, algorithm, key, signature, issuer, audience, times, nonce,
  /// subject. Nothing of the payload is looked at before its signature holds.
  public init(
    _ text: String, _ keys: WebKeySet, _ expected: Expectation, at: Instant
  ) throws(TokenFault) {
    let token = try WebToken(text)
    let candidates = keys.keys(for: token)
    guard !candidates.isEmpty else { throw .unknownKey }
    guard token.isSigned(by: candidates) else { throw .badSignature }
    let claims: Claims = try WebToken.decoded(token.payload)
    guard claims.iss == expected.issuer else { throw .otherIssuer }
    guard IDToken.isFor(expected.client, claims.aud.names, claims.azp) else {
      throw .otherAudience
    }
    try IDToken.checkTimes(claims, expected.begun, at)
    guard let nonce = claims.nonce, Secret.areEqual(nonce, expected.nonce) else {
      throw .otherNonce
    }
    guard (1...IDToken.subjectBytesMax).contains(claims.sub.utf8.count),
      claims.sub.utf8.allSatisfy({ (32..<127).contains($0) })
    else { throw .noSubject }
    issuer = claims.iss
    subject = claims.sub
  }

  /// It is for us; where it is for others too, it says that it was made for us.
  private static func isFor(_ client: String, _ names: [String], _ azp: String?) -> Bool {
    guard names.count <= audiencesMax, names.contains(client) else { return false }
    return azp.map { $0 == client } ?? (names.count == 1)
  }

  private static func checkTimes(
    _ claims: Claims, _ begun: Instant, _ at: Instant
  ) throws(TokenFault) {
    let (early, late) = (at.seconds - skewSeconds, at.seconds + skewSeconds)
    guard claims.exp > early else { throw .over }
    guard claims.iat <= late, claims.nbf ?? 0 <= late else { throw .notYet }
    guard claims.iat >= begun.seconds - skewSeconds else { throw .old }
  }
}
