public import MadangProgramme

/// A job as the local engine is to run it: everything it needs, so that nothing is asked later.
public struct LocalJob: Hashable, Sendable {
  /// Names this one run for ever. Whoever starts a job again draws another.
  public let token: EngineJob
  /// What the job is called in its own environment (`MADANG_JOB`): `job-12`, `job-12_3`.
  public let name: String
  public let allocation: AllocationID
  public let model: DeviceModelID
  /// Slots it takes; a job without a GPU takes none.
  public let gpus: Int32
  public let work: LocalWork
  /// Exactly these variables; `PATH` is added where it is missing, and what says where it runs.
  public let environment: [String: String]
  /// Absolute.
  public let workingFolder: String
  /// From the working folder, or absolute. Made where it is missing, emptied where it is not.
  public let output: String
  /// Nothing: where its output goes.
  public let error: String?
  /// Nothing: as long as it likes.
  public let timeLimitSeconds: Int64?
  /// Between being told to end (TERM) and being ended (KILL).
  public var graceSeconds: Int64 = 30
  /// Most processes of this system's user while the job runs. Linux does not count root's.
  public var processesMax: Int64? = 4_096

  public init(
    token: EngineJob, name: String, allocation: AllocationID, model: DeviceModelID, gpus: Int32,
    work: LocalWork, environment: [String: String], workingFolder: String, output: String,
    error: String? = nil, timeLimitSeconds: Int64?
  ) {
    self.token = token
    self.name = name
    self.allocation = allocation
    self.model = model
    self.gpus = gpus
    self.work = work
    self.environment = environment
    self.workingFolder = workingFolder
    self.output = output
    self.error = error
    self.timeLimitSeconds = timeLimitSeconds
  }
}

/// What a job runs.
public enum LocalWork: Hashable, Sendable {
  /// A program, found in the job's `PATH`, and its arguments.
  case command([String])
  /// A script that begins with `#!`, and its arguments. The engine keeps the copy that runs, so
  /// that a later change of the file changes nothing.
  case script(String, arguments: [String] = [])
}

/// A job of the engine, and how far it has come.
public struct LocalRun: Hashable, Sendable {
  public let token: EngineJob
  public let allocation: AllocationID
  public let model: DeviceModelID
  public let gpus: Int32
  /// The slots it has or had, ascending.
  public let slots: [Int]
  public internal(set) var state: LocalState

  /// When and as what it began, as far as that was seen.
  var start: LocalStart? {
    switch state {
    case .starting: nil
    case .running(let start): start
    case .ended(_, let start): start
    }
  }
}

public enum LocalState: Hashable, Sendable {
  /// Its intent is on the disk and its supervisor was asked for.
  case starting
  case running(LocalStart)
  case ended(LocalEnd, started: LocalStart?)
}

/// What answers a request to start a job.
public enum LocalAnswer: Hashable, Sendable {
  case started(LocalRun)
  /// This token was given before; this is what became of it.
  case known(LocalRun)
  case refused(LocalRefusal)
}
