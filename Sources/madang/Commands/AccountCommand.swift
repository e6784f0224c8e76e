import ArgumentParser
import MadangProgramme

struct AccountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "account",
    abstract: .said(
      ko: "GPU 1초까지 어디로 갔는지: 모두 정확히 한 계정에 듭니다.",
      en: "Where every GPU-second went: each in exactly one account."),
    discussion: .said(
      ko: """
        확정된 것에서 셉니다. 클러스터의 계정은 모두 더하면 용량 × 시간과 정확히 같습니다. 아무도 재지 않은 것은 미계측이며 짐작하지 않습니다.
        """,
      en: """
        From what is sealed. The accounts of a cluster add up to capacity × time, exactly; \
        what nobody measured is unobserved, and never guessed.
        """,
      examples: """
        madang account
        madang account --cluster northquay-a --month 2026-06
        madang account --json
        """))

  @OptionGroup var common: CommonOptions
  @Option(
    name: .long,
    help: .said(
      ko: "이 클러스터만: cluster-1 또는 짧은 이름.", en: "Only this cluster: cluster-1, or its short name."))
  var cluster: String?
  @Option(name: .long, help: .said(ko: "이 달만.", en: "Only this month.", valueName: "2026-06"))
  var month: String?

  func run() throws {
    let slug = try cluster.map { try common.cluster($0).slug }
    try common.show("getAccounts", ["cluster": slug, "month": month])
  }
}

extension Month {
  static func given(_ text: String, _ output: Output) throws -> Month {
    guard let month = Month(text) else {
      throw Failure.usage(
        output, ko: "‘\(text)’은(는) 달이 아닙니다(예: 2026-06).",
        en: "‘\(text)’ is no month (such as 2026-06).")
    }
    return month
  }
}
