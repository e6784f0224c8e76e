public import MadangProgramme

/// A system that runs things at a centre, as Madang needs it: make it so, look, and meter.
///
/// Calls block; an agent makes one at a time. None of them trusts what an earlier one answered:
/// whatever `apply` says, only what `observe` reads back from the system counts as enforced.
public protocol Engine: Sendable {
  var kind: EngineKind { get }

  /// Makes the engine enforce this state. Done again it changes nothing; cut off anywhere and done
  /// again it ends in the same state. Nothing that it cannot enforce stops the rest.
  func apply(_ desired: DesiredState, at: Instant) throws(EngineFailure)

  /// What the engine enforces now.
  func observe(at: Instant) throws(EngineFailure) -> ObservedState

  /// Usage that was metered after `cursor`, oldest first, at most `limit` segments. The same cursor
  /// gives the same segments again until a later one was asked for; none is left out.
  func usage(
    after cursor: UsageCursor, limit: Int, at: Instant
  ) throws(EngineFailure) -> UsageBatch
}

/// How far an engine's usage was taken over: a count that only the engine understands.
public struct UsageCursor: Hashable, Comparable, Sendable {
  public let position: Int64
  public init(_ position: Int64) { self.position = position }
  public static let start = UsageCursor(0)

  /// Where a count begins that was never begun before: among so many numbers that it meets no other
  /// one's, and far enough below the largest to go on for ever.
  static func drawn() -> UsageCursor {
    var generator = SystemRandomNumberGenerator()
    return UsageCursor(1 << 40 | Int64(generator.next() >> 14))
  }

  public static func < (a: Self, b: Self) -> Bool { a.position < b.position }
}

/// Segments, and the cursor that says they were taken over.
public struct UsageBatch: Hashable, Sendable {
  public let segments: [UsageSegment]
  public let next: UsageCursor

  public init(segments: [UsageSegment], next: UsageCursor) {
    self.segments = segments
    self.next = next
  }
}

/// Why an engine could not be asked or told. Nothing is known of what it did.
public enum EngineFailure: Error, Hashable, Sendable {
  /// It does not answer, or not now.
  case unreachable(reason: String)
  /// What it holds is not what an engine of this kind writes.
  case damaged(reason: String)
  /// The agent may not do this there.
  case forbidden(reason: String)
}
