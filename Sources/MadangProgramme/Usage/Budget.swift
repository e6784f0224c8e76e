/// GPU time of one allocation as a budget (이용시간 한도), kept by double entry: every entry moves
/// one amount out of one account into another, so that the sum over all of them is always zero.
///
/// ```
///   awarded ──grant──▶ budget(a) ──hold──▶ held(a) ──post──▶ used(a)
///                          ▲                  │
///                          └──void, expire────┘
/// ```
/// Usage that no hold covers is posted straight from the budget: what was metered happened, so a
/// budget can be overdrawn, and says so.
public struct BudgetBalance: Hashable, Sendable {
  /// Entitled to: what came in from the award.
  public var granted = GPUSeconds.zero
  /// Held for work that was let begin, and not used yet.
  public var held = GPUSeconds.zero
  public var used = GPUSeconds.zero

  public init() {}

  /// What may still be held; negative where it is overdrawn.
  public var left: GPUSeconds { granted - held - used }
}

/// The four accounts of an allocation that entries move GPU time between. An entry is never
/// changed: a mistake is corrected by another entry that names it.
public enum BudgetAccount: UInt8, Hashable, Sendable, CaseIterable {
  case awarded, budget, held, used
}

/// Budget kept for work that is let begin, until what it used is known.
public struct Hold: Hashable, Sendable {
  /// Whoever asks names it, once: a job's token.
  public let key: EngineJob
  public let allocation: AllocationID
  public let amount: GPUSeconds
  /// When it ends by itself.
  public let expires: Instant

  public init(key: EngineJob, allocation: AllocationID, amount: GPUSeconds, expires: Instant) {
    self.key = key
    self.allocation = allocation
    self.amount = amount
    self.expires = expires
  }
}

/// How far a hold has come: pending until it is posted, voided or expired, and then no more.
public enum HoldState: UInt8, Hashable, Sendable, CaseIterable {
  case pending, posted, voided, expired
}

/// A hold as it is kept.
public struct HeldBudget: Hashable, Sendable {
  public let hold: Hold
  public var state: HoldState
  /// Of its amount, used so far.
  public var posted: GPUSeconds

  public init(hold: Hold, state: HoldState = .pending, posted: GPUSeconds = .zero) {
    self.hold = hold
    self.state = state
    self.posted = posted
  }

  /// What it still keeps from the budget.
  public var remaining: GPUSeconds { state == .pending ? hold.amount - posted : .zero }
}

/// What became of something asked of a budget. Where several apply, the first in this order.
public enum HoldResult: Hashable, Sendable {
  /// The amount is not positive.
  case badAmount
  /// The same key with the same content, or what was asked had been done already.
  case exists
  /// The same key with other content; the first field that differs is named.
  case differs(HoldField)
  /// It would end before it began.
  case expiresTooSoon
  /// The allocation has no budget.
  case noBudget
  /// More than is left, which is said.
  case beyondBudget(left: GPUSeconds)
  /// There is no hold of that key.
  case noHold
  /// The hold has ended otherwise.
  case ended(HoldState)
  case done
}

/// A hold's content, by field, in the order in which it is compared.
public enum HoldField: String, Hashable, Sendable, CaseIterable {
  case allocation, amount, expires
}
