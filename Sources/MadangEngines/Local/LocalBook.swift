import CMadangProcess
import Glibc
import MadangProgramme

/// What the engine knows of its jobs, made from the disk at the start and kept beside it.
struct LocalBook {
  let options: LocalEngine.Options
  let slots: [LocalSlot]
  var limits: DesiredState?
  var runs: [EngineJob: LocalRun] = [:]
  /// Those of `runs` that have not ended.
  private(set) var live: Set<EngineJob> = []
  private var busySlots: Set<Int> = []
  /// Supervisors that are children of this process and were not waited for yet.
  private var children: [EngineJob: pid_t] = [:]
  /// Job folders that cannot be read, or that cannot be removed, by name.
  private(set) var damaged: [String] = []
  /// Jobs that could not be looked at the last time, and why.
  private(set) var troubles: [EngineJob: EngineFailure] = [:]
  private(set) var seen: Seen
  private var seenOnDisk: Int64 = 0
  var usage: UsageLog

  /// Reads everything, and ends what has no supervisor.
  init(options: LocalEngine.Options, slots: [LocalSlot]) throws(EngineFailure) {
    self.options = options
    self.slots = slots
    limits = try options.readLimits()
    seen =
      try options.readRecord(Seen.self, "\(options.folder)/seen")
      ?? Seen(boot: options.clock.boot, clockMicroseconds: 0)
    usage = try UsageLog("\(options.folder)/usage", cluster: options.cluster.cluster)
    let (tokens, left) = try options.intendedTokens()
    damaged = left
    for token in tokens {
      guard let run = try options.intended(token) else {
        damaged.append(token.hex)
        continue
      }
      // Where the intents were lost and the folders were not.
      if LocalFiles.isGone(options.intent(token)) {
        try options.makeIntent(token, from: "\(options.jobFolder(token))/job")
      }
      enter(run)
      adopt(token)
    }
    usage.keep { runs[$0] != nil }
    // From here on by this run of the machine.
    seen = Seen(boot: options.clock.boot, clockMicroseconds: options.clock.machineMicroseconds())
  }

  /// The jobs, ascending by token.
  var sorted: [LocalRun] { runs.values.sorted { $0.token < $1.token } }

  /// GPUs at work for an allocation, or for those in none of `except`.
  func gpusAtWork(_ isCounted: (AllocationID) -> Bool) -> Int64 {
    live.reduce(0) { sum, token in
      guard let run = runs[token], isCounted(run.allocation) else { return sum }
      return sum + Int64(run.gpus)
    }
  }

  var freeSlots: [Int] {
    slots.indices.filter { !busySlots.contains($0) && options.isUp(slots[$0]) }
  }

  // MARK: Changing

  mutating func enter(_ run: LocalRun) {
    runs[run.token] = run
    live.insert(run.token)
    busySlots.formUnion(run.slots)
  }

  mutating func drop(_ token: EngineJob) {
    guard let run = runs.removeValue(forKey: token) else { return }
    if live.remove(token) != nil { busySlots.subtract(run.slots) }
  }

  /// Removes a folder whose job is forgotten, where that can be done.
  mutating func removeFolder(named name: String) {
    do {
      try LocalFiles.removeFolder("\(options.folder)/jobs/\(name)")
    } catch {
      damaged.append(name)
    }
  }

  mutating func setChild(_ pid: pid_t, of token: EngineJob) { children[token] = pid }

  mutating func set(_ state: LocalState, of token: EngineJob) {
    guard var run = runs[token] else { return }
    run.state = state
    runs[token] = run
    guard case .ended = state, live.remove(token) != nil else { return }
    busySlots.subtract(run.slots)
  }

  /// Waits for supervisors of this process that have ended, so that none stays as a zombie.
  mutating func reap() {
    for (token, pid) in children.sorted(by: { $0.value < $1.value }) {
      if madang_process_reap(pid) != 0 { children[token] = nil }
    }
  }

  // MARK: Looking

  private mutating func adopt(_ token: EngineJob) {
    lookOrRemember(token)
    guard case .running(let start) = runs[token]?.state,
      LocalFiles.exists("\(options.jobFolder(token))/cancel")
    else { return }
    signal(token, supervisor: start.supervisor)
  }

  /// Reads what became of a job; ends it where its supervisor is gone. Whether that is new.
  @discardableResult
  mutating func look(_ token: EngineJob) throws(EngineFailure) -> Bool {
    guard let run = runs[token], live.contains(token) else { return false }
    let state = try found(run)
    guard state != run.state else { return false }
    set(state, of: token)
    return true
  }

  /// Looks; what goes wrong is remembered and tried again, as it must not keep the others waiting.
  @discardableResult
  mutating func lookOrRemember(_ token: EngineJob) -> Bool {
    do {
      let isNew = try look(token)
      troubles[token] = nil
      return isNew
    } catch {
      troubles[token] = error
      return false
    }
  }

  private func found(_ run: LocalRun) throws(EngineFailure) -> LocalState {
    let folder = options.jobFolder(run.token)
    if let end = try ended(folder) { return end }
    if LocalFiles.isGone("\(folder)/lock") { return try vanished(run, folder) }
    guard let lock = try FileLock("\(folder)/lock") else {
      guard let start = try options.readRecord(LocalStart.self, "\(folder)/started") else {
        return .starting
      }
      return .running(start)
    }
    return try abandoned(run, folder, holding: lock)
  }

  /// Ends a job that nobody lives for; as long as this lock is held nobody will.
  private func abandoned(
    _ run: LocalRun, _ folder: String, holding lock: borrowing FileLock
  ) throws(EngineFailure) -> LocalState {
    // It may have ended between the look at that and the lock.
    if let end = try ended(folder) { return end }
    let start = try options.readRecord(LocalStart.self, "\(folder)/started") ?? run.start
    if let start, start.boot == options.clock.boot {
      guard try remainsEnd(run.token, start) else { return .running(start) }
    }
    let end = lost(run.token, start: start)
    try LocalFiles.replace("\(folder)/ended", CanonicalWriter.bytes(of: end))
    return .ended(end, started: start)
  }

  /// Ends a job whose folder is gone, lock and all: its supervisor can be told nothing but to end,
  /// and can write down nothing. Until nothing of it lives it keeps its slots.
  private func vanished(_ run: LocalRun, _ folder: String) throws(EngineFailure) -> LocalState {
    guard try !Remains.tellSupervisor(options.supervisor, of: run.token),
      try remainsEnd(run.token, run.start)
    else {
      return run.state
    }
    // Only the lock may be gone, and the supervisor have written how the job ended.
    if let end = try ended(folder) { return end }
    let end = lost(run.token, start: run.start, .folderLost)
    if LocalFiles.exists(folder) {
      try LocalFiles.replace("\(folder)/ended", CanonicalWriter.bytes(of: end))
    }
    return .ended(end, started: run.start)
  }

  /// Ends what a job left running; whether nothing is left.
  private func remainsEnd(_ token: EngineJob, _ start: LocalStart?) throws(EngineFailure) -> Bool {
    let first = start.flatMap { $0.boot == options.clock.boot ? $0 : nil }
    return try Remains.end(token, cgroup: options.cgroup(of: token), first: first)
  }

  private func ended(_ folder: String) throws(EngineFailure) -> LocalState? {
    guard let end = try options.readRecord(LocalEnd.self, "\(folder)/ended") else { return nil }
    return .ended(end, started: try options.readRecord(LocalStart.self, "\(folder)/started"))
  }

  /// What is known of a job whose supervisor is gone: it ran at least until it was last seen to.
  private func lost(
    _ token: EngineJob, start: LocalStart?, _ reason: LocalEnd.Reason = .lost
  ) -> LocalEnd {
    guard let start else {
      return LocalEnd(
        reason == .lost ? .neverStarted : reason, token: token, boot: options.clock.boot,
        clockMicroseconds: options.clock.machineMicroseconds(),
        wallMicroseconds: options.clock.wallMicroseconds())
    }
    let until =
      seen.boot == start.boot
      ? max(seen.clockMicroseconds, start.clockMicroseconds) : start.clockMicroseconds
    return LocalEnd(
      reason, token: token, boot: start.boot, clockMicroseconds: until,
      wallMicroseconds: start.wallMicroseconds + until - start.clockMicroseconds)
  }

  /// Looks at every job that has not ended. Those that changed.
  mutating func sweep() -> [EngineJob] {
    let now = options.clock.machineMicroseconds()
    var changed: [EngineJob] = []
    for token in live.sorted() where lookOrRemember(token) { changed.append(token) }
    reap()
    seen = Seen(boot: options.clock.boot, clockMicroseconds: now)
    // Ten seconds is what a restart of the machine may leave unobserved; more on a full disk, which
    // is no reason to look at jobs no more.
    if !live.isEmpty, now - seenOnDisk >= 10_000_000 {
      seenOnDisk = now
      try? LocalFiles.replace("\(options.folder)/seen", CanonicalWriter.bytes(of: seen))
    }
    return changed
  }

  /// Tells a supervisor to look for the file `cancel`. The number is opened first and the lock
  /// looked at then: whoever held it all the while is the one with that number.
  func signal(_ token: EngineJob, supervisor: pid_t) {
    let process = madang_process_open(supervisor)
    guard process >= 0 else { return }
    defer { close(process) }
    // Where the lock cannot be looked at the supervisor is left alone; the next sweep looks again.
    guard (try? isAbandoned(token)) == false else { return }
    _ = madang_process_signal(process, SIGUSR1)
  }
}

extension LocalBook {
  private func isAbandoned(_ token: EngineJob) throws(EngineFailure) -> Bool {
    try FileLock("\(options.jobFolder(token))/lock") != nil
  }
}

/// Until when all jobs that had not ended were seen to run.
struct Seen: Hashable, Record {
  let boot: String
  let clockMicroseconds: Int64

  init(boot: String, clockMicroseconds: Int64) {
    self.boot = boot
    self.clockMicroseconds = clockMicroseconds
  }

  func writeFields(to writer: inout CanonicalWriter) {
    writer.field("boot", Word(boot))
    writer.field("clockMicroseconds", clockMicroseconds)
  }

  init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    let word: Word = try reader.field("boot")
    boot = word.text
    clockMicroseconds = try reader.field("clockMicroseconds")
  }
}

extension LocalEngine.Options {
  func cgroup(of token: EngineJob) -> String? { cgroup.map { "\($0)/madang-\(token.hex)" } }
}
