import MadangProgramme

/// What an office keeps beside its journal: holds and balances, what was observed, hours as they
/// were closed. Each change is written with a record, so that what a restart reads is what was.
///
/// The rules are the programme's own; here is only what they are asked about.
struct Books {
  enum Change: Hashable {
    /// A budget follows its allocation, by the event that changed it.
    case granted(AllocationID, GPUSeconds, event: Int64)
    /// A job may begin: its hold is its intent.
    case held(Hold, cluster: ClusterID, gpus: Int32, seconds: Int64)
    case ended(EngineJob, HoldState)
    /// A segment that should not have been.
    case takenBack(UsageKey)
    case observed(ObservedState, DesiredState)
    case drafted(ClosedHour)
    /// The journal has what was drafted.
    case confirmed(HourKey)
    /// What was sealed is still so.
    case unchanged(HourKey, changes: Int)
  }

  struct HourKey: Hashable, Comparable {
    let cluster: ClusterID
    let hour: Hour

    static func < (a: Self, b: Self) -> Bool { (a.cluster, a.hour) < (b.cluster, b.hour) }
  }

  /// An hour as it was closed once: its statement has this number.
  struct ClosedHour: Hashable {
    let key: HourKey
    let totals: HourTotals
    let segments: Int64
    let number: Int32
    /// Changes of the hour that it knows.
    let changes: Int
  }

  struct Job: Hashable {
    let cluster: ClusterID
    let gpus: Int32
    let seconds: Int64
  }

  /// The statement of an hour: as it stands in the journal, and as it was drafted since.
  struct Seal {
    var changes = 0
    var sealedChanges = 0
    var sealed: ClosedHour?
    var draft: ClosedHour?
  }

  private(set) var holds: [EngineJob: HeldBudget] = [:]
  private(set) var jobs: [EngineJob: Job] = [:]
  private(set) var balances: [AllocationID: BudgetBalance] = [:]
  private(set) var grants: Set<[Int64]> = []
  private(set) var usage: [UsageKey: UsageSegment] = [:]
  private(set) var takenBack: Set<UsageKey> = []
  private(set) var seals: [HourKey: Seal] = [:]
  private(set) var seen: [ClusterID: Seen] = [:]

  /// Ascending, so that no order of a table decides anything.
  var pending: [HeldBudget] {
    holds.values.filter { $0.state == .pending }.sorted { $0.hold.key < $1.hold.key }
  }

  mutating func apply(_ change: Change, _ mutation: Mutation?) {
    switch change {
    case .granted(let id, let amount, let event):
      grants.insert([Int64(id.number), event])
      balances[id, default: BudgetBalance()].granted += amount
    case .held(let hold, let cluster, let gpus, let seconds):
      holds[hold.key] = HeldBudget(hold: hold)
      jobs[hold.key] = Job(cluster: cluster, gpus: gpus, seconds: seconds)
      balances[hold.allocation, default: BudgetBalance()].held += hold.amount
    case .ended(let key, let state): end(key, state, mutation)
    case .takenBack(let key):
      guard let segment = usage[key], takenBack.insert(key).inserted else { return }
      if let id = segment.allocation { balances[id]?.used -= segment.gpuSeconds }
      touch(key.cluster, segment.from, segment.to, mutation)
    case .observed(let state, let desired):
      guard let span = seen[state.cluster, default: Seen()].take(state, desired) else { return }
      touch(state.cluster, span.from, span.to, mutation)
    case .drafted(let closed): seals[closed.key, default: Seal()].draft = closed
    case .confirmed(let key):
      guard let draft = seals[key]?.draft else { return }
      seals[key]?.sealed = draft
      seals[key]?.sealedChanges = draft.changes
      seals[key]?.draft = nil
    case .unchanged(let key, let changes):
      seals[key]?.sealedChanges = changes
      seals[key]?.draft = nil
    }
  }

  private mutating func end(_ key: EngineJob, _ state: HoldState, _ mutation: Mutation?) {
    guard var held = holds[key] else { return }
    if mutation != .leaksHolds { balances[held.hold.allocation]?.held -= held.remaining }
    held.state = state
    holds[key] = held
  }

  /// A segment that is new: out of its job's hold as far as that goes, the rest out of the budget.
  mutating func add(_ segment: UsageSegment, _ mutation: Mutation?) {
    usage[segment.key] = segment
    touch(segment.key.cluster, segment.from, segment.to, mutation)
    guard let id = segment.allocation else { return }
    balances[id, default: BudgetBalance()].used += segment.gpuSeconds
    guard var held = holds[segment.key.job], held.hold.allocation == id else { return }
    let share = held.share(of: segment.gpuSeconds)
    held.posted += share
    holds[segment.key.job] = held
    if mutation != .postsBesideHolds { balances[id]?.held -= share }
  }

  private mutating func touch(
    _ cluster: ClusterID, _ from: Instant, _ to: Instant, _ mutation: Mutation?
  ) {
    guard from < to, mutation != .leavesSealsAlone else { return }
    var hour = Hour(of: from)
    while hour.start < to {
      // An hour that was never closed has nothing to correct.
      if seals[HourKey(cluster: cluster, hour: hour)] != nil {
        seals[HourKey(cluster: cluster, hour: hour)]?.changes += 1
      }
      hour = hour.next
    }
  }
}

/// What was read back of a cluster, where it changed.
struct Seen {
  /// Seconds between two looks within which a cluster counts as observed.
  private static let silenceSeconds: Int64 = 900

  private(set) var first: Instant?
  private(set) var last: Instant?
  private(set) var coverage = Timeline.zero
  private(set) var up = Timeline.zero
  private(set) var reservations: [AllocationID: HourFacts.Reservation] = [:]

  /// The span that is known to have been observed by this; nothing where it is no news.
  mutating func take(
    _ state: ObservedState, _ desired: DesiredState
  ) -> (from: Instant, to: Instant)? {
    if let last, state.at <= last { return nil }
    var span = (from: state.at, to: state.at)
    if let last, state.at.seconds - last.seconds <= Seen.silenceSeconds {
      coverage.set(1, from: last)
      span.from = last
    }
    coverage.set(0, from: state.at)
    first = first ?? state.at
    last = state.at
    up.set(state.devices.up, from: state.at)
    for id in reservations.keys {
      reservations[id]?.gpus.set(0, from: state.at)
      reservations[id]?.ready.set(0, from: state.at)
    }
    for row in desired.allocations {
      guard case .reserved(let gpus) = row.limit, !row.suspended, row.from <= state.at,
        state.at < row.to
      else { continue }
      var reservation =
        reservations[row.allocation]
        ?? HourFacts.Reservation(allocation: row.allocation, gpus: .zero, ready: .zero)
      let ready = state.allocations.first { $0.allocation == row.allocation }?.readyGPUs ?? 0
      reservation.gpus.set(gpus, from: state.at)
      reservation.ready.set(ready, from: state.at)
      reservations[row.allocation] = reservation
    }
    return span
  }
}
