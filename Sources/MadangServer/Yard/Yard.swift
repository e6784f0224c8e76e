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
///   time passes ▸ agents enrol ▸ budgets ▸ agents report ▸ jobs ▸ hours are sealed ▸ a head signed
/// ```
public final class Yard {
  public let journal: Journal
  public let operations: Operations
  public let desk: Desk
  public let clock: YardClock
  let folder: String
  /// Usage that was not taken, with the reason: for people to look into.
  public let refusedUsage: RefusedUsage
  public let pulse = YardPulse()
  private(set) var embedded: [ClusterID: EmbeddedCluster] = [:]
  /// What went wrong with a cluster in the last round; the others go on.
  public private(set) var troubles: [ClusterID: String] = [:]
  /// As far as this process knows.
  private var newestHead: Head?
  /// Budgets that cannot be made what they should be.
  private var unbalanced: [ClusterID: String] = [:]
  /// Policies that cannot be read.
  private var lawless: [ClusterID: String] = [:]
  /// Statements that the programme refuses.
  private var unsealed: [ClusterID: String] = [:]
  /// Which hour's correction is tried first the next time: the one after the last that was refused.
  private var turns: [ClusterID: Hour] = [:]

  /// `folder` is the data folder whose journal this is.
  public convenience init(journal: Journal, operations: Operations) throws(YardFailure) {
    try self.init(journal: journal, operations: operations) {
      (open) throws(JournalError) in
      try YardClock(journal.programme, operations, jobsRun: open)
    }
  }

  init(
    journal: Journal, operations: Operations,
    clock makeClock: (_ jobsRun: Bool) throws(JournalError) -> YardClock
  ) throws(YardFailure) {
    self.journal = journal
    self.operations = operations
    folder = journal.folder
    let refused = RefusedUsage()
    refusedUsage = refused
    let clock: YardClock
    do throws(JournalError) {
      let open = try operations.openTasks()
      clock = try makeClock(open.contains { $0.state != .waiting })
    } catch {
      throw .journal(error)
    }
    self.clock = clock
    desk = Desk(journal, operations, behind: { clock.behind }) { refused.add($0, $1) }
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
    // What is still wrong with the others is found again.
    for id in journal.programme.clusters.ids where embedded[id] == nil { troubles[id] = nil }
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
    do throws(JournalError) {
      try sealHours(at)
      try signHead()
    } catch {
      throw .journal(error)
    }
    for others in [late, lawless, unbalanced, unsealed] {
      troubles.merge(others) { trouble, other in "\(trouble); \(other)" }
    }
    pulse.note(end: YardClock.machine, troubles: troubles.count)
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

  /// Seconds of which nobody knows anything, and that would be passed at once: from the newest
  /// event to a clock that may be wrong. Nothing where they are no more than an office is ever
  /// without an event, where no day has to be passed, and in an exercise, which people move on.
  public var gapSeconds: Int64? {
    let programme = journal.programme
    guard programme.charter?.exercise == false, programme.advanceDue(at: clock.now) != nil else {
      return nil
    }
    let gap = clock.now.seconds - programme.now.seconds
    return gap > Yard.gapSecondsMax ? gap : nil
  }

  /// A working office passes a day every day: two are a weekend of a machine that was off.
  static let gapSecondsMax: Int64 = 2 * 86_400

  /// Once a civil day: offers lapse, awards end.
  private func passTime(_ at: Instant) throws(JournalError) {
    guard let to = journal.programme.advanceDue(at: at) else { return }
    // Refused where somebody's command came first and moved time beyond it: the next round asks
    // again.
    try give(.advance(to), at)
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
    // What a job kept is free again when it must have ended long ago, whatever became of it.
    _ = try operations.expireHolds(at: at)
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
      switch error {
      case .engine(let failure): troubles[cluster] = "\(failure)"
      case .refused(let refusal): troubles[cluster] = "\(refusal.code) \(refusal.what(.en))"
      case .journal: throw error
      }
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
    let mode = mode(id, at)
    embedded[id]?.runner.allow(mode)
    let local = embedded[id]?.local
    let seen = seenAt(at)
    // What ended left usage: that is reported before the job is settled.
    if let local, try hasUnreported(local, id) { embedded[id]?.due = seen }
    let next = try embedded[id]?.round(seen) ?? seen
    let due = Instant(at.seconds + max(0, next.seconds - seen.seconds))
    guard let local, let dispatcher = embedded[id]?.dispatcher else { return due }
    troubles[id] = local.trouble
    let jobs = LocalDispatch(
      cluster: id, engine: local, reported: embedded[id]?.runner.loop.cursor ?? .start,
      programme: journal.programme, operations: operations, at: at,
      behind: clock.behind, dispatcher: dispatcher,
      isElsewhere: { [self] in isElsewhere($0, than: id) },
      notStarted: { [self] in troubles[id] = "\($0)" })
    return try jobs.round() ? at : due
  }

  /// How far a cluster's agent may go. A policy that cannot be read lets nothing be changed; what
  /// is found is read back, metered and reported all the same.
  private func mode(_ id: ClusterID, _ at: Instant) -> AgentMode {
    lawless[id] = nil
    do throws(YardFailure) {
      return try embedded[id]?.folder.mode(at: at) ?? .observe
    } catch {
      if case .engine(let failure) = error { lawless[id] = "\(failure)" }
      return .observe
    }
  }

  /// When an engine is looked at: by the machine's clock, also where that was set back and the
  /// journal, which never goes back, is ahead: else nothing would be observed until it catches up.
  private func seenAt(_ at: Instant) -> Instant {
    journal.programme.charter?.exercise == true ? at : clock.now
  }

  /// What people have to look at where the journal is ahead of the clock.
  private var late: [ClusterID: String] {
    let ahead = journal.programme.now.seconds - clock.now.seconds
    guard journal.programme.charter?.exercise != true, ahead > UsageSegment.aheadSecondsMax else {
      return [:]
    }
    return embedded.mapValues { _ in "the clock is behind the journal" }
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

  /// Whether a job has ended whose usage the office has not yet: whoever saw it end. Where the last
  /// report failed its agent waits its time.
  private func hasUnreported(
    _ engine: LocalEngine, _ id: ClusterID
  ) throws(YardFailure) -> Bool {
    do throws(EngineFailure) {
      _ = try engine.poll(milliseconds: 0)
      guard let runner = embedded[id]?.runner, runner.trouble == nil else { return false }
      return try engine.hasUnreported(after: runner.loop.cursor)
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
    guard let days = programme.charter?.days else { return }
    unsealed = [:]
    // An agent may report a little late; what is later still becomes a correction.
    let end = Instant(seenAt(at).seconds - Yard.quietSeconds)
    for id in programme.clusters.ids {
      guard programme.bindings.row(id)?.engine != nil, let metered = programme.metered(id)
      else { continue }
      let drafts = try operations.close(
        metered, journal.programme.accounts(of: id), days,
        operatorShare: programme.operatorShare(of: id), before: end, turn: turns[id])
      turns[id] = nil
      for draft in drafts {
        let digest = SHA256.hash(Array("\(draft.statement)".utf8))
        let key = RequestKey(draft.key, digest: digest)
        let reply = try give(.sealStatement(draft.statement), key: key, at)
        guard case .accepted = reply else {
          unsealed[id] = "the statement of \(draft.statement.hour): \(Yard.reason(reply))"
          // New hours are sealed one after the other; they wait for no correction of an old one,
          // which may be one that cannot be (of a month with erased usage).
          if draft.statement.corrects == nil { break }
          turns[id] = draft.statement.hour.next
          continue
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

  private static func reason(_ reply: Reply?) -> String {
    guard case .refused(let refusal) = reply else { return "no answer" }
    if case .programme(let refusal) = refusal { return "\(refusal.code) \(refusal.what(.en))" }
    return "\(refusal)"
  }

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
