public import MadangProgramme

/// What is refused at the door: who somebody is, and how long that holds. MDG-19xx.
public enum AccessRefusal: Refusing, Hashable {
  /// Name or password are wrong; which, is not said.
  case wrongPassword

  public var code: String {
    switch self {
    case .wrongPassword: "MDG-1901"
    }
  }

  public func what(_ language: Language) -> String {
    said(language, ko: "이름 또는 비밀번호가 맞지 않습니다.", en: "Name or password are wrong.")
  }

  public func help(_ language: Language) -> String {
    said(language, ko: "다시 입력하십시오.", en: "Type them again.")
  }
}
