import MadangViews

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
  public private(set) var text: String

  public static let none: HTML = ""

  public init(stringLiteral value: String) { text = value }

  public init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

  public struct StringInterpolation: StringInterpolationProtocol {
    var text = ""

    public init(literalCapacity: Int, interpolationCount: Int) {
      text.reserveCapacity(literalCapacity + interpolationCount * 16)
    }

    public mutating func appendLiteral(_ literal: String) { text += literal }
    public mutating func appendInterpolation(_ markup: HTML) { text += markup.text }
    public mutating func appendInterpolation(_ markup: HTML?) { text += markup?.text ?? "" }
    public mutating func appendInterpolation(_ value: String) { HTML.escape(value, into: &text) }
    public mutating func appendInterpolation(_ value: some BinaryInteger) {
      text += String(value)
    }
    public mutating func appendInterpolation(_ list: [HTML]) {
      for part in list { text += part.text }
    }
    public mutating func appendInterpolation<Value: CustomStringConvertible>(_ value: Value) {
      HTML.escape(value.description, into: &text)
    }
  }

  public static func + (a: HTML, b: HTML) -> HTML {
    var sum = a
    sum.text += b.text
    return sum
  }

  public static func += (a: inout HTML, b: HTML) { a.text += b.text }

  /// Markup of ours, as it is written in the source.
  mutating func markup(_ literal: StaticString) {
    literal.withUTF8Buffer { text += String(decoding: $0, as: UTF8.self) }
  }

  mutating func escaped(_ value: String) { HTML.escape(value, into: &text) }

  /// `13,136`.
  mutating func grouped(_ value: Int64) { text += value.grouped }

  private static func escape(_ value: String, into text: inout String) {
    if value.utf8.allSatisfy({ !isSpecial($0) }) {
      text += value
      return
    }
    for scalar in value.unicodeScalars {
      switch scalar {
      case "&": text += "&amp;"
      case "<": text += "&lt;"
      case ">": text += "&gt;"
      case "\"": text += "&quot;"
      case "'": text += "&#39;"
      default: text.unicodeScalars.append(scalar)
      }
    }
  }

  /// One of & < > " '.
  private static func isSpecial(_ byte: UInt8) -> Bool {
    byte <= 62 && (byte == 34 || byte == 38 || byte == 39 || byte == 60 || byte == 62)
  }
}
