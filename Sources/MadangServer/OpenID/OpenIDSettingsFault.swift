public import MadangProgramme

/// Why sign-in by an identity provider cannot be set up. MDG-197x.
public enum OpenIDSettingsFault: Refusing, Hashable {
  case issuer(String)
  case client
  case secret(path: String)
  /// Everybody on the machine may read the secret.
  case exposed(path: String)
  case authority(String)

  public var code: String {
    switch self {
    case .issuer: "MDG-1971"
    case .client: "MDG-1972"
    case .secret: "MDG-1973"
    case .exposed: "MDG-1974"
    case .authority: "MDG-1975"
    }
  }

  public func what(_ language: Language) -> String {
    switch self {
    case .issuer(let text):
      said(
        language, ko: "\(text)은(는) 신원 제공자의 발급자 주소가 아닙니다.",
        en: "\(text) is no issuer of an identity provider.")
    case .client: said(language, ko: "클라이언트 이름이 없습니다.", en: "There is no client id.")
    case .secret(let path):
      said(
        language, ko: "\(path)에서 비밀값을 읽을 수 없습니다.", en: "No secret can be read from \(path).")
    case .exposed(let path):
      said(language, ko: "\(path)을(를) 누구나 읽을 수 있습니다.", en: "Everybody may read \(path).")
    case .authority(let path):
      said(
        language, ko: "\(path)에서 인증기관의 인증서를 읽을 수 없습니다.",
        en: "No certificate of an authority can be read from \(path).")
    }
  }

  public func help(_ language: Language) -> String {
    switch self {
    case .issuer:
      said(
        language, ko: "https://HOST[/PATH] 꼴로 쓰십시오. http는 127.0.0.1에서만 씁니다.",
        en: "Write https://HOST[/PATH]; plain http is for 127.0.0.1 alone.")
    case .client:
      said(
        language, ko: "제공자에 등록한 클라이언트 이름을 주십시오.",
        en: "Give the client id that is registered with the provider.")
    case .secret:
      said(language, ko: "비밀값만 든 파일을 주십시오.", en: "Give a file with the secret in it.")
    case .exposed: said(language, ko: "chmod 600으로 막으십시오.", en: "Close it: chmod 600.")
    case .authority: said(language, ko: "PEM 파일을 주십시오.", en: "Give a file of PEM.")
    }
  }
}
