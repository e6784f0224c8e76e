import Foundation
import GRDB
public import MadangProgramme

/// A journal to read: from any number of processes, while another writes.
///
/// Each call sees one moment of the journal, whole.
public final class Ledger: Sendable {
  /// The data folder.
  public let folder: String
  private let pool: DatabasePool

  /// Opens the journal in a data folder for reading.
  public init(folder: String) throws(JournalError) {
    self.folder = folder
    pool = try Connections.readers(Ledger.path(in: folder))
  }

  static func path(in folder: String) -> String { folder + "/journal.sqlite" }

  func read<Result>(_ body: (Tables) throws -> Result) throws(JournalError) -> Result {
    try Connections.reporting(Ledger.path(in: folder)) {
      try pool.read { db in try body(Tables(db: db)) }
    }
  }

  func close() {
    // It fails while somebody reads; the connections then go with the last reader.
    try? pool.close()
  }

  // MARK: Events

  /// How many events there are.
  public func eventCount() throws(JournalError) -> Int64 {
    try read { try $0.eventCount() }
  }

  /// Calls `body` for each of these events, in order, with what it has left of openings. `body` may
  /// ask the ledger in turn: events are fetched in chunks, and never change.
  public func forEachEvent(
    in numbers: Range<Int64>, _ body: (LedgerEvent) throws -> Void
  ) throws {
    let numbers = numbers.clamped(to: 0..<(try eventCount()))
    var next = numbers.lowerBound
    while next < numbers.upperBound {
      let chunk = next..<min(next + Ledger.chunkCount, numbers.upperBound)
      for event in try events(in: chunk) { try body(event) }
      next = chunk.upperBound
    }
  }

  private static let chunkCount: Int64 = 512

  /// Calls `body` for the leaf of each of these events, as it is stored, in order: to look for
  /// something without reading what it says.
  public func forEachLeaf(
    in numbers: Range<Int64>, _ body: (_ number: Int64, _ leaf: [UInt8]) -> Void
  ) throws(JournalError) {
    try read { try $0.forEachLeaf(in: numbers, body) }
  }

  /// One event.
  public func event(_ number: Int64) throws(JournalError) -> LedgerEvent {
    let count = try eventCount()
    guard (0..<count).contains(number), let event = try events(in: number..<number + 1).first
    else { throw .noSuchEvent(number, events: count) }
    return event
  }

  private func events(in numbers: Range<Int64>) throws(JournalError) -> [LedgerEvent] {
    try read { tables in
      var events: [LedgerEvent] = []
      try tables.forEachEvent(in: numbers) { stored in
        let openings = try stored.openings()
        let leaf = try stored.decoded(openings)
        events.append(
          LedgerEvent(
            header: leaf.header, event: leaf.event, bytes: stored.leaf, openings: openings))
      }
      return events
    }
  }

  /// The programme after the first `events` events; after all of them without a number.
  public func programme(
    after events: Int64? = nil, progress: (Progress) -> Void = { _ in }
  ) throws(JournalError) -> Programme {
    try read { tables in
      let count = try tables.eventCount()
      let end = events ?? count
      guard (0...count).contains(end) else {
        throw JournalError.noSuchSize(end, events: count)
      }
      var replay = try Replay(snapshotIn: folder, limit: end, tables)
      try replay.run(to: end, tables, progress: progress)
      return replay.programme
    }
  }

  // MARK: Tree

  /// Every signed head, oldest first.
  public func heads() throws(JournalError) -> [Head] { try read { try $0.heads() } }

  /// These of them, counted from 0, oldest first.
  public func heads(in numbers: Range<Int64>) throws(JournalError) -> [Head] {
    try read { try $0.heads(in: numbers) }
  }

  /// How many heads were signed.
  public func headCount() throws(JournalError) -> Int64 { try read { try $0.headCount() } }

  public func newestHead() throws(JournalError) -> Head? { try read { try $0.newestHead() } }

  /// The root over the first `size` events.
  public func root(size: Int64) throws(JournalError) -> Digest {
    try read { tables in
      try check(size: size, tables)
      return try MerkleTree.root(size: Int(size), in: tables.tree)
    }
  }

  /// What shows that an event stands in the tree of `size` events.
  public func inclusionProof(event: Int64, size: Int64) throws(JournalError) -> [Digest] {
    try read { tables in
      try check(size: size, tables)
      guard (0..<size).contains(event) else {
        throw JournalError.noSuchEvent(event, events: size)
      }
      return try MerkleTree.inclusionProof(leaf: Int(event), size: Int(size), in: tables.tree)
    }
  }

  /// What shows that the first `old` of `new` events are unchanged.
  public func consistencyProof(from old: Int64, to new: Int64) throws(JournalError) -> [Digest] {
    try read { tables in
      try check(size: new, tables)
      guard (0...new).contains(old) else { throw JournalError.noSuchSize(old, events: new) }
      return try MerkleTree.consistencyProof(from: Int(old), to: Int(new), in: tables.tree)
    }
  }

  private func check(size: Int64, _ tables: Tables) throws {
    let count = try tables.eventCount()
    guard (0...count).contains(size) else { throw JournalError.noSuchSize(size, events: count) }
  }

  // MARK: People

  /// The name behind a person's number; nothing where there never was one, or it was erased.
  public func label(of person: PersonID) throws(JournalError) -> String? {
    try read { try $0.label(of: person) }
  }

  /// The person with this name.
  public func person(labelled label: String) throws(JournalError) -> PersonID? {
    try read { try $0.person(labelled: label) }
  }

  // MARK: Requests

  /// What became of the request that somebody sent under a key; nothing where none was done, or so
  /// long ago that it is forgotten.
  public func reply(
    to key: RequestKey, by person: PersonID
  ) throws(JournalError) -> Reply? {
    try read { try $0.reply(to: key, by: person) }
  }
}

/// An event with its exact bytes and the openings that are left.
public struct LedgerEvent: Sendable {
  public let header: Header
  public let event: Event
  public let bytes: [UInt8]
  public let openings: [Opening]
}

extension Programme {
  /// The digest of the whole value: two replays agree where their digests do.
  public var stateDigest: Digest { SHA256.hash(snapshotBytes()) }
}
