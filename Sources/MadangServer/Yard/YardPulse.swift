import MadangProgramme
import Synchronization

/// That the office's own work goes on: its newest round, for whoever watches from beside it.
public final class YardPulse: Sendable {
  private let newest: Mutex<(end: Instant, troubles: Int)?>

  public init() { newest = Mutex(nil) }

  /// When the newest round ended, by the machine's clock, and at how many clusters something was
  /// wrong then; nothing before the first.
  var round: (end: Instant, troubles: Int)? { newest.withLock { $0 } }

  func note(end: Instant, troubles: Int) { newest.withLock { $0 = (end, troubles) } }
}
