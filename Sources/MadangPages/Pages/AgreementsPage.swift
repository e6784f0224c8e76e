import MadangProgramme
import MadangViews

/// Who owes what to whom, line by line: kept, late, at risk.
public enum AgreementsPage {
  public static func page(_ context: PageContext) -> Page {
    let programme = context.programme
    guard let today = context.today else { return .empty(.agreements, context) }
    let summary = programme.supplySummary(on: today)
    var table = TableView(
      "commitments", caption: context.say(ko: "이행사항", en: "Commitments"),
      columns: [
        .text(context.say(ko: "협약", en: "Agreement")),
        .sentence(context.say(ko: "이행사항", en: "Commitment")),
        .text(context.say(ko: "누가", en: "Who owes")), .number("GPU"),
        .text(context.say(ko: "기한", en: "By")), .number(context.say(ko: "가동", en: "In service")),
        .text(context.say(ko: "상태", en: "State")),
      ],
      empty: context.say(ko: "이행사항이 없습니다.", en: "There are no commitments."))
    programme.commitments.forEach { id, commitment in
      let kept = summary.tranches.filter { $0.tranche.commitment == id }
        .reduce(0) { $0 + $1.progress.inService }
      let tracked = summary.tranches.contains { $0.tranche.commitment == id }
      let state = Standing(commitment, kept: tracked ? kept : nil, on: today)
      let agreement = programme.agreements[commitment.agreement]
      table.rows.append([
        .text(context.say(agreement.name)), .text(context.say(commitment.text)),
        .text(context.say(programme.parties[commitment.from].name)),
        commitment.gpus.map { .html(amount($0, context), $0.value) } ?? .none,
        commitment.by.map { .text(context.date($0)) } ?? .none,
        tracked ? .number(kept) : .none,
        .html(Pieces.badge(state.name(context.language), state.tone), state.name(context.language)),
      ])
    }
    var parts: [Page.Part] = [
      .html(
        """
        <p>\(context.say(
          ko: "기한이 발표되지 않은 약속은 늦었다고 하지 않습니다. 기업의 수치는 스스로 증명서를 낸 것만 적습니다.",
          en: "A promise without a published date is never called late. A company's "
            + "figures are those it attested itself."))</p>
        """), .table(table),
    ]
    programme.agreements.forEach { _, agreement in
      parts.append(.html(section(agreement, context)))
    }
    return Page(context.say(ko: "업무협약", en: "Agreements"), in: .agreements, parts)
  }

  private static func amount(_ claims: Claims, _ context: PageContext) -> HTML {
    let others: HTML =
      claims.others.isEmpty
      ? .none
      : """
       <span class="note">\(context.say(
        ko: "외 \(claims.others.count)건",
        en: "or \(claims.others.count) more"))</span>
      """
    return """
      \(claims.value.grouped) \(Pieces.confidence(claims.first.confidence, context))\(others)
      """
  }

  private static func section(_ agreement: Agreement, _ context: PageContext) -> HTML {
    let parties = agreement.parties.map { context.say(context.programme.parties[$0].name) }
      .joined(separator: ", ")
    return Pieces.section(
      context.say(agreement.name),
      Pieces.facts([
        (context.say(ko: "날짜", en: "Day"), "\(context.date(agreement.on))"),
        (context.say(ko: "당사자", en: "Parties"), "\(parties)"),
        (context.say(ko: "출처", en: "Source"), Pieces.source(agreement.source, context)),
      ]))
  }

  /// How a commitment stands, from its own date and what has come.
  enum Standing {
    case kept, underWay, late, atRisk, notAttested, noFigure

    /// `kept`: GPUs in service of the tranches that keep it; nothing where none does.
    init(_ commitment: Commitment, kept: Int64?, on today: Day) {
      guard let promised = commitment.gpus?.value else {
        self = .noFigure
        return
      }
      guard let kept else {
        self = commitment.attestation == .notYetGiven ? .notAttested : .noFigure
        return
      }
      if kept >= promised {
        self = .kept
      } else if let by = commitment.by {
        let soon = today.distance(to: by) < 90
        self = today >= by ? .late : soon ? .atRisk : .underWay
      } else {
        self = .underWay
      }
    }

    var tone: Pieces.Tone {
      switch self {
      case .kept: .good
      case .late: .bad
      case .atRisk: .warn
      case .underWay, .notAttested, .noFigure: .plain
      }
    }

    func name(_ language: Language) -> String {
      switch self {
      case .kept: said(language, ko: "이행", en: "kept")
      case .underWay: said(language, ko: "진행 중", en: "under way")
      case .late: said(language, ko: "지연", en: "late")
      case .atRisk: said(language, ko: "위험", en: "at risk")
      case .notAttested: said(language, ko: "증명서 미제출", en: "not attested")
      case .noFigure: said(language, ko: "수치 없음", en: "no figure to count")
      }
    }
  }
}
