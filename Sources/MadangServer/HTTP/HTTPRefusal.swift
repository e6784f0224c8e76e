public import MadangProgramme

/// What is refused before anybody's business is asked about: by HTTP, or when starting to serve it.
public enum HTTPRefusal: Refusing, Hashable {
  case nothingThere
  /// There is something at the address, and another method asks for it.
  case otherMethod(allowed: [String])
  /// The request's body is longer than its address takes.
  case tooLong(bytes: Int)
  /// It does not say how long its body is.
  case lengthMissing
  /// Its body ended early.
  case cutOff
  /// Something went wrong that nobody foresaw; the log has it.
  case failed
  /// Plain HTTP would go over a network.
  case plainBeyondLoopback(ListenAddress)
  case noAddress(String)
  case unusableCertificate(path: String, reason: String)
  case cannotListen(ListenAddress, reason: String)
  /// It cannot be read as what it should be.
  case unreadable
  case notJSON
  case missing(field: String)
  case wrong(field: String)
  /// No operation takes it.
  case extra(field: String)
  /// There is nothing of that name.
  case unknown(field: String, value: String)
  /// Exactly one of these fields has to be given.
  case oneOf([String])
  case badKey
  /// Each field is what it may be, and together they are not: no declaration can say that.
  indirect case together(HTTPRefusal)
  case signInFirst
  /// A token that is wrong, over or revoked.
  case badToken
  case notYours
  /// A form of another site's, or of a session that is over.
  case otherForm
  case notFounded
  /// Too much is being read at this moment.
  case busy
  /// This caller asked for more than one may.
  case tooMuchAsked(waitSeconds: Int)
  /// A real programme goes by the machine's clock.
  case exerciseOnly
  /// Whoever delivers or runs GPUs does not also say that they were accepted.
  case notYoursToAccept

  public var code: String {
    switch self {
    case .nothingThere: "MDG-1801"
    case .tooLong: "MDG-1802"
    case .lengthMissing: "MDG-1803"
    case .cutOff: "MDG-1804"
    case .failed: "MDG-1805"
    case .plainBeyondLoopback: "MDG-1806"
    case .noAddress: "MDG-1807"
    case .unusableCertificate: "MDG-1808"
    case .cannotListen: "MDG-1809"
    case .unreadable: "MDG-1820"
    case .notJSON: "MDG-1821"
    case .missing: "MDG-1822"
    case .wrong: "MDG-1823"
    case .extra: "MDG-1824"
    case .unknown: "MDG-1825"
    case .oneOf: "MDG-1826"
    case .badKey: "MDG-1827"
    case .together(let refusal): refusal.code
    case .signInFirst: "MDG-1828"
    case .badToken: "MDG-1832"
    case .notYours: "MDG-1829"
    case .otherForm: "MDG-1830"
    case .notFounded: "MDG-1831"
    case .exerciseOnly: "MDG-1833"
    case .busy: "MDG-1834"
    case .otherMethod: "MDG-1835"
    case .tooMuchAsked: "MDG-1836"
    case .notYoursToAccept: "MDG-1837"
    }
  }

  public func what(_ language: Language) -> String {
    switch self {
    case .nothingThere:
      said(language, ko: "이 주소에는 아무것도 없습니다.", en: "There is nothing at this address.")
    case .tooLong(let bytes):
      said(
        language, ko: "본문은 \(bytes)바이트까지 받습니다.",
        en: "A body of at most \(bytes) bytes is taken here.")
    case .lengthMissing:
      said(language, ko: "본문의 길이가 없습니다.", en: "The length of the body is not given.")
    case .cutOff: said(language, ko: "본문이 끊겼습니다.", en: "The body was cut off.")
    case .failed:
      said(language, ko: "서버에서 예상하지 못한 일이 생겼습니다.", en: "The server failed unexpectedly.")
    case .plainBeyondLoopback(let address):
      said(
        language, ko: "\(address)에서는 암호화하지 않은 HTTP를 제공하지 않습니다.",
        en: "Plain HTTP is served on loopback only, not at \(address).")
    case .noAddress(let text):
      said(
        language, ko: "\(text)은(는) HOST:PORT 꼴의 주소가 아닙니다.",
        en: "\(text) is not an address of the form HOST:PORT.")
    case .unusableCertificate(let path, let reason):
      said(
        language, ko: "\(path)을(를) 인증서로 쓸 수 없습니다: \(reason).",
        en: "\(path) cannot be used for TLS: \(reason).")
    case .cannotListen(let address, let reason):
      said(
        language, ko: "\(address)에서 받을 수 없습니다: \(reason).",
        en: "Nothing can be served at \(address): \(reason).")
    default: whatOfRequest(language)
    }
  }

  /// Whether it is about fields: refused by a rule over several, where each was let through.
  var isOfFields: Bool {
    switch self {
    case .missing, .wrong, .oneOf: true
    default: false
    }
  }

  /// Of those that are about one request.
  private func whatOfRequest(_ language: Language) -> String {
    func say(ko: String, en: String) -> String { said(language, ko: ko, en: en) }
    return switch self {
    case .together(let refusal): refusal.what(language)
    case .notJSON: say(ko: "여기서는 JSON만 받습니다.", en: "Only JSON is taken here.")
    case .missing(let field): say(ko: "‘\(field)’이(가) 없습니다.", en: "‘\(field)’ is missing.")
    case .wrong(let field):
      say(ko: "‘\(field)’의 값을 쓸 수 없습니다.", en: "The value of ‘\(field)’ cannot be used.")
    case .extra(let field):
      say(ko: "‘\(field)’은(는) 받지 않는 항목입니다.", en: "‘\(field)’ is not taken here.")
    case .unknown(let field, let value):
      say(
        ko: "‘\(field)’: ‘\(value)’이(가) 없습니다.", en: "‘\(field)’: there is no ‘\(value)’.")
    case .oneOf(let fields):
      say(
        ko: "\(fields.joined(separator: ", ")) 가운데 꼭 하나를 주십시오.",
        en: "Exactly one of \(fields.joined(separator: ", ")) has to be given.")
    case .badKey:
      say(
        ko: "Idempotency-Key는 보이는 ASCII 48자까지입니다.",
        en: "An Idempotency-Key is at most 48 visible ASCII characters.")
    case .signInFirst: say(ko: "로그인해야 합니다.", en: "You have to sign in first.")
    case .badToken:
      say(
        ko: "토큰이 틀렸거나, 기한이 지났거나, 폐기되었습니다.",
        en: "The token is wrong, over or revoked.")
    case .notYours:
      say(ko: "이 계정의 역할로는 할 수 없습니다.", en: "The roles of this account may not do this.")
    case .notYoursToAccept:
      say(
        ko: "검수완료는 운영사업자가 아니라 소유기관을 대신해 사업 담당자가 기록합니다.",
        en: "That GPUs were accepted is for the office to say on their owner's behalf, not for "
          + "whoever runs them.")
    case .otherForm:
      say(
        ko: "이 양식은 지금의 로그인에서 나온 것이 아닙니다.",
        en: "This form is not of the session that you are signed in with.")
    case .exerciseOnly:
      say(ko: "연습 사업에서만 할 수 있습니다.", en: "This is for exercises only.")
    case .busy: say(ko: "지금은 요청이 너무 많습니다.", en: "Too much is coming in at this moment.")
    case .otherMethod(let allowed):
      say(
        ko: "이 주소에서는 \(allowed.joined(separator: ", "))만 됩니다.",
        en: "What this address takes is \(allowed.joined(separator: ", ")).")
    case .tooMuchAsked(let seconds):
      say(
        ko: "한 사람이 쓸 수 있는 만큼을 넘었습니다. \(seconds)초를 기다려야 합니다.",
        en: "That is more than one caller may ask for; \(seconds) seconds have to pass.")
    case .notFounded: say(ko: "아직 사업이 없습니다.", en: "There is no programme yet.")
    default: say(ko: "요청을 읽을 수 없습니다.", en: "The request cannot be read.")
    }
  }

  public func help(_ language: Language) -> String {
    switch self {
    case .together(let refusal): refusal.help(language)
    case .nothingThere: said(language, ko: "주소를 확인하십시오.", en: "Check the address.")
    case .otherMethod:
      said(
        language, ko: "/openapi.json에서 방법을 확인하십시오.",
        en: "Look the method up in /openapi.json.")
    case .tooLong, .lengthMissing, .cutOff:
      said(
        language, ko: "Content-Length와 함께 나누어 보내십시오.",
        en: "Send less at once, with its Content-Length.")
    case .failed: said(language, ko: "다시 보내십시오.", en: "Send it again.")
    case .plainBeyondLoopback:
      said(
        language, ko: "인증서와 키를 주거나 127.0.0.1에서 받으십시오.",
        en: "Give a certificate and its key, or listen at 127.0.0.1.")
    case .noAddress:
      said(language, ko: "예: 127.0.0.1:8443.", en: "For example 127.0.0.1:8443.")
    case .unusableCertificate:
      said(
        language, ko: "PEM으로 된 인증서와 그 키를 주십시오.",
        en: "Give a certificate and its key, both in PEM.")
    case .cannotListen:
      said(language, ko: "다른 주소를 쓰십시오.", en: "Choose another address.")
    case .unreadable, .notJSON, .missing, .wrong, .extra, .unknown, .oneOf, .badKey:
      said(
        language, ko: "/openapi.json에 무엇을 어떻게 보내는지 적혀 있습니다.",
        en: "What to send, and how, stands in /openapi.json.")
    case .badToken:
      said(
        language, ko: "다시 로그인하여 새 토큰을 받으십시오: madang login.",
        en: "Sign in again for a new one: madang login.")
    case .signInFirst:
      said(
        language, ko: "로그인하거나 토큰을 보내십시오(Authorization: Bearer).",
        en: "Sign in, or send a token (Authorization: Bearer).")
    case .notYoursToAccept:
      said(
        language, ko: "납품이나 가동으로 기록하고 검수를 요청하십시오.",
        en: "Record it as delivered or in service, and ask the office to accept it.")
    case .notYours:
      said(language, ko: "역할이 있는 사람에게 부탁하십시오.", en: "Ask somebody who has the role.")
    case .otherForm:
      said(language, ko: "다시 보고 보내십시오.", en: "Look at it again, and send it again.")
    case .busy: said(language, ko: "잠시 뒤 다시 보내십시오.", en: "Send it again in a while.")
    case .tooMuchAsked:
      said(
        language, ko: "기다렸다가 더 천천히 보내십시오. 이미 한 일은 그대로입니다.",
        en: "Wait, then send less at a time. What was done before is done.")
    case .exerciseOnly:
      said(language, ko: "시계가 가기를 기다리십시오.", en: "Wait for the clock.")
    case .notFounded:
      said(
        language, ko: "‘madang programme load 폴더’로 시작하십시오.",
        en: "Start with `madang programme load DIR`.")
    }
  }
}

/// One sentence in each language.
func said(_ language: Language, ko: String, en: String) -> String {
  switch language {
  case .ko: ko
  case .en: en
  }
}
