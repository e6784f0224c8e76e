@testable import MadangProgramme

/// An hour closed in the plainest way: each second on its own, GPU by GPU, by the order that
/// `HourClosing` documents. Slow, and written without a look at how that one works.
struct NaiveHour {
  let facts: HourFacts
  private var sums: [String: Int64] = [:]
  private var contradicted: Int64 = 0

  init(_ facts: HourFacts) { self.facts = facts }

  /// Lines as `HourTable` says them, sorted.
  mutating func lines() -> [String] {
    for second in facts.hour.start.seconds..<facts.hour.end.seconds {
      var gpus = Second(room: Int(facts.capacity.value(at: Instant(second))))
      fill(&gpus, Instant(second))
      for word in gpus.placed { sums[word, default: 0] += 1 }
      contradicted += Int64(gpus.contradicted)
    }
    var lines = sums.map { "= \($0.key) \($0.value)" }
    if contradicted != 0 { lines.append("= contradicted \(contradicted)") }
    return lines.sorted()
  }

  /// One second: a word for each GPU that found its account.
  private struct Second {
    let room: Int
    var placed: [String] = []
    var contradicted = 0

    init(room: Int) { self.room = room }

    mutating func put(_ word: String, _ count: Int64, contradicts: Bool = true) {
      for _ in 0..<max(0, count) {
        if placed.count < room {
          placed.append(word)
        } else if contradicts {
          contradicted += 1
        }
      }
    }

    mutating func rename(_ old: String, _ new: String, _ most: Int64) {
      for _ in 0..<max(0, most) {
        guard let index = placed.firstIndex(of: old) else { return }
        placed[index] = new
      }
    }

    func count(_ word: String) -> Int64 { Int64(placed.count { $0 == word }) }
  }

  private func fill(_ gpus: inout Second, _ at: Instant) {
    let running = facts.segments.filter { $0.from <= at && at < $0.to }
      .sorted { ($0.allocation?.number ?? .max) < ($1.allocation?.number ?? .max) }
    for segment in running {
      gpus.put(
        segment.allocation.map { "used \($0.number)" } ?? "used -", Int64(segment.gpus))
    }
    for reservation in facts.reservations where reservation.isLent {
      let number = reservation.allocation.number
      gpus.rename("used \(number)", "lent \(number)", ready(reservation, at))
    }
    guard facts.coverage.value(at: at) > 0 else {
      gpus.put("unobserved", Int64(gpus.room), contradicts: false)
      return
    }
    let states = [facts.up, facts.down, facts.maintenance, facts.preparing]
    let shown = states.reduce(Int64(0)) { $0 + $1.value(at: at) }
    gpus.contradicted += Int(max(0, shown - Int64(gpus.room)))
    gpus.put("unobserved", Int64(gpus.room) - shown)
    gpus.put("down", facts.down.value(at: at))
    gpus.put("maintenance", facts.maintenance.value(at: at))
    gpus.put("operatorShare", facts.operatorShare.value(at: at))
    var waiting: Int64 = 0
    for reservation in facts.reservations {
      let metered = running.filter { $0.allocation == reservation.allocation }
        .reduce(Int64(0)) { $0 + Int64($1.gpus) }
      gpus.put("idle \(reservation.allocation.number)", ready(reservation, at) - metered)
    }
    for reservation in facts.reservations {
      let word = "delayed \(reservation.allocation.number)"
      gpus.put(word, reservation.gpus.value(at: at) - ready(reservation, at), contradicts: false)
      waiting += gpus.count(word)
    }
    gpus.put("delayed -", facts.preparing.value(at: at) - waiting)
    gpus.put("unallocated", Int64(gpus.room), contradicts: false)
  }

  private func ready(_ reservation: HourFacts.Reservation, _ at: Instant) -> Int64 {
    min(reservation.gpus.value(at: at), reservation.ready.value(at: at))
  }
}
