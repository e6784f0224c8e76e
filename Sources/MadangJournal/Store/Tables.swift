import Foundation
import GRDB
import MadangProgramme

/// What is read from and written to the tables, on one connection. Every statement is prepared once
/// and kept by its connection.
struct Tables {
  let db: Database

  /// The one integer that a statement answers, or NULL.
  private func integer(_ statement: Statement) throws -> Int64? {
    let rows = try Row.fetchCursor(statement)
    return try rows.next()?.integerOrNone(0)
  }

  // MARK: Events

  /// How many events there are. Only the ends are looked at: that none is missing between them is
  /// for the replay and for `verify` to say.
  func eventCount() throws -> Int64 {
    let statement = try db.cachedStatement(sql: "SELECT min(number) FROM event")
    guard let first = try integer(statement) else { return 0 }
    guard first == 0 else { throw JournalError.missingEvent(0) }
    let last = try integer(db.cachedStatement(sql: "SELECT max(number) FROM event")) ?? -1
    guard last < Limits.integerMax else { throw JournalError.damaged(reason: "event \(last)") }
    return last + 1
  }

  func insert(_ rows: Rows, at now: Instant) throws {
    let event = try BareStatement("INSERT INTO event (number, leaf, sum) VALUES (?, ?, ?)", db)
    let opening = try BareStatement(
      "INSERT INTO opening (event, sealed, party) VALUES (?, ?, ?)", db)
    for row in rows.events {
      event.set(1, row.number)
      event.set(3, row.sum)
      try event.with(2, row.leaf) { try event.run() }
      guard !row.sealed.isEmpty else { continue }
      opening.set(1, row.number)
      opening.set(3, row.party)
      try opening.with(2, row.sealed) { try opening.run() }
    }
    if !rows.tiles.isEmpty { try insert(rows.tiles) }
    if !rows.keys.isEmpty { try insert(rows.keys, at: now) }
  }

  /// Takes openings away, all or those named; answers how many were there. Where none is left, nor
  /// is whose they were.
  func erase(openingsOf number: Int64, fields: Set<String>?) throws -> Int {
    let statement = try db.cachedStatement(sql: "SELECT sealed FROM opening WHERE event = ?")
    guard let sealed = try Data.fetchOne(statement, arguments: [number]) else { return 0 }
    let event = StoredEvent(number: number, leaf: [], sum: 0, sealed: [UInt8](sealed), party: nil)
    let openings = try event.openings()
    let left = openings.filter { opening in fields.map { !$0.contains(opening.field) } ?? false }
    guard left.count < openings.count else { return 0 }
    try db.execute(
      sql: """
        UPDATE opening SET sealed = ?1, party = CASE WHEN ?2 THEN party END WHERE event = ?3
        """,
      arguments: [Data(OpeningsText.bytes(of: left)), !left.isEmpty, number])
    return openings.count - left.count
  }

  func leaf(_ number: Int64) throws -> [UInt8] {
    let statement = try db.cachedStatement(sql: "SELECT leaf FROM event WHERE number = ?")
    let rows = try Row.fetchCursor(statement, arguments: [number])
    guard let row = try rows.next() else { throw JournalError.missingEvent(number) }
    return try row.bytes(0)
  }

  /// Calls `body` for each event from `first` on, in order and without a gap.
  func forEachEvent(in numbers: Range<Int64>, _ body: (StoredEvent) throws -> Void) throws {
    let statement = try db.cachedStatement(
      sql: """
        SELECT event.number, leaf, sum, sealed, party FROM event
        LEFT JOIN opening ON opening.event = event.number
        WHERE event.number >= ? AND event.number < ? ORDER BY event.number
        """)
    let rows = try Row.fetchCursor(
      statement, arguments: [numbers.lowerBound, numbers.upperBound])
    var expected = numbers.lowerBound
    while let row = try rows.next() {
      let number = try row.integer(0)
      guard number == expected else { throw JournalError.missingEvent(expected) }
      try body(
        StoredEvent(
          number: number, leaf: try row.bytes(1), sum: try row.integer(2),
          sealed: try row.bytes(3), party: try row.integerOrNone(4)))
      expected += 1
    }
    guard expected == numbers.upperBound else { throw JournalError.missingEvent(expected) }
  }

  /// The leaves of these events as they are stored, in order.
  func forEachLeaf(in numbers: Range<Int64>, _ body: (Int64, [UInt8]) throws -> Void) throws {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: "SELECT number, leaf FROM event WHERE number >= ? AND number < ? ORDER BY number"),
      arguments: [numbers.lowerBound, numbers.upperBound])
    while let row = try rows.next() { try body(try row.integer(0), try row.bytes(1)) }
  }

  /// The newest event that has a row of openings.
  func lastOpening() throws -> Int64? {
    try integer(db.cachedStatement(sql: "SELECT max(event) FROM opening"))
  }

  // MARK: Tree

  func tileCount() throws -> Int64 {
    try integer(db.cachedStatement(sql: "SELECT count(*) FROM tile")) ?? 0
  }

  private func insert(_ tiles: [Tile]) throws {
    let insert = try BareStatement(
      "INSERT INTO tile (level, number, root, hashes) VALUES (?, ?, ?, ?)", db)
    for tile in tiles {
      insert.set(1, Int64(tile.level))
      insert.set(2, Int64(tile.number))
      try insert.with(3, tile.root.bytes) {
        try insert.with(4, tile.bytes) { try insert.run() }
      }
    }
  }

  func tile(level: Int, number: Int) throws -> Tile? {
    let statement = try db.cachedStatement(
      sql: "SELECT root, hashes FROM tile WHERE level = ? AND number = ?")
    let rows = try Row.fetchCursor(statement, arguments: [level, number])
    guard let row = try rows.next() else { return nil }
    let root = try row.bytes(0)
    guard root.count == Digest.byteCount else {
      throw TreeError.malformedTile(level: level, number: number)
    }
    return try Tile(
      level: level, number: number, bytes: try row.bytes(1), root: Digest(bytes: root))
  }

  /// The tree as it is stored.
  var tree: TileSource {
    TileSource(
      tile: { try tile(level: $0, number: $1) }, leaf: { SHA256.leaf(try leaf(Int64($0))) })
  }

  // MARK: Heads

  func insert(_ head: Head) throws {
    try db.cachedStatement(
      sql: """
        INSERT INTO head (number, size, root, at, hash, algorithm, key, signature)
        VALUES ((SELECT ifnull(max(number) + 1, 0) FROM head), ?, ?, ?, ?, ?, ?, ?)
        """
    ).execute(unchecked: [
      head.size, Data(head.root.bytes), head.at.seconds, head.hash, head.signature.algorithm,
      Data(head.signature.publicKey), Data(head.signature.bytes),
    ])
  }

  func heads() throws -> [Head] { try heads(in: 0..<headCount()) }

  func headCount() throws -> Int64 {
    try Int64.fetchOne(db, sql: "SELECT ifnull(max(number) + 1, 0) FROM head") ?? 0
  }

  func heads(in numbers: Range<Int64>) throws -> [Head] {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT size, root, at, hash, algorithm, key, signature FROM head
        WHERE number >= ? AND number < ? ORDER BY number
        """, arguments: [numbers.lowerBound, numbers.upperBound])
    var heads: [Head] = []
    while let row = try rows.next() { heads.append(try head(row)) }
    return heads
  }

  func newestHead() throws -> Head? {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT size, root, at, hash, algorithm, key, signature FROM head
        ORDER BY number DESC LIMIT 1
        """)
    return try rows.next().map { try head($0) }
  }

  private func head(_ row: Row) throws -> Head {
    let root = try row.bytes(1)
    guard root.count == Digest.byteCount else {
      throw JournalError.damaged(reason: "a head's root has \(root.count) bytes")
    }
    let at = try row.integer(2)
    guard at.magnitude <= UInt64(Limits.integerMax) else {
      throw JournalError.damaged(reason: "a head's time is out of range")
    }
    return Head(
      size: try row.integer(0), root: Digest(bytes: root), at: Instant(at),
      hash: try row.text(3),
      signature: Signature(
        algorithm: try row.text(4), publicKey: try row.bytes(5), bytes: try row.bytes(6)))
  }

  // MARK: Requests

  /// Of these requests the ones that earlier batches did, by their places, and what to reply.
  func replies(to requests: [Request]) throws -> [Int: Reply] {
    var replies: [Int: Reply] = [:]
    for (place, request) in requests.enumerated() {
      guard let key = request.key else { continue }
      replies[place] = try reply(to: key, by: request.envelope.by)
    }
    return replies
  }

  /// What became of the request that somebody sent under a key; nothing where none was done.
  func reply(to key: RequestKey, by person: PersonID) throws -> Reply? {
    guard let stored = try stored(person, key) else { return nil }
    guard stored.digest == key.digest else { return .refused(.keyReused(name: key.name)) }
    return .accepted(try receipt(of: stored))
  }

  /// What a request became when it was done.
  private func receipt(of stored: StoredRequest) throws -> Receipt {
    var events: [Event] = []
    try forEachEvent(in: stored.events) { event in
      events.append(try event.decoded(event.openings()).event)
    }
    return Receipt(numbers: stored.events, events: events, replayed: true)
  }

  private func stored(_ person: PersonID, _ key: RequestKey) throws -> StoredRequest? {
    let statement = try db.cachedStatement(
      sql: "SELECT digest, firstEvent, endEvent FROM request WHERE person = ? AND key = ?")
    let rows = try Row.fetchCursor(statement, arguments: [person.number, key.name])
    guard let row = try rows.next() else { return nil }
    let first = try row.integer(1)
    let end = try row.integer(2)
    let digest = try row.bytes(0)
    guard digest.count == Digest.byteCount, first <= end else {
      throw JournalError.damaged(reason: "the request ‘\(key.name)’ is malformed")
    }
    return StoredRequest(digest: Digest(bytes: digest), events: first..<end)
  }

  private func insert(_ keys: [Rows.Key], at now: Instant) throws {
    let insert = try BareStatement(
      """
      INSERT INTO request (person, key, digest, firstEvent, endEvent, receivedAt)
      VALUES (?, ?, ?, ?, ?, ?)
      """, db)
    for row in keys {
      insert.set(1, row.envelope.by.number)
      insert.set(4, row.events.lowerBound)
      insert.set(5, row.events.upperBound)
      insert.set(6, now.seconds)
      try insert.with(2, row.key.name) {
        try insert.with(3, row.key.digest.bytes) { try insert.run() }
      }
    }
  }

  func removeRequests(before instant: Instant) throws {
    try db.execute(sql: "DELETE FROM request WHERE receivedAt < ?", arguments: [instant.seconds])
  }

  // MARK: People, names

  func label(of person: PersonID) throws -> String? {
    try String.fetchOne(
      db, sql: "SELECT label FROM person WHERE id = ?", arguments: [person.number])
  }

  func person(labelled label: String) throws -> PersonID? {
    try Int64.fetchOne(
      db, sql: "SELECT id FROM person WHERE label = ? ORDER BY id", arguments: [label]
    ).flatMap { PersonID($0) }
  }

  /// The person of this name; a new random number where there is none.
  func ensured(_ label: String) throws -> PersonID {
    if let known = try person(labelled: label) { return known }
    let bytes = try SystemRandom.bytes(count: 8)
    let number = bytes.reduce(0) { $0 << 8 | UInt64($1) } & UInt64(Limits.integerMax)
    guard let person = PersonID(Int64(number)) else { throw JournalError.randomFailed }
    try set(label, of: person)
    return person
  }

  func set(_ label: String?, of person: PersonID) throws {
    try db.execute(
      sql: "INSERT INTO person (id, label) VALUES (?, ?) ON CONFLICT DO UPDATE SET label = ?",
      arguments: [person.number, label, label])
  }

  func meta(_ name: String) throws -> String? {
    try String.fetchOne(db, sql: "SELECT value FROM meta WHERE name = ?", arguments: [name])
  }

  func setMeta(_ name: String, _ value: String) throws {
    try db.execute(
      sql: "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING",
      arguments: [name, value])
  }
}

/// An event as it lies in the tables.
struct StoredEvent {
  let number: Int64
  let leaf: [UInt8]
  let sum: Int64
  /// `OpeningsText`; empty where the row is missing.
  let sealed: [UInt8]
  let party: Int64?
}

private struct StoredRequest {
  let digest: Digest
  let events: Range<Int64>
}

extension Statement {
  /// Runs a statement whose arguments stand beside it, so that their number is not checked again.
  func execute(unchecked arguments: StatementArguments) throws {
    setUncheckedArguments(arguments)
    try execute()
  }
}

extension Row {
  // Columns as the schema has them; in a damaged file they may be anything.

  /// A copy of a column's bytes; none for NULL.
  func bytes(_ column: Int) throws -> [UInt8] {
    try withUnsafeData(atIndex: column) { data in data.map { [UInt8]($0) } ?? [] }
  }

  func integer(_ column: Int) throws -> Int64 {
    guard let value = try integerOrNone(column) else { throw Row.damaged(column) }
    return value
  }

  func integerOrNone(_ column: Int) throws -> Int64? {
    switch (self[column] as DatabaseValue).storage {
    case .int64(let value): return value
    case .null: return nil
    default: throw Row.damaged(column)
    }
  }

  fileprivate func text(_ column: Int) throws -> String {
    guard case .string(let text) = (self[column] as DatabaseValue).storage else {
      throw Row.damaged(column)
    }
    return text
  }

  private static func damaged(_ column: Int) -> JournalError {
    .damaged(reason: "column \(column) of a row is of another type")
  }
}
