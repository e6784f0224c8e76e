import MadangProgramme

/// How awards and their amendments look.
enum AwardView {
  static func table(_ ids: [AwardID], _ programme: Programme, _ prose: Prose) -> String {
    var table = Table([
      (prose.say(ko: "배정", en: "award"), .left), (prose.say(ko: "신청", en: "application"), .left),
      ("GPU", .right), (prose.say(ko: "물량", en: "line"), .left),
      (prose.say(ko: "부터", en: "from"), .left), (prose.say(ko: "마지막 날", en: "last day"), .left),
      (prose.say(ko: "시계", en: "clock"), .left),
    ])
    for id in ids {
      let award = programme.awards[id]
      table.add(
        "\(id)", "\(award.application)", award.gpus.grouped,
        programme.lines[award.line].line.slug.value, award.term.from.description,
        "\(award.term.to.lastBefore)", award.clockWords(prose.language))
    }
    return table.text
  }

  static func text(_ id: AwardID, _ programme: Programme, _ prose: Prose) -> String {
    let row = programme.awards[id]
    let synthetic = programme.applications[row.application].synthetic
    var lines = [
      "\(id)" + prose.synthetic(synthetic) + ": \(row.application), GPU \(row.gpus.grouped), "
        + programme.lines[row.line].line.slug.value,
      prose.term(row.term) + ", " + row.clockWords(prose.language),
    ]
    if row.owedDays > 0 {
      lines.append(
        prose.say(
          ko: "돌려주지 못한 지연 \(row.owedDays)일",
          en: "\(counted(row.owedDays, "day")) of delay still owed"))
    }
    let allocations = programme.allocations.ids.filter { programme.allocations[$0].award == id }
    if !allocations.isEmpty {
      lines += ["", AllocationView.table(allocations, programme, prose).text]
    }
    return lines.joined(separator: "\n")
  }

  static func json(_ id: AwardID, _ programme: Programme) -> JSON {
    let allocations = programme.allocations.ids.filter { programme.allocations[$0].award == id }
    return .object([
      ("award", programme.json(id)),
      ("allocations", .array(allocations.map { programme.json($0) })),
    ])
  }

  static func amendments(
    _ ids: [AmendmentID], _ programme: Programme, _ prose: Prose
  ) -> String {
    var table = Table([
      (prose.say(ko: "변경", en: "amendment"), .left), (prose.say(ko: "배정", en: "award"), .left),
      (prose.say(ko: "내용", en: "change"), .left), (prose.say(ko: "사유", en: "ground"), .left),
      (prose.say(ko: "상태", en: "state"), .left),
    ])
    for id in ids {
      let row = programme.amendments[id]
      table.add(
        "\(id)", "\(row.award)", programme.words(for: row.change, prose.language),
        row.ground?.name(prose.language) ?? "–", row.standing.name(prose.language))
    }
    return table.text
  }

  static func lendings(_ ids: [LendingID], _ programme: Programme, _ prose: Prose) -> String {
    var table = Table([
      (prose.say(ko: "대여", en: "lending"), .left), (prose.say(ko: "빌려준 할당", en: "of"), .left),
      (prose.say(ko: "빌린 배정", en: "to award"), .left), ("GPU", .right),
      (prose.say(ko: "마지막 날", en: "last day"), .left),
      (prose.say(ko: "통지 일수", en: "notice"), .right),
      (prose.say(ko: "빌린 할당", en: "borrowed as"), .left),
      (prose.say(ko: "상태", en: "state"), .left),
    ])
    for id in ids {
      let row = programme.lendings[id]
      table.add(
        "\(id)", "\(row.lender)", "\(row.award)", row.gpus.grouped, "\(row.to.lastBefore)",
        "\(row.noticeDays)", row.allocation.map { "\($0)" } ?? "–",
        programme.standing(of: row, prose.language))
    }
    return table.text
  }
}
