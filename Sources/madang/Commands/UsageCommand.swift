import ArgumentParser
import MadangProgramme
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

/// What usage is added up by.
enum UsageGrouping: String, ExpressibleByArgument, CaseIterable {
  case award, allocation, project, pool, centre, cluster, month
}

struct UsageShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "GPU time, by award, project, pool, centre, cluster or month.")

  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: "What to add up by.") var by = UsageGrouping.award
  @Option(name: .long, help: ArgumentHelp("Only this month.", valueName: "2026-06"))
  var month: String?

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let only = try month.map { try Month.given($0, output) }
    let rows = UsageView.rows(programme, by, only, output)
    output.print(
      text: UsageView.text(rows, by, output), json: UsageView.json(rows, by))
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
    let output = common.output
    let office = try Office(common)
    let programme = office.programme
    guard let award = AwardID(award), programme.awards.contains(award) else {
      throw Failure.unknown(self.award, output)
    }
    let price = programme.prices.ids.first {
      "\($0)" == self.price || programme.prices[$0].slug.value == self.price
    }
    guard let price else { throw Failure.unknown(self.price, output) }
    let charge = programme.charges.ids.first {
      "\($0)" == self.charge || programme.charges[$0].slug.value == self.charge
    }
    guard let charge else { throw Failure.unknown(self.charge, output) }
    let given = try office.give(
      .settle(
        Settling(
          award: award, month: try Month.given(month, output),
          price: price, charge: charge, discounted: discounted)), write)
    guard case .settled(let body) = given.events.first, let amount = body.amount.value,
      let remainder = body.remainder.value, let total = body.total.value
    else { return }
    let currency = programme.charter?.currency.value ?? ""
    if let amended = body.amends {
      office.done(
        ko: "\(award)의 \(body.month) 이용료를 추가로 정산했습니다: \(amount.grouped) \(currency)."
          + " 정정된 달 전체는 \(total.grouped) \(currency)이고(버린 금액 \(remainder)),"
          + " \(amended)까지 \((total - amount).grouped) \(currency)을(를) 정산했습니다.",
        en: "Settled \(award) for \(body.month) further: \(amount.grouped) \(currency)."
          + " The month as corrected is \(total.grouped) \(currency) (\(remainder) dropped),"
          + " of which \((total - amount).grouped) \(currency) were settled up to \(amended).")
      return
    }
    office.done(
      ko: "\(award)의 \(body.month) 이용료를 정산했습니다: \(amount.grouped) \(currency)"
        + " (버린 금액 \(remainder))",
      en: "Settled \(award) for \(body.month): \(amount.grouped) \(currency)"
        + " (\(remainder) dropped)")
  }
}

struct UsageSettlements: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "settlements", abstract: "What was settled.")

  @OptionGroup var common: CommonOptions

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    var table = Table([
      (output.say(ko: "정산", en: "settlement"), .left), (output.say(ko: "배정", en: "award"), .left),
      (output.say(ko: "달", en: "month"), .left), ("GPU h", .right),
      (output.say(ko: "금액", en: "amount"), .right),
      (output.say(ko: "달 전체", en: "whole month"), .right),
      (output.say(ko: "정정 대상", en: "amends"), .left),
    ])
    let due = programme.furtherSettlings
    var json: [JSON] = []
    programme.settlements.forEach { id, row in
      table.add(
        "\(id)", "\(row.award)", "\(row.month)", row.seconds?.hours ?? "–",
        row.amount?.grouped ?? "–", row.total?.grouped ?? "–", row.amends.map { "\($0)" } ?? "")
      json.append(
        .object([
          ("id", .text("\(id)")), ("award", .text("\(row.award)")),
          ("month", .text("\(row.month)")), ("gpuSeconds", .optional(row.seconds?.count)),
          ("amount", .optional(row.amount)), ("total", .optional(row.total)),
          ("remainder", .optional(row.remainder.map { "\($0)" })),
          ("amends", .optional(row.amends.map { "\($0)" })),
          (
            "correctedSince",
            .bool(
              programme.newestSettlement(of: row.award, row.month) == id
                && due.contains { $0.award == row.award && $0.month == row.month })
          ),
        ]))
    }
    let notes = due.map { settling in
      output.say(
        ko: "\(settling.award)의 \(settling.month)은(는) 정산 뒤 정정되었습니다. 다시 정산하십시오: ",
        en: "\(settling.award)'s \(settling.month) was corrected since; settle it further: ")
        + "madang usage settle \(settling.award) --month \(settling.month)"
        + " --price \(settling.price) --charge \(settling.charge)"
        + (settling.discounted ? " --discounted" : "")
    }
    output.print(
      text: ([table.text] + notes).joined(separator: "\n"), json: .array(json))
  }
}

/// How usage looks, for people and machines.
enum UsageView {
  struct Row {
    let name: String
    var used = GPUSeconds.zero
    var lent = GPUSeconds.zero
    var idle = GPUSeconds.zero
    var delayed = GPUSeconds.zero

    mutating func add(_ month: AllocationMonth) {
      used += month.used
      lent += month.lent
      idle += month.idle
      delayed += month.delayed
    }

    var charged: GPUSeconds { used + lent + idle }
  }

  /// Sums in the order in which their names first come: allocations ascend, and their months.
  static func rows(
    _ programme: Programme, _ by: UsageGrouping, _ only: Month?, _ output: Output
  ) -> [Row] {
    var places: [String: Int] = [:]
    var rows: [Row] = []
    programme.allocationUsage.forEach { id, usage in
      for month in usage.months where only.map({ $0 == month.month }) ?? true {
        let name = name(id, month, programme, by, output)
        let place = places[name] ?? rows.count
        if place == rows.count {
          places[name] = place
          rows.append(Row(name: name))
        }
        rows[place].add(month)
      }
    }
    return by == .month ? rows.sorted { $0.name < $1.name } : rows
  }

  private static func name(
    _ id: AllocationID, _ month: AllocationMonth, _ programme: Programme, _ by: UsageGrouping,
    _ output: Output
  ) -> String {
    let award = programme.allocations.row(id)?.award
    switch by {
    case .allocation: return "\(id)"
    case .award: return award.map { "\($0)" } ?? "–"
    case .project: return award.map { "\(programme.awards[$0].application)" } ?? "–"
    case .pool:
      return award.map { programme.pools[programme.awards[$0].pool].name[output.language] } ?? "–"
    case .centre:
      let site = programme.clusters[month.cluster].site
      return programme.sites[site].name[output.language]
    case .cluster: return programme.clusters[month.cluster].slug.value
    case .month: return "\(month.month)"
    }
  }

  static func text(_ rows: [Row], _ by: UsageGrouping, _ output: Output) -> String {
    if rows.isEmpty {
      return output.say(ko: "아직 확정된 사용량이 없습니다.", en: "No usage is sealed yet.")
    }
    var table = Table([
      (word(by, output), .left), (Account.used.name(output.language), .right),
      (Account.lent.name(output.language), .right), (Account.idle.name(output.language), .right),
      (output.say(ko: "부과 대상", en: "charged"), .right),
      (Account.delayed.name(output.language), .right),
    ])
    var sum = Row(name: output.say(ko: "합계", en: "sum"))
    for row in rows {
      table.add(
        row.name, row.used.hours, row.lent.hours, row.idle.hours, row.charged.hours,
        row.delayed.hours)
      sum.used += row.used
      sum.lent += row.lent
      sum.idle += row.idle
      sum.delayed += row.delayed
    }
    table.rule()
    table.add(
      sum.name, sum.used.hours, sum.lent.hours, sum.idle.hours, sum.charged.hours,
      sum.delayed.hours)
    return table.text + "\n"
      + output.say(ko: "단위: GPU 시간(GPU h)", en: "In GPU-hours, as sealed.")
  }

  private static func word(_ by: UsageGrouping, _ output: Output) -> String {
    switch by {
    case .award: output.say(ko: "배정", en: "award")
    case .allocation: output.say(ko: "할당", en: "allocation")
    case .project: output.say(ko: "과제", en: "project")
    case .pool: output.say(ko: "배분 물량", en: "pool")
    case .centre: output.say(ko: "센터", en: "centre")
    case .cluster: output.say(ko: "클러스터", en: "cluster")
    case .month: output.say(ko: "달", en: "month")
    }
  }

  static func json(_ rows: [Row], _ by: UsageGrouping) -> JSON {
    .array(
      rows.map { row in
        .object([
          (by.rawValue, .text(row.name)),
          (
            "gpuSeconds",
            .object([
              ("used", .int(row.used.count)), ("lent", .int(row.lent.count)),
              ("idle", .int(row.idle.count)), ("charged", .int(row.charged.count)),
              ("delayed", .int(row.delayed.count)),
            ])
          ),
        ])
      })
  }
}
