import Foundation
import GRDB
public import MadangProgramme
import Synchronization

/// Who somebody is to an identity provider, and since when that is an account here.
public struct IdentityEntry: Sendable, Hashable {
  public let issuer: String
  public let subject: String
  public let linked: Instant
}

extension AccessBook {
  /// Identities that one account may have: one for each provider that there ever was.
  public static let identitiesMax = 16
  /// How long an invitation holds at most.
  public static let invitationDaysMax = 30
  private static let issuerBytesMax = 512

  /// Lets whoever is `subject` to `issuer` sign in as this account.
  ///
  /// Refusals, in this order: `badIdentity`, `unknownAccount`, `disabled`, `identityTaken`,
  /// `tooMany`. Linking it to the same account again changes nothing.
  public func link(
    issuer: String, subject: String, to account: String, at: Instant
  ) throws(AccessRefusal) {
    let name = AccountName.folded(account)
    try AccessBook.check(issuer, subject)
    try store.write { db in
      try AccessBook.link(issuer, subject, to: AccountRow.changing(name, db), at, db)
    }
  }

  /// Takes an identity from its account, whose sessions end. Refusal: `unknownIdentity`.
  public func unlink(issuer: String, subject: String) throws(AccessRefusal) {
    try change { db in
      guard let account = try AccessBook.account(issuer, subject, db) else {
        throw AccessRefusal.unknownIdentity(issuer: issuer, subject: subject)
      }
      try db.execute(
        sql: "DELETE FROM identity WHERE issuer = ? AND subject = ?",
        arguments: [issuer, subject])
      try AccessBook.endSessions(of: account.id, db)
    }
  }

  /// An account's identities, by issuer and subject.
  public func identities(of account: String) throws(AccessRefusal) -> [IdentityEntry] {
    let name = AccountName.folded(account)
    return try store.read { db in
      guard let account = try AccountRow.named(name, db) else {
        throw AccessRefusal.unknownAccount(name)
      }
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT issuer, subject, linkedAt FROM identity WHERE account = ?
          ORDER BY issuer, subject
          """, arguments: [account.id])
      return rows.map {
        IdentityEntry(issuer: $0[0], subject: $0[1], linked: Instant($0[2]))
      }
    }
  }

  // MARK: Invitations

  /// Whether a text may be an invitation: whether it is one is asked when somebody is signed in.
  public static func isInvitation(_ text: String) -> Bool {
    Secret.digest(ofInvitation: text) != nil
  }

  /// Makes an invitation, which is shown once: whoever types it first, signed in by a provider, is
  /// linked to this account. Of one account only the newest holds.
  ///
  /// Refusals, in this order: `badInvitationExpiry`, `unknownAccount`, `disabled`.
  public func invite(
    _ account: String, expires: Instant, at: Instant
  ) throws(AccessRefusal) -> String {
    let name = AccountName.folded(account)
    let last = at.seconds + Int64(AccessBook.invitationDaysMax) * 86_400
    guard expires > at, expires.seconds <= last else {
      throw .badInvitationExpiry(maximumDays: AccessBook.invitationDaysMax)
    }
    let secret = Secret.invitationPrefix + (try Secret.fresh())
    guard let digest = Secret.digest(ofInvitation: secret) else {
      preconditionFailure("a fresh invitation has its length")
    }
    try store.write { db in
      let account = try AccountRow.changing(name, db)
      try db.execute(
        sql: "DELETE FROM invitation WHERE account = ? OR expiresAt <= ?",
        arguments: [account.id, at.seconds])
      try db.execute(
        sql: "INSERT INTO invitation (hash, account, expiresAt) VALUES (?, ?, ?)",
        arguments: [digest.data, account.id, expires.seconds])
    }
    return secret
  }

  // MARK: Signing in

  /// Signs in whoever a provider says it is. An invitation links an identity that is new, once.
  ///
  /// Refusals: `badInvitation` where one was given and does not hold, `identityTaken` and `tooMany`
  /// as in linking, `unknownIdentity` for one that is linked to no account that is open.
  public func signIn(
    issuer: String, subject: String, invitation: String? = nil, at: Instant
  ) throws(AccessRefusal) -> Session {
    try AccessBook.check(issuer, subject)
    let secret = try Secret.fresh()
    let (caller, ended) = try store.write { db in
      if let invitation, try AccessBook.account(issuer, subject, db) == nil {
        try AccessBook.accept(invitation, issuer, subject, at, db)
      }
      guard let account = try AccessBook.account(issuer, subject, db), !account.isDisabled else {
        throw AccessRefusal.unknownIdentity(issuer: issuer, subject: subject)
      }
      let ended = try AccessBook.open(secret, account.id, at, db)
      return (account.caller, ended)
    }
    if ended { cache.withLock { $0.forgetAll() } }
    return Session(
      secret: secret, csrf: Secret.csrf(of: secret), caller: caller,
      expires: Instant(at.seconds + SessionLimits.idleSeconds))
  }

  private static func accept(
    _ invitation: String, _ issuer: String, _ subject: String, _ at: Instant, _ db: Database
  ) throws {
    guard let digest = Secret.digest(ofInvitation: invitation),
      let id = try Int64.fetchOne(
        db, sql: "SELECT account FROM invitation WHERE hash = ? AND expiresAt > ?",
        arguments: [digest.data, at.seconds]),
      let account = try AccountRow.numbered(id, db), !account.isDisabled
    else { throw AccessRefusal.badInvitation }
    try db.execute(sql: "DELETE FROM invitation WHERE account = ?", arguments: [id])
    try link(issuer, subject, to: account, at, db)
  }

  // MARK: -

  private static func link(
    _ issuer: String, _ subject: String, to account: AccountRow, _ at: Instant, _ db: Database
  ) throws {
    if let known = try self.account(issuer, subject, db) {
      guard known.id == account.id else { throw AccessRefusal.identityTaken(known.name) }
      return
    }
    let count = try Int.fetchOne(
      db, sql: "SELECT count(*) FROM identity WHERE account = ?", arguments: [account.id])
    guard count ?? 0 < identitiesMax else {
      throw AccessRefusal.tooMany(.identities, limit: identitiesMax)
    }
    try db.execute(
      sql: "INSERT INTO identity (issuer, subject, account, linkedAt) VALUES (?, ?, ?, ?)",
      arguments: [issuer, subject, account.id, at.seconds])
  }

  private static func account(
    _ issuer: String, _ subject: String, _ db: Database
  ) throws -> AccountRow? {
    let statement = try db.cachedStatement(
      sql: "SELECT account FROM identity WHERE issuer = ? AND subject = ?")
    return try Int64.fetchOne(statement, arguments: [issuer, subject])
      .flatMap { try AccountRow.numbered($0, db) }
  }

  private static func check(_ issuer: String, _ subject: String) throws(AccessRefusal) {
    func isPlain(_ text: String, _ bytesMax: Int) -> Bool {
      (1...bytesMax).contains(text.utf8.count)
        && text.utf8.allSatisfy { (32..<127).contains($0) }
    }
    guard isPlain(issuer, issuerBytesMax), issuer.contains("://"),
      isPlain(subject, IDToken.subjectBytesMax)
    else { throw .badIdentity }
  }
}
