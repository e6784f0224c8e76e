import MadangProgramme
import MadangViews

/// One page: its title and its parts, of which the tables can be exported.
public struct Page: Sendable {
  public enum Part: Sendable {
    case html(HTML)
    case table(TableView)
  }

  public let title: String
  public private(set) var parts: [Part]
  /// Scripts that this page has use for, by file.
  let scripts: [String]
  /// Of the navigation's entries the one it belongs to.
  let room: Room?

  init(_ title: String, in room: Room?, scripts: [String] = [], _ parts: [Part]) {
    self.title = title
    self.parts = parts
    self.scripts = scripts
    self.room = room
  }

  public func table(_ id: String) -> TableView? {
    for case .table(let table) in parts where table.id == id { return table }
    return nil
  }

  /// Its parts, without the frame.
  public func body(_ context: PageContext) -> HTML {
    var body = HTML.none
    for part in parts {
      switch part {
      case .html(let html): body += html
      case .table(let table): body += table.html(context)
      }
    }
    return body
  }
}

/// The rooms of the yard, in the order of the corridor.
public enum Room: String, Sendable, CaseIterable {
  case overview, agreements, supply, pools, rounds, awards, centres, accounts, ledger

  public var path: String { self == .overview ? "/" : "/\(rawValue)" }

  func name(_ language: Language) -> String {
    switch self {
    case .overview: said(language, ko: "한눈에", en: "Overview")
    case .agreements: said(language, ko: "업무협약", en: "Agreements")
    case .supply: said(language, ko: "도입", en: "Supply")
    case .pools: said(language, ko: "배분", en: "Pools")
    case .rounds: said(language, ko: "공모", en: "Rounds")
    case .awards: said(language, ko: "배정", en: "Awards")
    case .centres: said(language, ko: "센터", en: "Centres")
    case .accounts: said(language, ko: "계정", en: "Accounts")
    case .ledger: said(language, ko: "공개대장", en: "Ledger")
    }
  }
}

/// The frame around every page.
public enum Frame {
  /// The whole document.
  public static func document(_ page: Page, _ context: PageContext) -> HTML {
    let language = context.language
    let programme = context.programme.charter?.name[language] ?? "Madang"
    let other: Language = language == .ko ? .en : .ko
    let scripts = (["madang.js"] + page.scripts).map { name -> HTML in
      "<script src=\"/assets/\(name)?v=\(Assets.version)\" defer></script>\n"
    }
    return """
      <!doctype html>
      <html lang="\(language.rawValue)">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>\(page.title) · \(programme)</title>
      <link rel="stylesheet" href="/assets/madang.css?v=\(Assets.version)">
      <link rel="icon" href="/assets/icon.svg" type="image/svg+xml">
      \(scripts)</head>
      <body>
      <a class="skip" href="#main">\(context.say(ko: "본문으로", en: "Skip to the content"))</a>
      <header class="top">
      <div class="mast">
      <a class="brand" href="/"><img src="/assets/icon.svg" alt="" width="28" height="28">\
      <span>\(programme)</span></a>
      <div class="who">\(who(context))
      <a href="\(context.address("lang", other.rawValue))" lang="\(other.rawValue)" \
      hreflang="\(other.rawValue)" rel="nofollow">\(other == .ko ? "한국어" : "English")</a></div>
      </div>
      \(rooms(page, context))
      </header>
      \(exercise(context))
      <main id="main">
      <h1>\(page.title)</h1>
      \(notice(context))\(page.body(context))
      </main>
      \(foot(context))
      </body>
      </html>

      """
  }

  private static func who(_ context: PageContext) -> HTML {
    guard let account = context.caller.account, let csrf = context.csrf else {
      // Whoever stands at the door needs no way to it.
      if context.path == "/signin" { return .none }
      let back = PercentText.encoded(context.path)
      return """
        <a href="/signin?back=\(back)" rel="nofollow">\(context.say(ko: "로그인", en: "Sign in"))</a>
        """
    }
    let roles = Set(context.caller.grants.map(\.role)).sorted()
      .map { $0.name(context.language) }.joined(separator: ", ")
    return """
      <a href="/me">\(account)</a> <span class="role">\(roles)</span>
      <form method="post" action="/signout"><input type="hidden" name="csrf" value="\(csrf)">\
      <button class="quiet">\(context.say(ko: "로그아웃", en: "Sign out"))</button></form>
      """
  }

  private static func rooms(_ page: Page, _ context: PageContext) -> HTML {
    let links = Room.allCases.map { room -> HTML in
      let current: HTML = page.room == room ? " aria-current=\"page\"" : ""
      return "<li><a href=\"\(room.path)\"\(current)>\(room.name(context.language))</a></li>"
    }
    return """
      <nav class="rooms" aria-label="\(context.say(ko: "방", en: "Rooms"))"><ul>\(links)</ul></nav>
      """
  }

  private static func exercise(_ context: PageContext) -> HTML {
    guard context.programme.charter?.exercise == true else { return .none }
    return """
      <aside class="exercise"><strong>\(context.say(ko: "연습", en: "Exercise"))</strong> \
      \(context.say(
        ko: "시계와 신청은 모의입니다. 발표된 수치에는 출처와 확실성이 붙습니다.",
        en: "The clock and the applications are simulated. Published figures carry "
          + "their source and confidence."))</aside>
      """
  }

  private static func notice(_ context: PageContext) -> HTML {
    guard let word = context.query("notice"), let notice = Notice(rawValue: word) else {
      return .none
    }
    return "<p class=\"notice\" role=\"status\">\(notice.text(context.language))</p>"
  }

  private static func foot(_ context: PageContext) -> HTML {
    // Not the clock: a page is kept until the next event, and what it says has to stay true.
    let newest = context.time(context.programme.now)
    let size = context.programme.eventCount
    return """
      <footer><p>\(context.say(
        ko: "마지막 사건 \(newest) · 사건 \(size.grouped)건",
        en: "Newest event \(newest) · \(counted(size, "event"))"))
      · <a href="/ledger">\(context.say(ko: "검증", en: "Verify"))</a>
      · <a href="/openapi.json">API</a>
      · <a href="/components">\(context.say(ko: "구성요소", en: "Components"))</a></p></footer>
      """
  }
}

/// What is said after something was done.
public enum Notice: String, Sendable, CaseIterable {
  case done, signedIn, signedOut, again, revoked

  func text(_ language: Language) -> String {
    switch self {
    case .done: said(language, ko: "원장에 기록했습니다.", en: "Done, and recorded in the ledger.")
    case .signedIn: said(language, ko: "로그인했습니다.", en: "Signed in.")
    case .signedOut: said(language, ko: "로그아웃했습니다.", en: "Signed out.")
    case .revoked: said(language, ko: "토큰을 폐기했습니다.", en: "The token is revoked.")
    case .again:
      said(
        language, ko: "이미 처리된 요청입니다. 다시 하지 않았습니다.",
        en: "Already done before: nothing was done twice.")
    }
  }
}
