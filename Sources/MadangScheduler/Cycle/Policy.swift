/// How a scheduler decides, where there is a choice. Times are ticks.
public struct Policy: Hashable, Sendable {
  /// For how many waiting jobs of each model room is kept in the time to come.
  public enum Backfill: Hashable, Sendable {
    /// Nothing passes a job that waits for room: strictly first come, first served.
    case none
    /// Room is kept for so many: 1 is EASY.
    case depth(Int)
    /// Room is kept for all: conservative.
    case all

    public static let easy = Backfill.depth(1)

    var depth: Int {
      switch self {
      case .none: 0
      case .depth(let depth): depth
      case .all: .max
      }
    }
  }

  public var backfill: Backfill
  /// Whether jobs that run beyond their pool's share may be taken off for those within theirs.
  public var reclaim: Bool
  /// GPUs evicted for each GPU asked, at most, where more than a guarantee is asked for.
  public var evictedPerRequested: Int64
  /// Planned for a job whose walltime is not known.
  public var assumedWalltime: Tick
  /// How far past use weighs in the division; it orders in any case.
  public var history: HistoryWeight
  /// How past use grows and is forgotten; nothing for as it was given.
  public var decay: HistoryDecay?
  /// Steps of search that one question may cost: candidates for leaving, moments to begin.
  public var searchSteps: Int

  public init(
    backfill: Backfill = .easy, reclaim: Bool = true, evictedPerRequested: Int64 = 4,
    assumedWalltime: Tick = 86_400, history: HistoryWeight = .none,
    decay: HistoryDecay? = nil, searchSteps: Int = 2_000_000
  ) {
    self.backfill = backfill
    self.reclaim = reclaim
    self.evictedPerRequested = evictedPerRequested
    self.assumedWalltime = assumedWalltime
    self.history = history
    self.decay = decay
    self.searchSteps = searchSteps
  }
}
