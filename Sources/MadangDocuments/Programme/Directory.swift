internal import MadangProgramme

/// Which identifier each short name of one kind has: those of the programme as it is, and the next
/// ones, in order, for what the folder adds.
struct Directory<Name: Hashable & Sendable, Kind: IdentifierKind>: Sendable {
  private var ids: [Name: Identifier<Kind>] = [:]
  private var next = 1

  init<Row>(_ table: PagedTable<Kind, Row>, _ name: (Row) -> Name) {
    table.forEach { id, row in ids[name(row)] = id }
    next = table.count + 1
  }

  /// Gives every name that has none the next identifier.
  mutating func admit(_ names: some Sequence<Name>) {
    for name in names where ids[name] == nil {
      ids[name] = Identifier(next)
      next += 1
    }
  }

  /// The identifier of a name that the reader let through.
  subscript(name: Name) -> Identifier<Kind> {
    guard let id = ids[name] else { preconditionFailure("a name that nothing defines") }
    return id
  }

  /// Whether a name's identifier is of this table, not yet to be appended.
  func isNew<Row>(_ name: Name, in table: PagedTable<Kind, Row>) -> Bool {
    ids[name].map { !table.contains($0) } ?? true
  }
}

/// A track's name: short names of tracks are unique within a call.
struct TrackName: Hashable, Sendable {
  let call: Slug
  let track: Slug
}

/// A round's name.
struct RoundName: Hashable, Sendable {
  let call: Slug
  let number: Int64
}

/// The identifiers of everything that a folder names, in one programme.
struct Names: Sendable {
  var sources: Directory<Slug, SourceKind>
  var parties: Directory<Slug, PartyKind>
  var agreements: Directory<Slug, AgreementKind>
  var commitments: Directory<Slug, CommitmentKind>
  var models: Directory<Slug, DeviceModelKind>
  var sites: Directory<Slug, SiteKind>
  var clusters: Directory<Slug, ClusterKind>
  var tranches: Directory<Slug, TrancheKind>
  var lines: Directory<Slug, LineKind>
  var pools: Directory<Slug, PoolKind>
  var prices: Directory<Slug, PriceKind>
  var charges: Directory<Slug, ChargeKind>
  var calls: Directory<Slug, CallKind>
  var tracks: Directory<TrackName, TrackKind>
  var rounds: Directory<RoundName, RoundKind>

  /// What `programme` already names.
  init(_ programme: Programme) {
    sources = Directory(programme.sources) { $0.slug }
    parties = Directory(programme.parties) { $0.slug }
    agreements = Directory(programme.agreements) { $0.slug }
    commitments = Directory(programme.commitments) { $0.slug }
    models = Directory(programme.models) { $0.slug }
    sites = Directory(programme.sites) { $0.slug }
    clusters = Directory(programme.clusters) { $0.slug }
    tranches = Directory(programme.tranches) { $0.slug }
    lines = Directory(programme.lines) { $0.line.slug }
    pools = Directory(programme.pools) { $0.slug }
    prices = Directory(programme.prices) { $0.slug }
    charges = Directory(programme.charges) { $0.slug }
    calls = Directory(programme.calls) { $0.slug }
    tracks = Directory(programme.tracks) {
      TrackName(call: programme.calls[$0.call].slug, track: $0.slug)
    }
    rounds = Directory(programme.rounds) {
      RoundName(call: programme.calls[$0.round.call].slug, number: $0.round.number)
    }
  }

  /// And what `folder` adds to it.
  init(_ folder: ProgrammeFolder, onto programme: Programme) {
    self.init(programme)
    sources.admit(folder.sources.map(\.slug))
    parties.admit(folder.parties.map(\.slug))
    agreements.admit(folder.agreements.map(\.slug))
    commitments.admit(folder.commitments.map(\.slug))
    models.admit(folder.models.map(\.slug))
    sites.admit(folder.sites.map(\.slug))
    clusters.admit(folder.clusters.map(\.slug))
    tranches.admit(folder.tranches.map(\.slug))
    lines.admit(folder.lines.map(\.slug))
    pools.admit(folder.pools.map(\.slug))
    prices.admit(folder.prices.map(\.slug))
    charges.admit(folder.charges.map(\.slug))
    calls.admit(folder.calls.map(\.slug))
    for call in folder.calls {
      tracks.admit(call.tracks.map { TrackName(call: call.slug, track: $0.slug) })
      rounds.admit(call.rounds.map { RoundName(call: call.slug, number: $0.number) })
    }
  }
}
