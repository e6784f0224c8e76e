import ArgumentParser
import MadangProgramme
import MadangViews

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
    let output = common.output
    let programme = try Office.read(common)
    let chosen = try cluster.map { try programme.cluster($0, output) }
    let only = try month.map { try Month.given($0, output) }
    var rows: [AccountView.Row] = []
    for id in programme.clusters.ids where chosen.map({ $0 == id }) ?? true {
      let accounts = programme.accounts(of: id)
      for month in accounts.months where only.map({ $0 == month.month }) ?? true {
        rows.append(AccountView.Row(cluster: id, sealed: accounts.lastSealed, month: month))
      }
    }
    output.print(
      text: AccountView.text(rows, programme, output), json: AccountView.json(rows, programme))
  }
}

/// How accounts look, for people and machines.
enum AccountView {
  struct Row {
    let cluster: ClusterID
    let sealed: Hour?
    let month: MonthAccounts

    var sum: Int64 { month.seconds.reduce(0) { $0 + $1.count } }
  }

  static func text(_ rows: [Row], _ programme: Programme, _ output: Output) -> String {
    if rows.isEmpty {
      return output.say(ko: "아직 확정된 시간대가 없습니다.", en: "No hour is sealed yet.")
    }
    return rows.map { text($0, programme, output) }.joined(separator: "\n\n")
  }

  private static func text(_ row: Row, _ programme: Programme, _ output: Output) -> String {
    let cluster = programme.clusters[row.cluster]
    let month = row.month
    var table = Table([
      (output.say(ko: "계정", en: "account"), .left), ("GPU s", .right), ("GPU h", .right),
      ("%", .right),
    ])
    for account in Account.allCases where month[account] != .zero || account == .unobserved {
      table.add(
        account.name(output.language), month[account].count.grouped, month[account].hours,
        share(month[account].count, month.capacity.count))
    }
    table.rule()
    table.add(
      output.say(ko: "합계", en: "sum"), row.sum.grouped, GPUSeconds(row.sum).hours,
      share(row.sum, month.capacity.count))
    let isEqual = row.sum == month.capacity.count
    table.add(
      output.say(ko: "용량 × 시간", en: "capacity × time") + (isEqual ? " =" : " ≠"),
      month.capacity.count.grouped, month.capacity.hours, "")
    let title =
      "\(cluster.slug) (\(row.cluster)), \(programme.models[cluster.model].name.value), "
      + "\(month.month)"
    var lines = [title, table.text]
    lines.append(
      output.say(
        ko: "확정 \(month.hours)시간, 정정 \(month.corrections)건",
        en: "\(month.hours) hours sealed, \(month.corrections) corrections")
        + (row.sealed.map { output.say(ko: ", \($0)까지", en: ", to \($0)") } ?? ""))
    if month.contradicted != .zero {
      lines.append(
        output.say(
          ko: "서로 어긋난 관측: \(month.contradicted.count.grouped) GPU s (어느 계정에도 들지 않음)",
          en: "Facts that contradicted: \(month.contradicted.count.grouped) GPU s, in no account"))
    }
    return lines.joined(separator: "\n")
  }

  /// Hundredths of a percent, cut.
  private static func share(_ part: Int64, _ whole: Int64) -> String {
    guard whole > 0 else { return "–" }
    let share = Int64(Int128(part) * 10_000 / Int128(whole))
    let digits = String(share % 100)
    return "\(share / 100).\(digits.count == 1 ? "0" : "")\(digits)"
  }

  static func json(_ rows: [Row], _ programme: Programme) -> JSON {
    .array(
      rows.map { row in
        let cluster = programme.clusters[row.cluster]
        return .object([
          ("cluster", .text("\(row.cluster)")), ("slug", .text(cluster.slug.value)),
          ("model", .text(programme.models[cluster.model].slug.value)),
          ("month", .text("\(row.month.month)")),
          (
            "gpuSeconds",
            .object(Account.allCases.map { ($0.rawValue, .int(row.month[$0].count)) })
          ),
          ("sum", .int(row.sum)), ("capacity", .int(row.month.capacity.count)),
          ("equal", .bool(row.sum == row.month.capacity.count)),
          ("hours", .int(row.month.hours)), ("corrections", .int(row.month.corrections)),
          ("contradicted", .int(row.month.contradicted.count)),
          ("sealedTo", .optional(row.sealed.map { "\($0)" })),
        ])
      })
  }
}

extension GPUSeconds {
  /// GPU-hours with two decimals, cut.
  var hours: String {
    let cut = count / 36
    let digits = String(cut.magnitude % 100)
    return (cut / 100).grouped + "." + (digits.count == 1 ? "0" : "") + digits
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
