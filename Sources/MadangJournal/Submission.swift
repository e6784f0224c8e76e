public import MadangProgramme

/// A command on its way to the journal.
public struct Request: Sendable {
  public let envelope: Envelope
  /// With a key the same request may be sent any number of times: it is done once.
  public let key: RequestKey?

  public init(_ envelope: Envelope, key: RequestKey? = nil) {
    self.envelope = envelope
    self.key = key
  }
}

/// What a client calls its request, and the digest of what it sent under that name. Keys of two
/// people never meet; each is kept for ``Journal/requestDays`` days.
public struct RequestKey: Hashable, Sendable {
  public let name: String
  /// Of the request as it was sent: the same key with another digest is refused.
  public let digest: Digest

  /// 1 to 64 visible ASCII characters, or nothing.
  public init?(_ name: String, digest: Digest) {
    guard (1...64).contains(name.utf8.count), name.utf8.allSatisfy({ (0x21...0x7E).contains($0) })
    else { return nil }
    self.name = name
    self.digest = digest
  }
}

/// What became of a request.
public enum Reply: Sendable {
  case accepted(Receipt)
  case refused(SubmissionRefusal)
}

/// The events that a request became. They are durable when it is given.
public struct Receipt: Sendable {
  /// The numbers of the events; empty where the command had nothing to change.
  public let numbers: Range<Int64>
  public let events: [Event]
  /// The same request was done before, and this is what it became then.
  public let replayed: Bool
}

/// Why a request was not done. Nothing changed.
public enum SubmissionRefusal: Refusing, Hashable {
  /// The programme's rules.
  case programme(Refusal)
  /// The key was used for another request.
  case keyReused(name: String)
  /// A charter that asks for a hash or signature that there is not.
  case unknownAlgorithm(name: String)
  /// The request at this place in an all-or-nothing batch was refused, so this one was not done.
  case anotherRefused(place: Int)

  public var code: String {
    switch self {
    case .programme(let refusal): refusal.code
    case .keyReused: "MDG-2001"
    case .unknownAlgorithm: "MDG-2002"
    case .anotherRefused: "MDG-2003"
    }
  }

  public func what(_ language: Language) -> String {
    switch self {
    case .programme(let refusal): refusal.what(language)
    case .keyReused(let name):
      said(
        language, ko: "요청 키 ‘\(name)’은(는) 다른 내용에 이미 쓰였습니다.",
        en: "The request key ‘\(name)’ was used for another request.")
    case .unknownAlgorithm(let name):
      said(
        language, ko: "‘\(name)’ 알고리즘을 모릅니다.", en: "There is no algorithm ‘\(name)’.")
    case .anotherRefused(let place):
      said(
        language, ko: "함께 보낸 \(place + 1)번째 명령이 거부되어 이 명령도 하지 않았습니다.",
        en: "Not done, because command \(place + 1) of the same batch was refused.")
    }
  }

  public func help(_ language: Language) -> String {
    switch self {
    case .programme(let refusal): refusal.help(language)
    case .keyReused:
      said(language, ko: "새 키로 보내십시오.", en: "Send it with a new key.")
    case .unknownAlgorithm:
      said(
        language, ko: "sha256과, ed25519 또는 ecdsa-p256-sha256을 쓰십시오.",
        en: "Use sha256, and ed25519 or ecdsa-p256-sha256.")
    case .anotherRefused:
      said(language, ko: "그 명령을 고쳐 다시 보내십시오.", en: "Correct that one and send all again.")
    }
  }
}
