import ArgumentParser
import Foundation
import MadangDocuments
import MadangProgramme
import MadangServer
import MadangSimulator
import MadangViews

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: .said(
      ko: "예시 사업을 불러와 1차 회차를 재현하고 결과를 출력하며, 화면으로 엽니다.",
      en: "Load the sample programme, replay its first round, print the result; and serve it."),
    discussion: .said(
      ko: """
        신청자는 가상입니다. 발표된 합계에 맞추어 시드로 만듭니다. 나머지는 모두 발표된 것이며 출처와 확실성이 적혀 있습니다.
        """,
      en: """
        The applicants are synthetic: made from a seed to the published totals. Everything \
        else is what was published, with its source and how sure it is.
        """,
      examples: """
        madang demo
        madang demo --listen 127.0.0.1:8080
        madang demo --data /tmp/undecided --undecided --listen 127.0.0.1:8080
        """))
  @OptionGroup var common: CommonOptions
  @Option(
    name: .long,
    help: .said(ko: "가상 신청자의 시드. 없으면 2025.", en: "The seed of the synthetic applicants; else 2025.")
  ) var seed: UInt64?
  @Option(
    name: .long,
    help: .said(
      ko: "사업 폴더. 없으면 Programmes/korea-2025.",
      en: "The programme's folder; else Programmes/korea-2025."),
    completion: .directory)
  var programme: String?
  @Flag(
    name: .long,
    help: .said(
      ko: "선정 전에 멈춥니다. officer가 기안하고 approver가 승인합니다.",
      en: "Stop before the decision: the officer drafts it, and the approver approves it."))
  var undecided = false
  @OptionGroup var listening: ListenOptions

  func run() throws {
    let output = common.output
    // Before anything is made: a server that is named is not what this makes a folder for.
    try Office.needFolder(common, creating: true)
    let path = try programme ?? Demo.sampleFolder(output)
    let (folder, faults) = try Office.readFolder(path, output)
    guard let folder, faults.isEmpty else {
      Office.print(faults, output)
      throw ExitCode(1)
    }
    // Its times and applicants are made up: it never founds a real ledger.
    guard folder.charter.exercise else {
      throw Failure.usage(
        output, ko: "demo는 연습 사업(exercise: true)만 재현합니다.",
        en: "demo replays exercises only (exercise: true in programme.yaml).")
    }
    if Office.exists(common) {
      guard seed == nil else {
        throw Failure.usage(
          output, ko: "\(common.folder.path)에 이미 재현이 있습니다. 다른 시드는 다른 폴더(--data)에서 쓰십시오.",
          en: "There is a replay in \(common.folder.path) already: use another seed with --data.")
      }
      let known = try Office.read(common)
      guard known.charter?.slug == folder.charter.slug, known.charter?.exercise == true else {
        throw Failure(ProgrammeRefusal.alreadyFounded, output)
      }
      output.remark(
        ko: "\(common.folder.path)의 기존 재현을 보여 줍니다.",
        en: "Showing the replay that is already in \(common.folder.path).")
      try Demo.show(known, common, sample: path)
    } else {
      try make(folder, output)
      try Demo.show(try Office.read(common), common, sample: path)
    }
    if listening.listen != nil { try Serving(common: common, listening: listening).run() }
  }
}

extension DemoCommand {
  /// Makes the replay beside its place and moves it there when it is whole, so that a replay that
  /// was interrupted leaves nothing behind that looks like one.
  private func make(_ folder: ProgrammeFolder, _ output: Output) throws {
    let target = common.folder.path
    var beside = common
    beside.data = target + ".making"
    if FileManager.default.fileExists(atPath: beside.folder.path) {
      try FileManager.default.removeItem(at: beside.folder)
    }
    let office = try Office(beside, creating: true)
    try Replay(
      folder: folder, office: office, seed: seed ?? 2_025, output: output, decides: !undecided
    )
    .run()
    try office.close()
    guard rename(beside.folder.path, target) == 0 else {
      throw Failure(
        code: "MDG-3003",
        what: output.say(
          ko: "\(target)에 다른 것이 있습니다.", en: "There is something else in \(target)."),
        help: output.say(
          ko: "빈 폴더나 새 폴더를 지정하십시오(--data).", en: "Name an empty or a new folder (--data)."),
        json: common.json)
    }
  }
}

enum Demo {
  /// The sample beside the working folder, or beside the binary's package.
  static func sampleFolder(_ output: Output) throws -> String {
    guard let folder = folder(of: "korea-2025") else {
      throw Failure.unknown("Programmes/korea-2025", output)
    }
    return folder
  }

  /// A programme's folder by its short name, where there is one.
  static func folder(of programme: String) -> String? {
    let binary = URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
    var candidates = ["Programmes/\(programme)"]
    var above = binary.deletingLastPathComponent()
    for _ in 0..<5 {
      above = above.deletingLastPathComponent()
      candidates.append(above.appendingPathComponent("Programmes/\(programme)").path)
    }
    candidates.append("/usr/share/madang/Programmes/\(programme)")
    return candidates.first { FileManager.default.fileExists(atPath: $0) }
  }

  static func show(_ programme: Programme, _ common: CommonOptions, sample: String) throws {
    let output = common.output
    guard
      let id = programme.rounds.ids.first(where: { programme.rounds[$0].stage == .published })
    else { return }
    var values = Values()
    values.set("round", .text("\(id)"))
    let parts = try ["getSupply", "getRound", "compareRound"].compactMap { read in
      try output.refusing { () throws(Refusal) in
        try MadangViews.Operation.named(read).flatMap { (operation) throws(Refusal) in
          try programme.answer(operation, values, for: .keeper, output.language)
        }
      }
    }
    let options = common.data.map { " --data '\($0)'" } ?? ""
    let next = next(id, programme, options, whatIf(in: sample), output)
    let name = programme.charter?.name[output.language] ?? ""
    output.print(
      text: name + "\n\n"
        + (parts.map { $0.text(output.language) } + [next]).joined(separator: "\n\n\n"),
      json: .object(
        zip(["supply", "round", "comparison"], parts).map { ($0, $1.json) }))
  }

  private static func next(
    _ id: RoundID, _ programme: Programme, _ options: String, _ whatIf: String?,
    _ output: Output
  ) -> String {
    let ranking = programme.ranking(of: id)
    let reserve = ranking.first { $0.reserve > 0 }?.application
    let chosen = ranking.first { $0.isSelected }?.application
    let madang = ".build/release/madang"
    let lines = [
      output.say(ko: "다음에 해 볼 것", en: "Try next"),
      "  \(madang) application why \(reserve.map { "\($0)" } ?? "application-1")\(options)",
      whatIf.map { "  \(madang) round decide --rules \($0) --dry-run\(options)" },
      "  \(madang) contract decline \(chosen.map { "\($0)" } ?? "application-1")\(options)",
      "  \(madang) ledger verify\(options)",
    ]
    return lines.compactMap { $0 }.joined(separator: "\n")
  }

  /// The first of the sample's alternative rule sets.
  private static func whatIf(in sample: String) -> String? {
    OtherRules.files(in: sample + "/what-if").first
  }
}
