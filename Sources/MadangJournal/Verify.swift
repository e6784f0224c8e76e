public import MadangProgramme

/// What a verification went through, all of it as it should be.
public struct Verification: Hashable, Sendable {
  public let events: Int64
  /// Openings that are left, each equal to its commitment.
  public let openings: Int64
  public let tiles: Int64
  public let heads: Int64
  /// The root over all events.
  public let root: Digest
  /// The key that signed every head, in hexadecimal digits.
  public let key: String?
  /// Of the programme that the events replay to.
  public let stateDigest: Digest
}

extension Ledger {
  /// Checks everything anew, from the first byte: leaf hashes, tiles, signed roots, commitments,
  /// numbers; and replays every event. Throws the first fault, which names its event.
  ///
  /// `key` is the office's public key where the caller has it from elsewhere: without it, whoever
  /// replaced everything with a key of their own is not found out.
  public func verify(
    key: String? = nil, progress: (Progress) -> Void = { _ in }
  ) throws(JournalError) -> Verification {
    try read { tables in
      let count = try tables.eventCount()
      let heads = try tables.heads()
      let signer = try check(heads, key: try key ?? tables.meta("publicKey"), events: count)
      var replay = Replay()
      var tiles: Int64 = 0
      func advance(to size: Int64) throws {
        try replay.run(
          to: size, tables,
          completed: { tile in
            guard try tables.tile(level: tile.level, number: tile.number) == tile else {
              throw try fault(in: tile, tables)
            }
            tiles += 1
          }, progress: { progress(Progress(done: $0.done, of: count)) })
      }
      for (number, head) in heads.enumerated() {
        try advance(to: head.size)
        guard replay.frontier.root == head.root else {
          throw JournalError.wrongRoot(head: Int64(number), size: head.size)
        }
      }
      try advance(to: count)
      try checkNothingElse(tables, events: count, tiles: tiles)
      return Verification(
        events: count, openings: replay.openings, tiles: tiles, heads: Int64(heads.count),
        root: replay.frontier.root, key: signer, stateDigest: replay.programme.stateDigest)
    }
  }

  /// Signatures, keys and sizes of the heads; answers the key.
  private func check(_ heads: [Head], key: String?, events: Int64) throws -> String? {
    var signer = key
    var covered: Int64 = 0
    for (index, head) in heads.enumerated() {
      let number = Int64(index)
      guard head.key == signer ?? head.key else { throw JournalError.otherKey(head: number) }
      signer = head.key
      guard head.hash == SHA256.algorithm, head.isSigned else {
        throw JournalError.wrongSignature(head: number)
      }
      guard (covered...max(covered, events)).contains(head.size), head.size <= events else {
        throw JournalError.wrongRoot(head: number, size: head.size)
      }
      covered = head.size
    }
    return signer
  }

  /// What to say of a tile that is not what its events make it: the event, where one can be named.
  private func fault(in tile: Tile, _ tables: Tables) throws -> JournalError {
    guard let stored = try tables.tile(level: tile.level, number: tile.number), tile.level == 0,
      let index = tile.hashes.indices.first(where: { tile.hashes[$0] != stored.hashes[$0] })
    else { return .damagedTree(level: tile.level, number: tile.number) }
    let event = Int64(tile.number * Tile.width + index)
    return .alteredEvents(event..<event + 1)
  }

  private func checkNothingElse(_ tables: Tables, events: Int64, tiles: Int64) throws {
    guard try tables.tileCount() == tiles else {
      throw JournalError.damagedTree(level: 0, number: Int(events) / Tile.width)
    }
    if let last = try tables.lastOpening(), last >= events {
      throw JournalError.missingEvent(last)
    }
  }
}
