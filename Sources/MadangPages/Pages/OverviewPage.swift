import MadangProgramme
import MadangViews

/// The first page: the four numbers against the target, the corridor, the field.
public enum OverviewPage {
  public static func page(_ context: PageContext) -> Page {
    let programme = context.programme
    guard let today = context.today else { return nothing(context) }
    let summary = programme.supplySummary(on: today)
    let inUse = programme.gpusInUse
    return Page(
      context.say(ko: "한눈에", en: "Overview"), in: .overview, scripts: ["field.js"],
      [
        .html(numbers(summary, inUse, context)),
        .html(
          Pieces.section(
            context.say(ko: "업무협약에서 공개대장까지", en: "From agreement to ledger"),
            Pieces.corridor(corridor(summary, context)))),
        .html(questions(context)),
        .html(field(context)),
        .table(FieldTable.table(programme.field(on: today), context)),
      ])
  }

  private static func nothing(_ context: PageContext) -> Page {
    Page(
      context.say(ko: "한눈에", en: "Overview"), in: .overview,
      [.html(Pieces.empty(context.say(ko: "아직 사업이 없습니다.", en: "There is no programme yet.")))])
  }

  private static func numbers(
    _ summary: SupplySummary, _ inUse: Int64, _ context: PageContext
  ) -> HTML {
    let target = summary.target?.value
    let simulated = context.programme.bindings.ids.contains {
      context.programme.bindings[$0].engine?.simulated == true
    }
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
        context.say(ko: "이용 중", en: "In use"), inUse, of: target,
        note: """
          \(context.say(ko: "적용 확인된 전용 할당", en: "reserved, enforced and read back")) \
          \(simulated ? Pieces.simulated(context) : .none)
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
          ko: "사건 \(programme.eventCount.grouped)", en: "\(programme.eventCount.grouped) events"),
        "/ledger"
      ),
    ]
  }

  private static func field(_ context: PageContext) -> HTML {
    Pieces.section(
      context.say(ko: "마당: GPU 하나가 점 하나", en: "The yard: one dot a GPU"),
      """
      <p>\(context.say(
        ko: "약속된 GPU 모두를 점으로 찍었습니다. 확대하려면 휠이나 +, −, 옮기려면 끌거나 화살표를 쓰십시오. 같은 내용이 아래 표에 있습니다.",
        en: "Every promised GPU is one dot. Zoom by wheel or + and −, move by "
          + "dragging or the arrows. The table below says the same."))</p>
      <div class="field" id="field" data-source="/api/v1/field" tabindex="0" role="application" \
      aria-label="\(context.say(ko: "모든 GPU의 그림", en: "Picture of all GPUs"))">
      <canvas width="960" height="420"></canvas><p class="tip" aria-live="polite"></p></div>
      \(sum(context))
      """, id: "yard")
  }

  /// Where the lines add up to something else than the target, that is said.
  private static func sum(_ context: PageContext) -> HTML {
    guard let today = context.today, let target = context.programme.target?.value else {
      return .none
    }
    let sum = context.programme.field(on: today).reduce(0) { $0 + $1.gpus }
    if sum == target { return .none }
    return """
      <p class="note">\(context.say(
        ko: "물량을 더하면 \(sum.grouped)장으로 목표 \(target.grouped)장과 다릅니다. 발표끼리 서로 맞지 않기 "
          + "때문이며, 어느 쪽도 고치지 않았습니다.",
        en: "The lines add up to \(sum.grouped), not to the target of "
          + "\(target.grouped): the announcements do not agree, and neither was "
          + "changed."))</p>
      """
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
        .number("GPU"),
      ],
      rows: field.map { group in
        [
          .text(group.name[context.language]), .text(group.state.name(context.language)),
          .number(group.gpus),
        ]
      },
      foot: [
        .text(context.say(ko: "합계", en: "Total")), .text(""),
        .number(field.reduce(0) { $0 + $1.gpus }),
      ],
      empty: context.say(ko: "약속된 GPU가 없습니다.", en: "No GPUs are promised."))
  }
}
