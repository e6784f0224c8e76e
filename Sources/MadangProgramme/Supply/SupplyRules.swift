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
    // A plan whose day is over is none: what was to come then may be planned anew.
    let total = history.sum(of: step.state, foreseen: step.planned, on: today) + step.gpus
    // The largest claim bounds: sources may disagree on the line, not exceed all of them.
    let most = history.line.gpus.all.map(\.value).max() ?? 0
    if total > most {
      throw .supply(.moreThanLine(id, state: step.state, gpus: total, line: most))
    }
    for earlier in SupplyState.allCases where earlier < step.state {
      let reached = history.sum(of: earlier, foreseen: step.planned, on: today)
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

  /// Servers are registered once: their serial numbers are nobody else's, of any line.
  private func checkSerials(_ units: AssetUnits) throws(Refusal) {
    var taken = false
    lines.forEach { _, history in
      if history.units.contains(where: { $0.overlaps(units) }) { taken = true }
    }
    if taken { throw .supply(.unitsTwice(units.firstSerial)) }
  }

  func decideUnits(_ id: LineID, _ units: AssetUnits) throws(Refusal) -> Event {
    try exists(id, lines)
    try range("servers", units.servers, 1...Limits.gpusMax)
    let history = lines[id]
    guard let model = history.line.model else { throw .calls(.lineWithoutModel(id)) }
    guard units.isSerial else { throw .supply(.noSerial) }
    let registered = history.units.reduce(units.servers) { $0 + $1.servers }
    // The largest claim bounds, as of steps.
    let most = history.line.gpus.all.map(\.value).max() ?? 0
    let servers = most / models[model].gpusPerServer
    guard registered <= servers else {
      throw .supply(.moreUnitsThanServers(id, units: registered, servers: servers))
    }
    try checkSerials(units)
    return .unitsRegistered(id, units)
  }

  func decideMaintenance(_ id: LineID, _ window: Maintenance) throws(Refusal) -> Event {
    try exists(id, lines)
    try exists(window.source, sources)
    try range("gpus", window.gpus, 1...max(1, lines[id].line.gpus.value))
    return .maintenanceScheduled(id, window)
  }
}

extension AssetUnits {
  /// Whether it is a serial number: letters, digits and `-._/`, with a running number at the end.
  /// A text of somebody's would stand in the clear in the ledger, for ever.
  public var isSerial: Bool {
    firstSerial.serial != nil
      && firstSerial.value.utf8.allSatisfy { byte in
        (45...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || byte == 95
      }
  }

  /// Whether a serial number is of both.
  public func overlaps(_ other: AssetUnits) -> Bool {
    guard let (prefix, first) = firstSerial.serial, let (others, second) = other.firstSerial.serial
    else { return firstSerial == other.firstSerial }
    return prefix == others && first < second + other.servers && second < first + servers
  }
}

extension Text {
  /// What stands before the number that a serial ends with, and that number; nothing where it ends
  /// with none, or with one that is too long to count on from.
  fileprivate var serial: (prefix: [UInt8], number: Int64)? {
    let digits = value.utf8.reversed().prefix { (48...57).contains($0) }.count
    guard (1...15).contains(digits) else { return nil }
    let prefix = Array(value.utf8.dropLast(digits))
    let number = value.utf8.suffix(digits).reduce(Int64(0)) { $0 * 10 + Int64($1) - 48 }
    return (prefix, number)
  }
}

extension LineHistory {
  /// GPUs recorded as having reached exactly `state`, with those still foreseen or without.
  func sum(of state: SupplyState, foreseen: Bool, on today: Day) -> Int64 {
    foreseenAndCome(state).reduce(0) { sum, step in
      step.planned && (!foreseen || step.isOverdue(on: today)) ? sum : sum + step.gpus
    }
  }
}
