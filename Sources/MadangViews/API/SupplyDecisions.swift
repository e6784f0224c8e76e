import MadangProgramme

extension Operation {
  /// What came, what is known of it one by one, and when it cannot be used.
  static let supply: [Operation] = [
    Operation(
      "recordStep", .post, "/api/v1/lines/{line}/steps", ko: "도입 단계 기록",
      en: "Record a supply step", access: .concerned(.line, or: [.officer]), parameters: [.line],
      body: [
        Field("state", .choice(SupplyState.choices), ko: "단계", en: "State"),
        Field("gpus", .integer(1...Limits.gpusMax), ko: "GPU 수", en: "GPUs"),
        Field("on", .day, ko: "날짜", en: "Day"),
        Field("confidence", .choice(Confidence.choices), ko: "확실성", en: "Confidence"),
        Field("source", .slug, ko: "출처", en: "Source"),
        // What shows it is its source, by name: a text of somebody's would stand in the clear in
        // the ledger, and nobody could take it out again.
        Field("planned", .flag, ko: "예정", en: "Foreseen, not yet done", required: false),
      ]),
    Operation(
      "registerUnits", .post, "/api/v1/lines/{line}/units", ko: "자산 등록",
      en: "Register servers", access: .concerned(.line, or: [.officer]), parameters: [.line],
      body: [
        Field("servers", .integer(1...Limits.gpusMax), ko: "서버 수", en: "Servers"),
        Field(
          "firstSerial", .text(max: Limits.labelScalarsMax), ko: "첫 일련번호",
          en: "The first serial number"),
      ]),
    Operation(
      "scheduleMaintenance", .post, "/api/v1/lines/{line}/maintenance", ko: "점검 일정 등록",
      en: "Schedule maintenance", access: .concerned(.line, or: [.officer]), parameters: [.line],
      body: [
        Field("gpus", .integer(1...Limits.gpusMax), ko: "GPU 수", en: "GPUs"),
        Field("from", .day, ko: "첫날", en: "First day"),
        Field("to", .endDay, ko: "마지막 날", en: "Last day"),
        Field("source", .slug, ko: "출처", en: "Source"),
      ]),
  ]
}

extension SupplyState {
  static var choices: [Field.Choice] {
    allCases.map { Field.Choice($0.rawValue, ko: $0.name(.ko), en: $0.name(.en)) }
  }
}

extension Confidence {
  static var choices: [Field.Choice] {
    allCases.map { Field.Choice($0.rawValue, ko: $0.name(.ko), en: $0.name(.en)) }
  }
}

extension UsageGrouping {
  static var choices: [Field.Choice] {
    allCases.map { Field.Choice($0.rawValue, ko: $0.name(.ko), en: $0.name(.en)) }
  }

  func name(_ language: Language) -> String {
    switch self {
    case .award: said(language, ko: "배정", en: "award")
    case .allocation: said(language, ko: "할당", en: "allocation")
    case .project: said(language, ko: "과제", en: "project")
    case .pool: said(language, ko: "배분 물량", en: "pool")
    case .centre: said(language, ko: "센터", en: "centre")
    case .cluster: said(language, ko: "클러스터", en: "cluster")
    case .month: said(language, ko: "달", en: "month")
    }
  }
}
