internal import MadangProgramme

/// programme.yaml: the name, the zone, the money, the days.
struct ProgrammeFile {
  var slug: Slug?
  var name: Bilingual?
  var currency: Slug?
  var dropBelow: Int64?
  var exercise: Bool?
  var target: ClaimsDraft?
  /// Left out, nothing is kept for a team to read once its work has stopped.
  var readableDays: Int64? = 0
  var clock: ZoneClock?

  init(_ value: Value) {
    guard
      let fields = value.fields(
        [
          "slug", "name", "zone", "currency", "money", "days", "exercise", "target",
        ], optional: ["readableDays"])
    else { return }
    slug = fields["slug"]?.slug()
    name = fields["name"]?.bilingualLabel()
    currency = fields["currency"]?.currency()
    dropBelow = fields["money"]?.fields(["dropBelow"])?["dropBelow"]?.integer(1...1_000_000)
    exercise = fields["exercise"]?.flag()
    target = fields["target"]?.claims()
    if let value = fields["readableDays"] {
      readableDays = value.integer(0...Limits.readableDaysMax)
    }
    clock = ProgrammeFile.clock(fields)
  }

  /// The charter, where everything it needs was read.
  func charter(hash: Slug, signature: Slug) -> Charter? {
    guard let slug, let name, let currency, let dropBelow, let exercise, let clock
    else { return nil }
    return Charter(
      slug: slug, name: name, currency: currency, dropBelow: dropBelow, days: clock.days,
      hash: hash, signature: signature, exercise: exercise)
  }

  private static func clock(_ fields: Fields) -> ZoneClock? {
    let zone = fields["zone"].flatMap(zoneName)
    let term = fields["days"]?.term()
    if let term, term.dayCount > Limits.daysMax {
      fields["days"]?.refuse(
        "사업 기간이 \(term.dayCount)일로 너무 깁니다.", "The programme spans \(term.dayCount) days.",
        hintKo: "최대 \(Limits.daysMax)일입니다.", hintEn: "It may span \(Limits.daysMax).")
      return nil
    }
    guard let zone, let term else { return nil }
    return ZoneClock(zone: zone, days: term)
  }

  private static func zoneName(_ value: Value) -> String? {
    guard let (name, _) = value.scalar() else { return nil }
    guard ZoneClock.zone(name) != nil else {
      let hint =
        ZoneClock.nearestZone(to: name).map(didYouMean)
        ?? Wording(
          ko: "Asia/Seoul처럼 쓰십시오.", en: "Write it like Asia/Seoul.")
      value.fault(
        Wording(
          ko: "시간대 ‘\(shown(name))’을(를) 알 수 없습니다.",
          en: "The time zone ‘\(shown(name))’ is unknown."),
        hint: hint)
      return nil
    }
    return name
  }
}

extension Value {
  /// Three capital letters, `KRW`; the programme keeps them as a short name, in small ones.
  fileprivate func currency() -> Slug? {
    guard let (text, _) = scalar() else { return nil }
    guard text.utf8.count == 3, text.utf8.allSatisfy({ (65...90).contains($0) }),
      let slug = Slug(text.lowercased())
    else {
      refuse(
        "통화 ‘\(shown(text))’을(를) 알 수 없습니다.", "‘\(shown(text))’ is no currency.",
        hintKo: "KRW처럼 대문자 세 자로 쓰십시오.", hintEn: "Write three capitals, like KRW.")
      return nil
    }
    return slug
  }
}
