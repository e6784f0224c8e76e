/// What each pool would have been due at each sample: equal parts of the capacity, none above what
/// it asked for (held and waiting), what one leaves going to the others: water-filling.
struct PoolShares {
  /// Sums over the samples, by pool: devices; devices; thousandths; thousandths.
  private(set) var held: [Int64]
  private(set) var asked: [Int64]
  private(set) var due: [Int64]
  private(set) var errors: [Int64]
  private let capacity: Int64

  init(_ timeline: Timeline) {
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
      let shares = PoolShares.fill(timeline.capacity[sample] * 1_000, wants.map { $0 * 1_000 })
      for (pool, busy) in busy.enumerated() {
        held[pool] += busy
        asked[pool] += wants[pool]
        due[pool] += shares[pool]
        errors[pool] += abs(busy * 1_000 - shares[pool])
      }
    }
  }

  /// Equal parts of `total`, none above its want. What does not divide is left.
  static func fill(_ total: Int64, _ wants: [Int64]) -> [Int64] {
    var shares = wants
    var left = total
    var open = wants.indices.sorted { (wants[$0], $0) < (wants[$1], $1) }[...]
    while let least = open.first {
      let part = left / Int64(open.count)
      if wants[least] > part {
        for pool in open { shares[pool] = part }
        return shares
      }
      left -= wants[least]
      open.removeFirst()
    }
    return shares
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
