import ArgumentParser

struct CallCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "call",
    abstract: .said(ko: "공모와 트랙, 평가항목.", en: "Calls for applications, their tracks and criteria."),
    discussion: .said(
      examples: """
        madang call
        madang call --json
        """))
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listCalls")
  }
}

struct ContractCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "contract",
    abstract: .said(
      ko: "선정자에게 한 제안: 협약 체결, 포기. 예비순위가 올라갑니다.",
      en: "Offers to the selected: conclude, decline; the next on the list moves up."),
    discussion: .said(
      examples: """
        madang contract list
        madang contract conclude application-17
        madang contract decline application-18
        """),
    subcommands: [ContractList.self, ContractConclude.self, ContractDecline.self],
    defaultSubcommand: ContractList.self)
}

struct ContractList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: .said(ko: "제안과 그 결과.", en: "Offers and what became of them."))
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listOffers")
  }
}

struct ContractConclude: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "conclude",
    abstract: .said(
      ko: "협약을 체결합니다. 제안이 배정이 됩니다.", en: "Conclude the contract: the offer becomes an award."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "application-17") var application: String

  func run() throws {
    try common.give("concludeContract", ["application": application], write)
  }
}

struct ContractDecline: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decline",
    abstract: .said(
      ko: "제안을 포기합니다. 예비순위가 올라갑니다.", en: "Decline the offer: the reserve list moves up."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "application-17") var application: String

  func run() throws {
    try common.give("declineContract", ["application": application], write)
  }
}
