import Foundation
import MadangCrypto
import MadangProgramme
import Testing

@testable import MadangAccess

/// What is believed of what an identity provider says, and every way to lie.
@Suite(.enabled(if: TestProvider.openssl != nil, "there is no openssl command to make keys with"))
struct IDTokenTests {
  private static let issuer = "https://id.example/realm"
  private static let now = Instant(1_800_000_000)
  private static let expected = IDToken.Expectation(
    issuer: issuer, client: "madang", nonce: "n-0S6", begun: Instant(now.seconds - 30))
  private static let header = "{\"alg\":\"RS256\",\"kid\":\"one\"}"

  private let provider: TestProvider
  private let keys: WebKeySet

  init() throws {
    provider = try TestProvider()
    keys = try WebKeySet(
      Array(
        """
        {"keys":[\(try provider.rsa("good", ",\"kid\":\"one\",\"use\":\"sig\",\"alg\":\"RS256\"")),
        \(provider.ec(provider.p256, ",\"kid\":\"two\"")),
        \(try provider.rsa("weak", ",\"kid\":\"weak\"")),
        \(try provider.rsa("other", ",\"kid\":\"enc\",\"use\":\"enc\"")),
        {"kty":"oct","k":"c2VjcmV0","kid":"oct"},{"kty":"OKP","crv":"Ed25519","x":"AA"}]}
        """.utf8))
  }

  /// The claims of a good token, with some of them changed, or taken away by nothing.
  private static func claims(_ changes: [String: String?] = [:]) -> String {
    var claims: [String: String?] = [
      "iss": "\"\(issuer)\"", "sub": "\"248289761001\"", "aud": "\"madang\"",
      "nonce": "\"n-0S6\"", "exp": "\(now.seconds + 300)", "iat": "\(now.seconds)",
    ]
    for (name, value) in changes { claims[name] = value }
    let pairs = claims.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }.sorted()
    return "{\(pairs.joined(separator: ","))}"
  }

  private func fault(_ token: String, at: Instant = now) -> TokenFault? {
    do {
      _ = try IDToken(token, keys, IDTokenTests.expected, at: at)
      return nil
    } catch {
      return error
    }
  }

  @Test func `a token that holds says who it is`() throws {
    for token in [
      try provider.rs256(IDTokenTests.header, IDTokenTests.claims()),
      try provider.rs256("{\"alg\":\"RS256\"}", IDTokenTests.claims()),
      try provider.es256("{\"alg\":\"ES256\",\"kid\":\"two\"}", IDTokenTests.claims()),
    ] {
      let found = try IDToken(token, keys, IDTokenTests.expected, at: IDTokenTests.now)
      #expect(found.issuer == IDTokenTests.issuer && found.subject == "248289761001")
    }
  }

  @Test func `claims that lie are named`() throws {
    let now = IDTokenTests.now.seconds
    let table: [(change: [String: String?], fault: TokenFault?)] = [
      (["iss": "\"https://id.example/realm/\""], .otherIssuer),
      (["iss": "\"https://evil.example\""], .otherIssuer),
      (["iss": nil], .unreadable), (["iss": "7"], .unreadable),
      (["aud": "\"somebody\""], .otherAudience), (["aud": "[]"], .otherAudience),
      (["aud": nil], .unreadable), (["aud": "{\"madang\":1}"], .unreadable),
      (["aud": "[\"madang\"]"], nil),
      (["aud": "[\"madang\",\"other\"]"], .otherAudience),
      (["aud": "[\"madang\",\"other\"]", "azp": "\"madang\""], nil),
      (["aud": "[\"madang\",\"other\"]", "azp": "\"other\""], .otherAudience),
      (["azp": "\"other\""], .otherAudience), (["azp": "\"madang\""], nil),
      (["aud": "\"Madang\""], .otherAudience),
      (["exp": "\(now - 60)"], .over), (["exp": "\(now - 59)"], nil),
      (["exp": "\"\(now + 300)\""], .unreadable), (["exp": nil], .unreadable),
      (["exp": "0"], .over), (["exp": "-1"], .over),
      (["exp": "99999999999999999999999"], .unreadable),
      (["iat": "\(now + 61)"], .notYet), (["iat": "\(now + 60)"], nil),
      (["iat": "\(now - 91)"], .old), (["iat": "\(now - 90)"], nil), (["iat": nil], .unreadable),
      (["nbf": "\(now + 61)"], .notYet), (["nbf": "\(now)"], nil),
      (["nonce": "\"other\""], .otherNonce), (["nonce": nil], .otherNonce),
      (["nonce": "\"\""], .otherNonce), (["nonce": "\"n-0S6 \""], .otherNonce),
      (["sub": "\"\""], .noSubject), (["sub": "\"김\""], .noSubject),
      (["sub": "\"\(String(repeating: "x", count: 255))\""], nil),
      (["sub": "\"\(String(repeating: "x", count: 256))\""], .noSubject),
      (["sub": "\"a\\u0000b\""], .noSubject), (["sub": nil], .unreadable),
      (["sub": "1"], .unreadable),
    ]
    for row in table {
      let token = try provider.es256("{\"alg\":\"ES256\"}", IDTokenTests.claims(row.change))
      #expect(fault(token) == row.fault, "\(row.change)")
    }
  }

  @Test func `what is not signed by the provider is not believed, whatever it says`() throws {
    let claims = IDTokenTests.claims()
    let good = try provider.rs256(IDTokenTests.header, claims)
    let parts = good.split(separator: ".").map(String.init)
    let stranger = try P256Cryptography().makeSigningKey()
    let none = TestProvider.joined("{\"alg\":\"none\"}", claims)
    let table: [(token: String, fault: TokenFault)] = [
      ("\(none).", .otherAlgorithm("none")),
      ("\(TestProvider.joined("{\"alg\":\"None\"}", claims)).\(parts[2])", .otherAlgorithm("None")),
      (
        "\(TestProvider.joined("{\"alg\":\"HS256\",\"kid\":\"one\"}", claims)).\(parts[2])",
        .otherAlgorithm("HS256")
      ),
      (try provider.rs256("{\"alg\":\"RS512\"}", claims), .otherAlgorithm("RS512")),
      (try provider.rs256("{\"alg\":\"PS256\"}", claims), .otherAlgorithm("PS256")),
      (
        try provider.rs256("{\"alg\":\"<script>\\u202e \\n\"}", claims),
        .otherAlgorithm("<script>???")
      ),
      (try provider.rs256("{\"alg\":\"RS256\",\"kid\":\"none\"}", claims), .unknownKey),
      (
        try provider.rs256("{\"alg\":\"RS256\",\"kid\":\"enc\"}", claims, key: "other"), .unknownKey
      ),
      // A key of the set, but too weak to be believed.
      (
        try provider.rs256("{\"alg\":\"RS256\",\"kid\":\"weak\"}", claims, key: "weak"),
        .badSignature
      ),
      // The other algorithm's key under this one's name.
      (try provider.rs256("{\"alg\":\"RS256\",\"kid\":\"two\"}", claims), .unknownKey),
      (try provider.es256("{\"alg\":\"ES256\",\"kid\":\"one\"}", claims), .unknownKey),
      (try provider.rs256(IDTokenTests.header, claims, key: "other"), .badSignature),
      (try provider.es256("{\"alg\":\"ES256\"}", claims, key: stranger), .badSignature),
      (try provider.es256(IDTokenTests.header, claims), .badSignature),
      ("\(parts[0]).\(parts[1]).", .badSignature), ("\(parts[0]).\(parts[1]).AAAA", .badSignature),
      (
        "\(TestProvider.joined(IDTokenTests.header, IDTokenTests.claims(["sub": "\"1\""])))"
          + ".\(parts[2])", .badSignature
      ),
      (
        try provider.rs256("{\"alg\":\"RS256\",\"crit\":[\"exp\"]}", claims), .unreadable
      ),
    ]
    for row in table { #expect(fault(row.token) == row.fault, "\(row.token.prefix(80))") }
  }

  @Test func `what is no token at all is said so, and nothing of it is looked at`() throws {
    let good = try provider.rs256(IDTokenTests.header, IDTokenTests.claims())
    for text in [
      "", ".", "..", "...", "a.b", "a.b.c", good + ".x", good + "=", good.dropFirst() + "",
      String(repeating: "A", count: 20_000), String(repeating: ".", count: 100_000),
      TestProvider.joined("[]", "{}") + ".AA", TestProvider.joined("{}", "{}") + ".AA",
      TestProvider.joined("nothing", "{}") + ".AA", "\u{0}.\u{0}.\u{0}", "김.김.김",
      Base64URL.text(Array(String(repeating: "[", count: 9_000).utf8)) + ".AA.AA",
    ] {
      #expect(fault(text) == .unreadable, "\(text.prefix(60))")
    }
    let nested = "{\"iss\":" + String(repeating: "[", count: 5_000) + "}"
    #expect(fault(try provider.es256("{\"alg\":\"ES256\"}", nested)) == .unreadable)
  }

  @Test func `keys that cannot be used are passed over, and what is no set of keys is refused`()
    throws
  {
    #expect(keys.entries.count == 3, "the good one, the elliptic one, and the weak one")
    for text in ["", "{}", "[]", "{\"keys\":{}}", "{\"keys\":[1]}", "{\"keys\":[{\"n\":\"AA\"}]}"] {
      #expect(throws: TokenFault.unreadable) { try WebKeySet(Array(text.utf8)) }
    }
    let odd = try WebKeySet(
      Array(
        """
        {"keys":[{"kty":"RSA","n":"","e":"AQAB"},{"kty":"RSA","n":"AQAB","e":""},
        {"kty":"EC","crv":"P-256","x":"AA","y":"AA"},{"kty":"EC","crv":"P-521","x":"AA","y":"AA"},
        {"kty":"RSA","n":"=","e":"AQAB"},{"kty":"RSA"}]}
        """.utf8))
    let token = try provider.rs256("{\"alg\":\"RS256\"}", IDTokenTests.claims())
    #expect(throws: TokenFault.badSignature) {
      try IDToken(token, odd, IDTokenTests.expected, at: IDTokenTests.now)
    }
    let list = Array(repeating: provider.ec(provider.p256), count: 500).joined(separator: ",")
    let many = try WebKeySet(Array("{\"keys\":[\(list)]}".utf8))
    #expect(many.entries.count == WebKeySet.keysMax)
  }

  @Test func `a fault has its reason in both languages`() {
    let faults: [TokenFault] = [
      .unreadable, .otherAlgorithm("x"), .unknownKey, .badSignature, .otherIssuer, .otherAudience,
      .over, .notYet, .old, .otherNonce, .noSubject,
    ]
    #expect(Set(faults.map { $0.reason(.ko) }).count == faults.count)
    #expect(Set(faults.map { $0.reason(.en) }).count == faults.count)
  }
}
