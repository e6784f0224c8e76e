import MadangViews
import Testing

@testable import MadangServer

/// What browsers send of forms, where a value comes in several parts.
struct FormTests {
  private typealias Fields = [(name: String, value: String)]

  private static func values(_ operation: String, _ form: Fields) throws -> Values {
    try Values(try #require(Operation.named(operation)), form: form)
  }

  @Test func `a grid comes row by row, and a row that is left empty is not sent`() throws {
    let values = try Self.values(
      "reviewApplications",
      [
        ("round", "round-1"), ("reviews/application-2", "80"), ("reviews/application-2", "7"),
        ("reviews/application-3", ""), ("reviews/application-3", ""),
        ("reviews/application-1", "0"), ("reviews/application-1", "100"),
      ])
    let rows = try #require(values.rows("reviews"))
    #expect(rows.map { $0.text("application") } == ["application-2", "application-1"])
    #expect(rows.map { $0.integers("points") } == [[80, 7], [0, 100]])
  }

  @Test func `half a row, a hostile row and no row are refused`() {
    let refused: [Fields] = [
      [("reviews/application-2", "80"), ("reviews/application-2", "")],
      [("reviews/application-2", "101")], [("reviews/application-2 5", "8")],
      [("reviews/<b>", "8")], [("reviews/", "8")],
    ]
    for form in refused {
      #expect(throws: HTTPRefusal.wrong(field: "reviews"), "\(form)") {
        try Self.values("reviewApplications", [("round", "round-1")] + form)
      }
    }
    #expect(throws: HTTPRefusal.missing(field: "reviews")) {
      try Self.values(
        "reviewApplications", [("round", "round-1"), ("reviews/application-2", "")])
    }
  }

  @Test func `people name a term's last day, and a day that has no next one is refused`() throws {
    for (operation, path) in [
      ("scheduleMaintenance", "line"), ("offerLending", "allocation"), ("draftAmendment", "award"),
      ("reviseApplication", "application"),
    ] {
      let declared = try #require(Operation.named(operation))
      #expect(declared.body.first { $0.name == "to" }?.kind == .endDay, "\(operation)")
      var form: Fields = [(path, "\(path)-1"), ("to", "2026-12-31")]
      for field in declared.body where field.isRequired && field.name != "to" {
        form.append((field.name, Self.example(field)))
      }
      #expect(try Values(declared, form: form).text("to") == "2027-01-01", "\(operation)")
      for day in ["2199-12-31", "2026-02-30", "soon"] {
        form[1].value = day
        #expect(throws: HTTPRefusal.wrong(field: "to"), "\(operation) \(day)") {
          try Values(declared, form: form)
        }
      }
      // What a program sends is the day after it.
      var sent = Values()
      try sent.add(declared, json: Self.json(declared))
      #expect(sent.text("to") == "2026-12-31", "\(operation)")
    }
  }

  @Test func `people fill in a time of day, and programs send its minute`() throws {
    for (text, minute) in [("00:00", 0), ("13:05", 785), ("23:59:00", 1_439)] as [(String, Int64)] {
      #expect(try Self.values("advance", [("minute", text)]).integer("minute") == minute)
    }
    for text in ["24:00", "9:30", "09:60", "785", "13:05:30", "-1:00", "1３:05", "13:05:"] {
      #expect(throws: HTTPRefusal.wrong(field: "minute"), "\(text)") {
        try Self.values("advance", [("minute", text)])
      }
    }
    let declared = try #require(Operation.named("advance"))
    var sent = Values()
    try sent.add(declared, json: Array(#"{"minute":785}"#.utf8))
    #expect(sent.integer("minute") == 785)
    for json in [#"{"minute":1440}"#, #"{"minute":"13:05"}"#] {
      #expect(throws: HTTPRefusal.wrong(field: "minute"), "\(json)") {
        var sent = Values()
        try sent.add(declared, json: Array(json.utf8))
      }
    }
  }

  private static func example(_ field: Field) -> String {
    switch field.kind {
    case .integer(let range): "\(range.lowerBound)"
    case .identifier(let kind): "\(kind)-1"
    case .choice(let choices): choices[0].word
    case .digest: String(repeating: "0a", count: 32)
    case .day, .endDay: "2026-12-31"
    default: "word"
    }
  }

  private static func json(_ operation: MadangViews.Operation) -> [UInt8] {
    let parts = operation.body.filter { $0.isRequired || $0.name == "to" }.map { field in
      let text = example(field)
      return switch field.kind {
      case .integer: "\"\(field.name)\":\(text)"
      case .slugs: "\"\(field.name)\":[\"\(text)\"]"
      default: "\"\(field.name)\":\"\(text)\""
      }
    }
    return Array("{\(parts.joined(separator: ","))}".utf8)
  }

  @Test func `models come in order of choice, and points one by one`() throws {
    let form: Fields = [
      ("application", "application-1"), ("track", "academia"), ("gpus", "8"), ("models", "h200"),
      ("models", ""), ("models", "b200"), ("content", String(repeating: "0a", count: 32)),
    ]
    #expect(try Self.values("reviseApplication", form).texts("models") == ["h200", "b200"])
    let points: Fields = [("application", "application-1"), ("points", "5"), ("points", "6")]
    #expect(try Self.values("reviewApplication", points).integers("points") == [5, 6])
    // A number that is left out would make the next one stand for it.
    let torn: Fields = [("application", "application-1"), ("points", ""), ("points", "6")]
    #expect(throws: HTTPRefusal.wrong(field: "points")) {
      try Self.values("reviewApplication", torn)
    }
  }
}
