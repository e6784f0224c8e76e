/// Rules of supply: nothing is further along than what came before it, and nothing is done that
/// lies in the future.
extension Programme {
  func decideStep(
    _ id: LineID, _ step: SupplyStep, _ envelope: Envelope
  ) throws(Refusal) -> Event {
    try exists(id, lines)
    try exists(step.source, sources)
    try range("gpus", step.gpus, 1...Limits.gpusMax)
    let history = lines[id]
    let today = try today(envelope)
    if !step.planned, step.on > today { throw .supply(.notYet(step.on)) }
    // What came is bounded by what came before it; what is foreseen, by what came or is foreseen.
    let total = history.sum(of: step.state, foreseen: step.planned) + step.gpus
    // The largest claim bounds: sources may disagree on the line, not exceed all of them.
    let most = history.line.gpus.all.map(\.value).max() ?? 0
    if total > most {
      throw .supply(.moreThanLine(id, state: step.state, gpus: total, line: most))
    }
    for earlier in SupplyState.allCases where earlier < step.state {
      let reached = history.sum(of: earlier, foreseen: step.planned)
      // States that nobody recorded bound nothing, but only what is in service can be retired.
      let bounds = reached > 0 || (step.state == .retired && earlier == .inService)
      if bounds, total > reached {
        throw .supply(
          .aheadOfEarlierState(
            id, state: step.state, gpus: total, earlier: earlier, of: reached))
      }
    }
    return .supplyStepped(id, step)
  }

  func decideUnits(_ id: LineID, _ units: AssetUnits) throws(Refusal) -> Event {
    try exists(id, lines)
    try range("servers", units.servers, 1...Limits.gpusMax)
    let history = lines[id]
    guard let model = history.line.model else { throw .calls(.lineWithoutModel(id)) }
    let registered = history.units.reduce(units.servers) { $0 + $1.servers }
    let servers = history.line.gpus.value / models[model].gpusPerServer
    guard registered <= servers else {
      throw .supply(.moreUnitsThanServers(id, units: registered, servers: servers))
    }
    return .unitsRegistered(id, units)
  }

  func decideMaintenance(_ id: LineID, _ window: Maintenance) throws(Refusal) -> Event {
    try exists(id, lines)
    try exists(window.source, sources)
    try range("gpus", window.gpus, 1...max(1, lines[id].line.gpus.value))
    return .maintenanceScheduled(id, window)
  }
}

extension LineHistory {
  /// GPUs recorded as having reached exactly `state`, with those still foreseen or without.
  func sum(of state: SupplyState, foreseen: Bool) -> Int64 {
    foreseenAndCome(state).reduce(0) { foreseen || !$1.planned ? $0 + $1.gpus : $0 }
  }
}
