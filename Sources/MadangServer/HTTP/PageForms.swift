import HTTPTypes
import Hummingbird
import Logging
import MadangAccess
import MadangJournal
import MadangPages
import MadangProgramme
import MadangViews

/// Forms: signing in and out, and giving commands.
extension PageRoutes {
  typealias Fields = [(name: String, value: String)]

  func form(_ request: Request, _ context: OfficeContext) async throws -> Fields {
    let body = try await context.body(
      of: request, bytesMax: APIRoutes.bodyBytesMax)
    guard let text = String(validating: body, as: UTF8.self),
      let fields = PercentText.fields(text, max: PageRoutes.fieldsMax)
    else { throw HTTPRefusal.unreadable }
    return fields
  }

  /// A grid has a field for each of its boxes.
  private static let fieldsMax = 2_000

  static func value(_ name: String, _ fields: Fields) -> String? {
    fields.last { $0.name == name }?.value
  }

  /// What comes along through the door, by its own names.
  static func kept(_ fields: Fields) -> Fields {
    fields.filter { $0.name.hasPrefix(DoorPages.kept) }
      .map { (String($0.name.dropFirst(DoorPages.kept.count)), $0.value) }
  }

  // MARK: The door

  func signInPage(_ request: Request) throws -> Response {
    let visit = try Visit(request, access: counter.access, cookie: cookie, at: counter.machine)
    try visit.needAddress()
    if let turned = chosen(request, visit) { return turned }
    let page = self.context(visit, "/signin")
    return Answers.page(
      Frame.document(door(Answers.back(page.query("back")), [], nil, page), page), visit.language)
  }

  func door(
    _ back: String, _ keep: Fields, _ refusal: (any Refusing)?, _ context: PageContext
  ) -> Page {
    DoorPages.signIn(
      back: back, keep: keep, refusal: refusal, provider: openID?.shown,
      demo: counter.demo.map { account in
        let roles = account.grants.map { $0.role.name(context.language) }
        return (account.name, account.password, roles.joined(separator: ", "))
      }, context)
  }

  func signIn(_ request: Request, _ context: OfficeContext) async throws -> Response {
    let visit = try Visit(request, access: counter.access, cookie: cookie, at: counter.machine)
    try request.needSameOrigin()
    let fields = try await form(request, context)
    let back = Answers.back(PageRoutes.value("back", fields))
    let keep = PageRoutes.kept(fields)
    let name = PageRoutes.value("name", fields) ?? ""
    let address = context.address
    do throws(AccessRefusal) {
      let session = try await counter.access.signIn(
        name, password: PageRoutes.value("password", fields) ?? "", from: address,
        at: counter.machine)
      return try enter(session, visit, back, keep)
    } catch {
      log.signInFailed(error, name, from: address, counter.access)
      return shut(error, visit, back, keep)
    }
  }

  /// In, and on with what somebody was doing.
  func enter(
    _ session: Session, _ visit: Visit, _ back: String, _ keep: Fields, cookies: [String] = []
  ) throws(AccessRefusal) -> Response {
    if let secret = visit.session?.secret { try counter.access.endSession(secret) }
    // A session that is used goes on beyond its first two hours, and so does what shows it: when it
    // ends is the server's to know.
    let cookies = [cookie(session.secret, seconds: SessionLimits.wholeSeconds)] + cookies
    guard let operation = PageRoutes.value("then", keep).flatMap({ Operation.named($0) }) else {
      return Answers.see(PageRoutes.with(back, .signedIn), cookies: cookies)
    }
    let page = self.context(visit, insteadOf: back, session: session)
    return Answers.page(
      Frame.document(again(operation, keep, back, nil, HTTPRefusal.otherForm, page), page),
      visit.language, cookies: cookies)
  }

  /// Not in: the door again, with what was typed.
  func shut(
    _ refusal: any Refusing, _ visit: Visit, _ back: String, _ keep: Fields
  ) -> Response {
    let page = doorContext(visit, back)
    return Answers.page(
      Frame.document(door(back, keep, refusal, page), page), visit.language, because: refusal)
  }

  /// Of the door that leads back there.
  private func doorContext(_ visit: Visit, _ back: String) -> PageContext {
    context(visit, insteadOf: "/signin?back=" + PercentText.encoded(back))
  }

  func signOut(_ request: Request, _ context: OfficeContext) async throws -> Response {
    let visit = try Visit(request, access: counter.access, cookie: cookie, at: counter.machine)
    try request.needSameOrigin()
    let fields = try await form(request, context)
    guard let session = visit.session else { return Answers.see("/") }
    guard session.accepts(csrf: PageRoutes.value("csrf", fields) ?? "") else {
      throw HTTPRefusal.otherForm
    }
    try counter.access.endSession(session.secret)
    return Answers.see(PageRoutes.with("/", .signedOut), cookies: [cookie("", seconds: 0)])
  }

  func cookie(_ secret: String, seconds: Int64) -> String {
    "\(cookie)=\(secret); Path=/; HttpOnly; SameSite=Lax; Max-Age=\(max(0, seconds))"
      + (isSecure ? "; Secure" : "")
  }

  static func with(_ path: String, _ notice: Notice) -> String {
    let parts = path.split(separator: "#", maxSplits: 1)
    let start = parts.first.map(String.init) ?? "/"
    let joined = start + (start.contains("?") ? "&" : "?") + "notice=\(notice.rawValue)"
    return parts.count > 1 ? joined + "#" + parts[1] : joined
  }

  // MARK: Commands

  func decide(_ request: Request, _ context: OfficeContext) async throws -> Response {
    let visit = try Visit(request, access: counter.access, cookie: cookie, at: counter.machine)
    guard let operation = Operation.named(context.parameters.get("operation") ?? ""),
      operation.method == .post
    else { throw HTTPRefusal.nothingThere }
    try request.needSameOrigin()
    let fields = try await form(request, context)
    let back = Answers.back(PageRoutes.value("back", fields))
    let kept = fields.filter { !["csrf", "back"].contains($0.name) }
    guard let session = visit.session else {
      // The session is over. What was typed comes along through the door.
      let page = doorContext(visit, back)
      let keep = kept + [("then", operation.id)]
      return Answers.page(
        Frame.document(door(back, keep, HTTPRefusal.signInFirst, page), page), visit.language,
        because: HTTPRefusal.signInFirst)
    }
    let page = self.context(visit, insteadOf: back)
    do {
      guard session.accepts(csrf: PageRoutes.value("csrf", fields) ?? "") else {
        throw HTTPRefusal.otherForm
      }
      let values = try Values(operation, form: kept)
      try rates.give(operation.commandCount(values), visit.party(context))
      let key = PageRoutes.value("key", fields).flatMap { $0.isEmpty ? nil : $0 }
      let done = try await counter.once(
        operation, values, by: session.caller, key: key, in: visit.language
      ) {
        guard operation.access.allows(session.caller, values, in: counter.programme) else {
          throw HTTPRefusal.notYours
        }
        return try await counter.decide(
          operation, values, by: session.caller, key: key, in: visit.language)
      }
      if operation.id == Operation.revokingToken.id {
        return Answers.see(PageRoutes.with(back, .revoked))
      }
      let isAgain = if case .bool(true) = done.json["replayed"] { true } else { false }
      return Answers.see(PageRoutes.with(back, isAgain ? .again : .done))
    } catch let refusal as any Refusing {
      return Answers.page(
        Frame.document(again(operation, kept, back, wrong(refusal), refusal, page), page),
        visit.language, because: refusal)
    }
  }

  private func wrong(_ refusal: any Refusing) -> String? {
    switch refusal as? HTTPRefusal {
    case .wrong(let field), .missing(let field), .unknown(let field, _): field
    case .together(let refusal): wrong(refusal)
    default: nil
    }
  }

  private func again(
    _ operation: Operation, _ fields: Fields, _ back: String, _ wrong: String?,
    _ refusal: any Refusing, _ context: PageContext
  ) -> Page {
    let names = fields.filter { $0.name == ActionForm.givenField }.map(\.value)
    let known = operation.parameters + operation.body.filter { names.contains($0.name) }
    let given = known.compactMap { field in
      PageRoutes.value(field.name, fields).map { (field.name, $0) }
    }
    // Where they cannot be looked up, a name is typed.
    let reviewers =
      operation.id == "declareConflict" ? try? counter.reviewers(for: context.caller) : nil
    return ActionForm.again(
      operation, given: given, back: back,
      options: ApplicationPage.options(reviewers: reviewers ?? []),
      filled: .init(values: fields, wrong: wrong), because: refusal, context)
  }
}

extension Logger {
  /// For the operator, and for what watches a log: who was tried, and from where. A name that no
  /// account has is left out: people type passwords there.
  func signInFailed(
    _ refusal: any Refusing, _ name: String?, from address: String, _ access: AccessBook,
    reason: String = "-"
  ) {
    // Where it cannot be looked up, it is not told.
    let isKnown = name.map { (try? access.hasAccount($0)) ?? false } ?? false
    notice(
      "sign-in",
      metadata: [
        "code": "\(refusal.code)", "reason": "\(reason)", "address": "\(address)",
        "account": "\(isKnown ? name?.lowercased() ?? "-" : "-")",
      ])
  }
}
