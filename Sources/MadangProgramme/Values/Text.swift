/// Words for people: composed (NFC) Unicode without control characters and without the marks that
/// turn the reading direction, which could make a line read as something it is not.
///
/// The edge composes what it reads before it comes here; the core stores what it was given.
public struct Text: Hashable, Sendable {
  public let value: String

  /// Why a text was not taken.
  public enum Fault: Error, Hashable {
    case empty
    case tooLong(scalars: Int, limit: Int)
    /// A control character, a line or paragraph separator, or a direction override.
    case forbiddenScalar(UInt32)
  }

  public init(_ value: String, limit: Int = Limits.textScalarsMax) throws(Fault) {
    var scalars = 0
    for scalar in value.unicodeScalars {
      scalars += 1
      if Text.isForbidden(scalar.value) { throw .forbiddenScalar(scalar.value) }
    }
    if scalars == 0 { throw .empty }
    if scalars > limit { throw .tooLong(scalars: scalars, limit: limit) }
    self.value = value
  }

  /// For text that a rule above already let through, and for identifiers of our own.
  init(assumingValid value: String) { self.value = value }

  /// C0, DEL and C1 controls; line and paragraph separator; embeddings, overrides and isolates.
  private static func isForbidden(_ scalar: UInt32) -> Bool {
    switch scalar {
    case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }
}

extension Text: Canonical {
  public func write(to writer: inout CanonicalWriter) { writer.text(value) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    self.init(assumingValid: try reader.text())
  }
}

/// The two languages of every screen, equal.
public enum Language: String, Sendable, CaseIterable {
  case ko
  case en
}

/// One text in both languages.
public struct Bilingual: Hashable, Sendable {
  public let ko: Text
  public let en: Text

  public init(ko: Text, en: Text) {
    self.ko = ko
    self.en = en
  }

  public subscript(language: Language) -> String {
    switch language {
    case .ko: ko.value
    case .en: en.value
    }
  }
}

extension Bilingual: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("en", en)
    writer.field("ko", ko)
  }
  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    en = try reader.field("en")
    ko = try reader.field("ko")
  }
}

/// The short ASCII name by which files refer to a thing: `kakao-b200`. A label, not a key: the
/// journal refers by identifier.
public struct Slug: Hashable, Comparable, Sendable {
  public let value: String

  /// `[a-z0-9]` and single inner hyphens, at most 40 characters.
  public init?(_ value: String) {
    let bytes = Array(value.utf8)
    guard (1...40).contains(bytes.count), bytes.first != 45, bytes.last != 45 else { return nil }
    for byte in bytes {
      guard (97...122).contains(byte) || (48...57).contains(byte) || byte == 45 else { return nil }
    }
    for (a, b) in zip(bytes, bytes.dropFirst()) where a == 45 && b == 45 { return nil }
    self.value = value
  }

  public static func < (a: Self, b: Self) -> Bool { a.value < b.value }
}

extension Slug: CustomStringConvertible {
  public var description: String { value }
}

extension Slug: Canonical {
  public func write(to writer: inout CanonicalWriter) { writer.text(value) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    guard let slug = Slug(try reader.text()) else { throw reader.malformed("slug") }
    self = slug
  }
}
