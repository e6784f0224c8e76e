import Foundation
import MadangProgramme
import Testing

@testable import MadangDocuments

@Suite struct RealFolderTests {
  /// The folders, and a day on which everything they record has happened.
  static let folders = [("korea-2025", "2026-03-16"), ("saltmarsh", "2026-07-01")]

  @Test(arguments: folders)
  func `a real folder has no fault and its commands are accepted`(
    name: String, day: String
  ) throws {
    let result = readProgramme(
      at: Folder.programmes.appending(path: name), algorithms: try Folder.algorithms())
    #expect(result.diagnostics.map { $0.text(.en) } == [])
    let folder = try required(result.folder)
    let programme = try applying(folder.commands(), on: day)
    #expect(programme.charter == folder.charter)
    #expect(programme.rounds.count > 0)
    #expect(folder.commands(onto: programme).isEmpty, "a second load adds something")
    #expect(folder.conflicts(with: programme).isEmpty)
  }

  @Test func `Korea's numbers arrive as they stand in the files`() throws {
    let folder = try required(try Folder("korea-2025").read().folder)
    let programme = try applying(folder.commands(), on: "2026-03-16")
    #expect(programme.target?.value == 260_000)
    #expect(programme.target?.others.map(\.value) == [262_000])
    #expect(programme.lines.count == 6)
    let kakao = programme.lines[LineID(2)]
    #expect(kakao.line.slug.value == "kakao-b200")
    #expect(kakao.line.operatorShare?.value == 384)
    let day = try required(Day("2026-03-03"))
    #expect(kakao.awardable(minimum: .announced, on: nil).value(on: day) == 2_040)
    let round = programme.rounds[RoundID(1)].round
    // Midnight in Seoul is 15:00 UTC of the day before.
    #expect(round.closes == Instant(1_769_612_400))
    #expect(round.offers.map(\.gpus.value) == [2_296, 2_040])
    #expect(round.rules.shares.map(\.weight) == [30, 20])
    let results = folder.results(onto: programme)
    #expect(results.map(\.0) == [RoundID(1)])
    #expect(results.first?.1.byTrack.map(\.selectedGPUs.value) == [2_624, 1_288, 312])
    let spec = try required(folder.synthetic(onto: programme).first)
    #expect(spec.tracks.map(\.applications) == [322, 128, 64])
    #expect(spec.tracks.map(\.form) == [.university, .company, .institute])
    #expect(folder.regions.count == 4)
  }

  @Test func `a published result is accepted when it is reported`() throws {
    let folder = try required(try Folder("korea-2025").read().folder)
    let commands =
      folder.commands() + folder.results().map { Command.reportResult($0.0, $0.1) }
    let programme = try applying(commands, on: "2026-03-16")
    #expect(programme.rounds[RoundID(1)].result?.selectedProjects.value == 159)
  }

  @Test func `Saltmarsh keeps its half hour and its summer time`() throws {
    let folder = try required(try Folder("saltmarsh").read().folder)
    let days = folder.charter.days
    #expect(days.oddDays.count == 8)
    #expect(days.oddDays.first?.day == Day("2026-03-08"))
    #expect(days.oddDays.prefix(2).map(\.lengthSeconds) == [82_800, 90_000])
    let programme = try applying(folder.commands(), on: "2026-07-01")
    let round = programme.rounds[RoundID(1)].round
    // 2026-02-15T09:00 at −3:30, and 2026-03-19T17:30 at −2:30.
    #expect(round.opens == Instant(1_771_158_600))
    #expect(round.closes == Instant(1_773_950_400))
    #expect(programme.lines[LineID(1)].units.map(\.servers) == [20, 20])
    #expect(folder.lastRecordedDay == Day("2026-06-29"))
  }

  @Test func `every what-if rule set can be read against the programme`() throws {
    for (name, day) in RealFolderTests.folders {
      let folder = try required(try Folder(name).read().folder)
      let programme = try applying(folder.commands(), on: day)
      for kind in ["rules", "what-if"] {
        let place = Folder.programmes.appending(path: name).appending(path: kind)
        for file in try FileManager.default.contentsOfDirectory(atPath: place.path) {
          let result = readRuleSet(at: place.appending(path: file), in: programme)
          #expect(result.diagnostics.map { $0.text(.en) } == [])
          #expect(result.rules?.fault(pools: programme.pools) == nil)
          #expect(result.rules?.slug.value == String(file.dropLast(5)))
        }
      }
    }
  }
}
