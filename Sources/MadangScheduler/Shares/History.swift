/// How past use is forgotten: each whole period it is multiplied by a factor, and what is below a
/// GPU-tick dropped.
public struct HistoryDecay: Hashable, Sendable {
  public let period: Tick
  public let numerator: Int64
  public let denominator: Int64

  /// Halved each period.
  public init(halfLife: Tick) { self.init(period: halfLife, numerator: 1, denominator: 2) }

  public init(period: Tick, numerator: Int64, denominator: Int64) {
    precondition(period > 0 && numerator >= 0 && denominator > 0 && numerator <= denominator)
    self.period = period
    self.numerator = numerator
    self.denominator = denominator
  }
}

extension Scheduler {
  /// Adds the use since the last moment to every pool's past, period by period, where the policy
  /// keeps a history. O(pools) a period that changes anything: as long as use stays as it is, soon
  /// none does, and the others are passed over.
  mutating func accrue(to moment: Tick) {
    guard let decay = policy.decay else { return }
    while nextDecay <= moment {
      let isWhole = nextDecay - accruedAt == decay.period
      let others = (moment - nextDecay) / decay.period * decay.period
      if pools.isSteady, isWhole {
        nextDecay += others + decay.period
        accruedAt = nextDecay - decay.period
        break
      }
      // Where nothing is forgotten the periods are one.
      if decay.numerator == decay.denominator { nextDecay += others }
      let (usage, rest) = (pools.usage, pools.usageRest)
      pools.accrue(nextDecay - accruedAt)
      accruedAt = nextDecay
      pools.decay(decay)
      if isWhole { pools.isSteady = usage == pools.usage && rest == pools.usageRest }
      if usage != pools.usage {
        // Weights and order follow past use.
        for model in 0..<pools.models { pools.sharesStale[model] = true }
        changed = true
      }
      nextDecay += decay.period
    }
    pools.accrue(moment - accruedAt)
    accruedAt = moment
  }
}

extension PoolTree {
  /// Use × time, in GPU-ticks; milli-GPU-ticks below one are kept for the next.
  mutating func accrue(_ ticks: Tick) {
    if ticks == 0 { return }
    for at in used.indices where used[at] > 0 {
      let sum = Int128(used[at]) * Int128(ticks) + Int128(usageRest[at])
      let whole = sum / Int128(PoolTree.unit)
      usage[at] = Int64(clamping: min(Int128(PoolTree.usageMax), Int128(usage[at]) + whole))
      usageRest[at] = Int64(sum % Int128(PoolTree.unit))
    }
  }

  mutating func decay(_ decay: HistoryDecay) {
    for at in usage.indices {
      usage[at] = Int64(
        Int128(usage[at]) * Int128(decay.numerator) / Int128(decay.denominator))
    }
  }
}
