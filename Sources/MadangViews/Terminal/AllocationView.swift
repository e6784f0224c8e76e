import MadangProgramme

/// How allocations look, for people and machines.
enum AllocationView {
  static func table(
    _ ids: some Sequence<AllocationID>, _ programme: Programme, _ prose: Prose
  ) -> Table {
    var table = Table([
      (prose.say(ko: "할당", en: "allocation"), .left), (prose.say(ko: "배정", en: "award"), .left),
      (prose.say(ko: "클러스터", en: "cluster"), .left), (prose.say(ko: "한도", en: "limit"), .right),
      (prose.say(ko: "부터", en: "from"), .left), (prose.say(ko: "마지막 날", en: "last day"), .left),
      (prose.say(ko: "상태", en: "state"), .left),
    ])
    for id in ids {
      let row = programme.allocations[id]
      table.add(
        "\(id)", "\(row.award)", cluster(row.cluster, programme, prose),
        programme.words(for: row.binding, prose.language), row.term.from.description,
        "\(row.term.to.lastBefore)",
        programme.standing(of: row, prose.language))
    }
    return table
  }

  static func cluster(
    _ id: ClusterID, _ programme: Programme, _ prose: Prose
  ) -> String {
    let simulated = programme.bindings[id].engine?.simulated ?? false
    return programme.clusters[id].slug.value
      + (simulated ? prose.say(ko: " (모의)", en: " (simulated)") : "")
  }

  static func text(_ id: AllocationID, _ programme: Programme, _ prose: Prose) -> String {
    let row = programme.allocations[id]
    var lines = [
      "\(id): \(row.award), \(cluster(row.cluster, programme, prose)), "
        + programme.words(for: row.limit, prose.language),
      prose.term(row.term),
      programme.standing(of: row, prose.language),
      prose.say(
        ko: "설정 \(row.generation), 확인 \(row.enforcedGeneration.map { "\($0)" } ?? "–")",
        en: "generation \(row.generation), read back "
          + (row.enforcedGeneration.map { "\($0)" } ?? "–")),
    ]
    if let override = row.override {
      lines.append(
        prose.say(ko: "예외 적용: ", en: "overridden: ")
          + programme.words(for: override, prose.language))
    }
    if let first = row.firstUse {
      lines.append(
        prose.say(ko: "처음 쓸 수 있게 된 때 ", en: "usable since ") + prose.time(first, programme))
    }
    if row.outage > .zero {
      lines.append(
        prose.say(ko: "장애로 잃은 이용시간 ", en: "lost to outages: ") + prose.hours(row.outage))
    }
    lines += programme.lendingWords(of: id, prose.language)
    lines += programme.leavings(of: id, prose.language)
    return lines.joined(separator: "\n")
  }
}
