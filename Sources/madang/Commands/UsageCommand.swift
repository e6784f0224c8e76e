import ArgumentParser
import MadangViews

struct UsageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usage", abstract: "What was used, by whom, where and when; and what it costs.",
    discussion: """
      From what is sealed. Charged is what a team had to itself, used or not; delay and outage are \
      not in it.

      Examples:
        madang usage
        madang usage --by pool --month 2026-06 --json
        madang usage settle award-1 --month 2026-06 --price heron-hour --charge founders
      """,
    subcommands: [UsageShow.self, UsageSettle.self, UsageSettlements.self],
    defaultSubcommand: UsageShow.self)
}

struct UsageShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "GPU time, by award, project, pool, centre, cluster or month.")

  @OptionGroup var common: CommonOptions
  @Option(
    name: .long, help: "What to add up by.",
    completion: .list(UsageGrouping.allCases.map(\.rawValue)))
  var by = UsageGrouping.award.rawValue
  @Option(name: .long, help: ArgumentHelp("Only this month.", valueName: "2026-06"))
  var month: String?

  func run() throws {
    try common.show("getUsage", ["by": by, "month": month])
  }
}

struct UsageSettle: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settle",
    abstract: "Settle an award's month, once, by a published price and charge.",
    discussion: """
      A month that is corrected after it was settled is settled further: by the same price and \
      charge, and for the difference alone. The month as a whole is cut, never the difference.
      """)

  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "award-1") var award: String
  @Option(name: .long, help: ArgumentHelp("The month.", valueName: "2026-06")) var month: String
  @Option(name: .long, help: "The price: price-1, or its short name.") var price: String
  @Option(name: .long, help: "The user charge: charge-1, or its short name.") var charge: String
  @Flag(name: .long, help: "The charge's reduction is granted.") var discounted = false

  func run() throws {
    try common.give(
      "settle",
      [
        "award": award, "month": month, "price": price, "charge": charge,
        "discounted": "\(discounted)",
      ], write)
  }
}

struct UsageSettlements: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settlements", abstract: "What was settled.")

  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listSettlements")
  }
}
