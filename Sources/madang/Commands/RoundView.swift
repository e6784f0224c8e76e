import MadangProgramme
import MadangViews

/// How rounds look, for people and machines.
enum RoundView {
  static func text(_ id: RoundID, _ programme: Programme, _ output: Output) -> String {
    let state = programme.rounds[id]
    let round = state.round
    let call = programme.calls[round.call]
    let rules = state.published?.rules ?? round.rules
    var lines = [
      output.say(
        ko: "\(call.name.ko.value) \(round.number)차 (\(id)): \(state.stage.name(.ko))",
        en: "\(call.name.en.value), round \(round.number) (\(id)): \(state.stage.name(.en))"),
      output.say(
        ko: "접수 \(output.time(round.opens, programme)) ~ \(output.time(round.closes, programme)) 전",
        en: "Open \(output.time(round.opens, programme)) to before "
          + output.time(round.closes, programme)),
      output.say(
        ko: "이용 기간 \(round.period.from) ~ \(round.period.to) 전, 신청 \(state.applicationCount)건",
        en: "Period \(round.period.from) to before \(round.period.to), "
          + "\(state.applicationCount) applications"),
    ]
    if programme.isSynthetic(id) {
      lines.append(
        output.say(
          ko: "신청은 모두 가상입니다: 발표된 합계에 맞추어 시드로 만들었습니다.",
          en: "All applications are synthetic: made from a seed to the published totals."))
    }
    lines += ["", output.say(ko: "규칙", en: "Rules") + ": \(rules.name[output.language])"]
    lines += programme.sentences(of: rules, output.language).map { "  " + $0 }
    lines += ["", offersText(round, programme, output)]
    if let published = state.published {
      lines += ["", cutOffText(published, programme, output)]
    }
    return lines.joined(separator: "\n")
  }

  private static func offersText(
    _ round: Round, _ programme: Programme, _ output: Output
  ) -> String {
    var table = Table([
      (output.say(ko: "제공 물량", en: "offered"), .left),
      (output.say(ko: "기종", en: "model"), .left), ("GPU", .right),
      (output.say(ko: "확실성", en: "confidence"), .left),
      (output.say(ko: "출처", en: "source"), .left),
    ])
    for offer in round.offers {
      let line = programme.lines[offer.line].line
      table.add(
        programme.sites[line.site].name[output.language],
        line.model.map { "\(programme.models[$0].name.value) (\(programme.models[$0].slug))" }
          ?? "–", offer.gpus.value.grouped,
        offer.gpus.first.confidence.name(output.language),
        programme.sources[offer.gpus.first.source].publisher.value)
    }
    return table.text
  }

  static func cutOffText(
    _ published: RoundPublished, _ programme: Programme, _ output: Output
  ) -> String {
    var table = Table([
      (output.say(ko: "배분 물량", en: "pool"), .left),
      (output.say(ko: "신청", en: "applied"), .right),
      (output.say(ko: "선정", en: "selected"), .right), ("GPU", .right),
      (output.say(ko: "선정 기준선", en: "cut-off"), .right),
    ])
    for row in published.cutOffs {
      table.add(
        programme.pools[row.pool].name[output.language], row.applications.grouped,
        row.selected.grouped, row.gpus.grouped, row.lowest?.text ?? "–")
    }
    table.rule()
    let cuts = published.cutOffs
    table.add(
      output.say(ko: "합계", en: "total"), cuts.reduce(0) { $0 + $1.applications }.grouped,
      cuts.reduce(0) { $0 + $1.selected }.grouped, cuts.reduce(0) { $0 + $1.gpus }.grouped,
      output.say(ko: "예비 \(published.reserves)", en: "\(published.reserves) in reserve"))
    return table.text
  }

  static func rankingText(
    _ rows: [Ranked], _ id: RoundID, _ programme: Programme, _ output: Output
  ) -> String {
    let rules = programme.rounds[id].draft?.rules ?? programme.rounds[id].round.rules
    var table = Table([
      (output.say(ko: "순위", en: "rank"), .right), (output.say(ko: "신청", en: "application"), .left),
      (output.say(ko: "트랙", en: "track"), .left), ("GPU", .right),
      (output.say(ko: "점수", en: "score"), .right), (output.say(ko: "결과", en: "outcome"), .left),
      (output.say(ko: "사유", en: "reason"), .left),
    ])
    for ranked in rows {
      let row = programme.applications[ranked.application]
      let track = row.track.map { programme.tracks[$0].name[output.language] } ?? "–"
      let (outcome, reason) = programme.words(for: ranked, rules, output.language)
      table.add(
        ranked.rank > 0 ? "\(ranked.rank)" : "–",
        "\(ranked.application)"
          + (row.synthetic ? output.say(ko: " (가상)", en: " (synthetic)") : ""),
        track, row.gpus.grouped, ranked.score.text, outcome, reason)
    }
    return table.text
  }

}
