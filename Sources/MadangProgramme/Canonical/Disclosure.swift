/// Who may read a field that is not public. A class may be lifted on a date, never lowered.
public enum SealedClass: String, CanonicalWord, Hashable, Comparable {
  /// The one concerned (an applicant, say), the office and the auditor.
  case party
  /// The office and the auditor.
  case office
  /// The auditor alone.
  case sealed

  /// The word as it stands in leaves and openings: `rawValue`, without making a string.
  package var word: StaticString {
    switch self {
    case .party: "party"
    case .office: "office"
    case .sealed: "sealed"
    }
  }

  private var rank: Int {
    switch self {
    case .party: 0
    case .office: 1
    case .sealed: 2
    }
  }
  public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
}

/// The value of a field that is not public: there, or erased with the record it belonged to.
/// Replay must reach the same decisions either way, so no rule reads an erased value.
public struct Sealed<Value: Canonical & Hashable>: Hashable, Sendable {
  public let value: Value?

  public init(_ value: Value) { self.value = value }
  private init() { value = nil }

  public static var erased: Sealed { Sealed() }
}

/// 128 random bits that make a commitment unguessable; kept with the record, erased with it.
public struct Salt: Hashable, Sendable {
  public let high: UInt64
  public let low: UInt64

  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Big-endian, 16 bytes.
  public var bytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(16)
    for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(high >> shift & 255)) }
    for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(low >> shift & 255)) }
    return bytes
  }
}

/// What the shell answers when asked to commit to a value.
public struct Seal: Sendable {
  public let salt: Salt
  public let commitment: Digest

  public init(salt: Salt, commitment: Digest) {
    self.salt = salt
    self.commitment = commitment
  }
}

/// What opens one commitment: shown to whoever is entitled, one field at a time.
public struct Opening: Hashable, Sendable {
  /// The field's name in the event's body; `by` is the principal, beside the body.
  public let field: String
  public let disclosure: SealedClass
  public let salt: Salt
  /// The canonical bytes that were committed to.
  public let value: [UInt8]
  /// From when the class is lifted to public.
  public let publicFrom: Instant?

  public init(
    field: String, disclosure: SealedClass, salt: Salt, value: [UInt8], publicFrom: Instant?
  ) {
    self.field = field
    self.disclosure = disclosure
    self.salt = salt
    self.value = value
    self.publicFrom = publicFrom
  }
}
