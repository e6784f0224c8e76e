/// One application as the decision sees it.
public struct Candidate: Hashable, Sendable {
  public let application: ApplicationID
  public let pool: PoolID
  public let organisation: OrganisationID
  public let gpus: Int64
  public let term: Term
  /// In order of preference.
  public let models: [DeviceModelID]
  public let score: Score
  /// Why it is not ranked at all, if so.
  public let excluded: Reason?

  public init(
    application: ApplicationID, pool: PoolID, organisation: OrganisationID, gpus: Int64,
    term: Term, models: [DeviceModelID], score: Score, excluded: Reason?
  ) {
    self.application = application
    self.pool = pool
    self.organisation = organisation
    self.gpus = gpus
    self.term = term
    self.models = models
    self.score = score
    self.excluded = excluded
  }
}

/// GPUs of one line that a round may award, by day.
public struct OfferedLine: Hashable, Record {
  public let line: LineID
  public let model: DeviceModelID
  /// The offer, but no more than is awardable and not yet awarded.
  public let gpus: StepFunction

  public init(line: LineID, model: DeviceModelID, gpus: StepFunction) {
    self.line = line
    self.model = model
    self.gpus = gpus
  }

  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("gpus", gpus)
    writer.field("line", line)
    writer.field("model", model)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    gpus = try reader.field("gpus")
    line = try reader.field("line")
    model = try reader.field("model")
  }
}

/// All that a round's decision reads: values only.
public struct RoundProblem: Sendable {
  public var period: Term
  public var rules: RuleSet
  public var lines: [OfferedLine]
  public var candidates: [Candidate]
  /// Days for which a line's GPUs are held after a term: its team reads what it left.
  public var readableDays: Int64
  /// The day of the decision: of a term that is over by then nothing can be given. Nothing where it
  /// was decided before that was asked.
  public var on: Day?

  public init(
    period: Term, rules: RuleSet, lines: [OfferedLine], candidates: [Candidate],
    readableDays: Int64 = 0, on: Day? = nil
  ) {
    self.period = period
    self.rules = rules
    self.lines = lines
    self.candidates = candidates
    self.readableDays = readableDays
    self.on = on
  }

  /// The days for which GPUs of a line are held: a term, and the days of reading after it.
  func held(_ term: Term) -> Term {
    Term(from: term.from, to: term.to.advanced(by: Int(readableDays))) ?? term
  }

  /// GPUs of each pool on each day: its share of what is offered, whole units, cut down.
  public func poolCapacity(_ share: RuleSet.Share) -> StepFunction {
    let weights = rules.shares.reduce(0) { $0 + $1.weight }
    let offered = lines.map(\.gpus).reduce(.zero, +)
    let unit = rules.unit
    return offered.mapped { gpus in
      Int64(Int128(gpus) * Int128(share.weight) / Int128(weights)) / unit * unit
    }
  }

  /// Why an application is not ranked, by the rules that need no ranking; in this order.
  public func exclusion(of candidate: Candidate) -> Reason? {
    if let excluded = candidate.excluded { return excluded }
    if let on, candidate.term.to <= on { return .termOver(on: on) }
    let gpus = Int32(clamping: candidate.gpus)
    if let cap = rules.applicationCap, candidate.gpus > cap {
      return .tooLarge(asked: gpus, limit: Int32(clamping: cap))
    }
    if candidate.gpus <= 0 || candidate.gpus % rules.unit != 0 {
      return .notWholeUnits(asked: gpus, unit: Int32(clamping: rules.unit))
    }
    return candidate.score.isNone ? .notReviewed : nil
  }
}

/// A decided round: every application with its rank and outcome, and the work it took.
public struct Decision: Sendable {
  /// Ranked ones by rank, then those that were not ranked by identifier.
  public var ranking: [Ranked]
  /// Where pools closed, under rules without skips.
  public var closings: [PublicFacts.Closing]
  /// Nodes of day trees looked at.
  public var visits: Int

  /// The version of the decider, named in every decision: newer code that decides otherwise gets
  /// another.
  ///
  /// 2: the days of reading after a term are held too, and terms that are over get nothing.
  public static let decider: Int64 = 2
}

extension RoundProblem {
  /// Decides the round: rank by score, then go down the ranking and select whatever fits under the
  /// capacity of every day, its pool's share and its organisation's cap.
  ///
  /// Ties: the earlier application (by identifier: the order of submission) comes first. A
  /// candidate that does not fit is passed over, unless the rules say that its pool closes there.
  ///
  /// Complexity: O(n log n + n · models · log days).
  public func decided() -> Decision {
    var ranked: [Int] = []
    var unranked: [Ranked] = []
    for (index, candidate) in candidates.enumerated() {
      if let reason = exclusion(of: candidate) {
        unranked.append(
          Ranked(
            application: candidate.application, rank: 0, score: candidate.score,
            outcome: .notSelected(reason, reserve: 0)))
      } else {
        ranked.append(index)
      }
    }
    ranked.sort { a, b in
      let (x, y) = (candidates[a], candidates[b])
      if y.score < x.score { return true }
      if x.score < y.score { return false }
      return x.application < y.application
    }
    unranked.sort { $0.application < $1.application }

    var book = SelectionBook(problem: self)
    var outcomes = book.firstPass(ranked)
    if rules.unusedShare == .passes, !rules.shares.isEmpty {
      book.secondPass(ranked, &outcomes)
    }
    var result: [Ranked] = []
    result.reserveCapacity(candidates.count)
    var reserve: Int32 = 0
    let reserveLimit = rules.reserveCount ?? Int64(Limits.applicationsMax)
    for (position, index) in ranked.enumerated() {
      var outcome = outcomes[position]
      if case .notSelected(let reason, _) = outcome, reason.isPromotable,
        Int64(reserve) < reserveLimit
      {
        reserve += 1
        outcome = .notSelected(reason, reserve: reserve)
      }
      result.append(
        Ranked(
          application: candidates[index].application, rank: Int32(position + 1),
          score: candidates[index].score, outcome: outcome))
    }
    return Decision(
      ranking: result + unranked, closings: book.closings, visits: book.visits)
  }
}

extension Reason {
  /// Whether freed capacity could still bring a selection: such go on the reserve list.
  var isPromotable: Bool {
    switch self {
    case .organisationCap, .shareExhausted, .capacityExhausted, .closed: true
    default: false
    }
  }
}

/// What is left of lines, pools and organisations while a decision goes down the ranking.
struct SelectionBook {
  private let problem: RoundProblem
  private var lines: [DayTree]
  private var pools: [DayTree]
  /// Pools with a share, ascending; parallel to `pools`.
  private let poolIDs: [PoolID]
  /// Looked up by identifier only, never walked.
  private var usedByOrganisation: [OrganisationID: Int64] = [:]
  private var closedBy: [PoolID: Int32] = [:]
  private(set) var closings: [PublicFacts.Closing] = []

  /// `free` where less of the lines is left than the round offered, in the order of its lines: the
  /// shares stay those of the offer.
  init(problem: RoundProblem, free: [StepFunction]? = nil) {
    self.problem = problem
    let left = free ?? problem.lines.map(\.gpus)
    lines = left.map { DayTree($0.values(over: problem.held(problem.period))) }
    let shares = problem.rules.shares.sorted { $0.pool < $1.pool }
    poolIDs = shares.map(\.pool)
    pools = shares.map { DayTree(problem.poolCapacity($0).values(over: problem.period)) }
  }

  var visits: Int { (lines + pools).reduce(0) { $0 + $1.visits } }

  mutating func firstPass(_ ranked: [Int]) -> [Outcome] {
    var outcomes: [Outcome] = []
    outcomes.reserveCapacity(ranked.count)
    for (position, index) in ranked.enumerated() {
      let candidate = problem.candidates[index]
      if let reason = belowMinimum(candidate) {
        outcomes.append(.notSelected(reason, reserve: 0))
        continue
      }
      if let rank = closedBy[candidate.pool] {
        outcomes.append(.notSelected(.closed(byRank: rank), reserve: 0))
        continue
      }
      let outcome = considered(candidate, underShare: true, pass: 1)
      if !problem.rules.skips, case .notSelected(let reason, _) = outcome, reason.isPromotable {
        close(candidate.pool, at: position, pass: 1)
      }
      outcomes.append(outcome)
    }
    return outcomes
  }

  /// Shares that were left over, to whoever is next in the ranking.
  mutating func secondPass(_ ranked: [Int], _ outcomes: inout [Outcome]) {
    closedBy = [:]
    for (position, index) in ranked.enumerated() {
      guard case .notSelected(let reason, _) = outcomes[position], reason.isPromotable else {
        continue
      }
      let candidate = problem.candidates[index]
      if let rank = closedBy[candidate.pool] {
        outcomes[position] = .notSelected(.closed(byRank: rank), reserve: 0)
        continue
      }
      outcomes[position] = considered(candidate, underShare: false, pass: 2)
      if !problem.rules.skips, case .notSelected = outcomes[position] {
        close(candidate.pool, at: position, pass: 2)
      }
    }
  }

  private mutating func close(_ pool: PoolID, at position: Int, pass: Int32) {
    closedBy[pool] = Int32(position + 1)
    closings.append(PublicFacts.Closing(pass: pass, pool: pool, rank: Int32(position + 1)))
  }

  /// The rules in their order of precedence: minimum score, organisation's cap, pool's share,
  /// capacity.
  mutating func considered(_ candidate: Candidate, underShare: Bool, pass: Int32) -> Outcome {
    if let reason = belowMinimum(candidate) { return .notSelected(reason, reserve: 0) }
    let used = usedByOrganisation[candidate.organisation] ?? 0
    if let cap = problem.rules.organisationCap, used + candidate.gpus > cap {
      return .notSelected(
        .organisationCap(used: Int32(used), cap: Int32(cap)), reserve: 0)
    }
    let days = range(candidate.term)
    let held = range(problem.held(candidate.term))
    if underShare, let reason = shareReason(candidate, days) {
      return .notSelected(reason, reserve: 0)
    }
    // Below nothing at first, so that the day named is a day of the line where nothing is left.
    var most = (value: Int64.min, at: days.lowerBound)
    for model in candidate.models {
      for index in problem.lines.indices where problem.lines[index].model == model {
        let least = lines[index].least(held)
        if least.value >= candidate.gpus {
          take(candidate, line: index, days, held: held)
          return .selected(line: problem.lines[index].line, pass: pass)
        }
        if least.value > most.value { most = least }
      }
    }
    let left = Int32(clamping: max(0, most.value))
    return .notSelected(.capacityExhausted(left: left, day: day(most.at)), reserve: 0)
  }

  private func belowMinimum(_ candidate: Candidate) -> Reason? {
    guard let minimum = problem.rules.minimumScore, candidate.score.isBelow(minimum) else {
      return nil
    }
    return .belowMinimumScore(minimum: Int32(minimum))
  }

  private mutating func shareReason(_ candidate: Candidate, _ days: Range<Int>) -> Reason? {
    guard !poolIDs.isEmpty else { return nil }
    guard let pool = poolIDs.firstIndex(of: candidate.pool) else {
      return .shareExhausted(pool: candidate.pool, left: 0, day: candidate.term.from)
    }
    let least = pools[pool].least(days)
    if least.value >= candidate.gpus { return nil }
    return .shareExhausted(
      pool: candidate.pool, left: Int32(clamping: max(0, least.value)), day: day(least.at))
  }

  /// Takes an application's GPUs out of its line, its pool and its organisation's allowance: of the
  /// line for as long as they are held.
  private mutating func take(
    _ candidate: Candidate, line: Int, _ days: Range<Int>, held: Range<Int>
  ) {
    lines[line].add(-candidate.gpus, to: held)
    if let pool = poolIDs.firstIndex(of: candidate.pool) {
      pools[pool].add(-candidate.gpus, to: days)
    }
    usedByOrganisation[candidate.organisation, default: 0] += candidate.gpus
  }

  /// Takes what was decided before: the selected of a round, before its reserve list moves up. What
  /// was extended beyond the round's days is not its business.
  mutating func take(_ candidate: Candidate, line: LineID, held: Term) {
    guard let index = problem.lines.firstIndex(where: { $0.line == line }) else { return }
    let days = candidate.term.within(problem.period).map(range)
    let heldDays = held.within(problem.held(problem.period)).map(range)
    take(candidate, line: index, days ?? 0..<0, held: heldDays ?? 0..<0)
  }

  private func range(_ term: Term) -> Range<Int> {
    let start = problem.period.from.distance(to: term.from)
    return start..<(start + term.dayCount)
  }

  private func day(_ offset: Int) -> Day { problem.period.from.advanced(by: offset) }
}
