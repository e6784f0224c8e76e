import Foundation
import MadangProgramme
import MadangViews

extension Confidence {
  /// The word on screen.
  func name(_ language: Language) -> String {
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
  var text: String {
    if isNone { return "–" }
    let milli = milliPoints
    return String(format: "%lld.%03lld", milli / 1_000, milli % 1_000)
  }
}

extension Programme {
  /// A day given by a person, or the programme's today.
  func day(_ text: String?, _ output: Output) throws -> Day {
    guard let text else {
      guard let today = charter?.days.day(of: now) else {
        throw Failure(ProgrammeRefusal.outsideDays, output)
      }
      return today
    }
    guard let day = Day(text) else {
      throw Failure.usage(
        output, ko: "‘\(text)’은(는) 날짜가 아닙니다(예: 2026-03-03).",
        en: "‘\(text)’ is no day (such as 2026-03-03).")
    }
    return day
  }

  /// A line by identifier or short name.
  func line(_ text: String) -> LineID? {
    if let id = LineID(text), lines.contains(id) { return id }
    return lines.ids.first { lines[$0].line.slug.value == text }
  }

  /// A round by identifier, or the newest where none is named.
  func round(_ text: String?, _ output: Output) throws -> RoundID {
    if let text {
      guard let id = RoundID(text), rounds.contains(id) else {
        throw Failure.unknown(text, output)
      }
      return id
    }
    guard rounds.count > 0 else { throw Failure.unknown("round", output) }
    // The newest round that somebody applied in, else the first.
    let used = rounds.ids.filter { rounds[$0].applicationCount > 0 }
    return used.last ?? RoundID(1)
  }

  func application(_ text: String, _ output: Output) throws -> ApplicationID {
    try known(text, applications, output)
  }

  /// An identifier that a person gave, of a row that there is.
  func known<Kind, Row>(
    _ text: String, _ table: PagedTable<Kind, Row>, _ output: Output
  ) throws -> Identifier<Kind> {
    guard let id = Identifier<Kind>(text), table.contains(id) else {
      throw Failure.unknown(text, output)
    }
    return id
  }

  /// A cluster by identifier or short name.
  func cluster(_ text: String, _ output: Output) throws -> ClusterID {
    if let id = ClusterID(text), clusters.contains(id) { return id }
    guard let id = clusters.ids.first(where: { clusters[$0].slug.value == text }) else {
      throw Failure.unknown(text, output)
    }
    return id
  }

  func json(_ claims: Claims) -> JSON {
    .array(
      claims.all.map { figure in
        .object([
          ("value", .int(figure.value)), ("confidence", .text(figure.confidence.rawValue)),
          ("source", .text(sources[figure.source].slug.value)),
          ("on", .text(figure.on.description)),
        ])
      })
  }

  /// The reason for an outcome in words, with its numbers.
  func sentence(_ reason: Reason, _ rules: RuleSet, _ output: Output) -> String {
    switch reason {
    case .ineligible(let rule):
      let name =
        rules.eligibility.indices.contains(Int(rule))
        ? rules.eligibility[Int(rule)].name[output.language] : "\(rule)"
      return output.say(ko: "신청자격 미충족: \(name)", en: "Not eligible: \(name)")
    case .withdrawn: return output.say(ko: "신청 취소", en: "Withdrawn by the applicant")
    case .notReviewed: return output.say(ko: "평가 없음", en: "Nobody reviewed it")
    case .tooLarge(let asked, let limit):
      return output.say(
        ko: "신청 \(asked)장이 한도 \(limit)장을 넘음",
        en: "Asked for \(asked) GPUs; one application may ask for \(limit)")
    case .notWholeUnits(let asked, let unit):
      return output.say(
        ko: "신청 \(asked)장이 서버 단위(\(unit)장)가 아님",
        en: "Asked for \(asked) GPUs, which is not whole servers of \(unit)")
    case .belowMinimumScore(let minimum):
      return output.say(
        ko: "최저 점수 \(minimum)점 미달", en: "Below the minimum score of \(minimum)")
    case .organisationCap(let used, let cap):
      return output.say(
        ko: "기관 한도 \(cap)장 중 \(used)장이 먼저 선정됨",
        en: "Its organisation already had \(used) of at most \(cap) GPUs")
    case .shareExhausted(let pool, let left, let day):
      let name = pools[pool].name[output.language]
      return output.say(
        ko: "‘\(name)’ 배분 비율 소진: 차례에 \(left)장 남음(\(day))",
        en: "Share of ‘\(name)’ used up: \(left) GPUs left at its turn (\(day))")
    case .capacityExhausted(let left, let day):
      return output.say(
        ko: "희망 기종 소진: 차례에 \(left)장 남음(\(day))",
        en: "Models of its choice used up: \(left) GPUs left at its turn (\(day))")
    case .closed(let rank):
      return output.say(
        ko: "\(rank)위가 맞지 않아 그 배분 물량이 마감됨",
        en: "Its pool closed at rank \(rank), which did not fit")
    }
  }
}
