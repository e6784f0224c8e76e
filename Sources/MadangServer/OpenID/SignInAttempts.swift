import MadangProgramme

/// Who went to the identity provider and is not back yet: a pure table.
///
/// An attempt is one browser's, by a cookie that only it has, and is good once: whoever comes back
/// takes it. It carries what somebody was doing, so that nothing typed is lost on the way. It lives
/// in memory: after a restart one begins anew.
struct SignInAttempts {
  struct Attempt: Sendable {
    /// The hash of the browser's cookie.
    let browser: Digest
    let nonce: String
    let verifier: String
    let invitation: String?
    let back: String
    let keep: [(name: String, value: String)]
    let begun: Instant
  }

  /// A person at the provider's door has so long.
  static let seconds: Int64 = 600
  /// Beyond so many, or so many bytes of what was typed, the oldest are forgotten.
  static let countMax = 10_000
  static let bytesMax = 64 << 20

  private var attempts: [Digest: Attempt] = [:]
  /// States in the order they began; those before `first` are gone, and some others were taken.
  private var line: [Digest] = []
  private var first = 0
  private var bytes = 0

  var count: Int { attempts.count }

  /// `state` is the hash of what goes to the provider and comes back. O(1), amortised.
  mutating func begin(_ attempt: Attempt, state: Digest) {
    bytes += SignInAttempts.bytes(of: attempt)
    attempts[state] = attempt
    line.append(state)
    makeRoom(at: attempt.begun)
  }

  /// The attempt of this state, where it is this browser's and not over; it is good once. What
  /// another browser brings is left to the one it belongs to.
  mutating func take(state: Digest, browser: Digest, at: Instant) -> Attempt? {
    guard let attempt = attempts[state], attempt.browser == browser else { return nil }
    remove(state)
    return at.seconds < attempt.begun.seconds + SignInAttempts.seconds ? attempt : nil
  }

  private mutating func makeRoom(at: Instant) {
    while first < line.count {
      if let oldest = attempts[line[first]] {
        let isOver = oldest.begun.seconds + SignInAttempts.seconds <= at.seconds
        let isFull =
          attempts.count > SignInAttempts.countMax || bytes > SignInAttempts.bytesMax
        guard isOver || isFull else { break }
        remove(line[first])
      }
      first += 1
    }
    if first > line.count / 2 {
      line.removeFirst(first)
      first = 0
    }
  }

  private mutating func remove(_ state: Digest) {
    guard let attempt = attempts.removeValue(forKey: state) else { return }
    bytes -= SignInAttempts.bytes(of: attempt)
  }

  private static func bytes(of attempt: Attempt) -> Int {
    attempt.keep.reduce(500 + attempt.back.utf8.count) {
      $0 + $1.name.utf8.count + $1.value.utf8.count + 64
    }
  }
}
