import Foundation
import GRDB
public import MadangProgramme
public import MadangViews

/// A token as its owner sees it; the token itself is not kept.
public struct TokenEntry: Sendable, Hashable {
  /// Never given twice.
  public let id: Int64
  public let label: String
  /// What it is limited to; nothing where it may all that its account may.
  public let roles: [Role]?
  public let created: Instant
  public let expires: Instant
  /// When it was used last, to the hour.
  public let used: Instant?
}

extension AccessBook {
  /// A year and a month, so that a yearly renewal has time.
  public static let tokenDaysMax = 400
  public static let tokensMax = 50
  static let labelScalarsMax = 80

  /// Makes a token, which is shown once: `madang_` and 43 characters.
  ///
  /// It has the grants of its account in these roles (nil: in all), as long as the account has
  /// them. Refusals, in this order: `badLabel`, `badExpiry`, `unknownAccount`, `disabled`,
  /// `roleNotHeld`, `tooMany`.
  public func issueToken(
    _ label: String, for account: String, roles: [Role]?, expires: Instant, at: Instant
  ) throws(AccessRefusal) -> String {
    let name = AccountName.folded(account)
    let label = try AccessBook.label(label)
    let last = at.seconds + Int64(AccessBook.tokenDaysMax) * 86_400
    guard expires > at, expires.seconds <= last else {
      throw .badExpiry(maximumDays: AccessBook.tokenDaysMax)
    }
    let token = Secret.tokenPrefix + (try Secret.fresh())
    guard let digest = Secret.digest(ofToken: token) else {
      preconditionFailure("a fresh token has its length")
    }
    try store.write { db in
      let account = try AccountRow.changing(name, db)
      for role in roles ?? [] where !account.caller.has(role) {
        throw AccessRefusal.roleNotHeld(role)
      }
      try db.execute(
        sql: "DELETE FROM token WHERE account = ? AND expiresAt <= ?",
        arguments: [account.id, at.seconds])
      let count = try Int.fetchOne(
        db, sql: "SELECT count(*) FROM token WHERE account = ?", arguments: [account.id])
      guard count ?? 0 < AccessBook.tokensMax else {
        throw AccessRefusal.tooMany(.tokens, limit: AccessBook.tokensMax)
      }
      let words = roles.map { Set($0).sorted().map(\.rawValue).joined(separator: ",") }
      try db.execute(
        sql: """
          INSERT INTO token (hash, account, label, roles, createdAt, expiresAt)
          VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [digest.data, account.id, label, words, at.seconds, expires.seconds])
    }
    return token
  }

  /// An account's tokens in the order they were made, with those that ended and were not cleared
  /// away yet.
  public func tokens(of account: String) throws(AccessRefusal) -> [TokenEntry] {
    let name = AccountName.folded(account)
    return try store.read { db in
      guard let account = try AccountRow.named(name, db) else {
        throw AccessRefusal.unknownAccount(name)
      }
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT id, label, roles, createdAt, expiresAt, usedAt FROM token
          WHERE account = ? ORDER BY id
          """, arguments: [account.id])
      return try rows.map { row in
        let used: Int64? = row[5]
        return TokenEntry(
          id: row[0], label: row[1], roles: try AccessBook.roles(row[2]),
          created: Instant(row[3]), expires: Instant(row[4]), used: used.map { Instant($0) })
      }
    }
  }

  /// Ends a token. Refusals: `unknownAccount`, `unknownToken` for one that is not this account's.
  public func revokeToken(_ id: Int64, of account: String) throws(AccessRefusal) {
    let name = AccountName.folded(account)
    try change { db in
      guard let account = try AccountRow.named(name, db) else {
        throw AccessRefusal.unknownAccount(name)
      }
      try db.execute(
        sql: "DELETE FROM token WHERE id = ? AND account = ?", arguments: [id, account.id])
      guard db.changesCount == 1 else { throw AccessRefusal.unknownToken(id) }
    }
  }

  /// Ends this very token; answers its number. Refusal: `unknownToken` where it holds no more.
  public func revokeToken(_ secret: String) throws(AccessRefusal) -> Int64 {
    guard let digest = Secret.digest(ofToken: secret) else { throw .unknownToken(0) }
    return try change { db in
      let id = try Int64.fetchOne(
        db, sql: "SELECT id FROM token WHERE hash = ?", arguments: [digest.data])
      guard let id else { throw AccessRefusal.unknownToken(0) }
      try db.execute(sql: "DELETE FROM token WHERE id = ?", arguments: [id])
      return id
    }
  }

  /// Whom a token speaks for, where it holds. As fast as `session`.
  public func caller(token: String, at: Instant) -> Caller? {
    guard let digest = Secret.digest(ofToken: token) else { return nil }
    return entry(digest, at: at, load: { try AccessBook.token(digest, $0) })?.caller
  }

  // MARK: -

  private static func token(_ digest: Digest, _ db: Database) throws -> CallerCache.Entry? {
    let statement = try db.cachedStatement(
      sql: "SELECT account, roles, expiresAt, createdAt, usedAt FROM token WHERE hash = ?")
    guard let row = try Row.fetchOne(statement, arguments: [digest.data]),
      let account = try AccountRow.numbered(row[0], db), !account.isDisabled
    else { return nil }
    let roles = try roles(row[1])
    let caller = account.caller
    let grants = caller.grants.filter { roles?.contains($0.role) ?? true }
    let createdAt: Int64 = row[3]
    let usedAt: Int64? = row[4]
    return CallerCache.Entry(
      caller: Caller(account: caller.account, person: caller.person, grants: grants),
      csrf: nil, end: Instant(row[2]), seenAt: Instant(usedAt ?? createdAt),
      // The first use is always written.
      writtenAt: Instant(usedAt ?? 0))
  }

  private static func roles(_ words: String?) throws -> [Role]? {
    try words?.split(separator: ",").map { word in
      guard let role = Role(rawValue: String(word)) else {
        throw AccessRefusal.unavailable(reason: "a token's role that is none")
      }
      return role
    }
  }

  private static func label(_ label: String) throws(AccessRefusal) -> String {
    do {
      return try Text(
        label.precomposedStringWithCanonicalMapping, limit: labelScalarsMax
      ).value
    } catch {
      throw .badLabel(maximum: labelScalarsMax)
    }
  }
}
