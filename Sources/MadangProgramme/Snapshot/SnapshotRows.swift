/// The narrow rows, field by field. Words are stored by their place in their type's list, so a word
/// that is added at the end leaves older bytes readable; any other change raises the version.
extension SnapshotWriter {
  mutating func word<Word: CanonicalWord & Equatable>(_ word: Word) {
    byte(UInt8(Array(Word.allCases).firstIndex(of: word) ?? 0))
  }
}

extension SnapshotReader {
  mutating func word<Word: CanonicalWord>() throws(Malformed) -> Word {
    let index = Int(try byte())
    let words = Array(Word.allCases)
    guard index < words.count else { throw malformed("a word") }
    return words[index]
  }
}

extension Organisation {
  func writeRow(to writer: inout SnapshotWriter) {
    writer.word(form)
    writer.flag(synthetic)
    writer.canonical(region)
  }

  init(row reader: inout SnapshotReader) throws(Malformed) {
    let form: OrganisationForm = try reader.word()
    let synthetic = try reader.flag()
    self.init(form: form, region: try reader.canonical(), synthetic: synthetic)
  }
}

extension Application {
  func writeRow(to writer: inout SnapshotWriter) {
    writer.id(round)
    writer.id(track)
    writer.id(organisation)
    writer.integer(gpus)
    writer.term(term)
    writer.byte(UInt8(models.count))
    for index in 0..<models.count { writer.id(models[index]) }
    writer.integer(receivedAt.seconds)
    writer.digest(content)
    writer.byte(standing.rawValue)
    writer.flag(synthetic)
    writer.integer(brokenRule)
    writer.integer(revisions)
    writer.integer(reviewCount)
    writer.integer(pointSum)
    writer.integer(lastReview)
    writer.id(offer)
  }

  init(row reader: inout SnapshotReader) throws(Malformed) {
    round = try reader.id()
    track = try reader.idOrNone()
    organisation = try reader.idOrNone()
    gpus = try reader.integer()
    term = try reader.term()
    models = try ModelPreference(row: &reader)
    receivedAt = try reader.instant()
    content = try reader.digest()
    guard let standing = Standing(rawValue: try reader.byte()) else {
      throw reader.malformed("a standing")
    }
    self.standing = standing
    synthetic = try reader.flag()
    brokenRule = try reader.integer()
    revisions = try reader.integer()
    reviewCount = try reader.integer()
    pointSum = try reader.integer()
    lastReview = try reader.integer()
    offer = try reader.idOrNone()
  }
}

extension ModelPreference {
  init(row reader: inout SnapshotReader) throws(Malformed) {
    var list: [DeviceModelID] = []
    for _ in 0..<(try reader.byte()) { list.append(try reader.id()) }
    guard let models = list.isEmpty ? .erased : ModelPreference(list) else {
      throw reader.malformed("models")
    }
    self = models
  }
}

extension Review {
  func writeRow(to writer: inout SnapshotWriter) {
    writer.id(application)
    writer.person(reviewer)
    writer.byte(kind.rawValue)
    writer.integer(pointSum)
    writer.integer(previous)
  }

  init(row reader: inout SnapshotReader) throws(Malformed) {
    application = try reader.idOrNone()
    reviewer = try reader.personOrNone()
    guard let kind = Kind(rawValue: try reader.byte()) else { throw reader.malformed("a kind") }
    self.kind = kind
    pointSum = try reader.integer()
    previous = try reader.integer()
  }
}

extension Ranked {
  func writeRow(to writer: inout SnapshotWriter) {
    writer.id(application)
    writer.integer(rank)
    writer.integer(score.points)
    writer.integer(score.scale)
    switch outcome {
    case .selected(let line, let pass):
      writer.id(line)
      writer.integer(pass)
    case .notSelected(let reason, let reserve):
      writer.integer(Int32(0))
      writer.integer(reserve)
      reason.writeRow(to: &writer)
    }
  }

  init(row reader: inout SnapshotReader) throws(Malformed) {
    let application: ApplicationID = try reader.id()
    let rank: Int32 = try reader.integer()
    let points: Int64 = try reader.integer()
    let scale: Int64 = try reader.integer()
    guard points >= 0, scale >= 0 else { throw reader.malformed("a score") }
    let line: LineID? = try reader.idOrNone()
    let number: Int32 = try reader.integer()
    let outcome: Outcome =
      if let line {
        .selected(line: line, pass: number)
      } else {
        .notSelected(try Reason(row: &reader), reserve: number)
      }
    self.init(
      application: application, rank: rank, score: Score(points: points, scale: scale),
      outcome: outcome)
  }
}

extension Reason {
  private static let words: [String] = [
    "ineligible", "withdrawn", "notReviewed", "tooLarge", "notWholeUnits", "belowMinimumScore",
    "organisationCap", "shareExhausted", "capacityExhausted", "closed",
    "termOver",
  ]

  func writeRow(to writer: inout SnapshotWriter) {
    let spelled = spelled
    guard let word = Reason.words.firstIndex(of: spelled.word) else {
      preconditionFailure("a reason that snapshots do not know")
    }
    writer.byte(UInt8(word))
    writer.integer(Int32(clamping: spelled.a))
    writer.integer(Int32(clamping: spelled.b))
    writer.flag(spelled.day != nil)
    if let day = spelled.day { writer.day(day) }
  }

  init(row reader: inout SnapshotReader) throws(Malformed) {
    let word = Int(try reader.byte())
    let a: Int32 = try reader.integer()
    let b: Int32 = try reader.integer()
    let day: Day? = try reader.flag() ? try reader.day() : nil
    guard word < Reason.words.count,
      let reason = Reason(word: Reason.words[word], a: a, b: b, day: day)
    else { throw reader.malformed("a reason") }
    self = reason
  }
}

extension Offer {
  func writeRow(to writer: inout SnapshotWriter) {
    writer.id(application)
    writer.id(round)
    writer.id(organisation)
    writer.id(pool)
    writer.id(line)
    writer.integer(gpus)
    writer.term(term)
    writer.integer(rank)
    writer.integer(pass)
    writer.day(acceptBy)
    writer.byte(standing.rawValue)
    writer.id(award)
  }

  init(row reader: inout SnapshotReader) throws(Malformed) {
    application = try reader.id()
    round = try reader.id()
    organisation = try reader.id()
    pool = try reader.id()
    line = try reader.id()
    gpus = try reader.integer()
    term = try reader.term()
    rank = try reader.integer()
    pass = try reader.integer()
    acceptBy = try reader.day()
    guard let standing = Standing(rawValue: try reader.byte()) else {
      throw reader.malformed("a standing")
    }
    self.standing = standing
    award = try reader.idOrNone()
  }
}

extension Award {
  func writeRow(to writer: inout SnapshotWriter) {
    writer.id(contract)
    writer.id(application)
    writer.id(organisation)
    writer.id(pool)
    writer.id(line)
    writer.integer(gpus)
    writer.term(term)
    writer.option(clock) { $0.day($1) }
    writer.integer(owedDays)
    writer.option(ended) { $0.day($1) }
    writer.option(returnedOn) { $0.day($1) }
    writer.flag(suspended)
    writer.integer(missed.count)
    writer.option(suspendedSince) { $0.day($1) }
    writer.integer(suspendedDays)
  }

  init(row reader: inout SnapshotReader) throws(Malformed) {
    contract = try reader.id()
    application = try reader.id()
    organisation = try reader.id()
    pool = try reader.id()
    line = try reader.id()
    gpus = try reader.integer()
    term = try reader.term()
    clock = try reader.option { (row) throws(Malformed) in try row.day() }
    owedDays = try reader.integer()
    ended = try reader.option { (row) throws(Malformed) in try row.day() }
    returnedOn = try reader.option { (row) throws(Malformed) in try row.day() }
    suspended = try reader.flag()
    missed = GPUSeconds(try reader.instant().seconds)
    suspendedSince = try reader.option { (row) throws(Malformed) in try row.day() }
    suspendedDays = try reader.integer()
  }
}

// MARK: - Rounds

extension RoundState {
  func write(to writer: inout SnapshotWriter) {
    writer.canonical(round)
    writer.word(stage)
    writer.flag(draft != nil)
    draft?.write(to: &writer)
    writer.person(drafter)
    writer.flag(published != nil)
    published?.write(to: &writer)
    writer.canonical(result)
    writer.integer(applicationCount)
  }

  init(row reader: inout SnapshotReader) throws(Malformed) {
    self.init(round: try reader.canonical())
    stage = try reader.word()
    draft = try reader.flag() ? try RoundDrafted(row: &reader) : nil
    drafter = try reader.personOrNone()
    published = try reader.flag() ? try RoundPublished(row: &reader) : nil
    result = try reader.canonicalOrNone()
    applicationCount = try reader.integer()
  }
}

extension RoundPublished {
  func write(to writer: inout SnapshotWriter) {
    writer.id(round)
    writer.canonical(rules)
    writer.digest(ruleSet)
    writer.canonical(lines)
    writer.canonical(closings)
    writer.canonical(cutOffs)
    writer.integer(reserves)
    writer.option(on) { $0.day($1) }
    writer.integer(readableDays)
  }

  init(row reader: inout SnapshotReader) throws(Malformed) {
    round = try reader.id()
    rules = try reader.canonical()
    ruleSet = try reader.digest()
    lines = try reader.canonical()
    closings = try reader.canonical()
    cutOffs = try reader.canonical()
    reserves = try reader.integer()
    on = try reader.option { (row) throws(Malformed) in try row.day() }
    readableDays = try reader.integer()
  }
}

extension RoundDrafted {
  func write(to writer: inout SnapshotWriter) {
    writer.id(round)
    writer.canonical(rules)
    writer.digest(ruleSet)
    writer.integer(inputs)
    writer.integer(decider)
    writer.canonical(lines)
    writer.canonical(closings.value)
    writer.list(outcomes.value) { $1.writeRow(to: &$0) }
    writer.person(drafter.value)
    writer.option(on) { $0.day($1) }
    writer.integer(readableDays)
  }

  init(row reader: inout SnapshotReader) throws(Malformed) {
    round = try reader.id()
    rules = try reader.canonical()
    ruleSet = try reader.digest()
    inputs = try reader.integer()
    decider = try reader.integer()
    lines = try reader.canonical()
    let closings: [PublicFacts.Closing]? = try reader.canonicalOrNone()
    self.closings = closings.map { Sealed($0) } ?? .erased
    let outcomes = try reader.listOrNone { (row) throws(Malformed) in try Ranked(row: &row) }
    self.outcomes = outcomes.map { Sealed($0) } ?? .erased
    drafter = try reader.personOrNone().map { Sealed($0) } ?? .erased
    on = try reader.option { (row) throws(Malformed) in try row.day() }
    readableDays = try reader.integer()
  }
}
