/// Reads canonical bytes and nothing else: a space, a key out of order or a leading zero is
/// `Malformed`. One pass, no tree.
public struct CanonicalReader {
  private let bytes: [UInt8]
  private let openings: [Opening]
  private var position = 0
  private var first = true

  public init(_ bytes: [UInt8], openings: [Opening] = []) {
    self.bytes = bytes
    self.openings = openings
  }

  /// Reads one value that is all of `bytes`.
  public static func value<Value: Canonical>(
    _ type: Value.Type = Value.self, from bytes: [UInt8]
  ) throws(Malformed) -> Value {
    var reader = CanonicalReader(bytes)
    let value = try Value(from: &reader)
    try reader.end()
    return value
  }

  public func malformed(_ expected: String) -> Malformed {
    Malformed(expected: expected, offset: position)
  }

  public mutating func field<Value: Canonical>(_ key: StaticString) throws(Malformed) -> Value {
    try readKey(key)
    let value = try Value(from: &self)
    first = false
    return value
  }

  /// A field that may have been erased since: then nothing is in it, and its commitment stays.
  public mutating func sealed<Value: Canonical>(
    _ key: StaticString, _ disclosure: SealedClass
  ) throws(Malformed) -> Sealed<Value> {
    try readKey(key)
    try openObject()
    try readKey("class")
    try expect(UInt8(ascii: "\""))
    for byte in disclosure.rawValue.utf8 { try expect(byte) }
    try expect(UInt8(ascii: "\""))
    return try committed(key)
  }

  /// Who gave a command, with the class that it stands under: which one it should be is known first
  /// behind the body.
  mutating func principal() throws(Malformed) -> (Sealed<PersonID>, SealedClass) {
    try readKey("by")
    try openObject()
    try readKey("class")
    let disclosure = try SealedClass(from: &self)
    return (try committed("by"), disclosure)
  }

  private mutating func committed<Value: Canonical>(
    _ key: StaticString
  ) throws(Malformed) -> Sealed<Value> {
    first = false
    try readKey("commitment")
    _ = try digest()
    first = false
    if peek(UInt8(ascii: ",")) { let _: Instant = try field("publicFrom") }
    try closeObject()
    first = false
    // By index: an opening holds references, which a loop over values would count.
    for index in openings.indices where key.matches(openings[index].field) {
      return Sealed(try CanonicalReader.value(Value.self, from: openings[index].value))
    }
    return .erased
  }

  public mutating func openObject() throws(Malformed) {
    try expect(UInt8(ascii: "{"))
    first = true
  }

  public mutating func closeObject() throws(Malformed) {
    try expect(UInt8(ascii: "}"))
    first = false
  }

  mutating func openArray() throws(Malformed) {
    try expect(UInt8(ascii: "["))
    first = true
  }

  /// Moves to the next element, or past the array's end.
  mutating func hasElement() throws(Malformed) -> Bool {
    if peek(UInt8(ascii: "]")) {
      position += 1
      first = false
      return false
    }
    if !first { try expect(UInt8(ascii: ",")) }
    first = false
    return true
  }

  mutating func isNull() throws(Malformed) -> Bool {
    guard peek(UInt8(ascii: "n")) else { return false }
    for byte in "null".utf8 { try expect(byte) }
    return true
  }

  public mutating func boolean() throws(Malformed) -> Bool {
    let value = peek(UInt8(ascii: "t"))
    for byte in (value ? "true" : "false").utf8 { try expect(byte) }
    return value
  }

  public mutating func integer() throws(Malformed) -> Int64 {
    let negative = peek(UInt8(ascii: "-"))
    if negative { position += 1 }
    let start = position
    var value: Int64 = 0
    while position < bytes.count, bytes[position] >= 48, bytes[position] <= 57 {
      guard position - start < 16 else { throw malformed("integer within 2^53 - 1") }
      value = value * 10 + Int64(bytes[position] - 48)
      position += 1
    }
    let digits = position - start
    guard digits > 0, digits == 1 || bytes[start] != 48, value <= Limits.integerMax,
      !(negative && value == 0)
    else { throw malformed("integer") }
    return negative ? -value : value
  }

  public mutating func text() throws(Malformed) -> String {
    try expect(UInt8(ascii: "\""))
    let start = position
    passPlain()
    var content = bytes[start..<position]
    while position < bytes.count, bytes[position] == 0x5C {
      content.append(try escaped())
      let run = position
      passPlain()
      content.append(contentsOf: bytes[run..<position])
    }
    try expect(UInt8(ascii: "\""))
    guard let text = String(validating: content, as: UTF8.self) else {
      throw malformed("UTF-8")
    }
    return text
  }

  /// 64 lowercase hexadecimal digits, the one spelling of a digest.
  mutating func digest() throws(Malformed) -> Digest {
    try expect(UInt8(ascii: "\""))
    let digest = Digest(try hexWord(), try hexWord(), try hexWord(), try hexWord())
    try expect(UInt8(ascii: "\""))
    return digest
  }

  private mutating func hexWord() throws(Malformed) -> UInt64 {
    guard bytes.count - position >= 16, let word = HexDigits.word(bytes, from: position) else {
      throw malformed("digest")
    }
    position += 16
    return word
  }

  /// Passes over the field "body" and answers where its value starts.
  ///
  /// Canonical bytes have no spaces, so counting braces outside strings is enough.
  mutating func skipBody() throws(Malformed) -> Int {
    try readKey("body")
    let start = position
    var depth = 0
    var inString = false
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      if inString {
        if byte == 0x5C { position += 1 } else if byte == 0x22 { inString = false }
        continue
      }
      switch byte {
      case 0x22: inString = true
      case 0x7B, 0x5B: depth += 1
      case 0x7D, 0x5D: depth -= 1
      default: break
      }
      if depth == 0 { break }
    }
    guard depth == 0, position < bytes.count else { throw malformed("body") }
    first = false
    return start
  }

  /// Reads the object that starts at `start` with `fields`.
  mutating func body<Value>(
    at start: Int, _ fields: (inout CanonicalReader) throws(Malformed) -> Value
  ) throws(Malformed) -> Value {
    position = start
    try openObject()
    let value = try fields(&self)
    try closeObject()
    return value
  }

  public func end() throws(Malformed) {
    guard position == bytes.count else { throw malformed("end") }
  }

  /// Passes over what stands in a string as itself: all but `"`, `\` and controls.
  private mutating func passPlain() {
    while position < bytes.count, bytes[position] >= 0x20, bytes[position] != 0x22,
      bytes[position] != 0x5C
    {
      position += 1
    }
  }

  private mutating func escaped() throws(Malformed) -> UInt8 {
    position += 1
    guard position < bytes.count else { throw malformed("escape") }
    position += 1
    switch bytes[position - 1] {
    case UInt8(ascii: "\""): return 0x22
    case UInt8(ascii: "\\"): return 0x5C
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "u"):
      try expect(48)
      try expect(48)
      // Only controls without a short escape, in small digits: one spelling each.
      guard position + 2 <= bytes.count, bytes[position] == 48 || bytes[position] == 49,
        let low = CanonicalReader.digit(bytes[position + 1])
      else { throw malformed("escape") }
      let value = (bytes[position] - 48) << 4 | low
      guard ![0x08, 0x09, 0x0A, 0x0C, 0x0D].contains(value) else { throw malformed("escape") }
      position += 2
      return value
    default: throw malformed("escape")
    }
  }

  private static func digit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 48...57: byte - 48
    case 97...102: byte - 87
    default: nil
    }
  }

  private mutating func readKey(_ key: StaticString) throws(Malformed) {
    if !first { try expect(UInt8(ascii: ",")) }
    try expect(UInt8(ascii: "\""))
    let start = position
    let length = key.utf8CodeUnitCount
    guard start + length < bytes.count else { throw malformed("\(key)") }
    let same = key.withUTF8Buffer { name in
      var index = 0
      while index < length {
        if unsafe name[index] != bytes[start + index] { return false }
        index += 1
      }
      return true
    }
    guard same else { throw malformed("\(key)") }
    position += length
    try expect(UInt8(ascii: "\""))
    try expect(UInt8(ascii: ":"))
    first = true
  }

  private func peek(_ byte: UInt8) -> Bool { position < bytes.count && bytes[position] == byte }

  private mutating func expect(_ byte: UInt8) throws(Malformed) {
    guard peek(byte) else {
      throw malformed(String(UnicodeScalar(byte)))
    }
    position += 1
  }
}

extension StaticString {
  fileprivate func matches(_ text: String) -> Bool {
    var text = text
    return withUTF8Buffer { mine in
      text.withUTF8 { other in
        unsafe mine.count == other.count && mine.elementsEqual(other)
      }
    }
  }
}
