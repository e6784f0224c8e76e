/// A table for a terminal: numbers to the right, Korean two columns wide.
public struct Table: Sendable {
  public enum Alignment: Sendable {
    case left, right
  }

  public let columns: [(title: String, alignment: Alignment)]
  public var rows: [[String]] = []
  /// Rows after which a rule is drawn.
  private var rules: Set<Int> = []

  public init(_ columns: [(String, Alignment)]) {
    self.columns = columns.map { (title: $0.0, alignment: $0.1) }
  }

  public mutating func add(_ cells: String...) { rows.append(cells) }
  public mutating func rule() { rules.insert(rows.count) }

  public var text: String {
    var widths = columns.map { Table.width($0.title) }
    for row in rows {
      for (index, cell) in row.enumerated() {
        widths[index] = max(widths[index], Table.width(cell))
      }
    }
    func line(_ cells: [String]) -> String {
      var parts: [String] = []
      for (index, cell) in cells.enumerated() {
        let pad = String(repeating: " ", count: widths[index] - Table.width(cell))
        parts.append(columns[index].alignment == .right ? pad + cell : cell + pad)
      }
      var text = parts.joined(separator: "  ")
      while text.hasSuffix(" ") { text.removeLast() }
      return text
    }
    let rule = widths.map { String(repeating: "─", count: $0) }.joined(separator: "  ")
    var lines = [line(columns.map(\.title)), rule]
    for (index, row) in rows.enumerated() {
      if rules.contains(index) { lines.append(rule) }
      lines.append(line(row))
    }
    return lines.joined(separator: "\n")
  }

  /// The beginning of a text that is too wide for a column, and an ellipsis.
  public static func shortened(_ text: String, to columns: Int) -> String {
    guard width(text) > columns else { return text }
    var kept = ""
    for character in text {
      if width(kept) + width(String(character)) >= columns { break }
      kept.append(character)
    }
    return kept + "…"
  }

  /// Columns of a terminal that a text takes: East Asian wide characters take two, marks none.
  public static func width(_ text: String) -> Int {
    text.unicodeScalars.reduce(0) { $0 + width($1.value, $1.properties.generalCategory) }
  }

  private static func width(_ scalar: UInt32, _ category: Unicode.GeneralCategory) -> Int {
    switch category {
    case .nonspacingMark, .enclosingMark, .format: return 0
    default: break
    }
    switch scalar {
    case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF,
      0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F900...0x1F9FF,
      0x20000...0x3FFFD:
      return 2
    default: return 1
    }
  }
}
