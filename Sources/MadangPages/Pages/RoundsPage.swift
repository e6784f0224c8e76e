public import MadangProgramme
import MadangViews

/// Rounds: the list, and one round with its ranking, cut-off, reserve list and reasons.
public enum RoundsPage {
  public static func page(_ context: PageContext) -> Page {
    let programme = context.programme
    var table = TableView(
      "rounds", caption: context.say(ko: "회차", en: "Rounds"),
      columns: [
        .text(context.say(ko: "공모", en: "Call")), .number(context.say(ko: "회차", en: "Round")),
        .text(context.say(ko: "상태", en: "State")), .text(context.say(ko: "접수", en: "Opens")),
        .text(context.say(ko: "마감", en: "Closes")),
        .number(context.say(ko: "신청", en: "Applications")),
      ],
      empty: context.say(ko: "아직 공모가 없습니다.", en: "There is no call yet."))
    programme.rounds.forEach { id, state in
      table.rows.append([
        .link(context.say(programme.calls[state.round.call].name), "/rounds/\(id)"),
        .number(state.round.number), .text(state.stage.name(context.language)),
        .text(context.time(state.round.opens)), .text(context.time(state.round.closes)),
        .number(state.applicationCount),
      ])
    }
    return Page(
      context.say(ko: "공모", en: "Rounds"), in: .rounds,
      [.table(table)] + RoundWork.organisations(context))
  }

  /// One round. `comparison`: with what was published of it elsewhere, where that is known.
  public static func round(
    _ id: RoundID, _ comparison: Comparison?, _ context: PageContext
  ) -> Page {
    let programme = context.programme
    let state = programme.rounds[id]
    var parts: [Page.Part] = [
      .html(head(id, state, context)), .html(actions(id, state, context)),
      .html(RoundWork.reviewing(id, state, context)),
    ]
    parts.append(.html(rules(state.published?.rules ?? state.round.rules, context)))
    parts.append(.table(offers(state.round, context)))
    if let published = state.published {
      parts.append(.table(cutOffs(published, context)))
      let facts = programme.publicFacts(of: id)
      parts.append(.html(RankSection.html(id, facts, context)))
      parts.append(.table(selected(facts?.selected ?? [], context)))
    }
    if context.caller.readsOffice {
      let isDecided = state.stage != .open
      parts.append(
        .table(
          isDecided ? RankingTable.table(id, context) : RoundWork.applications(id, context)))
    } else if !context.caller.organisations.isEmpty {
      parts.append(.table(own(id, context)))
    }
    if let comparison { parts += ComparisonSection.parts(comparison, context) }
    if state.published != nil || context.caller.readsOffice {
      parts.append(
        .html(
          """
          <p><a class="button" href="/rounds/\(id)/rules">\(context.say(
            ko: "같은 회차를 다른 규칙으로 보기", en: "See the same round under other rules"))</a></p>
          """))
    }
    return Page(context.name(id), in: .rounds, parts)
  }

  private static func head(_ id: RoundID, _ state: RoundState, _ context: PageContext) -> HTML {
    let round = state.round
    let facts: [(String, HTML)] = [
      (context.say(ko: "상태", en: "State"), "\(state.stage.name(context.language))"),
      (
        context.say(ko: "접수", en: "Open"),
        "\(context.time(round.opens)) – \(context.time(round.closes))"
      ),
      (context.say(ko: "이용 기간", en: "Period"), "\(context.term(round.period))"),
      (context.say(ko: "신청", en: "Applications"), "\(state.applicationCount.grouped)"),
    ]
    let synthetic: HTML =
      context.programme.isSynthetic(id)
      ? """
      <p>\(Pieces.synthetic(context)) \(context.say(
        ko: "신청은 모두 가상입니다: 발표된 합계에 맞추어 시드로 만들었습니다.",
        en: "All applications are made from a seed to the published totals."))</p>
      """ : .none
    return Pieces.facts(facts.map { (name: $0.0, value: $0.1) }) + synthetic
  }

  private static func actions(_ id: RoundID, _ state: RoundState, _ context: PageContext) -> HTML {
    let given = [("round", "\(id)")]
    let here = "/rounds/\(id)"
    func form(_ name: String) -> HTML { ActionForm.html(name, given: given, back: here, context) }
    var body = HTML.none
    switch state.stage {
    case .open:
      if context.now >= state.round.closes { body += form("draftRound") }
      if context.now >= state.round.opens, context.now < state.round.closes,
        !context.caller.organisations.isEmpty
      {
        body += """
          <p><a class="button" href="/rounds/\(id)/apply">\(context.say(
            ko: "신청하기",
            en: "Apply"))</a></p>
          """
      }
    case .drafted: body += form("approveRound") + form("returnRound")
    case .approved: body += form("publishRound")
    case .published: break
    }
    if body.isEmpty { return .none }
    return "<div class=\"actions\">\(body)</div>"
  }

  private static func rules(_ rules: RuleSet, _ context: PageContext) -> HTML {
    let lines = context.programme.sentences(of: rules, context.language)
      .map { "<li>\($0)</li>\n" as HTML }
    return Pieces.section(
      context.say(ko: "규칙: ", en: "Rules: ") + context.say(rules.name),
      "<ul class=\"rules\">\(lines)</ul>")
  }

  private static func offers(_ round: Round, _ context: PageContext) -> TableView {
    let programme = context.programme
    return TableView(
      "offers", caption: context.say(ko: "제공 물량", en: "Offered"),
      columns: [
        .text(context.say(ko: "센터", en: "Site")), .text(context.say(ko: "기종", en: "Model")),
        .number("GPU"), .text(context.say(ko: "확실성", en: "Confidence")),
        .text(context.say(ko: "출처", en: "Source")),
      ],
      rows: round.offers.map { offer in
        let line = programme.lines[offer.line].line
        let figure = offer.gpus.first
        return [
          .link(context.say(programme.sites[line.site].name), "/supply/\(offer.line)"),
          line.model.map { .text(programme.models[$0].name.value) } ?? .none,
          .number(offer.gpus.value),
          .html(Pieces.confidence(figure.confidence, context), context.name(figure.confidence)),
          .html(
            Pieces.source(figure.source, context),
            programme.sources[figure.source].publisher.value),
        ]
      },
      empty: context.say(ko: "제공 물량이 없습니다.", en: "Nothing is offered."))
  }

  private static func cutOffs(_ published: RoundPublished, _ context: PageContext) -> TableView {
    let programme = context.programme
    let cuts = published.cutOffs
    return TableView(
      "cutoffs", caption: context.say(ko: "선정 기준선", en: "Cut-offs"),
      columns: [
        .text(context.say(ko: "배분 물량", en: "Pool")),
        .number(context.say(ko: "신청", en: "Applied")),
        .number(context.say(ko: "선정", en: "Selected")), .number("GPU"),
        .number(context.say(ko: "선정 기준선", en: "Cut-off")),
      ],
      rows: cuts.map { row in
        [
          .text(context.say(programme.pools[row.pool].name)), .number(row.applications),
          .number(row.selected), .number(row.gpus),
          row.lowest.map { .html("\($0.text)", $0.milliPoints) } ?? .none,
        ]
      },
      foot: [
        .text(context.say(ko: "합계", en: "Total")),
        .number(cuts.reduce(0) { $0 + $1.applications }),
        .number(cuts.reduce(0) { $0 + $1.selected }), .number(cuts.reduce(0) { $0 + $1.gpus }),
        .text(
          context.say(ko: "예비 \(published.reserves)", en: "\(published.reserves) in reserve")),
      ],
      empty: context.say(ko: "기준선이 없습니다.", en: "There is no cut-off."))
  }

  /// Who was selected, as everybody may read it.
  private static func selected(
    _ rows: [PublicFacts.Selected], _ context: PageContext
  ) -> TableView {
    let programme = context.programme
    // Names and terms that many rows share are made once.
    let pools = programme.pools.ids.map { context.say(programme.pools[$0].name) }
    let lines = programme.lines.ids.map { context.name($0) }
    var known: (term: Term, text: String)?
    func term(_ term: Term) -> String {
      if let known, known.term == term { return known.text }
      let text = context.term(term)
      known = (term, text)
      return text
    }
    return TableView(
      "selected", caption: context.say(ko: "선정", en: "Selected"),
      columns: [
        .number(context.say(ko: "순위", en: "Rank")),
        .text(context.say(ko: "배분 물량", en: "Pool")),
        .text(context.say(ko: "수행기관", en: "Organisation")), .number("GPU"),
        .text(context.say(ko: "물량", en: "Line")), .text(context.say(ko: "이용 기간", en: "Term")),
      ],
      rows: rows.map { row in
        [
          .number(Int64(row.rank)), .text(pools[Int(row.pool.number) - 1]),
          .named(row.organisation, context.name(row.organisation)), .number(row.gpus),
          .link(row.line, lines[Int(row.line.number) - 1], "supply"), .text(term(row.term)),
        ]
      },
      empty: context.say(ko: "선정된 신청이 없습니다.", en: "Nobody was selected."))
  }

  private static func own(_ id: RoundID, _ context: PageContext) -> TableView {
    let programme = context.programme
    var table = TableView(
      "own", caption: context.say(ko: "우리 기관의 신청", en: "Your applications"),
      columns: [
        .text(context.say(ko: "신청", en: "Application")), .number("GPU"),
        .text(context.say(ko: "상태", en: "Standing")),
      ],
      empty: context.say(ko: "신청이 없습니다.", en: "You have not applied."))
    programme.applications.forEach { application, row in
      guard row.round == id, context.caller.concerns(row) else { return }
      table.rows.append([
        .link(application, context.name(application), "applications"), .number(row.gpus),
        .text(row.standing.name(context.language)),
      ])
    }
    return table
  }
}

/// The whole ranking, for the office.
enum RankingTable {
  static func table(_ id: RoundID, _ context: PageContext) -> TableView {
    let programme = context.programme
    let state = programme.rounds[id]
    let rules = state.draft?.rules ?? state.round.rules
    var table = TableView(
      "ranking", caption: context.say(ko: "순위 전체 (업무용)", en: "The whole ranking (office)"),
      columns: [
        .number(context.say(ko: "순위", en: "Rank")), .text(context.say(ko: "신청", en: "Application")),
        .text(context.say(ko: "트랙", en: "Track")), .number("GPU"),
        .number(context.say(ko: "점수", en: "Score")), .text(context.say(ko: "결과", en: "Outcome")),
        .sentence(context.say(ko: "사유", en: "Reason")),
      ],
      empty: context.say(ko: "아직 순위가 없습니다.", en: "There is no ranking yet."))
    let tracks = programme.tracks.ids.map { context.say(programme.tracks[$0].name) }
    var sentences: [Reason: String] = [:]
    for ranked in programme.ranking(of: id) {
      let row = programme.applications[ranked.application]
      let words = programme.words(for: ranked, rules, context.language, known: &sentences)
      table.rows.append([
        ranked.rank > 0 ? .number(Int64(ranked.rank)) : .none,
        .link(ranked.application, context.name(ranked.application), "applications"),
        row.track.map { .text(tracks[Int($0.number) - 1]) } ?? .none, .number(row.gpus),
        .words(ranked.score.text, ranked.score.isNone ? 0 : ranked.score.milliPoints),
        .text(words.outcome), .text(words.reason),
      ])
    }
    return table
  }
}

/// What was left when a rank's turn came: why the 160th was not selected, from public facts alone.
enum RankSection {
  static func html(_ id: RoundID, _ facts: PublicFacts?, _ context: PageContext) -> HTML {
    guard let facts else { return .none }
    let asked = context.query("rank").flatMap { Int32($0) }.flatMap { $0 > 0 ? $0 : nil }
    let answer = asked.map { self.answer(facts.facts(atRank: $0), context) } ?? .none
    let value = asked.map { "\($0)" } ?? ""
    return Pieces.section(
      context.say(ko: "왜 선정되지 않았나", en: "Why was a rank not selected?"),
      """
      <form method="get" action="/rounds/\(id)#rank" class="ask">
      <label for="rank-of">\(context.say(ko: "순위", en: "Rank"))</label>
      <input id="rank-of" name="rank" type="number" min="1" max="1000000" value="\(value)" required>
      <button>\(context.say(ko: "보기", en: "Show"))</button></form>
      \(answer)
      """, id: "rank")
  }

  private static func answer(_ facts: RankFacts, _ context: PageContext) -> HTML {
    let programme = context.programme
    if let row = facts.selected {
      return """
        <p>\(context.say(
          ko: "\(facts.rank)위는 선정되었습니다: GPU \(row.gpus)장, "
            + "‘\(context.say(programme.pools[row.pool].name))’.",
          en: "Rank \(facts.rank) was selected: \(row.gpus) GPUs of "
            + "‘\(context.say(programme.pools[row.pool].name))’."))</p>
        """
    }
    let pools = facts.pools.map { left -> HTML in
      """
      <li>\(context.say(
        ko: "‘\(context.say(programme.pools[left.of].name))’ 배분 "
          + "\(left.capacity.grouped)장 중 \(left.left.grouped)장",
        en: "‘\(context.say(programme.pools[left.of].name))’: \(left.left.grouped) "
          + "of its share of \(left.capacity.grouped) GPUs"))</li>
      """
    }
    let lines = facts.lines.map { left -> HTML in
      let line = programme.lines[left.of].line
      let model = line.model.map { programme.models[$0].name.value } ?? ""
      return """
        <li>\(context.say(
          ko: "\(context.say(programme.sites[line.site].name)) \(model) "
            + "\(left.capacity.grouped)장 중 \(left.left.grouped)장",
          en: "\(model) at \(context.say(programme.sites[line.site].name)): "
            + "\(left.left.grouped) of \(left.capacity.grouped) GPUs"))</li>
        """
    }
    return """
      <p><strong>\(context.say(
        ko: "\(facts.rank)위는 선정되지 않았습니다.",
        en: "Rank \(facts.rank) was not selected."))</strong> \(context.say(
        ko: "그 차례에 남아 있던 것(가장 빠듯한 날):",
        en: "When its turn came, this was left on the tightest day:"))</p>
      <ul>\(pools)\(lines)</ul>
      <p class="note">\(context.say(
        ko: "신청은 전부 또는 전무로 선정합니다. 자신의 배분과 희망 기종에 남은 것보다 많이 신청했거나 최저 점수에 못 미치면 선정되지 "
          + "않습니다. 어느 신청이 몇 위인지는 그 신청자만 압니다. 신청자는 로그인하면 자기 사유를 봅니다.",
        en: "An application is selected whole or not at all: asking for more than "
          + "its pool and models still had, or scoring below the minimum, it is not. "
          + "Which application has this rank is its own affair; signed in, an "
          + "applicant sees its own reason."))</p>
      """
  }
}

/// Asked, decided, published: the difference taken apart.
enum ComparisonSection {
  static func parts(_ comparison: Comparison, _ context: PageContext) -> [Page.Part] {
    let programme = context.programme
    let table = TableView(
      "comparison",
      caption: context.say(ko: "신청에서 발표까지 (GPU)", en: "From asked to published, in GPUs"),
      columns: [
        .text(context.say(ko: "트랙", en: "Track")), .number(context.say(ko: "신청", en: "Asked")),
        .number(context.say(ko: "물량", en: "Capacity")),
        .number(context.say(ko: "배분 비율", en: "Share rule")),
        .number(context.say(ko: "서버 단위", en: "Servers")),
        .number(context.say(ko: "기종", en: "Models")),
        .number(context.say(ko: "재현", en: "Replayed")),
        .number(context.say(ko: "잔차", en: "Residue")),
        .number(context.say(ko: "발표", en: "Published")),
      ],
      rows: comparison.rows.map { row in
        [
          .text(context.say(programme.tracks[row.track].name)), .number(row.asked),
          signed(row.capacityEffect), signed(row.shareEffect), signed(row.unitEffect),
          signed(row.modelEffect), .number(row.decided), row.residue.map { signed($0) } ?? .none,
          .number(row.published),
        ]
      },
      empty: "–")
    return [
      .html(
        """
        <h2>\(context.say(ko: "발표된 결과와 나란히", en: "Beside what was published"))</h2>
        <p>\(context.say(
          ko: "각 열은 규칙을 하나씩 더하며 같은 회차를 다시 결정한 것입니다. 결과에 맞추어 고른 것은 없습니다.",
          en: "Each column decides the round again with one more rule. Nothing was "
            + "tuned to match."))</p>
        """), .table(table),
    ]
  }

  private static func signed(_ value: Int64) -> TableView.Cell { .html("\(value.signed)", value) }
}
