import MadangProgramme

/// An event's openings as the table `opening` keeps them: one line that anybody can read.
///
/// ```
/// [{"class":"party","field":"ask","publicFrom":1735657200,"salt":"…32 hex…","value":{…}},…]
/// ```
/// Values stand as the canonical bytes that were committed to, and are never parsed here.
enum OpeningsText {
  static func bytes(of openings: [Opening]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(openings.count * 128)
    bytes.append(UInt8(ascii: "["))
    for (index, opening) in openings.enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      bytes.append("{\"class\":\"")
      bytes.append(opening.disclosure.word)
      bytes.append("\",\"field\":\"")
      bytes.append(text: opening.field)
      bytes.append(UInt8(ascii: "\""))
      if let instant = opening.publicFrom {
        bytes.append(",\"publicFrom\":")
        bytes.append(decimal: instant.seconds)
      }
      appendSecret(of: opening, to: &bytes)
    }
    bytes.append(UInt8(ascii: "]"))
    return bytes
  }

  /// `,"salt":"…","value":…}`: how an opening ends here and in an export.
  static func appendSecret(of opening: Opening, to bytes: inout [UInt8]) {
    bytes.append(",\"salt\":\"")
    bytes.append(hex: opening.salt.high)
    bytes.append(hex: opening.salt.low)
    bytes.append("\",\"value\":")
    bytes.append(contentsOf: opening.value)
    bytes.append(UInt8(ascii: "}"))
  }

  static func openings(in bytes: [UInt8]) throws(Malformed) -> [Opening] {
    var scanner = Scanner(bytes: bytes)
    var openings: [Opening] = []
    openings.reserveCapacity(4)
    try scanner.expect("[")
    while !scanner.take("]") {
      if !openings.isEmpty { try scanner.expect(",") }
      openings.append(try scanner.opening())
    }
    guard scanner.position == bytes.count else { throw scanner.malformed("the end") }
    return openings
  }

  private struct Scanner {
    let bytes: [UInt8]
    var position = 0

    func malformed(_ expected: String) -> Malformed {
      Malformed(expected: expected, offset: position)
    }

    mutating func take(_ text: StaticString) -> Bool {
      let count = text.utf8CodeUnitCount
      guard bytes.count - position >= count else { return false }
      var index = 0
      while index < count {
        if text.utf8Start[index] != bytes[position + index] { return false }
        index += 1
      }
      position += count
      return true
    }

    mutating func expect(_ text: StaticString) throws(Malformed) {
      guard take(text) else { throw malformed("\(text)") }
    }

    mutating func opening() throws(Malformed) -> Opening {
      try expect("{\"class\":\"")
      guard let disclosure = SealedClass(rawValue: try word()) else { throw malformed("a class") }
      try expect(",\"field\":\"")
      let field = try word()
      var publicFrom: Instant?
      if take(",\"publicFrom\":") { publicFrom = Instant(try integer()) }
      try expect(",\"salt\":\"")
      let salt = Salt(high: try hex(), low: try hex())
      try expect("\",\"value\":")
      let value = try value()
      try expect("}")
      return Opening(
        field: field, disclosure: disclosure, salt: salt, value: value, publicFrom: publicFrom)
    }

    /// Up to and past the next quotation mark; our words have none inside.
    private mutating func word() throws(Malformed) -> String {
      var end = position
      while end < bytes.count, bytes[end] != UInt8(ascii: "\"") { end += 1 }
      guard end < bytes.count else { throw malformed("a word") }
      let word = String(decoding: bytes[position..<end], as: UTF8.self)
      position = end + 1
      return word
    }

    private mutating func integer() throws(Malformed) -> Int64 {
      let start = position
      if take("-") {}
      while position < bytes.count, (48...57).contains(bytes[position]) { position += 1 }
      let text = String(decoding: bytes[start..<position], as: UTF8.self)
      guard let value = Int64(text), value.magnitude <= UInt64(Limits.integerMax) else {
        throw malformed("an integer")
      }
      return value
    }

    private mutating func hex() throws(Malformed) -> UInt64 {
      guard bytes.count - position >= 16, let word = HexDigits.word(bytes, from: position) else {
        throw malformed("a salt")
      }
      position += 16
      return word
    }

    /// One canonical value, passed over: brackets counted outside strings, up to the brace that
    /// ends the opening.
    private mutating func value() throws(Malformed) -> [UInt8] {
      let start = position
      var depth = 0
      var inString = false
      while position < bytes.count {
        let byte = bytes[position]
        if inString {
          if byte == 0x5C { position += 1 } else if byte == 0x22 { inString = false }
        } else if byte == 0x22 {
          inString = true
        } else if byte == 0x7B || byte == 0x5B {
          depth += 1
        } else if byte == 0x7D || byte == 0x5D {
          if depth == 0 { break }
          depth -= 1
        }
        position += 1
      }
      guard position > start, position < bytes.count else { throw malformed("a value") }
      return Array(bytes[start..<position])
    }
  }
}
