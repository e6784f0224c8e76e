/// What everybody can read of a published round, and enough for each applicant to recompute its own
/// outcome: the rules, the capacity, and who was selected with rank and GPUs.
public struct PublicFacts: Hashable, Sendable {
  /// One selected application as it stands in the public ledger.
  public struct Selected: Hashable, Sendable {
    public let rank: Int32
    public let pool: PoolID
    public let organisation: OrganisationID
    public let line: LineID
    public let gpus: Int64
    public let term: Term
    public let pass: Int32

    public init(
      rank: Int32, pool: PoolID, organisation: OrganisationID, line: LineID, gpus: Int64,
      term: Term, pass: Int32
    ) {
      self.rank = rank
      self.pool = pool
      self.organisation = organisation
      self.line = line
      self.gpus = gpus
      self.term = term
      self.pass = pass
    }
  }

  public let period: Term
  public let rules: RuleSet
  public let lines: [OfferedLine]
  /// In order of rank; promotions from the reserve list (pass 3) are not part of the decision.
  public let selected: [Selected]
  /// For rules without skips: the rank at which each pool closed, in passes 1 and 2.
  public let closings: [Closing]
  /// Days for which GPUs of a line are held after a term.
  public let readableDays: Int64
  /// The day of the decision; nothing where terms that were over were not asked for.
  public let on: Day?

  /// A pool that closed at a rank, under rules without skips.
  public struct Closing: Hashable, Record {
    public let pass: Int32
    public let pool: PoolID
    public let rank: Int32

    public init(pass: Int32, pool: PoolID, rank: Int32) {
      self.pass = pass
      self.pool = pool
      self.rank = rank
    }

    public func writeFields(to writer: inout CanonicalWriter) {
      writer.field("pass", pass)
      writer.field("pool", pool)
      writer.field("rank", rank)
    }

    public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
      pass = try reader.field("pass")
      pool = try reader.field("pool")
      rank = try reader.field("rank")
    }
  }

  public init(
    period: Term, rules: RuleSet, lines: [OfferedLine], selected: [Selected], closings: [Closing],
    readableDays: Int64 = 0, on: Day? = nil
  ) {
    self.period = period
    self.rules = rules
    self.lines = lines
    self.selected = selected
    self.closings = closings
    self.readableDays = readableDays
    self.on = on
  }

  /// What the rules say of one application, from public facts and its own: sums over the public
  /// list, day by day, with none of the decider's code.
  ///
  /// `rank` is its own rank, which it was told. Complexity: O(selected × days).
  public func outcome(of own: Candidate, rank: Int32) -> Outcome {
    let problem = RoundProblem(
      period: period, rules: rules, lines: lines, candidates: [own], readableDays: readableDays,
      on: on)
    if let reason = problem.exclusion(of: own) { return .notSelected(reason, reserve: 0) }
    if let minimum = rules.minimumScore, own.score.isBelow(minimum) {
      return .notSelected(.belowMinimumScore(minimum: Int32(minimum)), reserve: 0)
    }
    let first = outcome(of: own, rank: rank, pass: 1, problem)
    guard case .notSelected = first, rules.unusedShare == .passes, !rules.shares.isEmpty else {
      return first
    }
    return outcome(of: own, rank: rank, pass: 2, problem)
  }

  private func outcome(
    of own: Candidate, rank: Int32, pass: Int32, _ problem: RoundProblem
  ) -> Outcome {
    if let closing = closings.first(where: { $0.pass == pass && $0.pool == own.pool }),
      closing.rank < rank
    {
      return .notSelected(.closed(byRank: closing.rank), reserve: 0)
    }
    // Whoever had their turn before: better ranked in this pass, or anybody in an earlier pass.
    let before = selected.filter { $0.pass < pass || ($0.pass == pass && $0.rank < rank) }
    if let cap = rules.organisationCap {
      let used = before.filter { $0.organisation == own.organisation }.reduce(0) { $0 + $1.gpus }
      if used + own.gpus > cap {
        return .notSelected(.organisationCap(used: Int32(used), cap: Int32(cap)), reserve: 0)
      }
    }
    if pass == 1, !rules.shares.isEmpty {
      let share = rules.shares.first { $0.pool == own.pool }
      let capacity = share.map(problem.poolCapacity) ?? .zero
      let left = least(capacity, before.filter { $0.pool == own.pool }, own.term, reading: 0)
      if left.value < own.gpus {
        return .notSelected(
          .shareExhausted(pool: own.pool, left: Int32(clamping: left.value), day: left.day),
          reserve: 0)
      }
    }
    var most = (value: Int64(-1), day: own.term.from)
    for model in own.models {
      for line in lines where line.model == model {
        let left = least(
          line.gpus, before.filter { $0.line == line.line }, own.term,
          reading: Int(readableDays))
        if left.value >= own.gpus { return .selected(line: line.line, pass: pass) }
        if left.value > most.value { most = left }
      }
    }
    return .notSelected(
      .capacityExhausted(left: Int32(clamping: max(0, most.value)), day: most.day), reserve: 0)
  }

  /// The least left on a day of `term`, or of so many days of reading after it, and the first such
  /// day.
  private func least(
    _ capacity: StepFunction, _ taken: [Selected], _ term: Term, reading: Int
  ) -> (value: Int64, day: Day) {
    var best = (value: Int64.max, day: term.from)
    for offset in 0..<(term.dayCount + reading) {
      let day = term.from.advanced(by: offset)
      var left = capacity.value(on: day)
      for other in taken {
        if other.term.from <= day, day < other.term.to.advanced(by: reading) { left -= other.gpus }
      }
      if left < best.value { best = (left, day) }
    }
    return (max(0, best.value), best.day)
  }
}
