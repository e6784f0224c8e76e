/// Rules of settlements: once for each award and month, when all of it is sealed, by what was
/// published and nothing else; and for the difference where it was corrected later.
extension Programme {
  func decideSettle(_ settling: Settling, _ envelope: Envelope) throws(Refusal) -> Event {
    try exists(settling.award, awards)
    try exists(settling.price, prices)
    try exists(settling.charge, charges)
    let month = settling.month
    guard let charter, let span = charter.days.span(of: month) else {
      throw .programme(.outsideDays)
    }
    let mine = allocations(of: settling.award)
    let rows = mine.flatMap { usage(of: $0).months.filter { $0.month == month } }
    guard !rows.isEmpty else { throw .usage(.noUsage(settling.award, month)) }
    let price = prices[settling.price]
    for cluster in rows.map(\.cluster) + places(of: mine, in: span) {
      try checkSealed(cluster, month, span, price, settling.price)
    }
    guard let seconds = charged(settling.award, month) else { throw .usage(.amountTooLarge) }
    let before = newestSettlement(of: settling.award, month)
    let terms: SettledTerms
    let amends: (SettlementID, total: Int64)?
    if let before {
      terms = try further(settling, after: before, seconds)
      guard let total = settlements[before].total else { throw .usage(.usageErased(month)) }
      amends = (before, total)
    } else {
      let charge = charges[settling.charge]
      guard let first = SettledTerms(settling, price, charge) else {
        throw .usage(.noPrice(settling.price))
      }
      try check(charge, settling)
      terms = first
      amends = nil
    }
    guard
      let cost = terms.cost(
        of: seconds, monthSeconds: span.to.seconds - span.from.seconds,
        dropBelow: charter.dropBelow)
    else { throw .usage(.amountTooLarge) }
    return .settled(
      Settled(
        settling, settlements.nextID, allocations: mine, seconds: seconds, cost: cost,
        amends: amends))
  }

  /// What a month that was settled is settled by once more: where it was corrected since, and by
  /// what it was settled by first.
  private func further(
    _ settling: Settling, after id: SettlementID, _ seconds: GPUSeconds
  ) throws(Refusal) -> SettledTerms {
    let before = settlements[id]
    guard let had = before.seconds, let terms = before.terms else {
      throw .usage(.usageErased(settling.month))
    }
    guard had != seconds else { throw .usage(.alreadySettled(settling.award, settling.month)) }
    guard terms.price == settling.price, terms.charge == settling.charge,
      terms.discounted == settling.discounted
    else { throw .usage(.otherTerms(id)) }
    return terms
  }

  /// The newest settlement of an award's month; nothing where it was never settled.
  ///
  /// Complexity: O(settlements).
  public func newestSettlement(of award: AwardID, _ month: Month) -> SettlementID? {
    var newest: SettlementID?
    settlements.forEach { id, row in
      if row.award == award, row.month == month { newest = id }
    }
    return newest
  }

  /// What is charged of an award's month, as sealed by now; nothing where it cannot be written.
  func charged(_ award: AwardID, _ month: Month) -> GPUSeconds? {
    var seconds = Int128(0)
    for allocation in allocations(of: award) {
      for row in usage(of: allocation).months where row.month == month {
        seconds += Int128(row.charged.count)
      }
    }
    guard let all = Int64(exactly: seconds), all <= Limits.integerMax else { return nil }
    return GPUSeconds(all)
  }

  /// Months that were corrected since they were settled, each with what it is to be settled by: in
  /// order of the settlements that no longer hold.
  ///
  /// Complexity: O(settlements² + settlements · allocations).
  public var furtherSettlings: [Settling] {
    settlements.ids.compactMap { id in
      let row = settlements[id]
      guard newestSettlement(of: row.award, row.month) == id, let terms = row.terms,
        let had = row.seconds, had != charged(row.award, row.month)
      else { return nil }
      return Settling(
        award: row.award, month: row.month, price: terms.price, charge: terms.charge,
        discounted: terms.discounted)
    }
  }

  /// The allocations of an award, whatever became of them, ascending.
  public func allocations(of award: AwardID) -> [AllocationID] {
    allocations.ids.filter { allocations[$0].award == award }
  }

  /// Where allocations had something in a span, or still have: what is not sealed there is not
  /// known yet, though it may turn out to be nothing. Where an allocation was never found at its
  /// engine it had nothing.
  private func places(
    of mine: [AllocationID], in span: (from: Instant, to: Instant)
  ) -> [ClusterID] {
    func touches(_ from: Day, _ to: Day) -> Bool {
      guard let days = charter?.days, let from = days.start(of: from), let to = days.start(of: to)
      else { return true }
      return from < span.to && span.from < to
    }
    var places: [ClusterID] = []
    for id in mine {
      let row = allocations[id]
      if row.heldGPUs != nil, touches(row.term.from, row.term.to) { places.append(row.cluster) }
    }
    departures.forEach { _, row in
      let from = allocations[row.allocation].term.from
      // On the day on which it left it may have worked there.
      guard mine.contains(row.allocation), touches(from, row.from.advanced(by: 1)) else { return }
      places.append(row.cluster)
    }
    return places
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

  mutating func applySettled(_ body: Settled) {
    // A further settlement goes by the terms of the one that it amends, not by today's.
    let amended = body.amends.flatMap { settlements.row($0)?.terms }
    let today = body.discounted.value.flatMap { discounted -> SettledTerms? in
      guard let price = prices.row(body.price), let charge = charges.row(body.charge) else {
        return nil
      }
      return SettledTerms(
        Settling(
          award: body.award, month: body.month, price: body.price, charge: body.charge,
          discounted: discounted), price, charge)
    }
    settlements.append(Settlement(body, body.amends == nil ? today : amended))
  }
}
