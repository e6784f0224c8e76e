/// When a connection has used up our patience: told what passes by, and when. Pure; milliseconds of
/// a clock that does not go back.
///
/// ```
///  head ─────── body … ─────── end          within bodySeconds, however steadily it drips
///         └─ answered early ── end          within lingerSeconds, and so many bytes more
///  answer waits ── some of it is taken      within takeSeconds
/// ```
/// Silence between requests, and within one, is the idle time's to end.
struct Patience: Sendable, Hashable {
  /// Bytes that are read and dropped after an answer, so that a client that reads none before it
  /// has sent everything learns why it was refused: four whole reports of an agent.
  static let lateBytesMax = 16 << 20

  private let bodyMilliseconds: Int64
  private let takeMilliseconds: Int64
  private let lingerMilliseconds: Int64

  private var heads = 0
  private var ends = 0
  private var answers = 0
  private var lateBytes = 0
  private var bodyEnd: Int64?
  private var lingerEnd: Int64?
  private var takeEnd: Int64?

  init(_ limits: HTTPLimits) {
    bodyMilliseconds = limits.bodySeconds * 1_000
    takeMilliseconds = limits.takeSeconds * 1_000
    lingerMilliseconds = limits.lingerSeconds * 1_000
  }

  /// The moment from which the connection is to be closed; nothing where nobody waits.
  var deadline: Int64? { [bodyEnd, lingerEnd, takeEnd].compactMap { $0 }.min() }

  /// Whether no more is read: what comes is of a request that was answered, and too much.
  var isDeaf: Bool { lateBytes > Patience.lateBytesMax }

  // MARK: What passes by

  mutating func head() { heads += 1 }

  mutating func body(_ bytes: Int) {
    if answers == heads { lateBytes += bytes }
  }

  mutating func end() {
    ends += 1
    (bodyEnd, lingerEnd, lateBytes) = (nil, nil, 0)
  }

  /// All that came so far was told.
  mutating func pause(at now: Int64) {
    if heads > ends, bodyEnd == nil { bodyEnd = now + bodyMilliseconds }
  }

  /// The last of an answer was written.
  mutating func answered(at now: Int64) {
    answers += 1
    if answers == heads, heads > ends { lingerEnd = now + lingerMilliseconds }
  }

  /// Whether an answer can be handed on, or waits for the other side to take some of it.
  mutating func waits(_ isWaiting: Bool, at now: Int64) {
    takeEnd = isWaiting ? takeEnd ?? now + takeMilliseconds : nil
  }
}
