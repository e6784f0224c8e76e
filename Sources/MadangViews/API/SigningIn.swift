import MadangProgramme

extension Operation {
  /// How a program signs in: with a name and a password, once, for a token that it then sends.
  static let signingIn = Operation(
    "makeToken", .post, "/api/v1/tokens", ko: "로그인하고 토큰 만들기",
    en: "Sign in and make a token", access: .anyone,
    body: [
      Field("name", .text(max: Limits.labelScalarsMax), ko: "계정 이름", en: "Account name"),
      Field("password", .text(max: Limits.textScalarsMax), ko: "비밀번호", en: "Password"),
      Field("label", .text(max: Limits.labelScalarsMax), ko: "무엇에 쓰는지", en: "What it is for"),
      Field(
        "days", .integer(1...400), ko: "며칠 동안 (비우면 30)", en: "Days it lasts; else 30",
        required: false),
    ])

  /// How a token ends before its day: its owner says so. It changes nothing in the ledger.
  public static let revokingToken = Operation(
    "revokeToken", .post, "/api/v1/tokens/revocation", ko: "토큰 폐기", en: "Revoke a token",
    access: .signedIn,
    body: [
      Field(
        "token", .integer(1...Limits.integerMax), ko: "토큰 번호(비우면 지금 쓰는 것)",
        en: "The token's number; empty for the one that is used", required: false)
    ])

  static let listingTokens = Operation(
    "listTokens", .get, "/api/v1/tokens", ko: "내 토큰", en: "My tokens", access: .signedIn)

  /// Whether a request of this kind may carry a key, so that it is done once.
  var isKeyed: Bool {
    method == .post && ![Operation.signingIn.id, Operation.revokingToken.id].contains(id)
  }
}
