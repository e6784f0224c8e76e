import Foundation
import GRDB
import MadangJournal
import MadangProgramme

/// The floor: the rows that a journal wrote, inserted again by bare SQLite in given batches, with
/// the same tables and settings, one fsync a batch. It has no triggers, and nothing to decide.
struct RawSQLite {
  /// The tables that an event writes to.
  private enum Table: Int, CaseIterable {
    case event, opening, tile

    var insert: String {
      switch self {
      case .event: "INSERT INTO event VALUES (?, ?, ?)"
      case .opening: "INSERT INTO opening VALUES (?, ?, ?)"
      case .tile: "INSERT INTO tile VALUES (?, ?, ?, ?)"
      }
    }
  }

  private typealias Insert = (table: Table, values: StatementArguments)
  /// Of each event the rows that came with it.
  private var events: [[Insert]] = []

  var eventCount: Int { events.count }

  /// Reads the events from `first` on, and the rows that came with them, into memory.
  init(copying folder: String, from first: Int64) throws {
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: folder + "/journal.sqlite", configuration: configuration)
    events = try queue.read { db in
      let count = try Int64.fetchOne(db, sql: "SELECT count(*) FROM event") ?? 0
      var events = [[Insert]](repeating: [], count: Int(count - first))
      func take(_ table: Table, _ sql: String, event: (Row) -> Int64) throws {
        let rows = try Row.fetchCursor(db, sql: sql)
        while let row = try rows.next() {
          let place = Int(event(row) - first)
          guard place >= 0 else { continue }
          events[place].append((table, StatementArguments(row.databaseValues)))
        }
      }
      try take(.event, "SELECT * FROM event ORDER BY number") { $0[0] }
      try take(.opening, "SELECT * FROM opening ORDER BY event") { $0[0] }
      // A tile comes with the last event below it.
      try take(.tile, "SELECT * FROM tile ORDER BY level, number") { row in
        let (level, number): (Int, Int64) = (row[0], row[1])
        return (number + 1) << Int64(Tile.height * (level + 1)) - 1
      }
      return events
    }
    try queue.close()
  }

  /// Inserts all rows into a copy of the journal that they were added to, so many events a batch.
  /// What is measured, by `cost`, is without opening and closing.
  func insert(
    into folder: String, batches: [Int], cost: (() throws -> Void) throws -> Void
  ) throws {
    precondition(batches.reduce(0, +) == events.count, "the batches hold every event")
    var configuration = Configuration()
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA journal_mode = WAL")
      try db.execute(sql: "PRAGMA synchronous = FULL")
    }
    let queue = try DatabaseQueue(path: folder + "/journal.sqlite", configuration: configuration)
    try queue.writeWithoutTransaction { db in
      for trigger in try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_schema WHERE type = 'trigger'")
      {
        try db.execute(sql: "DROP TRIGGER \(trigger)")
      }
      try db.checkpoint(.truncate)
      let statements = try Table.allCases.map { try db.makeStatement(sql: $0.insert) }
      try cost {
        var next = 0
        for batch in batches {
          try db.inTransaction(.immediate) {
            for event in events[next..<next + batch] {
              for insert in event {
                try statements[insert.table.rawValue].execute(arguments: insert.values)
              }
            }
            return .commit
          }
          next += batch
        }
      }
    }
    try queue.close()
  }
}

/// A tree of ten million leaves in a journal's tables; the leaves are numbers, not events.
enum TreeOnly {
  static func make(_ folder: String, size: Int) throws {
    let queue = try DatabaseQueue(path: folder + "/journal.sqlite")
    try queue.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA synchronous = OFF")
      for trigger in try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_master WHERE type = 'trigger'")
      {
        try db.execute(sql: "DROP TRIGGER \(trigger)")
      }
      try db.execute(sql: "DELETE FROM event; DELETE FROM tile; DELETE FROM opening")
      try db.inTransaction {
        var frontier = Frontier()
        let insert = try db.cachedStatement(
          sql: "INSERT INTO tile (level, number, root, hashes) VALUES (?, ?, ?, ?)")
        let event = try db.cachedStatement(
          sql: "INSERT INTO event (number, leaf, sum) VALUES (?, ?, ?)")
        for index in 0..<size {
          let leaf = Array("\(index)".utf8)
          let hash = SHA256.leaf(leaf)
          try event.execute(arguments: [index, Data(leaf), Int64(bitPattern: hash.w0)])
          var failure: (any Error)?
          frontier.append(hash) { tile in
            do {
              try insert.execute(arguments: [
                tile.level, tile.number, Data(tile.root.bytes), Data(tile.bytes),
              ])
            } catch { failure = error }
          }
          if let failure { throw failure }
        }
        return .commit
      }
    }
    try queue.close()
  }
}
