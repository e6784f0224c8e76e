public import MadangProgramme
import MadangViews

/// What an address asks of the accounts: which clusters, over which time, in which steps.
public struct AccountsQuery: Sendable {
  public enum Step: String, Sendable, CaseIterable {
    case hour, day, month

    /// So many of them are shown at most, the newest; months are never cut.
    var most: Int64? {
      switch self {
      case .hour: 72
      case .day: 92
      case .month: nil
      }
    }
  }

  public let step: Step
  /// In order.
  public let clusters: [ClusterID]
  /// When the sealed hours begin whose detail is needed; nothing where months say it all.
  public let span: Range<Instant>?
  let cluster: ClusterID?
  let model: DeviceModelID?

  public init(_ context: PageContext) {
    let programme = context.programme
    let cluster = programme.clusters.ids.first {
      programme.clusters[$0].slug.value == context.query("cluster")
    }
    let model = programme.models.ids.first {
      programme.models[$0].slug.value == context.query("model")
    }
    clusters = programme.clusters.ids.filter { id in
      (cluster.map { $0 == id } ?? true)
        && (model.map { $0 == programme.clusters[id].model } ?? true)
    }
    let sealed = clusters.map { programme.accounts(of: $0) }
    let first = sealed.compactMap(\.firstSealed?.start.seconds).min()
    let end = sealed.compactMap(\.lastSealed?.end.seconds).max()
    let count = first.flatMap { first in end.map { ($0 - first) / Hour.seconds } } ?? 0
    // Without being asked: the step that makes a picture of what there is.
    let fitting: Step = count <= 72 ? .hour : count <= 24 * 92 ? .day : .month
    step = context.query("by").flatMap { Step(rawValue: $0) } ?? fitting
    self.cluster = cluster
    self.model = model
    guard let first, let end, let most = step.most else {
      span = nil
      return
    }
    // A day more, and what lies before the first whole day is cut by the page.
    let hours = step == .hour ? most : (most + 1) * 24
    span = Instant(max(first, end - hours * Hour.seconds))..<Instant(end)
  }
}

/// Where every GPU-second went.
public enum AccountsPage {
  public typealias Sealed = (cluster: ClusterID, hour: Hour, totals: HourTotals)

  /// `sealed`: the hours that the query asks for.
  public static func page(
    _ query: AccountsQuery, sealed: [Sealed], _ context: PageContext
  ) -> Page {
    let rows = AccountsRows(query, sealed, context)
    return Page(
      context.say(ko: "계정", en: "Accounts"), in: .accounts,
      [
        .html(
          """
          <p>\(context.say(
            ko: "모든 GPU초는 꼭 한 계정에 있습니다. 합은 언제나 용량 × 시간과 같고, 재지 않은 것은 미계측이지 추정이 아닙니다.",
            en: "Every GPU-second is in exactly one account. The sum is always "
              + "capacity × time; what nobody measured is unobserved, never guessed."))</p>
          """),
        .html(choice(query, context)), .html(stream(rows, query, context)),
        .html(whole(rows, context)), .table(table(rows, query, context)),
      ] + SettlementTable.ofAll(context))
  }

  // MARK: What is shown

  private static func choice(_ query: AccountsQuery, _ context: PageContext) -> HTML {
    let programme = context.programme
    func option(_ value: String, _ name: String, _ chosen: Bool) -> HTML {
      let mark: HTML = chosen ? " selected" : ""
      return "<option value=\"\(value)\"\(mark)>\(name)</option>"
    }
    let clusters = programme.clusters.ids.map { id in
      option(programme.clusters[id].slug.value, context.name(id), id == query.cluster)
    }
    let models = programme.models.ids.filter { model in
      programme.clusters.ids.contains { programme.clusters[$0].model == model }
    }
    .map { id in
      let model = programme.models[id]
      return option(model.slug.value, model.name.value, id == query.model)
    }
    let steps = AccountsQuery.Step.allCases.map { step in
      option(step.rawValue, name(of: step, context), step == query.step)
    }
    let all = context.say(ko: "전체", en: "All")
    return """
      <form method="get" action="/accounts" class="ask">
      <label>\(context.say(ko: "클러스터", en: "Cluster"))
      <select name="cluster"><option value="">\(all)</option>\(clusters)</select></label>
      <label>\(context.say(ko: "기종", en: "Model"))
      <select name="model"><option value="">\(all)</option>\(models)</select></label>
      <label>\(context.say(ko: "단위", en: "By")) <select name="by">\(steps)</select></label>
      <button>\(context.say(ko: "보기", en: "Show"))</button></form>
      """
  }

  private static func name(of step: AccountsQuery.Step, _ context: PageContext) -> String {
    switch step {
    case .hour: context.say(ko: "시간", en: "Hour")
    case .day: context.say(ko: "일", en: "Day")
    case .month: context.say(ko: "월", en: "Month")
    }
  }

  /// GPUs on average over each period, account by account: what the table says, divided by time.
  private static func stream(
    _ rows: AccountsRows, _ query: AccountsQuery, _ context: PageContext
  ) -> HTML {
    let periods = rows.periods
    let streams = Account.allCases.map { account in
      Plot.Stream(
        name: account.name(context.language), mark: account.index,
        values: periods.map { $0.sums[account.index] / max(1, $0.seconds) })
    }
    let plot = Plot.streams(
      streams, labels: periods.map(\.short),
      title: context.say(
        ko: "GPU가 어디에 있었나 (확정된 시간의 평균 GPU 수)",
        en: "Where the GPUs were (GPUs on average over the sealed hours)"), context)
    if plot.isEmpty { return .none }
    var cut = HTML.none
    if let most = query.step.most, Int64(periods.count) >= most {
      cut = """
        <p class="note">\(context.say(
          ko: "가장 새로운 \(most)개만 보입니다. 더 긴 동안은 월 단위로 보십시오.",
          en: "The newest \(most) are shown. Months show a longer time."))</p>
        """
    }
    return Pieces.section(context.say(ko: "흐름", en: "The stream"), plot + cut)
  }

  private static func whole(_ rows: AccountsRows, _ context: PageContext) -> HTML {
    let sums = rows.sums
    guard sums.contains(where: { $0 > 0 }) else { return .none }
    let parts = Account.allCases.map { account in
      (account.name(context.language), sums[account.index] / 3_600)
    }
    return Pieces.section(
      context.say(ko: "그동안 모두 (GPU시간)", en: "All of that time, in GPU hours"),
      Plot.bar(parts, title: context.say(ko: "GPU시간의 계정", en: "GPU hours by account")))
  }

  private static func table(
    _ rows: AccountsRows, _ query: AccountsQuery, _ context: PageContext
  ) -> TableView {
    let unit = context.say(ko: " (GPU초)", en: " (GPU-seconds)")
    func amount(_ title: String) -> TableView.Column { .number(title, exported: title + unit) }
    func cell(_ seconds: Int64) -> TableView.Cell { .html("\((seconds / 3_600).grouped)", seconds) }
    // A day that is not whole hours long ends with a part of one.
    func hours(_ seconds: Int64) -> TableView.Cell {
      let part = seconds % 3_600 == 0 ? "" : ".\(seconds % 3_600 / 360)"
      return .html("\((seconds / 3_600).grouped)\(part)", seconds / 3_600)
    }
    var table = TableView(
      "accounts", caption: context.say(ko: "계정 (GPU시간)", en: "Accounts, in GPU hours"),
      columns: [
        .text(name(of: query.step, context)), .text(context.say(ko: "클러스터", en: "Cluster")),
        .number(context.say(ko: "확정 시간", en: "Sealed hours")),
        amount(context.say(ko: "용량 × 시간", en: "Capacity × time")),
      ] + Account.allCases.map { amount($0.name(context.language)) },
      empty: context.say(
        ko: "아직 확정된 시간이 없습니다. 한 시간이 끝나고 조용해지면 확정됩니다.",
        en: "No hour is sealed yet. An hour is, once it is over and quiet."))
    table.rows = rows.rows.reversed().map { row in
      [
        .html("\(row.shown)", row.period),
        .html(
          "\(context.shortName(row.cluster))", context.programme.clusters[row.cluster].slug.value),
        hours(row.seconds), cell(row.capacity),
      ] + row.sums.map { cell($0) }
    }
    if !rows.rows.isEmpty {
      table.foot =
        [
          .text(context.say(ko: "합계", en: "Total")), .none, .none,
          cell(rows.rows.reduce(0) { $0 + $1.capacity }),
        ] + rows.sums.map { cell($0) }
    }
    return table
  }
}

/// The accounts by period and cluster, oldest first; from sealed hours, or from the programme's
/// months.
struct AccountsRows {
  struct Row {
    /// The period for programs, which sorts by time: `2026-03-16T09Z`, `2026-03-16`, `2026-03`.
    let period: String
    let shown: String
    let short: String
    let cluster: ClusterID
    /// Sealed seconds of it.
    var seconds: Int64 = 0
    var capacity: Int64 = 0
    /// By account, in GPU-seconds.
    var sums = [Int64](repeating: 0, count: Account.count)
  }

  private(set) var rows: [Row] = []

  init(_ query: AccountsQuery, _ sealed: [AccountsPage.Sealed], _ context: PageContext) {
    if query.step == .month {
      addMonths(query, context)
    } else {
      addHours(query, sealed, context)
    }
    rows.sort { ($0.period, $0.cluster) < ($1.period, $1.cluster) }
  }

  private mutating func addMonths(_ query: AccountsQuery, _ context: PageContext) {
    for cluster in query.clusters {
      for month in context.programme.accounts(of: cluster).months {
        let text = "\(month.month)"
        rows.append(
          Row(
            period: text, shown: text, short: text, cluster: cluster,
            seconds: month.sealedSeconds, capacity: month.capacity.count,
            sums: month.seconds.map(\.count)))
      }
    }
  }

  private mutating func addHours(
    _ query: AccountsQuery, _ sealed: [AccountsPage.Sealed], _ context: PageContext
  ) {
    guard let days = context.programme.charter?.days else { return }
    // Hours come cluster by cluster, in order: a period's hours follow each other.
    var dates: [Day] = []
    for (cluster, hour, totals) in sealed {
      guard let day = days.day(of: hour.start) else { continue }
      let byHour = query.step == .hour
      let period = byHour ? "\(hour)" : "\(day)"
      if rows.last?.cluster != cluster || rows.last?.period != period {
        let time = context.time(hour.start)
        rows.append(
          Row(
            period: period, shown: byHour ? time : context.date(day),
            short: byHour ? String(time.suffix(5)) : context.shortDate(day), cluster: cluster))
        dates.append(day)
      }
      rows[rows.count - 1].seconds += hour.length
      rows[rows.count - 1].capacity += totals.capacity.count
      for (index, sum) in totals.accounts.enumerated() {
        rows[rows.count - 1].sums[index] += sum.count
      }
    }
    // The first day is whole, or it would look like less.
    guard query.step == .day, let last = dates.max(), let most = query.step.most else { return }
    let first = last.advanced(by: 1 - Int(most))
    rows = zip(rows, dates).filter { $0.1 >= first }.map(\.0)
  }

  var sums: [Int64] {
    rows.reduce(into: [Int64](repeating: 0, count: Account.count)) { sums, row in
      for index in sums.indices { sums[index] += row.sums[index] }
    }
  }

  /// All clusters of a period together. `seconds` is the longest that one of them has sealed.
  var periods: [(short: String, seconds: Int64, sums: [Int64])] {
    var periods: [(short: String, seconds: Int64, sums: [Int64])] = []
    var known = ""
    for row in rows {
      if row.period != known || periods.isEmpty {
        periods.append((row.short, 0, [Int64](repeating: 0, count: Account.count)))
        known = row.period
      }
      let place = periods.count - 1
      periods[place].seconds = max(periods[place].seconds, row.seconds)
      for index in row.sums.indices { periods[place].sums[index] += row.sums[index] }
    }
    return periods
  }
}
