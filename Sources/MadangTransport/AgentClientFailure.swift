public import MadangProgramme

/// Why an agent cannot enrol, or cannot begin.
public enum AgentClientFailure: Refusing, Hashable {
  case noOffice(String)
  /// Whom to trust cannot be read.
  case noAuthority(path: String)
  /// Others than its owner may read the key.
  case exposedKey(path: String)
  case unusable(path: String, reason: String)
  case notEnrolled(folder: String)
  case enrolledAlready(folder: String)
  case unheard(reason: String)
  /// The office's own words, in the language that was asked for.
  case refused(code: String, what: String, help: String)

  public var code: String {
    switch self {
    case .noOffice: "MDG-1811"
    case .noAuthority: "MDG-1812"
    case .exposedKey: "MDG-1813"
    case .unusable: "MDG-1814"
    case .notEnrolled: "MDG-1815"
    case .unheard: "MDG-1816"
    case .enrolledAlready: "MDG-1817"
    case .refused(let code, _, _): code
    }
  }

  public func what(_ language: Language) -> String {
    let isKorean = language == .ko
    return switch self {
    case .noOffice(let text):
      isKorean
        ? "\(text)은(는) 서버의 주소가 아닙니다." : "\(text) is no address of an office's server."
    case .noAuthority(let path):
      isKorean
        ? "\(path)에서 인증기관의 인증서를 읽을 수 없습니다."
        : "No certificate of an authority can be read from \(path)."
    case .exposedKey(let path):
      isKorean ? "\(path)을(를) 다른 사용자도 읽을 수 있습니다." : "Others may read \(path)."
    case .unusable(let path, let reason): "\(path): \(reason)"
    case .notEnrolled(let folder):
      isKorean ? "\(folder)에 등록된 에이전트가 없습니다." : "No agent is enrolled in \(folder)."
    case .enrolledAlready(let folder):
      isKorean ? "\(folder)에는 이미 등록된 에이전트가 있습니다." : "An agent is enrolled in \(folder) already."
    case .unheard(let reason):
      isKorean ? "서버에 연결되지 않았습니다: \(reason)." : "The office was not reached: \(reason)."
    case .refused(_, let what, _): what
    }
  }

  public func help(_ language: Language) -> String {
    let isKorean = language == .ko
    return switch self {
    case .noOffice:
      isKorean
        ? "https://HOST[:PORT] 꼴로 쓰십시오. http는 127.0.0.1에서만 씁니다."
        : "Write https://HOST[:PORT]; plain http is for 127.0.0.1 alone."
    case .noAuthority: isKorean ? "PEM 파일을 주십시오." : "Give a file of PEM."
    case .exposedKey:
      isKorean
        ? "키를 버리고 새로 등록하십시오." : "Have the key revoked, remove it, and enrol anew."
    case .unusable:
      isKorean
        ? "폴더와 그 권한을 확인하십시오." : "Check the folder and who may write there."
    case .notEnrolled: isKorean ? "먼저 등록하십시오: madang agent enrol." : "Enrol: madang agent enrol."
    case .enrolledAlready:
      isKorean ? "새 에이전트에는 다른 폴더를 쓰십시오." : "Take another folder for a new agent."
    case .unheard:
      isKorean
        ? "주소, 방화벽과 인증서를 확인하십시오." : "Check the address, the firewall and the certificate."
    case .refused(_, _, let help): help
    }
  }
}
