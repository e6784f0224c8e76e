import Foundation
import GRDB
public import MadangProgramme
public import MadangViews
import Synchronization

/// How long a session holds.
public enum SessionLimits {
  /// Without a request: two hours.
  public static let idleSeconds: Int64 = 7_200
  /// Whatever happens: twelve hours, a long day's work.
  public static let wholeSeconds: Int64 = 43_200
  /// The file learns of requests at this distance, so that they wait for no disk. After a restart
  /// a session may seem idle for so much longer than it was.
  static let writtenEverySeconds: Int64 = 300
  /// Of one account at once; one more ends the oldest.
  static let perAccount = 32
}

/// Somebody who is signed in. Its secret never shows in a text or a reflection.
public struct Session: Sendable {
  /// For the cookie, and nowhere else.
  public let secret: String
  /// What forms of this session carry, so that no other site can send one.
  public let csrf: String
  public let caller: Caller
  /// When it ends unless there is another request before.
  public let expires: Instant

  /// Whether a form came from this session, in a time that does not tell how wrong it is.
  public func accepts(csrf other: String) -> Bool { Secret.areEqual(csrf, other) }
}

extension Session: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The account and nothing else.
  public var description: String { "Session(\(caller.account ?? ""), hidden)" }
  /// The account and nothing else.
  public var debugDescription: String { description }
  /// No children, so that `dump` shows nothing.
  public var customMirror: Mirror { Mirror(self, children: []) }
}

extension AccessBook {
  /// The session of this secret, where it holds, and notes the request. Asks memory alone, but
  /// for the first time and once a second; O(1). Nothing also where the file cannot be read.
  public func session(_ secret: String, at: Instant) -> Session? {
    guard let digest = Secret.digest(ofSession: secret),
      let entry = entry(digest, at: at, load: { try AccessBook.session(digest, secret, $0) }),
      let csrf = entry.csrf
    else { return nil }
    return Session(secret: secret, csrf: csrf, caller: entry.caller, expires: entry.expires)
  }

  /// Ends one session: signing out. A secret that is none is let pass.
  public func endSession(_ secret: String) throws(AccessRefusal) {
    guard let digest = Secret.digest(ofSession: secret) else { return }
    defer { cache.withLock { $0.forget(digest) } }
    try store.write { db in
      try db.execute(sql: "DELETE FROM session WHERE hash = ?", arguments: [digest.data])
    }
  }

  /// Ends every session of an account, wherever it is signed in.
  public func endAllSessions(of name: String) throws(AccessRefusal) {
    let name = AccountName.folded(name)
    try change { db in
      guard let account = try AccountRow.named(name, db) else {
        throw AccessRefusal.unknownAccount(name)
      }
      try AccessBook.endSessions(of: account.id, db)
    }
  }

  // MARK: -

  /// A session or token that holds at this instant: from memory, else from the file.
  func entry(
    _ digest: Digest, at: Instant, load: (Database) throws -> CallerCache.Entry?
  ) -> CallerCache.Entry? {
    askForChanges(at: at)
    switch cache.withLock({ $0.use(digest, at: at) }) {
    case .ended: return nil
    case .found(let entry, let isToBeWritten):
      if isToBeWritten { noteUse(Backlog.Use(hash: digest, at: at, isToken: entry.csrf == nil)) }
      return entry
    case .unknown(let generation):
      return read(digest, at: at, generation: generation, load: load)
    }
  }

  /// From the file. What changes while it is read may or may not show in this answer, as in one
  /// given a moment earlier; but it is not remembered then.
  private func read(
    _ digest: Digest, at: Instant, generation: Int,
    load: (Database) throws -> CallerCache.Entry?
  ) -> CallerCache.Entry? {
    do throws(AccessRefusal) {
      guard var entry = try store.read(load), at < entry.expires else { return nil }
      if entry.use(at: at) {
        noteUse(Backlog.Use(hash: digest, at: at, isToken: entry.csrf == nil))
      }
      cache.withLock { [entry] in $0.put(entry, digest, generation: generation) }
      return entry
    } catch {
      // What cannot be looked up does not hold.
      return nil
    }
  }

  /// Forgets all where another process has changed the file.
  private func askForChanges(at: Instant) {
    guard cache.withLock({ $0.isToAsk(at: at) }) else { return }
    var version: Int?
    do throws(AccessRefusal) {
      version = try store.dataVersion()
    } catch {
      // Nothing is known of the file, so nothing is taken from memory.
      version = nil
    }
    cache.withLock { $0.heard(version) }
  }

  private static func session(
    _ digest: Digest, _ secret: String, _ db: Database
  ) throws -> CallerCache.Entry? {
    let statement = try db.cachedStatement(
      sql: "SELECT account, createdAt, seenAt FROM session WHERE hash = ?")
    guard let row = try Row.fetchOne(statement, arguments: [digest.data]),
      let account = try AccountRow.numbered(row[0], db), !account.isDisabled
    else { return nil }
    let createdAt: Int64 = row[1]
    let seenAt = Instant(row[2])
    return CallerCache.Entry(
      caller: account.caller, csrf: Secret.csrf(of: secret),
      end: Instant(createdAt + SessionLimits.wholeSeconds), seenAt: seenAt, writtenAt: seenAt)
  }
}
