/// Closing an hour: each second of each GPU goes into exactly one account.
///
/// Facts contradict each other now and then: a server counted as down whose job ran on. Whichever
/// stands first takes what room there is; what has none left is counted as contradicted, for the
/// auditor, and moves nothing:
///
/// 1. *used*: what was metered. Where even that passes the capacity, the lowest allocation is
///    served first and what ran without one last. Of it *lent*: what a team used of the GPUs that
///    another lends it, up to those that stood ready. Lent and not used, they are idle in the name
///    of the team that has them.
/// 2. *unobserved*: all the rest while nobody looked; and GPUs that the programme has and the
///    engine does not show.
/// 3. *down*, 4. *in maintenance*: as observed.
/// 5. *operator's share*: as agreed.
/// 6. *idle*: ready in an award and not used.
/// 7. *delayed*: entitled to and not ready; and what is being prepared beyond that, for nobody yet.
///    A GPU that is prepared for an award that waits for it is counted once.
/// 8. *unallocated*: what is left.
public enum HourClosing {
  /// Where the GPU-seconds of an hour went.
  ///
  /// Complexity: O(n log n + changes · allocations) in the facts that touch the hour.
  public static func totals(of facts: HourFacts) -> HourTotals {
    var sweep = HourSweep(facts)
    return sweep.totals()
  }
}

/// A walk through an hour from change to change, with what holds at the moment in flat columns.
private struct HourSweep {
  /// What a change sets: one of these, a reservation's column after them, or usage.
  private enum Column {
    static let capacity = 0
    static let operatorShare = 1
    static let coverage = 2
    static let up = 3
    static let down = 4
    static let maintenance = 5
    static let preparing = 6
    static let reservations = 7
  }

  private struct Change {
    let at: Int64
    /// A column of `now`, or -1 - slot where GPUs come into or go out of use.
    let column: Int
    let value: Int64
  }

  private let hour: Hour
  /// Every allocation of the hour, ascending. Their places are the slots; nobody's slot is last.
  private let allocations: [AllocationID]
  /// The slot of each reservation.
  private let slots: [Int]
  /// Of those, the ones that another team lends.
  private let lentSlots: [Bool]
  private var changes: [Change] = []
  /// The value of each column at the moment; of a reservation: entitled, ready.
  private var now: [Int64]
  /// GPUs in use at the moment, by slot.
  private var using: [Int64]
  private var usingAll: Int64 = 0
  /// Of those in use, the ones that the capacity has room for: scratch, by slot.
  private var served: [Int64]
  /// GPUs in use of a reservation's own ready ones: scratch, by reservation.
  private var unused: [Int64]

  // GPU-seconds so far.
  private var capacity: Int64 = 0
  private var contradicted: Int64 = 0
  private var used: [Int64]
  private var lent: [Int64]
  private var idle: [Int64]
  private var delayed: [Int64]
  /// Of accounts that are nobody's, by account.
  private var common = Array(repeating: Int64(0), count: Account.count)

  init(_ facts: HourFacts) {
    hour = facts.hour
    var seen = facts.reservations.map(\.allocation)
    for segment in facts.segments {
      // A job's segments come in runs, so most are skipped here.
      if let allocation = segment.allocation, allocation != seen.last { seen.append(allocation) }
    }
    seen.sort()
    var allocations: [AllocationID] = []
    for id in seen where id != allocations.last { allocations.append(id) }
    self.allocations = allocations
    let count = allocations.count + 1
    using = Array(repeating: 0, count: count)
    used = using
    served = using
    lent = using
    idle = using
    delayed = using
    now = Array(
      repeating: 0, count: Column.reservations + 2 * facts.reservations.count)
    unused = Array(repeating: 0, count: facts.reservations.count)
    slots = facts.reservations.map { HourSweep.slot(of: $0.allocation, in: allocations) }
    lentSlots = facts.reservations.map(\.isLent)
    add(facts)
  }

  /// Complexity: O(log allocations).
  private static func slot(of id: AllocationID, in allocations: [AllocationID]) -> Int {
    var low = 0
    var high = allocations.count
    while low < high {
      let middle = (low + high) / 2
      if allocations[middle] < id { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private mutating func add(_ facts: HourFacts) {
    add(facts.capacity, Column.capacity)
    add(facts.operatorShare, Column.operatorShare)
    add(facts.coverage, Column.coverage)
    add(facts.up, Column.up)
    add(facts.down, Column.down)
    add(facts.maintenance, Column.maintenance)
    add(facts.preparing, Column.preparing)
    for (index, reservation) in facts.reservations.enumerated() {
      add(reservation.gpus, Column.reservations + 2 * index)
      add(reservation.ready, Column.reservations + 2 * index + 1)
    }
    let (start, end) = (hour.start.seconds, hour.end.seconds)
    for index in facts.segments.indices {
      let segment = facts.segments[index]
      guard segment.from < hour.end, segment.to > hour.start, segment.from < segment.to
      else { continue }
      let slot =
        segment.allocation.map { HourSweep.slot(of: $0, in: allocations) } ?? allocations.count
      let gpus = Int64(segment.gpus)
      if segment.from.seconds <= start {
        using[slot] += gpus
        usingAll += gpus
      } else {
        changes.append(Change(at: segment.from.seconds, column: -1 - slot, value: gpus))
      }
      if segment.to.seconds < end {
        changes.append(Change(at: segment.to.seconds, column: -1 - slot, value: -gpus))
      }
    }
    changes.sort { $0.at < $1.at }
  }

  /// What was observed once is on the disk for ever, whatever was refused since: what cannot be
  /// counts as the nearest that can.
  private static func possible(_ value: Int64) -> Int64 { max(0, min(value, Limits.gpusMax)) }

  private mutating func add(_ timeline: Timeline, _ column: Int) {
    now[column] = HourSweep.possible(timeline.value(at: hour.start))
    var index = timeline.firstIndex(after: hour.start)
    while index < timeline.changes.count, timeline.changes[index].at < hour.end {
      let change = timeline.changes[index]
      changes.append(
        Change(
          at: change.at.seconds, column: column, value: HourSweep.possible(change.value)))
      index += 1
    }
  }

  mutating func totals() -> HourTotals {
    var at = hour.start.seconds
    for index in changes.indices {
      let change = changes[index]
      if change.at > at {
        pass(change.at - at)
        at = change.at
      }
      if change.column >= 0 {
        now[change.column] = change.value
      } else {
        using[-1 - change.column] += change.value
        usingAll += change.value
      }
    }
    pass(hour.end.seconds - at)
    // No hour contradicts more than all GPUs that there can be, so that months of it add up.
    contradicted = min(contradicted, Limits.gpusMax * Hour.seconds)
    return HourTotals(
      capacity: GPUSeconds(capacity), rows: rows(), contradicted: GPUSeconds(contradicted))
  }

  /// `seconds` pass in which nothing changes.
  private mutating func pass(_ seconds: Int64) {
    let all = now[Column.capacity]
    capacity += all * seconds
    var rest = all
    takeUsed(&rest, seconds)
    guard now[Column.coverage] > 0 else {
      common[Account.unobserved.index] += rest * seconds
      return
    }
    let shown =
      now[Column.up] + now[Column.down] + now[Column.maintenance] + now[Column.preparing]
    contradicted += max(0, shown - all) * seconds
    take(max(0, all - shown), .unobserved, &rest, seconds)
    take(now[Column.down], .down, &rest, seconds)
    take(now[Column.maintenance], .maintenance, &rest, seconds)
    take(now[Column.operatorShare], .operatorShare, &rest, seconds)
    takeIdle(&rest, seconds)
    takeDelayed(&rest, seconds)
    common[Account.unallocated.index] += rest * seconds
  }

  /// GPUs of an account that is nobody's; what finds no room is contradicted.
  private mutating func take(
    _ gpus: Int64, _ account: Account, _ rest: inout Int64, _ seconds: Int64
  ) {
    let taken = min(gpus, rest)
    common[account.index] += taken * seconds
    contradicted += (gpus - taken) * seconds
    rest -= taken
  }

  private mutating func takeUsed(_ rest: inout Int64, _ seconds: Int64) {
    if usingAll <= rest {
      for slot in using.indices {
        served[slot] = using[slot]
        used[slot] += using[slot] * seconds
      }
      rest -= usingAll
    } else {
      for slot in using.indices {
        served[slot] = min(using[slot], rest)
        used[slot] += served[slot] * seconds
        rest -= served[slot]
      }
      contradicted += (usingAll - now[Column.capacity]) * seconds
    }
    for index in slots.indices {
      unused[index] = max(0, ready(index) - using[slots[index]])
      if lentSlots[index] { takeLent(index, seconds) }
    }
  }

  private func ready(_ reservation: Int) -> Int64 {
    min(
      now[Column.reservations + 2 * reservation],
      now[Column.reservations + 2 * reservation + 1])
  }

  /// Moves what was used of a reservation that another team lends.
  private mutating func takeLent(_ reservation: Int, _ seconds: Int64) {
    let slot = slots[reservation]
    let taken = min(served[slot], ready(reservation))
    used[slot] -= taken * seconds
    lent[slot] += taken * seconds
  }

  private mutating func takeIdle(_ rest: inout Int64, _ seconds: Int64) {
    for index in slots.indices {
      let taken = min(unused[index], rest)
      idle[slots[index]] += taken * seconds
      contradicted += (unused[index] - taken) * seconds
      rest -= taken
    }
  }

  private mutating func takeDelayed(_ rest: inout Int64, _ seconds: Int64) {
    var waiting: Int64 = 0
    for index in slots.indices {
      let gpus = max(0, now[Column.reservations + 2 * index] - ready(index))
      let taken = min(gpus, rest)
      delayed[slots[index]] += taken * seconds
      waiting += taken
      rest -= taken
    }
    take(max(0, now[Column.preparing] - waiting), .delayed, &rest, seconds)
  }

  private func rows() -> [AccountRow] {
    var rows: [AccountRow] = []
    for account in Account.allCases {
      let column: [Int64] =
        switch account {
        case .used: used
        case .lent: lent
        case .idle: idle
        case .delayed: delayed
        default: []
        }
      for slot in column.indices where column[slot] != 0 && slot < allocations.count {
        rows.append(
          AccountRow(
            account: account, allocation: allocations[slot], seconds: GPUSeconds(column[slot])))
      }
      let nobody = common[account.index] + (column.last ?? 0)
      if nobody != 0 {
        rows.append(AccountRow(account: account, allocation: nil, seconds: GPUSeconds(nobody)))
      }
    }
    return rows
  }
}
