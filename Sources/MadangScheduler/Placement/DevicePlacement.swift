/// Parts of devices: they go where the least is left of a device that others have opened, and only
/// where none of those will do is another one opened.
extension Placement {
  /// The node for parts that one node must hold: the one on which opened devices hold all of them,
  /// the least left first; else the one with the fewest GPUs free that holds them. First among
  /// nodes that would not be short of processor or memory.
  mutating func findDevices(
    _ ask: Ask, _ fleet: borrowing Fleet, _ holds: borrowing Holds
  ) -> Bool {
    let parts = Int(ask.tasks) * Int(ask.tasksPerUnit)
    // With fewer whole ones free, opened ones must help.
    let needed = (parts + ask.perDevice - 1) / ask.perDevice
    for isShort in [false, true] where !isShort || fleet.hasCompanions {
      let opened = opened(ask, needed, isShort: isShort, fleet, holds)
      if let tightest = opened.tightest { return put(ask, tightest) }
      let gpus = SchedulerLimits.gpusPerNodeMax
      let most = opened.fewest.map { min(Int($0.left), gpus) } ?? gpus
      let other =
        needed <= gpus
        ? node(free: needed...max(needed, most), isShort: isShort, ask, fleet, holds) : nil
      let fewest = [opened.fewest, other].compactMap { $0 }.min()
      if let fewest { return put(ask, fewest) }
    }
    return false
  }

  /// Where opened devices hold all parts; where whole ones must hold some of them.
  private struct Opened {
    var tightest: Tightness?
    var fewest: Tightness?
  }

  /// Of nodes that would not be short, or of all. Devices beside which too little is left of the
  /// processor are leapt over, so that it takes a look at each device that could be, and one for
  /// each different rest of a device.
  private mutating func opened(
    _ ask: Ask, _ needed: Int, isShort: Bool, _ fleet: borrowing Fleet, _ holds: borrowing Holds
  ) -> Opened {
    var opened = Opened()
    let cpuMilli = Int64(ask.tasks) * ask.cpuMilli
    for cluster in fleet.topology.clustersOfModel[ask.model] {
      let byLeft = fleet.parts.byLeft[Int(cluster)]
      let kept = isShort || !fleet.hasCompanions ? 0 : fleet.spare[Int(cluster)].leastKept
      var cursor = byLeft.cursor(above: Parts.key(left: Int64(ask.milli), cpuMilli: 0) - 1)
      while let entry = byLeft.entry(at: cursor) {
        counters.nodes += 1
        let left = Parts.left(ofKey: entry.key)
        if let known = opened.tightest, known.left < left { break }
        // Less than this is too little, or makes any node short.
        let rest = max(0, left - Int64(ask.tasks * ask.tasksPerUnit) * Int64(ask.milli))
        let least = Parts.key(left: left, cpuMilli: cpuMilli + kept * rest / PoolTree.unit)
        if entry.key < least {
          cursor = byLeft.cursor(above: least - 1)
          continue
        }
        byLeft.advance(&cursor)
        let node = Parts.node(ofItem: entry.item)
        if !isShort, fleet.isShort(node, ask) { continue }
        var room = fleet.openRoom(node)
        let spare = fleet.spareCPUMilli(node)
        if needed > 1, hasRoom(ask, node, room, fleet, holds) {
          let tight = Tightness(
            level: .node, isShort: isShort, opens: true, left: Int64(room.usable), spare: spare,
            part: node)
          opened.fewest = min(opened.fewest ?? tight, tight)
        }
        let tight = Tightness(
          level: .node, isShort: isShort, left: left, spare: spare, part: node)
        if let known = opened.tightest, known < tight { break }
        room.free = 0
        guard hasRoom(ask, node, room, fleet, holds) else { continue }
        opened.tightest = tight
        break
      }
    }
    return opened
  }

  private mutating func put(_ ask: Ask, _ tight: Tightness) -> Bool {
    tightness = tight
    found.append(Place(node: Int32(tight.part), tasks: ask.tasks * ask.tasksPerUnit))
    return true
  }

  private func hasRoom(
    _ ask: Ask, _ node: Int, _ room: Room, _ fleet: borrowing Fleet, _ holds: borrowing Holds
  ) -> Bool {
    let units = holds.units(node, ask, room)
    return ask.units(units, cpuMilli: fleet.cpuMilli[node], memoryMiB: fleet.memoryMiB[node])
      >= ask.tasks
  }
}

extension Fleet {
  /// Says on which devices of their nodes parts go: where the least is left first, then on new
  /// ones. Numbers that are spoken for in the time to come are passed over.
  func devices(
    for places: [Place], _ ask: Ask, _ holds: borrowing Holds
  ) -> [Place] {
    guard ask.milli > 0 else { return places }
    var result: [Place] = []
    for place in places {
      let node = Int(place.node)
      let room = openRoom(node)
      var left = holds.left(node, ask.until, room)
      var rest = place.tasks
      func put(_ device: Int, _ tasks: Int) {
        let tasks = min(rest, Int32(tasks))
        result.append(Place(node: place.node, tasks: tasks, device: Int32(device)))
        rest -= tasks
      }
      while rest > 0 {
        var least: Int?
        for device in 0..<Room.devices where Int(left[device]) >= ask.milli {
          if least.map({ left[device] < left[$0] }) ?? true { least = device }
        }
        guard let least else { break }
        put(least, Int(left[least]) / ask.milli)
        left[least] = 0
      }
      var taken = room.opened | holds.spokenFor(node, until: ask.until)
      while rest > 0 {
        let device = (~taken).trailingZeroBitCount
        precondition(device < Room.devices, "a device for each part was counted")
        put(device, ask.perDevice)
        taken |= 1 << UInt32(device)
      }
    }
    return result
  }
}
