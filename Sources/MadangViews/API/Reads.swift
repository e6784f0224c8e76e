import MadangProgramme

extension Operation {
  /// What may be read. Fields that are not for the caller are left out of the answer.
  static let reads: [Operation] = [
    Operation(
      "getProgramme", .get, "/api/v1/programme", ko: "사업", en: "The programme", access: .anyone),
    Operation(
      "listAgreements", .get, "/api/v1/agreements", ko: "업무협약과 이행사항",
      en: "Agreements, commitments and pools", access: .anyone),
    Operation(
      "listSources", .get, "/api/v1/sources", ko: "출처", en: "Sources of the figures",
      access: .anyone),
    Operation("listCalls", .get, "/api/v1/calls", ko: "공모", en: "Calls", access: .anyone),
    Operation(
      "getSupply", .get, "/api/v1/supply", ko: "도입 현황", en: "Supply on a day",
      access: .anyone, query: [.on]),
    Operation(
      "getCapacity", .get, "/api/v1/supply/capacity", ko: "날짜별 배정 가능 GPU",
      en: "Awardable GPUs by day", access: .anyone,
      query: [
        Field("from", .day, ko: "첫날", en: "From this day on", required: false),
        Field("to", .endDay, ko: "마지막 날", en: "Last day", required: false),
        Field(
          "confidence", .choice(Confidence.choices), ko: "최소 확실성", en: "At least this sure",
          required: false),
      ]),
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
      "compareRound", .get, "/api/v1/rounds/{round}/comparison", ko: "발표된 결과와의 비교",
      en: "Beside the published outcome", access: .anyone, parameters: [.round]),
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
      query: [
        Field(
          "only",
          .choice([
            .init("selected", ko: "선정", en: "selected"),
            .init("reserve", ko: "예비순위 명단", en: "reserve list"),
          ]), ko: "이것만", en: "Only these", required: false), .cursor, .limit,
      ]),
    Operation(
      "listApplications", .get, "/api/v1/rounds/{round}/applications", ko: "회차의 신청",
      en: "Applications of a round", access: .anyone, parameters: [.round],
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
      "listOffers", .get, "/api/v1/offers", ko: "선정 통보와 협약", en: "Offers to the selected",
      access: .anyone, query: [.cursor, .limit]),
    Operation(
      "listAwards", .get, "/api/v1/awards", ko: "배정", en: "Awards", access: .anyone,
      query: [.cursor, .limit]),
    Operation(
      "getAward", .get, "/api/v1/awards/{award}", ko: "배정 하나", en: "One award", access: .anyone,
      parameters: [.award]),
    Operation(
      "listAmendments", .get, "/api/v1/amendments", ko: "협약변경", en: "Amendments",
      access: .roles([.officer, .approver, .auditor]), query: [.cursor, .limit]),
    Operation(
      "listMembers", .get, "/api/v1/awards/{award}/members", ko: "참여인력", en: "Members of a team",
      access: .concerned(.award, or: [.officer, .approver, .auditor]), parameters: [.award]),
    Operation(
      "listAllocations", .get, "/api/v1/allocations", ko: "할당", en: "Allocations",
      access: .anyone,
      query: [
        Field("award", .identifier("award"), ko: "이 배정만", en: "Of this award", required: false),
        Field(
          "only", .choice([.init("drift", ko: "불일치", en: "drift")]), ko: "이것만",
          en: "Only these", required: false), .cursor, .limit,
      ]),
    Operation(
      "getAllocation", .get, "/api/v1/allocations/{allocation}", ko: "할당 하나",
      en: "One allocation", access: .anyone, parameters: [.allocation]),
    Operation(
      "listLendings", .get, "/api/v1/lendings", ko: "대여", en: "What teams lend each other",
      access: .anyone, query: [.cursor, .limit]),
    Operation(
      "listClusters", .get, "/api/v1/clusters", ko: "클러스터", en: "Clusters", access: .anyone),
    Operation(
      "getCluster", .get, "/api/v1/clusters/{cluster}", ko: "클러스터의 설정값과 실제값",
      en: "A cluster, desired and observed", access: .anyone, parameters: [.cluster]),
    Operation(
      "listWork", .get, "/api/v1/clusters/{cluster}/work", ko: "클러스터에서 할 일",
      en: "What a cluster waits for",
      access: .concerned(.cluster, or: [.officer, .approver, .auditor]), parameters: [.cluster]),
    Operation(
      "listRefusedUsage", .get, "/api/v1/clusters/{cluster}/refused-usage",
      ko: "받지 않은 사용 기록", en: "Usage of a cluster that was not taken",
      access: .concerned(.cluster, or: [.officer, .approver, .auditor]), parameters: [.cluster],
      query: [.cursor, .limit]),
    Operation(
      "listAgents", .get, "/api/v1/agents", ko: "에이전트", en: "Agents",
      access: .roles([.officer, .approver, .auditor])),
    Operation(
      "getAccounts", .get, "/api/v1/accounts", ko: "GPU 시간의 계정", en: "Where GPU time went",
      access: .anyone,
      query: [
        Field("cluster", .slug, ko: "이 클러스터만", en: "Of this cluster", required: false), .ofMonth,
      ]),
    Operation(
      "getUsage", .get, "/api/v1/usage", ko: "이용량", en: "What was used", access: .signedIn,
      query: [
        Field(
          "by", .choice(UsageGrouping.choices), ko: "무엇별로", en: "Added up by", required: false),
        .ofMonth,
      ]),
    Operation(
      "listSettlements", .get, "/api/v1/settlements", ko: "정산", en: "Settlements",
      access: .signedIn, query: [.cursor, .limit]),
    Operation(
      "getHead", .get, "/api/v1/ledger/head", ko: "가장 새 서명", en: "The newest signed head",
      access: .anyone),
    Operation(
      "listHeads", .get, "/api/v1/ledger/heads", ko: "모든 서명", en: "All signed heads",
      access: .anyone, query: [.cursor, .limit]),
    Operation(
      "getEvent", .get, "/api/v1/ledger/events/{event}", ko: "사건과 증명",
      en: "An event and its proof", access: .anyone, parameters: [.event]),
    Operation(
      "proveEvent", .get, "/api/v1/ledger/events/{event}/proof", ko: "사건의 증명",
      en: "The proof of an event", access: .anyone, parameters: [.event],
      query: [
        Field(
          "since", .integer(0...Limits.integerMax), ko: "가지고 있는 서명의 크기",
          en: "Size of a head that you kept", required: false)
      ]),
    Operation(
      "getMe", .get, "/api/v1/me", ko: "내 계정", en: "Who I am", access: .signedIn),
  ]
}
