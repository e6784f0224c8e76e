import Foundation
public import MadangJournal
public import MadangProgramme
import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// What time it is in a programme. A real one goes by the machine's clock, unless that steps ahead
/// (``SteadyTime``). An exercise is played at a time of its own: once it is started it runs at the
/// machine's pace, so many seconds behind.
public final class YardClock: Sendable {
  private let offset: Atomic<Int64>
  /// Nothing in an exercise.
  private let steady: Mutex<SteadyTime>?
  /// The machine's clock, and the one that nobody sets, in seconds.
  private let clocks: @Sendable () -> (machine: Int64, steady: Int64)

  /// Seconds behind the machine's clock.
  public var behind: Int64 { offset.load(ordering: .relaxed) }

  /// The machine's clock.
  public static var machine: Instant { Instant(Int64(Date().timeIntervalSince1970)) }

  public var now: Instant { Instant(seconds - behind) }

  /// Seconds that the machine's clock has stepped ahead by since this process began, which are not
  /// followed; 0 where there are none.
  public var aheadSeconds: Int64 {
    _ = seconds
    return steady?.withLock { $0.aheadSeconds } ?? 0
  }

  private var seconds: Int64 {
    let (machine, unset) = clocks()
    return steady?.withLock { $0.seconds(machine: machine, steady: unset) } ?? machine
  }

  /// The clock of a programme, started where it never was. An exercise that was moved on by hand
  /// since goes on from there, but never while jobs run: their time is being measured.
  public convenience init(
    _ programme: Programme, _ operations: Operations, jobsRun: Bool
  ) throws(JournalError) {
    try self.init(programme, operations, jobsRun: jobsRun, clocks: YardClock.both)
  }

  init(
    _ programme: Programme, _ operations: Operations, jobsRun: Bool,
    clocks: @escaping @Sendable () -> (machine: Int64, steady: Int64)
  ) throws(JournalError) {
    self.clocks = clocks
    let (machine, unset) = clocks()
    guard programme.charter?.exercise == true else {
      offset = Atomic(0)
      steady = Mutex(SteadyTime(machine: machine, steady: unset))
      return
    }
    steady = nil
    if let stored = try operations.clockBehind() {
      offset = Atomic(stored)
      if !jobsRun { try follow(programme, operations) }
    } else {
      let behind = machine - programme.now.seconds
      offset = Atomic(behind)
      try operations.setClock(behind: behind)
    }
  }

  /// Goes on from where an exercise was moved to by hand. Not to be called while jobs run.
  func follow(_ programme: Programme, _ operations: Operations) throws(JournalError) {
    guard programme.charter?.exercise == true, programme.now > now else { return }
    let behind = seconds - programme.now.seconds
    try operations.setClock(behind: behind)
    offset.store(behind, ordering: .relaxed)
  }

  /// The second goes on while the machine sleeps, and is set by nobody.
  @Sendable private static func both() -> (machine: Int64, steady: Int64) {
    var time = timespec()
    #if canImport(Glibc)
      clock_gettime(CLOCK_BOOTTIME, &time)
    #else
      clock_gettime(CLOCK_MONOTONIC, &time)
    #endif
    return (machine.seconds, Int64(time.tv_sec))
  }
}
