import Testing

@testable import MadangProgramme

struct TimeProperties {
  /// People were told of seconds since 1970.
  @Test(
    arguments: [
      (1_782_905_401, "2026-07-01 11:30:01 UTC"), (0, "1970-01-01 00:00:00 UTC"),
      (-1, "1969-12-31 23:59:59 UTC"), (253_402_300_799, "9999-12-31 23:59:59 UTC"),
      (253_402_300_800, "253402300800 s"), (-Limits.integerMax, "-9007199254740991 s"),
    ] as [(Int64, String)])
  func `an instant is told as a date and a time, as far as there are dates`(
    _ seconds: Int64, _ said: String
  ) {
    let refusal = AgentRefusal.leaseHeld(until: Instant(seconds))
    for language in Language.allCases {
      #expect(refusal.what(language).contains(said), "\(refusal.what(language))")
    }
  }

  @Test func `every day of three centuries is itself again, one after the other`() throws {
    let first = try #require(Day("1900-01-01"))
    let last = try #require(Day("2199-12-31"))
    #expect(first.number == -25_567 && last.number == 84_005)
    #expect(Day("1970-01-01")?.number == 0)
    let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    var (year, month, date) = (1900, 1, 1)
    for number in Int(first.number)...Int(last.number) {
      let day = Day(number)
      guard day.civil == (year, month, date), Day(year: year, month: month, day: date) == day,
        Day(day.description) == day, day.weekday == (number + 25_567) % 7
      else {
        Issue.record("\(number) is \(day), not \(year)-\(month)-\(date)")
        return
      }
      let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
      date += 1
      if date > lengths[month - 1] + (month == 2 && leap ? 1 : 0) { (month, date) = (month + 1, 1) }
      if month > 12 { (year, month) = (year + 1, 1) }
    }
  }

  @Test(arguments: [
    "1899-12-31", "2200-01-01", "2026-02-29", "2026-13-01", "2026-00-10", "2026-01-00",
    "2026-1-01", "2026/01/01", "2026-01-01 ", "", "２026-01-0",
  ])
  func `what is no day is not read as one`(text: String) {
    #expect(Day(text) == nil)
  }

  @Test func `the days of a table tile its instants, also those with odd lengths`() throws {
    try seeds(200) { seed, random in
      let first = Day(random.draw(10_000...30_000))
      let count: Int = random.draw(1...400)
      var odd: [CivilDays.OddDay] = []
      for offset in 0..<count where random.chance(3) {
        odd.append(
          CivilDays.OddDay(
            day: first.advanced(by: offset),
            lengthSeconds: random.pick([82_800, 90_000, 84_600, 0, 172_800, 86_401])))
      }
      let start = Instant(Int64(first.number) * 86_400 - random.draw(-50_000...50_000))
      let days = try #require(
        CivilDays(zone: "Z", first: first, firstStart: start, dayCount: count, oddDays: odd))
      var seconds = start.seconds
      for offset in 0..<count {
        let day = first.advanced(by: offset)
        let length = odd.first { $0.day == day }?.lengthSeconds ?? 86_400
        #expect(days.start(of: day) == Instant(seconds), "SEED=\(seed)")
        if length > 0 {
          #expect(days.day(of: Instant(seconds)) == day, "SEED=\(seed)")
          #expect(days.day(of: Instant(seconds + length - 1)) == day, "SEED=\(seed)")
        }
        seconds += length
      }
      #expect(days.start(of: days.end) == Instant(seconds), "SEED=\(seed)")
      #expect(days.day(of: Instant(seconds)) == nil)
      #expect(days.day(of: Instant(start.seconds - 1)) == nil)
      #expect(days.start(of: days.end.advanced(by: 1)) == nil)
      #expect(days.start(of: first.advanced(by: -1)) == nil)
    }
  }

  @Test func `odd days ascend, lie in the table and are no longer than two days`() {
    func table(_ odd: [(Int, Int64)]) -> CivilDays? {
      CivilDays(
        zone: "Z", first: Day(0), firstStart: Instant(0), dayCount: 10,
        oddDays: odd.map { CivilDays.OddDay(day: Day($0.0), lengthSeconds: $0.1) })
    }
    #expect(table([(0, 0), (9, 172_800)]) != nil)
    let faults: [[(Int, Int64)]] = [
      [(-1, 0)], [(10, 0)], [(1, -1)], [(1, 172_801)], [(2, 0), (1, 0)], [(1, 0), (1, 0)],
    ]
    for odd in faults {
      #expect(table(odd) == nil, "\(odd)")
    }
  }

  @Test func `a period ends where counting day by day ends it`() {
    seeds(300) { seed, random in
      let start = Day(random.draw(20_000...22_000))
      let holidays = (0..<(random.draw(0...20) as Int)).map { _ in
        HolidayCalendar.Holiday(
          day: start.advanced(by: random.draw(-5...60)), name: Scenario.said("h"))
      }
      let weekend: [Int64] = random.pick([[], [5, 6], [4, 5], [6]])
      let calendar = HolidayCalendar(weekend: weekend, holidays: holidays)
      func works(_ day: Day) -> Bool {
        !weekend.contains(Int64(day.weekday)) && !holidays.contains { $0.day == day }
      }
      let count: Int = random.draw(1...30)
      var (day, left) = (start, count)
      while left > 0 {
        day = day.advanced(by: 1)
        left -= works(day) ? 1 : 0
      }
      #expect(
        calendar.lastDay(after: start, count: count, business: true, rolls: false) == day,
        "SEED=\(seed)")
      var calendarDay = start.advanced(by: count)
      #expect(
        calendar.lastDay(after: start, count: count, business: false, rolls: false) == calendarDay)
      while !works(calendarDay) { calendarDay = calendarDay.advanced(by: 1) }
      #expect(
        calendar.lastDay(after: start, count: count, business: false, rolls: true) == calendarDay,
        "SEED=\(seed)")
    }
  }

  @Test func `a calendar that never works, or no days, has no last day`() {
    let never = HolidayCalendar(weekend: [0, 1, 2, 3, 4, 5, 6], holidays: [])
    #expect(never.lastDay(after: Day(0), count: 1, business: true, rolls: true) == nil)
    let always = HolidayCalendar.none
    #expect(always.lastDay(after: Day(0), count: 0, business: true, rolls: true) == nil)
    let tooLong = Limits.periodDaysMax + 1
    #expect(always.lastDay(after: Day(0), count: tooLong, business: false, rolls: true) == nil)
  }

  @Test(arguments: ["a", "kakao-b200", "a-1-b", "0"])
  func `a short name is small letters, digits and single inner hyphens`(text: String) {
    #expect(Slug(text)?.value == text)
  }

  @Test(arguments: [
    "", "-a", "a-", "a--b", "A", "a_b", "가", "a b", String(repeating: "a", count: 41),
  ])
  func `anything else is no short name`(text: String) {
    #expect(Slug(text) == nil)
  }

  @Test(arguments: ["award-1", "award-1042", "award-1000000000"])
  func `an identifier is read back from its outside form`(text: String) {
    #expect(AwardID(text)?.description == text)
  }

  @Test(arguments: ["award-0", "award-01", "award-", "award--1", "award-+1", "line-1", "1", ""])
  func `anything else is no identifier`(text: String) {
    #expect(AwardID(text) == nil)
  }
}
