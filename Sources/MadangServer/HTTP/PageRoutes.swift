import HTTPTypes
import Hummingbird
import Logging
import MadangAccess
import MadangCrypto
import MadangJournal
import MadangPages
import MadangProgramme
import MadangViews

/// The pages: what people see, and the forms by which they decide.
struct PageRoutes: Sendable {
  let counter: Counter
  let rates: RateLimits
  /// The session's cookie, whose name says whether it goes over TLS alone.
  let cookie: String
  let isSecure: Bool
  let log: Logger
  /// Nothing where no identity provider is set up.
  var openID: OpenIDDoor?
  let cache = PageCache()

  typealias Make = @Sendable (PageContext, Parameters) throws -> Page

  func add(to router: Router<OfficeContext>) {
    for (path, dependence, make) in rooms {
      router.get(RouterPath(path)) { request, context in
        try show(request, context, dependence, make)
      }
    }
    router.get("assets/:name") { request, context in
      guard let file = Assets.files[context.parameters.get("name") ?? ""] else {
        throw HTTPRefusal.nothingThere
      }
      return Answers.asset(file, request)
    }
    router.get("signin") { request, _ in
      try await answered(request) { try signInPage(request) }
    }
    router.post("signin") { request, context in
      try await answered(request) { try await signIn(request, context) }
    }
    if let openID { add(openID, to: router) }
    router.post("signout") { request, context in
      try await answered(request) { try await signOut(request, context) }
    }
    router.post("do/:operation") { request, context in
      try await answered(request) { try await decide(request, context) }
    }
    router.get("**") { request, _ in
      // A program that asks for what is not there gets a problem document.
      if request.uri.path.hasPrefix("/api/") { throw HTTPRefusal.nothingThere }
      return try await answered(request) {
        let visit = try Visit(request, access: counter.access, cookie: cookie, at: counter.machine)
        try visit.needAddress()
        if let turned = chosen(request, visit) { return turned }
        throw HTTPRefusal.nothingThere
      }
    }
  }

  /// Whoever sits at a browser gets a page, whatever is refused.
  func answered(
    _ request: Request, _ make: () async throws -> Response
  ) async throws -> Response {
    do {
      return try await make()
    } catch let refusal as any Refusing {
      let visit = try Visit(request, access: counter.access, cookie: cookie, at: counter.machine)
      // Where a form was sent to there is no page to turn to.
      let isPage = request.method == .get || request.method == .head
      return refused(refusal, context(visit, isPage ? request.uri.path : "/"))
    }
  }

  // MARK: Rooms

  private var rooms: [(String, Tag.Dependence, Make)] {
    [
      (
        "", .programme,
        { context, _ in OverviewPage.page(try counter.changesToday(context.programme), context) }
      ),
      ("agreements", .programme, { context, _ in AgreementsPage.page(context) }),
      ("supply", .programme, { context, _ in SupplyPage.page(context) }),
      (
        "supply/:line", .programme,
        { context, parameters in
          SupplyPage.line(try known(parameters, "line", context.programme.lines), context)
        }
      ),
      ("pools", .programme, { context, _ in PoolsPage.page(context) }),
      ("rounds", .programme, { context, _ in RoundsPage.page(context) }),
      (
        "rounds/:round", .moment,
        { context, parameters in
          let id = try known(parameters, "round", context.programme.rounds)
          if context.caller.readsOffice { counter.note("ranking", "\(id)", context.caller) }
          return RoundsPage.round(id, counter.comparison(id, context.programme), context)
        }
      ),
      (
        "rounds/:round/rules", .programme, { context, parameters in try rules(context, parameters) }
      ),
      (
        "rounds/:round/apply", .moment,
        { context, parameters in
          ApplicationPage.apply(
            try known(parameters, "round", context.programme.rounds), filled: nil, context)
        }
      ),
      (
        "applications/:application", .moment,
        { context, parameters in
          let id = try known(parameters, "application", context.programme.applications)
          if context.caller.readsOffice { counter.note("application", "\(id)", context.caller) }
          return ApplicationPage.page(
            id, reviewers: try counter.reviewers(for: context.caller), context)
        }
      ),
      ("awards", .programme, { context, _ in AwardsPage.page(context) }),
      (
        "awards/:award", .moment,
        { context, parameters in
          let id = try known(parameters, "award", context.programme.awards)
          return AwardsPage.award(id, try counter.award(id, for: context.caller), context)
        }
      ),
      ("centres", .moment, { context, _ in CentresPage.page(try counter.observed(), context) }),
      (
        "centres/:cluster", .moment,
        { context, parameters in
          let id = try known(parameters, "cluster", context.programme.clusters)
          return ClusterPage.page(id, try counter.centre(id, for: context.caller), context)
        }
      ),
      (
        "accounts", .programme,
        { context, _ in
          let query = AccountsQuery(context)
          if context.caller.readsOffice { counter.note("settlements", "all", context.caller) }
          return AccountsPage.page(query, sealed: try counter.sealed(query), context)
        }
      ),
      ("ledger", .moment, { context, _ in try ledger(context) }),
      (
        "ledger/:event", .moment,
        { context, parameters in
          guard let number = Int64(parameters.get("event") ?? "") else {
            throw HTTPRefusal.nothingThere
          }
          return LedgerPage.event(try counter.event(number, for: context.caller), context)
        }
      ),
      ("components", .programme, { context, _ in ComponentsPage.page(context) }),
      (
        "me", .moment,
        { context, _ in
          guard context.caller.isSignedIn else { throw HTTPRefusal.signInFirst }
          return DoorPages.me(context, tokens: try counter.tokenFacts(of: context.caller))
        }
      ),
    ]
  }

  private func known<Kind, Row>(
    _ parameters: Parameters, _ name: String, _ table: PagedTable<Kind, Row>
  ) throws(HTTPRefusal) -> Identifier<Kind> {
    guard let id = Identifier<Kind>(parameters.get(name) ?? ""), table.contains(id) else {
      throw .nothingThere
    }
    return id
  }

  private func ledger(_ context: PageContext) throws -> Page {
    if let asked = context.query("event").flatMap({ Int64($0) }) {
      return LedgerPage.event(try counter.event(asked, for: context.caller), context)
    }
    let search = LedgerSearch(context)
    let heads = try counter.heads()
    return LedgerPage.page(
      heads: heads.newest, of: heads.count, search: search, hits: try counter.found(search),
      context)
  }

  /// Before it is published, what a round comes to is the office's to know.
  private func rules(_ context: PageContext, _ parameters: Parameters) throws -> Page {
    let id = try known(parameters, "round", context.programme.rounds)
    let state = context.programme.rounds[id]
    guard state.published != nil || context.caller.readsOffice else {
      throw context.caller.isSignedIn ? HTTPRefusal.notYours : .signInFirst
    }
    if context.caller.readsOffice { counter.note("whatIf", "\(id)", context.caller) }
    let own = state.published?.rules ?? state.round.rules
    let (tried, refusal) = counter.tried(id, own, context.programme)
    return OtherRulesPage.page(
      id, own: (own, Giving.digest(of: own)), tried: tried, refusal: refusal, context)
  }

  // MARK: Showing

  private func show(
    _ request: Request, _ context: OfficeContext, _ dependence: Tag.Dependence, _ make: Make
  ) throws -> Response {
    let visit = try Visit(request, access: counter.access, cookie: cookie, at: counter.machine)
    if !visit.isReadable {
      return refused(HTTPRefusal.unreadable, self.context(visit, request.uri.path))
    }
    if let turned = chosen(request, visit) { return turned }
    let moment = counter.journal.moment
    let pageContext = self.context(visit, request.uri.path, of: moment.programme)
    let tag = Tag(
      moment, counter.begun, visit, changesWith: dependence, at: "page " + pageContext.address)
    if tag.matches(request) { return tag.notModified() }
    let isKept = dependence == .programme && !visit.caller.isSignedIn
    let key = PageCache.Key(
      events: moment.programme.eventCount, language: visit.language,
      address: pageContext.address)
    if isKept, let known = cache[key] {
      return Answers.page(known, visit.language, tag: tag)
    }
    do {
      return try rates.work(visit.party(context)) {
        let page = try make(pageContext, context.parameters)
        if let export = pageContext.query("export") { return try file(export, page, pageContext) }
        let bytes = ByteBuffer(bytes: Frame.document(page, pageContext).bytes)
        if isKept { cache[key] = bytes }
        return Answers.page(bytes, visit.language, tag: tag)
      }
    } catch HTTPRefusal.signInFirst {
      return Answers.see("/signin?back=" + PercentText.encoded(request.uri.path))
    } catch let refusal as any Refusing {
      return refused(refusal, pageContext)
    }
  }

  func refused(_ refusal: any Refusing, _ context: PageContext) -> Response {
    Answers.page(
      Frame.document(DoorPages.refused(refusal, context), context), context.language,
      because: refusal)
  }

  /// Where the address asks for a language: keeps it and goes on to the same page in it.
  func chosen(_ request: Request, _ visit: Visit) -> Response? {
    guard let word = visit.query.last(where: { $0.name == "lang" })?.value else { return nil }
    let language = Language(rawValue: word) ?? visit.language
    let rest = visit.query.filter { $0.name != "lang" }
      .map { "\(PercentText.encoded($0.name))=\(PercentText.encoded($0.value))" }
    let path = request.uri.path + (rest.isEmpty ? "" : "?" + rest.joined(separator: "&"))
    let secure = isSecure ? "; Secure" : ""
    return Answers.see(
      Answers.back(path),
      cookies: [
        "\(Visit.languageCookie)=\(language.rawValue); Path=/; Max-Age=31536000; SameSite=Lax"
          + secure
      ])
  }

  private func file(_ name: String, _ page: Page, _ context: PageContext) throws -> Response {
    let parts = name.split(separator: ".")
    guard parts.count == 2, let table = page.table(String(parts[0])) else {
      throw HTTPRefusal.nothingThere
    }
    switch parts[1] {
    case "csv":
      return Answers.file(
        Array(table.csv(context).utf8), type: "text/csv; charset=utf-8", name: name)
    case "xlsx":
      return Answers.file(
        Workbook.bytes(of: table.sheet(context)),
        type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", name: name)
    default: throw HTTPRefusal.nothingThere
    }
  }

  /// Of what stands in the place of another page of ours: what was typed there, refused. Its links
  /// lead to that page.
  func context(_ visit: Visit, insteadOf address: String, session: Session? = nil) -> PageContext {
    let parts = address.prefix { $0 != "#" }.split(separator: "?", maxSplits: 1)
    let query = PercentText.fields(parts.dropFirst().first ?? "") ?? []
    return context(
      visit, parts.first.map(String.init) ?? "/", query: query.filter { $0.name != "notice" },
      session: session)
  }

  func context(
    _ visit: Visit, _ path: String, query: Fields? = nil, session: Session? = nil,
    of programme: Programme? = nil
  ) -> PageContext {
    let session = session ?? visit.session
    let programme = programme ?? counter.programme
    return PageContext(
      programme: programme, caller: session?.caller ?? visit.caller, language: visit.language,
      path: path, query: query ?? visit.query, now: counter.now(of: programme),
      csrf: session?.csrf, formKey: session == nil ? "" : PageRoutes.freshKey())
  }

  /// Names a form, so that sending it twice does one thing.
  private static func freshKey() -> String {
    // Where there is no randomness, forms have no key and nothing is done twice by accident alone.
    guard let bytes = try? SystemRandom.bytes(count: 12) else { return "" }
    return "form-" + Reading.hex(bytes)
  }
}
