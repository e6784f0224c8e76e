import Foundation
import MadangProgramme
import Testing

@testable import MadangDocuments

@Suite struct HostileFileTests {
  private func faults(_ text: String) throws -> [String] {
    var folder = try Folder("saltmarsh")
    folder.set("prices.yaml", text)
    return try folder.faults()
  }

  @Test func `aliases are refused before they multiply`() throws {
    var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
    for level in 1...20 {
      let below = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
      bomb += "a\(level): &a\(level) [\(below)]\n"
    }
    bomb += "? *a20\n: 1\n"
    let found = try faults(bomb)
    #expect(found.count == 21)
    #expect(found.allSatisfy { $0.contains("Anchors (&) and aliases (*) are refused.") })
  }

  @Test func `text with & and * in it is text`() throws {
    let folder = try Folder("saltmarsh")
      .changing("parties.yaml", "Ministry of Tides", "Tides & *Ebbs* (&c)")
    #expect(try folder.faults() == [])
  }

  @Test(arguments: ["[", "{", "- ", "? ", "{a: "])
  func `deep nesting is refused, not followed`(opening: String) throws {
    let text = String(repeating: opening, count: 20_000)
    #expect(try faults(text).count == 1)
  }

  @Test func `a file of more than four MiB is not read`() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "madang-documents-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer {
      do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
    }
    let source = Folder.programmes.appending(path: "saltmarsh")
    for name in try FileManager.default.contentsOfDirectory(atPath: source.path) {
      try FileManager.default.copyItem(
        at: source.appending(path: name), to: folder.appending(path: name))
    }
    try Data(repeating: 0x23, count: FolderContents.fileBytesMax + 1)
      .write(to: folder.appending(path: "pools.yaml"))
    try FileManager.default.removeItem(at: folder.appending(path: "prices.yaml"))
    try FileManager.default.createDirectory(
      at: folder.appending(path: "prices.yaml"), withIntermediateDirectories: false)
    try FileManager.default.removeItem(at: folder.appending(path: "parties.yaml"))
    let result = readProgramme(at: folder, algorithms: try Folder.algorithms())
    #expect(result.folder == nil)
    #expect(
      result.diagnostics.map { "\($0.file): \($0.message.en)" } == [
        "parties.yaml: There is no such file.", "pools.yaml: The file is too large.",
        "prices.yaml: This is no plain file.",
      ])
  }

  @Test func `a folder that does not exist is one fault for each file`() throws {
    let result = readProgramme(
      at: Folder.programmes.appending(path: "atlantis"), algorithms: try Folder.algorithms())
    #expect(result.diagnostics.map(\.file) == FolderFiles.names)
  }

  @Test func `a broken byte is told with its line`() throws {
    var folder = try Folder("saltmarsh")
    folder.files["prices.yaml"] = Array("prices: []\ncharges:\n".utf8) + [0xFF, 0xFE]
    #expect(
      try folder.faults() == ["prices.yaml:3: This is not UTF-8.\n  Save the file as UTF-8."])
  }

  @Test func `a rule set that is no rule set is refused with its own name`() throws {
    let folder = try required(try Folder("saltmarsh").read().folder)
    let programme = try applying(folder.commands(), on: "2026-07-01")
    let other = Folder.programmes.appending(path: "korea-2025/rules/round-1.yaml")
    let result = readRuleSet(at: other, in: programme)
    #expect(result.rules == nil)
    #expect(
      result.diagnostics.map { $0.text(.en) } == [
        "round-1.yaml:5: There is no pool ‘industry’.\n  Use a name that is in pools.yaml.",
        "round-1.yaml:6: There is no pool ‘academia-research’.\n  "
          + "Use a name that is in pools.yaml.",
        "round-1.yaml:13: There is no source ‘donga-20251219’.\n  "
          + "Use a name that is in sources.yaml.",
      ])
  }
}
