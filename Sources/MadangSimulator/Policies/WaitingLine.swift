/// Jobs in the order they came, taken from the front.
///
/// Complexity: O(1) amortised for each operation but `putBack`, which is O(n).
struct WaitingLine: Sendable {
  private var jobs: [Int32] = []
  private var from = 0

  var first: Int? { from < jobs.count ? Int(jobs[from]) : nil }

  mutating func append(_ job: Int) { jobs.append(Int32(truncatingIfNeeded: job)) }

  mutating func removeFirst() {
    from += 1
    if from == jobs.count {
      jobs.removeAll(keepingCapacity: true)
      from = 0
    } else if from > 1_024, from * 2 > jobs.count {
      jobs.removeFirst(from)
      from = 0
    }
  }

  /// A job that was stopped comes back where its number puts it.
  mutating func putBack(_ job: Int) {
    let number = Int32(truncatingIfNeeded: job)
    let place = jobs[from...].firstIndex { $0 > number } ?? jobs.count
    jobs.insert(number, at: place)
  }
}
