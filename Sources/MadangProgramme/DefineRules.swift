/// Rules of definitions: numbers are dense, short names unique, and whatever is named exists.
extension Programme {
  func decideDefine(
    _ definition: Definition, _ envelope: Envelope
  ) throws(Refusal) -> [Event] {
    switch definition {
    case .source(let id, let it): try unique(id, sources, it.slug) { $0.slug }
    case .party(let id, let it): try unique(id, parties, it.slug) { $0.slug }
    case .agreement(let id, let it):
      try unique(id, agreements, it.slug) { $0.slug }
      try limit("parties", it.parties.count)
      for party in it.parties { try exists(party, parties) }
      try exists(it.source, sources)
    case .commitment(let id, let it):
      try unique(id, commitments, it.slug) { $0.slug }
      try exists(it.agreement, agreements)
      for party in it.to + [it.from] { try exists(party, parties) }
      if let claims = it.gpus { try check(claims) }
    case .model(let id, let it): try check(id, it)
    case .conversions(let list):
      try limit("conversions", list.count)
      for item in list {
        try exists(item.from, models)
        try exists(item.to, models)
        try exists(item.source, sources)
      }
    case .site(let id, let it):
      try unique(id, sites, it.slug) { $0.slug }
      try exists(it.operatedBy, parties)
    case .cluster(let id, let it):
      try check(id, it)
      try checkAllocated(id, it, envelope)
    case .tranche(let id, let it):
      try unique(id, tranches, it.slug) { $0.slug }
      try exists(it.owner, parties)
      try exists(it.source, sources)
      if let commitment = it.commitment { try exists(commitment, commitments) }
    case .line(let id, let it):
      try check(id, it)
      try checkHeld(id, it, envelope)
    case .pool(let id, let it): try check(id, it)
    case .price(let id, let it):
      try unique(id, prices, it.slug) { $0.slug }
      if let model = it.model { try exists(model, models) }
      if let amount = it.amount { try range("amount", amount, 0...Limits.integerMax) }
    case .charge(let id, let it):
      try unique(id, charges, it.slug) { $0.slug }
      try exists(it.source, sources)
    case .holidays(let calendar): try limit("holidays", calendar.holidays.count)
    case .target(let claims): try check(claims)
    case .readableDays(let days):
      try range("readableDays", days, 0...Limits.readableDaysMax)
      try checkReading(days)
    case .call(let id, let it):
      try unique(id, calls, it.slug) { $0.slug }
      try exists(it.notice, sources)
      try range("criteria", Int64(it.criteria.count), 1...Int64(Limits.itemsMax))
      if calls.row(id).map({ $0.criteria != it.criteria }) ?? false { try nobodyApplied(in: id) }
      for criterion in it.criteria { try range("weight", criterion.weight, 1...Limits.weightMax) }
    case .track(let id, let it): try check(id, it)
    case .round(let id, let it): try check(id, it)
    case .engine(let id, let it): try check(id, it)
    }
    return [.defined(definition)]
  }

  /// Whole servers are handed over, wiped and registered by how many GPUs one has: that stays while
  /// anything of the model is in somebody's hands, or has come.
  private func check(_ id: DeviceModelID, _ it: DeviceModel) throws(Refusal) {
    try unique(id, models, it.slug) { $0.slug }
    try range("gpusPerServer", it.gpusPerServer, 1...1_024)
    guard let old = models.row(id), old.gpusPerServer != it.gpusPerServer else { return }
    var isUsed = false
    allocations.forEach { _, row in
      if row.standing != .returned, clusters[row.cluster].model == id { isUsed = true }
    }
    departures.forEach { _, row in
      if row.stage != .returned, clusters[row.cluster].model == id { isUsed = true }
    }
    lines.forEach { _, history in
      let hasCome = history.steps.contains { !$0.planned } || !history.units.isEmpty
      if history.line.model == id, hasCome { isUsed = true }
    }
    if isUsed { throw .supply(.modelInUse(id)) }
  }

  /// A contract promises its team so many days to read what it leaves. While one runs they become
  /// no fewer; what has ended has its last day already.
  private func checkReading(_ days: Int64) throws(Refusal) {
    guard days < readableDays else { return }
    var running: AwardID?
    awards.forEach { id, award in if award.ended == nil { running = running ?? id } }
    if let running {
      throw .allocations(.readingPromised(running, days: readableDays))
    }
  }

  /// What ran there is of its model: hours that are sealed, and those that will be.
  private func check(_ id: ClusterID, _ it: Cluster) throws(Refusal) {
    try unique(id, clusters, it.slug) { $0.slug }
    try exists(it.site, sites)
    try exists(it.model, models)
    try range("servers", it.servers, 1...Limits.gpusMax)
    try check(it.gpus)
    guard let old = clusters.row(id), old.model != it.model || old.site != it.site else { return }
    var isUsed = accounts(of: id).lastSealed != nil
    allocations.forEach { _, row in if row.cluster == id { isUsed = true } }
    departures.forEach { _, row in if row.cluster == id { isUsed = true } }
    if isUsed { throw .allocations(.clusterInUse(id)) }
  }

  /// A cluster keeps what teams hold there, on every day. What is short already may not become
  /// shorter.
  private func checkAllocated(
    _ id: ClusterID, _ it: Cluster, _ envelope: Envelope
  ) throws(Refusal) {
    guard let old = clusters.row(id), it.gpus.value < old.gpus.value,
      let today = charter?.days.day(of: time(of: envelope.received))
    else { return }
    let held = reserved(at: id, without: nil, on: today)
    let days = [today] + held.steps.map(\.from).filter { $0 > today }
    guard let day = days.first(where: { held.value(on: $0) > it.gpus.value }) else { return }
    throw .allocations(
      .lessThanAllocated(id, day: day, over: held.value(on: day) - it.gpus.value))
  }

  private func check(_ id: LineID, _ it: Line) throws(Refusal) {
    try next(id, lines)
    try exists(it.tranche, tranches)
    try exists(it.site, sites)
    if let model = it.model { try exists(model, models) }
    if let party = it.operatedBy { try exists(party, parties) }
    try check(it.gpus)
    if let share = it.operatorShare { try check(share) }
    try range("spares", it.spares, 0...Limits.gpusMax)
    guard it.spares + (it.operatorShare?.value ?? 0) <= it.gpus.value else {
      throw .supply(.partsExceedLine(id))
    }
  }

  /// What people applied for stays what it was, and nothing is kept back that others hold. What is
  /// short already, by maintenance say, may not become shorter.
  private func checkHeld(_ id: LineID, _ it: Line, _ envelope: Envelope) throws(Refusal) {
    guard let old = lines.row(id)?.line else { return }
    if old.model != it.model || old.site != it.site {
      var applied = false
      rounds.forEach { _, row in
        guard row.applicationCount > 0 else { return }
        if row.round.offers.contains(where: { $0.line == id }) { applied = true }
      }
      if applied { throw .supply(.lineInUse(id)) }
    }
    var minimum: Confidence?
    offers.forEach { _, offer in
      guard offer.line == id, holding(offer) != nil else { return }
      let own = rounds[offer.round].round.minimumConfidence
      minimum = min(minimum ?? own, own)
    }
    guard let minimum, old != it else { return }
    var after = self
    after.lines[id].line = it
    let (had, left) = (free(id, minimum: minimum), after.free(id, minimum: minimum))
    // After the last day nothing is left to be short of.
    guard let today = charter?.days.day(of: time(of: envelope.received)) else { return }
    let days = [today] + (had.steps + left.steps).map(\.from).filter { $0 > today }.sorted()
    guard
      let day = days.first(where: { left.value(on: $0) < min(0, had.value(on: $0)) })
    else { return }
    throw .supply(.lessThanHeld(id, day: day, over: -left.value(on: day)))
  }

  private func check(_ id: PoolID, _ it: Pool) throws(Refusal) {
    try unique(id, pools, it.slug) { $0.slug }
    if let basis = it.basis { try exists(basis, sources) }
    guard let parent = it.parent else { return }
    try exists(parent, pools)
    var above: PoolID? = parent
    while let pool = above {
      if pool == id { throw .supply(.poolsInACircle(id)) }
      above = pools[pool].parent
    }
    var shares = [it.share].compactMap { $0 }
    pools.forEach { other, pool in
      if other != id, pool.parent == parent, let share = pool.share { shares.append(share) }
    }
    guard let sum = Ratio.sum(shares), sum.numerator <= sum.denominator else {
      throw .supply(.shareAboveWhole(parent))
    }
  }

  /// Its name alone may be corrected: for whom it is, what is drawn on, and by which short name its
  /// charge is found, holds for whoever applied.
  private func check(_ id: TrackID, _ it: Track) throws(Refusal) {
    try next(id, tracks)
    try exists(it.call, calls)
    try exists(it.pool, pools)
    guard let old = tracks.row(id) else { return }
    if (old.call, old.pool, old.slug) != (it.call, it.pool, it.slug)
      || old.organisations != it.organisations
    {
      try nobodyApplied(in: old.call)
    }
  }

  private func check(_ id: RoundID, _ it: Round) throws(Refusal) {
    try next(id, rounds)
    if let row = rounds.row(id), row.applicationCount > 0, row.round != it {
      throw .calls(row.stage == .open ? .applied(id) : .alreadyDecided(id))
    }
    try exists(it.call, calls)
    try limit("offers", it.offers.count)
    for offer in it.offers {
      try exists(offer.line, lines)
      try check(offer.gpus)
      if lines[offer.line].line.model == nil { throw .calls(.lineWithoutModel(offer.line)) }
    }
    if let fault = it.rules.fault(pools: pools) { throw .calls(fault) }
    guard let days = charter?.days, it.opens < it.closes,
      it.asksPublicFrom.map({ it.closes <= $0 }) ?? true,
      days.first <= it.period.from, it.period.to <= days.end,
      it.period.dayCount <= Limits.periodDaysMax, (1...366).contains(it.acceptance.days)
    else { throw .calls(.badRound) }
  }

  /// What is bound at a cluster stays with its engine.
  private func check(_ id: ClusterID, _ it: ClusterEngine) throws(Refusal) {
    try exists(id, clusters)
    guard let old = bindings.row(id)?.engine, old.kind != it.kind else { return }
    var used = false
    allocations.forEach { _, row in
      if row.cluster == id, row.standing != .returned { used = true }
    }
    departures.forEach { _, row in
      if row.cluster == id, row.stage != .returned { used = true }
    }
    if used { throw .allocations(.engineInUse(id)) }
  }

  /// What applications are judged by, and from which pool, does not change under them.
  private func nobodyApplied(in call: CallID) throws(Refusal) {
    var applied: RoundID?
    rounds.forEach { id, row in
      if row.round.call == call, row.applicationCount > 0 { applied = id }
    }
    if let applied { throw .calls(.applied(applied)) }
  }

  private func check(_ claims: Claims) throws(Refusal) {
    try limit("figures", claims.all.count)
    for figure in claims.all {
      try range("gpus", figure.value, 0...Limits.gpusMax)
      try exists(figure.source, sources)
    }
  }

  private func next<Kind, Row>(
    _ id: Identifier<Kind>, _ table: PagedTable<Kind, Row>
  ) throws(Refusal) {
    guard id <= table.nextID else { throw .programme(.notNext("\(id)")) }
  }

  /// The next number, and a short name that no other row has. Complexity: O(rows).
  private func unique<Kind, Row>(
    _ id: Identifier<Kind>, _ table: PagedTable<Kind, Row>, _ slug: Slug, _ of: (Row) -> Slug
  ) throws(Refusal) {
    try next(id, table)
    var taken = false
    table.forEach { other, row in if other != id, of(row) == slug { taken = true } }
    if taken { throw .programme(.slugTaken(slug.value)) }
  }

  func exists<Kind, Row>(
    _ id: Identifier<Kind>, _ table: PagedTable<Kind, Row>
  ) throws(Refusal) {
    guard table.contains(id) else { throw .programme(.unknown("\(id)")) }
  }

  func range(_ name: String, _ value: Int64, _ range: ClosedRange<Int64>) throws(Refusal) {
    guard range.contains(value) else { throw .programme(.outOfRange(name, value: value)) }
  }

  private func limit(_ name: String, _ count: Int) throws(Refusal) {
    guard count <= Limits.itemsMax else {
      throw .programme(.tooMany(name, limit: Limits.itemsMax))
    }
  }
}
