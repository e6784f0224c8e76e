import MadangControl
import MadangEngines
import MadangJournal
import MadangProgramme

/// One cluster's jobs in one round: what ended is noted, what was canceled is told, and what may
/// start starts.
///
/// ```
///  that it starts is on the disk, with its token and its budget held ─▶ the engine starts it
/// ```
/// Cut off anywhere, the next round finds the token: the engine either knows it, and it goes on, or
/// does not, and is asked again. A token starts once.
struct LocalDispatch {
  let cluster: ClusterID
  let engine: LocalEngine
  /// How far usage was taken over: a job that ended keeps its budget until its own was.
  let reported: UsageCursor
  let programme: Programme
  let operations: Operations
  let at: Instant
  /// Seconds that an exercise is behind the machine's clock, by which its jobs run.
  let behind: Int64
  /// Decides who starts, and remembers between rounds to be quick.
  let dispatcher: Dispatcher
  /// Whether a task's token may be another cluster's, which its allocation has left for this one.
  let isElsewhere: (StoredTask) -> Bool
  /// Told why a job cannot be started now; it is tried again.
  let notStarted: (EngineFailure) -> Void

  /// Whether anything ended or began.
  func round() throws(YardFailure) -> Bool {
    do throws(JournalError) {
      // What began here ends here, also where its allocation went elsewhere meanwhile.
      let all = try operations.openTasks()
      forget(but: all)
      let open = all.filter { task in
        if let token = task.token, engine.job(token) != nil { return true }
        return programme.allocations[task.allocation].cluster == cluster && !isElsewhere(task)
      }
      guard !open.isEmpty else { return false }
      var changed = false
      var left: [StoredTask] = []
      for task in open {
        if try settled(task) { changed = true } else { left.append(task) }
      }
      return try start(left) || changed
    } catch {
      throw .journal(error)
    }
  }

  // MARK: What became of them

  /// Has the engine forget jobs whose ends are on the disk, where that was cut off before.
  private func forget(but open: [StoredTask]) {
    let tokens = Set(open.compactMap(\.token))
    let settled = engine.jobs().filter { run in
      if case .ended = run.state { !tokens.contains(run.token) } else { false }
    }
    // If not now, then in another round.
    if !settled.isEmpty { try? engine.forget(settled.map(\.token)) }
  }

  /// Notes how far a task has come; whether it ended.
  private func settled(_ task: StoredTask) throws(JournalError) -> Bool {
    guard let token = task.token else {
      // What is over does not come back: who waits for it would wait for ever.
      let isOver = !programme.allocations[task.allocation].isBound
      guard task.canceled || isOver else { return false }
      let ending = task.canceled ? "canceled" : LocalEnd.Reason.allocationOver.rawValue
      try operations.ended(task.job, task.index, TaskEnd(ending, exitCode: nil, at: at))
      return true
    }
    guard let run = engine.job(token) else { return try unknown(task, token) }
    if task.canceled { try tell(token) }
    switch run.state {
    case .starting: return false
    case .running(let start):
      if task.state == .starting { try operations.started(token, at: here(start.at)) }
      return false
    case .ended(let end, let start):
      // What it held is free once what it used is posted, never before: else both would be there
      // for the next.
      guard isReported(token) else { return false }
      if task.state == .starting, let start {
        try operations.started(token, at: here(start.at))
      }
      _ = try operations.end([token], as: start == nil ? .voided : .posted, at: at)
      let code =
        end.reason == .exited ? Int64(end.signal == 0 ? end.exitStatus : 128 + end.signal) : nil
      try operations.ended(
        task.job, task.index, TaskEnd(end.reason.rawValue, exitCode: code, at: here(end.at)))
      // What is kept of it has served: its end is on the disk. If not now, then another time.
      try? engine.forget([token])
      return true
    }
  }

  /// Whether the office has all of a job's usage. Where that cannot be found out now it has not.
  private func isReported(_ token: EngineJob) -> Bool {
    (try? engine.isReported(token, before: reported)) ?? false
  }

  private func here(_ machine: Instant) -> Instant { Instant(machine.seconds - behind) }

  /// A token that the engine does not know: it was never given, so it is given now; or it was, and
  /// what it was is gone.
  private func unknown(_ task: StoredTask, _ token: EngineJob) throws(JournalError) -> Bool {
    let isCovered = try isCovered(task, token)
    if task.state == .starting, !task.canceled, isCovered {
      return try begin(task, token)
    }
    _ = try operations.end([token], as: .voided, at: at)
    let reason = isCovered || task.canceled ? nil : LocalEnd.Reason.neverStarted.rawValue
    let ending =
      task.state == .starting ? reason ?? "canceled" : LocalEnd.Reason.lost.rawValue
    try operations.ended(task.job, task.index, TaskEnd(ending, exitCode: nil, at: at))
    return true
  }

  /// Whether its budget stays held until a job would be over that began now, its end and its report
  /// included: what is kept no more may be another's by then.
  private func isCovered(_ task: StoredTask, _ token: EngineJob) throws(JournalError) -> Bool {
    guard let held = try operations.hold(token), let spec = JobBook.spec(task) else { return true }
    return held.state == .pending
      && at.seconds + spec.timeLimitSeconds + JobLimits.graceSeconds / 2
        <= held.hold.expires.seconds
  }

  private func tell(_ token: EngineJob) throws(JournalError) {
    // One that cannot be told now is told in the next round.
    _ = try? engine.cancel(token)
  }

  // MARK: Starting

  private func start(_ open: [StoredTask]) throws(JournalError) -> Bool {
    let book = try JobBook(cluster, programme, operations, open, at: at)
    guard let queue = book.queue else { return false }
    let decided = dispatcher.decide(
      queue.queue,
      gpus: [ModelGPUs(model: queue.model, up: queue.up, withheld: queue.withheld)], now: at)
    var changed = false
    for chosen in decided.starts {
      let found = open.first { $0.job == chosen.job.number && $0.index == chosen.index }
      if let task = found, try start(task) { changed = true }
    }
    try operations.keep(
      reasons: decided.waits.map { wait in
        let text = "\(wait.reason.text(.ko))\n\(wait.reason.text(.en))"
        return (wait.task.job.number, wait.task.index, Array(text.utf8))
      })
    return changed
  }

  private func start(_ task: StoredTask) throws(JournalError) -> Bool {
    guard let spec = JobBook.spec(task) else { return false }
    var generator = SystemRandomNumberGenerator()
    let token = EngineJob(high: generator.next(), low: generator.next())
    var hold: Hold?
    if case .budget = programme.allocations[task.allocation].binding, spec.forecast > .zero {
      hold = Hold(
        key: token, allocation: task.allocation, amount: spec.forecast,
        expires: Instant(at.seconds + spec.timeLimitSeconds + JobLimits.graceSeconds))
    }
    // What is refused shows as the reason why it waits, in the next round.
    guard try operations.begin(task.job, task.index, token: token, hold: hold, at: at) else {
      return false
    }
    _ = try begin(task, token)
    return true
  }

  /// Gives a token to the engine; whether it ended at once.
  private func begin(_ task: StoredTask, _ token: EngineJob) throws(JournalError) -> Bool {
    guard let spec = JobBook.spec(task) else { return false }
    let answer: LocalAnswer
    do throws(EngineFailure) {
      answer = try engine.start(job(task, token, spec), at: at)
    } catch {
      // Whether it began is unknown; the next round asks by the token.
      notStarted(error)
      return false
    }
    // What stands in its way now may be gone the next time: it is asked again, by the same token.
    guard case .refused(let refusal) = answer, isFinal(refusal, task) else { return false }
    _ = try operations.end([token], as: .voided, at: at)
    try operations.ended(
      task.job, task.index, TaskEnd("refused \(refusal.code)", exitCode: nil, at: at))
    return true
  }

  /// Whether a refusal will be the same whenever it is asked again.
  private func isFinal(_ refusal: LocalRefusal, _ task: StoredTask) -> Bool {
    switch refusal {
    case .unfit, .beyondBudget: true
    case .beyondReservation, .noFreeSlots, .tooManyJobs: false
    case .unknownAllocation, .suspended, .outsideTerm:
      // The engine may have heard of a change a moment later than the office, or the other way
      // round; an allocation that is over never comes back.
      !programme.desired(cluster).allocations.contains {
        $0.allocation == task.allocation && at < $0.to
          && programme.allocations[task.allocation].isBound
      }
    }
  }

  private func job(_ task: StoredTask, _ token: EngineJob, _ spec: JobSpec) -> LocalJob {
    let place = JobBook.task(task)
    var environment: [String: String] = [:]
    for variable in spec.environment { environment[variable.name] = variable.value }
    // What scripts written for sbatch look for.
    environment["SLURM_JOB_ID"] = "\(task.job)"
    environment["SLURM_JOB_NAME"] = spec.name
    if let index = task.index {
      environment["SLURM_ARRAY_JOB_ID"] = "\(task.job)"
      environment["SLURM_ARRAY_TASK_ID"] = "\(index)"
    }
    let work: LocalWork =
      switch spec.work {
      case .command(let arguments): .command(arguments)
      case .script(let text, let arguments): .script(text, arguments: arguments)
      }
    return LocalJob(
      token: token, name: "\(place)", allocation: task.allocation,
      model: programme.clusters[cluster].model, gpus: spec.gpus, work: work,
      environment: environment, workingFolder: spec.workingFolder,
      output: spec.output.resolved(place, name: spec.name) ?? "job.out",
      error: spec.error?.resolved(place, name: spec.name),
      timeLimitSeconds: spec.timeLimitSeconds)
  }
}
