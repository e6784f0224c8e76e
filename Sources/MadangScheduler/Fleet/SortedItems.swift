/// Items by a key, in chunks that keep a change small: running jobs of a model by when they end,
/// opened devices of a cluster by what is left of them.
///
/// Insert and remove cost O(chunk + chunks); walking is in order of (key, item).
struct SortedItems: Sendable {
  struct Entry: Sendable, Comparable {
    var key: Int64
    var item: Int32

    static func < (a: Entry, b: Entry) -> Bool { (a.key, a.item) < (b.key, b.item) }
  }

  /// A place in the order.
  struct Cursor {
    var chunk = 0
    var place = 0
  }

  /// None is empty, but the only one.
  private(set) var chunks: [[Entry]] = [[]]
  private static let chunkMax = 512

  mutating func insert(_ entry: Entry) {
    let chunk = chunk(for: entry)
    let place = place(of: entry, in: chunk)
    chunks[chunk].insert(entry, at: place)
    if chunks[chunk].count > SortedItems.chunkMax {
      let half = SortedItems.chunkMax / 2
      let upper = Array(chunks[chunk][half...])
      chunks[chunk].removeLast(upper.count)
      chunks.insert(upper, at: chunk + 1)
    }
  }

  mutating func remove(_ entry: Entry) {
    let chunk = chunk(for: entry)
    let place = place(of: entry, in: chunk)
    precondition(chunks[chunk][place] == entry, "what is removed is in the order")
    chunks[chunk].remove(at: place)
    if chunks[chunk].isEmpty, chunks.count > 1 { chunks.remove(at: chunk) }
  }

  /// How many there are. O(chunks).
  var count: Int { chunks.reduce(0) { $0 + $1.count } }

  func contains(_ entry: Entry) -> Bool {
    let chunk = chunk(for: entry)
    let place = place(of: entry, in: chunk)
    return place < chunks[chunk].count && chunks[chunk][place] == entry
  }

  func entry(at cursor: Cursor) -> Entry? {
    guard cursor.chunk < chunks.count, cursor.place < chunks[cursor.chunk].count else {
      return nil
    }
    return chunks[cursor.chunk][cursor.place]
  }

  func advance(_ cursor: inout Cursor) {
    cursor.place += 1
    if cursor.place >= chunks[cursor.chunk].count {
      cursor.chunk += 1
      cursor.place = 0
    }
  }

  /// The last entry whose key is not above one.
  func last(notAbove key: Int64) -> Entry? {
    var cursor = cursor(above: key)
    if cursor.place == 0 {
      if cursor.chunk == 0 { return nil }
      cursor.chunk -= 1
      cursor.place = chunks[cursor.chunk].count
    }
    return chunks[cursor.chunk][cursor.place - 1]
  }

  /// The place of the first entry whose key is above one; the end where there is none.
  func cursor(above key: Int64) -> Cursor {
    let bound = Entry(key: key, item: .max)
    let chunk = chunk(for: bound)
    let place = place(of: bound, in: chunk)
    if place == chunks[chunk].count, chunk + 1 < chunks.count {
      return Cursor(chunk: chunk + 1, place: 0)
    }
    return Cursor(chunk: chunk, place: place)
  }

  /// The last chunk whose first entry is not after the entry.
  private func chunk(for entry: Entry) -> Int {
    var (low, high) = (0, chunks.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if entry < chunks[middle][0] { high = middle } else { low = middle }
    }
    return low
  }

  private func place(of entry: Entry, in chunk: Int) -> Int {
    var (low, high) = (0, chunks[chunk].count)
    while low < high {
      let middle = (low + high) / 2
      if chunks[chunk][middle] < entry { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
