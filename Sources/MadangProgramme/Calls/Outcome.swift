/// What a round's decision says of one application, with the numbers that bound it.
///
/// `Reason` has one case per rule, and its numbers are such that the applicant can recompute it
/// from the public facts of the round and its own application (`PublicFacts.outcome(of:)`).
public enum Reason: Hashable, Sendable {
  /// The eligibility rule at this index of the rule set was broken.
  case ineligible(rule: Int32)
  case withdrawn
  /// No day of its term was still to come when the round was decided, on `day`.
  case termOver(on: Day)
  case notReviewed
  /// It asks for more than one application may, or not for whole units.
  case tooLarge(asked: Int32, limit: Int32)
  case notWholeUnits(asked: Int32, unit: Int32)
  case belowMinimumScore(minimum: Int32)
  /// Its organisation was already selected for `used` of the `cap` GPUs it may have.
  case organisationCap(used: Int32, cap: Int32)
  /// On `day` its pool had `left` GPUs left when its turn came.
  case shareExhausted(pool: PoolID, left: Int32, day: Day)
  /// On `day` the model of its choice with most left had `left` GPUs left when its turn came.
  case capacityExhausted(left: Int32, day: Day)
  /// Rules without skips: somebody before it did not fit, which closed the pool.
  case closed(byRank: Int32)
}

public enum Outcome: Hashable, Sendable {
  /// `pass` is 1 within the shares, 2 from shares that others left unused, 3 from the reserve list.
  case selected(line: LineID, pass: Int32)
  /// `reserve` is the place on the reserve list, from 1; 0 for none.
  case notSelected(Reason, reserve: Int32)
}

/// One application in the decision: its place in the ranking, its score, what became of it.
public struct Ranked: Hashable, Sendable {
  public let application: ApplicationID
  /// From 1; 0 for those that were not ranked (ineligible, withdrawn, not reviewed, too large).
  public let rank: Int32
  public let score: Score
  public var outcome: Outcome

  public init(application: ApplicationID, rank: Int32, score: Score, outcome: Outcome) {
    self.application = application
    self.rank = rank
    self.score = score
    self.outcome = outcome
  }

  public var isSelected: Bool {
    if case .selected = outcome { true } else { false }
  }

  public var reserve: Int32 {
    if case .notSelected(_, let reserve) = outcome { reserve } else { 0 }
  }
}

extension Reason {
  /// The stable word of the reason.
  public var word: String { spelled.word }

  /// Word and numbers, as they are stored: no case has more than two numbers and a day.
  var spelled: (word: String, a: Int64, b: Int64, day: Day?) {
    switch self {
    case .ineligible(let rule): ("ineligible", Int64(rule), 0, nil)
    case .withdrawn: ("withdrawn", 0, 0, nil)
    case .termOver(let day): ("termOver", 0, 0, day)
    case .notReviewed: ("notReviewed", 0, 0, nil)
    case .tooLarge(let asked, let limit): ("tooLarge", Int64(asked), Int64(limit), nil)
    case .notWholeUnits(let asked, let unit): ("notWholeUnits", Int64(asked), Int64(unit), nil)
    case .belowMinimumScore(let minimum): ("belowMinimumScore", Int64(minimum), 0, nil)
    case .organisationCap(let used, let cap): ("organisationCap", Int64(used), Int64(cap), nil)
    case .shareExhausted(let pool, let left, let day):
      ("shareExhausted", Int64(pool.number), Int64(left), day)
    case .capacityExhausted(let left, let day): ("capacityExhausted", Int64(left), 0, day)
    case .closed(let byRank): ("closed", Int64(byRank), 0, nil)
    }
  }

  init?(word: String, a: Int32, b: Int32, day: Day?) {
    switch (word, day) {
    case ("ineligible", nil): self = .ineligible(rule: a)
    case ("withdrawn", nil): self = .withdrawn
    case ("termOver", .some(let day)): self = .termOver(on: day)
    case ("notReviewed", nil): self = .notReviewed
    case ("tooLarge", nil): self = .tooLarge(asked: a, limit: b)
    case ("notWholeUnits", nil): self = .notWholeUnits(asked: a, unit: b)
    case ("belowMinimumScore", nil): self = .belowMinimumScore(minimum: a)
    case ("organisationCap", nil): self = .organisationCap(used: a, cap: b)
    case ("shareExhausted", .some(let day)) where a > 0 && Int(a) <= Limits.identifierMax:
      self = .shareExhausted(pool: PoolID(Int(a)), left: b, day: day)
    case ("capacityExhausted", .some(let day)): self = .capacityExhausted(left: a, day: day)
    case ("closed", nil): self = .closed(byRank: a)
    default: return nil
    }
  }
}

extension Reason: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    let spelled = spelled
    writer.field("a", spelled.a)
    writer.field("b", spelled.b)
    writer.field("day", spelled.day)
    writer.field("reason", Text(assumingValid: spelled.word))
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    let a: Int32 = try reader.field("a")
    let b: Int32 = try reader.field("b")
    let day: Day? = try reader.field("day")
    let word: Text = try reader.field("reason")
    guard let reason = Reason(word: word.value, a: a, b: b, day: day),
      reason.spelled.a == a, reason.spelled.b == b
    else { throw reader.malformed("reason") }
    self = reason
  }
}

extension Ranked: Record {
  public func writeFields(to writer: inout CanonicalWriter) {
    writer.field("application", application)
    switch outcome {
    case .selected(let line, let pass):
      writer.field("line", Optional(line))
      writer.field("pass", pass)
      writer.field("rank", rank)
      writer.field("reason", Reason?.none)
      writer.field("reserve", Int32(0))
    case .notSelected(let reason, let reserve):
      writer.field("line", LineID?.none)
      writer.field("pass", Int32(0))
      writer.field("rank", rank)
      writer.field("reason", Optional(reason))
      writer.field("reserve", reserve)
    }
    writer.field("score", score)
  }

  public init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
    application = try reader.field("application")
    let line: LineID? = try reader.field("line")
    let pass: Int32 = try reader.field("pass")
    rank = try reader.field("rank")
    let reason: Reason? = try reader.field("reason")
    let reserve: Int32 = try reader.field("reserve")
    score = try reader.field("score")
    switch (line, reason) {
    case (.some(let line), nil) where reserve == 0: outcome = .selected(line: line, pass: pass)
    case (nil, .some(let reason)) where pass == 0:
      outcome = .notSelected(reason, reserve: reserve)
    default: throw reader.malformed("outcome")
    }
  }
}
