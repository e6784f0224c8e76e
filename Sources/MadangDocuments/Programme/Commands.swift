public import MadangProgramme

extension ProgrammeFolder {
  /// The commands that make an empty programme what the folder says.
  public func commands() -> [Command] { commands(onto: Programme()) }

  /// The commands that make `programme` what the folder says, in an order in which each is
  /// accepted: only what is new or changed. Nothing is ever taken out of a programme, and what is
  /// recorded of a line is never changed; `conflicts(with:)` tells where the folder would have it
  /// so.
  public func commands(onto programme: Programme) -> [Command] {
    let names = Names(self, onto: programme)
    var batch = CommandBatch(programme: programme)
    if programme.charter == nil { batch.commands.append(.found(charter)) }
    defineAgreements(names, &batch)
    defineFleet(names, &batch)
    definePools(names, &batch)
    defineSupply(names, &batch)
    defineCalls(names, &batch)
    definePrices(names, &batch)
    recordSupply(names, &batch)
    return batch.commands
  }

  private func defineAgreements(_ names: Names, _ batch: inout CommandBatch) {
    let programme = batch.programme
    for it in sources {
      batch.define(names.sources[it.slug], it, programme.sources, Definition.source)
    }
    for it in parties {
      batch.define(names.parties[it.slug], it, programme.parties, Definition.party)
    }
    for it in agreements {
      batch.define(
        names.agreements[it.slug], it.resolved(names), programme.agreements,
        Definition.agreement)
    }
    for it in commitments {
      batch.define(
        names.commitments[it.slug], it.resolved(names), programme.commitments,
        Definition.commitment)
    }
    let target = target.resolved(names)
    if programme.target != target { batch.commands.append(.define(.target(target))) }
    if programme.readableDays != readableDays {
      batch.commands.append(.define(.readableDays(readableDays)))
    }
  }

  private func defineFleet(_ names: Names, _ batch: inout CommandBatch) {
    let programme = batch.programme
    for it in models {
      batch.define(names.models[it.slug], it, programme.models, Definition.model)
    }
    let conversions = conversions.map { $0.resolved(names) }
    if programme.conversions != conversions {
      batch.commands.append(.define(.conversions(conversions)))
    }
    for it in sites {
      batch.define(names.sites[it.slug], it.resolved(names), programme.sites, Definition.site)
    }
    for it in clusters {
      batch.define(
        names.clusters[it.slug], it.resolved(names), programme.clusters, Definition.cluster)
    }
    for it in clusters {
      let id = names.clusters[it.slug]
      guard let engine = it.engine, programme.bindings.row(id)?.engine != engine else { continue }
      batch.commands.append(.define(.engine(id, engine)))
    }
  }

  private func defineSupply(_ names: Names, _ batch: inout CommandBatch) {
    let programme = batch.programme
    for it in tranches {
      batch.define(
        names.tranches[it.slug], it.resolved(names), programme.tranches, Definition.tranche)
    }
    for it in lines {
      let (id, line) = (names.lines[it.slug], it.resolved(names))
      if programme.lines.row(id)?.line != line { batch.commands.append(.define(.line(id, line))) }
    }
  }

  /// Pools that get less come first, then new ones, then those that get more: on the way, the
  /// shares below one pool never pass the whole of it.
  private func definePools(_ names: Names, _ batch: inout CommandBatch) {
    let programme = batch.programme
    func turn(_ draft: PoolDraft) -> Int {
      guard let old = programme.pools.row(names.pools[draft.slug]) else { return 1 }
      let sameParent = old.parent == draft.parent.map { names.pools[$0] }
      guard sameParent, let before = old.share, let after = draft.share else {
        // A pool that moves leaves one parent and joins another; where that one is new, it waits.
        let joinsNew = draft.parent.map { names.pools.isNew($0, in: programme.pools) } ?? false
        return sameParent && old.share == nil ? 3 : joinsNew ? 2 : 0
      }
      return after <= before ? 0 : 3
    }
    for step in 0...3 {
      for it in pools where turn(it) == step {
        batch.define(names.pools[it.slug], it.resolved(names), programme.pools, Definition.pool)
      }
    }
  }

  private func defineCalls(_ names: Names, _ batch: inout CommandBatch) {
    let programme = batch.programme
    for call in calls {
      batch.define(
        names.calls[call.slug], call.resolved(names), programme.calls, Definition.call)
    }
    for call in calls {
      for it in call.tracks {
        let track = Track(
          slug: it.slug, call: names.calls[call.slug], name: it.name, pool: names.pools[it.pool],
          organisations: it.organisations)
        let id = names.tracks[TrackName(call: call.slug, track: it.slug)]
        batch.define(id, track, programme.tracks, Definition.track)
      }
    }
    for call in calls {
      for it in call.rounds {
        guard let rules = ruleSets[it.rulesPath] else { continue }
        let round = it.resolved(names.calls[call.slug], rules.resolved(names.pools), names)
        let id = names.rounds[RoundName(call: call.slug, number: it.number)]
        if programme.rounds.row(id)?.round != round {
          batch.commands.append(.define(.round(id, round)))
        }
      }
    }
  }

  private func definePrices(_ names: Names, _ batch: inout CommandBatch) {
    let programme = batch.programme
    for it in prices {
      batch.define(names.prices[it.slug], it.resolved(names), programme.prices, Definition.price)
    }
    for it in charges {
      batch.define(
        names.charges[it.slug], it.resolved(names), programme.charges, Definition.charge)
    }
    if programme.calendar != holidays { batch.commands.append(.define(.holidays(holidays))) }
  }

  private func recordSupply(_ names: Names, _ batch: inout CommandBatch) {
    for line in lines {
      let id = names.lines[line.slug]
      let history = batch.programme.lines.row(id)
      for step in added(line.steps.map { $0.resolved(names) }, to: history?.steps) {
        batch.commands.append(.recordStep(id, step))
      }
      for units in added(line.units.map(\.value), to: history?.units) {
        batch.commands.append(.registerUnits(id, units))
      }
      for window in added(windows(of: line.slug, names), to: history?.maintenance) {
        batch.commands.append(.scheduleMaintenance(id, window))
      }
    }
  }

  func windows(of line: Slug, _ names: Names) -> [Maintenance] {
    maintenance.filter { $0.line == line }.map { $0.resolved(names) }
  }
}

/// What stands in `listed` and is not yet recorded, in order. Nothing where something recorded is
/// not listed: a record that was changed in the file would otherwise count twice.
private func added<Item: Hashable>(_ listed: [Item], to recorded: [Item]?) -> [Item] {
  var left = recorded ?? []
  var new: [Item] = []
  for item in listed {
    if let index = left.firstIndex(of: item) { left.remove(at: index) } else { new.append(item) }
  }
  return left.isEmpty ? new : []
}

/// Commands in the making, against the programme as it is before the first of them.
private struct CommandBatch {
  let programme: Programme
  var commands: [Command] = []

  mutating func define<Kind, Row: Equatable>(
    _ id: Identifier<Kind>, _ row: Row, _ table: PagedTable<Kind, Row>,
    _ definition: (Identifier<Kind>, Row) -> Definition
  ) {
    if table.row(id) != row { commands.append(.define(definition(id, row))) }
  }
}
