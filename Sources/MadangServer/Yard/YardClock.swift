import Foundation
public import MadangJournal
public import MadangProgramme
import Synchronization

/// What time it is in a programme. A real one goes by the machine's clock. An exercise is played at
/// a time of its own: once it is started it runs at the machine's pace, so many seconds behind.
public final class YardClock: Sendable {
  private let offset: Atomic<Int64>

  /// Seconds behind the machine's clock.
  public var behind: Int64 { offset.load(ordering: .relaxed) }

  /// The machine's clock.
  public static var machine: Instant { Instant(Int64(Date().timeIntervalSince1970)) }

  public var now: Instant { Instant(YardClock.machine.seconds - behind) }

  /// The clock of a programme, started where it never was. An exercise that was moved on by hand
  /// since goes on from there, but never while jobs run: their time is being measured.
  public init(
    _ programme: Programme, _ operations: Operations, jobsRun: Bool
  ) throws(JournalError) {
    guard programme.charter?.exercise == true else {
      offset = Atomic(0)
      return
    }
    let machine = YardClock.machine.seconds
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
    let behind = YardClock.machine.seconds - programme.now.seconds
    try operations.setClock(behind: behind)
    offset.store(behind, ordering: .relaxed)
  }
}
