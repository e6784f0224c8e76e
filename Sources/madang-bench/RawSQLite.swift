import Foundation
import GRDB
import MadangJournal
import MadangProgramme

/// The floor: the rows that a journal wrote, inserted again by bare SQLite in the same batches,
/// with the same tables and settings.
struct RawSQLite {
  private typealias Insert = (table: String, values: [DatabaseValue])
  private let schema: [String]
  private var batches: [[Insert]] = []

  /// Reads the events from `first` on, and the rows that came with them.
  init(copying folder: String, from first: Int64, batch: Int) throws {
    var configuration = Configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: folder + "/journal.sqlite", configuration: configuration)
    schema = try queue.read { db in
      try String.fetchAll(
        db, sql: "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND type = 'table'")
    }
    batches = try queue.read { db in
      var batches: [[Insert]] = []
      let last = try Int64.fetchOne(db, sql: "SELECT max(number) FROM event") ?? 0
      var start = first
      while start <= last {
        let end = min(start + Int64(batch), last + 1)
        var inserts: [Insert] = []
        for (table, sql) in RawSQLite.sources {
          for row in try Row.fetchAll(db, sql: sql, arguments: [start, end]) {
            inserts.append((table, Array(row.databaseValues)))
          }
        }
        batches.append(inserts)
        start = end
      }
      return batches
    }
    try queue.close()
  }

  /// Per table, the rows that a batch of events `start ..< end` brought.
  private static let sources = [
    ("event", "SELECT * FROM event WHERE number >= ? AND number < ?"),
    ("opening", "SELECT * FROM opening WHERE event >= ? AND event < ?"),
    (
      "tile",
      "SELECT * FROM tile WHERE level = 0 AND number >= ? / 16 AND number < ? / 16"
    ),
  ]

  func insert(into path: String) throws {
    var configuration = Configuration()
    configuration.prepareDatabase { db in
      try db.execute(sql: "PRAGMA journal_mode = WAL")
      try db.execute(sql: "PRAGMA synchronous = FULL")
    }
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    try queue.writeWithoutTransaction { db in
      for sql in schema { try db.execute(sql: sql) }
      for batch in batches {
        try db.inTransaction(.immediate) {
          for insert in batch {
            let marks = Array(repeating: "?", count: insert.values.count).joined(separator: ",")
            let statement = try db.cachedStatement(
              sql: "INSERT INTO \(insert.table) VALUES (\(marks))")
            try statement.execute(arguments: StatementArguments(insert.values))
          }
          return .commit
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
