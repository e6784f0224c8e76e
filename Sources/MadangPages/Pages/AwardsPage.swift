public import MadangProgramme
import MadangViews

/// Awards: from contract to now.
public enum AwardsPage {
  public static func page(_ context: PageContext) -> Page {
    let programme = context.programme
    var table = TableView(
      "awards", caption: context.say(ko: "배정", en: "Awards"),
      columns: [
        .text(context.say(ko: "배정", en: "Award")),
        .text(context.say(ko: "수행기관", en: "Organisation")), .number("GPU"),
        .text(context.say(ko: "물량", en: "Line")), .text(context.say(ko: "이용 기간", en: "Term")),
        .text(context.say(ko: "시계", en: "Clock")), .text(context.say(ko: "적용", en: "Enforced")),
      ],
      empty: context.say(
        ko: "아직 체결된 협약이 없습니다. 선정된 팀이 협약을 체결하면 여기에 보입니다.",
        en: "No contract is concluded yet. A selected team's award shows here once it is."))
    programme.awards.forEach { id, award in
      let rows = programme.allocations.ids.filter { programme.allocations[$0].award == id }
      let enforced = rows.count { programme.allocations[$0].isEnforced }
      table.rows.append([
        .link("\(id)", "/awards/\(id)"), .text("\(award.organisation)"), .number(award.gpus),
        .text(programme.lines[award.line].line.slug.value), .text(context.term(award.term)),
        .text(award.clockWords(context.language)), .text("\(enforced)/\(rows.count)"),
      ])
    }
    var parts: [Page.Part] = [.table(table)]
    if context.caller.readsOffice {
      parts.append(.table(offers(context)))
      parts.append(.table(amendments(context)))
    }
    return Page(context.say(ko: "배정", en: "Awards"), in: .awards, parts)
  }

  /// Who has yet to conclude.
  private static func offers(_ context: PageContext) -> TableView {
    let programme = context.programme
    var table = TableView(
      "open-offers", caption: context.say(ko: "체결을 기다리는 선정", en: "Offers that wait for a contract"),
      columns: [
        .text(context.say(ko: "신청", en: "Application")), .number("GPU"),
        .text(context.say(ko: "기한", en: "By")), .number(context.say(ko: "순위", en: "Rank")),
      ],
      empty: context.say(ko: "기다리는 선정이 없습니다.", en: "Nobody is waited for."))
    programme.offers.forEach { _, offer in
      guard offer.standing == .open else { return }
      table.rows.append([
        .link("\(offer.application)", "/applications/\(offer.application)"), .number(offer.gpus),
        .text(context.date(offer.acceptBy)), .number(Int64(offer.rank)),
      ])
    }
    table.pageRows = 20
    return table
  }

  static func amendments(_ context: PageContext, of award: AwardID? = nil) -> TableView {
    let programme = context.programme
    var table = TableView(
      "amendments", caption: context.say(ko: "협약변경", en: "Amendments"),
      columns: [
        .text(context.say(ko: "변경", en: "Amendment")), .text(context.say(ko: "배정", en: "Award")),
        .text(context.say(ko: "내용", en: "Change")), .text(context.say(ko: "사유", en: "Ground")),
        .text(context.say(ko: "상태", en: "State")),
      ],
      empty: context.say(ko: "협약변경이 없습니다.", en: "There are no amendments."))
    programme.amendments.forEach { id, row in
      guard award.map({ $0 == row.award }) ?? true else { return }
      table.rows.append([
        .text("\(id)"), .link("\(row.award)", "/awards/\(row.award)"),
        .text(programme.words(for: row.change, context.language)),
        row.ground.map { .text($0.name(context.language)) } ?? .none,
        .text(row.standing.name(context.language)),
      ])
    }
    return table
  }

  /// One award.
  public static func award(_ id: AwardID, _ context: PageContext) -> Page {
    let programme = context.programme
    let row = programme.awards[id]
    let synthetic = programme.applications[row.application].synthetic
    let facts: [(String, HTML)] = [
      (
        context.say(ko: "신청", en: "Application"),
        """
        <a href="/applications/\(row.application)">\(row.application)</a> \
        \(synthetic ? Pieces.synthetic(context) : .none)
        """
      ),
      (context.say(ko: "수행기관", en: "Organisation"), "\(row.organisation)"),
      ("GPU", "\(row.gpus.grouped)"),
      (
        context.say(ko: "물량", en: "Line"),
        "<a href=\"/supply/\(row.line)\">\(programme.lines[row.line].line.slug)</a>"
      ),
      (context.say(ko: "이용 기간", en: "Term"), "\(context.term(row.term))"),
      (context.say(ko: "시계", en: "Clock"), "\(row.clockWords(context.language))"),
      (
        context.say(ko: "돌려줄 지연", en: "Delay still owed"),
        "\(context.say(ko: "\(row.owedDays)일", en: "\(row.owedDays) days"))"
      ),
    ]
    var parts: [Page.Part] = [
      .html(Pieces.facts(facts.map { (name: $0.0, value: $0.1) })),
      .html(allocations(of: id, context)),
    ]
    if context.caller.reads(id, in: programme) {
      parts.append(.table(usage(of: id, context)))
      parts.append(.table(amendments(context, of: id)))
      parts.append(.html(actions(id, context)))
    }
    return Page("\(id)", in: .awards, parts)
  }

  /// Desired, observed, drift; each in a card.
  private static func allocations(of id: AwardID, _ context: PageContext) -> HTML {
    let programme = context.programme
    let ids = programme.allocations.ids.filter { programme.allocations[$0].award == id }
    if ids.isEmpty {
      return Pieces.section(
        context.say(ko: "할당", en: "Allocations"),
        Pieces.empty(context.say(ko: "아직 할당이 없습니다.", en: "Nothing is allocated yet.")))
    }
    let cards = ids.map { card($0, context) }
    return Pieces.section(
      context.say(ko: "할당", en: "Allocations"), "<div class=\"cards\">\(cards)</div>")
  }

  private static func card(_ id: AllocationID, _ context: PageContext) -> HTML {
    let programme = context.programme
    let row = programme.allocations[id]
    let cluster = programme.clusters[row.cluster]
    let simulated = programme.bindings.row(row.cluster)?.engine?.simulated == true
    let tone: Pieces.Tone =
      row.isEnforced ? .good : row.drift != nil ? .bad : .plain
    let facts: [(String, HTML)] = [
      (
        context.say(ko: "클러스터", en: "Cluster"),
        "\(cluster.slug) \(simulated ? Pieces.simulated(context) : .none)"
      ),
      (
        context.say(ko: "한도", en: "Limit"), "\(programme.words(for: row.binding, context.language))"
      ),
      (
        context.say(ko: "설정값", en: "Desired"),
        "\(context.say(ko: "세대", en: "generation")) \(row.generation)"
      ),
      (
        context.say(ko: "실제값", en: "Observed"),
        """
        \(row.enforcedGeneration.map {
          context.say(ko: "세대 \($0)", en: "generation \($0)")
        } ?? "–")
        """
      ),
      (
        context.say(ko: "처음 쓸 수 있게 된 때", en: "Usable since"),
        "\(row.firstUse.map { context.time($0) } ?? "–")"
      ),
      (context.say(ko: "장애로 잃은 시간", en: "Lost to outages"), "\(context.hours(row.outage))"),
    ]
    let confirm: HTML =
      row.drift == .unconfirmed
      ? ActionForm.html(
        "confirmHandover", given: [("allocation", "\(id)")], back: "/awards/\(row.award)", context)
      : .none
    return """
      <article class="card" id="\(id)"><h3>\(id) \
      \(Pieces.badge(programme.standing(of: row, context.language), tone))</h3>
      \(Pieces.facts(facts.map { (name: $0.0, value: $0.1) }))\(confirm)</article>

      """
  }

  private static func usage(of id: AwardID, _ context: PageContext) -> TableView {
    let programme = context.programme
    var table = TableView(
      "usage", caption: context.say(ko: "확정된 사용량 (GPU초)", en: "Sealed usage, in GPU-seconds"),
      columns: [
        .text(context.say(ko: "월", en: "Month")), .text(context.say(ko: "할당", en: "Allocation")),
        .number(Account.used.name(context.language)), .number(Account.lent.name(context.language)),
        .number(Account.idle.name(context.language)),
        .number(Account.delayed.name(context.language)),
      ],
      empty: context.say(ko: "아직 확정된 시간이 없습니다.", en: "No hour is sealed yet."))
    for allocation in programme.allocations.ids where programme.allocations[allocation].award == id
    {
      for month in programme.usage(of: allocation).months {
        table.rows.append([
          .text("\(month.month)"), .text("\(allocation)"), .number(month.used.count),
          .number(month.lent.count), .number(month.idle.count), .number(month.delayed.count),
        ])
      }
    }
    return table
  }

  private static func actions(_ id: AwardID, _ context: PageContext) -> HTML {
    let programme = context.programme
    let here = "/awards/\(id)"
    // Those that could take it: of the award's model, with an engine.
    let model = programme.lines[programme.awards[id].line].line.model
    let clusters = programme.clusters.ids.filter {
      programme.clusters[$0].model == model && programme.bindings.row($0)?.engine != nil
    }
    .map { cluster in
      let slug = programme.clusters[cluster].slug.value
      return Field.Choice(slug, ko: slug, en: slug)
    }
    var body = HTML.none
    for amendment in programme.amendments.ids {
      let row = programme.amendments[amendment]
      guard row.award == id, row.standing == .drafted else { continue }
      let given = [("amendment", "\(amendment)")]
      let forms =
        ActionForm.html("approveAmendment", given: given, back: here, context)
        + ActionForm.html("returnAmendment", given: given, back: here, context)
      if forms.text.isEmpty { continue }
      body += Pieces.section(
        "\(amendment): \(programme.words(for: row.change, context.language))", forms)
    }
    let forms: [(Wording, HTML)] = [
      (
        Wording(ko: "할당하기", en: "Make an allocation"),
        ActionForm.html(
          "allocate", given: [("award", "\(id)")], back: here, options: ["cluster": clusters],
          context)
      ),
      (
        Wording(ko: "협약변경 기안", en: "Draft an amendment"),
        ActionForm.html("draftAmendment", given: [("award", "\(id)")], back: here, context)
      ),
      (
        Wording(ko: "참여인력", en: "Members"),
        ActionForm.html("addMember", given: [("award", "\(id)")], back: here, context)
      ),
    ]
    for (title, form) in forms where !form.text.isEmpty {
      body += Pieces.section(title[context.language], form)
    }
    return body
  }
}
