/// A law that does not hold.
public struct Breach: Hashable, Sendable, CustomStringConvertible {
  public let law: String
  public let detail: String

  public var description: String { "\(law): \(detail)" }
}

/// Everything counted anew, by other means than those that keep the counts: from the jobs and where
/// they stand alone. O(nodes + jobs + pools), for tests and on a sample in long simulations.
extension Scheduler {
  public borrowing func audit() -> [Breach] {
    var breaches: [Breach] = []
    auditNodes(&breaches)
    auditCompanions(&breaches)
    auditIndex(&breaches)
    auditSpare(&breaches)
    auditOpened(&breaches)
    auditForesight(&breaches)
    auditGangs(&breaches)
    auditPools(&breaches)
    auditLines(&breaches)
    return breaches
  }

  /// GPUs are conserved: what stands on a node fits it, and the rest is free.
  private borrowing func auditNodes(_ breaches: inout [Breach]) {
    var kept = [Int64](repeating: 0, count: nodeCount)
    var standing = kept
    var fixed = kept
    // What parts have of devices, and have now.
    var parts = [SIMD32<Int16>](repeating: .zero, count: nodeCount)
    var standingParts = parts
    for (index, job) in jobs.enumerated() {
      var at = job.firstRow
      while at >= 0 {
        let row = residences.rows[Int(at)]
        if row.job != Int32(index) {
          breaches.append(Breach(law: "residences", detail: "row \(at) is not job \(index)'s"))
        }
        kept[Int(row.node)] += Int64(row.gpus)
        if !job.preemptible { fixed[Int(row.node)] += Int64(row.gpus) }
        if job.state != .arriving { standing[Int(row.node)] += Int64(row.gpus) }
        if row.device >= 0 {
          parts[Int(row.node)][Int(row.device)] += row.milli
          if job.state != .arriving { standingParts[Int(row.node)][Int(row.device)] += row.milli }
        }
        at = row.nextOfJob
      }
    }
    for node in 0..<nodeCount {
      let gpus = Int64(fleet.topology.gpus[node])
      auditDevices(node, parts[node], standingParts[node], &breaches)
      kept[node] += Int64(Room.bits(parts[node]).nonzeroBitCount)
      standing[node] += Int64(Room.bits(standingParts[node]).nonzeroBitCount)
      if Int64(fleet.fixed[node]) != fixed[node] {
        breaches.append(Breach(law: "GPUs conserved", detail: "fixed GPUs of node \(node)"))
      }
      if standing[node] > gpus {
        breaches.append(
          Breach(law: "GPUs conserved", detail: "\(standing[node]) of \(gpus) on node \(node)"))
      }
      if Int64(fleet.free[node]) != gpus - kept[node] {
        breaches.append(
          Breach(
            law: "GPUs conserved",
            detail: "node \(node) has \(gpus - kept[node]) free, not \(fleet.free[node])"))
      }
      if !fleet.isOpen(node), fleet.state[node] != .draining, kept[node] > 0 {
        breaches.append(Breach(law: "down is empty", detail: "node \(node)"))
      }
    }
  }

  /// A part is of one device, which holds all that is in it.
  private borrowing func auditDevices(
    _ node: Int, _ parts: SIMD32<Int16>, _ standing: SIMD32<Int16>, _ breaches: inout [Breach]
  ) {
    if fleet.parts.used(on: node) != parts {
      breaches.append(Breach(law: "GPUs conserved", detail: "parts of devices of node \(node)"))
    }
    for device in 0..<Room.devices where standing[device] > Room.whole {
      breaches.append(
        Breach(
          law: "GPUs conserved",
          detail: "\(standing[device]) thousandths of device \(device) of node \(node)"))
    }
    let cluster = fleet.topology.cluster(ofNode: node)
    for device in 0..<Room.devices {
      let rest = Room.whole - parts[device]
      guard parts[device] > 0, rest > 0, fleet.isSharable(node) else { continue }
      let entry = SortedItems.Entry(
        key: Parts.key(left: Int64(rest), cpuMilli: fleet.spareCPUMilli(node)),
        item: Int32(node * Room.devices + device))
      if !fleet.parts.byLeft[cluster].contains(entry) {
        breaches.append(
          Breach(law: "index", detail: "device \(device) of node \(node) is not in its order"))
      }
    }
  }

  /// Sums over opened devices, by model.
  private borrowing func auditOpened(_ breaches: inout [Breach]) {
    var opened = [Int](repeating: 0, count: pools.models)
    var left = [Int64](repeating: 0, count: pools.models)
    var listed = 0
    for node in 0..<nodeCount {
      let model = fleet.topology.model(ofNode: node)
      for device in 0..<Room.devices {
        let used = fleet.parts.used(on: node)[device]
        if used > 0 { opened[model] += 1 }
        guard used > 0, used < Room.whole, fleet.isSharable(node) else { continue }
        left[model] += Int64(Room.whole - used)
        listed += 1
      }
    }
    if opened != fleet.parts.opened || left != fleet.parts.left
      || listed != fleet.parts.byLeft.reduce(0, { $0 + $1.count })
    {
      breaches.append(Breach(law: "index", detail: "opened devices"))
    }
  }

  /// Processor and memory are conserved as well.
  private borrowing func auditCompanions(_ breaches: inout [Breach]) {
    var (cpu, memory) = (pristine.cpuMilli, pristine.memoryMiB)
    for job in jobs {
      let shape = shapes.shapes[Int(job.shape)]
      var at = job.firstRow
      while at >= 0 {
        let row = residences.rows[Int(at)]
        cpu[Int(row.node)] -= Int64(row.tasks) * shape.cpuMilliPerTask
        memory[Int(row.node)] -= Int64(row.tasks) * shape.memoryMiBPerTask
        at = row.nextOfJob
      }
    }
    for node in 0..<nodeCount where cpu[node] != fleet.cpuMilli[node] {
      breaches.append(Breach(law: "processor conserved", detail: "node \(node)"))
    }
    for node in 0..<nodeCount where memory[node] != fleet.memoryMiB[node] {
      breaches.append(Breach(law: "memory conserved", detail: "node \(node)"))
    }
  }

  /// The index says of every domain what its nodes say.
  private borrowing func auditIndex(_ breaches: inout [Breach]) {
    var free = [Int32](repeating: 0, count: fleet.topology.domainCount)
    for node in 0..<nodeCount {
      let rack = Int(fleet.topology.rackOfNode[node])
      let block = Int(fleet.topology.blockOfRack[rack])
      let usable = fleet.usable(node)
      free[rack] += Int32(usable)
      free[fleet.topology.domain(ofBlock: block)] += Int32(usable)
      free[fleet.topology.domain(ofCluster: fleet.topology.cluster(ofNode: node))] +=
        Int32(usable)
      if usable > 0, fleet.index.first(free: usable, in: node..<(node + 1)) != node {
        breaches.append(Breach(law: "index", detail: "node \(node) is not among \(usable) free"))
      }
    }
    if free != fleet.index.free { breaches.append(Breach(law: "index", detail: "sums")) }
  }

  /// Every node that is up is among those of its cluster by what is left of its processor.
  private borrowing func auditSpare(_ breaches: inout [Breach]) {
    guard fleet.hasCompanions else { return }
    var listed = 0
    for node in 0..<nodeCount where fleet.state[node] == .up {
      let spare = fleet.spare[fleet.topology.cluster(ofNode: node)]
      guard spare.isCounted else { continue }
      listed += 1
      let entry = SortedItems.Entry(key: fleet.spareCPUMilli(node), item: Int32(node))
      if !spare.list(free: fleet.usable(node)).contains(entry) {
        breaches.append(Breach(law: "index", detail: "node \(node) is not in its order"))
      }
    }
    if listed != fleet.spare.reduce(0, { $0 + $1.count }) {
      breaches.append(Breach(law: "index", detail: "nodes by processor"))
    }
  }

  /// What is foreseen is what is free, and what jobs hold that end by then.
  private borrowing func auditForesight(_ breaches: inout [Breach]) {
    for model in 0..<pools.models {
      guard let ahead = foresights[model] else { continue }
      var rooms = (0..<nodeCount).map { fleet.room($0) }
      for job in jobs where job.firstRow >= 0 && Int(job.model) == model {
        var at = job.endsBy <= ahead.horizon ? job.firstRow : -1
        while at >= 0 {
          rooms[Int(residences.rows[Int(at)].node)].give(residences.rows[Int(at)])
          at = residences.rows[Int(at)].nextOfJob
        }
      }
      for node in 0..<nodeCount where fleet.topology.model(ofNode: node) == model {
        if ahead.fleet.room(node) != rooms[node] || ahead.fleet.state[node] != fleet.state[node] {
          breaches.append(Breach(law: "foresight", detail: "node \(node)"))
        }
      }
    }
  }

  /// Gangs are whole, in one cluster, on one of their models, as near as they must be.
  private borrowing func auditGangs(_ breaches: inout [Breach]) {
    for (index, job) in jobs.enumerated() {
      let shape = shapes.shapes[Int(job.shape)]
      let placed = placement(of: JobIndex(index))
      let isOn = job.state == .running || job.state == .leaving || job.state == .arriving
      let tasks = placed.reduce(0) { $0 + $1.tasks }
      if tasks != (isOn ? shape.tasks : 0) {
        breaches.append(
          Breach(law: "gangs whole", detail: "job \(index) has \(tasks) of \(shape.tasks) tasks"))
      }
      guard isOn, let first = placed.first else { continue }
      let topology = fleet.topology
      let cluster = topology.cluster(ofNode: first.node.int)
      if placed.contains(where: { topology.cluster(ofNode: $0.node.int) != cluster })
        || !shape.models.contains(ModelIndex(Int(topology.modelOfCluster[cluster])))
        || Int32(job.model) != topology.modelOfCluster[cluster]
      {
        breaches.append(Breach(law: "one cluster, right model", detail: "job \(index)"))
      }
      guard case .required(let level) = shape.topology else { continue }
      let parts = Set(placed.map { part(of: $0.node.int, level) })
      if parts.count != 1 {
        breaches.append(
          Breach(law: "required topology", detail: "job \(index) is in \(parts.count) parts"))
      }
    }
  }

  private borrowing func part(of node: Int, _ level: Level) -> Int {
    let topology = fleet.topology
    switch level {
    case .node: return node
    case .rack: return Int(topology.rackOfNode[node])
    case .block: return Int(topology.blockOfRack[Int(topology.rackOfNode[node])])
    case .cluster: return topology.cluster(ofNode: node)
    }
  }

  /// What pools use and want is what their jobs use and want; limits and guarantees hold.
  private borrowing func auditPools(_ breaches: inout [Breach]) {
    var used = [Int64](repeating: 0, count: pools.used.count)
    var (fixed, waiting) = (used, used)
    var (byGuarantee, byRight) = (used, used)
    for (index, job) in jobs.enumerated() {
      let shape = shapes.shapes[Int(job.shape)]
      if job.state == .running || job.state == .arriving, job.right != .none {
        let at = pools.at(Int(job.leaf), Int(job.model))
        byRight[at] += shape.milli
        if job.right == .guarantee { byGuarantee[at] += shape.milli }
      }
      var node = Int(job.leaf)
      while node >= 0 {
        let amount = shape.milli
        switch job.state {
        case .running, .arriving:
          used[pools.at(node, Int(job.model))] += amount
          if !job.preemptible { fixed[pools.at(node, Int(job.model))] += amount }
        case .waiting where isWanted(Int32(index)):
          waiting[pools.at(node, shape.models[0].int)] += amount
        case .waiting, .gated, .leaving, .ended, .cancelled: break
        }
        node = Int(pools.parent[node])
      }
    }
    var (kept, fresh) = (pools, pools)
    for model in 0..<pools.models {
      fresh.sharesStale[model] = true
      let changed = fleet.capacityChanged[model]
      kept.refresh(
        model, capacity: fleet.capacity[model], capacityChanged: changed, history: policy.history)
      fresh.refresh(
        model, capacity: fleet.capacity[model], capacityChanged: true, history: policy.history)
    }
    if kept.share != fresh.share || kept.lending != fresh.lending || kept.fixing != fresh.fixing {
      breaches.append(Breach(law: "pools", detail: "shares or limits are stale"))
    }
    if used != pools.used { breaches.append(Breach(law: "pools", detail: "use")) }
    if fixed != pools.fixed { breaches.append(Breach(law: "pools", detail: "fixed use")) }
    if byRight != pools.byRight || byGuarantee != pools.byGuarantee {
      breaches.append(Breach(law: "pools", detail: "use by right"))
    }
    if pools.fresh.contains(where: { $0 != 0 }) {
      breaches.append(Breach(law: "pools", detail: "what began counts apart"))
    }
    if waiting != pools.waiting { breaches.append(Breach(law: "pools", detail: "waiting")) }
    for model in 0..<pools.models where used[model] > fleet.installed[model] * PoolTree.unit {
      breaches.append(Breach(law: "GPUs conserved", detail: "model \(model) in the pools"))
    }
  }

  /// Every waiting job is in one line, in order.
  private borrowing func auditLines(_ breaches: inout [Breach]) {
    var seen = 0
    for group in lines.ofLeaf.joined().map({ lines.groups[Int($0)] }) {
      for (line, next) in zip(group.lines, group.lines.dropFirst())
      where !(lines.turn(line) < lines.turn(next)) {
        breaches.append(Breach(law: "lines", detail: "\(line) stands before \(next)"))
      }
      for line in group.lines {
        let walltime = plannedWalltime(lines.rows[Int(line)].key.walltime)
        if walltime < group.walltimeAtLeast || lines.rows[Int(line)].key.shape != group.shape {
          breaches.append(Breach(law: "lines", detail: "line \(line) in another's group"))
        }
        var at = lines.rows[Int(line)].first
        var last: Int32 = -1
        while at >= 0 {
          if at <= last || jobs[Int(at)].line != line || jobs[Int(at)].state != .waiting {
            breaches.append(Breach(law: "lines", detail: "job \(at) in line \(line)"))
          }
          seen += 1
          last = at
          at = jobs[Int(at)].next
        }
      }
    }
    if seen != jobs.count(where: { $0.state == .waiting }) || seen != lines.waitingJobs {
      breaches.append(Breach(law: "lines", detail: "\(seen) in lines, others wait"))
    }
  }
}
