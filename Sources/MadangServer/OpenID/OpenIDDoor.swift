import HTTPTypes
import Hummingbird
import MadangAccess
import MadangCrypto
import MadangPages
import MadangProgramme
import MadangViews
import Synchronization

/// Signing in by an identity provider: the authorisation code flow of OpenID Connect with PKCE.
///
/// ```
/// POST /signin/openid         ─▶ a page that goes on to the provider; a cookie binds the attempt
/// GET  /signin/openid/return  ◀─ the provider, with code and state
/// ```
/// Whatever goes wrong is one sentence at the door, and never a session.
final class OpenIDDoor: Sendable {
  let provider: OpenIDProvider
  let shown: DoorPages.Provider
  private let settings: OpenIDSettings
  private let attempts = Mutex(SignInAttempts())

  init(_ settings: OpenIDSettings) {
    self.settings = settings
    provider = OpenIDProvider(settings, clock: { YardClock.machine })
    shown = DoorPages.Provider(
      name: settings.name, takesInvitations: settings.takesInvitations)
  }

  // MARK: Going

  /// What somebody at the door wants to come back to.
  struct Errand: Sendable {
    let invitation: String?
    let back: String
    let keep: [(name: String, value: String)]
  }

  /// Begins an attempt of this browser's; where it goes.
  func begin(
    _ errand: Errand, browser: String, from address: String, language: Language, at: Instant
  ) async throws -> String {
    let (state, nonce, verifier) = (
      try OpenIDDoor.secret(), try OpenIDDoor.secret(), try OpenIDDoor.secret()
    )
    let address = try await provider.address(
      state: state, nonce: nonce, verifier: verifier, language: language)
    let attempt = SignInAttempts.Attempt(
      browser: OpenIDDoor.digest(browser), address: address, nonce: nonce, verifier: verifier,
      invitation: settings.takesInvitations ? errand.invitation : nil, back: errand.back,
      keep: errand.keep, begun: at)
    attempts.withLock { $0.begin(attempt, state: OpenIDDoor.digest(state)) }
    return address
  }

  // MARK: Coming back

  func take(state: String?, browser: String?, at: Instant) -> SignInAttempts.Attempt? {
    guard let state, let browser else { return nil }
    return attempts.withLock {
      $0.take(state: OpenIDDoor.digest(state), browser: OpenIDDoor.digest(browser), at: at)
    }
  }

  /// Who it is that came back.
  func identity(
    _ attempt: SignInAttempts.Attempt, _ query: (String) -> String?
  ) async throws(OpenIDRefusal) -> IDToken {
    if let word = query("error") {
      throw .declined(provider: settings.name, word: OpenIDDoor.shown(word))
    }
    guard try await provider.isOurs(issuer: query("iss")) else {
      throw .notBelieved(provider: settings.name, .otherIssuer)
    }
    guard let code = query("code"), (1...4_096).contains(code.utf8.count) else {
      throw .noAnswer(provider: settings.name, reason: "it sent no code")
    }
    return try await provider.identity(
      code: code, verifier: attempt.verifier, nonce: attempt.nonce, begun: attempt.begun)
  }

  // MARK: -

  static let secretCharacters = 43

  /// 32 random bytes as text: a state, a nonce, a verifier, a browser's cookie.
  static func secret() throws -> String {
    Base64URL.text(try SystemRandom.bytes(count: 32))
  }

  private static func digest(_ secret: String) -> Digest { SHA256.hash(Array(secret.utf8)) }

  /// A word of the provider's, short enough to be repeated.
  private static func shown(_ word: String) -> String {
    String(
      word.unicodeScalars.prefix(40).map { (33..<127).contains($0.value) ? Character($0) : "?" })
  }
}

extension PageRoutes {
  /// Of the attempts of this browser: short-lived, and for nobody else.
  private var attemptCookie: String { cookie + "-attempt" }

  /// For the operator: what the sentence at the door leaves out. Never a code, token or secret.
  private func note(_ refusal: any Refusing, _ context: OfficeContext) {
    var reason = "-"
    if case .noAnswer(_, let said) = refusal as? OpenIDRefusal { reason = said }
    if case .notBelieved(_, let fault) = refusal as? OpenIDRefusal { reason = fault.reason(.en) }
    log.signInFailed(
      refusal, nil, from: context.address, counter.access,
      reason: reason)
  }

  func add(_ door: OpenIDDoor, to router: Router<OfficeContext>) {
    router.post("signin/openid") { request, context in
      try await answered(request) { try await go(door, request, context) }
    }
    router.get("signin/openid/return") { request, context in
      try await answered(request) { try await comeBack(door, request, context) }
    }
  }

  private func go(
    _ door: OpenIDDoor, _ request: Request, _ context: OfficeContext
  ) async throws -> Response {
    let visit = try Visit(request, access: counter.access, cookie: cookie, at: counter.machine)
    try request.needSameOrigin()
    let fields = try await form(request, context)
    let back = Answers.back(PageRoutes.value("back", fields))
    let keep = PageRoutes.kept(fields)
    // Two tabs are one browser: both attempts hold.
    let known = Cookies(request.headers[values: .cookie])[attemptCookie]
    let isOurs = known?.utf8.count == OpenIDDoor.secretCharacters
    let browser = try isOurs ? known ?? "" : OpenIDDoor.secret()
    do {
      try rates.give(1, visit.party(context))
      let address = try await door.begin(
        OpenIDDoor.Errand(invitation: try invited(fields), back: back, keep: keep),
        browser: browser, from: context.peer, language: visit.language, at: counter.machine)
      let page = self.context(visit, "/signin")
      var response = Answers.page(
        Frame.document(DoorPages.going(to: address, name: door.shown.name, page), page),
        visit.language, cookies: [attempt(browser, seconds: SignInAttempts.seconds)])
      // A form may lead to addresses of ours alone; a page may go anywhere.
      response.headers[.refresh] = "0; url=\(address)"
      return response
    } catch let refusal as any Refusing {
      note(refusal, context)
      return shut(refusal, visit, back, keep)
    }
  }

  /// What was typed as an invitation; nothing where nothing was. What cannot be one is kept by
  /// nobody until its owner comes back.
  private func invited(_ fields: Fields) throws(AccessRefusal) -> String? {
    let typed = PageRoutes.value("invitation", fields)?.filter { $0 != " " } ?? ""
    if typed.isEmpty { return nil }
    guard AccessBook.isInvitation(typed) else { throw .badInvitation }
    return typed
  }

  private func comeBack(
    _ door: OpenIDDoor, _ request: Request, _ context: OfficeContext
  ) async throws -> Response {
    let visit = try Visit(request, access: counter.access, cookie: cookie, at: counter.machine)
    func query(_ name: String) -> String? { visit.query.first { $0.name == name }?.value }
    // A look at the head takes nothing.
    guard request.method == .get,
      let attempt = door.take(
        state: query("state"), browser: Cookies(request.headers[values: .cookie])[attemptCookie],
        at: counter.machine)
    else {
      note(OpenIDRefusal.otherAttempt, context)
      return shut(OpenIDRefusal.otherAttempt, visit, "/", [])
    }
    do {
      let token = try await door.identity(attempt, query)
      let session = try counter.access.signIn(
        issuer: token.issuer, subject: token.subject, invitation: attempt.invitation,
        at: counter.machine)
      return try enter(
        session, visit, attempt.back, attempt.keep, cookies: [self.attempt("", seconds: 0)])
    } catch let refusal as any Refusing {
      note(refusal, context)
      return shut(refusal, visit, attempt.back, attempt.keep)
    }
  }

  private func attempt(_ secret: String, seconds: Int64) -> String {
    "\(attemptCookie)=\(secret); Path=/; HttpOnly; SameSite=Lax; Max-Age=\(seconds)"
      + (isSecure ? "; Secure" : "")
  }
}

extension HTTPField.Name {
  // A token of RFC 9110, as its own use shows.
  static let refresh = HTTPField.Name("Refresh")!
}
