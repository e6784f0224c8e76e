public import MadangProgramme

/// What a supervisor wrote before it let the job run: the file `started`.
public struct LocalStart: Hashable, Record {
  /// Which run of the machine.
  public let boot: String
  /// Microseconds since the machine started: a clock that nobody sets.
  public let clockMicroseconds: Int64
  /// The job's first process; with its start, in ticks since the machine's, its name for ever.
  public let pid: Int32
  public let startTicks: Int64
  public let supervisor: Int32
  public let token: EngineJob
  /// What the wall clock said.
  public let wallMicroseconds: Int64

  public var at: Instant { Instant(floor(wallMicroseconds)) }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("boot", Word(boot))
    writer.field("clockMicroseconds", clockMicroseconds)
    writer.field("pid", pid)
    writer.field("startTicks", startTicks)
    writer.field("supervisor", supervisor)
    writer.field("token", token)
    writer.field("wallMicroseconds", wallMicroseconds)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    let word: Word = try reader.field("boot")
    boot = word.text
    clockMicroseconds = try reader.field("clockMicroseconds")
    pid = try reader.field("pid")
    startTicks = try reader.field("startTicks")
    supervisor = try reader.field("supervisor")
    token = try reader.field("token")
    wallMicroseconds = try reader.field("wallMicroseconds")
  }
}

/// How a job ended: the file `ended`, written by its supervisor or, where that died, by the engine.
public struct LocalEnd: Hashable, Record {
  public enum Reason: String, CanonicalWord, Hashable {
    /// By itself, with a status or by a signal.
    case exited
    /// Its time was over.
    case timeLimit
    case canceled
    /// Its allocation was suspended: work stops first, data stays.
    case suspended
    /// Its allocation's term is over, or the cluster is to enforce it no more.
    case allocationOver
    /// The supervisor was told to end by the system, as at shutdown.
    case stopped
    /// `step` could not be done, because of `errno`.
    case couldNotStart
    /// Its intent was there, but no supervisor took it up. Nothing of it ran.
    case neverStarted
    /// Its supervisor died, or the machine did. What it did until `clockMicroseconds` is known.
    case lost
    /// Its folder was lost, and with it whether and how it ended. Whatever of it still ran was
    /// told to end, and at `clockMicroseconds` nothing of it was left. Nothing begins it again.
    case folderLost
  }

  /// What could not be done.
  public enum Step: String, CanonicalWord, Hashable {
    case none, record, folder, output, error, command, process
  }

  public let boot: String
  public let clockMicroseconds: Int64
  /// The system's number of the error.
  public let errno: Int32
  public let exitStatus: Int32
  /// Of the first process and those it waited for.
  public let processorMicroseconds: Int64
  public let reason: Reason
  public let residentKiB: Int64
  /// The signal that ended the first process, 0 where it exited.
  public let signal: Int32
  public let step: Step
  public let token: EngineJob
  public let wallMicroseconds: Int64

  public var at: Instant { Instant(floor(wallMicroseconds)) }

  /// Whether the job did what it was to do.
  public var succeeded: Bool { reason == .exited && exitStatus == 0 && signal == 0 }

  /// An end that no supervisor wrote.
  init(
    _ reason: Reason, token: EngineJob, boot: String, clockMicroseconds: Int64,
    wallMicroseconds: Int64, errno: Int32 = 0
  ) {
    self.boot = boot
    self.clockMicroseconds = clockMicroseconds
    self.errno = errno
    exitStatus = 0
    processorMicroseconds = 0
    self.reason = reason
    residentKiB = 0
    signal = 0
    step = .none
    self.token = token
    self.wallMicroseconds = wallMicroseconds
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("boot", Word(boot))
    writer.field("clockMicroseconds", clockMicroseconds)
    writer.field("errno", errno)
    writer.field("exitStatus", exitStatus)
    writer.field("processorMicroseconds", processorMicroseconds)
    writer.field("reason", reason)
    writer.field("residentKiB", residentKiB)
    writer.field("signal", signal)
    writer.field("step", step)
    writer.field("token", token)
    writer.field("wallMicroseconds", wallMicroseconds)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    let word: Word = try reader.field("boot")
    boot = word.text
    clockMicroseconds = try reader.field("clockMicroseconds")
    errno = try reader.field("errno")
    exitStatus = try reader.field("exitStatus")
    processorMicroseconds = try reader.field("processorMicroseconds")
    reason = try reader.field("reason")
    residentKiB = try reader.field("residentKiB")
    signal = try reader.field("signal")
    step = try reader.field("step")
    token = try reader.field("token")
    wallMicroseconds = try reader.field("wallMicroseconds")
  }
}

/// A plain text in a record of the engine's own.
struct Word: Canonical {
  let text: String
  init(_ text: String) { self.text = text }
  func write(to writer: inout CanonicalWriter) { writer.text(text) }
  init(from reader: inout CanonicalReader) throws(Malformed) { text = try reader.text() }
}

/// Whole seconds, down; a clock set before 1970 counts down too.
func floor(_ microseconds: Int64) -> Int64 {
  let (seconds, rest) = microseconds.quotientAndRemainder(dividingBy: 1_000_000)
  return rest < 0 ? seconds - 1 : seconds
}
