import Foundation
public import MadangJournal
public import MadangProgramme

/// What time it is in a programme. A real one goes by the machine's clock. An exercise is played at
/// a time of its own: once it is started it runs at the machine's pace, so many seconds behind.
public struct YardClock: Sendable {
  /// Seconds behind the machine's clock.
  public private(set) var behind: Int64

  /// The machine's clock.
  public static var machine: Instant { Instant(Int64(Date().timeIntervalSince1970)) }

  public var now: Instant { Instant(YardClock.machine.seconds - behind) }

  /// The clock of a programme, started where it never was. An exercise that was moved on by hand
  /// since goes on from there, but never while jobs run: their time is being measured.
  public init(
    _ programme: Programme, _ operations: Operations, jobsRun: Bool
  ) throws(JournalError) {
    guard programme.charter?.exercise == true else {
      behind = 0
      return
    }
    let machine = YardClock.machine.seconds
    if let stored = try operations.clockBehind() {
      behind = stored
      guard programme.now > Instant(machine - stored), !jobsRun else { return }
    }
    behind = machine - programme.now.seconds
    try operations.setClock(behind: behind)
  }
}
