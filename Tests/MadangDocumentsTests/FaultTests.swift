import MadangDocuments
import MadangProgramme
import Testing

/// One change to a folder without fault, and what an English reader is then told.
struct BrokenDocument: CustomTestStringConvertible {
  let file: String
  let old: String
  let new: String
  let faults: [String]

  init(_ file: String, _ old: String, _ new: String, _ faults: String...) {
    self.file = file
    self.old = old
    self.new = new
    self.faults = faults
  }

  var testDescription: String { "\(file): \(old.prefix(60)) → \(new.prefix(60))" }
}

@Suite struct FaultTests {
  @Test(arguments: BrokenDocument.form + BrokenDocument.values + BrokenDocument.names)
  func `a broken document gets exactly its diagnostics`(_ broken: BrokenDocument) throws {
    let folder = try Folder("saltmarsh").changing(broken.file, broken.old, broken.new)
    #expect(try folder.faults() == broken.faults)
    #expect(try folder.read().folder == nil)
  }

  @Test(arguments: BrokenDocument.sums)
  func `sums, capacity and dates are checked over the whole folder`(
    _ broken: BrokenDocument
  ) throws {
    let folder = try Folder("saltmarsh").changing(broken.file, broken.old, broken.new)
    #expect(try folder.faults() == broken.faults)
  }

  @Test(arguments: BrokenDocument.published)
  func `published and invented figures make their totals`(_ broken: BrokenDocument) throws {
    let folder = try Folder("korea-2025").changing(broken.file, broken.old, broken.new)
    #expect(try folder.faults() == broken.faults)
  }

  @Test func `every fault is found in one reading, by file and line`() throws {
    var folder = try Folder("saltmarsh")
    folder.change("supply.yaml", "spares: 8", "spare: 8\n        spare: 9")
    folder.change("parties.yaml", "kind: agency", "kind: agancy")
    folder.change("pools.yaml", "share: \"60%\"", "share: \"50%\"")
    folder.change("fleet.yaml", "servers: 20", "servers: x")
    folder.change("rules/round-2.yaml", "unit: 4", "unit: 0")
    let lines = try folder.read().diagnostics.map { "\($0.file):\($0.line)" }
    #expect(
      lines == [
        "fleet.yaml:17", "parties.yaml:3", "pools.yaml:4", "rules/round-2.yaml:3",
        "supply.yaml:18", "supply.yaml:19",
      ])
  }

  @Test func `faults are said in Korean too`() throws {
    let folder = try Folder("saltmarsh")
      .changing("supply.yaml", "owner: computing-agency", "owner: computing-agencie")
    let text = try folder.read().diagnostics.map { $0.text(.ko) }
    #expect(
      text == [
        "supply.yaml:4: 참여자 ‘computing-agencie’ 이름을 찾을 수 없습니다.\n"
          + "  혹시 ‘computing-agency’ 아닙니까?"
      ])
  }

  @Test func `a thousand and more faults are counted, not listed`() throws {
    var folder = try Folder("saltmarsh")
    let keys = (1...3_000).map { "key\($0): 1\n" }.joined()
    folder.set("prices.yaml", folder.text("prices.yaml") + keys)
    let faults = try folder.faults()
    #expect(faults.count == 1_001)
    #expect(
      faults.last
        == "prices.yaml:1010: There are 2000 more faults.\n  Correct these and check again.")
  }

  @Test func `a file that is missing or strays is named`() throws {
    var folder = try Folder("saltmarsh")
    folder.files["holliday.yaml"] = folder.files["holidays.yaml"]
    folder.files["holidays.yaml"] = nil
    #expect(
      try folder.faults() == [
        "holidays.yaml:1: There is no such file.\n  Put it into the programme's folder; "
          + "Programmes/README.md says what stands in it.",
        "holliday.yaml:1: Nothing reads this file.\n  Did you mean ‘holidays.yaml’?",
      ])
  }
}
