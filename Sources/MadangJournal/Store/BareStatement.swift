import GRDB
import GRDBSQLite

/// A prepared statement driven by SQLite's own calls, without a box for each value and a copy of
/// each blob: for the few that run once an event, or once a segment, ten million times a year.
///
/// Used inside a transaction of its connection, and by one thread, as the connection is.
struct BareStatement {
  private let prepared: Statement
  private let handle: SQLiteStatement
  private let db: Database

  init(_ sql: String, _ db: Database) throws {
    prepared = try db.cachedStatement(sql: sql)
    handle = prepared.sqliteStatement
    self.db = db
  }

  /// Begins anew, with the parameters in order; nothing stands for NULL.
  func bind(_ values: Int64?...) {
    sqlite3_reset(handle)
    var index: Int32 = 0
    for value in values {
      index += 1
      if let value {
        sqlite3_bind_int64(handle, index, value)
      } else {
        sqlite3_bind_null(handle, index)
      }
    }
  }

  /// Sets the parameter at `index`, from 1 on, of a statement that is not running.
  func set(_ index: Int32, _ value: Int64?) {
    if let value {
      sqlite3_bind_int64(handle, index, value)
    } else {
      sqlite3_bind_null(handle, index)
    }
  }

  /// Sets a parameter to bytes that are not copied: they are there while `body` runs, and the
  /// parameter is NULL afterwards.
  func with(_ index: Int32, _ bytes: [UInt8], _ body: () throws -> Void) rethrows {
    try bytes.withUnsafeBytes { bytes in
      if bytes.isEmpty {
        sqlite3_bind_zeroblob(handle, index, 0)
      } else {
        // No destructor stands for SQLITE_STATIC.
        sqlite3_bind_blob(handle, index, bytes.baseAddress, Int32(bytes.count), nil)
      }
      defer { sqlite3_bind_null(handle, index) }
      try body()
    }
  }

  /// The same with a text.
  func with(_ index: Int32, _ text: String, _ body: () throws -> Void) rethrows {
    var text = text
    try text.withUTF8 { text in
      try text.withMemoryRebound(to: CChar.self) { text in
        sqlite3_bind_text(handle, index, text.baseAddress, Int32(text.count), nil)
        defer { sqlite3_bind_null(handle, index) }
        try body()
      }
    }
  }

  /// Runs what answers no rows.
  func run() throws {
    let code = sqlite3_step(handle)
    sqlite3_reset(handle)
    guard code == SQLITE_DONE else { throw fault(code) }
  }

  /// Moves to the next row; after the last the statement is done.
  func next() throws -> Bool {
    let code = sqlite3_step(handle)
    if code == SQLITE_ROW { return true }
    sqlite3_reset(handle)
    guard code == SQLITE_DONE else { throw fault(code) }
    return false
  }

  /// Ends before the last row.
  func end() { sqlite3_reset(handle) }

  /// A column of the row; 0 where a damaged file has something else there.
  func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

  func integerOrNone(_ column: Int32) -> Int64? {
    sqlite3_column_type(handle, column) == SQLITE_NULL ? nil : integer(column)
  }

  private func fault(_ code: Int32) -> DatabaseError {
    DatabaseError(
      resultCode: ResultCode(rawValue: code),
      message: db.sqliteConnection.map { String(cString: sqlite3_errmsg($0)) })
  }
}
