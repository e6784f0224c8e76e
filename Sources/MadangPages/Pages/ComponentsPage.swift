import MadangProgramme
import MadangViews

/// All components on one page, so that they can be looked at.
public enum ComponentsPage {
  public static func page(_ context: PageContext) -> Page {
    let tones = Pieces.Tone.allCases.map { Pieces.badge($0.rawValue, $0) + " " }
    let sure = Confidence.allCases.map { Pieces.confidence($0, context) + " " }
    let table = TableView(
      "sample", caption: context.say(ko: "정렬하고 내보내는 표", en: "A table that sorts and exports"),
      columns: [
        .text(context.say(ko: "글", en: "Text")), .number(context.say(ko: "수", en: "Number")),
      ],
      rows: [
        [.text(context.say(ko: "가", en: "Alpha")), .number(260_000)],
        [.text(context.say(ko: "나", en: "Beta")), .number(8)],
        [.text("<b>&amp;</b>"), .number(-1)],
      ],
      foot: [.text(context.say(ko: "합계", en: "Total")), .number(260_007)], empty: "–")
    let refusal = ProgrammeRefusal.alreadyFounded
    return Page(
      context.say(ko: "구성요소", en: "Components"), in: nil,
      [
        .html(Pieces.section(context.say(ko: "표지", en: "Badges"), "<p>\(tones)</p><p>\(sure)</p>")),
        .html(
          """
          <dl class="numbers">\(Pieces.number(
            context.say(ko: "가동", en: "In service"), 13_136, of: 260_000,
            note: Pieces.simulated(context), context))</dl>
          """
        ),
        .html(
          Pieces.corridor([
            (Room.supply.name(context.language), "13,136", "/supply"),
            (Room.awards.name(context.language), "166", "/awards"),
          ])),
        .table(table),
        .html(
          Plot.bar(
            [
              (Account.used.name(context.language), 60), (Account.idle.name(context.language), 25),
              (Account.down.name(context.language), 15),
            ], title: context.say(ko: "막대", en: "A bar"))),
        .html(Pieces.refusal(refusal, context)),
        .html(
          """
          <p class="notice" role="status">\(Notice.done.text(context.language))</p>
          <form class="ask"><label for="c-text">\(context.say(ko: "입력", en: "Input"))</label>
          <input id="c-text" name="text"><button type="button">\(context.say(
            ko: "단추",
            en: "Button"))</button></form>
          """), .html(Pieces.empty(context.say(ko: "비어 있음", en: "Nothing here"))),
      ])
  }
}
