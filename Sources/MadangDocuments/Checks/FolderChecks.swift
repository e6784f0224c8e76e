internal import MadangProgramme

/// What one file alone cannot show: sums, capacity, dates, over the whole folder.
///
/// Only what was read without fault is checked, so that one slip is one diagnostic.
extension FolderFiles {
  func check() {
    let days = programme?.clock?.days
    PoolChecks(reading, pools).check()
    SupplyChecks(reading, self, days).check()
    RoundChecks(reading, self, days).check()
    if let days, let holidays { check(holidays, days) }
  }

  func model(_ slug: Slug) -> DeviceModel? { fleet?.models.first { $0.slug == slug } }

  func line(_ slug: Slug) -> LineDraft? { supply?.lines.first { $0.slug == slug } }

  private func check(_ calendar: HolidayCalendar, _ days: CivilDays) {
    for holiday in calendar.holidays where holiday.day < days.first || days.end <= holiday.day {
      reading.outside(Place(file: "holidays.yaml"), holiday.day, days)
    }
  }
}

extension Reading {
  /// Reports a day outside the days that the programme covers.
  func outside(_ place: Place, _ day: Day, _ days: CivilDays) {
    fault(
      place,
      Wording(
        ko: "\(day)은(는) 사업 기간 밖입니다.", en: "\(day) is outside the programme's days."),
      hint: Wording(
        ko: "programme.yaml의 days는 \(days.first)부터 \(days.end) 전날까지입니다.",
        en: "`days` in programme.yaml: from \(days.first) to before \(days.end)."))
  }

  /// Reports a number that should be another: what it is of, what stands there, what it adds up to.
  func mismatch(
    _ place: Place, ko: String, en: String, is value: Int64, shouldBe expected: Int64
  ) {
    fault(
      place,
      Wording(
        ko: "\(ko): \(value)장이 아니라 \(expected)장이어야 합니다.",
        en: "\(en): \(value) stands here, \(expected) is right."),
      hint: Wording(ko: "둘 가운데 틀린 쪽을 고치십시오.", en: "Correct whichever is wrong."))
  }
}

extension CivilDays {
  func covers(_ day: Day) -> Bool { first <= day && day < end }
}
