/// The figures of a run. Times are ticks, quotients exact.
public struct Summary: Sendable {
  /// Mean and percentiles by nearest rank: the p-th is the smallest value that p % do not exceed.
  public struct Spread: Sendable {
    public let mean: Fraction
    public let p50: Int64
    public let p95: Int64
    public let p99: Int64
    public let count: Int

    /// Complexity: O(n log n).
    init(_ values: consuming [Int64]) {
      values.sort()
      let sorted = values
      count = sorted.count
      mean = Fraction(sorted.reduce(Int128(0)) { $0 + Int128($1) }, Int128(max(1, sorted.count)))
      func rank(_ percent: Int) -> Int64 {
        sorted.isEmpty ? 0 : sorted[(sorted.count * percent + 99) / 100 - 1]
      }
      p50 = rank(50)
      p95 = rank(95)
      p99 = rank(99)
    }
  }

  public let jobs: Int
  public let finished: Int
  public let dropped: Int
  /// Jobs that still waited or ran when nothing more could happen.
  public let unfinished: Int
  /// End − submit, of the jobs that ended.
  public let completion: Spread
  /// First start − submit, of the jobs that started.
  public let wait: Spread
  /// Ticks from the first submission to the last event.
  public let makespan: Int64
  /// Device time that did work that was kept, of the device time there was.
  public let utilisation: Fraction
  /// Device time held, of the device time there was; where no time passes, devices held at the end.
  public let allocation: Fraction
  /// Of the devices free while somebody waited: those on nodes partly used.
  public let fragmentation: Fraction
  public let evictions: Int
  public let failures: Int
  /// Thousandths of device-ticks.
  public let lostMilliTicks: Int128
  public let decisions: Int
  /// By pool: device time held.
  public let pools: [PoolFigures]
  /// Half the sum of |held − share| over the pools, of capacity, mean of the samples: the part of
  /// the fleet that is in other hands than the scheduler's division of what was asked for would
  /// have it.
  public let shareError: Fraction
  /// Jain's index of the pools' satisfaction, held / share, in thousandths: 1,000 = all alike.
  public let jain: Fraction

  public struct PoolFigures: Sendable {
    public let name: String
    public let jobs: Int
    public let wait: Spread
    /// Mean of the samples: devices held, asked for in all, and due.
    public let held: Fraction
    public let asked: Fraction
    public let share: Fraction
    /// Mean of |held − share|, devices.
    public let error: Fraction
  }
}

extension RunOutcome {
  public var summary: Summary {
    let submit = jobs.submit
    let completion = ended.indices.compactMap { ended[$0] >= 0 ? ended[$0] - submit[$0] : nil }
    let wait = started.indices.compactMap { started[$0] >= 0 ? started[$0] - submit[$0] : nil }
    let shares = PoolShares(timeline, promises)
    let held = counters.heldMilliTicks
    let there = counters.capacityTicks * 1_000
    return Summary(
      jobs: jobs.count, finished: finished, dropped: dropped,
      unfinished: jobs.count - finished - dropped, completion: Summary.Spread(completion),
      wait: Summary.Spread(wait), makespan: end - begin,
      utilisation: Fraction(held - counters.lostMilliTicks, there),
      allocation: there > 0 && jobs.waits
        ? Fraction(held, there) : Fraction(heldMilliAtEnd, capacityAtEnd * 1_000),
      fragmentation: Fraction(counters.freeOnPartlyUsedTicks, counters.freeTicks),
      evictions: evictions, failures: failures, lostMilliTicks: counters.lostMilliTicks,
      decisions: decisions, pools: poolFigures(shares), shareError: shares.error,
      jain: shares.jain)
  }

  private func poolFigures(_ shares: PoolShares) -> [Summary.PoolFigures] {
    var waits = Array(repeating: [Int64](), count: max(1, jobs.pools.count))
    var counts = Array(repeating: 0, count: waits.count)
    for job in 0..<jobs.count {
      let pool = Int(jobs.pool[job])
      counts[pool] += 1
      if started[job] >= 0 { waits[pool].append(started[job] - jobs.submit[job]) }
    }
    return waits.indices.map { pool in
      let samples = max(1, timeline.count)
      return Summary.PoolFigures(
        name: pool < jobs.pools.count ? jobs.pools[pool] : "all", jobs: counts[pool],
        wait: Summary.Spread(waits[pool]), held: Fraction(shares.held[pool], samples * 1_000),
        asked: Fraction(shares.asked[pool], samples),
        share: Fraction(shares.due[pool], samples * 1_000),
        error: Fraction(shares.errors[pool], samples * 1_000))
    }
  }
}
