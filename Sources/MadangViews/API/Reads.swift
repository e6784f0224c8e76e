import MadangProgramme

extension Operation {
  /// What may be read. Fields that are not for the caller are left out of the answer.
  static let reads: [Operation] = [
    Operation(
      "getProgramme", .get, "/api/v1/programme", ko: "사업", en: "The programme", access: .anyone),
    Operation(
      "getSupply", .get, "/api/v1/supply", ko: "도입 현황", en: "Supply on a day",
      access: .anyone, query: [.on]),
    Operation(
      "getLine", .get, "/api/v1/lines/{line}", ko: "물량 하나", en: "One line", access: .anyone,
      parameters: [.line]),
    Operation(
      "getField", .get, "/api/v1/field", ko: "모든 GPU의 상태", en: "Where every GPU stands",
      access: .anyone),
    Operation(
      "listPools", .get, "/api/v1/pools", ko: "배분 물량", en: "Pools", access: .anyone),
    Operation(
      "listRounds", .get, "/api/v1/rounds", ko: "회차", en: "Rounds", access: .anyone),
    Operation(
      "getRound", .get, "/api/v1/rounds/{round}", ko: "회차 하나", en: "One round",
      access: .anyone, parameters: [.round]),
    Operation(
      "listSelected", .get, "/api/v1/rounds/{round}/selected", ko: "선정된 신청",
      en: "Who was selected", access: .anyone, parameters: [.round], query: [.cursor, .limit]),
    Operation(
      "explainRank", .get, "/api/v1/rounds/{round}/ranks/{rank}", ko: "어느 순위에 무엇이 남았나",
      en: "What was left at a rank", access: .anyone,
      parameters: [
        .round, Field("rank", .integer(1...1_000_000), ko: "순위", en: "Rank"),
      ]),
    Operation(
      "getRanking", .get, "/api/v1/rounds/{round}/ranking", ko: "순위 전체", en: "The whole ranking",
      access: .roles([.officer, .approver, .auditor]), parameters: [.round],
      query: [.cursor, .limit]),
    Operation(
      "getApplication", .get, "/api/v1/applications/{application}", ko: "신청 하나",
      en: "One application", access: .anyone, parameters: [.application]),
    Operation(
      "explainApplication", .get, "/api/v1/applications/{application}/why", ko: "선정·미선정 사유",
      en: "Why it was selected or not",
      access: .concerned(.application, or: [.officer, .approver, .auditor]),
      parameters: [.application]),
    Operation(
      "listAwards", .get, "/api/v1/awards", ko: "배정", en: "Awards", access: .anyone,
      query: [.cursor, .limit]),
    Operation(
      "getAward", .get, "/api/v1/awards/{award}", ko: "배정 하나", en: "One award", access: .anyone,
      parameters: [.award]),
    Operation(
      "listAmendments", .get, "/api/v1/amendments", ko: "협약변경", en: "Amendments",
      access: .roles([.officer, .approver, .auditor])),
    Operation(
      "listClusters", .get, "/api/v1/clusters", ko: "클러스터", en: "Clusters", access: .anyone),
    Operation(
      "getAccounts", .get, "/api/v1/accounts", ko: "GPU 시간의 계정", en: "Where GPU time went",
      access: .anyone),
    Operation(
      "getHead", .get, "/api/v1/ledger/head", ko: "가장 새 서명", en: "The newest signed head",
      access: .anyone),
    Operation(
      "listHeads", .get, "/api/v1/ledger/heads", ko: "모든 서명", en: "All signed heads",
      access: .anyone),
    Operation(
      "getEvent", .get, "/api/v1/ledger/events/{event}", ko: "사건과 증명",
      en: "An event and its proof", access: .anyone, parameters: [.event]),
    Operation(
      "getMe", .get, "/api/v1/me", ko: "내 계정", en: "Who I am", access: .signedIn),
  ]
}
