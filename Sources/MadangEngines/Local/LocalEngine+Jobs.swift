import CMadangProcess
import Glibc
public import MadangProgramme
import Synchronization

/// Jobs: started, followed, canceled, forgotten.
extension LocalEngine {
  /// Starts a job, at most once for its token, however often it is asked and wherever cut off.
  ///
  /// Whoever asks has committed that this token is to start. When this returns, the intent is on
  /// the disk and its supervisor is born, or it has ended as *never started*.
  public func start(_ job: LocalJob, at: Instant) throws(EngineFailure) -> LocalAnswer {
    try book.withLock { book throws(EngineFailure) in
      if let run = book.runs[job.token] { return .known(run) }
      try options.takeBack(job.token)
      for path in [options.jobFolder(job.token), options.intent(job.token)]
      where !LocalFiles.isGone(path) {
        throw .damaged(reason: "\(path) cannot be read")
      }
      if let refusal = book.refusal(of: job, at: at) {
        return .refused(refusal)
      }
      let run = LocalRun(
        token: job.token, allocation: job.allocation, model: job.model, gpus: job.gpus,
        slots: book.slots(for: job), state: .starting)
      try writeIntent(job, run)
      book.enter(run)
      Fault.reach("intent")
      try book.spawn(job.token)
      Fault.reach("spawned")
      return .started(book.runs[job.token] ?? run)
    }
  }

  /// Asks a job to end: TERM, and KILL after its grace period. Nothing where the token is unknown.
  /// Done again it changes nothing, and a job that has ended stays as it ended.
  public func cancel(_ token: EngineJob) throws(EngineFailure) -> LocalRun? {
    try book.withLock { book throws(EngineFailure) in try book.tellToEnd(token, .canceled) }
  }

  /// All jobs that were not forgotten, ascending by token, as last looked at.
  public func jobs() -> [LocalRun] { book.withLock { $0.sorted } }

  public func job(_ token: EngineJob) -> LocalRun? { book.withLock { $0.runs[token] } }

  /// Names of job folders that cannot be read or removed. They are left as they are, for people to
  /// look at.
  public func damagedJobs() -> [String] { book.withLock { $0.damaged } }

  /// What keeps the engine from finding out, or writing down, what became of a job: tried again at
  /// each sweep, and no hindrance to the others.
  public func troubles() -> [EngineJob: EngineFailure] { book.withLock { $0.troubles } }

  /// Slots that nothing runs in and whose devices are there, by model.
  public func freeSlots() -> [DeviceModelID: Int] {
    book.withLock { book in
      book.freeSlots.reduce(into: [:]) { $0[slots[$1].model, default: 0] += 1 }
    }
  }

  /// Waits until a supervisor has something to say, at most so long, and answers the jobs that
  /// changed. About once a second it looks at all, as a killed supervisor says nothing.
  public func poll(milliseconds: Int32) throws(EngineFailure) -> [LocalRun] {
    var request = pollfd(fd: wake, events: Int16(POLLIN), revents: 0)
    _ = Glibc.poll(&request, 1, milliseconds)
    var text: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = read(wake, &part, part.count)
      guard count > 0 else { break }
      text.append(contentsOf: part[..<count])
    }
    let tokens = text.split(separator: 10).compactMap {
      EngineJob(hex: String(decoding: $0, as: UTF8.self))
    }
    return try book.withLock { book throws(EngineFailure) in
      var changed: Set<EngineJob> = []
      for token in tokens where book.lookOrRemember(token) { changed.insert(token) }
      let now = options.clock.machineMicroseconds()
      if tokens.isEmpty || now - book.seen.clockMicroseconds >= 1_000_000 {
        changed.formUnion(book.sweep())
      } else {
        book.reap()
      }
      return changed.sorted().compactMap { book.runs[$0] }
    }
  }

  /// Removes what is kept of jobs that ended, once whoever started them has committed their ends.
  /// Their usage stays until it was taken over. A forgotten token must never be started again.
  public func forget(_ tokens: [EngineJob]) throws(EngineFailure) {
    try book.withLock { book throws(EngineFailure) in
      try book.meter()
      for token in tokens {
        guard case .ended = book.runs[token]?.state else { continue }
        let folder = options.jobFolder(token)
        let old = options.oldFolder(token)
        guard rename(folder, old) == 0 || errno == ENOENT else {
          throw LocalFiles.failure(folder)
        }
        // Not synced: brought back by a power cut, it is a job that ended, to be forgotten again.
        try LocalFiles.remove(options.intent(token))
        book.drop(token)
        book.usage.drop(token)
        book.removeFolder(named: "old-\(token.hex)")
      }
    }
  }

  public func usage(
    after cursor: UsageCursor, limit: Int, at: Instant
  ) throws(EngineFailure) -> UsageBatch {
    try book.withLock { book throws(EngineFailure) in
      _ = book.sweep()
      try book.meter()
      return try book.usage.batch(after: cursor, limit: limit)
    }
  }

  /// The job's intent, then its folder, whole by one rename; both durable.
  private func writeIntent(_ job: LocalJob, _ run: LocalRun) throws(EngineFailure) {
    let folder = options.jobFolder(job.token)
    let made = options.newFolder(job.token)
    let script = "\(folder)/script"
    let bytes = JobFile.bytes(
      job, arguments: job.arguments(scriptPath: script),
      environment: job.variables(slots: run.slots, devices: devices(of: run)), slots: run.slots,
      cgroup: options.cgroup(of: job.token))
    try LocalFiles.makeFolder(made)
    if case .script(let text, _) = job.work {
      try LocalFiles.create("\(made)/script", Array(text.utf8))
    }
    try LocalFiles.create("\(made)/job", bytes)
    // There from the first, so that no full disk keeps anyone from asking who lives here.
    try LocalFiles.create("\(made)/lock", [])
    try LocalFiles.sync(folder: made)
    do throws(EngineFailure) {
      try options.makeIntent(job.token, from: "\(made)/job")
      Fault.reach("written")
      guard rename(made, folder) == 0 else { throw LocalFiles.failure(folder) }
      try LocalFiles.sync(folder: "\(options.folder)/jobs")
    } catch {
      // Taken back, so that the token is as if it had never been given; the rest of it when it is
      // given again.
      rename(folder, made)
      throw error
    }
  }

  /// The devices of a job's slots; nothing where the cluster has none.
  private func devices(of run: LocalRun) -> [Int32]? {
    guard slots.contains(where: { $0.device != nil }) else { return nil }
    return run.slots.compactMap { slots[$0].device }
  }
}

extension LocalBook {
  /// Starts a job's supervisor with the job's lock, which it holds until it ends.
  mutating func spawn(_ token: EngineJob) throws(EngineFailure) {
    let folder = options.jobFolder(token)
    guard let lock = try FileLock("\(folder)/lock") else {
      throw .damaged(reason: "\(folder)/lock is held by a stranger")
    }
    var pid: pid_t = 0
    let result = Fault.withEnvironment {
      madang_process_spawn(options.supervisor, folder, lock.file, $0, &pid)
    }
    guard result == 0 else {
      let end = LocalEnd(
        .neverStarted, token: token, boot: options.clock.boot,
        clockMicroseconds: options.clock.machineMicroseconds(),
        wallMicroseconds: options.clock.wallMicroseconds(), errno: -result)
      try LocalFiles.replace("\(folder)/ended", CanonicalWriter.bytes(of: end))
      set(.ended(end, started: nil), of: token)
      return
    }
    setChild(pid, of: token)
  }

  /// The lowest free slots of its model.
  func slots(for job: LocalJob) -> [Int] {
    Array(freeSlots.filter { slots[$0].model == job.model }.prefix(Int(job.gpus)))
  }

  func refusal(of job: LocalJob, at: Instant) -> LocalRefusal? {
    if let part = job.unfitPart { return .unfit(part) }
    guard let desired = limits?.allocations.first(where: { $0.allocation == job.allocation })
    else { return .unknownAllocation(job.allocation) }
    if desired.suspended { return .suspended(job.allocation) }
    guard desired.from <= at, at < desired.to else { return .outsideTerm(job.allocation) }
    if live.count >= LocalLimits.jobsMax { return .tooManyJobs(limit: LocalLimits.jobsMax) }
    return refusal(of: job, within: desired.limit)
      ?? (slots(for: job).count < Int(job.gpus)
        ? .noFreeSlots(gpus: job.gpus, free: Int64(slots(for: job).count)) : nil)
  }

  /// A reservation's jobs stay within it; everybody else's stay out of all reservations.
  private func refusal(of job: LocalJob, within limit: AllocationLimit) -> LocalRefusal? {
    switch limit {
    case .reserved(let gpus):
      let used = gpusAtWork { $0 == job.allocation }
      // What needs no GPU fits beside jobs of a reservation that became smaller.
      guard job.gpus == 0 || used + Int64(job.gpus) <= gpus else {
        return .beyondReservation(job.allocation, gpus: job.gpus, used: used, reserved: gpus)
      }
    case .budget(let budget):
      let asked = Int64(job.gpus) * (job.timeLimitSeconds ?? 0)
      guard asked <= budget.count else {
        return .beyondBudget(job.allocation, asked: asked, budget: budget.count)
      }
      var reserved: [AllocationID: Int64] = [:]
      for allocation in limits?.allocations ?? [] {
        if case .reserved(let gpus) = allocation.limit { reserved[allocation.allocation] = gpus }
      }
      let kept = reserved.values.reduce(0, +)
      let free = Int64(slots.count) - kept - gpusAtWork { reserved[$0] == nil }
      if job.gpus > 0, Int64(job.gpus) > free {
        return .noFreeSlots(gpus: job.gpus, free: max(free, 0))
      }
    }
    return nil
  }
}
