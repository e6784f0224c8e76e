/// What an allocation takes out of its award, in GPU time: what is gone stays gone, whatever its
/// limit becomes.
///
/// ```
///   made ───── 16 GPUs ─────▶ resized ──────── 8 GPUs ────────▶ the term's end
///        └──────spent──────┘         └─ its limit from then on ─┘
///
///   made ──── budget 100 ───▶ resized ────────── budget 10 ──────────▶
///                                    └─ 100 still ─┘└─ what was used ─
///                                                  ▲ all that it let begin is over, and sealed
/// ```
/// The programme knows only sealed use, and work that a budget let begin may run on for days. So a
/// budget that is made smaller gives nothing back until nothing of it can be unknown. Nobody says
/// how much was used meanwhile: whoever asks for more would be the one to say it.
extension Programme {
  /// What its limits took before, and what the present one takes until the end of its term; at
  /// least what was sealed as used, and what budgets before may have let it use. `id` is nothing of
  /// one that is yet to be made.
  ///
  /// Complexity: O(departures + months) of one whose budget was made another, else O(months).
  func taken(_ row: Allocation, as id: AllocationID?) -> GPUSeconds? {
    let rest: GPUSeconds?
    switch row.limit {
    case .budget(let budget): rest = max(budget, overriding(row))
    case .reserved(let gpus):
      rest = running(row, to: nil).flatMap { GPUSeconds(gpus: gpus, seconds: $0) }
    }
    guard let id, let rest else { return rest.map { row.spent + $0 } }
    return max(row.spent + rest, used(by: id), promised(row, as: id))
  }

  /// What budgets before the present one may have let it use: all of them, until all work that they
  /// let begin is over and its hours are sealed wherever it ran. Then what was sealed as used, and
  /// what nobody measured there or found no room for, as far as that may have been its own.
  private func promised(_ row: Allocation, as id: AllocationID) -> GPUSeconds {
    guard let until = row.promisedUntil else { return .zero }
    var clusters = [row.cluster]
    departures.forEach { _, left in
      if left.allocation == id, !clusters.contains(left.cluster) { clusters.append(left.cluster) }
    }
    let first = Month(of: row.term.from)
    var possible = row.spent + used(by: id)
    for cluster in clusters {
      let accounts = accounts(of: cluster)
      guard let last = accounts.lastSealed, last.end >= until else { return row.promised }
      for month in accounts.months where month.month >= first {
        // What was erased cannot be told from nothing.
        guard month.erased == 0, possible < row.promised else { return row.promised }
        possible += month[.unobserved] + month.contradicted
      }
    }
    return min(row.promised, possible)
  }

  /// GPU time that an override lets it use where it has a budget; no more than all of the award.
  private func overriding(_ row: Allocation) -> GPUSeconds {
    guard case .budget(let budget)? = row.override else { return .zero }
    return min(budget, entitlement(awards[row.award]) ?? .zero)
  }

  /// The allocation with another limit from an instant on.
  func resized(_ id: AllocationID, to limit: AllocationLimit, at: Instant) -> Allocation {
    var row = allocations[id]
    switch (row.limit, limit) {
    // A budget is one sum for all of it: what was used counts against the new one.
    case (.budget, .budget): promise(&row, as: id, at: at)
    // What it was used for cannot be told any more from what its GPUs are used for.
    case (.budget, .reserved):
      if mayHaveBegun(row, by: at) { row.spent = taken(row, as: id) ?? row.spent }
      row.promised = .zero
      row.promisedUntil = nil
    case (.reserved(let gpus), _):
      let seconds = running(row, to: at) ?? 0
      row.spent += GPUSeconds(gpus: gpus, seconds: seconds) ?? .zero
    }
    row.limit = limit
    // Before the clock starts no time runs: the limit holds from its start on.
    if awards[row.award].clock != nil { row.limitSince = at }
    return row
  }

  /// The allocation with an override from an instant on, or without one.
  ///
  /// What stands instead of GPUs of its own is an exception beside the award, by four eyes: the
  /// GPUs count on, as they are kept for it, and what the exception lets it use counts once it was
  /// used and sealed, where that is more. Counted from its beginning, a team would pay twice for
  /// hours that it has instead of servers which do not work.
  func overridden(_ id: AllocationID, by limit: AllocationLimit?, at: Instant) -> Allocation {
    var row = allocations[id]
    if case .budget = row.limit { promise(&row, as: id, at: at) }
    row.override = limit
    return row
  }

  /// Keeps what a budget let it use that is about to become another.
  private func promise(_ row: inout Allocation, as id: AllocationID, at: Instant) {
    guard case .budget(let budget) = row.limit, mayHaveBegun(row, by: at) else { return }
    let most = row.spent + max(budget, overriding(row))
    row.promised = max(most, promised(row, as: id))
    row.promisedUntil = Instant(at.seconds + Limits.workSecondsMax)
  }

  /// Whether its engine may have let anything begin, by a clock that may be ahead.
  private func mayHaveBegun(_ row: Allocation, by at: Instant) -> Bool {
    guard let first = charter?.days.start(of: row.term.from) else { return true }
    return at.seconds + UsageSegment.aheadSecondsMax >= first.seconds
  }

  /// GPU time sealed in an allocation's name as used.
  func used(by id: AllocationID) -> GPUSeconds {
    usage(of: id).months.reduce(.zero) { $0 + $1.used + $1.lent }
  }

  /// Seconds for which a limit has held, or holds until the end of the term where no instant is
  /// named. Made before a clock that started late, it holds no longer than the award.
  private func running(_ row: Allocation, to at: Instant?) -> Int64? {
    let award = awards[row.award]
    guard let days = charter?.days,
      let first = days.start(of: max(row.term.from, award.term.from)),
      let end = days.start(of: row.term.to)
    else { return nil }
    // Of a term that its clock has not begun, nothing has run.
    if at != nil, award.clock == nil { return 0 }
    let from = max(first, row.limitSince ?? first)
    return max(0, min(at ?? end, end).seconds - from.seconds)
  }
}
