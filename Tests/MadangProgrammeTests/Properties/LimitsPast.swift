@testable import MadangProgramme

/// Which limit each allocation had from when to when, and which GPUs each award, read from events
/// alone: what was given of an award, second by second, is never more than it.
struct LimitsPast {
  private struct Piece<Value> {
    let from: Instant
    let value: Value
  }

  private var limits: [AllocationID: [Piece<AllocationLimit>]] = [:]
  private var supplements: [AwardID: [Piece<Int64>]] = [:]
  private var granted: [AwardID: Int64] = [:]
  private var clocks: [AwardID: Instant] = [:]

  /// `programme` knows what an amendment says that an event approves.
  mutating func read(_ leaf: Leaf, _ programme: Programme) {
    let at = leaf.header.at
    switch leaf.event {
    case .awardGranted(let body): granted[body.award] = body.gpus
    case .clockStarted(let body): clocks[body.award] = at
    case .allocationMade(let body):
      limits[body.allocation] = [Piece(from: at, value: body.limit)]
    case .amendmentApproved(let body):
      let amendment = programme.amendments[body.amendment]
      switch amendment.change {
      case .resize(let id, let limit): limits[id]?.append(Piece(from: at, value: limit))
      case .supplement(let gpus):
        supplements[amendment.award, default: []].append(Piece(from: at, value: gpus))
      default: return
      }
    default: return
    }
  }

  /// GPU time of an award's allocations, within its term, against what it entitles to.
  func faults(of id: AwardID, _ programme: Programme) -> [String] {
    let award = programme.awards[id]
    var spent: Int64 = 0
    programme.allocations.forEach { allocation, row in
      guard row.award == id, row.isBound, row.lending == nil else { return }
      spent += self.spent(allocation, row, programme)
      if row.term.to > award.term.to { spent = .max / 2 }
    }
    let term = bounds(award.term, programme)
    var entitled = (granted[id] ?? 0) * (term.to - term.from)
    for more in supplements[id] ?? [] {
      entitled += more.value * (term.to - max(term.from, since(more.from, id)))
    }
    // Days of delay that could not be given back are owed: the promise is the same.
    entitled += award.gpus * 86_400 * award.owedDays
    return spent > entitled ? ["\(id): \(spent) of \(entitled) GPU-seconds"] : []
  }

  private func spent(
    _ id: AllocationID, _ row: Allocation, _ programme: Programme
  ) -> Int64 {
    let award = programme.awards[row.award]
    let pieces = limits[id] ?? []
    if case .budget(let budget)? = pieces.last?.value, pieces.count == 1 { return budget.count }
    let own = bounds(row.term, programme)
    let first = max(own.from, bounds(award.term, programme).from)
    var spent: Int64 = 0
    for (index, piece) in pieces.enumerated() {
      let isLast = index == pieces.count - 1
      let from = max(first, since(piece.from, row.award))
      let to = isLast ? own.to : max(first, since(pieces[index + 1].from, row.award))
      switch piece.value {
      // Nothing is ever used in these stories, so that only the last budget counts.
      case .budget(let budget): spent += isLast ? budget.count : 0
      case .reserved(let gpus): spent += gpus * max(0, min(to, own.to) - from)
      }
    }
    return spent
  }

  /// When something began to count: before its award's clock started no time ran.
  private func since(_ at: Instant, _ id: AwardID) -> Int64 {
    guard let clock = clocks[id], at >= clock else { return 0 }
    return at.seconds
  }

  private func bounds(_ term: Term, _ programme: Programme) -> (from: Int64, to: Int64) {
    let days = programme.charter?.days
    return (days?.start(of: term.from)?.seconds ?? 0, days?.start(of: term.to)?.seconds ?? 0)
  }
}
