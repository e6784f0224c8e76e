import MadangProgramme
import MadangViews

/// The first page: the four numbers against the target, the corridor, the field.
public enum OverviewPage {
  /// `changes`: how many events of each type there were today.
  public static func page(
    _ changes: [(type: String, count: Int64)], _ context: PageContext
  ) -> Page {
    let programme = context.programme
    guard let today = context.today else { return nothing(context) }
    let summary = programme.supplySummary(on: today)
    let inUse = programme.gpusInUse
    let field = programme.field(on: today)
    return Page(
      context.say(ko: "한눈에", en: "Overview"), in: .overview, scripts: ["field.js"],
      [
        .html(numbers(summary, inUse, context)),
        .html(
          Pieces.section(
            context.say(ko: "업무협약에서 공개대장까지", en: "From agreement to ledger"),
            Pieces.corridor(corridor(summary, context)))),
        .html(FieldPicture.section(field, context)),
        .html(
          """
          <div class="beside">\(questions(context))\
          \(ChangesSection.html(changes, context))</div>
          """
        ),
        .table(FieldTable.table(field, context)),
      ])
  }

  private static func nothing(_ context: PageContext) -> Page {
    Page(
      context.say(ko: "한눈에", en: "Overview"), in: .overview,
      [.html(Pieces.empty(context.say(ko: "아직 사업이 없습니다.", en: "There is no programme yet.")))])
  }

  private static func numbers(
    _ summary: SupplySummary, _ inUse: GPUsInUse, _ context: PageContext
  ) -> HTML {
    let target = summary.target?.value
    let promised: HTML =
      summary.target.map { claims in
        """
        \(Pieces.confidence(claims.first.confidence, context)) \
        \(Pieces.source(claims.first.source, context)), \(context.date(claims.first.on))
        """
      } ?? .none
    let sure = summary.tranches.flatMap(\.lines).compactMap(\.confidence).min()
    let sureness: HTML =
      sure.map {
        "\(context.say(ko: "가장 낮은 확실성", en: "least sure")) \(Pieces.confidence($0, context))"
      } ?? .none
    let parts: [HTML] = [
      Pieces.number(
        context.say(ko: "약속", en: "Promised"), target ?? 0, of: nil, note: promised, context),
      Pieces.number(
        context.say(ko: "납품", en: "Delivered"), summary.total.delivered, of: target,
        note: "\(context.say(ko: "기업 물량은 증명서 제출분만", en: "companies': as attested only"))", context),
      Pieces.number(
        context.say(ko: "가동", en: "In service"), summary.total.inService, of: target,
        note: sureness, context),
      Pieces.number(
        context.say(ko: "이용 중", en: "In use"), inUse.gpus, of: target,
        note: """
          \(context.say(ko: "적용 확인된 전용 할당", en: "reserved, enforced and read back")) \
          \(Pieces.simulated(inUse, context))
          """, context),
    ]
    return "<dl class=\"numbers\">\(parts)</dl>"
  }

  private static func corridor(
    _ summary: SupplySummary, _ context: PageContext
  ) -> [(name: String, value: String, path: String)] {
    let programme = context.programme
    let selected = programme.offers.count
    let enforced = programme.allocations.ids.count { programme.allocations[$0].isEnforced }
    func count(_ value: Int) -> String { Int64(value).grouped }
    return [
      (Room.agreements.name(context.language), count(programme.agreements.count), "/agreements"),
      (
        Room.supply.name(context.language), summary.total.contracted.grouped + " GPU", "/supply"
      ),
      (Room.pools.name(context.language), count(programme.pools.count), "/pools"),
      (
        context.say(ko: "신청", en: "Applications"), count(programme.applications.count), "/rounds"
      ),
      (context.say(ko: "선정", en: "Selected"), count(selected), "/rounds"),
      (context.say(ko: "협약", en: "Contracts"), count(programme.contracts.count), "/awards"),
      (Room.awards.name(context.language), count(programme.awards.count), "/awards"),
      (context.say(ko: "적용 확인", en: "Enforced"), count(enforced), "/centres"),
      (
        Room.ledger.name(context.language),
        context.say(
          ko: "사건 \(programme.eventCount.grouped)", en: counted(programme.eventCount, "event")),
        "/ledger"
      ),
    ]
  }

  private static func questions(_ context: PageContext) -> HTML {
    let round = context.programme.rounds.ids.reversed().first {
      context.programme.rounds[$0].stage == .published
    }
    let why: HTML =
      round.flatMap { id in
        context.programme.firstNotSelected(of: id, from: 160).map { rank in
          """
          <li><a href="/rounds/\(id)?rank=\(rank)#rank">\(context.say(
            ko: "\(rank)위는 왜 선정되지 않았나?", en: "Why was rank \(rank) not selected?"))</a></li>
          """
        }
      } ?? .none
    return Pieces.section(
      context.say(ko: "자주 묻는 것", en: "What people ask"),
      """
      <ul class="asked">\(why)
      <li><a href="/supply">\(context.say(
        ko: "GPU는 언제, 어디로 오나?", en: "When do the GPUs come, and where to?"))</a></li>
      <li><a href="/accounts">\(context.say(
        ko: "GPU 시간은 어디에 쓰였나?", en: "Where did every GPU-second go?"))</a></li>
      <li><a href="/ledger">\(context.say(
        ko: "이 모두를 어떻게 믿나?", en: "How can I check all this?"))</a></li></ul>
      """)
  }
}

/// The table behind the field.
enum FieldTable {
  static func table(_ field: [FieldGroup], _ context: PageContext) -> TableView {
    TableView(
      "field-table", caption: context.say(ko: "약속된 GPU의 상태", en: "Where the promised GPUs stand"),
      columns: [
        .text(context.say(ko: "물량", en: "Line")), .text(context.say(ko: "상태", en: "State")),
        .text(context.say(ko: "배분 물량", en: "Pool")), .number("GPU"),
      ],
      rows: field.map { group in
        [
          .text(group.name[context.language]), .text(group.stateName(context.language)),
          group.pool.map { .text(context.say(context.programme.pools[$0].name)) } ?? .none,
          .number(group.gpus),
        ]
      },
      foot: [
        .text(context.say(ko: "합계", en: "Total")), .text(""), .text(""),
        .number(field.reduce(0) { $0 + $1.gpus }),
      ],
      empty: context.say(ko: "약속된 GPU가 없습니다.", en: "No GPUs are promised."))
  }
}

/// What the ledger took in today.
enum ChangesSection {
  static func html(_ changes: [(type: String, count: Int64)], _ context: PageContext) -> HTML {
    guard let today = context.today else { return .none }
    let items = changes.map { change -> HTML in
      """
      <li><a href="/ledger?type=\(change.type)&day=\(today)">\(
        EventWords.name(of: change.type, context.language))</a> \
      <span class="n">\(change.count.grouped)</span></li>

      """
    }
    let body: HTML =
      changes.isEmpty
      ? Pieces.empty(context.say(ko: "아직 없습니다.", en: "Nothing yet."))
      : "<ul class=\"counts\">\(items)</ul>"
    return Pieces.section(
      context.say(
        ko: "오늘(\(context.date(today))) 바뀐 것", en: "What changed today, \(context.date(today))"),
      body)
  }
}
