/// The words on screen, both languages beside each other.
public import MadangProgramme

extension Application.Standing {
  /// The word on screen.
  public func name(_ language: Language) -> String {
    switch (self, language) {
    case (.submitted, .ko): "접수"
    case (.submitted, .en): "submitted"
    case (.withdrawn, .ko): "취소"
    case (.withdrawn, .en): "withdrawn"
    case (.eligible, .ko): "적격"
    case (.eligible, .en): "eligible"
    case (.ineligible, .ko): "부적격"
    case (.ineligible, .en): "ineligible"
    }
  }
}

extension AmendmentGround {
  public func name(_ language: Language) -> String {
    switch (self, language) {
    case (.teamRequest, .ko): "수행기관 요청"
    case (.teamRequest, .en): "team's request"
    case (.delay, .ko): "지연"
    case (.delay, .en): "delay"
    case (.outage, .ko): "장애"
    case (.outage, .en): "outage"
    case (.lowUse, .ko): "저활용"
    case (.lowUse, .en): "low use"
    case (.breach, .ko): "위반"
    case (.breach, .en): "breach"
    case (.operatorRequest, .ko): "운영사업자 요청"
    case (.operatorRequest, .en): "operator's request"
    case (.security, .ko): "보안"
    case (.security, .en): "security"
    case (.correction, .ko): "정정"
    case (.correction, .en): "correction"
    }
  }
}

extension Amendment.Standing {
  public func name(_ language: Language) -> String {
    switch (self, language) {
    case (.drafted, .ko): "기안"
    case (.drafted, .en): "drafted"
    case (.approved, .ko): "승인"
    case (.approved, .en): "approved"
    case (.returned, .ko): "반려"
    case (.returned, .en): "returned"
    }
  }
}

extension EngineKind {
  public func name(_ language: Language) -> String {
    switch (self, language) {
    case (.handover, .ko): "제공"
    case (.handover, .en): "hand-over"
    case (.local, .ko): "내장"
    case (.local, .en): "local"
    case (.slurm, _): "Slurm"
    case (.kubernetes, _): "Kubernetes"
    }
  }
}

extension Confidence {
  /// The word on screen.
  public func name(_ language: Language) -> String {
    switch (self, language) {
    case (.assumed, .ko): "가정"
    case (.assumed, .en): "assumed"
    case (.announced, .ko): "발표"
    case (.announced, .en): "announced"
    case (.contracted, .ko): "계약"
    case (.contracted, .en): "contracted"
    case (.delivered, .ko): "납품"
    case (.delivered, .en): "delivered"
    case (.accepted, .ko): "검수"
    case (.accepted, .en): "accepted"
    }
  }
}

extension Score {
  /// Points of 100 to three decimals, cut.
  public var text: String {
    if isNone { return "–" }
    let part = String(milliPoints % 1_000)
    return "\(milliPoints / 1_000)." + String(repeating: "0", count: 3 - part.count) + part
  }
}

extension Programme {
  /// The reason for an outcome in words, with its numbers.
  public func sentence(_ reason: Reason, _ rules: RuleSet, _ language: Language) -> String {
    switch reason {
    case .ineligible(let rule):
      let name =
        rules.eligibility.indices.contains(Int(rule))
        ? rules.eligibility[Int(rule)].name[language] : "\(rule)"
      return said(
        language, ko: "신청자격 미충족: \(name)", en: "Not eligible: \(name)")
    case .withdrawn:
      return said(
        language, ko: "신청 취소", en: "Withdrawn by the applicant")
    case .termOver(let day):
      return said(
        language, ko: "이용 기간이 선정일(\(day)) 전에 끝남",
        en: "No day of its term was still to come when it was decided (\(day))")
    case .notReviewed:
      return said(
        language, ko: "평가 없음", en: "Nobody reviewed it")
    case .tooLarge(let asked, let limit):
      return said(
        language, ko: "신청 \(asked)장이 한도 \(limit)장을 넘음",
        en: "Asked for \(asked) GPUs; one application may ask for \(limit)")
    case .notWholeUnits(let asked, let unit):
      return said(
        language, ko: "신청 \(asked)장이 서버 단위(\(unit)장)가 아님",
        en: "Asked for \(asked) GPUs, which is not whole servers of \(unit)")
    case .belowMinimumScore(let minimum):
      return said(
        language, ko: "최저 점수 \(minimum)점 미달", en: "Below the minimum score of \(minimum)")
    case .organisationCap(let used, let cap):
      return said(
        language, ko: "기관 한도 \(cap)장 중 \(used)장이 먼저 선정됨",
        en: "Its organisation already had \(used) of at most \(cap) GPUs")
    case .shareExhausted(let pool, let left, let day):
      let name = pools[pool].name[language]
      return said(
        language, ko: "‘\(name)’ 배분 비율 소진: 차례에 \(left)장 남음(\(day))",
        en: "Share of ‘\(name)’ used up: \(left) GPUs left at its turn (\(day))")
    case .capacityExhausted(let left, let day):
      return said(
        language, ko: "희망 기종 소진: 차례에 \(left)장 남음(\(day))",
        en: "Models of its choice used up: \(left) GPUs left at its turn (\(day))")
    case .closed(let rank):
      return said(
        language, ko: "\(rank)위가 맞지 않아 그 배분 물량이 마감됨",
        en: "Its pool closed at rank \(rank), which did not fit")
    }
  }
}

extension Int64 {
  /// `13,136`.
  public var grouped: String {
    let digits = String(magnitude).utf8
    var bytes = Array((self < 0 ? "−" : "").utf8)
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append(digit)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// `+120`, `−8`, `0`.
  public var signed: String { self > 0 ? "+" + grouped : grouped }
}

/// `1 event`, `13,136 events`: English alone tells one from more.
public func counted(_ count: some BinaryInteger, _ noun: String) -> String {
  "\(Int64(count).grouped) \(noun)\(count == 1 ? "" : "s")"
}

extension GPUSeconds {
  /// GPU time in hours, to two decimals, cut.
  public func hours(_ language: Language) -> String {
    let hundredths = count.magnitude / 36
    let sign = count < 0 ? "−" : ""
    let whole = Int64(hundredths / 100).grouped
    let part = hundredths % 100
    let fraction = part == 0 ? "" : "." + (part < 10 ? "0" : "") + "\(part)"
    return "\(sign)\(whole)\(fraction) " + said(language, ko: "GPU시간", en: "GPU hours")
  }
}

extension Award {
  /// Since when it is used, or how it ended, in words.
  public func clockWords(_ language: Language) -> String {
    if let ended {
      let back =
        returnedOn.map { said(language, ko: ", \($0) 반납 완료", en: ", back \($0)") }
        ?? said(language, ko: ", 반납 중", en: ", not back yet")
      return said(language, ko: "\(ended) 끝남", en: "ended \(ended)") + back
    }
    return clock.map { said(language, ko: "\($0)부터 이용", en: "in use since \($0)") }
      ?? said(language, ko: "시작 전", en: "not started")
  }
}
