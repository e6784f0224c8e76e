import Foundation
import MadangSimulator
import MadangViews
import Testing

/// How much a caller may ask for: never more than the rate says, never less.
struct TokenBucketTests {
  private static let seed =
    ProcessInfo.processInfo.environment["SEED"].flatMap { UInt64($0) }
    ?? UInt64.random(in: 1...UInt64(UInt32.max))

  private static func rate(_ random: inout SeededGenerator) -> TokenBucket.Rate {
    TokenBucket.Rate(
      burst: Int64(random.draw(1...50)), perSecond: Int64(random.draw(1...3_000)))
  }

  /// Asks at random; whatever is there is taken. Answers what was taken, and when.
  private static func taken(
    _ random: inout SeededGenerator, _ rate: TokenBucket.Rate
  ) -> [(at: Int64, cost: Int64)] {
    var bucket = TokenBucket(rate, at: 0)
    var taken: [(at: Int64, cost: Int64)] = []
    var now: Int64 = 0
    for _ in 0..<200 {
      now += Int64(random.draw(0...40))
      let cost = Int64(random.draw(1...Int(rate.burst)))
      guard bucket.wait(for: cost, at: now) == 0 else { continue }
      bucket.charge(cost, at: now)
      taken.append((at: now, cost: cost))
    }
    return taken
  }

  @Test func `no stretch of time gives more than a full bucket and what ran in meanwhile`() {
    print("SEED=\(TokenBucketTests.seed)")
    var random = SeededGenerator(seed: TokenBucketTests.seed)
    for _ in 0..<50 {
      let rate = TokenBucketTests.rate(&random)
      let taken = TokenBucketTests.taken(&random, rate)
      for first in taken.indices {
        var sum: Int64 = 0
        for last in first..<taken.count {
          sum += taken[last].cost
          let meanwhile = (taken[last].at - taken[first].at) * rate.perSecond
          #expect(sum * 1_000 <= rate.burst * 1_000 + meanwhile, "\(rate) \(first) \(last)")
        }
      }
    }
  }

  @Test func `whoever waits as long as is said gets it, and not a millisecond earlier`() {
    print("SEED=\(TokenBucketTests.seed)")
    var random = SeededGenerator(seed: TokenBucketTests.seed)
    for _ in 0..<500 {
      let rate = TokenBucketTests.rate(&random)
      var bucket = TokenBucket(rate, at: 0)
      bucket.charge(Int64(random.draw(0...200)), at: 0)
      let cost = Int64(random.draw(1...Int(rate.burst)))
      let wait = bucket.wait(for: cost, at: 0)
      #expect(bucket.wait(for: cost, at: wait) == 0)
      if wait > 0 { #expect(bucket.wait(for: cost, at: wait - 1) == 1) }
      // A debt is never more than a bucket, so nobody waits for longer than two fill in.
      #expect(wait <= (2 * rate.burst * 1_000 + rate.perSecond - 1) / rate.perSecond)
    }
  }

  /// The same rule, written the slow way: a thousandth at a time.
  private struct Naive {
    let rate: TokenBucket.Rate
    var level: Int64
    var asOf: Int64 = 0

    mutating func pass(to now: Int64) {
      while asOf < now {
        asOf += 1
        for _ in 0..<rate.perSecond where level < rate.burst * 1_000 { level += 1 }
      }
    }
  }

  @Test func `it counts as somebody would who counts every drop`() {
    print("SEED=\(TokenBucketTests.seed)")
    var random = SeededGenerator(seed: TokenBucketTests.seed)
    for _ in 0..<20 {
      let rate = TokenBucket.Rate(
        burst: Int64(random.draw(1...5)), perSecond: Int64(random.draw(1...40)))
      var bucket = TokenBucket(rate, at: 0)
      var naive = Naive(rate: rate, level: rate.burst * 1_000)
      var now: Int64 = 0
      for _ in 0..<100 {
        now += Int64(random.draw(0...90))
        naive.pass(to: now)
        let cost = Int64(random.draw(0...8))
        let isThere = naive.level >= min(cost, rate.burst) * 1_000
        #expect((bucket.wait(for: cost, at: now) == 0) == isThere)
        #expect(bucket.isFull(at: now) == (naive.level == rate.burst * 1_000))
        bucket.charge(cost, at: now)
        naive.level = max(naive.level - cost * 1_000, -rate.burst * 1_000)
      }
    }
  }

  @Test func `a clock that goes back gives nothing, and one that leaps fills it once`() {
    var bucket = TokenBucket(.init(burst: 10, perSecond: 5), at: 1_000_000)
    bucket.charge(10, at: 1_000_000)
    #expect(bucket.wait(for: 1, at: 0) == 200)
    bucket.charge(0, at: 0)
    #expect(bucket.wait(for: 1, at: 1_000_100) == 100)
    #expect(bucket.wait(for: 10, at: .max) == 0 && bucket.isFull(at: .max))
    var large = TokenBucket(
      .init(burst: 1_000_000_000_000, perSecond: 1_000_000_000_000), at: -.max / 2)
    large.charge(.max, at: .max / 2)
    #expect(large.wait(for: 1, at: .max / 2) == 1_001)
  }

  @Test func `however many callers there are, the table is bounded, and a busy one stays in it`() {
    var buckets = TokenBuckets<Int>(.init(burst: 2, perSecond: 1), keysMax: 100)
    for number in 0..<10_000 {
      buckets.charge(-1, 1, at: 0)
      buckets.charge(number, 1, at: 0)
      #expect(buckets.count <= 100)
      if number > 1 { #expect(buckets.wait(-1, for: 1, at: 0) > 0, "after \(number)") }
    }
    #expect(buckets.wait(0, for: 2, at: 0) == 0, "the first is forgotten, and full")
    #expect(buckets.wait(9_999, for: 2, at: 0) > 0, "the last is not")
  }

  @Test func `one caller's bucket is nobody else's`() {
    var buckets = TokenBuckets<String>(.init(burst: 3, perSecond: 1), keysMax: 10)
    buckets.charge("loud", 3, at: 0)
    #expect(buckets.wait("loud", for: 1, at: 0) == 1_000)
    #expect(buckets.wait("quiet", for: 3, at: 0) == 0)
    #expect(buckets.count == 1, "who only asks takes no room")
  }
}
