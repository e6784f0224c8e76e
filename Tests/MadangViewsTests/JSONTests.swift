import MadangViews
import Testing

/// What a client reads of an answer.
struct JSONTests {
  private func read(_ text: String) -> JSON? { JSON(reading: Array(text.utf8)) }

  @Test func `what was written is read as it was, keys in their order`() throws {
    let value = JSON.object([
      ("z", .int(-9_007_199_254_740_991)), ("a", .array([.null, .bool(true), .bool(false)])),
      ("text", .text("가 \"quoted\" \\ \n\t\r\u{1}\u{1F44D}")), ("empty", .object([])),
      ("none", .array([])),
    ])
    for text in [value.compact, value.pretty, " \r\n\t" + value.compact + " "] {
      #expect(read(text)?.compact == value.compact, "\(text)")
    }
    #expect(read(#"{"a":"\u00e9\ud83d\udc4d\/\b\f"}"#)?["a"]?.text == "é\u{1F44D}/\u{8}\u{C}")
    #expect(read("0")?.integer == 0 && read("[1]")?.array?.count == 1)
  }

  /// JSON Schema's integer: a description of the API promises no more than that.
  @Test(arguments: [
    ("26.0", 26), ("2.6e1", 26), ("260e-1", 26), ("-0", 0), ("0.000", 0),
    ("0e999999999999999999", 0),
    ("-1.50E+1", -15), ("1e18", 1_000_000_000_000_000_000),
    ("9223372036854775807.0", Int64.max), ("-9223372036854775808", Int64.min),
  ])
  func `a whole number is one however it is written`(text: String, number: Int64) {
    #expect(read(text)?.integer == number)
  }

  @Test func `any other text is read as nothing`() {
    let deep = String(repeating: "[", count: 70) + String(repeating: "]", count: 70)
    let texts = [
      "", "{", "}", "[1,]", "{\"a\":1,}", "{\"a\" 1}", "{a:1}", "01", "-", "1.5", "1e-1", "+1",
      "1.", ".5", "1e", "1e+", "01.0", "-01", "1e19", "1e999999999999999999999",
      "9223372036854775808", "nul", "tru", "\"", "\"\n\"", "\"\\x\"", "\"\\u12\"", "\"\\ud800\"",
      "\"\\ud800\\u0041\"", "\"\\udc00\"", "1 2", "{\"a\":1,\"a\":2}", deep,
    ]
    for text in texts { #expect(read(text) == nil, "\(text)") }
    #expect(JSON(reading: [0x22, 0xFF, 0x22]) == nil)
  }

  /// Found by review: what a stranger sends costs as much as it is long, whatever it nests.
  @Test(.timeLimit(.minutes(1))) func `nested lists and many keys are read in one walk`() {
    let list = String(repeating: "[", count: 505) + String(repeating: "]", count: 505)
    let lists = "{\"a\":[" + Array(repeating: list, count: 64).joined(separator: ",") + "]}"
    let keys = "{" + (0..<20_000).map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    let flat = "[" + Array(repeating: "[[[[0]]]]", count: 6_000).joined(separator: ",") + "]"
    #expect(read(lists) == nil)
    #expect(read(keys)?["19999"]?.integer == 0)
    #expect(read(flat)?.array?.count == 6_000)
  }
}
