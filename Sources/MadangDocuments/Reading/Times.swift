internal import MadangProgramme

/// Days, moments and periods.
extension Value {
  /// Days that a programme may speak of: what lies outside is a slip of the pen.
  private static let years = 2000...2100

  func day() -> Day? {
    guard let (text, _) = scalar() else { return nil }
    guard text.utf8.count <= 40, let day = Day(text) else {
      refuse(
        "‘\(shown(name))’: ‘\(shown(text))’은(는) 날짜가 아닙니다.",
        "‘\(shown(name))’: ‘\(shown(text))’ is no day.",
        hintKo: "2026-03-03처럼 쓰십시오.", hintEn: "Write it like 2026-03-03.")
      return nil
    }
    guard Value.years.contains(day.civil.year) else {
      refuse(
        "‘\(shown(name))’: \(day)은(는) 있을 수 없는 날짜입니다.",
        "‘\(shown(name))’ can hardly be \(day).",
        hintKo: "2000년부터 2100년까지 쓸 수 있습니다.", hintEn: "Use the years 2000 to 2100.")
      return nil
    }
    return day
  }

  /// Half-open days, from the two keys of a mapping.
  func term() -> Term? { fields(["from", "to"])?.term() }

  /// `2026-01-29T00:00` in the programme's zone; of a moment that comes twice, the first.
  func instant(_ clock: ZoneClock?) -> Instant? {
    guard let (text, _) = scalar() else { return nil }
    guard let (day, minute) = Value.localMinute(text) else {
      refuse(
        "‘\(shown(name))’: ‘\(shown(text))’은(는) 시각이 아닙니다.",
        "‘\(shown(name))’: ‘\(shown(text))’ is no moment.",
        hintKo: "2026-01-29T09:00처럼 쓰십시오.", hintEn: "Write it like 2026-01-29T09:00.")
      return nil
    }
    guard let clock else { return nil }
    switch clock.instant(day: day, minute: minute) {
    case .at(let instant): return instant
    case .outside:
      refuse(
        "‘\(shown(name))’: \(shown(text))은(는) 사업 기간 밖입니다.",
        "‘\(shown(name))’: \(shown(text)) is outside the programme's days.",
        hintKo: "programme.yaml의 days를 확인하십시오.", hintEn: "See `days` in programme.yaml.")
    case .skipped:
      refuse(
        "‘\(shown(name))’: \(shown(text))은(는) 시계가 건너뛴 시각입니다.",
        "‘\(shown(name))’: clocks skip \(shown(text)).",
        hintKo: "일광 절약 시간으로 바뀌는 날입니다. 한 시간 뒤로 쓰십시오.",
        hintEn: "Summer time begins then: write a time after the change.")
    }
    return nil
  }

  private static func localMinute(_ text: String) -> (Day, minute: Int)? {
    let bytes = Array(text.utf8)
    guard bytes.count == 16, bytes[10] == 0x54, bytes[13] == 0x3A,
      let day = Day(String(text.prefix(10))), years.contains(day.civil.year)
    else { return nil }
    let digits = [bytes[11], bytes[12], bytes[14], bytes[15]].map { Int($0) - 48 }
    guard digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
    let (hour, minute) = (digits[0] * 10 + digits[1], digits[2] * 10 + digits[3])
    guard hour < 24, minute < 60 else { return nil }
    return (day, hour * 60 + minute)
  }
}

extension Fields {
  /// Half-open days, from the keys `from` and `to`.
  func term() -> Term? {
    let from = self["from"]?.day()
    let to = self["to"]?.day()
    guard let from, let to else { return nil }
    guard let term = Term(from: from, to: to) else {
      self["to"]?.refuse(
        "\(to)은(는) \(from) 다음 날이 아닙니다.", "\(to) does not come after \(from).",
        hintKo: "to는 기간에 들지 않는 첫날입니다.", hintEn: "`to` is the first day that is out.")
      return nil
    }
    return term
  }
}
