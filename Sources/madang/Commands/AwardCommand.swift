import ArgumentParser
import Foundation
import MadangJournal
import MadangProgramme
import MadangViews

struct AwardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "award", abstract: "Awards: what contracts entitle to, and how they stand.",
    discussion: """
      Examples:
        madang award
        madang award show award-1
        madang award add-member award-1 --person kim
      """,
    subcommands: [
      AwardList.self, AwardShow.self, AwardMembers.self, AwardAddMember.self,
      AwardRemoveMember.self,
    ],
    defaultSubcommand: AwardList.self)
}

struct AwardList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Awards with their terms and clocks.")
  @OptionGroup var common: CommonOptions

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    var table = Table([
      (output.say(ko: "배정", en: "award"), .left), (output.say(ko: "신청", en: "application"), .left),
      ("GPU", .right), (output.say(ko: "물량", en: "line"), .left),
      (output.say(ko: "부터", en: "from"), .left), (output.say(ko: "전까지", en: "to before"), .left),
      (output.say(ko: "시계", en: "clock"), .left),
    ])
    var json: [JSON] = []
    programme.awards.forEach { id, award in
      table.add(
        "\(id)", "\(award.application)", award.gpus.grouped,
        programme.lines[award.line].line.slug.value, award.term.from.description,
        award.term.to.description, award.clockWords(output.language))
      json.append(programme.json(id))
    }
    output.print(text: table.text, json: .array(json))
  }
}

struct AwardShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One award: its clock, its allocations, what is owed.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "award-1") var award: String

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let id = try programme.known(award, programme.awards, output)
    let row = programme.awards[id]
    let allocations = programme.allocations.ids.filter { programme.allocations[$0].award == id }
    let synthetic = programme.applications[row.application].synthetic
    var lines = [
      "\(id)" + (synthetic ? output.say(ko: " (가상)", en: " (synthetic)") : "")
        + ": \(row.application), GPU \(row.gpus.grouped), "
        + programme.lines[row.line].line.slug.value,
      output.say(
        ko: "\(row.term.from) ~ \(row.term.to) 전", en: "\(row.term.from) to before \(row.term.to)")
        + ", " + row.clockWords(output.language),
    ]
    if row.owedDays > 0 {
      lines.append(
        output.say(
          ko: "돌려주지 못한 지연 \(row.owedDays)일", en: "\(row.owedDays) days of delay still owed"))
    }
    if !allocations.isEmpty {
      lines += ["", AllocationView.table(allocations, programme, output).text]
    }
    output.print(
      text: lines.joined(separator: "\n"),
      json: .object([
        ("award", programme.json(id)),
        ("allocations", .array(allocations.map { programme.json($0) })),
      ]))
  }
}

struct AwardMembers: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "members", abstract: "Who is in an award's team.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "award-1") var award: String

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let id = try programme.known(award, programme.awards, output)
    let ledger = try Office.ledger(common)
    var names: [String] = []
    for member in programme.members.ids {
      let row = programme.members[member]
      guard row.award == id, let person = row.person else { continue }
      names.append(
        try output.refusing { () throws(JournalError) in try ledger.label(of: person) }
          ?? "\(person)")
    }
    output.print(
      text: names.isEmpty
        ? output.say(ko: "아무도 없습니다.", en: "Nobody yet.")
        : names.joined(separator: "\n"),
      json: .array(names.map { .text($0) }))
  }
}

/// Who is added to a team, or leaves it.
struct MemberArguments: ParsableArguments {
  @Argument(help: "award-1") var award: String
  @Option(name: .long, help: ArgumentHelp("A name of yours for the person.", valueName: "name"))
  var person: String
}

struct AwardAddMember: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add-member",
    abstract: "Let somebody submit jobs and confirm servers for an award.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup var member: MemberArguments

  func run() throws {
    let office = try Office(common)
    let id = try office.programme.known(member.award, office.programme.awards, common.output)
    try office.give(.addMember(id, try office.person(member.person)), write)
    office.done(
      ko: "\(id) 참여인력에 \(member.person)을(를) 넣었습니다.",
      en: "\(member.person) is a member of \(id) now.")
  }
}

struct AwardRemoveMember: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove-member", abstract: "Take somebody out of an award's team.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup var member: MemberArguments

  func run() throws {
    let office = try Office(common)
    let id = try office.programme.known(member.award, office.programme.awards, common.output)
    try office.give(.removeMember(id, try office.person(member.person)), write)
    office.done(
      ko: "\(id) 참여인력에서 \(member.person)을(를) 뺐습니다.",
      en: "\(member.person) is no member of \(id) any more.")
  }
}
