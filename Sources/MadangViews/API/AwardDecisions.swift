import MadangProgramme

extension Operation {
  /// What changes an award: its team, its term and size, and what it costs.
  static let awards: [Operation] = [
    Operation(
      "addMember", .post, "/api/v1/awards/{award}/members", ko: "참여인력 추가",
      en: "Add a member", access: .concerned(.award, or: []), parameters: [.award],
      body: [Field("name", .text(max: Limits.labelScalarsMax), ko: "계정 이름", en: "Account name")]),
    Operation(
      "removeMember", .post, "/api/v1/awards/{award}/members/removal", ko: "참여인력 제외",
      en: "Remove a member", access: .concerned(.award, or: []), parameters: [.award],
      body: [Field("name", .text(max: Limits.labelScalarsMax), ko: "계정 이름", en: "Account name")]),
    Operation(
      "draftAmendment", .post, "/api/v1/awards/{award}/amendments", ko: "협약변경 기안",
      en: "Draft an amendment", access: .roles([.officer]), parameters: [.award],
      body: amendment),
    Operation(
      "approveAmendment", .post, "/api/v1/amendments/{amendment}/approval", ko: "협약변경 승인",
      en: "Approve the amendment", access: .roles([.approver]), parameters: [.amendment]),
    Operation(
      "returnAmendment", .post, "/api/v1/amendments/{amendment}/return", ko: "협약변경 반려",
      en: "Return the amendment", access: .roles([.approver]), parameters: [.amendment]),
    Operation(
      "settle", .post, "/api/v1/awards/{award}/settlements", ko: "한 달 정산",
      en: "Settle a month", access: .roles([.officer]), parameters: [.award],
      body: [
        Field("month", .month, ko: "달", en: "Month"),
        Field("price", .slug, ko: "단가", en: "Price"),
        Field("charge", .slug, ko: "이용료", en: "User charge"),
        Field("discounted", .flag, ko: "감면 적용", en: "With the reduction", required: false),
      ]),
  ]

  private static let amendment = [
    Field("change", .choice(changes), ko: "변경", en: "Change"),
    Field("ground", .choice(AmendmentGround.choices), ko: "사유", en: "Ground"),
    Field("to", .endDay, ko: "새 마지막 날", en: "New last day", required: false)
      .only("change", "extension", needed: true),
    Field(
      "allocation", .identifier("allocation"), ko: "할당", en: "Allocation", required: false
    )
    .only("change", "transfer", "resize", "override", "overrideEnd", "recall", needed: true),
    Field("cluster", .slug, ko: "옮겨 갈 클러스터", en: "The cluster that it moves to", required: false)
      .only("change", "transfer", needed: true),
    Field("gpus", .integer(1...Limits.gpusMax), ko: "GPU 수", en: "GPUs", required: false)
      .only("change", ["supplement", "resize", "override"], needed: ["supplement"]),
    .budgetHours.only("change", "resize", "override", needed: false),
    .budgetSeconds.only("change", "resize", "override", needed: false),
  ]

  private static let changes: [Field.Choice] = [
    .init("extension", ko: "기간연장", en: "extension"),
    .init("supplement", ko: "추가배정", en: "supplement"),
    .init("transfer", ko: "이관", en: "transfer"),
    .init("resize", ko: "할당 변경", en: "resize"),
    .init("override", ko: "예외 적용", en: "override"),
    .init("overrideEnd", ko: "예외 적용 끝", en: "end of an override"),
    .init("recall", ko: "대여 반환 요구", en: "recall of what is lent"),
    .init("suspension", ko: "이용정지", en: "suspension"),
    .init("resumption", ko: "이용재개", en: "resumption"),
    .init("end", ko: "해지", en: "end"),
  ]
}
