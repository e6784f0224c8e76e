import MadangJournal
import MadangProgramme
import MadangViews
import Synchronization

/// How many events of each type there were on the programme's day: every event is looked at once.
final class TodayTally: Sendable {
  fileprivate struct Kept {
    var day: Day?
    /// Events before this are counted.
    var upTo: Int64 = 0
    /// Parallel to `EventWords.all`.
    var counts = [Int64](repeating: 0, count: EventWords.all.count)
  }

  fileprivate let kept = Mutex(Kept())
  /// How a leaf of each type shows it; parallel to `EventWords.all`.
  fileprivate static let marks = EventWords.all.map { Array("\"type\":\"\($0.type)\",".utf8) }
}

extension Counter {
  /// The types that there were today, in the order of the corridor.
  ///
  /// Complexity: O(events since it was asked last), or since midnight the first time.
  func changesToday(_ programme: Programme) throws -> [(type: String, count: Int64)] {
    guard let days = programme.charter?.days, let day = days.day(of: programme.now),
      let start = days.start(of: day)
    else { return [] }
    let count = programme.eventCount
    var known = today.kept.withLock { $0 }
    if known.day != day {
      known = TodayTally.Kept()
      known.day = day
      known.upTo = try first(notBefore: start, count)
    }
    if known.upTo < count {
      try journal.ledger.forEachLeaf(in: known.upTo..<count) { _, leaf in
        if let place = Counter.type(of: leaf) { known.counts[place] += 1 }
      }
      known.upTo = count
      let counted = known
      today.kept.withLock { kept in
        // Whoever counted further keeps it.
        if kept.day != day || kept.upTo < count { kept = counted }
      }
    }
    return zip(EventWords.all, known.counts).filter { $0.1 > 0 }.map { ($0.0.type, $0.1) }
  }

  /// A leaf ends in its type and version: its place in `EventWords.all`.
  private static func type(of leaf: [UInt8]) -> Int? {
    let end = leaf.suffix(80)
    return TodayTally.marks.firstIndex { mark in
      guard let first = mark.first, end.count >= mark.count else { return false }
      return (end.startIndex...(end.endIndex - mark.count)).contains { start in
        end[start] == first && end[start..<(start + mark.count)].elementsEqual(mark)
      }
    }
  }
}
