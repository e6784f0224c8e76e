import MadangProgramme

extension Operation {
  /// What one team lends another for a time. The programme's rules say which of the two may what.
  static let lendings: [Operation] = [
    Operation(
      "offerLending", .post, "/api/v1/allocations/{allocation}/lendings", ko: "대여 제안",
      en: "Offer GPUs on loan", access: .concerned(.allocation, or: []),
      parameters: [.allocation],
      body: [
        Field("award", .identifier("award"), ko: "빌릴 배정", en: "The award that borrows"),
        Field("gpus", .integer(1...Limits.gpusMax), ko: "GPU 수", en: "GPUs"),
        Field("to", .endDay, ko: "마지막 날", en: "Last day"),
        Field(
          "noticeDays", .integer(Programme.noticeDays), ko: "돌려 달라고 할 때의 통지 일수(그날은 빼고)",
          en: "Whole days of notice when it is asked back"),
      ]),
    Operation(
      "concludeLending", .post, "/api/v1/lendings/{lending}/conclusion", ko: "대여 수락",
      en: "Take the loan", access: .concerned(.borrowing, or: []), parameters: [.lending]),
    Operation(
      "withdrawLending", .post, "/api/v1/lendings/{lending}/withdrawal", ko: "대여 제안 철회",
      en: "Withdraw the offer", access: .concerned(.lending, or: []), parameters: [.lending]),
    Operation(
      "endLending", .post, "/api/v1/lendings/{lending}/end", ko: "반환 요청·반환",
      en: "Ask back, or give back", access: .concerned(.lendingOrBorrowing, or: []),
      parameters: [.lending]),
  ]
}
