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
    /// Where it came from, as it counts for limits.
    let address: String
    let nonce: String
    let verifier: String
    let invitation: String?
    let back: String
    let keep: [(name: String, value: String)]
    let begun: Instant
  }

  /// A person at the provider's door has so long.
  static let seconds: Int64 = 600
  /// Beyond so many, or so many bytes of them, somebody's oldest is forgotten: of the address that
  /// has the most, so that nobody's many push out another's one.
  static let countMax = 10_000
  static let bytesMax = 64 << 20

  /// The attempts of one address, oldest first; those before `first` are gone, and some others were
  /// taken.
  private struct Line {
    var states: [Digest] = []
    var first = 0
    var bytes = 0
  }

  private var attempts: [Digest: Attempt] = [:]
  private var lines: [String: Line] = [:]
  private var bytes = 0

  var count: Int { attempts.count }

  /// `state` is the hash of what goes to the provider and comes back. O(1), amortised; O(addresses)
  /// where there is no room.
  mutating func begin(_ attempt: Attempt, state: Digest) {
    dropOver(of: attempt.address, at: attempt.begun)
    let size = SignInAttempts.bytes(of: attempt)
    bytes += size
    attempts[state] = attempt
    lines[attempt.address, default: Line()].states.append(state)
    lines[attempt.address]?.bytes += size
    while isFull, let most = fullest { dropOldest(of: most) }
  }

  /// The attempt of this state, where it is this browser's and not over; it is good once. What
  /// another browser brings is left to the one it belongs to.
  mutating func take(state: Digest, browser: Digest, at: Instant) -> Attempt? {
    guard let attempt = attempts[state], attempt.browser == browser else { return nil }
    remove(state)
    if lines[attempt.address]?.bytes == 0 { lines[attempt.address] = nil }
    return isOver(attempt, at) ? nil : attempt
  }

  private var isFull: Bool {
    attempts.count > SignInAttempts.countMax || bytes > SignInAttempts.bytesMax
  }

  /// The address with the most bytes; of several the first by its name.
  private var fullest: String? {
    lines.min { ($1.value.bytes, $0.key) < ($0.value.bytes, $1.key) }?.key
  }

  private func isOver(_ attempt: Attempt, _ at: Instant) -> Bool {
    attempt.begun.seconds + SignInAttempts.seconds <= at.seconds
  }

  /// Forgets what is over of an address. O(1), amortised.
  private mutating func dropOver(of address: String, at: Instant) {
    while let line = lines[address], line.first < line.states.count {
      if let oldest = attempts[line.states[line.first]], !isOver(oldest, at) { break }
      dropOldest(of: address)
    }
  }

  private mutating func dropOldest(of address: String) {
    guard let line = lines[address], line.first < line.states.count else {
      lines[address] = nil
      return
    }
    remove(line.states[line.first])
    lines[address]?.first += 1
    if line.first + 1 == line.states.count {
      lines[address] = nil
    } else if line.first > line.states.count / 2 {
      lines[address]?.states.removeFirst(line.first + 1)
      lines[address]?.first = 0
    }
  }

  private mutating func remove(_ state: Digest) {
    guard let attempt = attempts.removeValue(forKey: state) else { return }
    let size = SignInAttempts.bytes(of: attempt)
    bytes -= size
    lines[attempt.address]?.bytes -= size
  }

  private static func bytes(of attempt: Attempt) -> Int {
    let fixed = 500 + attempt.back.utf8.count + (attempt.invitation?.utf8.count ?? 0)
    return attempt.keep.reduce(fixed) { $0 + $1.name.utf8.count + $1.value.utf8.count + 64 }
  }
}
