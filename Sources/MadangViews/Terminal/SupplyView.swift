import MadangProgramme

/// How supply looks, for people and machines.
enum SupplyView {
  static func title(_ id: LineID, _ programme: Programme, _ prose: Prose) -> String {
    let line = programme.lines[id].line
    let model =
      line.model.map { programme.models[$0].name.value }
      ?? prose.say(ko: "기종 미정", en: "model not decided")
    return "\(line.slug) (\(id)): \(model), \(programme.sites[line.site].name[prose.language])"
  }

  static func text(_ id: LineID, _ programme: Programme, _ prose: Prose) -> String {
    let history = programme.lines[id]
    var table = Table([
      (prose.say(ko: "단계", en: "state"), .left), ("GPU", .right),
      (prose.say(ko: "날짜", en: "day"), .left), (prose.say(ko: "확실성", en: "confidence"), .left),
      (prose.say(ko: "출처", en: "source"), .left), (prose.say(ko: "근거", en: "evidence"), .left),
    ])
    for step in history.steps {
      table.add(
        step.state.name(prose.language)
          + (step.planned ? prose.say(ko: " (예정)", en: " (planned)") : ""),
        step.gpus.grouped, step.on.description, step.confidence.name(prose.language),
        programme.sources[step.source].publisher.value,
        Table.shortened(step.evidence?[prose.language] ?? "", to: 72))
    }
    let units = history.units.map { unit in
      prose.say(
        ko: "자산 \(unit.servers)대, 일련번호 \(unit.firstSerial.value)부터",
        en: "\(counted(unit.servers, "server")), serial numbers from \(unit.firstSerial.value)")
    }
    return ([SupplyView.title(id, programme, prose), "", table.text] + units)
      .joined(separator: "\n")
  }

  static func text(_ summary: SupplySummary, _ programme: Programme, _ prose: Prose) -> String {
    var parts: [String] = []
    if let target = summary.target {
      let claims = target.all.map { figure in
        "\(figure.value.grouped) (\(figure.confidence.name(prose.language)), \(figure.on))"
      }
      parts.append(
        prose.say(ko: "목표", en: "Target") + ": "
          + claims.joined(separator: prose.say(ko: " 또는 ", en: " or ")))
    }
    var table = Table([
      (prose.say(ko: "도입 물량", en: "tranche / line"), .left),
      (prose.say(ko: "약속", en: "promised"), .right),
      (prose.say(ko: "계약", en: "contracted"), .right),
      (prose.say(ko: "납품", en: "delivered"), .right),
      (prose.say(ko: "가동", en: "in service"), .right),
      (prose.say(ko: "예정 포함", en: "with planned"), .right),
      (prose.say(ko: "확실성", en: "confidence"), .left),
    ])
    func add(
      _ name: String, _ gpus: Int64, _ progress: SupplySummary.Progress, _ confidence: String
    ) {
      table.add(
        name, gpus.grouped, progress.contracted.grouped, progress.delivered.grouped,
        progress.inService.grouped, progress.inServicePlanned.grouped, confidence)
    }
    for row in summary.tranches {
      add(
        Table.shortened(row.tranche.name[prose.language], to: 48), row.gpus, row.progress, "")
      for line in row.lines {
        add(
          "  " + line.line.slug.value, line.line.gpus.value, line.progress,
          line.confidence?.name(prose.language) ?? "")
      }
    }
    for (_, commitment) in summary.unattested {
      guard let gpus = commitment.gpus else { continue }
      table.add(
        Table.shortened(commitment.text[prose.language], to: 48), gpus.value.grouped, "–", "–",
        "–", "–",
        prose.say(ko: "증명서 미제출", en: "not attested"))
    }
    table.rule()
    let promised = summary.target.map { $0.value.grouped } ?? "–"
    table.add(
      prose.say(ko: "합계 (공개된 것)", en: "total (as published)"), promised,
      summary.total.contracted.grouped, summary.total.delivered.grouped,
      summary.total.inService.grouped, summary.total.inServicePlanned.grouped, "")
    parts.append(prose.say(ko: "기준일 \(summary.on)", en: "As of \(summary.on)"))
    parts.append(table.text)
    parts.append(
      prose.say(
        ko: "–는 기업이 아직 밝히지 않은 것으로, 추정하지 않습니다.",
        en: "– is what a company has not attested; it is not guessed."))
    return parts.joined(separator: "\n")
  }

  struct CapacityRow {
    let line: LineID
    let owner: PartyID
    let steps: [(from: Day, gpus: Int64)]
  }

  static func capacity(
    _ programme: Programme, _ term: Term, _ minimum: Confidence
  ) -> [CapacityRow] {
    var rows: [CapacityRow] = []
    programme.lines.forEach { id, history in
      let function = history.awardable(minimum: minimum, on: programme.civilDay)
      var steps = [(from: term.from, gpus: function.value(on: term.from))]
      for step in function.steps where term.contains(step.from) && step.from > term.from {
        steps.append((step.from, step.value))
      }
      if steps.contains(where: { $0.gpus > 0 }) {
        let owner = programme.tranches[history.line.tranche].owner
        rows.append(CapacityRow(line: id, owner: owner, steps: steps))
      }
    }
    return rows
  }

  static func capacityText(
    _ rows: [CapacityRow], _ programme: Programme, _ prose: Prose
  ) -> String {
    var table = Table([
      (prose.say(ko: "소유기관", en: "owner"), .left), (prose.say(ko: "센터", en: "site"), .left),
      (prose.say(ko: "기종", en: "model"), .left), (prose.say(ko: "물량", en: "line"), .left),
      (prose.say(ko: "부터", en: "from"), .left),
      (prose.say(ko: "배정 가능", en: "awardable"), .right),
    ])
    for row in rows {
      let line = programme.lines[row.line].line
      for (index, step) in row.steps.enumerated() {
        let first = index == 0
        table.add(
          first ? programme.parties[row.owner].name[prose.language] : "",
          first ? programme.sites[line.site].name[prose.language] : "",
          first ? line.model.map { programme.models[$0].name.value } ?? "–" : "",
          first ? line.slug.value : "", step.from.description, step.gpus.grouped)
      }
    }
    return table.text
  }

  static func capacityJSON(_ rows: [CapacityRow], _ programme: Programme) -> JSON {
    .array(
      rows.map { row in
        let line = programme.lines[row.line].line
        return .object([
          ("line", .text("\(row.line)")), ("slug", .text(line.slug.value)),
          ("owner", .text(programme.parties[row.owner].slug.value)),
          ("site", .text(programme.sites[line.site].slug.value)),
          ("model", .optional(line.model.map { programme.models[$0].slug.value })),
          (
            "steps",
            .array(
              row.steps.map {
                .object([("from", .text($0.from.description)), ("gpus", .int($0.gpus))])
              })
          ),
        ])
      })
  }

}
