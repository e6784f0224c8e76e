/// A value with exactly one spelling in bytes.
///
/// The bytes are JSON as Python's `json.dumps(value, sort_keys=True, separators=(',', ':'),
/// ensure_ascii=False)` writes it: keys ASCII and ascending, integers within ±(2⁵³ − 1), strings
/// composed (NFC), no floating point. Written by hand, never by `Codable`: what is stored is what
/// was hashed, and nothing re-encodes it to check it. `docs/canonical-bytes.md` has the vectors.
public protocol Canonical: Sendable {
  func write(to writer: inout CanonicalWriter)
  init(from reader: inout CanonicalReader) throws(Malformed)
}

/// A canonical value that is an object: its fields, in ascending order of their names.
public protocol Record: Canonical {
  func writeFields(to writer: inout CanonicalWriter)
  init(fieldsFrom reader: inout CanonicalReader) throws(Malformed)
}

extension Record {
  public func write(to writer: inout CanonicalWriter) {
    writer.object { self.writeFields(to: &$0) }
  }

  public init(from reader: inout CanonicalReader) throws(Malformed) {
    try reader.openObject()
    self = try Self(fieldsFrom: &reader)
    try reader.closeObject()
  }
}

/// A closed set of words.
public protocol CanonicalWord: Canonical, RawRepresentable, CaseIterable
where RawValue == String {}

extension CanonicalWord {
  public func write(to writer: inout CanonicalWriter) { writer.text(rawValue) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    guard let word = Self(rawValue: try reader.text()) else {
      throw reader.malformed("word")
    }
    self = word
  }
}

/// Bytes that are not what this version writes: a damaged journal, or a newer one.
public struct Malformed: Error, Hashable, Sendable {
  /// What was expected.
  public let expected: String
  /// Where, in bytes from the start.
  public let offset: Int

  public init(expected: String, offset: Int) {
    self.expected = expected
    self.offset = offset
  }
}

extension Int64: Canonical {
  public func write(to writer: inout CanonicalWriter) { writer.integer(self) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    self = try reader.integer()
  }
}

extension Int32: Canonical {
  public func write(to writer: inout CanonicalWriter) { writer.integer(Int64(self)) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    guard let value = Int32(exactly: try reader.integer()) else {
      throw reader.malformed("32-bit integer")
    }
    self = value
  }
}

extension Bool: Canonical {
  public func write(to writer: inout CanonicalWriter) { writer.boolean(self) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    self = try reader.boolean()
  }
}

extension Digest: Canonical {
  public func write(to writer: inout CanonicalWriter) { writer.hexText(self) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    self = try reader.digest()
  }
}

extension Array: Canonical where Element: Canonical {
  public func write(to writer: inout CanonicalWriter) {
    writer.array { inner in
      for element in self { inner.element(element) }
    }
  }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    self = []
    try reader.openArray()
    while try reader.hasElement() { append(try Element(from: &reader)) }
  }
}

extension Optional: Canonical where Wrapped: Canonical {
  public func write(to writer: inout CanonicalWriter) {
    if let self { self.write(to: &writer) } else { writer.null() }
  }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    self = try reader.isNull() ? nil : Wrapped(from: &reader)
  }
}
