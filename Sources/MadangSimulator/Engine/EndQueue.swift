/// When running jobs will end: a four-ary heap of integers, earliest first, those of one tick by
/// the number of their job.
///
/// Nothing is taken out in the middle. An entry that no longer holds (its job was stopped, or ends
/// at another tick) is passed over when it comes up: `World` knows what holds.
struct EndQueue: Sendable {
  struct Entry: Sendable {
    var time: Int64
    var job: Int32
  }

  private var heap: [Entry] = []

  var isEmpty: Bool { heap.isEmpty }
  var first: Entry? { heap.first }

  /// Complexity: O(log n).
  mutating func push(_ time: Int64, _ job: Int) {
    let entry = Entry(time: time, job: Int32(truncatingIfNeeded: job))
    heap.append(entry)
    var at = heap.count - 1
    while at > 0 {
      let parent = (at - 1) >> 2
      guard EndQueue.precedes(entry, heap[parent]) else { break }
      heap[at] = heap[parent]
      at = parent
    }
    heap[at] = entry
  }

  /// Complexity: O(log n).
  mutating func pop() {
    guard let last = heap.popLast(), !heap.isEmpty else { return }
    let count = heap.count
    var at = 0
    while true {
      let child = at << 2 + 1
      guard child < count else { break }
      var least = child
      var other = child + 1
      while other < min(child + 4, count) {
        if EndQueue.precedes(heap[other], heap[least]) { least = other }
        other += 1
      }
      guard EndQueue.precedes(heap[least], last) else { break }
      heap[at] = heap[least]
      at = least
    }
    heap[at] = last
  }

  private static func precedes(_ a: Entry, _ b: Entry) -> Bool {
    a.time != b.time ? a.time < b.time : a.job < b.job
  }
}
