import ArgumentParser
import Foundation
import MadangDocuments
import MadangProgramme
import MadangViews

struct ProgrammeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "programme",
    abstract: "A programme's folder: check it, load it, show it; let time pass.",
    discussion: """
      Examples:
        madang programme check Programmes/korea-2025
        madang programme load Programmes/korea-2025 --data /srv/madang
        madang programme figures
      """,
    subcommands: [
      ProgrammeCheck.self, ProgrammeLoad.self, ProgrammeShow.self, ProgrammeFigures.self,
      ProgrammeAdvance.self, ProgrammeExport.self,
    ],
    defaultSubcommand: ProgrammeShow.self)
}

struct ProgrammeCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Report everything that is wrong with a folder, at once.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "The folder.", completion: .directory) var folder: String

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
    commandName: "load", abstract: "Load a folder, or what changed in it since.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "The folder.", completion: .directory) var folder: String
  @Option(
    name: .long,
    help: "Cryptography: default (SHA-256, Ed25519) or kr-public (SHA-256, ECDSA P-256).")
  var profile = "default"

  func validate() throws {
    guard ["default", "kr-public"].contains(profile) else {
      throw ValidationError("--profile is default or kr-public.")
    }
  }

  func run() throws {
    let output = common.output
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
      en: events.isEmpty ? "Nothing changed." : "Recorded \(events.count) events.")
  }
}

struct ProgrammeShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Parties, agreements and pools.")
  @OptionGroup var common: CommonOptions

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    var lines: [String] = []
    if let charter = programme.charter {
      lines.append(charter.name[output.language])
      lines.append(
        output.say(
          ko: "오늘 \(output.time(programme.now, programme)), 사건 \(programme.eventCount)건",
          en: "today \(output.time(programme.now, programme)), \(programme.eventCount) events"))
      if charter.exercise {
        lines.append(
          output.say(
            ko: "연습입니다: 시계와 신청은 모의입니다.", en: "An exercise: clock and applications are simulated."))
      }
    }
    programme.agreements.forEach { id, agreement in
      lines += ["", "\(agreement.on)  \(agreement.name[output.language])"]
      programme.commitments.forEach { _, commitment in
        guard commitment.agreement == id else { return }
        let gpus =
          commitment.gpus.map { claims in
            ": "
              + claims.all.map { "\($0.value.grouped) (\($0.confidence.name(output.language)))" }
              .joined(separator: output.say(ko: " 또는 ", en: " or "))
          } ?? ""
        lines.append("  · \(commitment.text[output.language])\(gpus)")
      }
    }
    lines += ["", output.say(ko: "배분 물량", en: "Pools")]
    programme.pools.forEach { id, pool in
      lines.append(
        String(repeating: "  ", count: depth(id, programme)) + pool.name[output.language]
          + (pool.share.map { " \($0)" } ?? ""))
    }
    output.print(text: lines.joined(separator: "\n"), json: json(programme))
  }

  private func depth(_ id: PoolID, _ programme: Programme) -> Int {
    var depth = 1
    var above = programme.pools[id].parent
    while let pool = above {
      depth += 1
      above = programme.pools[pool].parent
    }
    return depth
  }

  private func json(_ programme: Programme) -> JSON {
    .object([
      ("slug", .optional(programme.charter?.slug.value)),
      ("exercise", .bool(programme.charter?.exercise ?? false)),
      ("now", .int(programme.now.seconds)), ("events", .int(programme.eventCount)),
      ("target", programme.target.map { programme.json($0) } ?? .null),
      (
        "commitments",
        .array(
          programme.commitments.ids.map { id in
            let row = programme.commitments[id]
            return .object([
              ("id", .text("\(id)")), ("slug", .text(row.slug.value)),
              ("agreement", .text(programme.agreements[row.agreement].slug.value)),
              ("from", .text(programme.parties[row.from].slug.value)),
              ("to", .array(row.to.map { .text(programme.parties[$0].slug.value) })),
              ("gpus", row.gpus.map { programme.json($0) } ?? .null),
              ("attestation", .text(row.attestation.rawValue)),
            ])
          })
      ),
      (
        "pools",
        .array(
          programme.pools.ids.map { id in
            let row = programme.pools[id]
            return .object([
              ("id", .text("\(id)")), ("slug", .text(row.slug.value)),
              ("parent", .optional(row.parent.map { programme.pools[$0].slug.value })),
              ("share", .optional(row.share.map { "\($0)" })),
            ])
          })
      ),
    ])
  }
}

struct ProgrammeFigures: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "figures", abstract: "Where the figures come from: every source.")
  @OptionGroup var common: CommonOptions

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    var table = Table([
      (output.say(ko: "출처", en: "source"), .left), (output.say(ko: "날짜", en: "day"), .left),
      (output.say(ko: "매체", en: "publisher"), .left), (output.say(ko: "제목", en: "title"), .left),
    ])
    var json: [JSON] = []
    programme.sources.forEach { id, source in
      table.add(
        source.slug.value,
        source.dayKnown ? source.on.description : String(source.on.description.prefix(7)),
        source.publisher.value, source.title.value)
      json.append(
        .object([
          ("id", .text("\(id)")), ("slug", .text(source.slug.value)),
          ("on", .text(source.on.description)), ("dayKnown", .bool(source.dayKnown)),
          ("publisher", .text(source.publisher.value)), ("title", .text(source.title.value)),
          ("url", .optional(source.url?.value)),
        ]))
    }
    output.print(text: table.text, json: .array(json))
  }
}

struct ProgrammeAdvance: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "advance",
    abstract: "Let time pass: offers whose last day is over lapse, and the list moves up.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Option(name: .long, help: "To this time; else to now.") var to: String?

  func run() throws {
    let office = try Office(common)
    let received = try office.received(to ?? write.at)
    let events = try office.give(.advance(received), write, received: received).numbers
    office.done(
      ko: "\(common.output.time(office.programme.now, office.programme))까지, 사건 \(events.count)건.",
      en:
        "To \(common.output.time(office.programme.now, office.programme)): \(events.count) events.")
  }
}
