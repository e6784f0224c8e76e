/// One hour of UTC: what a statement is about.
public struct Hour: Hashable, Comparable, Sendable {
  public static let seconds: Int64 = 3_600

  /// Hours since 1970-01-01T00:00:00Z.
  public let number: Int64

  public init(number: Int64) {
    precondition(abs(number) <= Limits.integerMax / Hour.seconds, "hour out of range")
    self.number = number
  }

  /// The hour that holds an instant.
  public init(of instant: Instant) {
    let seconds = instant.seconds
    let down = seconds >= 0 ? seconds : seconds - Hour.seconds + 1
    self.init(number: down / Hour.seconds)
  }

  public var start: Instant { Instant(number * Hour.seconds) }
  /// The first second that is no longer in it.
  public var end: Instant { Instant((number + 1) * Hour.seconds) }
  public var next: Hour { Hour(number: number + 1) }

  public static func < (a: Self, b: Self) -> Bool { a.number < b.number }
}

extension Hour: CustomStringConvertible {
  /// `2026-03-02T05Z`.
  public var description: String {
    let day = number >= 0 ? number / 24 : (number - 23) / 24
    let hour = number - day * 24
    return "\(Day(Int(day)))T\(hour < 10 ? "0" : "")\(hour)Z"
  }
}

extension Hour: Canonical {
  /// As the instant at which it begins.
  public func write(to writer: inout CanonicalWriter) { start.write(to: &writer) }
  public init(from reader: inout CanonicalReader) throws(Malformed) {
    let start = try Instant(from: &reader)
    let hour = Hour(of: start)
    guard hour.start == start else { throw reader.malformed("the start of an hour") }
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
