import ArgumentParser
import Foundation
import MadangDocuments
import MadangProgramme
import MadangViews

struct RoundCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "round",
    abstract: "A round: decide, approve, publish, compare, try other rules.",
    discussion: """
      Examples:
        madang round show
        madang round ranking --selected
        madang round decide --rules Programmes/korea-2025/what-if/no-shares.yaml --dry-run
        madang round compare
      """,
    subcommands: [
      RoundList.self, RoundShow.self, RoundRanking.self, RoundDecide.self, RoundReturn.self,
      RoundApprove.self, RoundPublish.self, RoundCompare.self,
    ],
    defaultSubcommand: RoundShow.self)
}

struct RoundList: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "All rounds.")
  @OptionGroup var common: CommonOptions

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    var table = Table([
      ("", .left), (output.say(ko: "공모", en: "call"), .left),
      (output.say(ko: "회차", en: "round"), .right), (output.say(ko: "상태", en: "state"), .left),
      (output.say(ko: "접수", en: "opens"), .left), (output.say(ko: "마감", en: "closes"), .left),
      (output.say(ko: "신청", en: "applications"), .right),
    ])
    var json: [JSON] = []
    programme.rounds.forEach { id, state in
      table.add(
        "\(id)", programme.calls[state.round.call].name[output.language],
        output.say(ko: "\(state.round.number)차", en: "\(state.round.number)"),
        state.stage.name(output.language), output.time(state.round.opens, programme),
        output.time(state.round.closes, programme), state.applicationCount.grouped)
      json.append(programme.json(id))
    }
    output.print(text: table.text, json: .array(json))
  }
}

struct RoundShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One round: its rules, capacity and where it stands.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "round-1; else the newest with applications.") var round: String?

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let id = try programme.round(round, output)
    output.print(
      text: RoundView.text(id, programme, output), json: programme.json(id))
  }
}

struct RoundRanking: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ranking", abstract: "The ranking with cut-off, reserve list and reasons.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "round-1; else the newest with applications.") var round: String?
  @Flag(name: .long, help: "Only those who were selected.") var selected = false
  @Flag(name: .long, help: "Only the reserve list.") var reserve = false
  @Option(name: .long, help: "At most so many rows; 0 for all.") var limit = 0

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let id = try programme.round(round, output)
    var rows = programme.ranking(of: id)
    if selected { rows = rows.filter(\.isSelected) }
    if reserve { rows = rows.filter { $0.reserve > 0 } }
    if limit > 0 { rows = Array(rows.prefix(limit)) }
    output.print(
      text: RoundView.rankingText(rows, id, programme, output),
      json: .array(rows.map { programme.json($0) }))
  }
}

struct RoundDecide: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decide",
    abstract: "Draft the decision, or try it under other rules.",
    discussion: """
      With --dry-run nothing is recorded: the round is decided on a copy, and what changes against \
      the round's own rules is printed.
      """)
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "round-1; else the newest with applications.") var round: String?
  @Option(
    name: .long, help: ArgumentHelp("A rule set; else the round's own.", valueName: "file"),
    completion: .file(extensions: ["yaml"]))
  var rules: String?
  @Flag(name: .long, help: "Decide on a copy and print who wins and who loses.") var dryRun = false

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let id = try programme.round(round, output)
    let own = programme.rounds[id].round.rules
    let chosen = try rules.map { try Office.ruleSet($0, programme, output) } ?? own
    if dryRun {
      let whatIf = try output.refusing { () throws(Refusal) in
        try programme.whatIf(id, base: own, other: chosen)
      }
      output.print(
        text: RoundView.text(whatIf, own, chosen, programme, output),
        json: RoundView.json(whatIf, chosen, programme))
      return
    }
    let office = try Office(common)
    try office.give(.draftRound(id, rules: chosen, ruleSet: Office.digest(of: chosen)), write)
    let draft = office.programme.rounds[id].draft?.outcomes.value ?? []
    let count = draft.filter(\.isSelected).count
    office.done(
      ko: "\(id)의 선정안을 기안했습니다: \(count)건. 다른 사람이 승인해야 합니다: madang round approve \(id) --as 이름",
      en: "Drafted the decision of \(id): \(count) selected. Somebody else has to approve it: "
        + "madang round approve \(id) --as NAME")
  }
}

struct RoundReturn: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "return", abstract: "Send a draft back.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "round-1") var round: String

  func run() throws {
    let office = try Office(common)
    let id = try office.programme.round(round, common.output)
    try office.give(.returnDraft(id), write)
    office.done(ko: "\(id)의 선정안을 반려했습니다.", en: "Returned the draft of \(id).")
  }
}

struct RoundApprove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Approve a draft; not by whoever drafted it.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "round-1") var round: String

  func run() throws {
    let office = try Office(common)
    let id = try office.programme.round(round, common.output)
    try office.give(.approveRound(id), write)
    office.done(ko: "\(id)의 선정안을 승인했습니다.", en: "Approved the decision of \(id).")
  }
}

struct RoundPublish: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish", abstract: "Publish an approved decision and make the offers.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "round-1") var round: String

  func run() throws {
    let office = try Office(common)
    let id = try office.programme.round(round, common.output)
    try office.give(.publishRound(id), write)
    office.done(ko: "\(id)의 결과를 공개했습니다.", en: "Published the decision of \(id).")
  }
}

struct RoundCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Our outcome beside the published one, and the difference taken apart.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "round-1; else the newest with applications.") var round: String?

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let id = try programme.round(round, output)
    let rules = programme.rounds[id].published?.rules ?? programme.rounds[id].round.rules
    let comparison = try output.refusing { () throws(Refusal) in
      try programme.comparison(of: id, rules: rules)
    }
    output.print(
      text: RoundView.text(comparison, id, programme, output),
      json: RoundView.json(comparison, id, programme))
  }
}
