/// Writes canonical bytes, and for each field that is not public its commitment.
///
/// ```
///   field("gpus", 8)                        "gpus":8
///   sealed("score", .party, 87)             "score":{"class":"party","commitment":"…64 hex…"}
/// ```
public struct CanonicalWriter {
  public private(set) var bytes: [UInt8] = []
  /// The openings of the sealed fields so far, in order.
  public private(set) var openings: [Opening] = []

  /// Whether the next field or element of the innermost object or array is its first.
  private var first = true
  private var lastKey: StaticString = ""
  private let seal: ((_ value: [UInt8]) -> Seal)?

  /// A writer of values that hold nothing sealed.
  public init() {
    seal = nil
    bytes.reserveCapacity(256)
  }

  /// A writer of leaves. `seal` draws a salt and commits to a value's canonical bytes; the shell
  /// owns both the randomness and the hash.
  public init(seal: @escaping (_ value: [UInt8]) -> Seal) {
    self.seal = seal
    bytes.reserveCapacity(512)
  }

  /// The canonical bytes of a value that holds nothing sealed.
  public static func bytes(of value: some Canonical) -> [UInt8] {
    var writer = CanonicalWriter()
    value.write(to: &writer)
    return writer.bytes
  }

  /// Writes a value that holds nothing sealed in the place of all before it: many are written, one
  /// after the other, in the same room.
  public mutating func rewrite(_ value: some Canonical) {
    bytes.removeAll(keepingCapacity: true)
    first = true
    value.write(to: &self)
  }

  /// A field that everybody may read.
  public mutating func field(_ key: StaticString, _ value: some Canonical) {
    writeKey(key)
    value.write(to: &self)
    first = false
  }

  /// A field that not everybody may read: only its commitment is written. `publicFrom` lifts the
  /// class on that moment (embargo).
  public mutating func sealed<Value: Canonical>(
    _ key: StaticString, _ disclosure: SealedClass, _ value: Sealed<Value>,
    publicFrom: Instant? = nil
  ) {
    guard let seal, let value = value.value else {
      preconditionFailure("a sealed field is written once, open, by a writer that can seal")
    }
    let plain = CanonicalWriter.bytes(of: value)
    let sealed = seal(plain)
    openings.append(
      Opening(
        field: key.description, disclosure: disclosure, salt: sealed.salt, value: plain,
        publicFrom: publicFrom))
    writeKey(key)
    bytes.append("{\"class\":\"")
    bytes.append(disclosure.word)
    bytes.append("\",\"commitment\":")
    hexText(sealed.commitment)
    if let publicFrom {
      bytes.append(",\"publicFrom\":")
      publicFrom.write(to: &self)
    }
    bytes.append(UInt8(ascii: "}"))
    first = false
  }

  public mutating func element(_ value: some Canonical) {
    comma()
    value.write(to: &self)
    first = false
  }

  public mutating func object(_ body: (inout CanonicalWriter) -> Void) {
    bytes.append(UInt8(ascii: "{"))
    let outer = lastKey
    first = true
    lastKey = ""
    body(&self)
    lastKey = outer
    bytes.append(UInt8(ascii: "}"))
  }

  mutating func array(_ body: (inout CanonicalWriter) -> Void) {
    bytes.append(UInt8(ascii: "["))
    first = true
    body(&self)
    bytes.append(UInt8(ascii: "]"))
  }

  public mutating func integer(_ value: Int64) {
    precondition(abs(value) <= Limits.integerMax, "integer beyond 2^53 - 1")
    bytes.append(decimal: value)
  }

  public mutating func boolean(_ value: Bool) {
    if value { bytes.append("true") } else { bytes.append("false") }
  }

  mutating func null() { bytes.append("null") }

  /// A string: only what JSON must escape is escaped.
  public mutating func text(_ value: String) {
    var value = value
    bytes.append(UInt8(ascii: "\""))
    value.withUTF8 { text in
      if unsafe [UInt8].isPlain(text) {
        unsafe bytes.append(contentsOf: text)
      } else {
        for index in 0..<text.count { escaped(unsafe text[index]) }
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func escaped(_ byte: UInt8) {
    switch byte {
    case 0x22: bytes.append("\\\"")
    case 0x5C: bytes.append("\\\\")
    case 0x08: bytes.append("\\b")
    case 0x09: bytes.append("\\t")
    case 0x0A: bytes.append("\\n")
    case 0x0C: bytes.append("\\f")
    case 0x0D: bytes.append("\\r")
    case 0..<0x20:
      bytes.append("\\u00")
      bytes.append(CanonicalWriter.hexDigits[Int(byte >> 4)])
      bytes.append(CanonicalWriter.hexDigits[Int(byte & 15)])
    default: bytes.append(byte)
    }
  }

  /// Hexadecimal digits as a string: what `text` would write of them, without making one.
  mutating func hexText(_ high: UInt64, _ low: UInt64) {
    bytes.append(UInt8(ascii: "\""))
    bytes.append(hex: high)
    bytes.append(hex: low)
    bytes.append(UInt8(ascii: "\""))
  }

  mutating func hexText(_ digest: Digest) {
    bytes.append(UInt8(ascii: "\""))
    bytes.append(hex: digest)
    bytes.append(UInt8(ascii: "\""))
  }

  private static let hexDigits = Array("0123456789abcdef".utf8)

  private mutating func comma() {
    if !first { bytes.append(UInt8(ascii: ",")) }
  }

  private mutating func writeKey(_ key: StaticString) {
    assert("\(lastKey)".utf8.lexicographicallyPrecedes("\(key)".utf8), "keys ascend: \(key)")
    lastKey = key
    let isFirst = first
    key.withUTF8Buffer { name in
      bytes.append(addingCapacity: name.count + 4) { out in
        if !isFirst { out.append(UInt8(ascii: ",")) }
        out.append(UInt8(ascii: "\""))
        for index in 0..<name.count { out.append(unsafe name[index]) }
        out.append(UInt8(ascii: "\""))
        out.append(UInt8(ascii: ":"))
      }
    }
  }

  /// An event's body: an object whose fields may be sealed.
  mutating func body(_ fields: (inout CanonicalWriter) -> Void) {
    writeKey("body")
    object(fields)
    first = false
  }
}
