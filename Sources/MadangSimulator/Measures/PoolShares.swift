internal import MadangScheduler

/// What each pool would have been due at each sample, by the scheduler's own division of the whole
/// capacity: guarantees, then priority and weight, none above what it asked for (held and waiting).
/// Device models count together.
struct PoolShares {
  /// Sums over the samples, by pool: devices; devices; thousandths; thousandths.
  private(set) var held: [Int64]
  private(set) var asked: [Int64]
  private(set) var due: [Int64]
  private(set) var errors: [Int64]
  private let capacity: Int64

  init(_ timeline: Timeline, _ promises: [Simulation.Pool]) {
    let pools = timeline.pools
    held = Array(repeating: 0, count: pools)
    asked = held
    due = held
    errors = held
    capacity = timeline.capacity.reduce(0, +)
    for sample in 0..<timeline.count {
      let busy = timeline.busy[sample * pools..<(sample + 1) * pools]
      let waiting = timeline.waiting[sample * pools..<(sample + 1) * pools]
      let wants = zip(busy, waiting).map { $0 + $1 }
      let shares = ShareClaim.divide(
        timeline.capacity[sample],
        among: wants.enumerated().map { pool, want in
          let promise = pool < promises.count ? promises[pool] : Simulation.Pool()
          return ShareClaim(
            guarantee: promise.guarantees.reduce(0, +), weight: promise.weight,
            priority: promise.priority, demand: want)
        }
      ).map { $0 * 1_000 }
      for (pool, busy) in busy.enumerated() {
        held[pool] += busy
        asked[pool] += wants[pool]
        due[pool] += shares[pool]
        errors[pool] += abs(busy * 1_000 - shares[pool])
      }
    }
  }

  var error: Fraction { Fraction(errors.reduce(0, +), max(1, capacity * 2_000)) }

  /// (Σx)² / (n Σx²) of x = held / due in thousandths, over the pools that were due anything.
  var jain: Fraction {
    let parts = held.indices.compactMap { pool in
      due[pool] > 0 ? Int128(held[pool]) * 1_000_000 / Int128(due[pool]) : nil
    }
    let sum = parts.reduce(Int128(0), +)
    let squares = parts.reduce(Int128(0)) { $0 + $1 * $1 }
    return Fraction(sum * sum, max(1, Int128(parts.count) * squares))
  }
}
