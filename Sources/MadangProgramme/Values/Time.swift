/// A moment: seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
public struct Instant: Hashable, Comparable, Sendable {
  public let seconds: Int64

  public init(_ seconds: Int64) {
    precondition(abs(seconds) <= Limits.integerMax, "instant out of range")
    self.seconds = seconds
  }

  public static func < (a: Self, b: Self) -> Bool { a.seconds < b.seconds }
}

extension Instant {
  /// In universal time, `2026-08-01 09:00:01 UTC`; beyond the year 9999, and before the first, its
  /// seconds since 1970.
  var universal: String {
    guard (-62_135_596_800..<253_402_300_800).contains(seconds) else { return "\(seconds) s" }
    let (days, rest) = (seconds / 86_400, seconds % 86_400)
    let day = Day(Int(rest < 0 ? days - 1 : days))
    let second = rest < 0 ? rest + 86_400 : rest
    let parts = [second / 3_600, second / 60 % 60, second % 60]
    let clock = parts.map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    return "\(day) \(clock) UTC"
  }
}

extension Instant: Canonical {
  public func write(to writer: inout CanonicalWriter) { writer.integer(seconds) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    self.init(try reader.integer())
  }
}

/// A civil day in the programme's time zone: days since 1970-01-01.
///
/// When it begins and ends as instants is in the programme's `CivilDays` table, not here.
public struct Day: Hashable, Comparable, Sendable {
  public let number: Int32

  public init(_ number: Int) { self.number = Int32(number) }

  public static func < (a: Self, b: Self) -> Bool { a.number < b.number }

  public func advanced(by days: Int) -> Day { Day(Int(number) + days) }
  /// Whole days from this day to `other`.
  public func distance(to other: Day) -> Int { Int(other.number) - Int(number) }

  /// 0 = Monday … 6 = Sunday. 1970-01-01 was a Thursday.
  public var weekday: Int { ((Int(number) + 3) % 7 + 7) % 7 }
}

extension Day: CustomStringConvertible {
  /// `2026-03-03`.
  public var description: String {
    let (year, month, day) = civil
    return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))"
  }

  /// Reads `2026-03-03`, or nothing where that is no day of the proleptic Gregorian calendar
  /// between 1900 and 2199.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count == 10, bytes[4] == 45, bytes[7] == 45 else { return nil }
    func number(_ range: Range<Int>) -> Int? {
      var value = 0
      for byte in bytes[range] {
        guard byte >= 48, byte <= 57 else { return nil }
        value = value * 10 + Int(byte) - 48
      }
      return value
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      (1900...2199).contains(year), (1...12).contains(month), day >= 1
    else { return nil }
    self.init(year: year, month: month, day: day)
    guard civil == (year, month, day) else { return nil }
  }

  /// Days from civil, by eras of 400 years (Howard Hinnant, "chrono-Compatible Low-Level Date
  /// Algorithms").
  init(year: Int, month: Int, day: Int) {
    let y = month <= 2 ? year - 1 : year
    let era = (y >= 0 ? y : y - 399) / 400
    let yearOfEra = y - era * 400
    let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    self.init(era * 146_097 + dayOfEra - 719_468)
  }

  /// Year, month and day of month.
  public var civil: (year: Int, month: Int, day: Int) {
    let z = Int(number) + 719_468
    let era = (z >= 0 ? z : z - 146_096) / 146_097
    let dayOfEra = z - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
  }

  private func padded(_ value: Int, _ width: Int) -> String {
    let digits = String(value)
    return String(repeating: "0", count: max(0, width - digits.count)) + digits
  }
}

extension Day: Canonical {
  public func write(to writer: inout CanonicalWriter) { writer.text(description) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    guard let day = Day(try reader.text()) else { throw reader.malformed("day") }
    self = day
  }
}

/// Half-open days: `from` is in, `to` is out.
public struct Term: Hashable, Sendable {
  public let from: Day
  public let to: Day

  /// Nothing where `to` does not come after `from`.
  public init?(from: Day, to: Day) {
    guard from < to else { return nil }
    self.from = from
    self.to = to
  }

  public var dayCount: Int { from.distance(to: to) }
  public func contains(_ day: Day) -> Bool { from <= day && day < to }
  public func contains(_ other: Term) -> Bool { from <= other.from && other.to <= to }
  /// The days of this term that are in `other` too.
  public func within(_ other: Term) -> Term? {
    Term(from: max(from, other.from), to: min(to, other.to))
  }
}

extension Term: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("from", from)
    writer.field("to", to)
  }
  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    let from: Day = try reader.field("from")
    let to: Day = try reader.field("to")
    guard let term = Term(from: from, to: to) else { throw reader.malformed("term") }
    self = term
  }
}

/// When each civil day of the programme begins: a table that the shell made from the time zone
/// database and that the journal keeps, so that no later change of that database moves a deadline.
public struct CivilDays: Hashable, Sendable {
  /// A day that is not 24 hours long: a change of summer time, or a zone that jumped.
  public struct OddDay: Hashable, Sendable {
    public let day: Day
    public let lengthSeconds: Int64
    public init(day: Day, lengthSeconds: Int64) {
      self.day = day
      self.lengthSeconds = lengthSeconds
    }
  }

  public let zone: String
  public let first: Day
  public let firstStart: Instant
  public let dayCount: Int
  /// Ascending by day.
  public let oddDays: [OddDay]

  /// Nothing where a day lies outside the table, is out of order, or is absurdly short or long.
  public init?(
    zone: String, first: Day, firstStart: Instant, dayCount: Int, oddDays: [OddDay]
  ) {
    guard dayCount > 0, dayCount <= Limits.daysMax, !zone.isEmpty, zone.utf8.count <= 64
    else { return nil }
    var previous = first.advanced(by: -1)
    for odd in oddDays {
      // Samoa skipped a whole day in 2011 (0 s); the longest day on record had 48 hours.
      guard previous < odd.day, odd.day < first.advanced(by: dayCount),
        (0...172_800).contains(odd.lengthSeconds)
      else { return nil }
      previous = odd.day
    }
    self.zone = zone
    self.first = first
    self.firstStart = firstStart
    self.dayCount = dayCount
    self.oddDays = oddDays
  }

  /// The first day that the table no longer covers.
  public var end: Day { first.advanced(by: dayCount) }

  /// When `day` begins; nothing outside the table (its end included, as a boundary).
  ///
  /// Complexity: O(odd days).
  public func start(of day: Day) -> Instant? {
    guard first <= day, day <= end else { return nil }
    var seconds = firstStart.seconds + Int64(first.distance(to: day)) * 86_400
    for odd in oddDays {
      guard odd.day < day else { break }
      seconds += odd.lengthSeconds - 86_400
    }
    return Instant(seconds)
  }

  /// The first day that is whole from an instant on: the day after its own, unless it is that
  /// day's first second. Periods of days are counted from it, so that none is a part of one.
  public func firstWholeDay(from instant: Instant) -> Day? {
    guard let day = day(of: instant) else { return nil }
    return start(of: day) == instant ? day : day.advanced(by: 1)
  }

  /// The civil day of an instant; nothing outside the table.
  public func day(of instant: Instant) -> Day? {
    guard let last = start(of: end), firstStart <= instant, instant < last else { return nil }
    var low = 0
    var high = dayCount
    while high - low > 1 {
      let middle = (low + high) / 2
      guard let start = start(of: first.advanced(by: middle)) else { return nil }
      if start <= instant { low = middle } else { high = middle }
    }
    return first.advanced(by: low)
  }
}

extension CivilDays.OddDay: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("day", day)
    writer.field("lengthSeconds", lengthSeconds)
  }
  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    day = try reader.field("day")
    lengthSeconds = try reader.field("lengthSeconds")
  }
}

extension CivilDays: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("dayCount", Int64(dayCount))
    writer.field("first", first)
    writer.field("firstStart", firstStart)
    writer.field("oddDays", oddDays)
    writer.field("zone", Text(assumingValid: zone))
  }
  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    let dayCount: Int64 = try reader.field("dayCount")
    let first: Day = try reader.field("first")
    let firstStart: Instant = try reader.field("firstStart")
    let oddDays: [OddDay] = try reader.field("oddDays")
    let zone: Text = try reader.field("zone")
    guard
      let days = CivilDays(
        zone: zone.value, first: first, firstStart: firstStart, dayCount: Int(dayCount),
        oddDays: oddDays)
    else { throw reader.malformed("civil days") }
    self = days
  }
}

/// Days on which the office does not work: a weekly pattern and named days.
public struct HolidayCalendar: Hashable, Sendable {
  public struct Holiday: Hashable, Sendable {
    public let day: Day
    public let name: Bilingual
    public init(day: Day, name: Bilingual) {
      self.day = day
      self.name = name
    }
  }

  /// Weekdays off, 0 = Monday … 6 = Sunday, ascending.
  public let weekend: [Int64]
  /// Ascending by day.
  public let holidays: [Holiday]

  public init(weekend: [Int64], holidays: [Holiday]) {
    self.weekend = weekend.sorted()
    self.holidays = holidays.sorted { $0.day < $1.day }
  }

  public static let none = HolidayCalendar(weekend: [], holidays: [])

  /// Complexity: O(log holidays).
  public func isBusinessDay(_ day: Day) -> Bool {
    if weekend.contains(Int64(day.weekday)) { return false }
    var low = 0
    var high = holidays.count
    while low < high {
      let middle = (low + high) / 2
      if holidays[middle].day == day { return false }
      if holidays[middle].day < day { low = middle + 1 } else { high = middle }
    }
    return true
  }

  /// The day a period of `count` days that begins after `day` ends on: its last day, which is in.
  /// Business days are counted as such; a calendar period that ends on a day off rolls to the next
  /// business day where `rolls` says so.
  public func lastDay(after day: Day, count: Int, business: Bool, rolls: Bool) -> Day? {
    guard count > 0, count <= Limits.periodDaysMax, weekend.count < 7 else { return nil }
    var last = day
    if business {
      var left = count
      while left > 0 {
        last = last.advanced(by: 1)
        if isBusinessDay(last) { left -= 1 }
      }
      return last
    }
    last = day.advanced(by: count)
    while rolls && !isBusinessDay(last) { last = last.advanced(by: 1) }
    return last
  }
}

extension HolidayCalendar.Holiday: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("day", day)
    writer.field("name", name)
  }
  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    day = try reader.field("day")
    name = try reader.field("name")
  }
}

extension HolidayCalendar: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("holidays", holidays)
    writer.field("weekend", weekend)
  }
  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    let holidays: [Holiday] = try reader.field("holidays")
    let weekend: [Int64] = try reader.field("weekend")
    guard weekend.allSatisfy({ (0...6).contains($0) }), weekend == weekend.sorted() else {
      throw reader.malformed("weekend")
    }
    for (a, b) in zip(holidays, holidays.dropFirst()) where b.day < a.day {
      throw reader.malformed("ascending holidays")
    }
    self.init(weekend: weekend, holidays: holidays)
  }
}
