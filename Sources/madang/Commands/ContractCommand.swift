import ArgumentParser

struct CallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call", abstract: "Calls for applications, their tracks and criteria.",
    discussion: """
      Examples:
        madang call
        madang call --json
      """)
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listCalls")
  }
}

struct ContractCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contract",
    abstract: "Offers to the selected: conclude, decline; the next on the list moves up.",
    discussion: """
      Examples:
        madang contract list
        madang contract conclude application-17
        madang contract decline application-18
      """,
    subcommands: [ContractList.self, ContractConclude.self, ContractDecline.self],
    defaultSubcommand: ContractList.self)
}

struct ContractList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Offers and what became of them.")
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listOffers")
  }
}

struct ContractConclude: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conclude", abstract: "Conclude the contract: the offer becomes an award.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "application-17") var application: String

  func run() throws {
    try common.give("concludeContract", ["application": application], write)
  }
}

struct ContractDecline: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decline", abstract: "Decline the offer: the reserve list moves up.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "application-17") var application: String

  func run() throws {
    try common.give("declineContract", ["application": application], write)
  }
}
