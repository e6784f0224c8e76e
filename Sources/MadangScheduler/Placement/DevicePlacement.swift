/// Parts of devices: they go where the least is left of a device that others have opened, and only
/// where none of those will do is another one opened.
extension Placement {
  /// The node for parts that one node must hold: the one on which opened devices hold all of them,
  /// the least left first; else the one with the fewest GPUs free that holds them.
  mutating func findDevices(
    _ ask: Ask, _ fleet: borrowing Fleet, _ holds: borrowing Holds
  ) -> Bool {
    let parts = Int(ask.tasks) * Int(ask.tasksPerUnit)
    // With fewer whole ones free, opened ones must help.
    let needed = (parts + ask.perDevice - 1) / ask.perDevice
    var tightest: SortedItems.Entry?
    var fewest: (free: Int, node: Int)?
    for cluster in fleet.topology.clustersOfModel[ask.model] {
      let byLeft = fleet.parts.byLeft[Int(cluster)]
      var cursor = byLeft.cursor(above: Int64(ask.milli - 1))
      while let entry = byLeft.entry(at: cursor) {
        if let known = tightest, known < entry { break }
        counters.nodes += 1
        let node = Parts.node(ofItem: entry.item)
        var room = fleet.openRoom(node)
        if needed > 1, hasRoom(ask, node, room, fleet, holds),
          fewest.map({ (room.usable, node) < ($0.free, $0.node) }) ?? true
        {
          fewest = (room.usable, node)
        }
        room.free = 0
        if hasRoom(ask, node, room, fleet, holds) {
          tightest = entry
          break
        }
        byLeft.advance(&cursor)
      }
    }
    if let tightest { return put(ask, on: Parts.node(ofItem: tightest.item)) }
    if needed <= SchedulerLimits.gpusPerNodeMax {
      let most = fewest.map { min($0.free, SchedulerLimits.gpusPerNodeMax) }
      let free = needed...max(needed, most ?? SchedulerLimits.gpusPerNodeMax)
      if let node = node(free: free, ask, fleet, holds) {
        let isTighter = fewest.map { (fleet.usable(node), node) < ($0.free, $0.node) } ?? true
        if isTighter { return put(ask, on: node) }
      }
    }
    return fewest.map { put(ask, on: $0.node) } ?? false
  }

  private mutating func put(_ ask: Ask, on node: Int) -> Bool {
    found.append(Place(node: Int32(node), tasks: ask.tasks * ask.tasksPerUnit))
    return true
  }

  private func hasRoom(
    _ ask: Ask, _ node: Int, _ room: Room, _ fleet: borrowing Fleet, _ holds: borrowing Holds
  ) -> Bool {
    let units = holds.units(node, ask, room)
    return ask.units(units, cpuMilli: fleet.cpuMilli[node], memoryMiB: fleet.memoryMiB[node])
      >= ask.tasks
  }

  /// The first node with the fewest whole devices free that holds everything.
  private mutating func node(
    free range: ClosedRange<Int>, _ ask: Ask, _ fleet: borrowing Fleet,
    _ holds: borrowing Holds
  ) -> Int? {
    for free in range {
      for cluster in fleet.topology.clustersOfModel[ask.model] {
        let domain = fleet.topology.domain(ofCluster: Int(cluster))
        if fleet.index.nodes(domain, free: free) == 0 { continue }
        var nodes = fleet.topology.nodes(ofCluster: Int(cluster))
        while let node = fleet.index.first(free: free, in: nodes) {
          counters.nodes += 1
          if hasRoom(ask, node, fleet.openRoom(node), fleet, holds) { return node }
          nodes = (node + 1)..<nodes.upperBound
        }
      }
    }
    return nil
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
