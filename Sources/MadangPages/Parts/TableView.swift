import MadangProgramme
import MadangViews

/// A table that sorts and exports: what is shown, and the bare values behind it.
public struct TableView: Sendable {
  public struct Column: Sendable {
    let title: String
    let isNumber: Bool
    /// Its title where a program reads it: in another unit than on screen, say.
    let exported: String

    /// Whether it can be sorted by and exported.
    var isData = true

    /// A sentence each: wide enough on a phone to be read, and not a tower of words.
    var isLong = false

    static func text(_ title: String) -> Column {
      Column(title: title, isNumber: false, exported: title)
    }
    static func sentence(_ title: String) -> Column {
      Column(title: title, isNumber: false, exported: title, isLong: true)
    }
    static func number(_ title: String, exported: String? = nil) -> Column {
      Column(title: title, isNumber: true, exported: exported ?? title)
    }

    /// Of what may be done about each row: it has no order, and is in no export.
    static func actions(_ title: String) -> Column {
      Column(title: title, isNumber: false, exported: title, isData: false)
    }

    fileprivate var cell: StaticString {
      isNumber ? "<td class=\"n\">" : isLong ? "<td class=\"long\">" : "<td>"
    }
  }

  /// What stands in one place of it. Markup is made when it is written, not before.
  public struct Cell: Sendable {
    fileprivate enum Content: Sendable {
      case nothing
      case text(String)
      case number(Int64)
      case link(String, address: String)
      case words(String, Int64)
      case html(HTML, Value)
    }

    fileprivate let content: Content

    static func text(_ text: String) -> Cell { Cell(content: .text(text)) }
    static func number(_ number: Int64) -> Cell { Cell(content: .number(number)) }
    static func number(_ number: Int64?) -> Cell { number.map { .number($0) } ?? .none }
    static func link(_ text: String, _ address: String) -> Cell {
      Cell(content: .link(text, address: address))
    }
    /// A number that is written in words of its own.
    static func words(_ words: String, _ value: Int64) -> Cell {
      Cell(content: .words(words, value))
    }
    static func html(_ html: HTML, _ value: String) -> Cell {
      Cell(content: .html(html, .text(value)))
    }
    static func html(_ html: HTML, _ value: Int64) -> Cell {
      Cell(content: .html(html, .number(value)))
    }
    /// Nothing is known.
    static var none: Cell { Cell(content: .nothing) }

    var value: Value {
      switch content {
      case .nothing: .text("")
      case .text(let text), .link(let text, _): .text(text)
      case .number(let number), .words(_, let number): .number(number)
      case .html(_, let value): value
      }
    }

    fileprivate func write(to html: inout HTML) {
      switch content {
      case .nothing: html.markup("–")
      case .text(let text), .words(let text, _): html.escaped(text)
      case .number(let number): html.grouped(number)
      case .link(let text, let address):
        html.markup("<a href=\"")
        html.escaped(address)
        html.markup("\">")
        html.escaped(text)
        html.markup("</a>")
      case .html(let shown, _): html += shown
      }
    }
  }

  enum Value: Sendable {
    case text(String)
    case number(Int64)
  }

  public let id: String
  let caption: String
  let columns: [Column]
  var rows: [[Cell]]
  /// Below the others, whatever the order: totals.
  var foot: [Cell]?
  /// Shown instead of rows.
  var empty: String
  /// Rows shown at once, unless the address says `rows=`; the rest is on further pages.
  var pageRows = 50
  private static let pageRowsMax = 1_000

  init(
    _ id: String, caption: String, columns: [Column], rows: [[Cell]] = [], foot: [Cell]? = nil,
    empty: String
  ) {
    self.id = id
    self.caption = caption
    self.columns = columns
    self.rows = rows
    self.foot = foot
    self.empty = empty
  }

  // MARK: Order

  /// The rows as the address asks: `?sort=ID.3` or `?sort=ID.-3`. Each table of a page has its own
  /// order and its own `page=ID.2`.
  private func ordered(_ context: PageContext) -> (rows: [[Cell]], by: Int?, down: Bool) {
    guard let number = context.query("sort", of: id).flatMap({ Int($0) }),
      // Its magnitude, as the least number has no positive one.
      (1...UInt(columns.count)).contains(number.magnitude),
      columns[Int(number.magnitude) - 1].isData
    else { return (rows, nil, false) }
    let column = Int(number.magnitude) - 1
    let down = number < 0
    let order = rows.indices.sorted { a, b in
      let comparison = TableView.compare(rows[a][column].value, rows[b][column].value)
      return comparison == 0 ? a < b : down ? comparison > 0 : comparison < 0
    }
    return (order.map { rows[$0] }, column, down)
  }

  private static func compare(_ a: Value, _ b: Value) -> Int {
    switch (a, b) {
    case (.number(let x), .number(let y)): x == y ? 0 : x < y ? -1 : 1
    case (.text(let x), .text(let y)): x == y ? 0 : x < y ? -1 : 1
    case (.text, .number): -1
    case (.number, .text): 1
    }
  }

  // MARK: Markup

  func html(_ context: PageContext) -> HTML {
    if rows.isEmpty {
      return """
        <figure class="table" id="\(id)"><figcaption>\(caption)</figcaption>
        <p class="empty">\(empty)</p></figure>

        """
    }
    let (rows, by, down) = ordered(context)
    let wanted = context.query("rows").flatMap { Int($0) } ?? pageRows
    let pageRows = min(max(10, wanted), TableView.pageRowsMax)
    let pages = (rows.count + pageRows - 1) / pageRows
    let asked = context.query("page", of: id).flatMap { Int($0) } ?? 1
    let page = min(max(1, asked), pages)
    let csv = context.address("export", "\(id).csv")
    let xlsx = context.address("export", "\(id).xlsx")
    var html: HTML = """
      <figure class="table" id="\(id)">
      <figcaption>\(caption) <span class="count">\(Int64(self.rows.count).grouped)</span>
      <span class="export"><a href="\(csv)" download rel="nofollow">CSV</a> \
      <a href="\(xlsx)" download rel="nofollow">XLSX</a></span></figcaption>
      <div class="scroll" tabindex="0" role="region" aria-label="\(caption)">
      <table><thead><tr>\(head(by, down, context))</tr></thead><tbody>

      """
    for row in rows[((page - 1) * pageRows)..<min(rows.count, page * pageRows)] {
      write(row, to: &html)
    }
    html.markup("</tbody>")
    if let foot {
      html.markup("<tfoot>")
      write(foot, to: &html)
      html.markup("</tfoot>")
    }
    html.markup("</table></div>\n")
    html += pager(page, pages, context)
    html.markup("</figure>\n")
    return html
  }

  private func head(_ by: Int?, _ down: Bool, _ context: PageContext) -> [HTML] {
    columns.enumerated().map { index, column in
      guard column.isData else { return "<th scope=\"col\">\(column.title)</th>" }
      let active = index == by
      let next = active && !down ? -(index + 1) : index + 1
      let order: HTML =
        active ? (down ? " aria-sort=\"descending\"" : " aria-sort=\"ascending\"") : ""
      let side: HTML = column.isNumber ? " class=\"n\"" : ""
      // In another order, one begins at the first page.
      let address =
        context.address(of: id, [("sort", "\(next)"), ("page", nil)]) + "#\(id)"
      return """
        <th scope="col"\(side)\(order)><a href="\(address)" rel="nofollow">\(column.title)</a></th>
        """
    }
  }

  private func write(_ row: [Cell], to html: inout HTML) {
    html.markup("<tr>")
    for index in columns.indices {
      html.markup(columns[index].cell)
      row[index].write(to: &html)
      html.markup("</td>")
    }
    html.markup("</tr>\n")
  }

  private func pager(_ page: Int, _ pages: Int, _ context: PageContext) -> HTML {
    guard pages > 1 else { return .none }
    func link(_ to: Int, _ text: String) -> HTML {
      guard (1...pages).contains(to) else { return "<span class=\"off\">\(text)</span>" }
      let address = context.address(of: id, [("page", "\(to)")]) + "#\(id)"
      return "<a href=\"\(address)\">\(text)</a>"
    }
    // To read or print it in one piece, where that is no book.
    let all: HTML =
      rows.count > TableView.pageRowsMax
      ? .none
      : """

      <a href="\(context.address("rows", "\(TableView.pageRowsMax)"))#\(id)" \
      rel="nofollow">\(context.say(ko: "모두", en: "All"))</a>
      """
    return """
      <nav class="pager" aria-label="\(context.say(ko: "쪽: ", en: "Pages: "))\(caption)">\
      \(link(page - 1, context.say(ko: "← 앞", en: "← Before")))
      <span>\(context.say(ko: "쪽", en: "Page")) \(page) / \(pages)</span>
      \(link(page + 1, context.say(ko: "뒤 →", en: "After →")))\(all)</nav>
      """
  }

  // MARK: Export

  /// What may be done about a row stands last, and is nothing to export.
  private var exportedColumns: ArraySlice<Column> { columns.prefix { $0.isData } }

  /// Comma-separated values (RFC 4180), UTF-8 with a mark so that spreadsheets read Korean.
  public func csv(_ context: PageContext) -> String {
    var text =
      "\u{FEFF}" + exportedColumns.map { TableView.quoted($0.exported) }.joined(separator: ",")
      + "\r\n"
    for row in ordered(context).rows {
      text += row.prefix(exportedColumns.count).map { cell in
        switch cell.value {
        case .text(let value): TableView.quoted(value)
        case .number(let value): "\(value)"
        }
      }.joined(separator: ",")
      text += "\r\n"
    }
    return text
  }

  /// Quoted where needed; a text that a spreadsheet would take for a formula gets an apostrophe.
  private static func quoted(_ value: String) -> String {
    var value = value
    if let first = value.first, "=+-@\t\r".contains(first) { value = "'" + value }
    guard value.contains(where: { ",\"\r\n".contains($0) }) else { return value }
    var text = "\""
    for character in value { text += character == "\"" ? "\"\"" : String(character) }
    return text + "\""
  }

  /// The rows for a workbook.
  public func sheet(_ context: PageContext) -> [[SheetCell]] {
    [exportedColumns.map { .text($0.exported) }]
      + ordered(context).rows.map { row in
        row.prefix(exportedColumns.count).map { cell in
          switch cell.value {
          case .text(let value): .text(value)
          case .number(let value): .number(value)
          }
        }
      }
  }
}

/// What a workbook's cell holds.
public enum SheetCell: Sendable {
  case text(String)
  case number(Int64)
}
