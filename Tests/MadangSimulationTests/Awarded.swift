import MadangProgramme
import MadangTestEngines

/// Whether an award was given away once: with what truly ran and what still may run, which no
/// statement says yet.
extension Checks {
  /// Something was allocated, or has another limit: all of its award's allocations together are
  /// within it. What stands beside the award by an override of GPUs of their own is not counted.
  func given(_ events: [Event], _ office: Office) {
    let programme = office.programme
    for event in events {
      switch event {
      case .allocationMade(let body): given(body.award, office)
      case .amendmentApproved(let body):
        let amendment = programme.amendments[body.amendment]
        if case .resize = amendment.change { given(amendment.award, office) }
      default: continue
      }
    }
  }

  private func given(_ id: AwardID, _ office: Office) {
    let programme = office.programme
    let award = programme.awards[id]
    let begun = begun(office)
    var sum: Int64 = 0
    var beyond = false
    programme.allocations.forEach { allocation, row in
      guard row.award == id, row.isBound, row.lending == nil else { return }
      let used = begun[allocation] ?? 0
      switch row.limit {
      case .budget(let budget):
        sum += max(budget.count, used)
        beyond = beyond || used > budget.count
      case .reserved(let gpus):
        let days = programme.charter?.days
        let from = max(days?.start(of: row.term.from)?.seconds ?? 0, world.now)
        let to = days?.start(of: row.term.to)?.seconds ?? 0
        sum += used + gpus * max(0, to - from)
        beyond = beyond || used > 0
      }
    }
    if beyond { beyondCount += 1 }
    let most = award.gpus * Checks.seconds(award.term, programme)
    if sum > most { fail("\(id) has \(most) GPU-seconds, and \(sum) are given of it") }
  }

  /// GPU-seconds that budgets let begin: of work that is over what truly ran, of all other what is
  /// held for it. What ran longer than was held for it was not let.
  private func begun(_ office: Office) -> [AllocationID: Int64] {
    var runs: [EngineJob: Int64] = [:]
    for engine in world.engines {
      for run in engine.runs {
        runs[run.job] = run.to.map { Int64(run.gpus) * ($0 - run.from) } ?? .max
      }
    }
    var sums: [AllocationID: Int64] = [:]
    for held in office.books.holds.values where ofBudgets.contains(held.hold.key) {
      let isOver = held.state != .pending
      let used = isOver ? runs[held.hold.key] ?? 0 : held.hold.amount.count
      sums[held.hold.allocation, default: 0] += min(used, held.hold.amount.count)
    }
    return sums
  }

  static func seconds(_ term: Term, _ programme: Programme) -> Int64 {
    let days = programme.charter?.days
    let (from, to) = (days?.start(of: term.from), days?.start(of: term.to))
    return (to?.seconds ?? 0) - (from?.seconds ?? 0)
  }
}
