import Foundation
import Testing

@testable import MadangProgramme

/// The tables of `docs/canonical-bytes.md`, read from the page and held against writer and reader.
struct VectorTests {
  struct Row: CustomTestStringConvertible, Sendable {
    let cells: [String]
    var testDescription: String { cells.joined(separator: " | ") }
    /// The bytes of a cell in backticks, spaces and all.
    func bytes(_ index: Int) -> [UInt8] { Array(cells[index].dropFirst().dropLast().utf8) }
  }

  static let page = (try? Repository.text("docs/canonical-bytes.md")) ?? ""

  @Test(arguments: rows(after: "## Vectors"))
  func `what the page says is written and read`(row: Row) throws {
    let (kind, value) = (row.cells[0], row.cells[1])
    func check<Value: Canonical & Equatable>(_ made: Value?) throws {
      let made = try #require(made, "\(value) is no \(kind)")
      let written = String(decoding: CanonicalWriter.bytes(of: made), as: UTF8.self)
      #expect(written == String(decoding: row.bytes(2), as: UTF8.self))
      #expect(try CanonicalReader.value(Value.self, from: row.bytes(2)) == made)
    }
    let parts = value.split(separator: ",").map(String.init)
    switch kind {
    case "integer": try check(Int64(value))
    case "boolean": try check(Bool(value))
    case "optional": try check(Optional(Int64(value)))
    case "list": try check(parts.compactMap { Int64($0) })
    case "text": try check(Text(assumingValid: VectorTests.characters(value)))
    case "day": try check(Day(value))
    case "instant": try check(Int64(value).map { Instant($0) })
    case "identifier": try check(Int(value).map { AwardID($0) })
    case "ratio": try check(Ratio(value))
    case "term": try check(Scenario.term(parts.joined(separator: "..")))
    case "score": try check(Score(points: Int64(parts[0]) ?? 0, scale: Int64(parts[1]) ?? 0))
    case "digest": try check(Digest(hex: value))
    default: Issue.record("the page has a kind that the test does not know: \(kind)")
    }
  }

  @Test(arguments: rows(after: "## What is not read"))
  func `what the page says is not read is not read`(row: Row) {
    func refuse<Value: Canonical>(_ type: Value.Type) {
      #expect(throws: Malformed.self) { try CanonicalReader.value(type, from: row.bytes(1)) }
    }
    switch row.cells[0] {
    case "integer": refuse(Int64.self)
    case "boolean": refuse(Bool.self)
    case "optional": refuse(Int64?.self)
    case "list": refuse([Int64].self)
    case "text": refuse(Text.self)
    case "day": refuse(Day.self)
    case "identifier": refuse(AwardID.self)
    case "ratio": refuse(Ratio.self)
    case "term": refuse(Term.self)
    case "score": refuse(Score.self)
    case "digest": refuse(Digest.self)
    default: Issue.record("the page has a kind that the test does not know: \(row.cells[0])")
    }
  }

  @Test(arguments: rows(after: "| salt | value | commitment |"))
  func `a commitment is what the page says`(row: Row) throws {
    let salt = VectorTests.hexadecimal(row.cells[0])
    #expect(salt.count == 16)
    #expect(FixedSeal.commitment(salt, row.bytes(1)).hex == row.cells[2])
  }

  @Test func `the page's classes are the classes`() {
    let words = VectorTests.rows(after: "| class | who may read it |").map {
      String(decoding: $0.bytes(0), as: UTF8.self)
    }
    #expect(words == SealedClass.allCases.sorted().map(\.rawValue))
  }

  @Test func `the page's leaf is read with its openings, and written so`() throws {
    let leaf = try #require(VectorTests.block("leaf").first)
    let openings = try VectorTests.block("openings").map { line in
      let parts = line.split(separator: " ", maxSplits: 3).map(String.init)
      return Opening(
        field: parts[0], disclosure: try #require(SealedClass(rawValue: parts[1])),
        salt: VectorTests.salt(parts[2]), value: Array(parts[3].utf8), publicFrom: nil)
    }
    let read = try Leaf(bytes: Array(leaf.utf8), openings: openings)
    #expect(read == Leaf(header: Samples.header, event: .reviewRecorded(Samples.review)))
    #expect(String(decoding: read.fixed.bytes, as: UTF8.self) == leaf)
    #expect(read.fixed.openings == openings)
  }

  @Test func `a text that could deceive the reader is not taken`() {
    for scalar in ["\u{7}", "\u{7F}", "\u{85}", "\u{202E}", "\u{2066}", "\u{2028}", "\u{FEFF}"] {
      #expect(throws: Text.Fault.self) { try Text("a\(scalar)b") }
    }
    #expect(throws: Text.Fault.empty) { try Text("") }
    #expect(throws: Text.Fault.tooLong(scalars: 3, limit: 2)) { try Text("abc", limit: 2) }
    #expect((try? Text("가동 🌾").value) == "가동 🌾")
  }

  // MARK: - Reading the page

  static func rows(after heading: String) -> [Row] {
    guard let start = page.range(of: heading) else { return [] }
    let lines = page[start.upperBound...].split(separator: "\n", omittingEmptySubsequences: false)
    let table = lines.drop { !$0.hasPrefix("|") }.prefix { $0.hasPrefix("|") }
    return table.drop { $0.hasPrefix("| kind") || $0.hasPrefix("|---") }.map { line in
      Row(cells: line.dropFirst(2).dropLast(2).components(separatedBy: " | "))
    }
  }

  static func block(_ name: String) -> [String] {
    guard let start = page.range(of: "```\(name)\n"),
      let end = page.range(of: "```", range: start.upperBound..<page.endIndex)
    else { return [] }
    return page[start.upperBound..<end.lowerBound].split(separator: "\n").map(String.init)
  }

  private static func characters(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for word in text.split(separator: " ") {
      if let scalar = UInt32(word.dropFirst(2), radix: 16).flatMap(UnicodeScalar.init) {
        result.append(scalar)
      }
    }
    return String(result)
  }

  private static func hexadecimal(_ text: String) -> [UInt8] {
    stride(from: 0, to: text.count, by: 2).compactMap { offset in
      UInt8(text.dropFirst(offset).prefix(2), radix: 16)
    }
  }

  private static func salt(_ text: String) -> Salt {
    let words = [text.prefix(16), text.dropFirst(16)].map { UInt64($0, radix: 16) ?? 0 }
    return Salt(high: words[0], low: words[1])
  }
}
