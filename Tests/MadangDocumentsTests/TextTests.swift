import MadangDocuments
import MadangProgramme
import Testing

@Suite struct TextTests {
  private static let ministry = "Ministry of Tides (invented)"

  /// The English name of the first party where it is written so, or the fault.
  private func name(_ written: String) throws -> Result<String, Fault> {
    let folder = try Folder("saltmarsh").changing("parties.yaml", TextTests.ministry, written)
    let result = try folder.read()
    guard let read = result.folder else {
      return .failure(Fault(text: result.diagnostics.map { $0.message.en }))
    }
    let programme = try applying(read.commands(), on: "2026-07-01")
    return .success(programme.parties[PartyID(1)].name.en.value)
  }

  struct Fault: Error, Equatable {
    let text: [String]
  }

  @Test func `composed and decomposed Korean are one text`() throws {
    let composed = "조석부"
    let decomposed = "\u{110C}\u{1169}\u{1109}\u{1165}\u{11A8}\u{1107}\u{116E}"
    #expect(Array(composed.unicodeScalars) != Array(decomposed.unicodeScalars))
    let read = try (name(composed).get(), name(decomposed).get())
    #expect(Array(read.0.unicodeScalars) == Array(composed.unicodeScalars))
    #expect(Array(read.1.unicodeScalars) == Array(composed.unicodeScalars))
  }

  @Test func `emoji are taken as they are`() throws {
    #expect(try name("👩‍🔬 마당 🇰🇷").get() == "👩‍🔬 마당 🇰🇷")
  }

  @Test(arguments: [
    ("Ministry \u{202E}of Tides", "U+202E"), ("Ministry \u{2066}of Tides", "U+2066"),
    ("Ministry \\aof Tides", "U+0007"), ("Ministry \\nof Tides", "U+000A"),
    ("Ministry \\u0000of Tides", "U+0000"), ("Ministry \\u2028of Tides", "U+2028"),
  ])
  func `controls and marks that turn the reading direction are refused`(
    written: String, scalar: String
  ) throws {
    #expect(
      try name(written)
        == .failure(Fault(text: ["‘en’ holds the character \(scalar), which is refused."])))
  }

  @Test func `a name may be long but not of ten thousand characters`() throws {
    #expect(try name(String(repeating: "가", count: 200)).get().count == 200)
    #expect(
      try name(String(repeating: "가", count: 10_000))
        == .failure(Fault(text: ["‘en’ has 10000 characters, too many."])))
  }

  @Test(arguments: ["", " ", "\u{3000}"])
  func `a text of nothing but spaces is no text`(written: String) throws {
    #expect(try name(written) == .failure(Fault(text: ["‘en’ is empty."])))
  }

  @Test func `what a message repeats cannot act on a terminal`() throws {
    let folder = try Folder("saltmarsh")
      .changing("parties.yaml", "kind: ministry", "kind: \"\\e[2J\\u202E\"")
    let messages = try folder.read().diagnostics.map(\.message.en)
    #expect(messages == ["‘kind’ cannot be ‘U+001B[2JU+202E’."])
  }

  @Test func `a byte order mark and Windows line ends are no fault`() throws {
    var folder = try Folder("saltmarsh")
    let text = "\u{FEFF}" + folder.text("pools.yaml").replacing("\n", with: "\r\n")
    folder.set("pools.yaml", text)
    #expect(try folder.faults() == [])
  }
}
