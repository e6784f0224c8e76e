import HTTPTypes
import Hummingbird
import MadangAccess
import MadangPages
import MadangProgramme
import MadangViews

/// Who sends a request, in which language: read from its headers once.
struct Visit: Sendable {
  let caller: Caller
  /// Nothing for somebody signed out, and for a program with a token.
  let session: Session?
  let language: Language
  let query: [(name: String, value: String)]
  /// The token that it came with, where it was believed.
  let bearer: String?
  /// Whether the address can be read: its query is empty where it is torn.
  let isReadable: Bool

  static let languageCookie = "language"

  /// By a token (`Authorization: Bearer …`) or by a session's cookie.
  ///
  /// Throws: a token that is wrong, over or revoked. A session that is over is nobody's: pages then
  /// show what everybody may see.
  init(
    _ request: Request, access: AccessBook, cookie: String, at: Instant
  ) throws(HTTPRefusal) {
    let cookies = Cookies(request.headers[values: .cookie])
    language =
      cookies[Visit.languageCookie].flatMap { Language(rawValue: $0) }
      ?? Language(accepting: request.headers[.acceptLanguage])
    let fields = PercentText.fields(request.uri.query ?? "")
    query = fields ?? []
    isReadable = fields != nil
    if let header = request.headers[.authorization] {
      let token = String(header.dropFirst(7))
      guard header.lowercased().hasPrefix("bearer "),
        let caller = access.caller(token: token, at: at)
      else { throw .badToken }
      self.caller = caller
      bearer = token
      session = nil
      return
    }
    bearer = nil
    session = cookies[cookie].flatMap { access.session($0, at: at) }
    caller = session?.caller ?? .passerBy
  }

  /// Whose requests count together with this one: an account's, however often it signs in.
  func party(_ context: OfficeContext) -> RateLimits.Party {
    caller.account.map { .account($0) } ?? .address(context.peer)
  }

  /// Nothing is done by half of what was asked.
  func needAddress() throws(HTTPRefusal) {
    if !isReadable { throw .unreadable }
  }
}

/// The cookies of a request (RFC 6265); the first of a name.
struct Cookies: Sendable {
  private let pairs: [(name: Substring, value: Substring)]

  init(_ headers: [String]) {
    pairs = headers.prefix(4).flatMap { header in
      header.split(separator: ";").prefix(50).map { part in
        let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (
          name: Cookies.trimmed(sides[0]), value: Cookies.trimmed(sides.count > 1 ? sides[1] : "")
        )
      }
    }
  }

  subscript(name: String) -> String? {
    pairs.first { $0.name == name }.map { String($0.value) }
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text
    while text.first == " " { text = text.dropFirst() }
    while text.last == " " { text = text.dropLast() }
    return text
  }
}
