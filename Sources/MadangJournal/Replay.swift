import Dispatch
import GRDB
import MadangProgramme
import Synchronization

/// How far a long replay has come.
public struct Progress: Hashable, Sendable {
  public let done: Int64
  public let of: Int64
}

/// A programme on its way through its events, with the tree over them.
///
/// Every byte is checked before it is believed: the leaf against its sum, each opening against its
/// commitment. So a damaged journal is an error that names an event, never a wrong programme.
struct Replay {
  private(set) var programme = Programme()
  private(set) var frontier = Frontier()
  /// Openings that were checked.
  private(set) var openings: Int64 = 0

  /// Events that are in memory at once.
  private static let chunkCount = 8_192
  /// Events that one core takes: enough that cores seldom meet, few enough that they end together.
  private static let partCount = 512

  init() {}

  /// From the newest usable snapshot of at most `limit` events; from nothing where there is none.
  init(snapshotIn data: String, limit: Int64, _ tables: Tables) throws {
    for file in SnapshotFile.all(in: data) where file.events <= limit {
      let size = Int(file.events)
      let root = try MerkleTree.root(size: size, in: tables.tree)
      guard let programme = file.programme(root: root) else { continue }
      self.programme = programme
      frontier = try Frontier(size: size, replaying: tables.tree)
      return
    }
  }

  /// Applies the events up to `end`, a chunk at a time: while one is read, all cores check and
  /// decode the one before; they are applied in order.
  mutating func run(
    to end: Int64, _ tables: Tables, completed: (Tile) throws -> Void = { _ in },
    progress: (Progress) -> Void
  ) throws {
    var chunk: [StoredEvent] = []
    chunk.reserveCapacity(Replay.chunkCount)
    var inWork: Chunk?
    do {
      try tables.forEachEvent(in: programme.eventCount..<end) { event in
        chunk.append(event)
        guard chunk.count == Replay.chunkCount else { return }
        let before = inWork
        inWork = Chunk(chunk)
        chunk.removeAll(keepingCapacity: true)
        do {
          try apply(before, completed)
        } catch {
          throw Stopped(because: error)
        }
        progress(Progress(done: programme.eventCount, of: end))
      }
    } catch let stopped as Stopped {
      throw stopped.because
    } catch {
      // Reading failed: what is wrong before that place is told first.
      try apply(inWork, completed)
      try apply(Chunk(chunk), completed)
      throw error
    }
    try apply(inWork, completed)
    try apply(Chunk(chunk), completed)
  }

  /// An event was not as it should be, as against one that could not be read.
  private struct Stopped: Error {
    let because: any Error
  }

  private mutating func apply(_ chunk: Chunk?, _ completed: (Tile) throws -> Void) throws {
    for part in chunk?.wait() ?? [] {
      for event in part.events {
        programme.apply(event.leaf.event, event.leaf.header)
        openings += Int64(event.openings)
        var tiles: [Tile] = []
        frontier.append(event.hash) { tiles.append($0) }
        for tile in tiles { try completed(tile) }
      }
      if let fault = part.fault { throw fault }
    }
  }

  /// Neighbouring events, up to the first that is not as it should be.
  private struct Part: Sendable {
    var events: [(leaf: Leaf, hash: Digest, openings: Int)] = []
    var fault: JournalError?

    init(_ stored: ArraySlice<StoredEvent>) {
      events.reserveCapacity(stored.count)
      for event in stored {
        do throws(JournalError) {
          events.append(try event.checked())
        } catch {
          fault = error
          return
        }
      }
    }
  }

  /// Events that all cores are checking.
  private final class Chunk: Sendable {
    private let parts: Mutex<[Part?]>
    private let work = DispatchGroup()

    init(_ events: [StoredEvent]) {
      let starts = Array(stride(from: 0, to: events.count, by: Replay.partCount))
      parts = Mutex(Array(repeating: nil, count: starts.count))
      for (index, start) in starts.enumerated() {
        let slice = events[start..<min(start + Replay.partCount, events.count)]
        DispatchQueue.global().async(group: work) { [self] in
          let part = Part(slice)
          parts.withLock { $0[index] = part }
        }
      }
    }

    /// The parts in order, when the last is done.
    @discardableResult func wait() -> [Part] {
      work.wait()
      return parts.withLock { $0.compactMap { $0 } }
    }
  }
}

extension StoredEvent {
  /// The event, every byte of it checked.
  func checked() throws(JournalError) -> (leaf: Leaf, hash: Digest, openings: Int) {
    let hash = SHA256.leaf(leaf)
    guard Int64(bitPattern: hash.w0) == sum else { throw .alteredEvents(number..<number + 1) }
    let openings = try openings()
    try check(openings)
    return (try decoded(openings), hash, openings.count)
  }

  /// The openings that are left. Every leaf seals who it is by, and erasing empties the row and
  /// keeps it: an event without one has lost it.
  func openings() throws(JournalError) -> [Opening] {
    guard !sealed.isEmpty else { throw .damagedOpenings(event: number) }
    do throws(Malformed) {
      return try OpeningsText.openings(in: sealed)
    } catch {
      throw .damagedOpenings(event: number)
    }
  }

  /// The leaf with the openings that are left.
  func decoded(_ openings: [Opening]) throws(JournalError) -> Leaf {
    do throws(Malformed) {
      let leaf = try Leaf(bytes: leaf, openings: openings)
      guard leaf.header.number == number else {
        throw Malformed(expected: "number \(number)", offset: 0)
      }
      return leaf
    } catch {
      if error.expected.hasSuffix("written by a newer Madang") { throw .newerEvent(number) }
      throw .malformedEvent(number, expected: error.expected, offset: error.offset)
    }
  }

  /// Whether each opening is what the leaf committed to.
  ///
  /// Looks for `"field":{"class":"…","commitment":"…"`, in order. Inside a string every quotation
  /// mark is escaped, so these bytes stand only where such a field does.
  private func check(_ openings: [Opening]) throws(JournalError) {
    var from = 0
    var sought: [UInt8] = []
    sought.reserveCapacity(160)
    for opening in openings {
      let commitment = SHA256.commitment(salt: opening.salt, value: opening.value)
      sought.removeAll(keepingCapacity: true)
      sought.append(UInt8(ascii: "\""))
      sought.append(text: opening.field)
      sought.append("\":{\"class\":\"")
      sought.append(opening.disclosure.word)
      sought.append("\",\"commitment\":\"")
      sought.append(hex: commitment)
      sought.append(UInt8(ascii: "\""))
      guard let end = StoredEvent.end(of: sought, in: leaf, from: from) else {
        throw .wrongOpening(event: number, field: opening.field)
      }
      from = end
    }
  }

  /// Where `sought` ends in `bytes`, from `from` on.
  private static func end(of sought: [UInt8], in bytes: [UInt8], from: Int) -> Int? {
    bytes.withUnsafeBytes { bytes in
      sought.withUnsafeBytes { sought in
        var start = from
        while start + sought.count <= bytes.count {
          var index = 0
          while index < sought.count, bytes[start + index] == sought[index] { index += 1 }
          if index == sought.count { return start + index }
          start += 1
        }
        return nil
      }
    }
  }
}
