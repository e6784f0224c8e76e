import MadangProgramme
import MadangViews

/// A round before it is decided: who applied, what a reviewer has yet to review, and who may apply.
enum RoundWork {
  /// What one reviewer has to do, many at once.
  static func reviewing(_ id: RoundID, _ state: RoundState, _ context: PageContext) -> HTML {
    guard context.caller.has(.reviewer), let person = context.caller.person,
      state.stage == .open
    else { return .none }
    let title = context.say(ko: "평가할 신청", en: "Applications to review")
    guard context.now >= state.round.closes else {
      let closes = context.time(state.round.closes)
      return Pieces.section(
        title,
        Pieces.empty(
          context.say(
            ko: "접수 마감(\(closes)) 뒤에 평가합니다.", en: "Reviews begin when it closes, \(closes).")))
    }
    let mine = context.programme.reviewing(id, by: person)
    var counts = context.say(
      ko: "남은 신청 \(mine.open.count)건, 점수를 낸 신청 \(mine.done.count)건",
      en: "\(mine.open.count) to review, \(mine.done.count) reviewed")
    if !mine.aside.isEmpty {
      counts += context.say(
        ko: ", 이해관계로 맡지 않는 신청 \(mine.aside.count)건",
        en: ", \(mine.aside.count) from which you stand aside")
    }
    let body: HTML =
      mine.open.isEmpty
      ? Pieces.empty(context.say(ko: "모두 평가했습니다.", en: "You have reviewed all of them."))
      : """
      <p class="note">\(context.say(
        ko: "채운 줄만 보냅니다. 보낸 줄은 모두 기록되거나 하나도 기록되지 않습니다.",
        en: "Only the rows that you fill in are sent: all of them are recorded, or none is."))</p>
      \(ActionForm.html(
        "reviewApplications", given: [("round", "\(id)")], back: "/rounds/\(id)#review", context))
      """
    return Pieces.section(title, "<p>\(counts)</p>\n\(body)", id: "review")
  }

  /// Everything that was applied for, for the office.
  static func applications(_ id: RoundID, _ context: PageContext) -> TableView {
    let programme = context.programme
    var table = TableView(
      "applications", caption: context.say(ko: "신청 (업무용)", en: "Applications (office)"),
      columns: [
        .text(context.say(ko: "신청", en: "Application")), .text(context.say(ko: "트랙", en: "Track")),
        .text(context.say(ko: "수행기관", en: "Organisation")), .number("GPU"),
        .text(context.say(ko: "접수", en: "Received")), .text(context.say(ko: "상태", en: "Standing")),
        .number(context.say(ko: "평가", en: "Reviews")),
      ],
      empty: context.say(ko: "아직 신청이 없습니다.", en: "Nobody has applied yet."))
    programme.applications.forEach { application, row in
      guard row.round == id else { return }
      table.rows.append([
        .link(application, context.name(application), "applications"),
        row.track.map { .text(context.say(programme.tracks[$0].name)) } ?? .none,
        row.organisation.map { .named($0, context.name($0)) } ?? .none, .number(row.gpus),
        .html("\(context.time(row.receivedAt))", row.receivedAt.seconds),
        .text(row.standing.name(context.language)), .number(Int64(row.reviewCount)),
      ])
    }
    table.pageRows = 20
    return table
  }

  /// Who may apply, the newest first, and the way in for one more.
  static func organisations(_ context: PageContext) -> [Page.Part] {
    let form = ActionForm.html("registerOrganisation", back: "/rounds#organisations", context)
    guard !form.isEmpty, let operation = Operation.named("registerOrganisation") else { return [] }
    let programme = context.programme
    var table = TableView(
      "organisations", caption: context.say(ko: "등록된 기관", en: "Organisations"),
      columns: [
        .text(context.say(ko: "기관", en: "Organisation")),
        .text(context.say(ko: "식별자", en: "Identifier")),
        .text(context.say(ko: "지역", en: "Region")),
      ],
      empty: context.say(ko: "등록된 기관이 없습니다.", en: "No organisation is registered."))
    table.rows = programme.organisations.ids.reversed().map { id in
      let row = programme.organisations[id]
      let mark = row.synthetic ? " \(Pieces.synthetic(context))" as HTML : .none
      return [
        .html("\(context.name(id))\(mark)", context.name(id)),
        .html("<code>\(id)</code>", "\(id)"), .text(row.region.value),
      ]
    }
    table.pageRows = 10
    let note = context.say(
      ko: "이름은 대장에 남지 않습니다. 담당자 계정은 식별자로 만듭니다: madang user add 이름 --role team:식별자",
      en: "Names stay out of the ledger. Its people get accounts by the identifier: "
        + "madang user add NAME --role team:IDENTIFIER")
    return [
      .html(
        Pieces.section(
          operation.title[context.language], "<p class=\"note\">\(note)</p>\n\(form)")),
      .table(table),
    ]
  }
}
