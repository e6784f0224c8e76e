/// A stretch of an hour: what a statement is about. The last one of a day may be shorter.
///
/// Hours are counted from the beginning of each civil day of the programme, so that they tile its
/// days and months, whatever its time zone is off by:
///
/// ```
///   Saltmarsh, 3½ hours behind UTC     │ 00:00   01:00   02:00        … 23:00   │ the next day
///   UTC                                03:30Z   04:30Z  05:30Z            02:30Z
///
///   where clocks change by half an hour            … 22:00   23:00  23:30 │ the next day
///   (in a day of 23½ hours)                        └── 1 h ──┴─ ½ ──┘
/// ```
/// A statement from before version 2 is of an hour of UTC, and counts where that begins.
public struct Hour: Hashable, Comparable, Sendable {
  public static let seconds: Int64 = 3_600

  public let start: Instant
  /// The first second that is no longer in it.
  public let end: Instant

  /// Nothing where it would be empty, or longer than an hour.
  public init?(from start: Instant, to end: Instant) {
    guard (1...Hour.seconds).contains(end.seconds - start.seconds) else { return nil }
    self.start = start
    self.end = end
  }

  /// The whole hour from an instant on.
  public init(from start: Instant) {
    self.start = start
    end = Instant(start.seconds + Hour.seconds)
  }

  /// The hour of UTC that holds an instant: by these, engines cut what they meter.
  public init(of instant: Instant) {
    let rest = instant.seconds % Hour.seconds
    self.init(from: Instant(instant.seconds - (rest < 0 ? rest + Hour.seconds : rest)))
  }

  public var length: Int64 { end.seconds - start.seconds }
  /// The whole hour after it.
  public var next: Hour { Hour(from: end) }

  public static func < (a: Self, b: Self) -> Bool { a.start < b.start }
}

extension Hour: CustomStringConvertible {
  /// `2026-03-02T05Z`, `2026-03-02T05:30Z`.
  public var description: String {
    let seconds = start.seconds
    let day = seconds >= 0 ? seconds / 86_400 : (seconds - 86_399) / 86_400
    let minute = (seconds - day * 86_400) / 60
    func two(_ number: Int64) -> String { (number < 10 ? "0" : "") + "\(number)" }
    let minutes = minute % 60 == 0 ? "" : ":" + two(minute % 60)
    return "\(Day(Int(day)))T\(two(minute / 60))\(minutes)Z"
  }
}

extension Hour: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("end", end)
    writer.field("start", start)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    let end: Instant = try reader.field("end")
    let start: Instant = try reader.field("start")
    guard let hour = Hour(from: start, to: end) else { throw reader.malformed("an hour") }
    self = hour
  }
}

/// A civil month of the programme's days: what is charged, and shown, together.
public struct Month: Hashable, Comparable, Sendable {
  public let year: Int32
  /// 1 to 12.
  public let month: Int32

  public init?(year: Int, month: Int) {
    guard (1900...2199).contains(year), (1...12).contains(month) else { return nil }
    self.year = Int32(year)
    self.month = Int32(month)
  }

  /// The month that holds a day.
  public init(of day: Day) {
    let civil = day.civil
    year = Int32(civil.year)
    month = Int32(civil.month)
  }

  public var first: Day { Day(year: Int(year), month: Int(month), day: 1) }
  public var next: Month {
    Month(
      of: Day(year: month == 12 ? Int(year) + 1 : Int(year), month: Int(month) % 12 + 1, day: 1))
  }
  public var dayCount: Int { first.distance(to: next.first) }

  public static func < (a: Self, b: Self) -> Bool { (a.year, a.month) < (b.year, b.month) }
}

extension Month: CustomStringConvertible {
  /// `2026-03`.
  public var description: String { String(first.description.prefix(7)) }

  /// Reads `2026-03`; nothing for any other text.
  public init?(_ text: String) {
    guard text.utf8.count == 7, let day = Day(text + "-01") else { return nil }
    self.init(of: day)
  }
}

extension Month: Canonical {
  public func write(to writer: inout CanonicalWriter) { writer.text(description) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    guard let month = Month(try reader.text()) else { throw reader.malformed("month") }
    self = month
  }
}

extension CivilDays {
  /// The hour of the programme that holds an instant; nothing outside its days.
  public func hour(of instant: Instant) -> Hour? {
    guard let day = day(of: instant), let first = start(of: day) else { return nil }
    let rest = (instant.seconds - first.seconds) % Hour.seconds
    return hour(from: Instant(instant.seconds - rest))
  }

  /// What is left from an instant on of the hour of the programme that holds it: all of it, but
  /// where the hour before was one of UTC. Nothing outside its days.
  public func hour(from instant: Instant) -> Hour? {
    guard let day = day(of: instant), let first = start(of: day),
      let next = start(of: day.advanced(by: 1))
    else { return nil }
    let begun = (instant.seconds - first.seconds) / Hour.seconds
    let end = first.seconds + (begun + 1) * Hour.seconds
    return Hour(from: instant, to: Instant(min(end, next.seconds)))
  }

  /// The month in which an hour begins; nothing outside the programme's days.
  public func month(of hour: Hour) -> Month? { day(of: hour.start).map { Month(of: $0) } }

  /// When a month begins and ends; nothing where either lies outside the programme's days.
  public func span(of month: Month) -> (from: Instant, to: Instant)? {
    guard let from = start(of: month.first), let to = start(of: month.next.first) else {
      return nil
    }
    return (from, to)
  }
}
