import MadangViews
import Testing

@testable import MadangPages
@testable import MadangProgramme

/// Where every GPU-second went, as a page shows it.
struct AccountsPageTests {
  private static let start = Instant(1_767_193_200)  // 2026-01-01 00:00 in Seoul

  private static func context(hours: Int64, _ query: [(name: String, value: String)] = [])
    -> PageContext
  {
    PageContext(
      programme: programme(hours: hours), caller: .passerBy, language: .en, path: "/accounts",
      query: query, now: start, csrf: nil, formKey: "")
  }

  /// Two clusters with `hours` sealed each, from the programme's first day on.
  static func programme(hours: Int64) -> Programme {
    // Texts of the tests that no rule refuses.
    func text(_ text: String) -> Text { try! Text(text) }
    func said(_ word: String) -> Bilingual { Bilingual(ko: text(word), en: text(word)) }
    var programme = Programme()
    programme.charter = Charter(
      slug: Slug("test")!, name: said("test"), currency: Slug("krw")!, dropBelow: 10,
      days: CivilDays(
        zone: "Asia/Seoul", first: Day("2026-01-01")!, firstStart: start, dayCount: 730,
        oddDays: [])!,
      hash: Slug("sha256")!, signature: Slug("ed25519")!, exercise: true)
    programme.models.append(
      DeviceModel(slug: Slug("b200")!, name: text("B200"), gpusPerServer: 8))
    programme.sites.append(
      Site(
        slug: Slug("here")!, name: said("here"), operatedBy: PartyID(1), region: Slug("here")!,
        planned: false))
    let figure = Figure(
      value: 8, confidence: .contracted, source: SourceID(1), on: Day("2026-01-01")!, note: nil)
    for slug in ["one", "two"] {
      programme.clusters.append(
        Cluster(
          slug: Slug(slug)!, site: SiteID(1), model: DeviceModelID(1), servers: 1,
          gpus: Claims(first: figure)))
      var accounts = ClusterAccounts()
      accounts.firstSealed = Hour(of: start)
      accounts.lastSealed = Hour(of: Instant(start.seconds + (hours - 1) * 3_600))
      programme.clusterAccounts.append(accounts)
    }
    return programme
  }

  /// Eight GPUs each hour: used in the first cluster, unobserved in the second.
  private static func sealed(_ query: AccountsQuery) -> [AccountsPage.Sealed] {
    guard let span = query.span else { return [] }
    return query.clusters.flatMap { cluster in
      stride(from: span.lowerBound.seconds, to: span.upperBound.seconds, by: 3_600).map { start in
        let seconds = GPUSeconds(8 * 3_600)
        let account: Account = cluster.number == 1 ? .used : .unobserved
        return (
          cluster: cluster, hour: Hour(from: Instant(start)),
          totals: HourTotals(
            capacity: seconds,
            rows: [AccountRow(account: account, allocation: nil, seconds: seconds)],
            contradicted: .zero)
        )
      }
    }
  }

  @Test func `the step is what makes a picture, unless it is asked for`() {
    let cases: [(Int64, String?, AccountsQuery.Step)] = [
      (3, nil, .hour), (72, nil, .hour), (73, nil, .day), (24 * 92, nil, .day),
      (24 * 93, nil, .month), (24 * 93, "day", .day), (3, "month", .month), (3, "week", .hour),
    ]
    for (hours, by, step) in cases {
      let query = AccountsQuery(Self.context(hours: hours, by.map { [("by", $0)] } ?? []))
      #expect(query.step == step, "\(hours) \(by ?? "–")")
    }
  }

  @Test func `a day is the sum of its hours, and the first that is shown is whole`() {
    let context = Self.context(hours: 24 * 100 + 5, [("by", "day")])
    let query = AccountsQuery(context)
    let rows = AccountsRows(query, Self.sealed(query), context).rows
    #expect(rows.count == 2 * 92)
    #expect(rows.first?.period == "2026-01-10" && rows.first?.seconds == 24 * 3_600)
    #expect(rows.last?.period == "2026-04-11" && rows.last?.seconds == 5 * 3_600)
    for row in rows {
      #expect(row.capacity == row.seconds * 8)
      #expect(row.sums.reduce(0, +) == row.capacity)
    }
  }

  @Test func `clusters flow together, and one alone where it is asked for`() {
    let both = Self.context(hours: 30, [("by", "hour")])
    let query = AccountsQuery(both)
    let periods = AccountsRows(query, Self.sealed(query), both).periods
    #expect(periods.count == 30)
    for period in periods {
      #expect(period.sums[Account.used.index] / period.seconds == 8)
      #expect(period.sums[Account.unobserved.index] / period.seconds == 8)
    }
    let one = Self.context(hours: 30, [("cluster", "two"), ("by", "hour")])
    #expect(AccountsQuery(one).clusters == [ClusterID(2)])
    let page = AccountsPage.page(
      AccountsQuery(one), sealed: Self.sealed(AccountsQuery(one)), one)
    let lines = page.table("accounts")?.csv(one).split(separator: "\r\n") ?? []
    #expect(lines.count == 31)
    #expect(lines[0].contains("used (GPU-seconds)"))
    #expect(lines[1].hasSuffix(",28800,0,0,0,0,0,0,0,0,28800"))
  }

  @Test func `what was cut off stands there exactly`() throws {
    for (numerator, denominator, text): (Int64, Int64, String) in [
      (0, 1, "0"), (4, 1, "4"), (21, 5, "4.2"), (9, 1_000, "0.009"), (13, 3, "4 1/3"),
      (1, 3, "1/3"), (1, 400, "1/400"), (Limits.integerMax, 1, "\(Limits.integerMax)"),
    ] {
      #expect(try #require(Ratio(numerator, denominator)).exact == text)
    }
  }
}
