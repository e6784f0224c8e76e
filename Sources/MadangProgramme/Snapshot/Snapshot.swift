/// The whole programme as bytes: to start without replaying, and to compare two replays.
///
/// A snapshot is derived and can be thrown away: the journal is the truth. So there is one version,
/// today's; any other is not read. Two programmes that are equal have equal bytes.
///
/// ```
/// version u32 · eventCount i64 · now i64 · advancedTo i64 · charter … target ·
///   tables in the order of `Programme`
///   table    count u32, rows
///   record   length u32, canonical bytes; length 0 for none
/// ```
extension Programme {
  /// Raised whenever what is written below changes.
  public static let snapshotVersion: UInt32 = 10

  /// Complexity: O(rows).
  public func snapshotBytes() -> [UInt8] {
    var writer = SnapshotWriter(
      capacity: 65_536 + 128 * applications.count + 32 * reviews.count + 96 * offers.count)
    writer.integer(Programme.snapshotVersion)
    writer.integer(eventCount)
    writer.integer(now.seconds)
    writer.integer(advancedTo.seconds)
    writer.canonical(charter)
    writeDefinitions(to: &writer)
    writer.table(calls)
    writer.table(tracks)
    writer.table(rounds) { $1.write(to: &$0) }
    writer.table(organisations) { $1.writeRow(to: &$0) }
    writer.table(applications) { $1.writeRow(to: &$0) }
    writer.table(reviews) { $1.writeRow(to: &$0) }
    writer.table(outcomes) { writer, ranked in
      writer.flag(ranked != nil)
      ranked?.writeRow(to: &writer)
    }
    writer.table(offers) { $1.writeRow(to: &$0) }
    writer.table(contracts) { writer, contract in
      writer.id(contract.application)
      writer.day(contract.on)
    }
    writer.table(awards) { $1.writeRow(to: &$0) }
    writer.table(members) { writer, member in
      writer.id(member.award)
      writer.person(member.person)
    }
    writer.table(amendments) { $1.writeRow(to: &$0) }
    writer.table(allocations) { $1.writeRow(to: &$0) }
    writer.table(departures) { $1.writeRow(to: &$0) }
    writer.table(lendings) { $1.writeRow(to: &$0) }
    writer.table(bindings) { $1.writeRow(to: &$0) }
    writer.table(agents) { $1.writeRow(to: &$0) }
    writer.table(clusterAccounts)
    writer.table(allocationUsage)
    writer.table(settlements)
    return writer.bytes
  }

  /// Reads a snapshot of this version; a damaged or other one is `Malformed`.
  public init(snapshotBytes bytes: [UInt8]) throws(Malformed) {
    self.init()
    var reader = SnapshotReader(bytes)
    guard try reader.integer(UInt32.self) == Programme.snapshotVersion else {
      throw reader.malformed("snapshot version \(Programme.snapshotVersion)")
    }
    eventCount = try reader.integer()
    now = try reader.instant()
    advancedTo = try reader.instant()
    charter = try reader.canonicalOrNone()
    try readDefinitions(from: &reader)
    calls = try reader.table()
    tracks = try reader.table()
    rounds = try reader.table { (row) throws(Malformed) in try RoundState(row: &row) }
    organisations = try reader.table { (row) throws(Malformed) in try Organisation(row: &row) }
    applications = try reader.table { (row) throws(Malformed) in try Application(row: &row) }
    reviews = try reader.table { (row) throws(Malformed) in try Review(row: &row) }
    outcomes = try reader.table { (row) throws(Malformed) in
      try row.flag() ? try Ranked(row: &row) : nil
    }
    offers = try reader.table { (row) throws(Malformed) in try Offer(row: &row) }
    contracts = try reader.table { (row) throws(Malformed) in
      Contract(application: try row.id(), on: try row.day())
    }
    awards = try reader.table { (row) throws(Malformed) in try Award(row: &row) }
    members = try reader.table { (row) throws(Malformed) in
      Member(award: try row.id(), person: try row.personOrNone())
    }
    amendments = try reader.table { (row) throws(Malformed) in try Amendment(row: &row) }
    allocations = try reader.table { (row) throws(Malformed) in try Allocation(row: &row) }
    departures = try reader.table { (row) throws(Malformed) in try Departure(row: &row) }
    lendings = try reader.table { (row) throws(Malformed) in try Lending(row: &row) }
    bindings = try reader.table { (row) throws(Malformed) in try ClusterBinding(row: &row) }
    agents = try reader.table { (row) throws(Malformed) in try Agent(row: &row) }
    clusterAccounts = try reader.table()
    allocationUsage = try reader.table()
    settlements = try reader.table()
    try reader.end()
  }

  private func writeDefinitions(to writer: inout SnapshotWriter) {
    writer.table(sources)
    writer.table(parties)
    writer.table(agreements)
    writer.table(commitments)
    writer.canonical(target)
    writer.integer(readableDays)
    writer.table(models)
    writer.canonical(conversions)
    writer.table(sites)
    writer.table(clusters)
    writer.table(tranches)
    writer.table(lines)
    writer.table(pools)
    writer.table(prices)
    writer.table(charges)
    writer.canonical(calendar)
  }

  private mutating func readDefinitions(from reader: inout SnapshotReader) throws(Malformed) {
    sources = try reader.table()
    parties = try reader.table()
    agreements = try reader.table()
    commitments = try reader.table()
    target = try reader.canonicalOrNone()
    readableDays = try reader.integer()
    models = try reader.table()
    conversions = try reader.canonical()
    sites = try reader.table()
    clusters = try reader.table()
    tranches = try reader.table()
    lines = try reader.table()
    pools = try reader.table()
    prices = try reader.table()
    charges = try reader.table()
    calendar = try reader.canonical()
  }
}
