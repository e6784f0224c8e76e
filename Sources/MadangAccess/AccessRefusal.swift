public import MadangProgramme
public import MadangViews

/// What is refused at the door: who somebody is, and how long that holds. MDG-19xx.
///
/// No sentence here holds a password, a session's secret or a token.
public enum AccessRefusal: Refusing, Hashable {
  /// Name or password are wrong, or the account is closed; which, is not said.
  case wrongPassword
  /// Too many wrong passwords for this name or from this address.
  case tooManyTries(waitSeconds: Int)
  /// More people sign in at once than passwords can be checked.
  case busy
  /// No account can have this name.
  case badName(String)
  case nameTaken(String)
  case unknownAccount(String)
  case disabled(String)
  /// Fewer characters than it takes, or a password that is the account's own name.
  case weakPassword(minimum: Int)
  case longPassword(maximum: Int)
  /// A token may have the roles of its account, and no others.
  case roleNotHeld(Role)
  case badLabel(maximum: Int)
  /// A token ends after it begins, and within so many days.
  case badExpiry(maximumDays: Int)
  case tooMany(Counted, limit: Int)
  case unknownToken(Int64)
  /// Issuer or subject are none that a provider can have.
  case badIdentity
  /// It is linked to no account that is open.
  case unknownIdentity(issuer: String, subject: String)
  /// It is linked to this other account already.
  case identityTaken(String)
  /// It is none, was used, or is over.
  case badInvitation
  case badInvitationExpiry(maximumDays: Int)
  /// The access file cannot be read or written now.
  case unavailable(reason: String)

  /// What an account can have too many of.
  public enum Counted: Sendable, Hashable {
    case grants
    case tokens
    case identities
  }

  public var code: String {
    switch self {
    case .wrongPassword: "MDG-1901"
    case .tooManyTries: "MDG-1902"
    case .busy: "MDG-1903"
    case .badName: "MDG-1911"
    case .nameTaken: "MDG-1912"
    case .unknownAccount: "MDG-1913"
    case .disabled: "MDG-1914"
    case .weakPassword: "MDG-1915"
    case .longPassword: "MDG-1916"
    case .roleNotHeld: "MDG-1921"
    case .badLabel: "MDG-1922"
    case .badExpiry: "MDG-1923"
    case .tooMany: "MDG-1924"
    case .unknownToken: "MDG-1925"
    case .badIdentity: "MDG-1961"
    case .unknownIdentity: "MDG-1962"
    case .identityTaken: "MDG-1963"
    case .badInvitation: "MDG-1964"
    case .badInvitationExpiry: "MDG-1965"
    case .unavailable: "MDG-1931"
    }
  }

  public func what(_ language: Language) -> String {
    switch self {
    case .wrongPassword:
      said(language, ko: "이름 또는 비밀번호가 맞지 않습니다.", en: "Name or password are wrong.")
    case .tooManyTries(let seconds):
      said(
        language, ko: "잘못된 시도가 너무 많았습니다. \(seconds)초를 기다려야 합니다.",
        en: "There were too many wrong tries; \(seconds) seconds have to pass.")
    case .busy:
      said(
        language, ko: "지금 로그인하는 사람이 너무 많습니다.", en: "Too many people are signing in just now.")
    case .badName(let name):
      said(
        language, ko: "‘\(name)’은(는) 사용자 이름으로 쓸 수 없습니다.", en: "‘\(name)’ cannot be a user's name.")
    case .nameTaken(let name):
      said(language, ko: "‘\(name)’ 사용자가 이미 있습니다.", en: "There is a user ‘\(name)’ already.")
    case .unknownAccount(let name):
      said(language, ko: "‘\(name)’ 사용자가 없습니다.", en: "There is no user ‘\(name)’.")
    case .disabled(let name):
      said(language, ko: "‘\(name)’ 사용자는 사용이 중지되었습니다.", en: "The user ‘\(name)’ is disabled.")
    case .weakPassword, .longPassword: passwordFault(language)
    case .roleNotHeld, .badLabel, .badExpiry, .tooMany, .unknownToken: tokenFault(language)
    case .badIdentity, .unknownIdentity, .identityTaken, .badInvitation, .badInvitationExpiry:
      identityFault(language)
    case .unavailable(let reason):
      said(
        language, ko: "접근 권한 파일을 지금 쓸 수 없습니다: \(reason).",
        en: "The access file cannot be used now: \(reason).")
    }
  }

  private func passwordFault(_ language: Language) -> String {
    switch self {
    case .longPassword(let maximum):
      said(
        language, ko: "비밀번호가 \(maximum)자보다 깁니다.",
        en: "The password has more than \(maximum) characters.")
    case .weakPassword(let minimum):
      said(
        language, ko: "비밀번호가 \(minimum)자보다 짧거나 사용자 이름과 같습니다.",
        en: "The password has fewer than \(minimum) characters, or is the user's name.")
    default: ""
    }
  }

  private func tokenFault(_ language: Language) -> String {
    switch self {
    case .roleNotHeld(let role):
      said(
        language, ko: "그 사용자에게는 \(role.name(.ko)) 역할이 없습니다.",
        en: "The user does not have the role of \(role.name(.en)).")
    case .badLabel(let maximum):
      said(
        language, ko: "토큰의 이름은 1~\(maximum)자이고 제어 문자가 없어야 합니다.",
        en: "A token's label has 1 to \(maximum) characters, none of control.")
    case .badExpiry(let days):
      said(
        language, ko: "토큰의 만료는 지금보다 뒤이고 \(days)일 안이어야 합니다.",
        en: "A token ends after now and within \(days) days.")
    case .tooMany(.grants, let limit):
      said(
        language, ko: "한 사용자의 역할은 \(limit)개까지입니다.", en: "A user has at most \(limit) roles.")
    case .tooMany(.tokens, let limit):
      said(
        language, ko: "한 사용자의 토큰은 \(limit)개까지입니다.", en: "A user has at most \(limit) tokens.")
    case .tooMany(.identities, let limit):
      said(
        language, ko: "한 사용자의 외부 신원은 \(limit)개까지입니다.",
        en: "A user has at most \(limit) identities.")
    case .unknownToken(let number):
      said(
        language, ko: "그 사용자에게는 \(number)번 토큰이 없습니다.", en: "The user has no token \(number).")
    default: ""
    }
  }

  private func identityFault(_ language: Language) -> String {
    switch self {
    case .badIdentity:
      said(
        language, ko: "발급자나 식별자로 쓸 수 없는 값입니다.", en: "That is no issuer, or no subject of one.")
    case .unknownIdentity(let issuer, let subject):
      said(
        language, ko: "\(issuer)의 ‘\(subject)’은(는) 어느 사용자에게도 연결되어 있지 않습니다.",
        en: "‘\(subject)’ of \(issuer) is linked to no user here.")
    case .identityTaken(let name):
      said(
        language, ko: "그 신원은 이미 ‘\(name)’에게 연결되어 있습니다.",
        en: "That identity is linked to ‘\(name)’ already.")
    case .badInvitation:
      said(
        language, ko: "초대 코드가 맞지 않거나 이미 쓰였거나 만료되었습니다.",
        en: "The invitation is wrong, was used, or is over.")
    case .badInvitationExpiry(let days):
      said(
        language, ko: "초대의 만료는 지금보다 뒤이고 \(days)일 안이어야 합니다.",
        en: "An invitation ends after now and within \(days) days.")
    default: ""
    }
  }

  public func help(_ language: Language) -> String {
    switch self {
    case .wrongPassword:
      said(
        language, ko: "다시 입력하십시오. 잊었다면 사업 담당자에게 재설정을 요청하십시오.",
        en: "Type them again; if they are lost, ask the programme's office for new ones.")
    case .tooManyTries:
      said(language, ko: "기다린 뒤에 다시 시도하십시오.", en: "Wait, then try again.")
    case .busy:
      said(language, ko: "잠시 뒤에 다시 시도하십시오.", en: "Try again in a moment.")
    case .badName:
      said(
        language, ko: "영문 소문자나 숫자로 시작해 . _ - @ + 까지 64자 안에서 정하십시오.",
        en: "Begin with a small letter or digit; then also . _ - @ + and at most 64 characters.")
    case .nameTaken:
      said(language, ko: "다른 이름을 쓰십시오.", en: "Choose another name.")
    case .unknownAccount:
      said(language, ko: "‘madang user list’로 사용자를 보십시오.", en: "See them with `madang user list`.")
    case .disabled:
      said(
        language, ko: "다른 이름으로 새 사용자를 만드십시오.", en: "Add a new user under another name.")
    case .weakPassword:
      said(
        language, ko: "길고 짐작하기 어려운 문장을 쓰십시오.", en: "Take a long sentence that is hard to guess.")
    case .longPassword:
      said(language, ko: "더 짧은 비밀번호를 쓰십시오.", en: "Take a shorter one.")
    case .roleNotHeld, .tooMany(.grants, _):
      said(
        language, ko: "‘madang user grant’로 역할을 바꾸십시오.",
        en: "Change its roles with `madang user grant`.")
    case .badLabel:
      said(language, ko: "짧은 이름을 붙이십시오.", en: "Give it a short label.")
    case .tooMany(.identities, _), .identityTaken:
      said(
        language, ko: "‘madang user unlink’로 먼저 연결을 끊으십시오.",
        en: "Unlink it first: `madang user unlink`.")
    case .badIdentity:
      said(
        language, ko: "신원 제공자가 알려 준 그대로 쓰십시오.", en: "Write both as the provider has them.")
    case .unknownIdentity:
      said(
        language, ko: "이 문장을 사업 담당자에게 전해 연결을 요청하거나 초대 코드를 함께 쓰십시오.",
        en: "Give this sentence to the programme's office to be linked, or use an invitation.")
    case .badInvitation:
      said(
        language, ko: "사업 담당자에게 새 초대를 요청하십시오.",
        en: "Ask the programme's office for a new one.")
    case .badExpiry, .badInvitationExpiry:
      said(language, ko: "더 이른 만료를 정하십시오.", en: "Choose an earlier end.")
    case .tooMany(.tokens, _):
      said(language, ko: "쓰지 않는 토큰을 폐기하십시오.", en: "Revoke tokens that nobody uses.")
    case .unknownToken:
      said(language, ko: "토큰 목록에서 번호를 확인하십시오.", en: "Look its number up in the list of tokens.")
    case .unavailable:
      said(
        language, ko: "디스크와 폴더 권한을 확인한 뒤 다시 시도하십시오.",
        en: "Check the disk and the folder's permissions, then try again.")
    }
  }
}
