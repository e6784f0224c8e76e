/// The rules of holds: pure, over what is stored under the same key and the allocation's balance.
extension Hold {
  /// Whether it can be kept: `.done`, or why not.
  public func result(
    stored: HeldBudget?, balance: BudgetBalance?, at: Instant
  ) -> HoldResult {
    guard amount > .zero else { return .badAmount }
    if let stored {
      if stored.hold.allocation != allocation { return .differs(.allocation) }
      if stored.hold.amount != amount { return .differs(.amount) }
      if stored.hold.expires != expires { return .differs(.expires) }
      return .exists
    }
    guard expires > at else { return .expiresTooSoon }
    guard let balance, balance.granted > .zero else { return .noBudget }
    guard amount <= balance.left else { return .beyondBudget(left: balance.left) }
    return .done
  }
}

extension HeldBudget {
  /// Whether it can end in `state`, which is not `pending`: `.done`, `.exists` where it did, or why
  /// not.
  public static func result(ending stored: HeldBudget?, in state: HoldState) -> HoldResult {
    precondition(state != .pending, "a hold ends in another state")
    guard let stored else { return .noHold }
    if stored.state == state { return .exists }
    guard stored.state == .pending else { return .ended(stored.state) }
    return .done
  }

  /// How much of `amount` used under this hold comes out of it; the rest comes from the budget.
  public func share(of amount: GPUSeconds) -> GPUSeconds { min(amount, remaining) }
}
