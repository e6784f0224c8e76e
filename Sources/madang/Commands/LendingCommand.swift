import ArgumentParser

struct LendingCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lending",
    abstract: "GPUs that one team lends another for a time: offered, concluded, asked back.",
    discussion: """
      A member of the team that lends offers, a member of the other concludes. What is lent is an \
      allocation of the borrower's until its day; asked back, it ends with the notice that was \
      agreed, in whole days; given back, at once. The lender has it again once it was wiped.

      Examples:
        madang lending offer allocation-1 --gpus 8 --to award-2 --through 2026-08-31 --notice 7 \
      --as kim
        madang lending conclude lending-1 --as lee
        madang lending end lending-1 --as kim
      """,
    subcommands: [
      LendingList.self, LendingOffer.self, LendingConclude.self, LendingWithdraw.self,
      LendingEnd.self,
    ],
    defaultSubcommand: LendingList.self)
}

struct LendingList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Lendings, and what became of them.")
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listLendings")
  }
}

struct LendingOffer: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "offer", abstract: "Offer GPUs of an allocation to another award's team.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "allocation-1") var allocation: String
  @Option(name: .long, help: "How many.") var gpus: Int64
  @Option(name: .long, help: ArgumentHelp("Who borrows.", valueName: "award-2")) var to: String
  @Option(name: .long, help: ArgumentHelp("The last day.", valueName: "day"))
  var through: String?
  @Option(name: .long, help: ArgumentHelp("The first day that is out.", visibility: .hidden))
  var until: String?
  @Option(
    name: .long, help: ArgumentHelp("Whole days from asking back to the end.", valueName: "days"))
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
    commandName: "conclude", abstract: "Take an offer: what is lent is an allocation of yours.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "lending-1") var lending: String

  func run() throws {
    try common.give("concludeLending", ["lending": lending], write)
  }
}

struct LendingWithdraw: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: "Take an offer back that nobody has concluded.")
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
    abstract: "Ask back what you lend, with notice; or give back what you borrow, at once.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "lending-1") var lending: String

  func run() throws {
    try common.give("endLending", ["lending": lending], write)
  }
}
