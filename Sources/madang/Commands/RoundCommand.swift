import ArgumentParser
import MadangProgramme
import MadangViews

struct RoundCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "round",
    abstract: .said(
      ko: "회차: 선정, 승인, 공개, 비교, 다른 규칙 시험.",
      en: "A round: decide, approve, publish, compare, try other rules."),
    discussion: .said(
      examples: """
        madang round show
        madang round ranking --selected
        madang round decide --rules Programmes/korea-2025/what-if/no-shares.yaml --dry-run
        madang round compare
        """),
    subcommands: [
      RoundList.self, RoundShow.self, RoundRanking.self, RoundDecide.self, RoundReturn.self,
      RoundApprove.self, RoundPublish.self, RoundCompare.self,
    ],
    defaultSubcommand: RoundShow.self)
}

struct RoundList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: .said(ko: "모든 회차.", en: "All rounds."))
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listRounds")
  }
}

struct RoundShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: .said(
      ko: "회차 하나: 규칙, 물량, 진행 상태.", en: "One round: its rules, capacity and where it stands."))
  @OptionGroup var common: CommonOptions
  @Argument(
    help: .said(
      ko: "round-1. 없으면 신청이 있는 가장 새 회차.", en: "round-1; else the newest with applications."))
  var round: String?

  func run() throws {
    try common.show("getRound", ["round": try common.roundName(round)])
  }
}

struct RoundRanking: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ranking",
    abstract: .said(
      ko: "순위와 선정 기준선, 예비순위 명단, 사유.", en: "The ranking with cut-off, reserve list and reasons."))
  @OptionGroup var common: CommonOptions
  @Argument(
    help: .said(
      ko: "round-1. 없으면 신청이 있는 가장 새 회차.", en: "round-1; else the newest with applications."))
  var round: String?
  @Flag(name: .long, help: .said(ko: "선정된 신청만.", en: "Only those who were selected."))
  var selected = false
  @Flag(name: .long, help: .said(ko: "예비순위 명단만.", en: "Only the reserve list.")) var reserve = false
  @Option(name: .long, help: .said(ko: "최대 행 수. 0이면 모두.", en: "At most so many rows; 0 for all."))
  var limit = 0

  func run() throws {
    let only = selected ? "selected" : reserve ? "reserve" : nil
    try common.show(
      "getRanking", ["round": try common.roundName(round), "only": only], limit: limit)
  }
}

struct RoundDecide: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decide",
    abstract: .said(
      ko: "선정안을 기안하거나 다른 규칙으로 시험합니다.", en: "Draft the decision, or try it under other rules."),
    discussion: .said(
      ko: """
        --dry-run이면 아무것도 기록하지 않습니다. 복사본에서 정하고, 회차의 규칙과 달라지는 것을 출력합니다. 연습이 아니면 다른 규칙은 이렇게만 \
        시험할 수 있습니다.
        """,
      en: """
        With --dry-run nothing is recorded: the round is decided on a copy, and what changes \
        against the round's own rules is printed. Outside an exercise other rules can be \
        tried only so.
        """))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(
    help: .said(
      ko: "round-1. 없으면 신청이 있는 가장 새 회차.", en: "round-1; else the newest with applications."))
  var round: String?
  @Option(
    name: .long,
    help: .said(
      ko: "규칙 파일. 없으면 회차의 규칙.", en: "A rule set; else the round's own.", valueName: "file"),
    completion: .file(extensions: ["yaml"]))
  var rules: String?
  @Flag(
    name: .long,
    help: .said(
      ko: "복사본에서 정하고 누가 얻고 잃는지 출력합니다.", en: "Decide on a copy and print who wins and who loses."))
  var dryRun = false

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
    commandName: "return", abstract: .said(ko: "선정안을 반려합니다.", en: "Send a draft back."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "round-1") var round: String

  func run() throws {
    try common.give("returnRound", ["round": round], write)
  }
}

struct RoundApprove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "approve",
    abstract: .said(
      ko: "선정안을 승인합니다. 기안한 사람은 할 수 없습니다.", en: "Approve a draft; not by whoever drafted it."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "round-1") var round: String

  func run() throws {
    try common.give("approveRound", ["round": round], write)
  }
}

struct RoundPublish: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "publish",
    abstract: .said(
      ko: "승인된 선정을 공개하고 제안을 만듭니다.", en: "Publish an approved decision and make the offers."))
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
    abstract: .said(
      ko: "우리 결과와 발표된 결과, 그리고 차이의 분해.",
      en: "Our outcome beside the published one, and the difference taken apart."))
  @OptionGroup var common: CommonOptions
  @Argument(
    help: .said(
      ko: "round-1. 없으면 신청이 있는 가장 새 회차.", en: "round-1; else the newest with applications."))
  var round: String?

  func run() throws {
    try common.show("compareRound", ["round": try common.roundName(round)])
  }
}
