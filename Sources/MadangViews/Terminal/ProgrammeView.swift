import MadangProgramme

/// How a programme, its agreements and sources look.
enum ProgrammeView {
  static func text(_ programme: Programme, _ prose: Prose) -> String {
    var lines: [String] = []
    if let charter = programme.charter {
      lines.append(charter.name[prose.language])
      lines.append(
        prose.say(
          ko: "오늘 \(prose.time(programme.now, programme)), 사건 \(programme.eventCount)건",
          en:
            "today \(prose.time(programme.now, programme)), "
            + counted(programme.eventCount, "event")
        ))
      if charter.exercise {
        lines.append(
          prose.say(
            ko: "연습입니다: 시계와 신청은 모의입니다.", en: "An exercise: clock and applications are simulated."))
      }
    }
    programme.agreements.forEach { id, agreement in
      lines += ["", "\(agreement.on)  \(agreement.name[prose.language])"]
      programme.commitments.forEach { _, commitment in
        guard commitment.agreement == id else { return }
        let gpus =
          commitment.gpus.map { claims in
            ": "
              + claims.all.map { "\($0.value.grouped) (\($0.confidence.name(prose.language)))" }
              .joined(separator: prose.say(ko: " 또는 ", en: " or "))
          } ?? ""
        lines.append("  · \(commitment.text[prose.language])\(gpus)")
      }
    }
    lines += ["", prose.say(ko: "배분 물량", en: "Pools")]
    programme.pools.forEach { id, pool in
      lines.append(
        String(repeating: "  ", count: depth(id, programme)) + pool.name[prose.language]
          + (pool.share.map { " \($0)" } ?? ""))
    }
    return lines.joined(separator: "\n")
  }

  private static func depth(_ id: PoolID, _ programme: Programme) -> Int {
    var depth = 1
    var above = programme.pools[id].parent
    while let pool = above {
      depth += 1
      above = programme.pools[pool].parent
    }
    return depth
  }

  static func sources(_ programme: Programme, _ prose: Prose) -> String {
    var table = Table([
      (prose.say(ko: "출처", en: "source"), .left), (prose.say(ko: "날짜", en: "day"), .left),
      (prose.say(ko: "매체", en: "publisher"), .left), (prose.say(ko: "제목", en: "title"), .left),
    ])
    programme.sources.forEach { _, source in
      table.add(
        source.slug.value,
        source.dayKnown ? source.on.description : String(source.on.description.prefix(7)),
        source.publisher.value, source.title.value)
    }
    return table.text
  }
}

/// How calls look.
enum CallView {
  static func text(_ programme: Programme, _ prose: Prose) -> String {
    var lines: [String] = []
    programme.calls.forEach { id, call in
      let tracks = programme.tracks.ids.filter { programme.tracks[$0].call == id }
      let notice = programme.sources[call.notice]
      lines.append("\(call.name[prose.language]) (\(id), \(call.slug))")
      lines.append(
        prose.say(ko: "  공고", en: "  notice") + ": \(notice.publisher.value), \(notice.on)")
      for track in tracks {
        let row = programme.tracks[track]
        lines.append(
          prose.say(ko: "  트랙", en: "  track")
            + " \(row.slug): \(row.name[prose.language])"
            + " → \(programme.pools[row.pool].name[prose.language])"
        )
      }
      for criterion in call.criteria {
        lines.append(
          prose.say(ko: "  평가항목", en: "  criterion")
            + ": \(criterion.name[prose.language]) (\(criterion.weight))")
      }
    }
    return lines.joined(separator: "\n")
  }
}
