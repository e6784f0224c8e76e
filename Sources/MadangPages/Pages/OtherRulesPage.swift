public import MadangProgramme
import MadangViews

/// A round decided again under other rules, on a copy.
public struct TriedRules: Sendable {
  public let rules: RuleSet
  public let digest: Digest
  /// Its base is the round's own rules.
  public let result: WhatIf

  public init(rules: RuleSet, digest: Digest, result: WhatIf) {
    self.rules = rules
    self.digest = digest
    self.result = result
  }
}

/// The same round under other rules, side by side: who wins, who loses. Everybody sees the sums of
/// a published round, an organisation its own applications, the office all of it.
public enum OtherRulesPage {
  /// `own` and its digest are the rules that the round was decided by, or has.
  public static func page(
    _ id: RoundID, own: (rules: RuleSet, digest: Digest), tried: [TriedRules],
    refusal: (any Refusing)?, _ context: PageContext
  ) -> Page {
    var parts: [Page.Part] = [.html(notice(id, context))]
    if let base = tried.first?.result.base {
      let columns =
        [Column(own.rules, own.digest, base, nil, context)]
        + tried.map { Column($0.rules, $0.digest, $0.result.other, $0.result, context) }
      parts.append(.html(plot(columns, context)))
      parts.append(.table(summary(columns, context)))
      parts.append(.table(byTrack(columns, id, context)))
      parts.append(.table(cutOffs(columns, context)))
      parts += changes(id, tried, context)
      parts.append(.html(sentences(columns, context)))
    } else if let refusal {
      parts.append(.html(Pieces.refusal(refusal, context)))
    } else {
      parts.append(
        .html(
          Pieces.empty(
            context.say(
              ko: "시험할 다른 규칙이 없습니다. 사업 폴더의 what-if에 규칙을 두면 여기에 보입니다.",
              en: "There are no other rules to try: put rule sets into the programme's what-if "
                + "folder."))))
    }
    return Page(
      context.say(ko: "다른 규칙으로: ", en: "Under other rules: ") + context.name(id), in: .rounds,
      parts)
  }

  private static func notice(_ id: RoundID, _ context: PageContext) -> HTML {
    let events = context.programme.eventCount
    return """
      <p class="notice" role="note"><strong>\(context.say(ko: "모의", en: "Dry run"))</strong> \
      \(context.say(
        ko: "사건 \(events.grouped)건까지의 사업을 복사해 다시 결정했습니다. 아무것도 기록하지 않았고, 선정은 그대로입니다.",
        en: "Decided again on a copy of the programme after \(counted(events, "event")). Nothing "
          + "was recorded, and nothing changes for anybody."))</p>
      <p><a href="/rounds/\(id)">\(context.say(
        ko: "실제 결과로 돌아가기", en: "Back to the round as it is"))</a></p>
      """
  }

  /// What one rule set came to.
  private struct Column {
    let rules: RuleSet
    let digest: Digest
    let name: String
    let whatIf: WhatIf?
    private(set) var selected: Int64 = 0
    private(set) var reserves: Int64 = 0
    /// GPUs and lowest score of those selected; to be looked up only.
    private(set) var gpus: [TrackID: Int64] = [:]
    private(set) var lowest: [PoolID: Score] = [:]

    init(
      _ rules: RuleSet, _ digest: Digest, _ decision: Decision, _ whatIf: WhatIf?,
      _ context: PageContext
    ) {
      self.rules = rules
      self.digest = digest
      self.whatIf = whatIf
      name = context.say(rules.name)
      for ranked in decision.ranking {
        if ranked.reserve > 0 { reserves += 1 }
        guard ranked.isSelected else { continue }
        selected += 1
        let row = context.programme.applications[ranked.application]
        guard let track = row.track else { continue }
        gpus[track, default: 0] += row.gpus
        // The ranking descends: the last has the lowest score.
        lowest[context.programme.tracks[track].pool] = ranked.score
      }
    }
  }

  private static func tracks(_ columns: [Column], _ context: PageContext) -> [TrackID] {
    context.programme.tracks.ids.filter { track in columns.contains { $0.gpus[track] != nil } }
  }

  private static func plot(_ columns: [Column], _ context: PageContext) -> HTML {
    let tracks = tracks(columns, context)
    return Plot.bars(
      columns.map { column in (column.name, tracks.map { column.gpus[$0] ?? 0 }) },
      parts: tracks.map { context.say(context.programme.tracks[$0].name) },
      title: context.say(ko: "규칙별 선정 GPU, 트랙별", en: "GPUs selected under each rule set, by track"))
  }

  private static func summary(_ columns: [Column], _ context: PageContext) -> TableView {
    TableView(
      "rule-sets", caption: context.say(ko: "규칙별 결과", en: "What each rule set comes to"),
      columns: [
        .text(context.say(ko: "규칙", en: "Rules")),
        .number(context.say(ko: "선정", en: "Selected")), .number("GPU"),
        .number(context.say(ko: "새로 선정", en: "Win")),
        .number(context.say(ko: "빠짐", en: "Lose")),
        .number(context.say(ko: "예비", en: "Reserve")),
        .text(context.say(ko: "규칙의 SHA-256", en: "SHA-256 of the rules")),
      ],
      rows: columns.map { column in
        [
          name(column, context), .number(column.selected),
          .number(tracks([column], context).reduce(0) { $0 + (column.gpus[$1] ?? 0) }),
          .number(column.whatIf.map { Int64($0.winners.count) }),
          .number(column.whatIf.map { Int64($0.losers.count) }), .number(column.reserves),
          .html("<code>\(column.digest.hex.prefix(12))…</code>", column.digest.hex),
        ]
      },
      empty: "–")
  }

  private static func name(_ column: Column, _ context: PageContext) -> TableView.Cell {
    if column.whatIf != nil { return .text(column.name) }
    let mark = Pieces.badge(context.say(ko: "이 회차의 규칙", en: "the round's own"), .good)
    return .html("\(column.name) \(mark)", column.name)
  }

  private static func byTrack(
    _ columns: [Column], _ id: RoundID, _ context: PageContext
  ) -> TableView {
    let tracks = tracks(columns, context)
    return TableView(
      "by-track", caption: context.say(ko: "트랙별 선정 GPU", en: "GPUs selected, by track"),
      columns: [.text(context.say(ko: "규칙", en: "Rules"))]
        + tracks.map { .number(context.say(context.programme.tracks[$0].name)) },
      rows: columns.map { column in
        [.text(column.name)]
          + tracks.map { track in
            let gpus = column.gpus[track] ?? 0
            let change = gpus - (columns[0].gpus[track] ?? 0)
            if change == 0 { return .number(gpus) }
            return .html("\(gpus.grouped) <span class=\"note\">\(change.signed)</span>", gpus)
          }
      },
      empty: "–")
  }

  private static func cutOffs(_ columns: [Column], _ context: PageContext) -> TableView {
    let pools = context.programme.pools.ids.filter { pool in
      columns.contains { $0.lowest[pool] != nil }
    }
    return TableView(
      "cutoffs", caption: context.say(ko: "선정 기준선", en: "Cut-offs"),
      columns: [.text(context.say(ko: "규칙", en: "Rules"))]
        + pools.map { .number(context.say(context.programme.pools[$0].name)) },
      rows: columns.map { column in
        [.text(column.name)]
          + pools.map { pool in
            column.lowest[pool].map { .html("\($0.text)", $0.milliPoints) } ?? .none
          }
      },
      empty: "–")
  }

  // MARK: Who

  /// Those whose outcome changes, as far as the reader may know them.
  private static func changes(
    _ id: RoundID, _ tried: [TriedRules], _ context: PageContext
  ) -> [Page.Part] {
    guard context.caller.readsOffice || !context.caller.organisations.isEmpty else {
      return [
        .html(
          """
          <p class="note">\(context.say(
            ko: "어느 신청이 바뀌는지는 그 신청자와 사무국만 봅니다. 신청자는 로그인하면 자기 것을 봅니다.",
            en: "Which applications change is for their applicants and the office. Signed in, an "
              + "applicant sees its own."))</p>
          """)
      ]
    }
    var table = TableView(
      "changes", caption: context.say(ko: "누가 바뀌나", en: "Whose outcome changes"),
      columns: [
        .text(context.say(ko: "규칙", en: "Rules")), .text(context.say(ko: "변화", en: "Change")),
        .text(context.say(ko: "신청", en: "Application")),
        .text(context.say(ko: "트랙", en: "Track")), .number("GPU"),
        .number(context.say(ko: "순위", en: "Rank")),
        .number(context.say(ko: "바뀐 순위", en: "Rank then")),
        .sentence(context.say(ko: "바뀐 사유", en: "Reason then")),
      ],
      empty: context.say(
        ko: "이 규칙들로는 결과가 바뀌는 신청이 없습니다.",
        en: "Under none of these rules does an outcome change."))
    for one in tried {
      let before = Ranks(one.result.base)
      let after = Ranks(one.result.other)
      let (win, lose) = (one.result.winners, one.result.losers)
      for (ids, wins) in [(win, true), (lose, false)] {
        for application in ids
        where context.caller.reads(context.programme.applications[application]) {
          table.rows.append(
            row(application, one, wins, before[application], after[application], context))
        }
      }
    }
    return [.table(table)]
  }

  /// By application; to be looked up only.
  private struct Ranks {
    private var rows: [ApplicationID: Ranked] = [:]

    init(_ decision: Decision) {
      for ranked in decision.ranking { rows[ranked.application] = ranked }
    }

    subscript(id: ApplicationID) -> Ranked? { rows[id] }
  }

  private static func row(
    _ id: ApplicationID, _ one: TriedRules, _ wins: Bool, _ before: Ranked?, _ after: Ranked?,
    _ context: PageContext
  ) -> [TableView.Cell] {
    let programme = context.programme
    let row = programme.applications[id]
    let word =
      wins ? context.say(ko: "새로 선정", en: "wins") : context.say(ko: "빠짐", en: "loses")
    func rank(_ ranked: Ranked?) -> TableView.Cell {
      .number(ranked.flatMap { $0.rank > 0 ? Int64($0.rank) : nil })
    }
    let reason: TableView.Cell =
      switch after?.outcome {
      case .selected(let line, _): .text(context.name(line))
      case .notSelected(let reason, _):
        .text(programme.sentence(reason, one.rules, context.language))
      case nil: .none
      }
    return [
      .text(context.say(one.rules.name)), .html(Pieces.badge(word, wins ? .good : .bad), word),
      .link(id, context.name(id), "applications"),
      row.track.map { .text(context.say(programme.tracks[$0].name)) } ?? .none,
      .number(row.gpus), rank(before), rank(after), reason,
    ]
  }

  private static func sentences(_ columns: [Column], _ context: PageContext) -> HTML {
    let cards = columns.map { column -> HTML in
      let lines = context.programme.sentences(of: column.rules, context.language)
        .map { "<li>\($0)</li>\n" as HTML }
      return """
        <article class="card"><h3>\(column.name)</h3><ul class="rules">\(lines)</ul></article>

        """
    }
    return Pieces.section(
      context.say(ko: "규칙을 글로", en: "The rules in words"), "<div class=\"cards\">\(cards)</div>")
  }
}
