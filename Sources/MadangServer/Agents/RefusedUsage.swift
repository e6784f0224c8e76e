public import MadangProgramme
import Synchronization

/// Segments that were not taken, since anybody asked: a bounded list, newest last.
public final class RefusedUsage: Sendable {
  private static let countMax = 1_000
  private let list = Mutex<[(segment: UsageSegment, refusal: UsageRefusal)]>([])

  func add(_ segment: UsageSegment, _ result: SegmentResult) {
    guard case .refused(let refusal) = result else { return }
    list.withLock { list in
      if list.count == RefusedUsage.countMax { list.removeFirst() }
      list.append((segment, refusal))
    }
  }

  /// Takes the list away.
  public func take() -> [(segment: UsageSegment, refusal: UsageRefusal)] {
    list.withLock { list in
      defer { list = [] }
      return list
    }
  }
}
