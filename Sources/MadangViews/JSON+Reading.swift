/// JSON as it comes: the other way round from ``JSON/compact``.
extension JSON {
  /// Reads a text of JSON (RFC 8259) with whole numbers, keys in the order in which they stand.
  ///
  /// Nothing for any other text: a part of a number, two equal keys, lists in lists beyond
  /// ``JSON/depthMax``.
  public init?(reading bytes: [UInt8]) {
    var reader = JSONReader(bytes: bytes)
    guard let value = reader.value(depth: 0) else { return nil }
    reader.skipBlanks()
    guard reader.isAtEnd else { return nil }
    self = value
  }

  /// No answer or body of ours comes near it.
  static let depthMax = 64

  /// The value of an object's key.
  public subscript(key: String) -> JSON? {
    guard case .object(let pairs) = self else { return nil }
    return pairs.first { $0.0 == key }?.1
  }

  public var text: String? { if case .text(let text) = self { text } else { nil } }
  public var integer: Int64? { if case .int(let value) = self { value } else { nil } }
  public var array: [JSON]? { if case .array(let items) = self { items } else { nil } }
}

/// Complexity: O(bytes), whoever wrote them.
private struct JSONReader {
  let bytes: [UInt8]
  var place = 0

  init(bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }
  private var next: UInt8? { place < bytes.count ? bytes[place] : nil }

  mutating func skipBlanks() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
      place += 1
    }
  }

  private mutating func takes(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard next == byte else { return false }
    place += 1
    return true
  }

  private mutating func takes(word: String) -> Bool {
    let letters = Array(word.utf8)
    guard bytes.count - place >= letters.count,
      bytes[place..<place + letters.count].elementsEqual(letters)
    else { return false }
    place += letters.count
    return true
  }

  mutating func value(depth: Int) -> JSON? {
    guard depth <= JSON.depthMax else { return nil }
    skipBlanks()
    switch next {
    case UInt8(ascii: "{"): return object(depth: depth)
    case UInt8(ascii: "["): return array(depth: depth)
    case UInt8(ascii: "\""): return string().map { .text($0) }
    case UInt8(ascii: "t"): return takes(word: "true") ? .bool(true) : nil
    case UInt8(ascii: "f"): return takes(word: "false") ? .bool(false) : nil
    case UInt8(ascii: "n"): return takes(word: "null") ? .null : nil
    default: return number()
    }
  }

  private mutating func object(depth: Int) -> JSON? {
    place += 1
    var pairs: [(String, JSON)] = []
    var keys: Set<String> = []
    if takes(UInt8(ascii: "}")) { return .object([]) }
    repeat {
      skipBlanks()
      guard next == UInt8(ascii: "\""), let key = string(), takes(UInt8(ascii: ":")),
        let value = value(depth: depth + 1), keys.insert(key).inserted
      else { return nil }
      pairs.append((key, value))
    } while takes(UInt8(ascii: ","))
    return takes(UInt8(ascii: "}")) ? .object(pairs) : nil
  }

  private mutating func array(depth: Int) -> JSON? {
    place += 1
    var items: [JSON] = []
    if takes(UInt8(ascii: "]")) { return .array([]) }
    repeat {
      guard let value = value(depth: depth + 1) else { return nil }
      items.append(value)
    } while takes(UInt8(ascii: ","))
    return takes(UInt8(ascii: "]")) ? .array(items) : nil
  }

  /// A whole number, however it is written: `26.0` and `2.6e1` are 26 (JSON Schema's integer).
  private mutating func number() -> JSON? {
    let isNegative = next == UInt8(ascii: "-")
    if isNegative { place += 1 }
    let first = place
    guard var digits = digits(), bytes[first] != 0x30 || digits.count == 1 else { return nil }
    var scale = 0
    if next == UInt8(ascii: ".") {
      place += 1
      guard let part = self.digits() else { return nil }
      digits += part
      scale = -part.count
    }
    if next == UInt8(ascii: "e") || next == UInt8(ascii: "E") {
      place += 1
      let isSmall = next == UInt8(ascii: "-")
      if isSmall || next == UInt8(ascii: "+") { place += 1 }
      // Of three digits and more, whatever it is, no whole number that fits comes but zero.
      guard let power = self.digits() else { return nil }
      let size = Int(String(decoding: power.drop { $0 == 0x30 }.prefix(4), as: UTF8.self)) ?? 0
      scale += isSmall ? -size : size
    }
    while let last = digits.last, last == 0x30 {
      digits.removeLast()
      scale += 1
    }
    guard !digits.isEmpty else { return .int(0) }
    guard (0...18).contains(scale) else { return nil }
    let text = (isNegative ? "-" : "") + String(decoding: digits, as: UTF8.self)
    return Int64(text + String(repeating: "0", count: scale)).map { .int($0) }
  }

  private mutating func digits() -> [UInt8]? {
    let start = place
    while let byte = next, (0x30...0x39).contains(byte) { place += 1 }
    return place > start ? Array(bytes[start..<place]) : nil
  }

  /// From its opening mark to its closing one.
  private mutating func string() -> String? {
    place += 1
    var text: [UInt8] = []
    while let byte = next {
      place += 1
      switch byte {
      case UInt8(ascii: "\""): return String(validating: text, as: UTF8.self)
      case UInt8(ascii: "\\"): guard escape(into: &text) else { return nil }
      case 0..<0x20: return nil
      default: text.append(byte)
      }
    }
    return nil
  }

  private mutating func escape(into text: inout [UInt8]) -> Bool {
    guard let byte = next else { return false }
    place += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "n"): text.append(0x0A)
    case UInt8(ascii: "t"): text.append(0x09)
    case UInt8(ascii: "r"): text.append(0x0D)
    case UInt8(ascii: "b"): text.append(0x08)
    case UInt8(ascii: "f"): text.append(0x0C)
    case UInt8(ascii: "u"):
      guard let scalar = scalar() else { return false }
      text.append(contentsOf: Array(String(Character(scalar)).utf8))
    default: return false
    }
    return true
  }

  /// After `\u`: one scalar, of two halves where it has them.
  private mutating func scalar() -> Unicode.Scalar? {
    guard let high = unit() else { return nil }
    guard (0xD800...0xDBFF).contains(high) else { return Unicode.Scalar(UInt32(high)) }
    guard takes(word: "\\u"), let low = unit(), (0xDC00...0xDFFF).contains(low) else { return nil }
    return Unicode.Scalar(0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
  }

  private mutating func unit() -> UInt16? {
    guard bytes.count - place >= 4 else { return nil }
    let digits = bytes[place..<place + 4]
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    place += 4
    return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}
