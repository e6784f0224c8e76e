/// The rows of allocations and what binds them.
extension Amendment {
  func writeRow(to writer: inout SnapshotWriter) {
    writer.id(award)
    writer.canonical(change)
    writer.person(drafter)
    writer.canonical(ground)
    writer.byte(standing.rawValue)
  }

  init(row reader: inout SnapshotReader) throws(Malformed) {
    award = try reader.id()
    change = try reader.canonicalOrNone()
    drafter = try reader.personOrNone()
    ground = try reader.canonicalOrNone()
    guard let standing = Standing(rawValue: try reader.byte()) else {
      throw reader.malformed("a standing")
    }
    self.standing = standing
  }
}

extension Allocation {
  func writeRow(to writer: inout SnapshotWriter) {
    writer.id(award)
    writer.id(cluster)
    writer.limit(limit)
    writer.option(override) { $0.limit($1) }
    writer.term(term)
    writer.byte(standing.rawValue)
    writer.integer(generation)
    writer.option(enforcedGeneration) { $0.integer($1) }
    writer.option(firstUse) { $0.integer($1.seconds) }
    writer.option(drift) { $0.word($1) }
    writer.option(driftSince) { $0.integer($1.seconds) }
    writer.integer(missingGPUs)
    writer.integer(outage.count)
    writer.option(confirmed) { $0.digest($1) }
    writer.option(heldGPUs) { $0.integer($1) }
    writer.option(readableTo) { $0.day($1) }
    writer.integer(lentGPUs)
    writer.id(lending)
    writer.integer(spent.count)
    writer.option(limitSince) { $0.integer($1.seconds) }
    writer.integer(promised.count)
    writer.option(promisedUntil) { $0.integer($1.seconds) }
  }

  init(row reader: inout SnapshotReader) throws(Malformed) {
    award = try reader.id()
    cluster = try reader.id()
    limit = try reader.limit()
    override = try reader.option { (row) throws(Malformed) in try row.limit() }
    term = try reader.term()
    guard let standing = Standing(rawValue: try reader.byte()) else {
      throw reader.malformed("a standing")
    }
    self.standing = standing
    generation = try reader.integer()
    enforcedGeneration = try reader.option { (row) throws(Malformed) in try row.integer() }
    firstUse = try reader.option { (row) throws(Malformed) in try row.instant() }
    drift = try reader.option { (row) throws(Malformed) in try row.word() }
    driftSince = try reader.option { (row) throws(Malformed) in try row.instant() }
    missingGPUs = try reader.integer()
    outage = GPUSeconds(try reader.instant().seconds)
    confirmed = try reader.option { (row) throws(Malformed) in try row.digest() }
    heldGPUs = try reader.option { (row) throws(Malformed) in try row.integer() }
    readableTo = try reader.option { (row) throws(Malformed) in try row.day() }
    lentGPUs = try reader.integer()
    lending = try reader.idOrNone()
    spent = GPUSeconds(try reader.instant().seconds)
    limitSince = try reader.option { (row) throws(Malformed) in try row.instant() }
    promised = GPUSeconds(try reader.instant().seconds)
    promisedUntil = try reader.option { (row) throws(Malformed) in try row.instant() }
  }
}

extension Lending {
  func writeRow(to writer: inout SnapshotWriter) {
    writer.id(lender)
    writer.id(award)
    writer.integer(gpus)
    writer.day(to)
    writer.integer(noticeDays)
    writer.person(offerer)
    writer.byte(standing.rawValue)
    writer.id(allocation)
  }

  init(row reader: inout SnapshotReader) throws(Malformed) {
    lender = try reader.id()
    award = try reader.id()
    gpus = try reader.integer()
    to = try reader.day()
    noticeDays = try reader.integer()
    offerer = try reader.personOrNone()
    guard let standing = Standing(rawValue: try reader.byte()) else {
      throw reader.malformed("a standing")
    }
    self.standing = standing
    allocation = try reader.idOrNone()
  }
}

extension Departure {
  func writeRow(to writer: inout SnapshotWriter) {
    writer.id(allocation)
    writer.id(cluster)
    writer.limit(limit)
    writer.integer(gpus)
    writer.option(stays) { $0.integer($1) }
    writer.day(from)
    writer.option(readableTo) { $0.day($1) }
    writer.byte(stage.rawValue)
    writer.integer(generation)
    writer.option(certificate) { $0.digest($1) }
  }

  init(row reader: inout SnapshotReader) throws(Malformed) {
    allocation = try reader.id()
    cluster = try reader.id()
    limit = try reader.limit()
    gpus = try reader.integer()
    stays = try reader.option { (row) throws(Malformed) in try row.integer() }
    from = try reader.day()
    readableTo = try reader.option { (row) throws(Malformed) in try row.day() }
    guard let stage = Stage(rawValue: try reader.byte()) else { throw reader.malformed("a stage") }
    self.stage = stage
    generation = try reader.integer()
    certificate = try reader.option { (row) throws(Malformed) in try row.digest() }
  }
}

extension ClusterBinding {
  func writeRow(to writer: inout SnapshotWriter) {
    writer.canonical(engine)
    writer.id(agent)
    writer.integer(generation)
  }

  init(row reader: inout SnapshotReader) throws(Malformed) {
    engine = try reader.canonicalOrNone()
    agent = try reader.idOrNone()
    generation = try reader.integer()
  }
}

extension Agent {
  func writeRow(to writer: inout SnapshotWriter) {
    writer.id(cluster)
    writer.canonical(algorithm)
    writer.canonical(key)
    writer.flag(revoked)
  }

  init(row reader: inout SnapshotReader) throws(Malformed) {
    cluster = try reader.id()
    algorithm = try reader.canonical()
    key = try reader.canonical()
    revoked = try reader.flag()
  }
}

extension SnapshotWriter {
  fileprivate mutating func limit(_ limit: AllocationLimit) {
    switch limit {
    case .reserved(let gpus):
      byte(0)
      integer(gpus)
    case .budget(let seconds):
      byte(1)
      integer(seconds.count)
    }
  }
}

extension SnapshotReader {
  /// An amount within 2⁵³ − 1, as instants are.
  fileprivate mutating func limit() throws(Malformed) -> AllocationLimit {
    let isBudget = try flag()
    let amount = try instant().seconds
    return isBudget ? .budget(GPUSeconds(amount)) : .reserved(gpus: amount)
  }
}
