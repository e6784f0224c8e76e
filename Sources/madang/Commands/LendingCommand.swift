import ArgumentParser

struct LendingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lending",
    abstract: .said(
      ko: "한 팀이 다른 팀에 한시적으로 빌려주는 GPU: 제안, 체결, 반환 요청.",
      en: "GPUs that one team lends another for a time: offered, concluded, asked back."),
    discussion: .said(
      ko: """
        빌려주는 팀의 사람이 제안하고 빌리는 팀의 사람이 체결합니다. 빌린 것은 그날까지 빌린 팀의 할당입니다. 반환을 요청하면 약정한 통지 날수 뒤에, \
        스스로 돌려주면 곧바로 끝납니다. 데이터가 지워진 뒤 빌려준 팀에 돌아옵니다.
        """,
      en: """
        A member of the team that lends offers, a member of the other concludes. What is \
        lent is an allocation of the borrower's until its day; asked back, it ends with the \
        notice that was agreed, in whole days; given back, at once. The lender has it again \
        once it was wiped.
        """,
      examples: """
        madang lending offer allocation-1 --gpus 8 --to award-2 --through 2026-08-31 \\
          --notice 7 --as kim
        madang lending conclude lending-1 --as lee
        madang lending end lending-1 --as kim
        """),
    subcommands: [
      LendingList.self, LendingOffer.self, LendingConclude.self, LendingWithdraw.self,
      LendingEnd.self,
    ],
    defaultSubcommand: LendingList.self)
}

struct LendingList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: .said(ko: "한시 대여와 그 결과.", en: "Lendings, and what became of them."))
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listLendings")
  }
}

struct LendingOffer: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "offer",
    abstract: .said(
      ko: "할당의 GPU를 다른 배정의 팀에 제안합니다.", en: "Offer GPUs of an allocation to another award's team."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "allocation-1") var allocation: String
  @Option(name: .long, help: .said(ko: "장수.", en: "How many.")) var gpus: Int64
  @Option(name: .long, help: .said(ko: "빌리는 배정.", en: "Who borrows.", valueName: "award-2")) var to:
    String
  @Option(name: .long, help: .said(ko: "마지막 날.", en: "The last day.", valueName: "day"))
  var through: String?
  /// What older scripts give: the day after it.
  @Option(name: .long, help: .hidden) var until: String?
  @Option(
    name: .long,
    help: .said(
      ko: "반환 요청부터 종료까지의 온전한 날수.", en: "Whole days from asking back to the end.", valueName: "days")
  )
  var notice: Int64

  func run() throws {
    try common.give(
      "offerLending",
      [
        "allocation": allocation, "award": to, "gpus": "\(gpus)",
        "to": try common.needDayAfter(through, or: ("--until", until)),
        "noticeDays": "\(notice)",
      ], write)
  }
}

struct LendingConclude: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conclude",
    abstract: .said(
      ko: "제안을 받습니다. 빌린 것은 자기 팀의 할당이 됩니다.",
      en: "Take an offer: what is lent is an allocation of yours."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "lending-1") var lending: String

  func run() throws {
    try common.give("concludeLending", ["lending": lending], write)
  }
}

struct LendingWithdraw: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw",
    abstract: .said(ko: "아직 체결되지 않은 제안을 거둡니다.", en: "Take an offer back that nobody has concluded.")
  )
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "lending-1") var lending: String

  func run() throws {
    try common.give("withdrawLending", ["lending": lending], write)
  }
}

struct LendingEnd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "end",
    abstract: .said(
      ko: "빌려준 것을 통지 기간을 두고 돌려받거나, 빌린 것을 곧바로 돌려줍니다.",
      en: "Ask back what you lend, with notice; or give back what you borrow, at once."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "lending-1") var lending: String

  func run() throws {
    try common.give("endLending", ["lending": lending], write)
  }
}
