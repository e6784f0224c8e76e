/// Rules of leaving: work stops first, what was left stays readable by rule, then it is wiped with
/// a certificate, and only then does capacity return.
extension Programme {
  /// What an allocation leaves behind by an amendment; nothing where nothing of it was ever found
  /// at its engine, or where it gives up nothing.
  func departure(
    by change: AmendmentChange, on today: Day, at now: Instant
  ) -> AllocationDeparted? {
    guard let id = change.allocation else { return nil }
    let row = allocations[id]
    guard let held = row.heldGPUs else { return nil }
    var after = row
    switch change {
    case .transfer:
      return departed(
        id, gpus: row.mostGPUs, stays: nil, on: today, readableTo: lastReadable(after: now))
    case .resize(_, let limit): after.limit = limit
    case .override(_, let limit): after.override = limit
    case .overrideEnd: after.override = nil
    case .extension, .supplement, .suspension, .resumption, .recall, .end: return nil
    }
    return departed(id, held: held, after: after, on: today)
  }

  /// What a team leaves of what it lends: it frees nothing, and is wiped before another has it.
  func departure(lending gpus: Int64, of id: AllocationID, on today: Day) -> AllocationDeparted? {
    guard let held = allocations[id].heldGPUs else { return nil }
    var after = allocations[id]
    after.lentGPUs += gpus
    return departed(id, held: held, after: after, on: today)
  }

  /// What an allocation gives up where it goes on with less.
  private func departed(
    _ id: AllocationID, held: Int64, after: Allocation, on today: Day
  ) -> AllocationDeparted? {
    let row = allocations[id]
    let freed = max(0, row.mostGPUs - after.mostGPUs)
    let stays = after.binding.reservedGPUs
    guard freed > 0 || (wipes(row.cluster) && held > stays) else { return nil }
    return departed(id, gpus: freed, stays: stays, on: today, readableTo: nil)
  }

  private func departed(
    _ id: AllocationID, gpus: Int64, stays: Int64?, on today: Day, readableTo: Day?
  ) -> AllocationDeparted {
    let row = allocations[id]
    return AllocationDeparted(
      departure: departures.nextID, allocation: id, cluster: row.cluster, limit: row.binding,
      gpus: gpus, stays: stays, from: max(today, row.term.from), readableTo: readableTo)
  }

  /// The first day on which a team whose work stopped at a moment may read no more: after its days
  /// of reading, all of them whole, and none after the programme's last day. Nothing where the
  /// programme keeps nothing.
  func lastReadable(after stop: Instant) -> Day? {
    guard readableDays > 0, let days = charter?.days,
      let first = days.firstWholeDay(from: stop)
    else { return nil }
    return min(first.advanced(by: Int(readableDays)), days.end)
  }

  /// The first day on which may be read no more what was left by work that ended on a day: that day
  /// itself where nothing is kept. Work that ended with its term stopped as that day began, however
  /// late it was noticed; before that, when it was said.
  func readable(after day: Day, of termEnd: Day, at: Instant) -> Day {
    let start = day == termEnd ? charter?.days.start(of: day) : nil
    return lastReadable(after: start ?? at) ?? day
  }

  /// An award that ends on a day.
  func ended(_ id: AwardID, on day: Day, at: Instant) -> Event {
    let award = awards[id]
    return .awardEnded(
      AwardEnded(
        award: id, on: day,
        // What the team had in its hands, or was suspended for, it is not owed.
        owedDays: owed(award, endedOn: day, lost: handedOver(id) ?? day),
        readableTo: readable(after: day, of: award.term.to, at: at)))
  }

  /// Of one that never worked nothing was given back of the days that went by. Of an end that does
  /// not say it itself (version 1) all of them are owed.
  func owed(_ award: Award, endedOn day: Day, lost: Day? = nil) -> Int64 {
    guard award.clock == nil else { return award.owedDays }
    let end = min(lost ?? day, day, award.term.to)
    let suspended = lost == nil ? 0 : award.suspendedDays(to: end)
    return Int64(max(0, award.term.from.distance(to: end) - suspended))
  }

  /// Whole servers were in a team's hands there, so that they have to be wiped.
  func wipes(_ cluster: ClusterID) -> Bool { bindings.row(cluster)?.engine?.kind == .handover }

  /// What an allocation left at a cluster and that is not back; nothing where there is none.
  public func departure(of id: AllocationID, at cluster: ClusterID) -> DepartureID? {
    departures.ids.first {
      let row = departures[$0]
      return row.allocation == id && row.cluster == cluster && row.stage != .returned
    }
  }

  /// An allocation stays as it is where something of it is leaving: what is wiped is not mixed up
  /// with what is given.
  func checkNothingLeaves(_ id: AllocationID, _ cluster: ClusterID) throws(Refusal) {
    guard departure(of: id, at: cluster) == nil else {
      throw .allocations(.stillLeaving(id, cluster))
    }
  }

  /// GPUs of a cluster that were left and are not back, with the first day on which they count, and
  /// the one from which they are expected to be free.
  func leaving(_ cluster: ClusterID, on today: Day) -> [(from: Day, to: Day, gpus: Int64)] {
    departures.ids.compactMap { id in
      let row = departures[id]
      guard row.cluster == cluster, row.stage != .returned, row.gpus > 0 else { return nil }
      let readableTo = row.stage == .readable ? row.readableTo : nil
      return (row.from, freeFrom(readableTo, on: today) ?? row.from, row.gpus)
    }
  }

  // MARK: Time

  /// What is to be wiped by then, as its days of reading are over: in order of allocation, and of
  /// what is over before what was left.
  func wipeOrders(by to: Instant) -> [Event] {
    guard let days = charter?.days else { return [] }
    func isOver(_ day: Day?) -> Bool {
      guard let day, let start = days.start(of: day) else { return false }
      return start <= to
    }
    var orders: [WipeOrdered] = []
    allocations.forEach { id, row in
      guard row.standing == .ended, let day = row.readableTo, isOver(day) else { return }
      orders.append(WipeOrdered(allocation: id, cluster: row.cluster, on: day))
    }
    departures.forEach { _, row in
      guard row.stage == .readable, let day = row.readableTo, isOver(day) else { return }
      orders.append(WipeOrdered(allocation: row.allocation, cluster: row.cluster, on: day))
    }
    return orders.map { .wipeOrdered($0) }
  }

  // MARK: Reading back

  /// A certificate of an allocation's wipe at a cluster that certified nothing before.
  func newCertificate(of id: AllocationID, in observed: ObservedState) -> Digest? {
    var used: [Digest] = []
    departures.forEach { _, row in
      if row.allocation == id, row.cluster == observed.cluster, let digest = row.certificate {
        used.append(digest)
      }
    }
    return observed.wiped.first { $0.allocation == id && !used.contains($0.certificate) }?
      .certificate
  }

  /// What was left at a cluster and is found to be gone.
  func departuresBack(_ observed: ObservedState, on today: Day) -> [Event] {
    departures.ids.compactMap { id in
      let row = departures[id]
      guard row.cluster == observed.cluster, row.stage == .wiping,
        let generation = observed.generation, generation >= row.generation
      else { return nil }
      let found = observed.allocations.first { $0.allocation == row.allocation }
      let allocation = allocations[row.allocation]
      let mustWipe: Bool
      if let stays = row.stays, allocation.standing != .ended {
        guard (found?.limit.reservedGPUs ?? 0) <= stays else { return nil }
        // What was asked back may never have been there.
        mustWipe = wipes(row.cluster) && allocation.heldGPUs ?? 0 > stays
      } else {
        guard found == nil else { return nil }
        mustWipe = wipes(row.cluster)
      }
      let certificate = newCertificate(of: row.allocation, in: observed)
      guard !mustWipe || certificate != nil else { return nil }
      return .departureReturned(
        DepartureReturned(
          departure: id, certificate: mustWipe ? certificate : nil, on: today))
    }
  }
}

extension Programme {
  mutating func applyDeparted(_ body: AllocationDeparted, _ header: Header) {
    departures.append(Departure(body, generation: header.number))
    bindings[body.cluster].generation = header.number
  }

  mutating func applyWipeOrdered(_ body: WipeOrdered, _ header: Header) {
    let row = allocations[body.allocation]
    if row.cluster == body.cluster, row.standing == .ended {
      allocations[body.allocation].readableTo = nil
      allocations[body.allocation].generation = header.number
    }
    if let id = departure(of: body.allocation, at: body.cluster), departures[id].stage == .readable
    {
      departures[id].stage = .wiping
      departures[id].generation = header.number
    }
    bindings[body.cluster].generation = header.number
  }

  mutating func applyDepartureReturned(_ body: DepartureReturned) {
    departures[body.departure].stage = .returned
    departures[body.departure].certificate = body.certificate
    let row = departures[body.departure]
    if let stays = row.stays, let held = allocations[row.allocation].heldGPUs,
      allocations[row.allocation].cluster == row.cluster
    {
      allocations[row.allocation].heldGPUs = min(held, stays)
    }
    settleReturn(of: allocations[row.allocation].award, on: body.on)
  }
}
