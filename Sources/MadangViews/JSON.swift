/// JSON for machines: keys in the order they are given; whole numbers, and exact thousandths.
public indirect enum JSON: Sendable {
  case null
  case bool(Bool)
  case int(Int64)
  /// Thousandths: a whole number where they make one, else a decimal without zeros at its end.
  case milli(Int64)
  case text(String)
  case array([JSON])
  case object([(String, JSON)])

  public static func int(_ value: Int) -> JSON { .int(Int64(value)) }
  public static func int(_ value: Int32) -> JSON { .int(Int64(value)) }
  public static func optional(_ value: String?) -> JSON { value.map { .text($0) } ?? .null }
  public static func optional(_ value: Int64?) -> JSON { value.map { .int($0) } ?? .null }

  /// On one line.
  public var compact: String {
    var text = ""
    writeCompact(&text)
    return text
  }

  private func writeCompact(_ text: inout String) {
    switch self {
    case .null, .bool, .int, .milli, .text: write(&text, "")
    case .array(let values):
      text += "["
      for (index, value) in values.enumerated() {
        if index > 0 { text += "," }
        value.writeCompact(&text)
      }
      text += "]"
    case .object(let pairs):
      text += "{"
      for (index, pair) in pairs.enumerated() {
        if index > 0 { text += "," }
        text += JSON.quoted(pair.0) + ":"
        pair.1.writeCompact(&text)
      }
      text += "}"
    }
  }

  public var pretty: String {
    var text = ""
    write(&text, "\n")
    return text
  }

  private func write(_ text: inout String, _ newline: String) {
    switch self {
    case .null: text += "null"
    case .bool(let value): text += value ? "true" : "false"
    case .int(let value): text += "\(value)"
    case .milli(let value): text += JSON.decimal(value)
    case .text(let value): text += JSON.quoted(value)
    case .array(let values):
      JSON.list(&text, newline, "[", "]", values.map { value in { value.write(&$0, $1) } })
    case .object(let pairs):
      JSON.list(
        &text, newline, "{", "}",
        pairs.map { pair in
          {
            $0 += JSON.quoted(pair.0) + ": "
            pair.1.write(&$0, $1)
          }
        })
    }
  }

  private static func decimal(_ milli: Int64) -> String {
    let (whole, rest) = milli.magnitude.quotientAndRemainder(dividingBy: 1_000)
    let text = (milli < 0 ? "-" : "") + "\(whole)"
    if rest == 0 { return text }
    var digits = String("\(1_000 + rest)".dropFirst())
    while digits.last == "0" { digits.removeLast() }
    return text + "." + digits
  }

  private static func list(
    _ text: inout String, _ newline: String, _ open: String, _ close: String,
    _ parts: [(inout String, String) -> Void]
  ) {
    text += open
    let inner = newline + "  "
    for (index, part) in parts.enumerated() {
      if index > 0 { text += "," }
      text += inner
      part(&text, inner)
    }
    if !parts.isEmpty { text += newline }
    text += close
  }

  private static func quoted(_ value: String) -> String {
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\t": text += "\\t"
      case "\r": text += "\\r"
      case _ where scalar.value < 0x20:
        let digits = String(scalar.value, radix: 16)
        text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text + "\""
  }
}
