/// What was left when the turn of a rank came: what everybody can work out, for a rank whose
/// application is nobody's to know.
public struct RankFacts: Hashable, Sendable {
  /// What a pool, or a line, still had; on the tightest day of the period.
  public struct Left<Of: Hashable & Sendable>: Hashable, Sendable {
    public let of: Of
    public let capacity: Int64
    public let left: Int64
  }

  public let rank: Int32
  /// The public row of that rank, where it was selected.
  public let selected: PublicFacts.Selected?
  /// By the share rule; none where the round has no shares.
  public let pools: [Left<PoolID>]
  public let lines: [Left<LineID>]
}

extension PublicFacts {
  /// What better ranked applications had left over, in the first pass.
  ///
  /// Complexity: O(selected × days).
  public func facts(atRank rank: Int32) -> RankFacts {
    let problem = RoundProblem(period: period, rules: rules, lines: lines, candidates: [])
    let before = selected.filter { $0.pass == 1 && $0.rank < rank }
    func left(
      _ capacity: StepFunction, _ taken: [Selected], reading: Int64 = 0
    ) -> (capacity: Int64, left: Int64) {
      let used = StepFunction(
        changes: taken.flatMap {
          [($0.term.from, $0.gpus), ($0.term.to.advanced(by: Int(reading)), -$0.gpus)]
        })
      return (
        capacity.minimum(over: period), max(0, (capacity - used).minimum(over: period))
      )
    }
    return RankFacts(
      rank: rank, selected: selected.first { $0.rank == rank && $0.pass < 3 },
      pools: rules.shares.map { share in
        let found = left(problem.poolCapacity(share), before.filter { $0.pool == share.pool })
        return .init(of: share.pool, capacity: found.capacity, left: found.left)
      },
      lines: lines.map { line in
        let found = left(line.gpus, before.filter { $0.line == line.line }, reading: readableDays)
        return .init(of: line.line, capacity: found.capacity, left: found.left)
      })
  }
}
