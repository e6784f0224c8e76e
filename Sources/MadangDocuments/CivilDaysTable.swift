internal import Foundation
public import MadangProgramme

/// A time zone as the machine knows it, and the table of civil days made from it.
///
/// The journal keeps the table, so that no later change of the zone database moves a deadline that
/// was already set. The zone itself is asked only while a folder is read.
struct ZoneClock {
  enum Moment: Hashable {
    case at(Instant)
    /// Clocks jumped over it.
    case skipped
    /// Not in the days of the programme.
    case outside
  }

  private let zone: TimeZone
  let days: CivilDays

  /// Nothing for an unknown zone, or for days that a programme cannot cover.
  init?(zone name: String, days term: Term) {
    guard let zone = ZoneClock.zone(name), term.dayCount <= Limits.daysMax else { return nil }
    self.zone = zone
    let starts = (0...term.dayCount).map { offset in
      ZoneClock.start(of: term.from.advanced(by: offset), in: zone)
    }
    var odd: [CivilDays.OddDay] = []
    for (offset, (start, next)) in zip(starts, starts.dropFirst()).enumerated()
    where next - start != 86_400 {
      odd.append(
        CivilDays.OddDay(day: term.from.advanced(by: offset), lengthSeconds: next - start))
    }
    let table = CivilDays(
      zone: name, first: term.from, firstStart: Instant(starts[0]), dayCount: term.dayCount,
      oddDays: odd)
    guard let table else { return nil }
    days = table
  }

  /// A zone of the database by its name; abbreviations and bare offsets name no place.
  static func zone(_ name: String) -> TimeZone? {
    guard name == "UTC" || TimeZone.knownTimeZoneIdentifiers.contains(name) else { return nil }
    return TimeZone(identifier: name)
  }

  /// The zone that `name` most likely means.
  static func nearestZone(to name: String) -> String? {
    nearest(to: name, in: TimeZone.knownTimeZoneIdentifiers)
  }

  /// The first moment at which clocks showed this minute of this day.
  func instant(day: Day, minute: Int) -> Moment {
    guard day < days.end, let start = days.start(of: day),
      let next = days.start(of: day.advanced(by: 1))
    else { return .outside }
    let wall = Int64(day.number) * 86_400 + Int64(minute) * 60
    // Offsets change at most once a day, so one of the two that hold at its ends is the right one.
    let offsets = [ZoneClock.offset(zone, start.seconds), ZoneClock.offset(zone, next.seconds)]
    let moments = offsets.map { ($0, wall - $0) }
      .filter { offset, moment in ZoneClock.offset(zone, moment) == offset }
    guard let first = moments.map(\.1).min() else { return .skipped }
    return .at(Instant(first))
  }

  /// Seconds since 1970 at which the day begins: the first second whose civil day it is.
  private static func start(of day: Day, in zone: TimeZone) -> Int64 {
    let midnight = Int64(day.number) * 86_400
    // Civil time is between 14 hours ahead of UTC and 12 behind.
    var low = midnight - 15 * 3_600
    var high = midnight + 13 * 3_600
    let (before, after) = (offset(zone, low), offset(zone, high))
    if before == after { return midnight - before }
    while high - low > 1 {
      let middle = (low + high) / 2
      if offset(zone, middle) == before { low = middle } else { high = middle }
    }
    // `high` is the moment of the change.
    return midnight - before < high ? midnight - before : max(high, midnight - after)
  }

  private static func offset(_ zone: TimeZone, _ seconds: Int64) -> Int64 {
    Int64(zone.secondsFromGMT(for: Date(timeIntervalSince1970: TimeInterval(seconds))))
  }
}

extension CivilDays {
  /// The civil days of `term` in a zone of the machine's database; nothing for an unknown zone.
  public init?(zone: String, term: Term) {
    guard let clock = ZoneClock(zone: zone, days: term) else { return nil }
    self = clock.days
  }
}
