/// Running jobs of one model by when they end at the latest, in chunks that keep a change small.
///
/// Insert and remove cost O(chunk + chunks); walking is in order of (end, job).
struct EndOrder: Sendable {
  struct Entry: Sendable {
    var end: Tick
    var job: Int32

    static func < (a: Entry, b: Entry) -> Bool { (a.end, a.job) < (b.end, b.job) }
  }

  /// None is empty, but the only one.
  private(set) var chunks: [[Entry]] = [[]]
  private static let chunkMax = 512

  mutating func insert(_ entry: Entry) {
    let chunk = chunk(for: entry)
    let place = place(of: entry, in: chunk)
    chunks[chunk].insert(entry, at: place)
    if chunks[chunk].count > EndOrder.chunkMax {
      let half = EndOrder.chunkMax / 2
      let upper = Array(chunks[chunk][half...])
      chunks[chunk].removeLast(upper.count)
      chunks.insert(upper, at: chunk + 1)
    }
  }

  mutating func remove(_ entry: Entry) {
    let chunk = chunk(for: entry)
    let place = place(of: entry, in: chunk)
    precondition(chunks[chunk][place].job == entry.job, "a running job is in the order of ends")
    chunks[chunk].remove(at: place)
    if chunks[chunk].isEmpty, chunks.count > 1 { chunks.remove(at: chunk) }
  }

  /// The last chunk whose first entry is not after the entry.
  func chunk(for entry: Entry) -> Int {
    var (low, high) = (0, chunks.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if entry < chunks[middle][0] { high = middle } else { low = middle }
    }
    return low
  }

  func place(of entry: Entry, in chunk: Int) -> Int {
    var (low, high) = (0, chunks[chunk].count)
    while low < high {
      let middle = (low + high) / 2
      if chunks[chunk][middle] < entry { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
