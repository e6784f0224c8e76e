import ArgumentParser
import MadangDocuments
import MadangProgramme
import MadangViews

struct ProgrammeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "programme",
    abstract: .said(
      ko: "사업 폴더: 점검, 불러오기, 보기. 시간 보내기.",
      en: "A programme's folder: check it, load it, show it; let time pass."),
    discussion: .said(
      examples: """
        madang programme check Programmes/korea-2025
        madang programme load Programmes/korea-2025 --data /srv/madang
        madang programme figures
        """),
    subcommands: [
      ProgrammeCheck.self, ProgrammeLoad.self, ProgrammeShow.self, ProgrammeFigures.self,
      ProgrammeAdvance.self, ProgrammeExport.self,
    ],
    defaultSubcommand: ProgrammeShow.self)
}

struct ProgrammeCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: .said(
      ko: "폴더에서 잘못된 것을 한 번에 모두 알립니다.", en: "Report everything that is wrong with a folder, at once."
    ))
  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "폴더.", en: "The folder."), completion: .directory) var folder: String

  func run() throws {
    let output = common.output
    let (_, faults) = try Office.readFolder(folder, output)
    if faults.isEmpty {
      output.print(
        text: output.say(ko: "\(folder): 이상 없음", en: "\(folder): nothing wrong"),
        json: .object([("faults", .array([]))]))
      return
    }
    Office.print(faults, output)
    throw ExitCode(1)
  }
}

struct ProgrammeLoad: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "load",
    abstract: .said(
      ko: "폴더를, 또는 그 뒤 바뀐 것을 불러옵니다.", en: "Load a folder, or what changed in it since."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: .said(ko: "폴더.", en: "The folder."), completion: .directory) var folder: String
  @Option(
    name: .long,
    help: .said(
      ko: "암호: default (SHA-256, Ed25519) 또는 kr-public (SHA-256, ECDSA P-256).",
      en: "Cryptography: default (SHA-256, Ed25519) or kr-public (SHA-256, ECDSA P-256)."))
  var profile = "default"

  func run() throws {
    let output = common.output
    guard ["default", "kr-public"].contains(profile) else {
      throw Failure.choice(profile, ["default", "kr-public"], output)
    }
    let (parsed, faults) = try Office.readFolder(folder, profile: profile, output)
    guard let parsed, faults.isEmpty else {
      Office.print(faults, output)
      throw ExitCode(1)
    }
    let office = try Office(common, creating: true)
    if let known = office.programme.charter, known.slug != parsed.charter.slug {
      throw Failure(ProgrammeRefusal.alreadyFounded, output)
    }
    let conflicts = parsed.conflicts(with: office.programme)
    if !conflicts.isEmpty, !output.json { Office.print(conflicts, output) }
    let commands = parsed.commands(onto: office.programme)
    let events = try office.give(commands, write).numbers
    office.done(
      ko: events.isEmpty ? "바뀐 것이 없습니다." : "사건 \(events.count)건을 기록했습니다.",
      en: events.isEmpty ? "Nothing changed." : "Recorded \(counted(events.count, "event")).")
  }
}

struct ProgrammeShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: .said(ko: "당사자, 협약, 배분 물량.", en: "Parties, agreements and pools."))
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listAgreements")
  }
}

struct ProgrammeFigures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figures",
    abstract: .said(ko: "수치의 출처: 모든 자료.", en: "Where the figures come from: every source."))
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listSources")
  }
}

struct ProgrammeAdvance: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "advance",
    abstract: .said(
      ko: "시간을 보냅니다: 기한이 지난 제안은 소멸하고 예비순위가 올라갑니다.",
      en: "Let time pass: offers whose last day is over lapse, and the list moves up."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Option(name: .long, help: .said(ko: "이 시각까지. 없으면 지금까지.", en: "To this time; else to now."))
  var to: String?

  func run() throws {
    let moment = try (to ?? write.at).map { try Office.moment($0, common.output) }
    var write = write
    write.at = nil
    try common.give(
      "advance",
      ["to": moment.map { $0.day.description }, "minute": moment.map { "\($0.minute)" }], write)
  }
}
