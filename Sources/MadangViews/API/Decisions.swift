public import MadangProgramme

extension Operation {
  /// What changes something: each gives one command, and the programme's rules decide.
  static let decisions: [Operation] =
    [advance] + supply + rounds + contracts + awards + allocations + lendings

  private static let advance = Operation(
    "advance", .post, "/api/v1/clock", ko: "시계 옮기기", en: "Move the clock on",
    access: .roles([.officer]),
    body: [
      Field(
        "to", .day, ko: "이 날로 (연습에서만; 비우면 지금)", en: "To this day (exercises; empty for now)",
        required: false),
      Field(
        "minute", .minute, ko: "그날의 시각 (비우면 0시)", en: "Time of that day (empty for midnight)",
        required: false),
    ])

  private static let rounds: [Operation] = [
    Operation(
      "registerOrganisation", .post, "/api/v1/organisations", ko: "기관 등록",
      en: "Register an organisation", access: .roles([.officer]),
      body: [
        Field("form", .choice(OrganisationForm.choices), ko: "형태", en: "Form"),
        Field("region", .slug, ko: "지역", en: "Region"),
      ]),
    Operation(
      "submitApplication", .post, "/api/v1/rounds/{round}/applications", ko: "신청",
      en: "Apply", access: .concerned(.organisation, or: []), parameters: [.round],
      body: form),
    Operation(
      "reviseApplication", .post, "/api/v1/applications/{application}/revision", ko: "신청 변경",
      en: "Change an application", access: .concerned(.application, or: []),
      parameters: [.application], body: form.filter { $0.name != "organisation" }),
    Operation(
      "withdrawApplication", .post, "/api/v1/applications/{application}/withdrawal", ko: "신청 취소",
      en: "Withdraw", access: .concerned(.application, or: []), parameters: [.application]),
    Operation(
      "judgeEligibility", .post, "/api/v1/applications/{application}/eligibility", ko: "자격 판정",
      en: "Judge eligibility", access: .roles([.officer]), parameters: [.application],
      body: [
        Field(
          "brokenRule", .integer(0...Int64(Limits.eligibilityRulesMax)), ko: "미충족 자격(비우면 규칙대로)",
          en: "The rule that is broken; empty to go by the rules", required: false),
        Field(
          "barred", .flag, ko: "참여제한 중인 사람이 있음", en: "Somebody involved is barred",
          required: false),
        Field("owesTaxes", .flag, ko: "세금 체납이 있음", en: "It owes taxes", required: false),
      ]),
    Operation(
      "declareConflict", .post, "/api/v1/applications/{application}/conflicts", ko: "이해관계 등록",
      en: "Record a conflict of interest", access: .roles([.officer]),
      parameters: [.application],
      body: [
        Field(
          "reviewer", .text(max: Limits.labelScalarsMax), ko: "평가위원의 계정 이름",
          en: "The reviewer's account name"),
        Field(
          "ground",
          .choice([
            .init("excluded", ko: "제척", en: "excluded"),
            .init("challenged", ko: "기피", en: "challenged"),
            .init("recused", ko: "회피", en: "recused"),
          ]), ko: "사유", en: "Ground"),
      ]),
    Operation(
      "reviewApplication", .post, "/api/v1/applications/{application}/reviews", ko: "평가",
      en: "Review", access: .roles([.reviewer]), parameters: [.application], body: [points]),
    Operation(
      "reviewApplications", .post, "/api/v1/rounds/{round}/reviews", ko: "여러 신청 평가",
      en: "Review many, all or none", access: .roles([.reviewer]), parameters: [.round],
      body: [
        Field(
          "reviews", .rows([.application, points], count: 1...500),
          ko: "한 줄에 하나: 신청과 점수", en: "One a line: application and points")
      ]),
    Operation(
      "draftRound", .post, "/api/v1/rounds/{round}/draft", ko: "선정안 기안",
      en: "Draft the decision", access: .roles([.officer]), parameters: [.round]),
    Operation(
      "returnRound", .post, "/api/v1/rounds/{round}/return", ko: "선정안 반려",
      en: "Return the draft", access: .roles([.approver]), parameters: [.round]),
    Operation(
      "approveRound", .post, "/api/v1/rounds/{round}/approval", ko: "선정안 승인",
      en: "Approve the draft", access: .roles([.approver]), parameters: [.round]),
    Operation(
      "publishRound", .post, "/api/v1/rounds/{round}/publication", ko: "선정 결과 공개",
      en: "Publish the decision", access: .roles([.officer]), parameters: [.round]),
  ]

  private static let points = Field(
    "points", .integers(0...Limits.pointsMax, count: 1...Limits.itemsMax), ko: "평가항목별 점수",
    en: "Points, in the order of the criteria")

  private static let form = [
    Field("organisation", .identifier("organisation"), ko: "수행기관", en: "Organisation"),
    Field("track", .slug, ko: "트랙", en: "Track"),
    Field("gpus", .integer(1...Limits.gpusMax), ko: "GPU 수", en: "GPUs"),
    Field(
      "models", .slugs(count: 1...Limits.modelPreferencesMax), ko: "희망 기종(순서대로)",
      en: "Device models, most wanted first"),
    Field(
      "from", .day, ko: "첫날(비우면 회차 전체)", en: "First day; empty for the period", required: false),
    Field(
      "to", .endDay, ko: "마지막 날(비우면 회차 전체)", en: "Last day; empty for the period",
      required: false),
    Field(
      "content", .digest, ko: "신청서의 SHA-256", en: "SHA-256 of the application's document"),
  ]

  private static let contracts: [Operation] = [
    Operation(
      "concludeContract", .post, "/api/v1/applications/{application}/contract", ko: "협약 체결",
      en: "Conclude the contract", access: .concerned(.application, or: [.officer]),
      parameters: [.application]),
    Operation(
      // The team's own word alone: an offer that the office does not hear of lapses by its day.
      "declineContract", .post, "/api/v1/applications/{application}/declination", ko: "포기",
      en: "Decline the offer", access: .concerned(.application, or: []),
      parameters: [.application]),
  ]

  private static let allocations: [Operation] = [
    Operation(
      "allocate", .post, "/api/v1/awards/{award}/allocations", ko: "할당",
      en: "Make an allocation", access: .roles([.officer]), parameters: [.award],
      body: [
        Field("cluster", .slug, ko: "클러스터", en: "Cluster"),
        Field(
          "gpus", .integer(1...Limits.gpusMax), ko: "전용 GPU 수", en: "Reserved GPUs",
          required: false),
        .budgetHours, .budgetSeconds,
      ]),
    Operation(
      "revokeAgent", .post, "/api/v1/agents/{agent}/revocation", ko: "에이전트의 키 폐기",
      en: "Revoke an agent's key", access: .concerned(.agent, or: [.officer]),
      parameters: [.agent]),
    Operation(
      "confirmHandover", .post, "/api/v1/allocations/{allocation}/confirmation", ko: "인수 확인",
      en: "Confirm the servers", access: .concerned(.allocation, or: []),
      parameters: [.allocation],
      body: [
        Field("assets", .digest, ko: "서버 목록의 다이제스트", en: "Digest of the list of servers")
      ]),
  ]
}

extension Field {
  static let budgetHours = Field(
    "budgetGPUHours", .integer(1...1_000_000_000), ko: "또는 이용시간 한도(GPU시간)",
    en: "Or a budget in GPU hours", required: false)
  static let budgetSeconds = Field(
    "budgetGPUSeconds", .integer(1...3_600_000_000_000), ko: "또는 초로 준 한도",
    en: "Or the same in GPU seconds", required: false)
}

extension OrganisationForm {
  /// The word on screen.
  public func name(_ language: Language) -> String {
    switch self {
    case .university: said(language, ko: "대학", en: "university")
    case .institute: said(language, ko: "연구기관", en: "research institute")
    case .company: said(language, ko: "기업", en: "company")
    case .startup: said(language, ko: "새싹기업", en: "startup")
    case .public: said(language, ko: "공공기관", en: "public body")
    }
  }

  static var choices: [Field.Choice] {
    allCases.map { Field.Choice($0.rawValue, ko: $0.name(.ko), en: $0.name(.en)) }
  }
}

extension AmendmentGround {
  static var choices: [Field.Choice] {
    allCases.map { Field.Choice($0.rawValue, ko: $0.name(.ko), en: $0.name(.en)) }
  }
}
