public import MadangProgramme

/// Why what an identity provider said is not believed.
public enum TokenFault: Error, Hashable, Sendable {
  case unreadable
  /// Not one of those that a public key checks.
  case otherAlgorithm(String)
  case unknownKey
  case badSignature
  case otherIssuer
  case otherAudience
  case over
  /// Signed in the future, or not to be used yet.
  case notYet
  /// Signed before the attempt began.
  case old
  case otherNonce
  case noSubject

  /// A clause, to stand after a colon.
  public func reason(_ language: Language) -> String {
    switch self {
    case .unreadable: said(language, ko: "읽을 수 없음", en: "it cannot be read")
    case .otherAlgorithm(let name):
      said(
        language, ko: "서명 방식 ‘\(name)’은(는) 받지 않음", en: "signatures by ‘\(name)’ are not taken")
    case .unknownKey:
      said(language, ko: "알려진 키로 서명되지 않음", en: "it is signed with none of the known keys")
    case .badSignature: said(language, ko: "서명이 맞지 않음", en: "its signature is wrong")
    case .otherIssuer: said(language, ko: "발급자가 다름", en: "it is of another issuer")
    case .otherAudience: said(language, ko: "다른 곳에 쓰라고 발급됨", en: "it is for somebody else")
    case .over: said(language, ko: "유효 기간이 지남", en: "its time is over")
    case .notYet: said(language, ko: "유효 기간이 아직 아님", en: "its time has not come")
    case .old: said(language, ko: "이번 로그인 전에 발급됨", en: "it is older than this sign-in")
    case .otherNonce: said(language, ko: "다른 로그인의 것임", en: "it is of another sign-in")
    case .noSubject: said(language, ko: "누구인지 없음", en: "it names nobody")
    }
  }
}
