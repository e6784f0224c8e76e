import MadangProgramme

/// How an application looks, for people and machines.
enum ApplicationView {

  static func text(_ id: ApplicationID, _ programme: Programme, _ prose: Prose) -> String {
    let row = programme.applications[id]
    let models = row.models.list.map { programme.models[$0].name.value }.joined(separator: ", ")
    let track = row.track.map { programme.tracks[$0].name[prose.language] } ?? "–"
    let synthetic = row.synthetic ? prose.say(ko: " (가상)", en: " (synthetic)") : ""
    return [
      "\(id)\(synthetic): \(track), GPU \(row.gpus), \(models), "
        + row.standing.name(prose.language),
      prose.say(
        ko: "\(prose.term(row.term)), \(prose.time(row.receivedAt, programme)) 접수",
        en: "\(prose.term(row.term)), received "
          + prose.time(row.receivedAt, programme)),
      prose.say(ko: "내용", en: "content") + " \(row.content.hex)",
    ].joined(separator: "\n")
  }

  /// What everybody may know of it.
  static func publicText(_ id: ApplicationID, _ programme: Programme, _ prose: Prose) -> String {
    let row = programme.applications[id]
    let received = prose.time(row.receivedAt, programme)
    return [
      "\(id)\(prose.synthetic(row.synthetic)): \(row.round)",
      prose.say(ko: "\(received) 접수", en: "received \(received)"),
      prose.say(ko: "내용", en: "content") + " \(row.content.hex)",
    ].joined(separator: "\n")
  }

  static func table(
    _ ids: [ApplicationID], _ programme: Programme, for caller: Caller, _ prose: Prose
  ) -> String {
    var table = Table([
      (prose.say(ko: "신청", en: "application"), .left),
      (prose.say(ko: "트랙", en: "track"), .left), ("GPU", .right),
      (prose.say(ko: "접수", en: "received"), .left), (prose.say(ko: "상태", en: "standing"), .left),
      (prose.say(ko: "평가", en: "reviews"), .right),
    ])
    for id in ids {
      let row = programme.applications[id]
      let name = "\(id)" + prose.synthetic(row.synthetic)
      let received = prose.time(row.receivedAt, programme)
      guard caller.reads(row) else {
        table.add(name, "–", "–", received, "–", "–")
        continue
      }
      table.add(
        name, row.track.map { programme.tracks[$0].name[prose.language] } ?? "–",
        row.gpus.grouped, received, row.standing.name(prose.language), "\(row.reviewCount)")
    }
    return table.text
  }

  /// A recorded outcome beside the one that follows from public facts and the application's own.
  struct Why: Sendable {
    private let id: ApplicationID
    private let ranked: Ranked
    private let again: Ranked
    private let rules: RuleSet
    private let agrees: Bool

    init(_ id: ApplicationID, _ ranked: Ranked, _ facts: PublicFacts, _ programme: Programme) {
      let own = programme.candidate(id, rules: facts.rules)
      let recomputed = facts.outcome(of: own, rank: ranked.rank)
      self.id = id
      self.ranked = ranked
      rules = facts.rules
      agrees = recomputed.agrees(with: ranked.outcome)
      again = Ranked(
        application: id, rank: ranked.rank, score: ranked.score, outcome: recomputed)
    }

    func json(_ programme: Programme, _ prose: Prose) -> JSON {
      let reason = programme.words(for: ranked, rules, prose.language).reason
      let reasonAgain = programme.words(for: again, rules, prose.language).reason
      return .object([
        ("application", programme.json(ranked)), ("text", .text(reason)),
        ("recomputed", .text(reasonAgain)), ("agrees", .bool(agrees)),
      ])
    }

    func text(_ programme: Programme, _ prose: Prose) -> String {
      let (outcome, reason) = programme.words(for: ranked, rules, prose.language)
      let (_, reasonAgain) = programme.words(for: again, rules, prose.language)
      return [
        ApplicationView.text(id, programme, prose), "",
        prose.say(
          ko: "순위 \(ranked.rank), 점수 \(ranked.score.text): \(outcome)",
          en: "Rank \(ranked.rank), score \(ranked.score.text): \(outcome)"),
        prose.say(ko: "기록된 사유", en: "Recorded") + ": " + reason,
        prose.say(ko: "공개 자료와 본인 자료로 다시 계산", en: "Recomputed from public facts and its own")
          + ": " + reasonAgain
          + (agrees
            ? prose.say(ko: " (일치)", en: " (agrees)")
            : prose.say(ko: " (불일치!)", en: " (DIFFERS!)")),
      ].joined(separator: "\n")
    }
  }
}

/// How offers look.
enum OfferView {
  static func table(_ ids: [OfferID], _ programme: Programme, _ prose: Prose) -> String {
    var table = Table([
      (prose.say(ko: "신청", en: "application"), .left), ("GPU", .right),
      (prose.say(ko: "순위", en: "rank"), .right), (prose.say(ko: "물량", en: "line"), .left),
      (prose.say(ko: "기한", en: "accept by"), .left), (prose.say(ko: "상태", en: "state"), .left),
    ])
    for id in ids {
      let offer = programme.offers[id]
      let synthetic = programme.applications[offer.application].synthetic
      table.add(
        "\(offer.application)" + prose.synthetic(synthetic), offer.gpus.grouped,
        "\(offer.rank)", programme.lines[offer.line].line.slug.value,
        offer.acceptBy.description,
        offer.standing.name(prose.language)
          + (offer.pass == 3 ? prose.say(ko: " (예비에서)", en: " (from the reserve)") : ""))
    }
    return table.text
  }
}
