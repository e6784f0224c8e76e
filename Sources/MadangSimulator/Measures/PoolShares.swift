internal import MadangScheduler

/// What each pool would have been due at each sample, by the scheduler's own division of the whole
/// capacity: guarantees, then priority and weight, none above what it asked for (held and waiting).
/// Each device model is divided by itself; who waits asks for any.
struct PoolShares {
  /// Sums over the samples, by pool: thousandths of devices; devices; thousandths; thousandths.
  private(set) var held: [Int64]
  private(set) var asked: [Int64]
  private(set) var due: [Int64]
  private(set) var errors: [Int64]
  private let capacity: Int64

  init(_ timeline: Timeline, _ promises: [Simulation.Pool]) {
    let (pools, models) = (timeline.pools, timeline.models)
    held = Array(repeating: 0, count: pools)
    asked = held
    due = held
    errors = held
    capacity = timeline.capacity.reduce(0, +)
    for sample in 0..<timeline.count {
      let waiting = timeline.waiting[sample * pools..<(sample + 1) * pools].map { $0 }
      for pool in 0..<pools {
        asked[pool] += timeline.busy[sample * pools + pool] + waiting[pool]
      }
      for model in 0..<models {
        let held = (0..<pools).map { timeline.held[(sample * pools + $0) * models + model] }
        let shares = PoolShares.divide(
          timeline.capacityByModel[sample * models + model], model, held, waiting, promises)
        for pool in 0..<pools {
          self.held[pool] += held[pool]
          due[pool] += shares[pool]
          errors[pool] += abs(held[pool] - shares[pool])
        }
      }
    }
  }

  /// Thousandths of one model's devices that each pool is due.
  private static func divide(
    _ capacity: Int64, _ model: Int, _ held: [Int64], _ waiting: [Int64],
    _ promises: [Simulation.Pool]
  ) -> [Int64] {
    ShareClaim.divide(
      capacity,
      among: held.indices.map { pool in
        let promise = pool < promises.count ? promises[pool] : Simulation.Pool()
        return ShareClaim(
          guarantee: model < promise.guarantees.count ? promise.guarantees[model] : 0,
          weight: promise.weight, priority: promise.priority,
          demand: (held[pool] + 999) / 1_000 + waiting[pool])
      }
    ).map { $0 * 1_000 }
  }

  var error: Fraction { Fraction(errors.reduce(0, +), max(1, capacity * 2_000)) }

  /// (Σx)² / (n Σx²) of x = held / due in thousandths, over the pools that were due anything.
  var jain: Fraction {
    let parts = held.indices.compactMap { pool in
      due[pool] > 0 ? Int128(held[pool]) * 1_000 / Int128(due[pool]) : nil
    }
    let sum = parts.reduce(Int128(0), +)
    let squares = parts.reduce(Int128(0)) { $0 + $1 * $1 }
    return Fraction(sum * sum, max(1, Int128(parts.count) * squares))
  }
}
