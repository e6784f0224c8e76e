import MadangDocuments
import MadangProgramme
import Testing

@Suite struct ChangeTests {
  private func loaded() throws -> (folder: Folder, programme: Programme) {
    let folder = try Folder("saltmarsh")
    let programme = try applying(try required(folder.read().folder).commands(), on: "2026-07-01")
    return (folder, programme)
  }

  /// The commands of a changed folder, as one line each, and the programme after them.
  private func change(
    _ changes: [(String, String, String)]
  ) throws -> (commands: [String], conflicts: [String], programme: Programme) {
    var (folder, programme) = try loaded()
    for (file, old, new) in changes { folder.change(file, old, new) }
    let result = try folder.read()
    #expect(result.diagnostics.map { $0.text(.en) } == [])
    let read = try required(result.folder)
    let commands = read.commands(onto: programme)
    let conflicts = read.conflicts(with: programme).map { "\($0.file):\($0.line)" }
    programme = try applying(commands, to: programme, on: "2026-07-02")
    #expect(read.commands(onto: programme).isEmpty)
    return (commands.map(summary), conflicts, programme)
  }

  private func summary(_ command: Command) -> String {
    switch command {
    case .define(.party(let id, let it)): "party \(id) \(it.slug)"
    case .define(.pool(let id, let it)): "pool \(id) \(it.slug)"
    case .define(.line(let id, let it)): "line \(id) \(it.slug)"
    case .define(.round(let id, let it)): "round \(id) \(it.number)"
    case .define(.holidays): "holidays"
    case .recordStep(let id, let step): "step \(id) \(step.state) \(step.gpus)"
    case .registerUnits(let id, let units): "units \(id) \(units.servers)"
    case .scheduleMaintenance(let id, let window): "maintenance \(id) \(window.gpus)"
    default: "another"
    }
  }

  @Test func `a changed name is one definition under the same number`() throws {
    let result = try change([("parties.yaml", "Reed Cloud (invented)", "Reed Clouds (invented)")])
    #expect(result.commands == ["party party-7 reed-cloud"])
    #expect(result.programme.parties[PartyID(7)].name.en.value == "Reed Clouds (invented)")
  }

  @Test func `what is inserted in the middle of a file gets the next number`() throws {
    let new =
      "{slug: mudlark, name: {ko: \"갯벌\", en: \"Mudlark\"}, kind: vendor}\n  - {slug: saltworks"
    let result = try change([("parties.yaml", "{slug: saltworks", new)])
    #expect(result.commands == ["party party-10 mudlark"])
  }

  @Test func `only the steps, servers and windows that are new are recorded`() throws {
    let step =
      "- {state: inService, gpus: 64, on: 2026-07-02, confidence: contracted, "
      + "source: campus-register, planned: true}"
    let result = try change([
      (
        "supply.yaml", "source: campus-register}\n  - slug: lighthouse",
        "source: campus-register}\n          \(step)\n  - slug: lighthouse"
      ),
      (
        "supply.yaml", "maintenance:",
        "maintenance:\n  - {line: campus/campus-heron, gpus: 4, from: 2026-08-01, "
          + "to: 2026-08-02, source: works-plan}"
      ),
    ])
    #expect(result.commands == ["maintenance line-3 4", "step line-4 inService 64"])
    #expect(result.conflicts == [])
  }

  @Test func `a recorded step that was changed in its file is told and adds nothing`() throws {
    let result = try change([
      ("supply.yaml", "gpus: 80, on: 2026-06-01", "gpus: 80, on: 2026-06-02")
    ])
    #expect(result.commands == [])
    #expect(result.conflicts == ["supply.yaml:10"])
  }

  @Test func `what is gone from the files stays in the programme, and is told`() throws {
    let result = try change([
      (
        "holidays.yaml",
        "  - {on: 2027-01-03, name: {ko: \"새해 다음 날 (가상)\", en: \"Day after New Year (invented)\"}}",
        ""
      ),
      (
        "prices.yaml",
        "  - {slug: other-hour, sector: founders, unit: gpu-hour, amount: 2, published: true}", ""
      ),
    ])
    #expect(result.commands == ["holidays"])
    #expect(result.conflicts == ["prices.yaml:1"])
    #expect(result.programme.prices.count == 4)
  }

  @Test func `a charter does not change after the first load`() throws {
    let result = try change([("programme.yaml", "dropBelow: 5", "dropBelow: 6")])
    #expect(result.commands == [])
    #expect(result.conflicts == ["programme.yaml:1"])
  }

  @Test func `shares move between pools without passing the whole on the way`() throws {
    let result = try change([
      ("pools.yaml", "share: \"60%\"", "share: \"75%\""),
      ("pools.yaml", "share: \"40%\"", "share: \"25%\""),
    ])
    #expect(result.commands == ["pool pool-3 open", "pool pool-2 public-good"])
  }

  @Test func `a new pool takes its share from another`() throws {
    let new =
      "share: \"27.5%\"}\n  - {slug: elders, name: {ko: \"어르신\", en: \"Elders\"}, "
      + "parent: open, share: \"10%\"}"
    let result = try change([("pools.yaml", "share: \"37.5%\"}", new)])
    #expect(result.commands == ["pool pool-8 citizens", "pool pool-9 elders"])
  }

  @Test func `a changed rule set defines the rounds that use it`() throws {
    let result = try change([("rules/round-2.yaml", "skips: false", "skips: true")])
    #expect(result.commands == ["round round-2 2"])
  }

  @Test func `a child that stands before its parent is defined after it`() throws {
    var folder = try Folder("saltmarsh")
    let line =
      "  - {slug: citizens, name: {ko: \"시민 (가상)\", en: \"Citizens (invented)\"}, "
      + "parent: open, share: \"37.5%\"}\n"
    folder.change("pools.yaml", line, "")
    folder.change("pools.yaml", "pools:\n", "pools:\n" + line)
    let read = try required(folder.read().folder)
    let programme = try applying(read.commands(), on: "2026-07-01")
    #expect(programme.pools.count == 8)
    #expect(read.commands(onto: programme).isEmpty)
  }
}
