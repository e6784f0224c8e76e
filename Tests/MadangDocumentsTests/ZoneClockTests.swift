import MadangProgramme
import Testing

@testable import MadangDocuments

@Suite struct ZoneClockTests {
  private func clock(_ zone: String, _ from: String, _ to: String) throws -> ZoneClock {
    let term = Term(from: try required(Day(from)), to: try required(Day(to)))
    return try required(ZoneClock(zone: zone, days: try required(term)))
  }

  private func moment(_ clock: ZoneClock, _ day: String, _ minute: Int) throws -> ZoneClock.Moment {
    clock.instant(day: try required(Day(day)), minute: minute)
  }

  @Test func `Seoul has no odd day`() throws {
    let days = try clock("Asia/Seoul", "2025-01-01", "2032-01-01").days
    #expect(days.oddDays.isEmpty)
    #expect(days.dayCount == 2_556)
    #expect(days.firstStart == Instant(1_735_657_200))
  }

  @Test func `summer time makes a day of 23 hours and one of 25`() throws {
    let days = try clock("Europe/Berlin", "2026-01-01", "2027-01-01").days
    #expect(days.oddDays.map(\.day.description) == ["2026-03-29", "2026-10-25"])
    #expect(days.oddDays.map(\.lengthSeconds) == [82_800, 90_000])
  }

  @Test func `half an hour of summer time is half an hour`() throws {
    let days = try clock("Australia/Lord_Howe", "2026-01-01", "2027-01-01").days
    #expect(days.oddDays.map(\.lengthSeconds) == [88_200, 84_600])
  }

  @Test func `a day that midnight was skipped on begins at the change`() throws {
    // In Cairo clocks go from 24:00 to 01:00.
    let days = try clock("Africa/Cairo", "2026-01-01", "2027-01-01").days
    #expect(days.oddDays.map(\.lengthSeconds) == [82_800, 90_000])
    let spring = try required(days.oddDays.first).day
    let clock = try clock("Africa/Cairo", "2026-01-01", "2027-01-01")
    #expect(clock.instant(day: spring, minute: 30) == .skipped)
    #expect(clock.instant(day: spring, minute: 60) == days.start(of: spring).map { .at($0) })
  }

  @Test func `Samoa skipped a whole day`() throws {
    let days = try clock("Pacific/Apia", "2011-12-01", "2012-01-31").days
    let odd = days.oddDays.filter { $0.day.description == "2011-12-30" }
    #expect(odd.map(\.lengthSeconds) == [0])
    let clock = try clock("Pacific/Apia", "2011-12-01", "2012-01-31")
    #expect(try moment(clock, "2011-12-30", 720) == .skipped)
  }

  @Test func `a moment that is skipped is none, and one that comes twice is the first`() throws {
    let clock = try clock("Europe/Berlin", "2026-01-01", "2027-01-01")
    #expect(try moment(clock, "2026-03-29", 150) == .skipped)
    #expect(try moment(clock, "2026-03-29", 119) == .at(Instant(1_774_745_940)))
    #expect(try moment(clock, "2026-03-29", 180) == .at(Instant(1_774_746_000)))
    // 02:30 in summer time, and an hour later again.
    #expect(try moment(clock, "2026-10-25", 150) == .at(Instant(1_792_888_200)))
    #expect(try moment(clock, "2027-01-01", 0) == .outside)
  }

  @Test func `the starts of days and the days of moments agree`() throws {
    for zone in ["Asia/Seoul", "America/St_Johns", "Africa/Cairo", "Pacific/Chatham", "UTC"] {
      let clock = try clock(zone, "2026-01-01", "2030-01-01")
      for offset in 0..<clock.days.dayCount {
        let day = clock.days.first.advanced(by: offset)
        let start = try required(clock.days.start(of: day))
        #expect(clock.days.day(of: start) == day)
        #expect(clock.instant(day: day, minute: 720) != .skipped)
      }
    }
  }

  @Test func `abbreviations and offsets are no zones`() throws {
    let term = try required(
      Term(from: try required(Day("2026-01-01")), to: try required(Day("2027-01-01"))))
    for zone in ["KST", "GMT+9", "", "Asia/Soul", "../../etc/passwd"] {
      #expect(CivilDays(zone: zone, term: term) == nil)
    }
  }
}
