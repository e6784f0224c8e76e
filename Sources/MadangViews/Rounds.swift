public import MadangProgramme

extension Programme {
  /// Whether every application of a round was made for a replay.
  public func isSynthetic(_ id: RoundID) -> Bool {
    var all = false
    for application in applications.ids where applications[application].round == id {
      guard applications[application].synthetic else { return false }
      all = true
    }
    return all
  }

  /// The ranking as it was published, or as it was drafted.
  public func ranking(of id: RoundID) -> [Ranked] {
    if let draft = rounds[id].draft?.outcomes.value { return draft }
    var rows: [Ranked] = []
    outcomes.forEach { application, ranked in
      if let ranked, applications[application].round == id { rows.append(ranked) }
    }
    return rows.sorted {
      ($0.rank == 0 ? Int32.max : $0.rank, $0.application)
        < ($1.rank == 0 ? Int32.max : $1.rank, $1.application)
    }
  }

  /// The outcome and its reason, each in a few words.
  public func words(
    for ranked: Ranked, _ rules: RuleSet, _ language: Language
  ) -> (outcome: String, reason: String) {
    var none: [Reason: String] = [:]
    return words(for: ranked, rules, language, known: &none)
  }

  /// The same for many: neighbours in a ranking have one reason, whose sentence is made once.
  public func words(
    for ranked: Ranked, _ rules: RuleSet, _ language: Language, known: inout [Reason: String]
  ) -> (outcome: String, reason: String) {
    switch ranked.outcome {
    case .selected(let line, let pass):
      let model = lines[line].line.model.map { models[$0].name.value } ?? ""
      let left = said(language, ko: " (남은 배분에서)", en: " (from an unused share)")
      return (said(language, ko: "선정", en: "selected"), model + (pass == 2 ? left : ""))
    case .notSelected(let reason, let reserve):
      let sentence = known[reason] ?? sentence(reason, rules, language)
      known[reason] = sentence
      if let offer = applications[ranked.application].offer {
        let standing = offers[offer].standing.name(language)
        return (said(language, ko: "예비에서 선정 (\(standing))", en: "moved up (\(standing))"), sentence)
      }
      if reserve > 0 {
        return (said(language, ko: "예비 \(reserve)번", en: "reserve \(reserve)"), sentence)
      }
      return (said(language, ko: "미선정", en: "not selected"), sentence)
    }
  }

  /// A rule set, a sentence each.
  public func sentences(of rules: RuleSet, _ language: Language) -> [String] {
    func say(ko: String, en: String) -> String { said(language, ko: ko, en: en) }
    var lines = [say(ko: "서버 단위 \(rules.unit)장", en: "servers of \(rules.unit) GPUs")]
    let total = rules.shares.reduce(0) { $0 + $1.weight }
    for share in rules.shares {
      lines.append("\(pools[share.pool].name[language]): \(share.weight)/\(total)")
    }
    if rules.shares.isEmpty {
      lines.append(say(ko: "배분 비율 없음", en: "no share rule"))
    } else {
      lines.append(
        rules.unusedShare == .stays
          ? say(ko: "남는 배분은 넘기지 않음", en: "an unused share stays")
          : say(ko: "남는 배분은 순위에 따라 넘김", en: "an unused share passes on"))
    }
    if let score = rules.minimumScore {
      lines.append(say(ko: "최저 \(score)점", en: "at least \(score) points"))
    }
    for bonus in rules.regionBonus {
      lines.append(
        say(
          ko: "지역 가점 \(bonus.region): \(bonus.points)점",
          en: "\(bonus.points) points for \(bonus.region)"))
    }
    if let cap = rules.organisationCap {
      lines.append(say(ko: "기관당 \(cap)장까지", en: "at most \(cap) GPUs an organisation"))
    }
    if let cap = rules.applicationCap {
      lines.append(say(ko: "신청당 \(cap)장까지", en: "at most \(cap) GPUs an application"))
    }
    lines.append(
      rules.skips
        ? say(ko: "맞지 않으면 건너뛰고 다음 순위로", en: "whoever does not fit is passed over")
        : say(ko: "맞지 않는 순위에서 그 배분 물량 마감", en: "a pool closes at the first who does not fit"))
    return lines
  }

  /// What an allocation limits, in words.
  public func words(for limit: AllocationLimit, _ language: Language) -> String {
    switch limit {
    case .reserved(let gpus): "\(gpus.grouped) GPU"
    case .budget(let seconds):
      seconds.hours(language)
    }
  }

  /// How an allocation stands, in words.
  public func standing(of row: Allocation, _ language: Language) -> String {
    func say(ko: String, en: String) -> String { said(language, ko: ko, en: en) }
    switch row.standing {
    case .ended:
      if let to = row.readableTo {
        return say(
          ko: "끝남, 읽기만(마지막 날 \(to.lastBefore))",
          en: "ended, readable (last day \(to.lastBefore))")
      }
      return say(ko: "끝남, 반납 중", en: "ended, not back yet")
    case .returned: return say(ko: "반납 완료", en: "back")
    case .suspended, .live: break
    }
    let suspended = row.standing == .suspended ? say(ko: " (이용정지)", en: " (suspended)") : ""
    if let drift = row.drift {
      let missing =
        row.missingGPUs > 0
        ? say(ko: " GPU \(row.missingGPUs)장", en: " by \(row.missingGPUs) GPUs") : ""
      return say(ko: "불일치: ", en: "drift: ") + drift.name(language) + missing + suspended
    }
    guard let enforced = row.enforcedGeneration, enforced >= row.generation else {
      return say(ko: "적용 대기", en: "not read back yet") + suspended
    }
    return say(ko: "적용 확인", en: "enforced") + suspended
  }

  /// How a lending stands, in words.
  public func standing(of row: Lending, _ language: Language) -> String {
    guard let id = row.allocation else {
      return row.standing == .withdrawn
        ? said(language, ko: "철회", en: "withdrawn") : said(language, ko: "제안", en: "offered")
    }
    switch allocations[id].standing {
    case .live, .suspended: return said(language, ko: "대여 중", en: "lent")
    case .ended: return said(language, ko: "끝남, 반납 중", en: "over, not back yet")
    case .returned: return said(language, ko: "반납 완료", en: "back")
    }
  }

  /// What an allocation lends, or is lent by, in words, each a line.
  public func lendingWords(of id: AllocationID, _ language: Language) -> [String] {
    if let lending = allocations[id].lending {
      let row = lendings[lending]
      return [
        said(
          language, ko: "\(row.lender)에서 빌림(\(lending), 마지막 날 \(row.to.lastBefore))",
          en: "lent by \(row.lender) (\(lending), last day \(row.to.lastBefore))")
      ]
    }
    return lendings.ids.compactMap { lending in
      let row = lendings[lending]
      guard row.lender == id, let lent = row.allocation, allocations[lent].standing != .returned
      else { return nil }
      return said(
        language, ko: "GPU \(row.gpus)장을 \(row.award)에 대여(\(lending), 마지막 날 \(row.to.lastBefore))",
        en: "lends \(row.gpus) GPUs to \(row.award) (\(lending), last day \(row.to.lastBefore))")
    }
  }

  /// What an allocation left at clusters and that is not back, in words, each a line.
  public func leavings(of id: AllocationID, _ language: Language) -> [String] {
    departures.ids.compactMap { departure in
      let row = departures[departure]
      guard row.allocation == id, row.stage != .returned else { return nil }
      let slug = clusters[row.cluster].slug
      let what = said(
        language, ko: "\(slug)에 남긴 GPU \(row.gpus)장: ", en: "left at \(slug), \(row.gpus) GPUs: ")
      guard row.stage == .readable, let to = row.readableTo else {
        return what + said(language, ko: "삭제 확인 대기", en: "to be wiped, not back yet")
      }
      return what
        + said(
          language,
          ko: "읽기만(마지막 날 \(to.lastBefore))", en: "readable (last day \(to.lastBefore))")
    }
  }

  /// What an amendment changes, in words.
  public func words(for change: AmendmentChange?, _ language: Language) -> String {
    guard let change else { return said(language, ko: "(삭제됨)", en: "(erased)") }
    func say(ko: String, en: String) -> String { said(language, ko: ko, en: en) }
    func limit(_ limit: AllocationLimit) -> String { words(for: limit, language) }
    return switch change {
    case .extension(let to):
      say(ko: "기간연장(마지막 날 \(to.lastBefore))", en: "extended (last day \(to.lastBefore))")
    case .supplement(let gpus): say(ko: "GPU \(gpus)장 추가배정", en: "\(gpus) GPUs more")
    case .transfer(let id, let to):
      say(ko: "\(id)을(를) \(clusters[to].slug)(으)로 이관", en: "\(id) to \(clusters[to].slug)")
    case .resize(let id, let to): say(ko: "\(id)을(를) \(limit(to))(으)로", en: "\(id) to \(limit(to))")
    case .suspension: say(ko: "이용정지", en: "suspension")
    case .resumption: say(ko: "이용재개", en: "resumption")
    case .override(let id, let to):
      say(ko: "\(id) 예외 적용: \(limit(to))", en: "\(id) overridden by \(limit(to))")
    case .overrideEnd(let id): say(ko: "\(id) 예외 적용 끝", en: "end of the override of \(id)")
    case .recall(let id): say(ko: "\(id)이(가) 빌려준 것의 반환 요구", en: "what \(id) lends asked back")
    case .end: say(ko: "해지", en: "end")
    }
  }
}

extension Outcome {
  /// Whether two outcomes are the same but for the place on the reserve list, which others decide.
  public func agrees(with other: Outcome) -> Bool {
    switch (self, other) {
    case (.notSelected(let mine, _), .notSelected(let theirs, _)): mine == theirs
    default: self == other
    }
  }
}

extension Programme {
  /// The first rank from `rank` on that was not selected; nothing where all were.
  public func firstNotSelected(of id: RoundID, from rank: Int32) -> Int32? {
    guard let selected = publicFacts(of: id)?.selected.map(\.rank) else { return nil }
    let taken = Set(selected)
    let last = Int32(clamping: rounds[id].applicationCount)
    guard rank <= last else { return nil }
    return (rank...last).first { !taken.contains($0) }
  }
}

extension Day {
  /// The last day of what ends before this one. Terms are half-open for programs; people read the
  /// last day that is in them.
  var lastBefore: Day { advanced(by: -1) }
}
