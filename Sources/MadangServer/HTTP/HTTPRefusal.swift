public import MadangProgramme

/// What is refused before anybody's business is asked about: by HTTP, or when starting to serve it.
public enum HTTPRefusal: Refusing, Hashable {
  case nothingThere
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
    }
  }

  public func help(_ language: Language) -> String {
    switch self {
    case .nothingThere:
      said(language, ko: "주소와 방법을 확인하십시오.", en: "Check the address and the method.")
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
