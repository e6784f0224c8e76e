import ArgumentParser
import MadangViews

struct UsageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "usage",
    abstract: .said(
      ko: "누가 어디서 언제 얼마나 썼는지, 그리고 비용.",
      en: "What was used, by whom, where and when; and what it costs."),
    discussion: .said(
      ko: """
        확정된 것에서 셉니다. 부과 대상은 팀이 전용으로 가진 것이며, 썼든 안 썼든 같습니다. 지연과 장애는 들지 않습니다.
        """,
      en: """
        From what is sealed. Charged is what a team had to itself, used or not; delay and \
        outage are not in it.
        """,
      examples: """
        madang usage
        madang usage --by pool --month 2026-06 --json
        madang usage settle award-1 --month 2026-06 --price heron-hour --charge founders
        """),
    subcommands: [
      UsageShow.self, UsageSettle.self, UsageSettlements.self, UsageTakeBack.self,
      UsageArchive.self, UsageRecount.self,
    ],
    defaultSubcommand: UsageShow.self)
}

struct UsageShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: .said(
      ko: "배정, 과제, 배분 물량, 센터, 클러스터, 달별 GPU 시간.",
      en: "GPU time, by award, project, pool, centre, cluster or month."))

  @OptionGroup var common: CommonOptions
  @Option(
    name: .long, help: .said(ko: "합산 기준.", en: "What to add up by."),
    completion: .list(UsageGrouping.allCases.map(\.rawValue)))
  var by = UsageGrouping.award.rawValue
  @Option(name: .long, help: .said(ko: "이 달만.", en: "Only this month.", valueName: "2026-06"))
  var month: String?

  func run() throws {
    try common.show("getUsage", ["by": by, "month": month])
  }
}

struct UsageSettle: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settle",
    abstract: .said(
      ko: "배정의 한 달을 공개된 단가와 부담금으로 한 번 정산합니다.",
      en: "Settle an award's month, once, by a published price and charge."),
    discussion: .said(
      ko: """
        정산 뒤에 정정된 달은 같은 단가와 부담금으로 차액만 이어 정산합니다. 끝수는 차액이 아니라 달 전체에서 버립니다.
        """,
      en: """
        A month that is corrected after it was settled is settled further: by the same price \
        and charge, and for the difference alone. The month as a whole is cut, never the \
        difference.
        """))

  @OptionGroup var common: CommonOptions
  @OptionGroup var write: WriteOptions
  @Argument(help: "award-1") var award: String
  @Option(name: .long, help: .said(ko: "달.", en: "The month.", valueName: "2026-06")) var month:
    String
  @Option(
    name: .long,
    help: .said(ko: "단가: price-1 또는 짧은 이름.", en: "The price: price-1, or its short name."))
  var price: String
  @Option(
    name: .long,
    help: .said(
      ko: "이용자 부담금: charge-1 또는 짧은 이름.", en: "The user charge: charge-1, or its short name."))
  var charge: String
  @Flag(name: .long, help: .said(ko: "부담금 감면을 적용합니다.", en: "The charge's reduction is granted."))
  var discounted = false

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
    commandName: "settlements", abstract: .said(ko: "정산 내역.", en: "What was settled."))

  @OptionGroup var common: CommonOptions

  func run() throws {
    try common.show("listSettlements")
  }
}
