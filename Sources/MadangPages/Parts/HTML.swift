/// Markup whose texts are escaped: what is interpolated is text, unless it is markup itself.
///
/// ```
/// let name = "<b>"
/// let cell: HTML = "<td>\(name)</td>"     // <td>&lt;b&gt;</td>
/// let row: HTML = "<tr>\(cell)</tr>"      // as it is
/// ```
/// Invariant: no text comes in but through `escaped`, so nobody's words become markup. It is safe
/// between tags and inside attributes with double quotes, and nowhere else: scripts and styles are
/// never made from texts.
public struct HTML: Sendable, ExpressibleByStringInterpolation {
  /// UTF-8: pages are put together by copying bytes.
  public private(set) var bytes: [UInt8]

  public static let none: HTML = ""

  public init(stringLiteral value: String) { bytes = Array(value.utf8) }

  public init(stringInterpolation: StringInterpolation) { bytes = stringInterpolation.bytes }

  public var text: String { String(decoding: bytes, as: UTF8.self) }

  public var isEmpty: Bool { bytes.isEmpty }

  public struct StringInterpolation: StringInterpolationProtocol {
    fileprivate var bytes: [UInt8] = []

    public init(literalCapacity: Int, interpolationCount: Int) {
      bytes.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    public mutating func appendLiteral(_ literal: String) { bytes += literal.utf8 }
    public mutating func appendInterpolation(_ markup: HTML) { bytes += markup.bytes }
    public mutating func appendInterpolation(_ markup: HTML?) {
      if let markup { bytes += markup.bytes }
    }
    public mutating func appendInterpolation(_ value: String) { HTML.escape(value, into: &bytes) }
    public mutating func appendInterpolation(_ value: some BinaryInteger) {
      bytes += String(value).utf8
    }
    public mutating func appendInterpolation(_ list: [HTML]) {
      for part in list { bytes += part.bytes }
    }
    public mutating func appendInterpolation<Value: CustomStringConvertible>(_ value: Value) {
      HTML.escape(value.description, into: &bytes)
    }
  }

  public static func + (a: HTML, b: HTML) -> HTML {
    var sum = a
    sum += b
    return sum
  }

  public static func += (a: inout HTML, b: HTML) { a.bytes += b.bytes }

  /// Markup of ours, as it is written in the source.
  mutating func markup(_ literal: StaticString) {
    literal.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }

  mutating func escaped(_ value: String) { HTML.escape(value, into: &bytes) }

  /// `13,136`, as `Int64.grouped` has it.
  mutating func grouped(_ value: Int64) {
    if value < 0 { markup("−") }
    grouped(value.magnitude)
  }

  private mutating func grouped(_ value: UInt64) {
    let last = value % 1_000
    if value >= 1_000 {
      grouped(value / 1_000)
      bytes.append(UInt8(ascii: ","))
    }
    if value >= 100 { bytes.append(48 + UInt8(last / 100)) }
    if value >= 10 { bytes.append(48 + UInt8(last / 10 % 10)) }
    bytes.append(48 + UInt8(last % 10))
  }

  /// Nearly every text has nothing to escape, so it is looked through first and copied whole.
  private static func escape(_ value: String, into bytes: inout [UInt8]) {
    var value = value
    value.withUTF8 { utf8 in
      if utf8.contains(where: isSpecial) {
        escapeSlowly(utf8, into: &bytes)
      } else {
        bytes.append(contentsOf: utf8)
      }
    }
  }

  private static func escapeSlowly(
    _ utf8: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8]
  ) {
    for byte in utf8 {
      switch byte {
      case UInt8(ascii: "&"): bytes += "&amp;".utf8
      case UInt8(ascii: "<"): bytes += "&lt;".utf8
      case UInt8(ascii: ">"): bytes += "&gt;".utf8
      case UInt8(ascii: "\""): bytes += "&quot;".utf8
      case UInt8(ascii: "'"): bytes += "&#39;".utf8
      default: bytes.append(byte)
      }
    }
  }

  /// One of & < > " '.
  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte <= 62 && (byte == 34 || byte == 38 || byte == 39 || byte == 60 || byte == 62)
  }
}
