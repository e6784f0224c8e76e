/// A segment that was not taken, as it was sent, with the reason: kept for people to look into.
public struct RefusedSegment: Hashable, Sendable {
  public let segment: UsageSegment
  /// The refusal's code.
  public let code: String
  /// Its sentence, as it was given then; nothing of what was kept before sentences were.
  public let reason: Bilingual?
  public let received: Instant

  public init(segment: UsageSegment, code: String, reason: Bilingual?, received: Instant) {
    self.segment = segment
    self.code = code
    self.reason = reason
    self.received = received
  }
}
