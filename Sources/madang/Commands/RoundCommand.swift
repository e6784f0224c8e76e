import ArgumentParser
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
    try common.show("listRounds")
  }
}

struct RoundShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One round: its rules, capacity and where it stands.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "round-1; else the newest with applications.") var round: String?

  func run() throws {
    try common.show("getRound", ["round": try common.roundName(round)])
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
    let only = selected ? "selected" : reserve ? "reserve" : nil
    try common.show(
      "getRanking", ["round": try common.roundName(round), "only": only], limit: limit)
  }
}

struct RoundDecide: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decide",
    abstract: "Draft the decision, or try it under other rules.",
    discussion: """
      With --dry-run nothing is recorded: the round is decided on a copy, and what changes against \
      the round's own rules is printed. Outside an exercise other rules can be tried only so.
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
    guard dryRun || rules != nil else {
      try common.give("draftRound", ["round": try common.roundName(round)], write)
      return
    }
    let output = common.output
    let programme = try Office.read(common)
    let id = try programme.round(round, output)
    let own = programme.rounds[id].round.rules
    let chosen = try rules.map { try Office.ruleSet($0, programme, output) } ?? own
    if dryRun {
      let whatIf = try output.refusing { () throws(Refusal) in
        try programme.whatIf(id, base: own, other: chosen)
      }
      let answer = programme.answer(whatIf, own, chosen)
      output.print(text: answer.text(output.language), json: answer.json)
      return
    }
    let answer = try Office(common).draft(id, chosen, write)
    output.print(text: answer.text(output.language), json: answer.json)
  }
}

struct RoundReturn: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "return", abstract: "Send a draft back.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "round-1") var round: String

  func run() throws {
    try common.give("returnRound", ["round": round], write)
  }
}

struct RoundApprove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Approve a draft; not by whoever drafted it.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "round-1") var round: String

  func run() throws {
    try common.give("approveRound", ["round": round], write)
  }
}

struct RoundPublish: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish", abstract: "Publish an approved decision and make the offers.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "round-1") var round: String

  func run() throws {
    try common.give("publishRound", ["round": round], write)
  }
}

struct RoundCompare: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Our outcome beside the published one, and the difference taken apart.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "round-1; else the newest with applications.") var round: String?

  func run() throws {
    try common.show("compareRound", ["round": try common.roundName(round)])
  }
}
