import GRDB

/// One transaction, with every way it can end told apart.
enum Transaction {
  /// Runs `body` and commits; where it answers nothing, rolls back.
  ///
  /// Errors: `notWritten` where nothing changed for certain, `outcomeUnknown` where the disk failed
  /// while committing.
  static func run<Result>(
    on queue: DatabaseQueue, _ body: (Tables) throws -> Result?
  ) throws(JournalError) -> Result? {
    do {
      return try queue.writeWithoutTransaction { db in
        try db.beginTransaction(.immediate)
        let result: Result?
        do {
          result = try body(Tables(db: db))
        } catch {
          try rollback(db)
          throw error
        }
        if result == nil { try rollback(db) } else { try commit(db) }
        return result
      }
    } catch let error as JournalError {
      throw error
    } catch let error as TreeError {
      throw JournalError(error)
    } catch is CryptographyError {
      throw .randomFailed
    } catch {
      throw .notWritten(reason: reason(of: error))
    }
  }

  /// A full disk, a lock or a constraint fails before the record that makes the commit one is
  /// written. After any other failure it may be on the disk, or come back with the log.
  private static func commit(_ db: Database) throws {
    do {
      try db.commit()
    } catch let error as DatabaseError {
      let reason = reason(of: error)
      let known: [ResultCode] = [.SQLITE_FULL, .SQLITE_BUSY, .SQLITE_CONSTRAINT]
      guard known.contains(error.resultCode) else {
        throw JournalError.outcomeUnknown(reason: reason)
      }
      try rollback(db)
      throw JournalError.notWritten(reason: reason)
    }
  }

  private static func rollback(_ db: Database) throws {
    guard db.isInsideTransaction else { return }
    do {
      try db.rollback()
    } catch {
      throw JournalError.outcomeUnknown(reason: reason(of: error))
    }
  }

  private static func reason(of error: any Error) -> String {
    guard let error = error as? DatabaseError else { return "\(error)" }
    return error.message ?? "\(error.resultCode)"
  }
}
