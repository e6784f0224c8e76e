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
    if RoundView.isSynthetic(id, programme) {
      lines.append(
        output.say(
          ko: "신청은 모두 가상입니다: 발표된 합계에 맞추어 시드로 만들었습니다.",
          en: "All applications are synthetic: made from a seed to the published totals."))
    }
    lines += ["", output.say(ko: "규칙", en: "Rules") + ": \(rules.name[output.language])"]
    lines += rulesText(rules, programme, output).map { "  " + $0 }
    lines += ["", offersText(round, programme, output)]
    if let published = state.published {
      lines += ["", cutOffText(published, programme, output)]
    }
    return lines.joined(separator: "\n")
  }

  static func isSynthetic(_ id: RoundID, _ programme: Programme) -> Bool {
    var all = false
    for application in programme.applications.ids
    where programme.applications[application].round == id {
      guard programme.applications[application].synthetic else { return false }
      all = true
    }
    return all
  }

  private static func rulesText(
    _ rules: RuleSet, _ programme: Programme, _ output: Output
  ) -> [String] {
    var lines = [output.say(ko: "서버 단위 \(rules.unit)장", en: "servers of \(rules.unit) GPUs")]
    let total = rules.shares.reduce(0) { $0 + $1.weight }
    for share in rules.shares {
      lines.append("\(programme.pools[share.pool].name[output.language]): \(share.weight)/\(total)")
    }
    if rules.shares.isEmpty {
      lines.append(output.say(ko: "배분 비율 없음", en: "no share rule"))
    } else {
      lines.append(
        rules.unusedShare == .stays
          ? output.say(ko: "남는 배분은 넘기지 않음", en: "an unused share stays")
          : output.say(ko: "남는 배분은 순위에 따라 넘김", en: "an unused share passes on"))
    }
    if let score = rules.minimumScore {
      lines.append(output.say(ko: "최저 \(score)점", en: "at least \(score) points"))
    }
    for bonus in rules.regionBonus {
      lines.append(
        output.say(
          ko: "지역 가점 \(bonus.region): \(bonus.points)점",
          en: "\(bonus.points) points for \(bonus.region)"))
    }
    if let cap = rules.organisationCap {
      lines.append(output.say(ko: "기관당 \(cap)장까지", en: "at most \(cap) GPUs an organisation"))
    }
    if let cap = rules.applicationCap {
      lines.append(output.say(ko: "신청당 \(cap)장까지", en: "at most \(cap) GPUs an application"))
    }
    lines.append(
      rules.skips
        ? output.say(
          ko: "맞지 않으면 건너뛰고 다음 순위로", en: "whoever does not fit is passed over")
        : output.say(
          ko: "맞지 않는 순위에서 그 배분 물량 마감", en: "a pool closes at the first who does not fit"))
    return lines
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

  /// The ranking as it was published, or as it was drafted.
  static func ranking(_ id: RoundID, _ programme: Programme) -> [Ranked] {
    if let draft = programme.rounds[id].draft?.outcomes.value { return draft }
    var rows: [Ranked] = []
    programme.outcomes.forEach { application, ranked in
      if let ranked, programme.applications[application].round == id { rows.append(ranked) }
    }
    return rows.sorted {
      ($0.rank == 0 ? Int32.max : $0.rank, $0.application)
        < ($1.rank == 0 ? Int32.max : $1.rank, $1.application)
    }
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
      let (outcome, reason) = words(ranked, rules, programme, output)
      table.add(
        ranked.rank > 0 ? "\(ranked.rank)" : "–",
        "\(ranked.application)"
          + (row.synthetic ? output.say(ko: " (가상)", en: " (synthetic)") : ""),
        track, row.gpus.grouped, ranked.score.text, outcome, reason)
    }
    return table.text
  }

  /// The outcome and its reason, each in a few words.
  static func words(
    _ ranked: Ranked, _ rules: RuleSet, _ programme: Programme, _ output: Output
  ) -> (outcome: String, reason: String) {
    switch ranked.outcome {
    case .selected(let line, let pass):
      let line = programme.lines[line].line
      let model = line.model.map { programme.models[$0].name.value } ?? ""
      return (
        output.say(ko: "선정", en: "selected"),
        model + (pass == 2 ? output.say(ko: " (남은 배분에서)", en: " (from an unused share)") : "")
      )
    case .notSelected(let reason, let reserve):
      let sentence = programme.sentence(reason, rules, output)
      if let offer = programme.applications[ranked.application].offer {
        let standing = programme.offers[offer].standing.name(output.language)
        return (output.say(ko: "예비에서 선정 (\(standing))", en: "moved up (\(standing))"), sentence)
      }
      if reserve > 0 {
        return (output.say(ko: "예비 \(reserve)번", en: "reserve \(reserve)"), sentence)
      }
      return (output.say(ko: "미선정", en: "not selected"), sentence)
    }
  }

  static func json(_ ranked: Ranked, _ programme: Programme) -> JSON {
    let row = programme.applications[ranked.application]
    var pairs: [(String, JSON)] = [
      ("application", .text("\(ranked.application)")), ("rank", .int(ranked.rank)),
      ("track", .optional(row.track.map { programme.tracks[$0].slug.value })),
      ("gpus", .int(row.gpus)), ("synthetic", .bool(row.synthetic)),
      (
        "score",
        .object([("points", .int(ranked.score.points)), ("scale", .int(ranked.score.scale))])
      ),
    ]
    switch ranked.outcome {
    case .selected(let line, let pass):
      pairs += [
        ("outcome", .text("selected")), ("line", .text("\(line)")), ("pass", .int(pass)),
      ]
    case .notSelected(let reason, let reserve):
      pairs += [
        ("outcome", .text("notSelected")), ("reason", .text(reason.word)),
        ("reserve", .int(reserve)),
      ]
    }
    return .object(pairs)
  }

  static func json(_ id: RoundID, _ programme: Programme) -> JSON {
    let state = programme.rounds[id]
    let cuts = (state.published?.cutOffs ?? []).map { row in
      JSON.object([
        ("pool", .text(programme.pools[row.pool].slug.value)),
        ("applications", .int(row.applications)), ("selected", .int(row.selected)),
        ("gpus", .int(row.gpus)),
        (
          "lowestScore",
          row.lowest.map { .object([("points", .int($0.points)), ("scale", .int($0.scale))]) }
            ?? .null
        ),
      ])
    }
    return .object([
      ("id", .text("\(id)")), ("call", .text(programme.calls[state.round.call].slug.value)),
      ("number", .int(state.round.number)), ("stage", .text(state.stage.rawValue)),
      ("opens", .int(state.round.opens.seconds)), ("closes", .int(state.round.closes.seconds)),
      ("from", .text(state.round.period.from.description)),
      ("to", .text(state.round.period.to.description)),
      ("applications", .int(state.applicationCount)),
      ("synthetic", .bool(isSynthetic(id, programme))),
      (
        "offers",
        .array(
          state.round.offers.map {
            .object([("line", .text("\($0.line)")), ("gpus", programme.json($0.gpus))])
          })
      ), ("cutOffs", .array(cuts)),
    ])
  }
}
