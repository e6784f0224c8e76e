import GRDB
import MadangProgramme

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

  /// Events between two calls of `progress`.
  private static let progressStep: Int64 = 65_536

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

  /// Applies the events up to `end`.
  mutating func run(
    to end: Int64, _ tables: Tables, completed: (Tile) throws -> Void = { _ in },
    progress: (Progress) -> Void
  ) throws {
    let start = programme.eventCount
    try tables.forEachEvent(in: start..<end) { event in
      for tile in try take(event) { try completed(tile) }
      if (event.number - start) % Replay.progressStep == Replay.progressStep - 1 {
        progress(Progress(done: event.number + 1, of: end))
      }
    }
  }

  /// Checks and applies one event, and answers the tiles that it completes.
  private mutating func take(_ event: StoredEvent) throws -> [Tile] {
    let hash = SHA256.leaf(event.leaf)
    guard Int64(bitPattern: hash.w0) == event.sum else {
      throw JournalError.alteredEvents(event.number..<event.number + 1)
    }
    let openings = try event.openings()
    try event.check(openings)
    self.openings += Int64(openings.count)
    let leaf = try event.decoded(openings)
    programme.apply(leaf.event, leaf.header)
    var tiles: [Tile] = []
    frontier.append(hash) { tiles.append($0) }
    return tiles
  }
}

extension StoredEvent {
  func openings() throws -> [Opening] {
    do {
      return try OpeningsText.openings(in: sealed)
    } catch {
      throw JournalError.damagedOpenings(event: number)
    }
  }

  /// The leaf with the openings that are left.
  func decoded(_ openings: [Opening]) throws -> Leaf {
    do throws(Malformed) {
      let leaf = try Leaf(bytes: leaf, openings: openings)
      guard leaf.header.number == number else {
        throw Malformed(expected: "number \(number)", offset: 0)
      }
      return leaf
    } catch {
      if error.expected.hasSuffix("written by a newer Madang") {
        throw JournalError.newerEvent(number)
      }
      throw JournalError.malformedEvent(number, expected: error.expected, offset: error.offset)
    }
  }

  /// Whether each opening is what the leaf committed to.
  ///
  /// Looks for `"field":{"class":"…","commitment":"…"`, in order. Inside a string every quotation
  /// mark is escaped, so these bytes stand only where such a field does.
  func check(_ openings: [Opening]) throws {
    var from = 0
    var sought: [UInt8] = []
    for opening in openings {
      let commitment = SHA256.commitment(salt: opening.salt.bytes, value: opening.value)
      sought.removeAll(keepingCapacity: true)
      sought.append(UInt8(ascii: "\""))
      sought.append(contentsOf: opening.field.utf8)
      sought.append(contentsOf: "\":{\"class\":\"".utf8)
      sought.append(contentsOf: opening.disclosure.rawValue.utf8)
      sought.append(contentsOf: "\",\"commitment\":\"".utf8)
      sought.append(contentsOf: commitment.hex.utf8)
      sought.append(UInt8(ascii: "\""))
      guard let end = StoredEvent.end(of: sought, in: leaf, from: from) else {
        throw JournalError.wrongOpening(event: number, field: opening.field)
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
