import MadangJournal
import MadangPages
import MadangProgramme

/// Looking for events in the ledger, newest first, a bounded way at a time.
extension Counter {
  private static let hitsMax = 50
  /// Leaves that one search looks at; where it finds too little, it says where to go on.
  private static let looksMax: Int64 = 20_000
  private static let chunk: Int64 = 512

  func found(_ search: LedgerSearch) throws -> LedgerHits {
    let count = programme.eventCount
    var span = 0..<min(count, search.before ?? count)
    if let day = search.day {
      guard let days = programme.charter?.days, let from = days.start(of: day),
        let to = days.start(of: day.advanced(by: 1))
      else { return LedgerHits(events: [], next: nil) }
      // Times never go back, so a day's events are neighbours.
      span = try span.clamped(to: first(notBefore: from, count)..<first(notBefore: to, count))
    }
    let wanted = Wanted(search)
    var hits: [Int64] = []
    var end = span.upperBound
    let floor = max(span.lowerBound, end - Counter.looksMax)
    while end > floor, hits.count < Counter.hitsMax {
      let start = max(floor, end - (search.isNarrow ? Counter.chunk : Int64(Counter.hitsMax)))
      var found: [Int64] = []
      try journal.ledger.forEachLeaf(in: start..<end) { number, leaf in
        if wanted.isMet(by: leaf) { found.append(number) }
      }
      hits += found.reversed()
      end = start
    }
    let shown = hits.prefix(Counter.hitsMax)
    let next =
      shown.count < hits.count ? shown.last : end > span.lowerBound ? end : nil
    return LedgerHits(
      events: try shown.map { Counter.facts(try journal.ledger.event($0), opened: []) }, next: next)
  }

  /// What a leaf's bytes must hold.
  private struct Wanted {
    private let type: [UInt8]?
    private let text: [UInt8]?

    init(_ search: LedgerSearch) {
      // Only a leaf's own type stands so: a quotation mark within a text is escaped.
      type = search.type.map { Array("\"type\":\"\($0)\",\"v\":".utf8) }
      text = search.text.map { Array($0.utf8) }
    }

    func isMet(by leaf: [UInt8]) -> Bool {
      (type.map { Counter.holds(leaf, $0) } ?? true)
        && (text.map { Counter.holds(leaf, $0) } ?? true)
    }
  }

  /// The first event that is not before an instant. Complexity: O(log n) reads.
  func first(notBefore at: Instant, _ count: Int64) throws -> Int64 {
    var low: Int64 = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if try journal.ledger.event(middle).header.at < at { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Whether `text` stands in `bytes`.
  fileprivate static func holds(_ bytes: [UInt8], _ text: [UInt8]) -> Bool {
    guard let first = text.first, bytes.count >= text.count else { return text.isEmpty }
    for start in 0...(bytes.count - text.count) where bytes[start] == first {
      if bytes[start..<(start + text.count)].elementsEqual(text) { return true }
    }
    return false
  }
}
