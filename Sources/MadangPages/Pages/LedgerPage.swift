public import MadangProgramme
import MadangViews

/// A signed head, as a page shows it.
public struct HeadFacts: Sendable {
  public let size: Int64
  public let root: String
  public let at: Instant
  public let algorithm: String
  public let key: String
  public let signature: String

  public init(
    size: Int64, root: String, at: Instant, algorithm: String, key: String, signature: String
  ) {
    self.size = size
    self.root = root
    self.at = at
    self.algorithm = algorithm
    self.key = key
    self.signature = signature
  }
}

/// An event, as a page shows it.
public struct EventFacts: Sendable {
  public let number: Int64
  public let type: String
  public let at: Instant
  /// The leaf as it is stored.
  public let leaf: String
  /// What this caller is entitled to, opened: field and value.
  public let opened: [(field: String, value: String)]

  public init(
    number: Int64, type: String, at: Instant, leaf: String, opened: [(field: String, value: String)]
  ) {
    self.number = number
    self.type = type
    self.at = at
    self.leaf = leaf
    self.opened = opened
  }
}

/// What is looked for in the ledger.
public struct LedgerSearch: Sendable {
  /// A type of event, in its own word; nothing for any.
  public let type: String?
  public let day: Day?
  /// Stands in the leaf as it is stored; so only what is public is found.
  public let text: String?
  /// Events before this number.
  public let before: Int64?

  /// Of what the address asks.
  public init(_ context: PageContext) {
    type = context.query("type").flatMap { $0.isEmpty ? nil : $0 }
    day = context.query("day").flatMap { Day($0) }
    text = context.query("text").flatMap { $0.isEmpty ? nil : String($0.prefix(100)) }
    before = context.query("before").flatMap { Int64($0) }.map { max(0, $0) }
  }

  /// Whether not every event is wanted.
  public var isNarrow: Bool { type != nil || day != nil || text != nil }
}

/// What was found, and how far was looked.
public struct LedgerHits: Sendable {
  /// Newest first.
  public let events: [EventFacts]
  /// Where to go on looking; nothing where all was looked at.
  public let next: Int64?

  public init(events: [EventFacts], next: Int64?) {
    self.events = events
    self.next = next
  }
}

/// The public ledger: heads, events, and a button that verifies in the browser.
public enum LedgerPage {
  /// `heads` are the newest of `headCount`, oldest first.
  public static func page(
    heads: [HeadFacts], of headCount: Int64, search: LedgerSearch, hits: LedgerHits,
    _ context: PageContext
  ) -> Page {
    var table = TableView(
      "events", caption: context.say(ko: "사건", en: "Events"),
      columns: [
        .number(context.say(ko: "번호", en: "Number")), .text(context.say(ko: "때", en: "At")),
        .text(context.say(ko: "무엇", en: "What")),
        .text(context.say(ko: "원장의 낱말", en: "Word in the ledger")),
      ],
      empty: context.say(ko: "찾는 사건이 없습니다.", en: "No event is like that."))
    table.rows = hits.events.map { event in
      [
        .html("<a href=\"/ledger/\(event.number)\">\(event.number)</a>", event.number),
        .text(context.time(event.at)),
        .text(EventWords.name(of: event.type, context.language)),
        .html("<code>\(event.type)</code>", event.type),
      ]
    }
    return Page(
      context.say(ko: "공개대장", en: "Public ledger"), in: .ledger, scripts: ["ledger.js"],
      [
        .html(
          """
          <p>\(context.say(
            ko: "결정은 모두 사건이고, 사건은 해시 나무(RFC 6962)의 잎입니다. 나무의 뿌리는 서명됩니다. 여기 적힌 것은 누구나 "
              + "다른 프로그램으로도 검증할 수 있습니다.",
            en: "Every decision is an event, every event a leaf of a hash tree (RFC "
              + "6962) whose root is signed. Anybody can verify it, with other "
              + "programs too."))</p>
          """), .html(form(search, context)), .table(table), .html(older(hits, search, context)),
        .html(headSection(heads.last, context)), .table(headTable(heads, context)),
        .html(olderHeads(heads, of: headCount, context)),
      ])
  }

  private static func olderHeads(
    _ heads: [HeadFacts], of count: Int64, _ context: PageContext
  ) -> HTML {
    if Int64(heads.count) == count { return .none }
    return """
      <p><a href="/api/v1/ledger/heads">\(context.say(
        ko: "서명 \(count.grouped)개 모두(JSON)",
        en: "All of \(counted(count, "head")), as JSON"))</a></p>
      """
  }

  private static func headSection(_ head: HeadFacts?, _ context: PageContext) -> HTML {
    guard let head else {
      return Pieces.section(
        context.say(ko: "서명", en: "Signed head"),
        Pieces.empty(context.say(ko: "아직 서명이 없습니다.", en: "Nothing is signed yet.")))
    }
    return Pieces.section(
      context.say(ko: "가장 새 서명", en: "The newest signed head"),
      Pieces.facts([
        (context.say(ko: "사건 수", en: "Events"), "\(head.size.grouped)"),
        (
          context.say(ko: "서명한 때(실제 시계)", en: "Signed, by the machine's clock"),
          "\(context.time(head.at))"
        ),
        (context.say(ko: "뿌리", en: "Root"), "<code>\(head.root)</code>"),
        (context.say(ko: "서명 방식", en: "Algorithm"), "\(head.algorithm)"),
        (context.say(ko: "공개키", en: "Public key"), "<code>\(head.key)</code>"),
        (context.say(ko: "서명", en: "Signature"), "<code>\(head.signature)</code>"),
      ]))
  }

  private static func headTable(_ heads: [HeadFacts], _ context: PageContext) -> TableView {
    var table = TableView(
      "heads", caption: context.say(ko: "가장 새 서명부터", en: "Signed heads, newest first"),
      columns: [
        .number(context.say(ko: "사건 수", en: "Events")),
        .text(context.say(ko: "서명한 때(실제 시계)", en: "Signed, by the machine's clock")),
        .text(context.say(ko: "서명 방식", en: "Algorithm")),
        .text(context.say(ko: "뿌리", en: "Root")),
      ],
      rows: heads.reversed().map { head in
        [
          .number(head.size), .text(context.time(head.at)), .text(head.algorithm),
          .html("<code>\(head.root.prefix(16))…</code>", head.root),
        ]
      },
      empty: context.say(ko: "아직 서명이 없습니다.", en: "Nothing is signed yet."))
    table.pageRows = 20
    return table
  }

  private static func form(_ search: LedgerSearch, _ context: PageContext) -> HTML {
    let options = EventWords.all.map { known -> HTML in
      let chosen: HTML = known.type == search.type ? " selected" : ""
      return "<option value=\"\(known.type)\"\(chosen)>\(known.words[context.language])</option>"
    }
    let day = search.day.map { "\($0)" } ?? ""
    return """
      <form method="get" action="/ledger" class="ask" role="search">
      <label>\(context.say(ko: "무엇", en: "What"))
      <select name="type"><option value="">\(context.say(ko: "모두", en: "Anything"))</option>\
      \(options)</select></label>
      <label>\(context.say(ko: "날짜", en: "Day"))
      <input name="day" type="date" value="\(day)"></label>
      <label>\(context.say(ko: "잎에 있는 글", en: "Text in the leaf"))
      <input name="text" maxlength="100" value="\(search.text ?? "")"></label>
      <button>\(context.say(ko: "찾기", en: "Search"))</button></form>
      <form method="get" action="/ledger" class="ask">
      <label>\(context.say(ko: "사건 번호", en: "Event number"))
      <input name="event" type="number" min="0" required></label>
      <button>\(context.say(ko: "열기", en: "Open"))</button></form>
      """
  }

  private static func older(
    _ hits: LedgerHits, _ search: LedgerSearch, _ context: PageContext
  ) -> HTML {
    guard let next = hits.next, next > 0 else { return .none }
    let text =
      search.isNarrow
      ? context.say(
        ko: "사건 \(next.grouped)보다 이전에서 더 찾기",
        en: "Go on searching before event \(next.grouped)")
      : context.say(ko: "더 이전 사건", en: "Older events")
    return "<p><a href=\"\(context.address("before", "\(next)"))\">\(text)</a></p>"
  }

  /// One event, with its openings and the proof that a browser checks.
  public static func event(_ facts: EventFacts, _ context: PageContext) -> Page {
    var opened = HTML.none
    for field in facts.opened {
      opened += "<div><dt>\(field.field)</dt><dd><code>\(field.value)</code></dd></div>"
    }
    let openings: HTML =
      facts.opened.isEmpty
      ? Pieces.empty(
        context.say(ko: "당신에게 열린 비공개 항목이 없습니다.", en: "No sealed field is open to you."))
      : "<dl class=\"facts\">\(opened)</dl>"
    return Page(
      context.say(
        ko: "사건 \(facts.number): \(EventWords.name(of: facts.type, .ko))",
        en: "Event \(facts.number): \(EventWords.name(of: facts.type, .en))"), in: .ledger,
      scripts: ["ledger.js"],
      [
        .html(
          Pieces.facts([
            (context.say(ko: "종류", en: "Type"), "<code>\(facts.type)</code>"),
            (context.say(ko: "때", en: "At"), "\(context.time(facts.at))"),
          ])),
        .html(
          Pieces.section(
            context.say(ko: "잎, 저장된 그대로", en: "The leaf, as it is stored"),
            "<pre class=\"leaf\" tabindex=\"0\">\(facts.leaf)</pre>")),
        .html(Pieces.section(context.say(ko: "열린 항목", en: "Opened fields"), openings)),
        .html(
          Pieces.section(
            context.say(ko: "증명", en: "Proof"),
            """
            <p>\(context.say(
              ko: "아래 단추는 이 브라우저에서 잎의 해시를 계산하고, 서명된 뿌리까지 증명을 따라가고, 서명을 확인합니다. 서버의 말을 믿지 않습니다.",
              en: "The button hashes the leaf in this browser, follows the proof to "
                + "the signed root and checks the signature. It does not take the "
                + "server's word."))</p>
            <p><button type="button" id="verify" data-event="\(facts.number)" hidden>\
            \(context.say(ko: "이 브라우저에서 검증", en: "Verify in this browser"))</button>
            <a href="/api/v1/ledger/events/\(facts.number)">JSON</a></p>
            <ol id="verified" aria-live="polite"></ol>
            """)),
      ])
  }
}
