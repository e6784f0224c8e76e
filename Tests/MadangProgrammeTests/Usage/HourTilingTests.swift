import Testing

@testable import MadangProgramme

/// Hours of a programme whose zone is not whole hours off UTC, or changes by less than one.
struct HourTilingTests {
  /// Two years of a zone from 2026 on: when its first day begins, and the days that are not 24
  /// hours long. `length` is of an hour of each odd day's end.
  struct Zone: CustomTestStringConvertible {
    let name: String
    let offset: Int64
    let oddDays: [(String, Int64)]

    var testDescription: String { name }

    var days: CivilDays? {
      CivilDays(
        zone: name, first: day("2026-01-01"),
        firstStart: Instant(Int64(day("2026-01-01").number) * 86_400 - offset), dayCount: 730,
        oddDays: oddDays.map { CivilDays.OddDay(day: day($0.0), lengthSeconds: $0.1) })
    }
  }

  private static func day(_ text: String) -> Day {
    guard let day = Day(text) else { preconditionFailure("\(text) is no day") }
    return day
  }

  static let zones = [
    Zone(name: "Asia/Seoul", offset: 32_400, oddDays: []),
    Zone(
      name: "America/St_Johns", offset: -12_600,
      oddDays: [("2026-03-08", 82_800), ("2026-11-01", 90_000), ("2027-03-14", 82_800)]),
    Zone(name: "Asia/Kathmandu", offset: 20_700, oddDays: []),
    Zone(
      name: "Australia/Lord_Howe", offset: 39_600,
      oddDays: [("2026-04-05", 88_200), ("2026-10-04", 84_600), ("2027-04-04", 88_200)]),
    // A day that was skipped altogether.
    Zone(name: "Pacific/Apia", offset: -36_000, oddDays: [("2026-12-30", 0)]),
  ]

  @Test(arguments: zones)
  func `hours tile the days and months of a programme, whatever its zone`(zone: Zone) throws {
    let days = try #require(zone.days)
    let end = try #require(days.start(of: days.end))
    var next = days.hour(of: days.firstStart)
    var at = days.firstStart
    var months: [Month: Int64] = [:]
    var short = 0
    while let hour = next {
      #expect(hour.start == at && days.hour(of: Instant(hour.end.seconds - 1)) == hour)
      #expect(days.day(of: hour.start) == days.day(of: Instant(hour.end.seconds - 1)))
      if hour.length < Hour.seconds { short += 1 }
      months[try #require(days.month(of: hour)), default: 0] += hour.length
      at = hour.end
      next = days.hour(from: hour.end)
    }
    #expect(at == end)
    // Only a day that is not whole hours long ends with a part of one.
    #expect(short == zone.oddDays.filter { $0.1 % Hour.seconds != 0 }.count)
    for (month, seconds) in months where month < Month(of: days.end) {
      let span = try #require(days.span(of: month))
      #expect(seconds == span.to.seconds - span.from.seconds, "\(month)")
    }
  }

  /// A cluster of one GPU in Newfoundland's zone since the end of February 2026, 23:00 there.
  private func saltmarsh() throws -> (Programme, since: Instant) {
    let days = try #require(HourTilingTests.zones[1].days)
    let march = try #require(days.start(of: HourTilingTests.day("2026-03-01")))
    let since = Instant(march.seconds - Hour.seconds)
    var programme = Programme()
    programme.charter = Charter(
      slug: Scenario.slug("saltmarsh"), name: Scenario.said("Saltmarsh"),
      currency: Scenario.slug("smd"), dropBelow: 5, days: days, hash: Scenario.slug("sha256"),
      signature: Scenario.slug("ed25519"), exercise: true)
    programme.clusters.append(UsageStory.cluster(gpus: 1))
    programme.clusterAccounts.append(ClusterAccounts())
    programme.clusterAccounts[ClusterID(1)].gpus.set(1, from: since)
    return (programme, since)
  }

  private func seal(_ hour: Hour, in programme: inout Programme) -> Refusal? {
    let seconds = programme.capacity(of: ClusterID(1), in: hour)
    let row = AccountRow(account: .unallocated, allocation: nil, seconds: seconds)
    let statement = UsageStatement(
      cluster: ClusterID(1), model: DeviceModelID(1), hour: hour,
      totals: HourTotals(capacity: seconds, rows: [row], contradicted: .zero), segments: 0,
      root: Scenario.digest, corrects: nil)
    let envelope = Envelope(
      by: Scenario.person(1), received: Instant(hour.end.seconds + 120),
      command: .sealStatement(statement))
    do throws(Refusal) {
      for event in try programme.decide(envelope) { apply(event, to: &programme) }
      return nil
    } catch {
      return error
    }
  }

  private func apply(_ event: Event, to programme: inout Programme) {
    programme.apply(
      event,
      Header(
        number: programme.eventCount, at: programme.now, received: programme.now,
        by: Scenario.person(1)))
  }

  /// The first half hour of March was settled with February.
  @Test func `a month's first half hour is the month's own`() throws {
    var (programme, since) = try saltmarsh()
    let last = try #require(programme.charter?.days.hour(of: since))
    // Neither an hour of UTC is sealed there, nor one that begins within the programme's.
    let utc = Hour(of: Instant(last.end.seconds))
    #expect(seal(utc, in: &programme) == .usage(.hourMissing(last)))
    #expect(seal(last, in: &programme) == nil)
    #expect(
      seal(Hour(from: Instant(last.end.seconds + 1_800)), in: &programme)
        == .usage(.hourMissing(last.next)))
    #expect(seal(last.next, in: &programme) == nil)
    let months = programme.accounts(of: ClusterID(1)).months
    #expect(months.map(\.month.description) == ["2026-02", "2026-03"])
    #expect(months.map(\.capacity.count) == [3_600, 3_600])
    #expect(months.map(\.hours) == [1, 1])
    #expect(last.next.description == "2026-03-01T03:30Z")
  }

  @Test func `after hours of UTC that an older version sealed, what is left of one comes`() throws {
    var (programme, since) = try saltmarsh()
    let days = try #require(programme.charter?.days)
    let old = Hour(of: since)
    let totals = HourTotals(
      capacity: GPUSeconds(1_800),
      rows: [AccountRow(account: .down, allocation: nil, seconds: GPUSeconds(1_800))],
      contradicted: .zero)
    let statement = UsageStatement(
      cluster: ClusterID(1), model: DeviceModelID(1), hour: old, totals: totals, segments: 0,
      root: Scenario.digest, corrects: nil)
    apply(.statementSealed(StatementSealed(statement)), to: &programme)
    let rest = try #require(days.hour(from: old.end))
    #expect(rest.length == 1_800 && rest.end.seconds % 3_600 == 1_800)
    #expect(seal(rest, in: &programme) == nil)
    #expect(seal(rest.next, in: &programme) == nil)
    #expect(programme.accounts(of: ClusterID(1)).lastSealed == rest.next)
    #expect(programme.accounts(of: ClusterID(1)).isSealed(old))
  }
}
