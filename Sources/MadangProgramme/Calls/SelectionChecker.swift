/// Recounts a decision from nothing, by other means than the decider's: sums of changes by day
/// instead of trees. Run before every draft is journaled.
public struct SelectionChecker: Sendable {
  /// What is wrong: which line or pool, on which day, by how many GPUs.
  public struct Excess: Hashable, Sendable {
    /// `line-2` or `pool-3`, or `organisation-17`.
    public let of: String
    public let day: Day?
    public let gpus: Int64
  }

  /// Changes and steps walked over: O(awards + steps).
  public private(set) var steps = 0
  public private(set) var excess: Excess?

  /// Checks that no line is over-awarded on any day, no pool passes its share (in the first pass),
  /// no organisation its cap.
  public init(_ problem: RoundProblem, _ decision: Decision) {
    var byLine: [[(on: Day, by: Int64)]] = problem.lines.map { line in
      line.gpus.changes
    }
    let shares = problem.rules.shares
    var byPool: [[(on: Day, by: Int64)]] = shares.map { problem.poolCapacity($0).changes }
    var byOrganisation: [OrganisationID: Int64] = [:]
    let order = SelectionChecker.index(problem)
    for ranked in decision.ranking {
      guard case .selected(let line, let pass) = ranked.outcome,
        let position = order[ranked.application]
      else { continue }
      let candidate = problem.candidates[position]
      let taken = [(candidate.term.from, -candidate.gpus), (candidate.term.to, candidate.gpus)]
      guard let index = problem.lines.firstIndex(where: { $0.line == line }) else {
        excess = Excess(of: "\(line)", day: candidate.term.from, gpus: candidate.gpus)
        return
      }
      byLine[index] += [
        (candidate.term.from, -candidate.gpus), (problem.held(candidate.term).to, candidate.gpus),
      ]
      if pass == 1, !shares.isEmpty {
        guard let index = shares.firstIndex(where: { $0.pool == candidate.pool }) else {
          excess = Excess(of: "\(candidate.pool)", day: candidate.term.from, gpus: candidate.gpus)
          return
        }
        byPool[index] += taken
      }
      byOrganisation[candidate.organisation, default: 0] += candidate.gpus
      if let cap = problem.rules.organisationCap {
        let over = (byOrganisation[candidate.organisation] ?? 0) - cap
        if over > 0 {
          excess = Excess(of: "\(candidate.organisation)", day: nil, gpus: over)
          return
        }
      }
    }
    for (index, changes) in byLine.enumerated() {
      check(changes, within: problem.held(problem.period), "\(problem.lines[index].line)")
    }
    for (index, changes) in byPool.enumerated() {
      check(changes, within: problem.period, "\(shares[index].pool)")
    }
  }

  private mutating func check(
    _ changes: [(on: Day, by: Int64)], within period: Term, _ of: String
  ) {
    steps += changes.count
    let left = StepFunction(changes: changes)
    for step in left.steps where step.value < 0 && period.contains(step.from) {
      excess = Excess(of: of, day: step.from, gpus: -step.value)
      return
    }
  }

  private static func index(_ problem: RoundProblem) -> [ApplicationID: Int] {
    var order: [ApplicationID: Int] = [:]
    order.reserveCapacity(problem.candidates.count)
    for (position, candidate) in problem.candidates.enumerated() {
      order[candidate.application] = position
    }
    return order
  }
}
