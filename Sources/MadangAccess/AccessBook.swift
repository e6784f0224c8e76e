import Foundation
import Synchronization

/// Who may sign in: accounts with their grants, sessions, tokens, and who saw whose personal data.
///
/// It lives in `access.sqlite`, a file of its own beside the journal, for its owner's eyes only:
/// none of it belongs into a ledger that is kept for ever. Passwords stand there as records (see
/// `PasswordRecord`), secrets as SHA-256; whoever steals the file can sign in nowhere with it.
///
/// Several processes may have the file open. What one of them revokes holds in the others from
/// the next second on. Every instant comes from the caller.
///
/// Every method may be called from any thread. Those that write wait for the disk; those that
/// hash a password take about 0.1 s of a core besides, which `signIn` spends on threads of its own.
public final class AccessBook: Sendable {
  let store: AccessStore
  let profile: PasswordProfile
  /// What a wrong name is checked against, so that it costs the same as a wrong password.
  let decoy: PasswordRecord
  let cache = Mutex(CallerCache())
  let tries = Mutex(Tries())
  let backlog = Mutex(Backlog())
  let signingIn: SigningQueue
  let flusher = DispatchQueue(label: "madang.access.flusher")

  /// Opens the file in a data folder, or makes it there with mode 0600.
  ///
  /// - Parameter profile: how new passwords are hashed; records of another are made anew when
  ///   their owner signs in.
  public init(folder: String, profile: PasswordProfile = .scrypt) throws(AccessFailure) {
    store = try AccessStore(folder: folder)
    self.profile = profile
    signingIn = SigningQueue()
    do {
      decoy = try PasswordRecord(fittingNone: profile)
    } catch {
      throw .cannotOpen(path: folder, reason: "no random bytes")
    }
  }

  deinit { flush(isLast: true) }
}
