import Foundation
import GRDB
import MadangCrypto
public import MadangProgramme
public import MadangViews
import Synchronization

/// An account as the office sees it.
public struct AccountEntry: Sendable, Hashable {
  public let name: String
  public let person: PersonID
  /// In the order of the roles, then of what they are for.
  public let grants: [Grant]
  /// For good: its name is not given again.
  public let disabled: Bool
}

/// What an account's name is: 1 to 64 of `a-z 0-9 . _ - @ +`, a letter or digit first. Capitals
/// are taken for small letters; other alphabets are left out, because letters that look alike
/// would make names that look alike.
enum AccountName {
  static let charactersMax = 64

  static func folded(_ name: String) -> String { name.lowercased() }

  static func isGood(_ name: String) -> Bool {
    let bytes = Array(name.utf8)
    guard (1...charactersMax).contains(bytes.count), let first = bytes.first,
      isLetterOrDigit(first)
    else { return false }
    return bytes.allSatisfy { isLetterOrDigit($0) || "._-@+".utf8.contains($0) }
  }

  private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
    (97...122).contains(byte) || (48...57).contains(byte)
  }
}

extension AccessBook {
  /// Grants that one account may have: an operator of many clusters needs one each.
  public static let grantsMax = 64

  /// Makes an account. Refusals, in this order: `badName`, `tooMany`, `weakPassword` or
  /// `longPassword`, `nameTaken`.
  public func addAccount(
    _ name: String, password: String, person: PersonID, grants: [Grant], at: Instant
  ) throws(AccessRefusal) {
    let name = AccountName.folded(name)
    guard AccountName.isGood(name) else { throw .badName(String(name.prefix(80))) }
    try AccessBook.check(grants)
    let record = try record(of: password, for: name)
    try store.write { db in
      guard try AccountRow.named(name, db) == nil else { throw AccessRefusal.nameTaken(name) }
      try db.execute(
        sql: "INSERT INTO account (name, person, password, createdAt) VALUES (?, ?, ?, ?)",
        arguments: [name, person.number, record.text, at.seconds])
      try AccountRow.setGrants(grants, of: db.lastInsertedRowID, db)
    }
  }

  /// Gives an account these grants and no others; sessions and tokens have them at once.
  public func setGrants(_ grants: [Grant], of name: String) throws(AccessRefusal) {
    let name = AccountName.folded(name)
    try AccessBook.check(grants)
    try change { db in
      try AccountRow.setGrants(grants, of: AccountRow.changing(name, db).id, db)
    }
  }

  /// Gives an account a new password and ends its sessions; its tokens stay.
  public func setPassword(_ password: String, of name: String) throws(AccessRefusal) {
    let name = AccountName.folded(name)
    let record = try record(of: password, for: name)
    try change { db in
      let account = try AccountRow.changing(name, db)
      try db.execute(
        sql: "UPDATE account SET password = ? WHERE id = ?",
        arguments: [record.text, account.id])
      try AccessBook.endSessions(of: account.id, db)
    }
  }

  /// Closes an account for good; its sessions end, its tokens are revoked and its identities are
  /// free to be linked to another.
  public func disable(_ name: String) throws(AccessRefusal) {
    let name = AccountName.folded(name)
    try change { db in
      let account = try AccountRow.changing(name, db)
      try db.execute(sql: "UPDATE account SET disabled = 1 WHERE id = ?", arguments: [account.id])
      try AccessBook.endSessions(of: account.id, db)
      for table in ["token", "identity", "invitation"] {
        try db.execute(sql: "DELETE FROM \(table) WHERE account = ?", arguments: [account.id])
      }
    }
  }

  /// All accounts by name, disabled ones too.
  public func accounts() throws(AccessRefusal) -> [AccountEntry] {
    try store.read { db in
      try AccountRow.all(db).map {
        AccountEntry(
          name: $0.name, person: $0.person, grants: $0.grants, disabled: $0.isDisabled)
      }
    }
  }

  /// Whether an account has this name, closed ones too.
  public func hasAccount(_ name: String) throws(AccessRefusal) -> Bool {
    let name = AccountName.folded(String(name.prefix(AccountName.charactersMax + 1)))
    return try store.read { try AccountRow.named(name, $0) != nil }
  }

  // MARK: -

  /// Changes what sessions and tokens may, and has all of them looked up again.
  func change<Result>(_ body: (Database) throws -> Result) throws(AccessRefusal) -> Result {
    // Also where it failed: the disk may have taken it all the same.
    defer { cache.withLock { $0.forgetAll() } }
    return try store.write(body)
  }

  static func endSessions(of account: Int64, _ db: Database) throws {
    try db.execute(sql: "DELETE FROM session WHERE account = ?", arguments: [account])
  }

  /// The record of a new password, where it is good enough.
  func record(of password: String, for name: String) throws(AccessRefusal) -> PasswordRecord {
    if let fault = PasswordRecord.fault(password, of: name) { throw fault }
    return try record(of: password)
  }

  func record(of password: String) throws(AccessRefusal) -> PasswordRecord {
    do {
      return try PasswordRecord(of: password, profile)
    } catch {
      throw .unavailable(reason: "the password cannot be hashed")
    }
  }

  private static func check(_ grants: [Grant]) throws(AccessRefusal) {
    guard grants.count <= grantsMax else { throw .tooMany(.grants, limit: grantsMax) }
  }
}
