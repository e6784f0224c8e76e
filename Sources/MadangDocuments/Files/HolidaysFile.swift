internal import MadangProgramme

/// holidays.yaml: when the office does not work.
extension Value {
  func holidays() -> HolidayCalendar? {
    guard let fields = fields(["weekend", "holidays"]) else { return nil }
    let weekend = fields["weekend"]?.list { $0.weekday() }
    let holidays = fields["holidays"]?.list { $0.holiday() }
    guard let weekend, let holidays else { return nil }
    if Set(weekend.items).count != weekend.items.count || weekend.items.count == 7 {
      fields["weekend"]?.refuse(
        "주말의 요일은 한 번씩, 엿새까지 쓸 수 있습니다.",
        "A weekend has each day once, and at most six.",
        hintKo: "[sat, sun]처럼 쓰십시오.", hintEn: "Write it like [sat, sun].")
    }
    var days: Set<Day> = []
    for (holiday, value) in holidays.items where !days.insert(holiday.day).inserted {
      value.repeatedItem("\(holiday.day)")
    }
    return HolidayCalendar(weekend: weekend.items, holidays: holidays.items.map(\.0))
  }

  private func weekday() -> Int64? {
    word(["mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6])
  }

  private func holiday() -> (HolidayCalendar.Holiday, Value)? {
    guard let fields = fields(["on", "name"]) else { return nil }
    let on = fields["on"]?.day()
    let name = fields["name"]?.bilingualLabel()
    guard let on, let name else { return nil }
    return (HolidayCalendar.Holiday(day: on, name: name), self)
  }
}
