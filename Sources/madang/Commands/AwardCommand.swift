import ArgumentParser

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
    try common.show("listAwards")
  }
}

struct AwardShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "One award: its clock, its allocations, what is owed.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "award-1") var award: String

  func run() throws {
    try common.show("getAward", ["award": award])
  }
}

struct AwardMembers: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "members", abstract: "Who is in an award's team.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "award-1") var award: String

  func run() throws {
    try common.show("listMembers", ["award": award])
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
    try common.give("addMember", ["award": member.award, "name": member.person], write)
  }
}

struct AwardRemoveMember: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove-member", abstract: "Take somebody out of an award's team.")
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup var member: MemberArguments

  func run() throws {
    try common.give("removeMember", ["award": member.award, "name": member.person], write)
  }
}
