public import MadangProgramme
import MadangViews

/// Promised, contracted, delivered, in service; and what may be awarded, day by day.
public enum SupplyPage {
  public static func page(_ context: PageContext) -> Page {
    let programme = context.programme
    guard let today = context.today else { return .empty(.supply, context) }
    let summary = programme.supplySummary(on: today)
    return Page(
      context.say(ko: "도입", en: "Supply"), in: .supply,
      [
        .html(target(summary, context)),
        .html(timeline(today, context)),
        .table(lines(summary, context)),
        .html(capacity(today, context)),
        .table(steps(context)),
      ])
  }

  private static func target(_ summary: SupplySummary, _ context: PageContext) -> HTML {
    guard let target = summary.target else { return .none }
    return Pieces.section(
      context.say(ko: "목표", en: "The target"),
      """
      <p>\(context.say(
        ko: "서로 다른 발표는 나란히 둡니다. 계산에는 첫째 값을 씁니다.",
        en: "Figures that disagree stand side by side; the first is calculated with."))</p>
      \(Pieces.claims(target, context))
      """)
  }

  /// In service, by tranche, with what is planned.
  private static func timeline(_ today: Day, _ context: PageContext) -> HTML {
    let programme = context.programme
    var layers: [Plot.Layer] = []
    var last = today
    for id in programme.tranches.ids {
      var sum = StepFunction.zero
      programme.lines.forEach { _, history in
        guard history.line.tranche == id else { return }
        sum = sum + history.inService(minimum: .assumed, on: today)
        last = max(last, history.steps.map(\.on).max() ?? today)
      }
      layers.append(Plot.Layer(name: context.say(programme.tranches[id].name), steps: sum))
    }
    let first = layers.compactMap { $0.steps.steps.first?.from }.min() ?? today
    let from = min(first, today).advanced(by: -31)
    guard let term = Term(from: from, to: max(last, today).advanced(by: 92)) else { return .none }
    let title = context.say(
      ko: "가동 GPU (예정 포함; 세로선은 오늘)", en: "GPUs in service, planned ones included; the line is today"
    )
    return Pieces.section(
      context.say(ko: "언제 오나", en: "When they come"),
      Plot.stacked(
        layers.filter { !$0.steps.steps.isEmpty }, over: term, title: title, mark: today, context))
  }

  private static func lines(_ summary: SupplySummary, _ context: PageContext) -> TableView {
    let programme = context.programme
    var table = TableView(
      "lines", caption: context.say(ko: "물량", en: "Lines"),
      columns: [
        .text(context.say(ko: "도입 물량", en: "Tranche")), .text(context.say(ko: "센터", en: "Site")),
        .text(context.say(ko: "기종", en: "Model")), .number(context.say(ko: "약속", en: "Promised")),
        .number(context.say(ko: "계약", en: "Contracted")),
        .number(context.say(ko: "납품", en: "Delivered")),
        .number(context.say(ko: "가동", en: "In service")),
        .number(context.say(ko: "예정 포함", en: "With planned")),
        .text(context.say(ko: "확실성", en: "Confidence")),
      ],
      empty: context.say(ko: "물량이 없습니다.", en: "There are no lines."))
    for tranche in summary.tranches {
      for row in tranche.lines {
        let site = context.say(programme.sites[row.line.site].name)
        table.rows.append([
          .link(context.say(tranche.tranche.name), "/supply/\(row.id)"), .text(site),
          row.line.model.map { .text(programme.models[$0].name.value) } ?? .none,
          .number(row.line.gpus.value), .number(row.progress.contracted),
          .number(row.progress.delivered), .number(row.progress.inService),
          .number(row.progress.inServicePlanned),
          row.confidence.map { .html(Pieces.confidence($0, context), context.name($0)) } ?? .none,
        ])
      }
    }
    for (_, commitment) in summary.unattested {
      guard let gpus = commitment.gpus else { continue }
      let unsaid = context.say(ko: "증명서 미제출", en: "not attested")
      table.rows.append([
        .text(context.say(commitment.text)),
        .text(context.say(programme.parties[commitment.from].name)), .none, .number(gpus.value),
        .none, .none, .none, .none, .html(Pieces.badge(unsaid, .plain), unsaid),
      ])
    }
    table.foot = [
      .text(context.say(ko: "합계(공개된 것)", en: "Total, as published")), .none, .none,
      .number(summary.target?.value), .number(summary.total.contracted),
      .number(summary.total.delivered), .number(summary.total.inService),
      .number(summary.total.inServicePlanned), .none,
    ]
    return table
  }

  // MARK: Awardable

  private static func capacity(_ today: Day, _ context: PageContext) -> HTML {
    let programme = context.programme
    var layers: [Plot.Layer] = []
    programme.lines.forEach { id, history in
      let steps = history.awardable(minimum: .announced, on: today)
      guard !steps.steps.isEmpty else { return }
      layers.append(Plot.Layer(name: context.name(id), steps: steps))
    }
    guard !layers.isEmpty, let term = Term(from: today, to: today.advanced(by: 730)) else {
      return .none
    }
    return Pieces.section(
      context.say(ko: "배정할 수 있는 GPU", en: "What may be awarded"),
      """
      <p>\(context.say(
        ko: "가동 − 예비 − 운영사업자 몫 − 예정된 점검. 어느 하루라도 이를 넘는 선정은 거절됩니다.",
        en: "In service − spares − operator's share − known maintenance. A decision "
          + "that exceeds it on any day is refused."))</p>
      \(Plot.stacked(layers, over: term, title: context.say(
        ko: "일별 배정 가능 GPU", en: "Awardable GPUs by day"), mark: nil, context))
      """)
  }

  private static func steps(_ context: PageContext) -> TableView {
    let programme = context.programme
    var table = TableView(
      "steps", caption: context.say(ko: "모든 단계와 근거", en: "Every step and its evidence"),
      columns: [
        .text(context.say(ko: "날짜", en: "Day")), .text(context.say(ko: "물량", en: "Line")),
        .text(context.say(ko: "단계", en: "State")), .number("GPU"),
        .text(context.say(ko: "확실성", en: "Confidence")),
        .text(context.say(ko: "출처", en: "Source")),
        .sentence(context.say(ko: "근거", en: "Evidence")),
      ],
      empty: context.say(ko: "단계가 없습니다.", en: "There are no steps."))
    programme.lines.forEach { id, history in
      for step in history.steps {
        table.rows.append(row(step, id, history, context))
      }
    }
    return table
  }

  private static func row(
    _ step: SupplyStep, _ id: LineID, _ history: LineHistory, _ context: PageContext
  ) -> [TableView.Cell] {
    let planned = step.planned ? context.say(ko: " (예정)", en: " (planned)") : ""
    return [
      .html("\(context.date(step.on))", "\(step.on)"),
      .html("<a href=\"/supply/\(id)\">\(context.name(id))</a>", history.line.slug.value),
      .text(step.state.name(context.language) + planned), .number(step.gpus),
      .html(Pieces.confidence(step.confidence, context), context.name(step.confidence)),
      .html(
        Pieces.source(step.source, context),
        context.programme.sources[step.source].publisher.value),
      .text(step.evidence.map { context.say($0) } ?? ""),
    ]
  }

  /// One line.
  public static func line(_ id: LineID, _ context: PageContext) -> Page {
    LinePage.page(id, context)
  }

  static func steps(of id: LineID, _ context: PageContext) -> TableView {
    let history = context.programme.lines[id]
    let all = steps(context)
    // Which line it is, its own page need not say in every row.
    func others<Part>(_ parts: [Part]) -> [Part] { [parts[0]] + parts.dropFirst(2) }
    return TableView(
      all.id, caption: all.caption, columns: others(all.columns),
      rows: history.steps.map { others(row($0, id, history, context)) }, empty: all.empty)
  }
}

extension Page {
  /// Where there is no programme yet.
  static func empty(_ room: Room, _ context: PageContext) -> Page {
    Page(
      room.name(context.language), in: room,
      [.html(Pieces.empty(context.say(ko: "아직 사업이 없습니다.", en: "There is no programme yet.")))])
  }
}
