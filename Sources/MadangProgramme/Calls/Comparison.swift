/// Our decision of a round beside the published one, and the difference between what a track asked
/// for and what it was published to have got, taken apart step by step.
///
/// Each step decides the same round again with one more rule in force, so the parts are computed,
/// and they add up exactly:
///
/// ```
/// asked → capacity → share rule → whole servers → device models → published
///         score      + shares     + unit          + each line       residue
///         order, in  one pool of  of GPUs
///         single     GPUs
///         GPUs
/// ```
public struct Comparison: Sendable {
  /// GPUs of one track after each step.
  public struct TrackRow: Hashable, Sendable {
    public let track: TrackID
    public let asked: Int64
    public let afterCapacity: Int64
    public let afterShares: Int64
    public let afterUnit: Int64
    /// Our decision.
    public let decided: Int64
    /// Nothing where no figure was published.
    public let published: Int64?

    public var capacityEffect: Int64 { afterCapacity - asked }
    public var shareEffect: Int64 { afterShares - afterCapacity }
    public var unitEffect: Int64 { afterUnit - afterShares }
    public var modelEffect: Int64 { decided - afterUnit }
    public var residue: Int64? { published.map { $0 - decided } }
  }

  public let rows: [TrackRow]
}

extension Programme {
  /// Takes the difference of a round apart. The first three steps fill capacity by score in single
  /// GPUs, an application taking what is left (a real decision is whole or not at all; that belongs
  /// to the step of whole servers).
  public func comparison(of id: RoundID, rules: RuleSet) throws(Refusal) -> Comparison {
    let problem = try problem(of: id, rules: rules)
    let decision = problem.decided()
    let ranked = decision.ranking.filter { $0.rank > 0 }
    let capacity = problem.lines.reduce(0) { $0 + $1.gpus.minimum(over: problem.period) }
    let tracksOfCall = tracksInOrder(of: id)
    var asked: [TrackID: Int64] = [:]
    var decided: [TrackID: Int64] = [:]
    applications.forEach { application, row in
      guard row.round == id, let track = row.track else { return }
      asked[track, default: 0] += row.gpus
    }
    for row in decision.ranking where row.isSelected {
      let application = applications[row.application]
      if let track = application.track { decided[track, default: 0] += application.gpus }
    }
    let open = filled(ranked, total: capacity, pools: nil)
    let shared = filled(ranked, total: capacity, pools: poolLimits(problem, capacity))
    let whole = wholeUnits(ranked, capacity, problem)
    let result = rounds[id].result
    return Comparison(
      rows: tracksOfCall.map { track in
        Comparison.TrackRow(
          track: track, asked: asked[track] ?? 0, afterCapacity: open[track] ?? 0,
          afterShares: shared[track] ?? 0, afterUnit: whole[track] ?? 0,
          decided: decided[track] ?? 0,
          published: result?.byTrack.first { $0.track == track }?.selectedGPUs.value)
      })
  }

  private func tracksInOrder(of id: RoundID) -> [TrackID] {
    tracks.ids.filter { tracks[$0].call == rounds[id].round.call }
  }

  /// GPUs of each pool before they are cut to whole servers; nothing without a share rule.
  private func poolLimits(_ problem: RoundProblem, _ capacity: Int64) -> [PoolID: Int64]? {
    let shares = problem.rules.shares
    guard !shares.isEmpty else { return nil }
    let weights = shares.reduce(0) { $0 + $1.weight }
    var limits: [PoolID: Int64] = [:]
    for share in shares {
      limits[share.pool] = Int64(Int128(capacity) * Int128(share.weight) / Int128(weights))
    }
    return limits
  }

  /// Down the ranking, each takes what it asked for or what is left.
  private func filled(
    _ ranked: [Ranked], total: Int64, pools: [PoolID: Int64]?
  ) -> [TrackID: Int64] {
    var left = total
    var poolsLeft = pools
    var result: [TrackID: Int64] = [:]
    for row in ranked {
      let application = applications[row.application]
      guard let track = application.track else { continue }
      let pool = tracks[track].pool
      var take = min(application.gpus, left)
      if let limits = poolsLeft { take = min(take, limits[pool] ?? 0) }
      left -= take
      poolsLeft?[pool, default: 0] -= take
      result[track, default: 0] += take
    }
    return result
  }

  /// The same decision with all lines as one: whole applications, whole servers, every rule but the
  /// device models'.
  private func wholeUnits(
    _ ranked: [Ranked], _ capacity: Int64, _ problem: RoundProblem
  ) -> [TrackID: Int64] {
    guard let first = problem.lines.first else { return [:] }
    var single = problem
    let gpus = problem.lines.map(\.gpus).reduce(.zero, +)
    single.lines = [OfferedLine(line: first.line, model: first.model, gpus: gpus)]
    single.candidates = problem.candidates.map { candidate in
      Candidate(
        application: candidate.application, pool: candidate.pool,
        organisation: candidate.organisation, gpus: candidate.gpus, term: candidate.term,
        models: [first.model], score: candidate.score, excluded: candidate.excluded)
    }
    var result: [TrackID: Int64] = [:]
    for row in single.decided().ranking where row.isSelected {
      let application = applications[row.application]
      if let track = application.track { result[track, default: 0] += application.gpus }
    }
    return result
  }
}
