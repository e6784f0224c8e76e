public import MadangProgramme

/// What is refused between an identity provider and us. MDG-195x.
///
/// No sentence here holds a code, a token or the client's secret.
public enum OpenIDRefusal: Refusing, Hashable {
  /// It is down, slow, or answers what cannot be used. The reason is for the log.
  case noAnswer(provider: String, reason: String)
  /// The way back is of no attempt of this browser's: it is over, was used, or is another's.
  case otherAttempt
  /// The provider's own word, such as `access_denied`.
  case declined(provider: String, word: String)
  case notBelieved(provider: String, TokenFault)
  case tooManyAtOnce

  public var code: String {
    switch self {
    case .noAnswer: "MDG-1951"
    case .otherAttempt: "MDG-1952"
    case .declined: "MDG-1953"
    case .notBelieved: "MDG-1954"
    case .tooManyAtOnce: "MDG-1955"
    }
  }

  public func what(_ language: Language) -> String {
    switch self {
    case .noAnswer(let provider, _):
      said(
        language, ko: "‘\(provider)’에서 쓸 수 있는 답이 오지 않았습니다.",
        en: "No usable answer came from ‘\(provider)’.")
    case .otherAttempt:
      said(
        language, ko: "이 로그인은 이미 끝났거나 다른 브라우저에서 시작한 것입니다.",
        en: "This sign-in is over, or was begun in another browser.")
    case .declined(let provider, let word):
      said(
        language, ko: "‘\(provider)’에서 로그인을 확인하지 않았습니다(\(word)).",
        en: "‘\(provider)’ did not sign you in (\(word)).")
    case .notBelieved(let provider, let fault):
      said(
        language, ko: "‘\(provider)’의 확인을 믿을 수 없습니다: \(fault.reason(.ko)).",
        en: "What ‘\(provider)’ said cannot be believed: \(fault.reason(.en)).")
    case .tooManyAtOnce:
      said(
        language, ko: "지금 로그인하는 사람이 너무 많습니다.", en: "Too many people are signing in just now.")
    }
  }

  public func help(_ language: Language) -> String {
    switch self {
    case .noAnswer:
      said(
        language, ko: "잠시 뒤에 다시 시도하거나 이름과 비밀번호로 로그인하십시오.",
        en: "Try again in a while, or sign in with name and password.")
    case .otherAttempt, .declined:
      said(language, ko: "여기서 다시 로그인하십시오.", en: "Sign in again from here.")
    case .notBelieved:
      said(
        language, ko: "다시 로그인하십시오. 계속되면 사업 담당자에게 알리십시오.",
        en: "Sign in again; if it stays so, tell the programme's office.")
    case .tooManyAtOnce:
      said(language, ko: "잠시 뒤에 다시 시도하십시오.", en: "Try again in a moment.")
    }
  }
}
