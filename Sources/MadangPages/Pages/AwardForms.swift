import MadangProgramme
import MadangViews

/// What may be done about an award, each where the caller may: its team, its month's settlement,
/// its allocations and amendments.
enum AwardForms {
  /// Who is of the team, with the way in and out for those who may.
  static func members(_ id: AwardID, _ found: AwardFacts, _ context: PageContext) -> [Page.Part] {
    let forms = found.members.map { name in
      ActionForm.html(
        "removeMember", given: [("award", "\(id)"), ("name", name)],
        back: "/awards/\(id)#members",
        button: context.say(ko: "\(name) 제외", en: "Remove \(name)"), context)
    }
    let may = forms.contains { !$0.isEmpty }
    let actions: [TableView.Column] = may ? [.actions(context.say(ko: "제외", en: "Remove"))] : []
    var table = TableView(
      "members", caption: context.say(ko: "참여인력", en: "Members"),
      columns: [.text(context.say(ko: "이름", en: "Name"))] + actions,
      empty: context.say(
        ko: "아직 참여인력이 없습니다. 작업을 내고 서버를 인수하는 것은 참여인력입니다.",
        en: "There are no members yet. It is members who submit jobs and take over servers."))
    table.rows = zip(found.members, forms).map { name, form in
      [.text(name)] + (may ? [.html(form, "")] : [])
    }
    let add = ActionForm.html(
      "addMember", given: [("award", "\(id)")], back: "/awards/\(id)#members", context)
    let title = context.say(ko: "참여인력 추가", en: "Add a member")
    return [.table(table), .html(add.isEmpty ? add : Pieces.fold(title, add))]
  }

  /// A month at a time, by what was published.
  static func settlement(_ id: AwardID, _ context: PageContext) -> HTML {
    let form = ActionForm.html(
      "settle", given: [("award", "\(id)")], back: "/awards/\(id)#charges", context)
    if form.isEmpty { return .none }
    let choices = SettlementChoices(id, context)
    let missing: String? =
      if choices.months.isEmpty {
        context.say(
          ko: "정산할 달이 없습니다. 한 달의 모든 시간이 확정되어야 정산합니다.",
          en: "There is no month to settle: all hours of a month have to be sealed first.")
      } else if choices.prices.isEmpty {
        context.say(
          ko: "이 기종의 단가가 발표되지 않아 정산할 수 없습니다.",
          en: "No price of this model was published, so nothing can be settled.")
      } else if choices.charges.isEmpty {
        context.say(
          ko: "이 트랙의 이용자 부담률이 하나의 값으로 발표되지 않아 정산할 수 없습니다.",
          en: "No user charge of this track was published as one rate, so nothing can be settled.")
      } else {
        nil
      }
    if let missing { return "<p class=\"note\">\(missing)</p>\n" }
    return Pieces.fold(context.say(ko: "한 달 정산", en: "Settle a month"), form)
  }

  /// Amendments that wait for an approver.
  static func waiting(_ id: AwardID, _ context: PageContext) -> HTML {
    let programme = context.programme
    let here = "/awards/\(id)"
    var body = HTML.none
    for amendment in programme.amendments.ids {
      let row = programme.amendments[amendment]
      guard row.award == id, row.standing == .drafted else { continue }
      let given = [("amendment", "\(amendment)")]
      let forms =
        ActionForm.html("approveAmendment", given: given, back: here, context)
        + ActionForm.html("returnAmendment", given: given, back: here, context)
      if forms.isEmpty { continue }
      body += Pieces.section(
        context.name(amendment) + ": " + programme.words(for: row.change, context.language),
        "<div class=\"actions\">\(forms)</div>")
    }
    return body
  }

  /// What an officer may start.
  static func office(_ id: AwardID, _ context: PageContext) -> HTML {
    let allocate = ActionForm.html(
      "allocate", given: [("award", "\(id)")], back: "/awards/\(id)", context)
    let fold: HTML =
      allocate.isEmpty
      ? .none : Pieces.fold(context.say(ko: "할당하기", en: "Make an allocation"), allocate)
    return fold + amendment(id, context)
  }

  /// First what is to change, then what has to be known of that. Without a script the choice is a
  /// form of its own; with one the fields come as soon as it is made.
  private static func amendment(_ id: AwardID, _ context: PageContext) -> HTML {
    let here = "/awards/\(id)"
    guard let operation = Operation.named("draftAmendment"),
      let field = operation.body.first(where: { $0.name == "change" }),
      case .choice(let changes) = field.kind,
      operation.access.mayUse(context.caller, Values(), in: context.programme)
    else { return .none }
    let chosen = changes.first { $0.word == context.query("change") }
    let form =
      chosen.map { change in
        ActionForm.html(
          operation.id, given: [("award", "\(id)"), ("change", change.word)], back: here,
          button: operation.title[context.language] + ": " + change.title[context.language], context
        )
      } ?? .none
    let options = changes.map { change -> HTML in
      let mark: HTML = change == chosen ? " selected" : .none
      return "<option value=\"\(change.word)\"\(mark)>\(change.title[context.language])</option>"
    }
    return Pieces.fold(
      operation.title[context.language],
      """
      <form method="get" action="\(here)#amend" class="ask" data-brings="amend-fields">
      <label>\(field.title[context.language]) <select name="change" required>\
      <option value="">\(context.say(ko: "고르십시오", en: "Choose"))</option>\(options)</select></label>
      <button>\(context.say(ko: "다음", en: "Next"))</button></form>
      <div id="amend-fields">\(form)</div>

      """, id: "amend", isOpen: chosen != nil)
  }
}
