import Foundation
import MadangProgramme
import Testing

@testable import MadangViews

/// What the API's document says of a field is what the field takes.
struct PatternTests {
  private static func fits(_ text: String, _ pattern: String) throws -> Bool {
    let expression = try NSRegularExpression(pattern: pattern)
    let range = NSRange(text.startIndex..., in: text)
    // Foundation's $ also stands before a last line break; ECMA's does not.
    return expression.firstMatch(in: text, range: range)?.range == range
  }

  @Test func `the pattern of a day takes every day that there is, and no other`() throws {
    for year in stride(from: 1_895, through: 2_205, by: 1) {
      for month in 0...13 {
        for day in [0, 1, 9, 10, 19, 20, 27, 28, 29, 30, 31, 32, 40, 99] {
          func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
          let text = "\(year)-\(two(month))-\(two(day))"
          #expect(try PatternTests.fits(text, Patterns.day) == (Day(text) != nil), "\(text)")
        }
      }
    }
    for text in ["", "2026-1-1", "2026-01-01 ", " 2026-01-01", "2026/01/01", "٢٠٢٦-01-01"] {
      #expect(try !PatternTests.fits(text, Patterns.day), "\(text)")
    }
  }

  @Test func `the pattern of a text refuses the characters that no text has`() throws {
    for value in (0...0xFFFF).compactMap({ UnicodeScalar($0) }) {
      let text = "가\(value)나"
      let isText = FieldValue.parsed(text, as: .text(max: 5)) != nil
      #expect(try PatternTests.fits(text, Patterns.text) == isText, "\(value.value)")
    }
    #expect(try !PatternTests.fits("", Patterns.text))
  }

  @Test func `the pattern of an identifier takes those that there can be`() throws {
    let pattern = Patterns.identifier("round")
    for text in [
      "round-1", "round-10", "round-999999999", "round-1000000000", "round-1000000001", "round-0",
      "round-01", "round-9999999999", "round-", "award-1", "round-1 ", "round--1", "round-٣",
    ] {
      let isOne = FieldValue.parsed(text, as: .identifier("round")) != nil
      #expect(try PatternTests.fits(text, pattern) == isOne, "\(text)")
    }
  }
}
