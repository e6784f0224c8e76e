/// How much one caller may still ask for: a bucket that fills by itself, a little at a time.
///
/// ```
///  level  ▲ full ─────╮ take      ╭────  full again
///         │           ╰──╮     ╭──╯
///       0 ┼──────────────╰─╮ ╭─╯─────────▶ time
///         │   in debt:      ╰╯
/// ```
/// What a thing costs may show only when it is done. Then it is charged afterwards, and a bucket in
/// debt gives nothing until it is paid back. Time is an argument, in milliseconds of any clock that
/// does not go back; where it does, nothing is added.
public struct TokenBucket: Sendable, Hashable {
  /// What a bucket holds, and how fast it fills.
  public struct Rate: Sendable, Hashable {
    public let burst: Int64
    public let perSecond: Int64

    /// Both are positive and at most 10¹², so that no arithmetic on them overflows.
    public init(burst: Int64, perSecond: Int64) {
      let range: ClosedRange<Int64> = 1...1_000_000_000_000
      precondition(range.contains(burst) && range.contains(perSecond), "a rate has its limits")
      self.burst = burst
      self.perSecond = perSecond
    }

    /// In thousandths, of which whole ones come in every millisecond.
    fileprivate var full: Int64 { burst * 1_000 }
  }

  public let rate: Rate
  /// Thousandths; below zero where more was charged than there was. Never above full, and never
  /// further below zero than a full bucket.
  private var level: Int64
  private var asOf: Int64

  /// A full one.
  public init(_ rate: Rate, at milliseconds: Int64) {
    self.rate = rate
    level = rate.full
    asOf = milliseconds
  }

  /// Milliseconds until so much is there; 0 where it is now. Never more than a bucket holds.
  public func wait(for cost: Int64, at milliseconds: Int64) -> Int64 {
    let missing = min(cost, rate.burst) * 1_000 - level(at: milliseconds)
    guard missing > 0 else { return 0 }
    return (missing + rate.perSecond - 1) / rate.perSecond
  }

  /// Takes this much away, whether it is there or not.
  public mutating func charge(_ cost: Int64, at milliseconds: Int64) {
    level = max(level(at: milliseconds) - min(cost, 2 * rate.burst) * 1_000, -rate.full)
    asOf = max(asOf, milliseconds)
  }

  /// A full bucket is like one that nobody used.
  public func isFull(at milliseconds: Int64) -> Bool { level(at: milliseconds) == rate.full }

  private func level(at milliseconds: Int64) -> Int64 {
    let passed = max(0, milliseconds - asOf)
    // Compared before it is multiplied: time may be long.
    if passed > (rate.full - level) / rate.perSecond { return rate.full }
    return level + passed * rate.perSecond
  }
}

/// The buckets of many callers, of whom strangers may make as many as they like: bounded.
///
/// Two tables: when the young one is full it takes the old one's place, and what nobody used
/// meanwhile is forgotten. A forgotten caller begins with a full bucket, as everybody does; who can
/// be a hundred thousand callers was never held up by one's bucket. O(1), amortised.
public struct TokenBuckets<Key: Hashable & Sendable>: Sendable {
  private let rate: TokenBucket.Rate
  private let halfMax: Int
  private var young: [Key: TokenBucket] = [:]
  private var old: [Key: TokenBucket] = [:]

  public init(_ rate: TokenBucket.Rate, keysMax: Int) {
    precondition(keysMax >= 2, "there are two halves")
    self.rate = rate
    halfMax = keysMax / 2
  }

  public var count: Int { young.count + old.count }

  /// Milliseconds until the caller may have so much; 0 where it may now. Changes nothing.
  public func wait(_ key: Key, for cost: Int64, at milliseconds: Int64) -> Int64 {
    (young[key] ?? old[key])?.wait(for: cost, at: milliseconds) ?? 0
  }

  public mutating func charge(_ key: Key, _ cost: Int64, at milliseconds: Int64) {
    var bucket = young[key] ?? old.removeValue(forKey: key) ?? TokenBucket(rate, at: milliseconds)
    bucket.charge(cost, at: milliseconds)
    if young[key] == nil, young.count >= halfMax {
      old = young
      young = [:]
    }
    young[key] = bucket
  }
}
