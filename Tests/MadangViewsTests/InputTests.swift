import Foundation
import MadangProgramme
import MadangViews
import Testing

@testable import MadangPages

/// What comes in from strangers, and what goes out to their browsers and spreadsheets.
struct InputTests {
  @Test func `a value is taken only as what its field is`() {
    let digest = String(repeating: "0a", count: 32)
    let cases: [(Field.Kind, String, FieldValue?)] = [
      (.integer(1...8), "8", .integer(8)), (.integer(1...8), "9", nil),
      (.integer(1...8), "0", nil), (.integer(1...8), "-1", nil), (.integer(1...8), " 8", nil),
      (.integer(1...8), "8.0", nil), (.integer(1...8), "99999999999999999999", nil),
      (.day, "2026-02-29", nil), (.day, "2028-02-29", .text("2028-02-29")), (.day, "", nil),
      (.identifier("round"), "round-1", .text("round-1")), (.identifier("round"), "round-01", nil),
      (.identifier("round"), "award-1", nil), (.identifier("round"), "round-", nil),
      (.identifier("round"), "round-99999999999", nil), (.identifier("round"), "round-1 ", nil),
      (.digest, digest, .text(digest)), (.digest, digest.uppercased(), nil), (.digest, "0a", nil),
      (.integers(0...100, count: 2...2), "1, 2", .integers([1, 2])),
      (.integers(0...100, count: 2...2), "1", nil), (.integers(0...100, count: 2...2), "1,,", nil),
      (.integers(0...100, count: 2...2), "1,101", nil),
      (.slugs(count: 1...2), "b200,h200", .texts(["b200", "h200"])),
      (.slugs(count: 1...2), "B200", nil), (.slugs(count: 1...2), "", nil),
      (.text(max: 3), "가나다", .text("가나다")), (.text(max: 3), "abcd", nil),
      (.text(max: 30), "a\u{202E}b", nil), (.text(max: 30), "a\nb", nil), (.text(max: 30), "", nil),
      (.choice([.init("end", ko: "해지", en: "end")]), "end", .text("end")),
      (.choice([.init("end", ko: "해지", en: "end")]), "END", nil),
    ]
    for (kind, text, expected) in cases {
      #expect(FieldValue.parsed(text, as: kind) == expected, "\(kind) \(text)")
    }
    #expect(FieldValue.parsed("2026-06", as: .month) == .text("2026-06"))
    #expect(FieldValue.parsed("2026-13", as: .month) == nil)
    #expect(FieldValue.parsed("true", as: .flag) == .flag(true))
    #expect(FieldValue.parsed("yes", as: .flag) == nil)
    #expect(FieldValue.parsed(JSON.text("true"), as: .flag) == nil)
    // A program sends numbers as numbers.
    #expect(FieldValue.parsed(JSON.text("8"), as: .integer(1...8)) == nil)
    #expect(FieldValue.parsed(JSON.int(8), as: .integer(1...8)) == .integer(8))
    #expect(FieldValue.parsed(JSON.array([.int(1), .text("2")]), as: .slugs(count: 1...2)) == nil)
  }

  @Test func `a request has one spelling, whichever way its values came`() throws {
    let operation = try #require(MadangViews.Operation.named("draftAmendment"))
    var typed = Values()
    var sent = Values()
    let values = [("change", "extension"), ("award", "award-1"), ("to", "2027-01-01")]
    for (name, text) in values { typed.set(name, .text(text)) }
    for (name, text) in values.reversed() { sent.set(name, .text(text)) }
    let request = operation.request(typed)
    #expect(request == operation.request(sent))
    #expect(
      request
        == "draftAmendment {\"award\":\"award-1\",\"change\":\"extension\",\"to\":\"2027-01-01\"}")
    sent.set("award", .text("award-2"))
    #expect(request != operation.request(sent))
    #expect(request != MadangViews.Operation.named("approveAmendment")?.request(typed))
  }

  @Test func `many are one value, whole or not at all`() throws {
    let fields = [
      Field("application", .identifier("application"), ko: "신청", en: "Application"),
      Field("points", .integers(0...9, count: 1...2), ko: "점수", en: "Points"),
    ]
    let kind = Field.Kind.rows(fields, count: 1...2)
    let typed = FieldValue.parsed("application-1 1,2\n\n application-2 3 \n", as: kind)
    let sent = FieldValue.parsed(
      JSON.array([
        .object([("points", .array([.int(1), .int(2)])), ("application", .text("application-1"))]),
        .object([("application", .text("application-2")), ("points", .array([.int(3)]))]),
      ]), as: kind)
    #expect(typed != nil && typed == sent)
    // As a browser sends it.
    let browser = FieldValue.parsed("application-1 1,2\r\n\r\n application-2 3 \r\n", as: kind)
    #expect(browser == sent)
    #expect(typed?.json(kind).compact == sent?.json(kind).compact)
    for text in ["", "application-1", "application-1 10", "application-1 1 2", "round-1 1"] {
      #expect(FieldValue.parsed(text, as: kind) == nil, "\(text)")
    }
    let three = String(repeating: "application-1 1\n", count: 3)
    #expect(FieldValue.parsed(three, as: kind) == nil)
    let more = JSON.array([
      .object([
        ("application", .text("application-1")), ("points", .array([.int(1)])), ("x", .int(1)),
      ])
    ])
    #expect(FieldValue.parsed(more, as: kind) == nil)
  }

  @Test func `nobody's words become markup`() {
    let hostile = "<script>alert('1')</script>\"&"
    let html: HTML = "<td title=\"\(hostile)\">\(hostile)</td>"
    #expect(
      html.text
        == "<td title=\"&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;\">"
        + "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&amp;</td>")
    let nested: HTML = "<tr>\(html)</tr>"
    #expect(nested.text.hasPrefix("<tr><td"))
  }

  @Test func `numbers are grouped alike in pages and everywhere`() {
    var numbers: [Int64] = [0, 7, 10, 99, 100, 999, 1_000, 1_001, 10_010, 260_000, .max]
    for power in 0..<18 { numbers.append((0..<power).reduce(1) { value, _ in value * 10 } * 7) }
    for number in numbers + numbers.map({ -$0 }) + [.min] {
      var html = HTML.none
      html.grouped(number)
      #expect(html.text == number.grouped)
      #expect(number.grouped.filter { $0 != "," }.replacing("−", with: "-") == "\(number)")
    }
    #expect(Int64(-13_136).grouped == "−13,136")
  }

  @Test func `queries are read as they were written, and torn ones are not read`() {
    let fields = PercentText.fields("a=1&b=%EA%B0%80+x&c&a=2")
    #expect(fields?.map(\.name) == ["a", "b", "c", "a"])
    #expect(fields?.map(\.value) == ["1", "가 x", "", "2"])
    for torn in ["a=%", "a=%e", "a=%zz", "a=%FF", "%80=1"] {
      #expect(PercentText.fields(torn) == nil, "\(torn)")
    }
    #expect(PercentText.fields(String(repeating: "a&", count: 201)) == nil)
    for text in ["", "가나 다/?&=+%", "a~b-c_d.e", "\u{1F44D}"] {
      #expect(PercentText.decoded(PercentText.encoded(text)) == text)
    }
  }

  @Test func `a spreadsheet takes no cell for a formula`() {
    let table = TableView(
      "t", caption: "t", columns: [.text("a"), .number("b")],
      rows: [
        [.text("=1+1"), .number(-8)], [.text("a,\"b\""), .number(260_000)], [.none, .number(nil)],
      ], empty: "–")
    let context = PageContext(
      programme: Programme(), caller: .passerBy, language: .en, path: "/", query: [],
      now: Instant(0), csrf: nil, formKey: "")
    #expect(table.csv(context) == "\u{FEFF}a,b\r\n'=1+1,-8\r\n\"a,\"\"b\"\"\",260000\r\n,\r\n")
  }

  @Test func `a table is in the order that was asked for`() {
    let table = TableView(
      "t", caption: "t", columns: [.number("n")],
      rows: [[.number(2)], [.number(10)], [.number(1)]], empty: "–")
    func order(_ sort: String) -> [String] {
      let context = PageContext(
        programme: Programme(), caller: .passerBy, language: .ko, path: "/",
        query: [("sort", sort)], now: Instant(0), csrf: nil, formKey: "")
      return table.csv(context).split(separator: "\r\n").dropFirst().map(String.init)
    }
    #expect(order("t.1") == ["1", "2", "10"])
    #expect(order("t.-1") == ["10", "2", "1"])
    for other in ["u.1", "t.2", "t.0", "t.x", "t.-9", "t.99999999999999999999"] {
      #expect(order(other) == ["2", "10", "1"], "\(other)")
    }
  }

  @Test func `a workbook is an archive whose parts are whole`() {
    let bytes = Workbook.bytes(of: [[.text("<가>"), .number(8)]])
    #expect(bytes.prefix(4) == [0x50, 0x4B, 3, 4])
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("&lt;가&gt;") && text.contains("<v>8</v>"))
    // Five parts, each in the directory at the end.
    #expect(bytes.indices.count { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) } == 5)
  }

  @Test func `the document of the API names every operation, once, with its answers`() {
    let text = OpenAPI.document(version: "1").compact
    for operation in Operation.all {
      #expect(text.contains("\"operationId\":\"\(operation.id)\""), "\(operation.id)")
    }
  }

  @Test func `every type of event has its words, in both languages`() throws {
    let golden = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("MadangProgrammeTests/Golden")
    let names = try FileManager.default.contentsOfDirectory(atPath: golden.path)
    let types = Set(names.compactMap { $0.split(separator: ".").first.map(String.init) })
    #expect(types == Set(EventWords.all.map(\.type)))
    #expect(EventWords.all.count == types.count)
    for (type, words) in EventWords.all {
      #expect(!words.ko.isEmpty && !words.en.isEmpty && words.ko != words.en, "\(type)")
    }
  }
}
