import MadangProgramme
import MadangViews

/// One line of supply: what is known of it, every step, its servers, when it cannot be used; and
/// the forms of those who say so, its operator and the office.
enum LinePage {
  static func page(_ id: LineID, _ context: PageContext) -> Page {
    let history = context.programme.lines[id]
    var parts: [Page.Part] = [
      .html(facts(history.line, context)), .table(SupplyPage.steps(of: id, context)),
      .html(form("recordStep", id, "steps", context)), .table(units(history, context)),
      .html(form("registerUnits", id, "units", context)),
      .table(maintenance(history, context)),
      .html(form("scheduleMaintenance", id, "maintenance", context)),
    ]
    if history.maintenance.isEmpty, history.units.isEmpty, !context.caller.isSignedIn {
      parts = Array(parts.prefix(2))
    }
    return Page(context.name(id), in: .supply, parts)
  }

  private static func form(
    _ operation: String, _ id: LineID, _ place: String, _ context: PageContext
  ) -> HTML {
    let form = ActionForm.html(
      operation, given: [("line", "\(id)")], back: "/supply/\(id)#\(place)", context)
    guard !form.isEmpty, let operation = Operation.named(operation) else { return .none }
    return
      "<section class=\"act\"><h2>\(operation.title[context.language])</h2>\n\(form)</section>\n"
  }

  private static func facts(_ line: Line, _ context: PageContext) -> HTML {
    let programme = context.programme
    let model = line.model.map { programme.models[$0].name.value }
    return Pieces.facts([
      (context.say(ko: "짧은 이름", en: "Short name"), "<code>\(line.slug)</code>"),
      (
        context.say(ko: "도입 물량", en: "Tranche"),
        "\(context.say(programme.tranches[line.tranche].name))"
      ),
      (
        context.say(ko: "소유기관", en: "Owner"),
        "\(context.say(programme.parties[programme.tranches[line.tranche].owner].name))"
      ),
      (context.say(ko: "센터", en: "Site"), "\(context.say(programme.sites[line.site].name))"),
      (
        context.say(ko: "운영사업자", en: "Operator"),
        "\(line.operatedBy.map { context.say(programme.parties[$0].name) } ?? "–")"
      ),
      (
        context.say(ko: "기종", en: "Model"),
        "\(model ?? context.say(ko: "미정", en: "not decided"))"
      ),
      ("GPU", Pieces.claims(line.gpus, context)),
      (
        context.say(ko: "운영사업자 몫", en: "Operator's share"),
        line.operatorShare.map { Pieces.claims($0, context) } ?? "–"
      ),
      (context.say(ko: "예비", en: "Spares"), "\(line.spares.grouped)"),
    ])
  }

  /// Servers known one by one.
  private static func units(_ history: LineHistory, _ context: PageContext) -> TableView {
    TableView(
      "units", caption: context.say(ko: "자산(물품)", en: "Servers registered"),
      columns: [
        .number(context.say(ko: "서버", en: "Servers")),
        .text(context.say(ko: "첫 일련번호", en: "First serial number")),
      ],
      rows: history.units.map { units in
        [
          .number(units.servers),
          .html("<code>\(units.firstSerial.value)</code>", units.firstSerial.value),
        ]
      },
      empty: context.say(ko: "등록된 자산이 없습니다.", en: "No servers are registered."))
  }

  private static func maintenance(_ history: LineHistory, _ context: PageContext) -> TableView {
    TableView(
      "maintenance", caption: context.say(ko: "점검 일정", en: "Maintenance"),
      columns: [
        .text(context.say(ko: "기간", en: "Days")), .number("GPU"),
        .text(context.say(ko: "출처", en: "Source")),
      ],
      rows: history.maintenance.map { window in
        [
          .html("\(context.term(window.term))", "\(window.term.from)"), .number(window.gpus),
          .html(
            Pieces.source(window.source, context),
            context.programme.sources[window.source].publisher.value),
        ]
      },
      empty: context.say(ko: "등록된 점검이 없습니다.", en: "No maintenance is scheduled."))
  }
}
