public import MadangEngines
public import MadangProgramme

/// What an agent does next, as a pure state machine: results in, one action out. A thin shell does
/// the actions; a simulation does them badly on purpose.
///
/// ```
///   ┌──▶ observe ──▶ read usage ──▶ report ──▶ apply ──┐ something to change, and it may
///   │                                  │               │
///   └────────────── wait ◀─────────────┴───────────────┘ observe again at once
/// ```
/// Nothing that an engine said earlier is believed later: after every `apply` it is read back, and
/// the server hears what was read. The one thing kept is where usage was taken over.
public struct AgentLoop: Sendable {
  /// Seconds from one report to the next while nothing changes.
  public static let periodSeconds: Int64 = 5
  /// The longest wait, after many failures in a row.
  public static let waitSecondsMax: Int64 = 60

  /// Whether the moment has come that a wait was for. One that is further away than any wait was
  /// told by a clock that has been put back since: else nothing would be observed until it catches
  /// up.
  public static func isDue(_ moment: Instant, at: Instant) -> Bool {
    moment <= at || moment.seconds > at.seconds + waitSecondsMax
  }
  /// How often a round goes on at once because the office says that something is otherwise: what is
  /// true is said within that, and whoever goes on saying it is heard no faster than others.
  public static let hurriesMax = 4

  public enum Action: Hashable, Sendable {
    case observe
    case readUsage(after: UsageCursor, limit: Int)
    case send(AgentReport)
    case apply(DesiredState)
    /// Nothing to do before then.
    case wait(until: Instant)
  }

  /// What came of the last action.
  public enum Result: Hashable, Sendable {
    case observed(ObservedState)
    case usage(UsageBatch)
    case replied(AgentReply)
    case refused(AgentRefusal)
    case applied
    case failed(EngineFailure)
    /// The server was not reached.
    case unheard
    case waited
  }

  public let cluster: ClusterID
  public let instance: EngineJob
  public private(set) var mode: AgentMode
  /// The lease's epoch; 0 before the server gave one.
  public private(set) var epoch: Int64 = 0
  public private(set) var sequence: Int64 = 0
  public private(set) var cursor: UsageCursor
  public private(set) var desired: DesiredState?
  public private(set) var observed: ObservedState?
  /// Failures in a row: the wait doubles with each, up to a minute.
  public private(set) var failures = 0
  /// How often this round went on at once at the office's word.
  private var hurries = 0
  private var batch = UsageBatch(segments: [], next: .start)
  /// The generation that was applied in this round: it is read back once, and then waited for.
  private var applied: Int64?
  /// Whether the newest state is another under the same generation, and was not applied yet: in an
  /// exercise that was moved on its terms begin and end at other moments.
  private var hasMoved = false

  public init(
    cluster: ClusterID, instance: EngineJob, mode: AgentMode, cursor: UsageCursor = .start
  ) {
    self.cluster = cluster
    self.instance = instance
    self.mode = mode
    self.cursor = cursor
  }

  /// Before the first result.
  public var first: Action { .observe }

  /// The local policy may have changed: it is asked before what the office says is acted on.
  public mutating func allow(_ mode: AgentMode) { self.mode = mode }

  public mutating func next(after result: Result, at: Instant) -> Action {
    switch result {
    case .observed(let state):
      observed = state
      return .readUsage(after: cursor, limit: AgentProtocol.segmentsMax)
    case .usage(let batch):
      self.batch = batch
      return report()
    case .replied(let reply): return took(reply, at)
    case .refused(let refusal): return refused(refusal, at)
    case .applied:
      applied = desired?.generation
      hasMoved = false
      return .observe
    case .failed, .unheard: return backOff(at)
    case .waited:
      applied = nil
      hurries = 0
      return .observe
    }
  }

  private mutating func report() -> Action {
    guard let observed else { return .observe }
    sequence += 1
    return .send(
      AgentReport(
        cluster: cluster, instance: instance, epoch: epoch, sequence: sequence, mode: mode,
        observed: observed, cursor: cursor.position, next: batch.next.position,
        segments: batch.segments, proposals: mode == .propose ? differences : []))
  }

  private mutating func took(_ reply: AgentReply, _ at: Instant) -> Action {
    // An engine could not count on from such a number.
    guard (0...AgentProtocol.countMax).contains(reply.cursor) else { return backOff(at) }
    failures = 0
    epoch = reply.epoch
    cursor = UsageCursor(reply.cursor)
    // A reply that was overtaken by a newer one changes nothing.
    if reply.desired.generation >= (desired?.generation ?? 0) {
      let isSame = reply.desired.generation == desired?.generation
      if isSame, reply.desired != desired { hasMoved = true }
      desired = reply.desired
    }
    let period = Action.wait(until: Instant(at.seconds + AgentLoop.periodSeconds))
    if mode == .apply, let desired, hasMoved || applied != desired.generation && !isHeld(desired) {
      return atOnce(.apply(desired), or: period)
    }
    guard batch.segments.count >= AgentProtocol.segmentsMax else { return period }
    // A full report that was taken over is followed by the next, however many there are.
    return cursor >= batch.next ? .observe : atOnce(.observe, or: period)
  }

  /// What a refusal says is acted on where it can be true of this agent; else it is a failure.
  private mutating func refused(_ refusal: AgentRefusal, _ at: Instant) -> Action {
    switch refusal {
    case .usageMissing(let server):
      // The server knows less than was thought: it gets all of it again.
      guard (0...cursor.position).contains(server) else { return backOff(at) }
      cursor = UsageCursor(server)
    case .olderReport(let taken):
      // It took this one, or one that came after it.
      guard taken >= sequence, taken <= AgentProtocol.countMax else { return backOff(at) }
      sequence = taken
    case .fenced:
      // It asks anew, and waits its turn. What it was told under the old epoch is over.
      epoch = 0
      desired = nil
      return backOff(at)
    default: return backOff(at)
    }
    guard hurries < AgentLoop.hurriesMax else { return backOff(at) }
    hurries += 1
    return .observe
  }

  /// Goes on at once, as often as a round may.
  private mutating func atOnce(_ action: Action, or later: Action) -> Action {
    guard hurries < AgentLoop.hurriesMax else { return later }
    hurries += 1
    return action
  }

  private mutating func backOff(_ at: Instant) -> Action {
    failures += 1
    let seconds = min(AgentLoop.waitSecondsMax, Int64(1) << Int64(min(failures, 6)))
    return .wait(until: Instant(at.seconds + seconds))
  }

  /// Whether the engine was found to hold this state.
  private func isHeld(_ desired: DesiredState) -> Bool {
    guard let observed, observed.generation == desired.generation else { return false }
    return differences.isEmpty
  }

  /// Allocations of which something else was found than is desired, ascending.
  ///
  /// Complexity: O(desired + observed).
  public var differences: [AllocationID] {
    guard let desired else { return [] }
    let found = observed?.allocations ?? []
    var result: [AllocationID] = []
    var next = 0
    for row in desired.allocations {
      while next < found.count, found[next].allocation < row.allocation {
        result.append(found[next].allocation)
        next += 1
      }
      guard next < found.count, found[next].allocation == row.allocation else {
        result.append(row.allocation)
        continue
      }
      if found[next].limit != row.limit || found[next].suspended != row.suspended {
        result.append(row.allocation)
      }
      next += 1
    }
    return result + found[next...].map(\.allocation)
  }
}
