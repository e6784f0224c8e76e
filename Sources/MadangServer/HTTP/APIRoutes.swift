import HTTPTypes
import Hummingbird
import Logging
import MadangAccess
import MadangCrypto
import MadangJournal
import MadangPages
import MadangProgramme
import MadangViews

/// The API under `/api/v1`, dispatched from the declarations that also describe it.
struct APIRoutes: Sendable {
  let counter: Counter
  let rates: RateLimits
  let cookie: String
  let log: Logger
  /// Answers to strangers, who all get the same.
  let cache = PageCache()

  /// Bytes of a body: a form's worth.
  static let bodyBytesMax = 64 << 10

  func add(to router: Router<OfficeContext>) {
    for operation in Operation.all {
      let path = RouterPath(
        String(operation.path.dropFirst().filter { $0 != "}" }.map { $0 == "{" ? ":" : $0 }))
      switch operation.method {
      case .get:
        router.get(path) { request, context in try read(operation, request, context) }
      case .post:
        router.post(path) { request, context in
          operation.id == "makeToken"
            ? try await signIn(operation, request, context)
            : try await decide(operation, request, context)
        }
      }
    }
    let document = OpenAPI.document(version: "1").pretty + "\n"
    router.get("openapi.json") { _, _ in
      Response(
        status: .ok, headers: [.contentType: "application/json"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: document)))
    }
  }

  private func read(
    _ operation: Operation, _ request: Request, _ context: OfficeContext
  ) throws -> Response {
    let visit = try Visit(request, access: counter.access, cookie: cookie, at: counter.machine)
    try visit.needAddress()
    let values = try Values(operation, context.parameters, visit.query)
    let moment = counter.journal.moment
    let programme = moment.programme
    try check(operation, visit.caller, values, programme)
    // A head is signed without an event, and an engine is read back without one.
    let isFleeting =
      operation.path.hasPrefix("/api/v1/ledger/") || operation.id == "getCluster"
    let isForPeople = APIRoutes.isForPeople(request)
    let tag = Tag(
      moment, counter.begun, visit, changesWith: isFleeting ? .moment : .programme,
      at: (isForPeople ? "text " : "json ") + request.uri.string)
    if tag.matches(request) { return tag.notModified() }
    let form = isForPeople ? "text " : ""
    let key = PageCache.Key(
      events: programme.eventCount, language: visit.language, address: form + request.uri.string)
    let isKept = !isFleeting && !visit.caller.isSignedIn
    if isKept, let known = cache[key] {
      return isForPeople
        ? APIRoutes.text(known, visit.language, tag) : APIRoutes.json(known, tag)
    }
    let (text, next) = try rates.work(visit.party(context)) {
      let answer = try counter.read(
        operation, values, by: visit.caller, in: visit.language, of: programme)
      let text = isForPeople ? answer.text(visit.language) + "\n" : answer.json.compact
      return (ByteBuffer(string: text), answer.next)
    }
    // A text that goes on elsewhere says so in its head, which is not kept.
    if isKept, !isForPeople || next == nil { cache[key] = text }
    return isForPeople
      ? APIRoutes.text(text, visit.language, tag, next: next, of: request)
      : APIRoutes.json(text, tag)
  }

  // MARK: Answers

  private static func json(_ text: ByteBuffer, _ tag: Tag?) -> Response {
    var headers: HTTPFields = [.contentType: "application/json", .cacheControl: "no-store"]
    tag?.set(&headers)
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: text))
  }

  /// As a terminal shows it. Where a list goes on stands in `Link` (RFC 8288).
  private static func text(
    _ text: ByteBuffer, _ language: Language, _ tag: Tag?, next: Int64? = nil,
    of request: Request? = nil
  ) -> Response {
    var headers: HTTPFields = [
      .contentType: "text/plain; charset=utf-8", .contentLanguage: language.rawValue,
      .cacheControl: "no-store",
    ]
    tag?.set(&headers)
    if let next, let request {
      headers[.link] = "<\(APIRoutes.address(of: request, at: next))>; rel=\"next\""
    }
    return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: text))
  }

  /// The same address from this row on: what else it asks for stays.
  private static func address(of request: Request, at cursor: Int64) -> String {
    let rest = (request.uri.query ?? "").split(separator: "&").filter { !$0.hasPrefix("cursor=") }
    return request.uri.path + "?" + (["cursor=\(cursor)"] + rest).joined(separator: "&")
  }

  /// Whether text is asked for, before anything else.
  private static func isForPeople(_ request: Request) -> Bool {
    let first = (request.headers[.accept] ?? "").split(separator: ",").first
    return first?.lowercased().hasPrefix("text/plain") == true
  }

  private func decide(
    _ operation: Operation, _ request: Request, _ context: OfficeContext
  ) async throws -> Response {
    let visit = try Visit(request, access: counter.access, cookie: cookie, at: counter.machine)
    let body = try await context.body(
      of: request, bytesMax: APIRoutes.bodyBytesMax)
    if let session = visit.session {
      // A browser sends its cookie whoever asks it to: the form's secret shows that we did.
      try request.needSameOrigin()
      guard session.accepts(csrf: request.headers[.csrf] ?? "") else { throw HTTPRefusal.otherForm }
    }
    try needJSON(request, body)
    try visit.needAddress()
    var values = try Values(operation, context.parameters, visit.query)
    // A body's organisation decides whether it is the caller's affair, so the body is read first.
    guard visit.caller.isSignedIn || operation.access == .anyone else {
      throw HTTPRefusal.signInFirst
    }
    try rates.work(visit.party(context)) { try values.add(operation, json: body) }
    try rates.give(operation.commandCount(values), visit.party(context))
    let key = request.headers[.idempotencyKey]
    let given = values
    let answer = try await counter.once(
      operation, given, by: visit.caller, key: key, in: visit.language
    ) {
      try check(operation, visit.caller, given, counter.programme)
      return try await counter.decide(
        operation, given, by: visit.caller, key: key, in: visit.language, bearing: visit.bearer)
    }
    return APIRoutes.isForPeople(request)
      ? APIRoutes.text(
        ByteBuffer(string: answer.text(visit.language) + "\n"), visit.language, nil)
      : APIRoutes.json(ByteBuffer(string: answer.json.compact), nil)
  }

  private func check(
    _ operation: Operation, _ caller: Caller, _ values: Values, _ programme: Programme
  ) throws(HTTPRefusal) {
    if operation.access.allows(caller, values, in: programme) { return }
    throw caller.isSignedIn ? .notYours : .signInFirst
  }
}

/// What an answer depends on, so that a client that has it already is told so (RFC 9110, 8.8.3).
struct Tag: Sendable {
  enum Dependence {
    /// On the events so far.
    case programme
    /// On what the clock or an engine says too: it is never kept.
    case moment
  }

  private let value: String?
  private let isPublic: Bool

  /// `address` tells one answer from another, in one language, of one moment of one process.
  init(
    _ moment: Journal.Moment, _ begun: Instant, _ visit: Visit,
    changesWith dependence: Dependence, at address: String
  ) {
    isPublic = !visit.caller.isSignedIn
    guard dependence == .programme, isPublic else {
      value = nil
      return
    }
    let words = [
      "\(moment.programme.eventCount)", "\(moment.root)", "\(begun.seconds)", Assets.version,
      visit.language.rawValue, address,
    ]
    let digest = SHA256.hash(Array(words.joined(separator: " ").utf8))
    value = "\"\(digest.hex.prefix(32))\""
  }

  /// Of a file that a build has.
  init(build: String) {
    isPublic = true
    value = "\"\(build)\""
  }

  func matches(_ request: Request) -> Bool {
    guard let value, let known = request.headers[.ifNoneMatch] else { return false }
    return known.split(separator: ",").contains { part in
      part.filter { $0 != " " } == value || part.filter { $0 != " " } == "W/" + value
    }
  }

  func set(_ headers: inout HTTPFields) {
    headers[.vary] = "Accept, Accept-Language, Cookie, Authorization"
    if let value {
      headers[.eTag] = value
      headers[.cacheControl] = "no-cache"
    } else {
      headers[.cacheControl] = "no-store"
    }
  }

  func notModified() -> Response {
    var headers: HTTPFields = [:]
    set(&headers)
    return Response(status: .notModified, headers: headers)
  }
}

extension HTTPField.Name {
  // Tokens of RFC 9110, as their own use shows.
  static let csrf = HTTPField.Name("X-Madang-Form")!
  static let link = HTTPField.Name("Link")!
  static let idempotencyKey = HTTPField.Name("Idempotency-Key")!
}
