import Foundation
import GRDB
public import MadangProgramme
public import MadangViews
import Synchronization

/// The threads on which passwords are checked: never those that serve requests, and no more than
/// leave a core to them.
final class SigningQueue: Sendable {
  /// Who waits at most, in all: about six seconds of it on two cores.
  static let waitingMax = 64

  private let queue = OperationQueue()
  private let waiting = Mutex(0)

  init() {
    queue.name = "madang.access.signing-in"
    queue.maxConcurrentOperationCount = max(
      1, ProcessInfo.processInfo.activeProcessorCount - 1)
  }

  /// Runs `work` when its turn comes, or refuses at once where too many wait.
  func run<Success: Sendable>(
    _ work: @escaping @Sendable () throws(AccessRefusal) -> Success
  ) async throws(AccessRefusal) -> Success {
    let isFull = waiting.withLock { waiting in
      if waiting >= SigningQueue.waitingMax { return true }
      waiting += 1
      return false
    }
    if isFull { throw .busy }
    defer { waiting.withLock { $0 -= 1 } }
    let result: Result<Success, AccessRefusal> = await withCheckedContinuation { continuation in
      queue.addOperation { continuation.resume(returning: Result(catching: work)) }
    }
    return try result.get()
  }
}

extension AccessBook {
  /// Signs an account in.
  ///
  /// Refusals: `tooManyTries` before anything is looked at, `busy`, and `wrongPassword` for a name
  /// that nobody has, a closed account and a wrong password alike, after the same work. (Until
  /// an account of another profile has signed in once, its check takes its own time.)
  ///
  /// - Parameter address: the peer's, as it counts for the rate limit; of IPv6 the first 64 bits.
  public func signIn(
    _ name: String, password: String, from address: String, at: Instant
  ) async throws(AccessRefusal) -> Session {
    try await inTurn(name, address, at) { [self] (name, peer) throws(AccessRefusal) in
      let (account, renewed) = try proved(name, password, peer, at)
      let secret = try Secret.fresh()
      let caller = try begin(secret, account, renewed, at)
      return Session(
        secret: secret, csrf: Secret.csrf(of: secret), caller: caller,
        expires: Instant(at.seconds + SessionLimits.idleSeconds))
    }
  }

  /// Whom a name and a password mean, without a session: for what is done once. Refused as `signIn`
  /// is, and each try counts alike.
  public func caller(
    _ name: String, password: String, from address: String, at: Instant
  ) async throws(AccessRefusal) -> Caller {
    try await inTurn(name, address, at) { [self] (name, peer) throws(AccessRefusal) in
      let (account, renewed) = try proved(name, password, peer, at)
      return try store.write { db in try AccessBook.unchanged(account, renewed, db).caller }
    }
  }

  /// Does what costs a password's check when its turn comes.
  private func inTurn<Success: Sendable>(
    _ name: String, _ address: String, _ at: Instant,
    _ work: @escaping @Sendable (_ name: String, _ peer: String) throws(AccessRefusal) -> Success
  ) async throws(AccessRefusal) -> Success {
    // Nobody's name is longer, and the table of tries holds no more of it.
    let name = AccountName.folded(String(name.prefix(AccountName.charactersMax + 1)))
    let peer = PeerAddress.counted(address)
    // Who has to wait takes nobody's turn.
    if let seconds = tries.withLock({ $0.wait(name: name, address: peer, at: at) }) {
      throw .tooManyTries(waitSeconds: seconds)
    }
    return try await signingIn.run { () throws(AccessRefusal) in try work(name, peer) }
  }

  /// The account whose password it is, and its record made anew where it is of another profile.
  private func proved(
    _ name: String, _ password: String, _ address: String, _ at: Instant
  ) throws(AccessRefusal) -> (AccountRow, renewed: PasswordRecord?) {
    if let seconds = tries.withLock({ $0.begin(name: name, address: address, at: at) }) {
      throw .tooManyTries(waitSeconds: seconds)
    }
    let account = try store.read { try AccountRow.named(name, $0) }
    let record = account.flatMap { $0.isDisabled ? nil : PasswordRecord($0.password) }
    // A scalar has at most 4 bytes, and decomposed three more marks; what is longer is nobody's.
    let isShort = password.utf8.count <= PasswordRecord.charactersMax * 16
    let fits = (record ?? decoy).fits(isShort ? password : "")
    guard fits, let account, let record else { throw .wrongPassword }
    tries.withLock { $0.forgive(name: name, address: address) }
    return (account, record.profile == profile ? nil : try self.record(of: password))
  }

  /// Writes the session, unless the account changed while its password was checked.
  private func begin(
    _ secret: String, _ checked: AccountRow, _ renewed: PasswordRecord?, _ at: Instant
  ) throws(AccessRefusal) -> Caller {
    let (caller, ended) = try store.write { db in
      let account = try AccessBook.unchanged(checked, renewed, db)
      let ended = try AccessBook.open(secret, account.id, at, db)
      return (account.caller, ended)
    }
    if ended { cache.withLock { $0.forgetAll() } }
    return caller
  }

  /// The account, unless it changed while its password was checked; keeps the renewed record.
  private static func unchanged(
    _ checked: AccountRow, _ renewed: PasswordRecord?, _ db: Database
  ) throws -> AccountRow {
    guard let account = try AccountRow.numbered(checked.id, db), !account.isDisabled,
      account.password == checked.password
    else { throw AccessRefusal.wrongPassword }
    if let renewed {
      try db.execute(
        sql: "UPDATE account SET password = ? WHERE id = ?",
        arguments: [renewed.text, account.id])
    }
    return account
  }

  /// Writes a session; answers whether another of the account's had to end for it.
  static func open(
    _ secret: String, _ account: Int64, _ at: Instant, _ db: Database
  ) throws -> Bool {
    guard let digest = Secret.digest(ofSession: secret) else {
      preconditionFailure("a fresh secret has its length")
    }
    let ended = try makeRoom(for: account, at, db)
    try db.execute(
      sql: "INSERT INTO session (hash, account, createdAt, seenAt) VALUES (?, ?, ?, ?)",
      arguments: [digest.data, account, at.seconds, at.seconds])
    return ended
  }

  /// Removes sessions that are over, and the account's oldest where it has too many; answers
  /// whether one of these last was removed.
  private static func makeRoom(
    for account: Int64, _ at: Instant, _ db: Database
  ) throws -> Bool {
    try db.execute(
      sql: "DELETE FROM session WHERE createdAt <= ? OR seenAt <= ?",
      arguments: [
        at.seconds - SessionLimits.wholeSeconds,
        // What the file says of the last request may be late.
        at.seconds - SessionLimits.idleSeconds - 2 * SessionLimits.writtenEverySeconds,
      ])
    try db.execute(
      sql: """
        DELETE FROM session WHERE account = ?1 AND hash NOT IN (
          SELECT hash FROM session WHERE account = ?1 ORDER BY createdAt DESC, hash LIMIT ?2)
        """, arguments: [account, SessionLimits.perAccount - 1])
    return db.changesCount > 0
  }
}

/// Whose tries, and whose requests, count together.
package enum PeerAddress {
  /// An IPv6 peer is its first 64 bits: the rest is its own to choose, as often as it likes.
  package static func counted(_ address: String) -> String {
    guard address.contains(":") else { return String(address.prefix(64)) }
    var bytes = [UInt8](repeating: 0, count: 16)
    guard inet_pton(AF_INET6, address, &bytes) == 1 else { return String(address.prefix(64)) }
    // An IPv4 peer in IPv6's clothes is the IPv4 peer.
    if bytes[..<10].allSatisfy({ $0 == 0 }), bytes[10] == 255, bytes[11] == 255 {
      return bytes[12...].map { "\($0)" }.joined(separator: ".")
    }
    return bytes[..<8].map { "\($0)" }.joined(separator: ".") + "/64"
  }
}
