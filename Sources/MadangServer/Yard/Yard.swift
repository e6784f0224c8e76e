import Foundation
import MadangAgent
public import MadangEngines
public import MadangJournal
public import MadangProgramme

/// The office's process at work: it runs the embedded clusters' agents, dispatches their jobs,
/// keeps budgets in step with allocations and seals each hour. A round at a time, whatever was cut
/// off before: every step looks at what is so, and does what is missing.
///
/// ```
///   time passes ▸ agents enrol ▸ budgets ▸ agents report ▸ jobs ▸ hours are sealed ▸ a head is signed
/// ```
public final class Yard {
  public let journal: Journal
  public let operations: Operations
  public let desk: Desk
  public let clock: YardClock
  let folder: String
  /// Usage that was not taken, with the reason: for people to look into.
  public let refusedUsage: RefusedUsage
  private(set) var embedded: [ClusterID: EmbeddedCluster] = [:]
  /// What went wrong with a cluster in the last round; the others go on.
  public private(set) var troubles: [ClusterID: String] = [:]
  /// As far as this process knows.
  private var newestHead: Head?
  /// Budgets that cannot be made what they should be.
  private var unbalanced: [ClusterID: String] = [:]

  /// `folder` is the data folder whose journal this is.
  public init(journal: Journal, operations: Operations) throws(YardFailure) {
    self.journal = journal
    self.operations = operations
    folder = journal.folder
    let refused = RefusedUsage()
    refusedUsage = refused
    desk = Desk(journal, operations) { refused.add($0, $1) }
    do throws(JournalError) {
      let open = try operations.openTasks()
      clock = try YardClock(
        journal.programme, operations, jobsRun: open.contains { $0.state != .waiting })
    } catch {
      throw .journal(error)
    }
  }

  public var now: Instant { max(clock.now, journal.programme.now) }

  // MARK: Rounds

  /// Does everything that is due. Answers when there is something to do next, at the latest.
  public func round() throws(YardFailure) -> Instant {
    let at = now
    guard journal.programme.charter != nil else { return Instant(at.seconds + 60) }
    do throws(JournalError) {
      try followClock()
      try passTime(at)
      try keepBudgets(at)
    } catch {
      throw .journal(error)
    }
    var next = Instant(at.seconds + AgentLoop.periodSeconds)
    // All are open before the first is worked at: a job may belong to another than its allocation.
    // Those whose folders are there first: they know jobs that one with a lost folder does not.
    let closed = journal.programme.clusters.ids.filter { embedded[$0] == nil }
    for isNew in closed.isEmpty ? [] : [false, true] {
      for cluster in closed where embedded[cluster] == nil {
        try unlessBroken(cluster) { () throws(YardFailure) in try open(cluster, isNew: isNew, at) }
      }
    }
    for cluster in journal.programme.clusters.ids where embedded[cluster] != nil {
      try unlessBroken(cluster) { () throws(YardFailure) in
        troubles[cluster] = nil
        next = min(next, try work(cluster, at))
        troubles[cluster] = embedded[cluster]?.runner.trouble ?? troubles[cluster]
      }
    }
    troubles.merge(unbalanced) { trouble, budget in "\(trouble); \(budget)" }
    do throws(JournalError) {
      try sealHours(at)
      try signHead()
    } catch {
      throw .journal(error)
    }
    return max(next, at)
  }

  /// Rounds until nothing is left to do at this moment: an allocation that was just made is applied
  /// and read back when this returns.
  public func settle() throws(YardFailure) {
    for _ in 0..<8 {
      let before = (journal.programme.eventCount, try openCount())
      for cluster in embedded.keys.sorted() { embedded[cluster]?.due = Instant(0) }
      _ = try round()
      if before == (journal.programme.eventCount, try openCount()) { return }
    }
  }

  private func openCount() throws(YardFailure) -> Int {
    do throws(JournalError) { return try operations.openTasks().count } catch {
      throw .journal(error)
    }
  }

  // MARK: Time

  /// An exercise that somebody moved on goes on from there, as soon as no job runs.
  private func followClock() throws(JournalError) {
    guard journal.programme.now > clock.now else { return }
    guard try operations.openTasks().allSatisfy({ $0.state == .waiting }) else { return }
    try clock.follow(journal.programme, operations)
  }

  /// Once a civil day: offers lapse, awards end.
  private func passTime(_ at: Instant) throws(JournalError) {
    guard journal.programme.isAdvanceDue(at: at) else { return }
    // Refused where somebody's command came first and moved time beyond it: the next round asks
    // again.
    try give(.advance(at), at)
  }

  @discardableResult
  func give(_ command: Command, key: RequestKey? = nil, _ at: Instant) throws(JournalError)
    -> Reply?
  {
    let person = try journal.person(labelled: "yard")
    let envelope = Envelope(by: person, received: at, command: command)
    return try journal.submit([Request(envelope, key: key)]).first
  }

  // MARK: Budgets

  /// What is granted follows the allocations: each difference is one entry, named by the event that
  /// made it.
  private func keepBudgets(_ at: Instant) throws(JournalError) {
    let programme = journal.programme
    unbalanced = [:]
    for id in programme.allocations.ids {
      let row = programme.allocations[id]
      let granted = try operations.balance(of: id)?.granted ?? .zero
      let due = row.budget
      guard due != granted else { continue }
      let result = try operations.grant(
        due - granted, to: id, event: row.generation, at: at)
      // Every change of a budget is an event, so a difference that is left has another cause.
      guard result != .done else { continue }
      unbalanced[row.cluster] =
        "the budget of \(id): \(granted) granted, \(due) due; event \(row.generation): \(result)"
    }
  }

  // MARK: Clusters

  /// One cluster's trouble is its own: the others go on.
  private func unlessBroken(
    _ cluster: ClusterID, _ body: () throws(YardFailure) -> Void
  ) throws(YardFailure) {
    do throws(YardFailure) { try body() } catch {
      guard case .engine(let failure) = error else { throw error }
      troubles[cluster] = "\(failure)"
    }
  }

  /// Where this process is the one that runs a cluster, it does so from now on.
  private func open(_ id: ClusterID, isNew: Bool, _ at: Instant) throws(YardFailure) {
    guard let engine = journal.programme.bindings.row(id)?.engine else { return }
    if engine.kind == .local {
      let lost = try lostOptions(id)
      guard isNew == (lost != nil) else { return }
      if let lost { try endLostJobs(id, lost, at) }
    }
    embedded[id] = try EmbeddedCluster(
      id, engine, journal.programme, folder: folder, desk: desk, clock: clock, at: at)
  }

  /// One embedded cluster's part of a round: when it is due again.
  private func work(_ id: ClusterID, _ at: Instant) throws(YardFailure) -> Instant {
    let mode = try embedded[id]?.folder.mode(at: at) ?? .observe
    embedded[id]?.runner.allow(mode)
    let local = embedded[id]?.local
    // What ended left usage: that is reported before the job is settled.
    if let local, try ended(local) { embedded[id]?.due = at }
    let due = try embedded[id]?.round(at) ?? at
    guard let local, let dispatcher = embedded[id]?.dispatcher else { return due }
    troubles[id] = local.trouble
    let jobs = LocalDispatch(
      cluster: id, engine: local, programme: journal.programme, operations: operations, at: at,
      behind: clock.behind, dispatcher: dispatcher,
      isElsewhere: { [self] in isElsewhere($0, than: id) },
      notStarted: { [self] in troubles[id] = "\($0)" })
    return try jobs.round() ? at : due
  }

  /// Whether another local cluster, which a task's allocation has left, has its job, or cannot be
  /// asked now.
  private func isElsewhere(_ task: StoredTask, than id: ClusterID) -> Bool {
    guard let token = task.token else { return false }
    let programme = journal.programme
    return programme.departures.ids.contains { departure in
      let row = programme.departures[departure]
      guard row.allocation == task.allocation, row.cluster != id,
        programme.bindings.row(row.cluster)?.engine?.kind == .local
      else { return false }
      return embedded[row.cluster]?.local.map { $0.job(token) != nil } ?? true
    }
  }

  private func ended(_ engine: LocalEngine) throws(YardFailure) -> Bool {
    do throws(EngineFailure) {
      return try engine.poll(milliseconds: 0).contains { run in
        if case .ended = run.state { true } else { false }
      }
    } catch {
      throw .engine(error)
    }
  }

  /// The local engine of a cluster, to wait on.
  public var localEngines: [LocalEngine] {
    embedded.keys.sorted().compactMap { embedded[$0]?.local }
  }

  // MARK: Hours

  /// Hours that are over and quiet are closed and sealed; late usage makes corrections.
  private func sealHours(_ at: Instant) throws(JournalError) {
    let programme = journal.programme
    // An agent may report a little late; what is later still becomes a correction.
    let end = Instant(at.seconds - Yard.quietSeconds)
    for id in programme.clusters.ids {
      guard programme.bindings.row(id)?.engine != nil, let metered = programme.metered(id)
      else { continue }
      let drafts = try operations.close(
        metered, journal.programme.accounts(of: id), operatorShare: programme.operatorShare(of: id),
        before: end)
      for draft in drafts {
        let digest = SHA256.hash(Array("\(draft.statement)".utf8))
        let key = RequestKey(draft.key, digest: digest)
        guard case .accepted = try give(.sealStatement(draft.statement), key: key, at) else {
          // A correction that cannot be (of a month with erased usage) holds up no other hour;
          // hours themselves are sealed in order.
          if draft.statement.corrects != nil { continue }
          break
        }
        try operations.confirm([draft.statement])
      }
    }
  }

  // MARK: Heads

  /// Signs for what was recorded since the newest head: at once where that is old, else a minute
  /// after it. So whatever is decided can be proved within a minute, and a busy year has half a
  /// million heads at most.
  private func signHead() throws(JournalError) {
    if newestHead == nil { newestHead = try journal.ledger.newestHead() }
    let machine = YardClock.machine
    if let newest = newestHead {
      // Of a clock that was put back nothing can be told.
      let isYoung = (0..<Yard.headSeconds).contains(machine.seconds - newest.at.seconds)
      if isYoung || newest.size == journal.programme.eventCount { return }
    }
    newestHead = try journal.signHead(at: machine)
  }

  /// Seconds between two heads.
  static let headSeconds: Int64 = 60

  /// Seconds after an hour's end before it is sealed.
  static let quietSeconds: Int64 = 120
}

extension Allocation {
  /// GPU time that its budget grants; none where it has GPUs of its own. One that is over keeps it:
  /// what was used still comes out of it.
  var budget: GPUSeconds {
    guard case .budget(let seconds) = binding else { return .zero }
    return seconds
  }
}
