import ArgumentParser

struct AwardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "award",
    abstract: .said(
      ko: "배정: 협약으로 얻은 권리와 그 상태.", en: "Awards: what contracts entitle to, and how they stand."),
    discussion: .said(
      examples: """
        madang award
        madang award show award-1
        madang award add-member award-1 --person kim
        """),
    subcommands: [
      AwardList.self, AwardShow.self, AwardMembers.self, AwardAddMember.self,
      AwardRemoveMember.self,
    ],
    defaultSubcommand: AwardList.self)
}

struct AwardList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: .said(ko: "배정과 이용 기간, 시계.", en: "Awards with their terms and clocks."))
  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listAwards")
  }
}

struct AwardShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: .said(
      ko: "배정 하나: 시계, 할당, 돌려줄 날.", en: "One award: its clock, its allocations, what is owed."))
  @OptionGroup var common: CommonOptions
  @Argument(help: "award-1") var award: String

  func run() throws {
    try common.show("getAward", ["award": award])
  }
}

struct AwardMembers: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "members", abstract: .said(ko: "배정의 참여인력.", en: "Who is in an award's team."))
  @OptionGroup var common: CommonOptions
  @Argument(help: "award-1") var award: String

  func run() throws {
    try common.show("listMembers", ["award": award])
  }
}

/// Who is added to a team, or leaves it.
struct MemberArguments: ParsableArguments {
  @Argument(help: "award-1") var award: String
  @Option(
    name: .long,
    help: .said(ko: "그 사람을 부르는 이름.", en: "A name of yours for the person.", valueName: "name"))
  var person: String
}

struct AwardAddMember: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add-member",
    abstract: .said(
      ko: "배정에서 작업을 제출하고 서버를 확인할 사람을 더합니다.",
      en: "Let somebody submit jobs and confirm servers for an award."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup var member: MemberArguments

  func run() throws {
    try common.give("addMember", ["award": member.award, "name": member.person], write)
  }
}

struct AwardRemoveMember: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove-member",
    abstract: .said(ko: "배정의 참여인력에서 뺍니다.", en: "Take somebody out of an award's team."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @OptionGroup var member: MemberArguments

  func run() throws {
    try common.give("removeMember", ["award": member.award, "name": member.person], write)
  }
}
