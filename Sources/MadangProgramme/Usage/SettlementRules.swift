/// Rules of settlements: once for each award and month, when all of it is sealed, by what was
/// published and nothing else.
extension Programme {
  func decideSettle(_ settling: Settling, _ envelope: Envelope) throws(Refusal) -> Event {
    try exists(settling.award, awards)
    try exists(settling.price, prices)
    try exists(settling.charge, charges)
    let month = settling.month
    guard let charter, let span = charter.days.span(of: month) else {
      throw .programme(.outsideDays)
    }
    var isSettled = false
    settlements.forEach { _, row in
      if row.award == settling.award, row.month == month { isSettled = true }
    }
    guard !isSettled else { throw .usage(.alreadySettled(settling.award, month)) }
    let mine = allocations(of: settling.award)
    let rows = mine.flatMap { usage(of: $0).months.filter { $0.month == month } }
    guard !rows.isEmpty else { throw .usage(.noUsage(settling.award, month)) }
    let price = prices[settling.price]
    for row in rows { try checkSealed(row.cluster, month, span, price, settling.price) }
    guard let unitPrice = price.amount else { throw .usage(.noPrice(settling.price)) }
    let charge = charges[settling.charge]
    try check(charge, settling)
    let seconds = rows.reduce(Int128(0)) { $0 + Int128($1.charged.count) }
    let unitSeconds =
      price.unit == .gpuHour ? Hour.seconds : span.to.seconds - span.from.seconds
    guard let all = Int64(exactly: seconds), all <= Limits.integerMax,
      let cost = SettledCost(
        seconds: GPUSeconds(all), price: unitPrice, unitSeconds: unitSeconds, rate: charge.lowest,
        discount: settling.discounted ? charge.discount?.rate : nil,
        dropBelow: charter.dropBelow)
    else { throw .usage(.amountTooLarge) }
    return .settled(
      Settled(
        settling, settlements.nextID, allocations: mine, seconds: GPUSeconds(all), cost: cost))
  }

  /// The allocations of an award, whatever became of them, ascending.
  public func allocations(of award: AwardID) -> [AllocationID] {
    allocations.ids.filter { allocations[$0].award == award }
  }

  private func checkSealed(
    _ cluster: ClusterID, _ month: Month, _ span: (from: Instant, to: Instant), _ price: Price,
    _ id: PriceID
  ) throws(Refusal) {
    let accounts = accounts(of: cluster)
    guard let last = accounts.lastSealed, last.end >= span.to else {
      throw .usage(.notAllSealed(month))
    }
    guard accounts.month(month)?.erased ?? 0 == 0 else { throw .usage(.usageErased(month)) }
    if let model = price.model, model != clusters[cluster].model {
      throw .usage(.priceOfAnotherModel(id))
    }
  }

  private func check(_ charge: UserCharge, _ settling: Settling) throws(Refusal) {
    guard charge.lowest == charge.highest else {
      throw .usage(.chargeIsARange(settling.charge))
    }
    let track = applications[awards[settling.award].application].track
    guard let track, tracks[track].slug == charge.track else {
      throw .usage(.otherTrack(settling.charge, settling.award))
    }
    guard charge.discount != nil || !settling.discounted else {
      throw .usage(.noDiscount(settling.charge))
    }
  }

  mutating func applySettled(_ body: Settled) { settlements.append(Settlement(body)) }
}
