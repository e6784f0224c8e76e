import MadangProgramme

/// How rounds look, for people and machines.
enum RoundView {
  static func list(_ programme: Programme, _ prose: Prose) -> String {
    var table = Table([
      ("", .left), (prose.say(ko: "공모", en: "call"), .left),
      (prose.say(ko: "회차", en: "round"), .right), (prose.say(ko: "상태", en: "state"), .left),
      (prose.say(ko: "접수", en: "opens"), .left), (prose.say(ko: "마감", en: "closes"), .left),
      (prose.say(ko: "신청", en: "applications"), .right),
    ])
    programme.rounds.forEach { id, state in
      table.add(
        "\(id)", programme.calls[state.round.call].name[prose.language],
        prose.say(ko: "\(state.round.number)차", en: "\(state.round.number)"),
        state.stage.name(prose.language), prose.time(state.round.opens, programme),
        prose.time(state.round.closes, programme), state.applicationCount.grouped)
    }
    return table.text
  }

  static func text(_ id: RoundID, _ programme: Programme, _ prose: Prose) -> String {
    let state = programme.rounds[id]
    let round = state.round
    let call = programme.calls[round.call]
    let rules = state.published?.rules ?? round.rules
    var lines = [
      prose.say(
        ko: "\(call.name.ko.value) \(round.number)차 (\(id)): \(state.stage.name(.ko))",
        en: "\(call.name.en.value), round \(round.number) (\(id)): \(state.stage.name(.en))"),
      prose.say(
        ko: "접수 \(prose.time(round.opens, programme)) ~ \(prose.time(round.closes, programme))",
        en: "Open \(prose.time(round.opens, programme)) – "
          + prose.time(round.closes, programme)),
      prose.say(
        ko: "이용 기간 \(prose.term(round.period)), 신청 \(state.applicationCount)건",
        en: "Period \(prose.term(round.period)), "
          + "\(counted(state.applicationCount, "application"))"),
    ]
    if programme.isSynthetic(id) {
      lines.append(
        prose.say(
          ko: "신청은 모두 가상입니다: 발표된 합계에 맞추어 시드로 만들었습니다.",
          en: "All applications are synthetic: made from a seed to the published totals."))
    }
    lines += ["", prose.say(ko: "규칙", en: "Rules") + ": \(rules.name[prose.language])"]
    lines += programme.sentences(of: rules, prose.language).map { "  " + $0 }
    lines += ["", offersText(round, programme, prose)]
    if let published = state.published {
      lines += ["", cutOffText(published, programme, prose)]
    }
    return lines.joined(separator: "\n")
  }

  private static func offersText(
    _ round: Round, _ programme: Programme, _ prose: Prose
  ) -> String {
    var table = Table([
      (prose.say(ko: "제공 물량", en: "offered"), .left),
      (prose.say(ko: "기종", en: "model"), .left), ("GPU", .right),
      (prose.say(ko: "확실성", en: "confidence"), .left),
      (prose.say(ko: "출처", en: "source"), .left),
    ])
    for offer in round.offers {
      let line = programme.lines[offer.line].line
      table.add(
        programme.sites[line.site].name[prose.language],
        line.model.map { "\(programme.models[$0].name.value) (\(programme.models[$0].slug))" }
          ?? "–", offer.gpus.value.grouped,
        offer.gpus.first.confidence.name(prose.language),
        programme.sources[offer.gpus.first.source].publisher.value)
    }
    return table.text
  }

  static func cutOffText(
    _ published: RoundPublished, _ programme: Programme, _ prose: Prose
  ) -> String {
    var table = Table([
      (prose.say(ko: "배분 물량", en: "pool"), .left),
      (prose.say(ko: "신청", en: "applied"), .right),
      (prose.say(ko: "선정", en: "selected"), .right), ("GPU", .right),
      (prose.say(ko: "선정 기준선", en: "cut-off"), .right),
    ])
    for row in published.cutOffs {
      table.add(
        programme.pools[row.pool].name[prose.language], row.applications.grouped,
        row.selected.grouped, row.gpus.grouped, row.lowest?.text ?? "–")
    }
    table.rule()
    let cuts = published.cutOffs
    table.add(
      prose.say(ko: "합계", en: "total"), cuts.reduce(0) { $0 + $1.applications }.grouped,
      cuts.reduce(0) { $0 + $1.selected }.grouped, cuts.reduce(0) { $0 + $1.gpus }.grouped,
      prose.say(ko: "예비 \(published.reserves)", en: "\(published.reserves) in reserve"))
    return table.text
  }

  static func rankingText(
    _ rows: [Ranked], _ id: RoundID, _ programme: Programme, _ prose: Prose
  ) -> String {
    let rules = programme.rounds[id].draft?.rules ?? programme.rounds[id].round.rules
    var table = Table([
      (prose.say(ko: "순위", en: "rank"), .right), (prose.say(ko: "신청", en: "application"), .left),
      (prose.say(ko: "트랙", en: "track"), .left), ("GPU", .right),
      (prose.say(ko: "점수", en: "score"), .right), (prose.say(ko: "결과", en: "outcome"), .left),
      (prose.say(ko: "사유", en: "reason"), .left),
    ])
    for ranked in rows {
      let row = programme.applications[ranked.application]
      let track = row.track.map { programme.tracks[$0].name[prose.language] } ?? "–"
      let (outcome, reason) = programme.words(for: ranked, rules, prose.language)
      table.add(
        ranked.rank > 0 ? "\(ranked.rank)" : "–",
        "\(ranked.application)"
          + (row.synthetic ? prose.say(ko: " (가상)", en: " (synthetic)") : ""),
        track, row.gpus.grouped, ranked.score.text, outcome, reason)
    }
    return table.text
  }

}
