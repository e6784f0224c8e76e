import Foundation
import MadangAccess
import MadangAgent
import MadangCrypto
import MadangPages
import MadangProgramme
import MadangTransport

/// The identity provider as it answers: where to send people, and what became of them there.
///
/// ```
/// discovery ─▶ authorisation endpoint (the browser goes) ─▶ code ─▶ token endpoint ─▶ ID token
///           ─▶ keys ──────────────────────────────────────────────────────────────────┘ checked
/// ```
/// It trusts nothing that comes back but a token whose checks hold (`IDToken`).
actor OpenIDProvider {
  let settings: OpenIDSettings
  private let clock: @Sendable () -> Instant
  private var document: (value: Discovery, at: Instant)?
  private var keys: (value: WebKeySet, at: Instant)?
  private var asking = 0

  /// What was learnt of the provider is asked again after so long.
  private static let documentSeconds: Int64 = 3_600
  /// A key that is not known has the keys asked for again, no more often than this.
  private static let keysAnewSeconds: Int64 = 30
  private static let answerBytesMax = 256 << 10
  /// Sign-ins that wait for the provider at once: it may be slow, and each holds a connection.
  private static let askingMax = 64

  init(_ settings: OpenIDSettings, clock: @escaping @Sendable () -> Instant) {
    self.settings = settings
    self.clock = clock
  }

  /// What the provider publishes about itself (OpenID Connect Discovery 1.0).
  private struct Discovery: Decodable {
    let issuer: String
    let authorization_endpoint: String
    let token_endpoint: String
    let jwks_uri: String
    let token_endpoint_auth_methods_supported: [String]?
    let authorization_response_iss_parameter_supported: Bool?
  }

  // MARK: Going

  /// Where a browser goes to be signed in.
  func address(
    state: String, nonce: String, verifier: String, language: Language
  ) async throws(OpenIDRefusal) -> String {
    let endpoint = try await discovery().authorization_endpoint
    let challenge = SHA256.hash(Array(verifier.utf8)).bytes
    let query = OpenIDProvider.text([
      ("response_type", "code"), ("client_id", settings.client), ("scope", "openid"),
      ("redirect_uri", settings.returnAddress), ("state", state), ("nonce", nonce),
      ("code_challenge", Base64URL.text(challenge)), ("code_challenge_method", "S256"),
      ("ui_locales", language.rawValue),
    ])
    return endpoint + (endpoint.contains("?") ? "&" : "?") + query
  }

  // MARK: Coming back

  /// Whether the way back names this provider, where it names one or has to (RFC 9207).
  func isOurs(issuer: String?) async throws(OpenIDRefusal) -> Bool {
    if let issuer { return issuer == settings.issuer }
    return try await discovery().authorization_response_iss_parameter_supported != true
  }

  /// Who came back with this code.
  func identity(
    code: String, verifier: String, nonce: String, begun: Instant
  ) async throws(OpenIDRefusal) -> IDToken {
    let text = try await token(code, verifier)
    let expected = IDToken.Expectation(
      issuer: settings.issuer, client: settings.client, nonce: nonce, begun: begun)
    let known = try await knownKeys(since: OpenIDProvider.documentSeconds)
    do throws(TokenFault) {
      return try IDToken(text, known, expected, at: clock())
    } catch {
      guard error == .unknownKey else { throw .notBelieved(provider: settings.name, error) }
    }
    // The provider may have a new key since we asked.
    let anew = try await knownKeys(since: OpenIDProvider.keysAnewSeconds)
    do throws(TokenFault) {
      return try IDToken(text, anew, expected, at: clock())
    } catch {
      throw .notBelieved(provider: settings.name, error)
    }
  }

  private struct Answer: Decodable {
    let id_token: String
  }

  private func token(_ code: String, _ verifier: String) async throws(OpenIDRefusal) -> String {
    let discovery = try await discovery()
    var fields = [
      ("grant_type", "authorization_code"), ("code", code),
      ("redirect_uri", settings.returnAddress), ("code_verifier", verifier),
      ("client_id", settings.client),
    ]
    var headers: [(String, String)] = []
    if let secret = settings.secret {
      let methods = discovery.token_endpoint_auth_methods_supported ?? ["client_secret_basic"]
      if methods.contains("client_secret_basic") {
        // Each side form-encoded first (RFC 6749, 2.3.1).
        let pair = [settings.client, secret].map(PercentText.encoded).joined(separator: ":")
        headers = [("Authorization", "Basic " + Data(pair.utf8).base64EncodedString())]
      } else {
        fields.append(("client_secret", secret))
      }
    }
    let address = try address(discovery.token_endpoint)
    let body = try await asked {
      [web = settings.web, fields, headers] () throws(TransportFailure) in
      try await web.json(
        address, form: OpenIDProvider.text(fields), headers: headers,
        answerBytesMax: OpenIDProvider.answerBytesMax)
    }
    let answer: Answer = try read(body)
    return answer.id_token
  }

  // MARK: What it publishes

  private func discovery() async throws(OpenIDRefusal) -> Discovery {
    if let document, isFresh(document.at) { return document.value }
    let base = settings.issuer.hasSuffix("/") ? String(settings.issuer.dropLast()) : settings.issuer
    let body = try await got(try address(base + "/.well-known/openid-configuration"))
    let found: Discovery = try read(body)
    guard found.issuer == settings.issuer else {
      throw .notBelieved(provider: settings.name, .otherIssuer)
    }
    for endpoint in [found.authorization_endpoint, found.token_endpoint, found.jwks_uri] {
      _ = try address(endpoint)
    }
    document = (found, clock())
    return found
  }

  /// Its keys, asked for within so many seconds.
  private func knownKeys(since seconds: Int64) async throws(OpenIDRefusal) -> WebKeySet {
    if let keys, isFresh(keys.at, seconds) { return keys.value }
    let body = try await got(try address(try await discovery().jwks_uri))
    do {
      let set = try WebKeySet(body)
      keys = (set, clock())
      return set
    } catch {
      throw .noAnswer(provider: settings.name, reason: "its keys cannot be read")
    }
  }

  private func isFresh(_ at: Instant, _ seconds: Int64 = documentSeconds) -> Bool {
    (0..<seconds).contains(clock().seconds - at.seconds)
  }

  /// An address of the provider's. One that is met over TLS leads nowhere without it.
  private func address(_ text: String) throws(OpenIDRefusal) -> WebAddress {
    guard let address = WebAddress(text),
      address.server.isSecure || !settings.issuer.hasPrefix("https:")
    else { throw .noAnswer(provider: settings.name, reason: "it names an address that is none") }
    return address
  }

  // MARK: Asking

  private func got(_ address: WebAddress) async throws(OpenIDRefusal) -> [UInt8] {
    try await asked { [web = settings.web] () throws(TransportFailure) in
      try await web.json(address, answerBytesMax: OpenIDProvider.answerBytesMax)
    }
  }

  private func asked(
    _ ask: @Sendable () async throws(TransportFailure) -> [UInt8]
  ) async throws(OpenIDRefusal) -> [UInt8] {
    guard asking < OpenIDProvider.askingMax else { throw .tooManyAtOnce }
    asking += 1
    defer { asking -= 1 }
    do {
      return try await ask()
    } catch {
      throw .noAnswer(provider: settings.name, reason: error.reason)
    }
  }

  private func read<Value: Decodable>(_ body: [UInt8]) throws(OpenIDRefusal) -> Value {
    do {
      return try JSONDecoder().decode(Value.self, from: Data(body))
    } catch {
      throw .noAnswer(provider: settings.name, reason: "its answer cannot be read")
    }
  }

  private static func text(_ fields: [(String, String)]) -> String {
    fields.map { "\($0.0)=\(PercentText.encoded($0.1))" }.joined(separator: "&")
  }
}
