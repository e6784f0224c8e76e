public import MadangProgramme
public import MadangViews

/// One application: its receipt for everybody, the rest for whom it concerns.
public enum ApplicationPage {
  /// What may be chosen in a declaration of a conflict. Who may review is not the programme's to
  /// know: where nobody is known, a name is typed.
  public static func options(reviewers: [String]) -> [String: [Field.Choice]] {
    reviewers.isEmpty ? [:] : ["reviewer": reviewers.map { Field.Choice($0, ko: $0, en: $0) }]
  }

  /// `reviewers` are the accounts that may review, for the office.
  public static func page(
    _ id: ApplicationID, reviewers: [String] = [], _ context: PageContext
  ) -> Page {
    let programme = context.programme
    let row = programme.applications[id]
    let round = programme.rounds[row.round]
    let reads = context.caller.reads(row)
    var facts: [(String, HTML)] = [
      (context.say(ko: "식별자", en: "Identifier"), "<code>\(id)</code>"),
      (
        context.say(ko: "회차", en: "Round"),
        "<a href=\"/rounds/\(row.round)\">\(context.name(row.round))</a>"
      ),
      (context.say(ko: "접수", en: "Received"), "\(context.time(row.receivedAt))"),
      (
        context.say(ko: "내용의 SHA-256", en: "SHA-256 of its content"),
        "<code>\(row.content.hex)</code>"
      ),
    ]
    if row.synthetic {
      facts.append((context.say(ko: "종류", en: "Kind"), Pieces.synthetic(context)))
    }
    if reads { facts += own(id, row, context) }
    var parts: [Page.Part] = [.html(Pieces.facts(facts.map { (name: $0.0, value: $0.1) }))]
    if reads {
      parts.append(.html(reason(id, row, context)))
      parts.append(.html(offer(id, row, context)))
      parts.append(.html(actions(id, row, round, reviewers, context)))
    } else {
      parts.append(.html(publicOutcome(id, row, round, context)))
      parts.append(.html(reviewForm(id, row, round, context)))
    }
    let title = context.say(
      ko: "\(context.name(id)): \(context.name(row.round))",
      en: "\(context.name(id)): \(context.name(row.round).lowercasedFirst)")
    return Page(title, in: .rounds, parts)
  }

  private static func own(
    _ id: ApplicationID, _ row: Application, _ context: PageContext
  ) -> [(String, HTML)] {
    let programme = context.programme
    let models = row.models.list.map { programme.models[$0].name.value }.joined(separator: ", ")
    return [
      (
        context.say(ko: "트랙", en: "Track"),
        "\(row.track.map { context.say(programme.tracks[$0].name) } ?? "–")"
      ),
      (
        context.say(ko: "수행기관", en: "Organisation"),
        "\(row.organisation.map { context.name($0) } ?? "–")"
      ),
      ("GPU", "\(row.gpus.grouped)"), (context.say(ko: "희망 기종", en: "Models"), "\(models)"),
      (context.say(ko: "이용 기간", en: "Term"), "\(context.term(row.term))"),
      (context.say(ko: "상태", en: "Standing"), "\(row.standing.name(context.language))"),
    ]
  }

  /// The recorded reason beside the one recomputed from public facts and its own.
  private static func reason(
    _ id: ApplicationID, _ row: Application, _ context: PageContext
  ) -> HTML {
    let programme = context.programme
    guard let ranked = programme.outcomes.row(id) ?? nil,
      let facts = programme.publicFacts(of: row.round)
    else {
      return Pieces.section(
        context.say(ko: "결과", en: "Outcome"),
        Pieces.empty(context.say(ko: "아직 공개되지 않았습니다.", en: "Not published yet.")))
    }
    let recomputed = facts.outcome(
      of: programme.candidate(id, rules: facts.rules), rank: ranked.rank)
    let agrees = recomputed.agrees(with: ranked.outcome)
    let words = programme.words(for: ranked, facts.rules, context.language)
    let again = programme.words(
      for: Ranked(
        application: id, rank: ranked.rank, score: ranked.score, outcome: recomputed),
      facts.rules, context.language)
    let mark =
      agrees
      ? Pieces.badge(context.say(ko: "일치", en: "agrees"), .good)
      : Pieces.badge(context.say(ko: "불일치", en: "differs"), .bad)
    let rank = ranked.rank > 0 ? "\(ranked.rank)" : "–"
    return Pieces.section(
      context.say(ko: "결과와 사유", en: "Outcome and reason"),
      Pieces.facts([
        (context.say(ko: "결과", en: "Outcome"), "<strong>\(words.outcome)</strong>"),
        (context.say(ko: "순위", en: "Rank"), "\(rank)"),
        (context.say(ko: "점수", en: "Score"), "\(ranked.score.text)"),
        (context.say(ko: "기록된 사유", en: "Recorded reason"), "\(words.reason)"),
        (
          context.say(ko: "공개 자료와 본인 자료로 다시 계산", en: "Recomputed from public facts and its own"),
          "\(again.reason) \(mark)"
        ),
      ]))
  }

  private static func offer(
    _ id: ApplicationID, _ row: Application, _ context: PageContext
  ) -> HTML {
    guard let offer = row.offer.map({ context.programme.offers[$0] }) else { return .none }
    let award: HTML = offer.award.map { "<a href=\"/awards/\($0)\">\(context.name($0))</a>" } ?? "–"
    return Pieces.section(
      context.say(ko: "협약", en: "Contract"),
      Pieces.facts([
        (context.say(ko: "상태", en: "State"), "\(offer.standing.name(context.language))"),
        ("GPU", "\(offer.gpus.grouped)"),
        (context.say(ko: "체결 기한", en: "Conclude by"), "\(context.date(offer.acceptBy))"),
        (context.say(ko: "배정", en: "Award"), award),
      ]))
  }

  private static func actions(
    _ id: ApplicationID, _ row: Application, _ round: RoundState, _ reviewers: [String],
    _ context: PageContext
  ) -> HTML {
    func form(_ name: String, options: [String: [Field.Choice]] = [:]) -> HTML {
      ActionForm.html(
        name, given: [("application", "\(id)")], back: "/applications/\(id)", options: options,
        context)
    }
    var buttons = HTML.none
    if let offer = row.offer, context.programme.offers[offer].standing == .open {
      buttons += form("concludeContract") + form("declineContract")
    }
    var body = HTML.none
    if round.stage == .open {
      if context.now < round.round.closes {
        if row.standing == .submitted { buttons += form("withdrawApplication") }
        if row.standing != .withdrawn { body += revision(id, row, context) }
      } else {
        body += section("judgeEligibility", form("judgeEligibility"), context)
        body += reviewForm(id, row, round, context)
      }
      let conflict = form("declareConflict", options: options(reviewers: reviewers))
      body += section("declareConflict", conflict, context)
    }
    if !buttons.isEmpty { buttons = "<div class=\"actions\">\(buttons)</div>" }
    return buttons + body
  }

  private static func section(
    _ operation: String, _ form: HTML, _ context: PageContext
  ) -> HTML {
    guard !form.isEmpty, let operation = Operation.named(operation) else { return .none }
    return Pieces.section(operation.title[context.language], form)
  }

  /// What was applied for, to be changed until the round closes.
  private static func revision(
    _ id: ApplicationID, _ row: Application, _ context: PageContext
  ) -> HTML {
    let programme = context.programme
    var values = [
      (name: "gpus", value: "\(row.gpus)"), (name: "from", value: "\(row.term.from)"),
      (name: "to", value: "\(row.term.to.advanced(by: -1))"),
      (name: "content", value: row.content.hex),
    ]
    if let track = row.track {
      values.append((name: "track", value: programme.tracks[track].slug.value))
    }
    values += row.models.list.map { (name: "models", value: programme.models[$0].slug.value) }
    return section(
      "reviseApplication",
      ActionForm.html(
        "reviseApplication", given: [("application", "\(id)")], back: "/applications/\(id)",
        filled: .init(values: values, wrong: nil), context), context)
  }

  private static func reviewForm(
    _ id: ApplicationID, _ row: Application, _ round: RoundState, _ context: PageContext
  ) -> HTML {
    guard round.stage == .open, context.now >= round.round.closes, row.standing == .eligible else {
      return .none
    }
    let form = ActionForm.html(
      "reviewApplication", given: [("application", "\(id)")], back: "/applications/\(id)", context)
    guard !form.isEmpty, let person = context.caller.person else { return .none }
    let mine = context.programme.reviewing(row.round, by: person)
    if mine.aside.contains(id) {
      return section(
        "reviewApplication",
        Pieces.empty(
          context.say(
            ko: "이해관계가 등록되어 이 신청은 평가하지 않습니다.",
            en: "A conflict of interest is recorded: you do not review this one.")), context)
    }
    let again: HTML =
      mine.done.contains(id)
      ? """
      <p class="note">\(context.say(
        ko: "이미 점수를 냈습니다. 다시 내면 바뀝니다.",
        en: "You gave points already; giving them again changes them."))</p>

      """ : .none
    return section("reviewApplication", again + form, context)
  }

  private static func publicOutcome(
    _ id: ApplicationID, _ row: Application, _ round: RoundState, _ context: PageContext
  ) -> HTML {
    """
    <p class="note">\(context.say(
      ko: "무엇을 신청했고 왜 그렇게 되었는지는 신청자와 사무국만 봅니다. 누가 선정되었는지는 회차에 공개됩니다.",
      en: "What it asked for and why it turned out so is for the applicant and the "
        + "office. Who was selected is published with the round."))</p>
    """
  }

  // MARK: Applying

  /// The form of a new application.
  public static func apply(
    _ id: RoundID, filled: ActionForm.Filled?, _ context: PageContext
  ) -> Page {
    let form = ActionForm.html(
      "submitApplication", given: [("round", "\(id)")], back: "/rounds/\(id)",
      filled: filled, context)
    let note = context.say(
      ko: "신청서 원본은 그대로 보관하십시오. 원장에는 SHA-256만 남고, 그것으로 무엇을 냈는지 증명됩니다. 파일을 고르면 이 브라우저 안에서 계산합니다.",
      en:
        "Keep the document itself: the ledger holds its SHA-256 alone, which proves what was "
        + "submitted. Choose a file and this browser computes it."
    )
    return Page(
      context.say(ko: "신청: ", en: "Apply: ") + context.name(id), in: .rounds,
      [
        .html("<p>\(note)</p>"),
        .html(
          form.isEmpty
            ? Pieces.empty(
              context.say(ko: "수행기관 계정으로 로그인하십시오.", en: "Sign in as an organisation's account."))
            : form),
      ])
  }
}
