import ArgumentParser
import MadangProgramme

struct AccountCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "account", abstract: "Where every GPU-second went: each in exactly one account.",
    discussion: """
      From what is sealed. The accounts of a cluster add up to capacity × time, exactly; what \
      nobody measured is unobserved, and never guessed.

      Examples:
        madang account
        madang account --cluster northquay-a --month 2026-06
        madang account --json
      """)

  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: "Only this cluster: cluster-1, or its short name.")
  var cluster: String?
  @Option(name: .long, help: ArgumentHelp("Only this month.", valueName: "2026-06"))
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
