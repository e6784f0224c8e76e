import MadangProgramme

/// What-if and comparison: our decision beside another one.
extension RoundView {
  static func text(
    _ whatIf: WhatIf, _ base: RuleSet, _ other: RuleSet, _ programme: Programme, _ prose: Prose
  ) -> String {
    let before = totals(whatIf.base, programme)
    let after = totals(whatIf.other, programme)
    var table = Table([
      (prose.say(ko: "트랙", en: "track"), .left),
      (prose.say(ko: "선정", en: "selected"), .right),
      (prose.say(ko: "바뀐 규칙", en: "other rules"), .right), ("GPU", .right),
      (prose.say(ko: "바뀐 규칙", en: "other rules"), .right),
      (prose.say(ko: "차이", en: "change"), .right),
    ])
    func add(_ name: String, _ a: (count: Int64, gpus: Int64), _ b: (count: Int64, gpus: Int64)) {
      table.add(
        name, a.count.grouped, b.count.grouped, a.gpus.grouped, b.gpus.grouped,
        (b.gpus - a.gpus).signed)
    }
    var sumA = (count: Int64(0), gpus: Int64(0))
    var sumB = sumA
    for track in programme.tracks.ids where before[track] != nil || after[track] != nil {
      let a = before[track] ?? (0, 0)
      let b = after[track] ?? (0, 0)
      sumA = (sumA.count + a.count, sumA.gpus + a.gpus)
      sumB = (sumB.count + b.count, sumB.gpus + b.gpus)
      add(programme.tracks[track].name[prose.language], a, b)
    }
    table.rule()
    add(prose.say(ko: "합계", en: "total"), sumA, sumB)
    return [
      prose.say(
        ko: "모의: ‘\(base.name.ko.value)’ 대신 ‘\(other.name.ko.value)’. 기록하지 않았습니다.",
        en:
          "Dry run: ‘\(other.name.en.value)’ instead of ‘\(base.name.en.value)’. "
          + "Nothing recorded."),
      "", table.text, "",
      list(whatIf.winners, programme, prose, ko: "새로 선정", en: "Win"),
      list(whatIf.losers, programme, prose, ko: "선정에서 빠짐", en: "Lose"),
    ].joined(separator: "\n")
  }

  private static func list(
    _ ids: [ApplicationID], _ programme: Programme, _ prose: Prose, ko: String, en: String
  ) -> String {
    let gpus = ids.reduce(0) { $0 + programme.applications[$1].gpus }
    let head = prose.say(
      ko: "\(ko) \(ids.count)건, GPU \(gpus.grouped)장",
      en: "\(en): \(counted(ids.count, "application")), \(gpus.grouped) GPUs")
    let shown = ids.prefix(12).map { "\($0) (\(programme.applications[$0].gpus))" }
    let more = ids.count > 12 ? [prose.say(ko: "…", en: "…")] : []
    return ([head] + [(shown + more).joined(separator: ", ")]).joined(separator: "\n  ")
  }

  private static func totals(
    _ decision: Decision, _ programme: Programme
  ) -> [TrackID: (count: Int64, gpus: Int64)] {
    var totals: [TrackID: (count: Int64, gpus: Int64)] = [:]
    for ranked in decision.ranking where ranked.isSelected {
      let row = programme.applications[ranked.application]
      guard let track = row.track else { continue }
      let old = totals[track] ?? (0, 0)
      totals[track] = (old.count + 1, old.gpus + row.gpus)
    }
    return totals
  }

  static func json(_ whatIf: WhatIf, _ other: RuleSet, _ programme: Programme) -> JSON {
    let before = totals(whatIf.base, programme)
    let after = totals(whatIf.other, programme)
    return .object([
      ("dryRun", .bool(true)), ("rules", .text(other.slug.value)),
      (
        "tracks",
        .array(
          programme.tracks.ids.filter { before[$0] != nil || after[$0] != nil }.map { track in
            .object([
              ("track", .text(programme.tracks[track].slug.value)),
              ("selected", .int(before[track]?.count ?? 0)),
              ("gpus", .int(before[track]?.gpus ?? 0)),
              ("selectedOther", .int(after[track]?.count ?? 0)),
              ("gpusOther", .int(after[track]?.gpus ?? 0)),
            ])
          })
      ),
      ("winners", .array(whatIf.winners.map { .text("\($0)") })),
      ("losers", .array(whatIf.losers.map { .text("\($0)") })),
    ])
  }

  static func text(
    _ comparison: Comparison, _ id: RoundID, _ programme: Programme, _ prose: Prose
  ) -> String {
    var table = Table([
      (prose.say(ko: "트랙", en: "track"), .left), (prose.say(ko: "신청", en: "asked"), .right),
      (prose.say(ko: "수용 한도", en: "capacity"), .right),
      (prose.say(ko: "배분 비율", en: "share rule"), .right),
      (prose.say(ko: "서버 단위", en: "servers"), .right),
      (prose.say(ko: "기종별", en: "models"), .right),
      (prose.say(ko: "재현 결과", en: "replayed"), .right),
      (prose.say(ko: "설명 안 됨", en: "residue"), .right),
      (prose.say(ko: "발표", en: "published"), .right),
    ])
    func add(_ name: String, _ rows: [Comparison.TrackRow]) {
      func sum(_ part: (Comparison.TrackRow) -> Int64) -> Int64 {
        rows.reduce(0) { $0 + part($1) }
      }
      let known = rows.allSatisfy { $0.published != nil }
      table.add(
        name, sum(\.asked).grouped, sum(\.capacityEffect).signed, sum(\.shareEffect).signed,
        sum(\.unitEffect).signed, sum(\.modelEffect).signed, sum(\.decided).grouped,
        known ? sum { $0.residue ?? 0 }.signed : "–",
        known ? sum { $0.published ?? 0 }.grouped : "–")
    }
    for row in comparison.rows {
      add(programme.tracks[row.track].name[prose.language], [row])
    }
    table.rule()
    add(prose.say(ko: "합계", en: "total"), comparison.rows)
    var lines = [
      prose.say(
        ko: "신청에서 발표까지, GPU 장수. 각 칸은 규칙을 하나씩 더해 같은 회차를 다시 정한 차이입니다.",
        en:
          "From asked to published, in GPUs: each column decides the round again "
          + "with one more rule."
      ),
      "", table.text,
    ]
    if let result = programme.rounds[id].result {
      lines += ["", resultText(result, id, programme, prose)]
    }
    return lines.joined(separator: "\n")
  }

  private static func resultText(
    _ result: PublishedResult, _ id: RoundID, _ programme: Programme, _ prose: Prose
  ) -> String {
    let rows = programme.ranking(of: id)
    let chosen = rows.filter(\.isSelected)
    let unit = programme.rounds[id].round.rules.unit
    let asked = rows.reduce(0) { $0 + programme.applications[$1.application].gpus }
    let gpus = chosen.reduce(0) { $0 + programme.applications[$1.application].gpus }
    var table = Table([
      ("", .left),
      (
        programme.isSynthetic(id)
          ? prose.say(ko: "재현 (가상 신청)", en: "replayed (synthetic)")
          : prose.say(ko: "이 원장", en: "this ledger"), .right
      ),
      (prose.say(ko: "발표 (\(result.on))", en: "published (\(result.on))"), .right),
    ])
    func add(_ ko: String, _ en: String, _ ours: Int64, _ theirs: Claims) {
      table.add(prose.say(ko: ko, en: en), ours.grouped, theirs.value.grouped)
    }
    add("신청 건수", "applications", Int64(rows.count), result.applications)
    add("신청 서버", "servers asked for", asked / unit, result.servers)
    add("신청 GPU", "GPUs asked for", asked, result.gpus)
    add("선정 과제", "projects selected", Int64(chosen.count), result.selectedProjects)
    add("선정 서버", "servers awarded", gpus / unit, result.selectedServers)
    add("선정 GPU", "GPUs awarded", gpus, result.selectedGPUs)
    return table.text
  }

  static func json(
    _ comparison: Comparison, _ id: RoundID, _ programme: Programme
  ) -> JSON {
    .object([
      ("round", .text("\(id)")), ("synthetic", .bool(programme.isSynthetic(id))),
      (
        "tracks",
        .array(
          comparison.rows.map { row in
            .object([
              ("track", .text(programme.tracks[row.track].slug.value)),
              ("asked", .int(row.asked)), ("capacity", .int(row.capacityEffect)),
              ("shareRule", .int(row.shareEffect)), ("unit", .int(row.unitEffect)),
              ("models", .int(row.modelEffect)), ("decided", .int(row.decided)),
              ("residue", .optional(row.residue)), ("published", .optional(row.published)),
            ])
          })
      ),
    ])
  }
}
