/// Placing jobs on nodes and taking them off again. Nothing here changes whether a job runs.
extension World {
  /// Places a job by `choice`, or changes nothing.
  ///
  /// A job that a node can hold goes on one node. A larger one takes whole nodes of the largest
  /// size, and what is left of it one node more.
  mutating func place(_ job: Int) -> Bool {
    counters.decisions += 1
    if jobs.shapes != nil { return placeShared(job) }
    let need = jobs.gpus[job]
    guard Int64(need) <= freeTotal else { return false }
    if need <= largest {
      let node = node(withFree: need)
      guard node >= 0 else { return false }
      take(job, node, need)
      return true
    }
    let whole = Int(need / largest)
    guard setCount[Int(largest)] >= whole else { return false }
    for _ in 0..<whole { take(job, sets.first(in: Int(largest)), largest) }
    let rest = need % largest
    if rest > 0 {
      let node = node(withFree: rest)
      guard node >= 0 else {
        vacate(job)
        return false
      }
      take(job, node, rest)
    }
    return true
  }

  /// A node with room for `need` whole devices, by `choice`; −1 if there is none.
  private func node(withFree need: Int32) -> Int {
    switch choice {
    case .leastFree:
      for size in Int(need)...Int(largest) where setCount[size] > 0 {
        return sets.first(in: size)
      }
      return -1
    case .firstFit:
      var lowest = Int.max
      for size in Int(need)...Int(largest) where setCount[size] > 0 {
        lowest = min(lowest, sets.first(in: size))
      }
      return lowest == .max ? -1 : lowest
    }
  }

  private mutating func placeShared(_ job: Int) -> Bool {
    let node = choice == .firstFit ? firstShared(job) : fullestShared(job)
    guard node >= 0 else { return false }
    take(job, node)
    return true
  }

  private func firstShared(_ job: Int) -> Int {
    for node in 0..<nodes.count where !isDown[node] {
      if shared.fits(job, on: node, free: free[node], jobs, nodes) { return node }
    }
    return -1
  }

  /// Of nodes with room the one with the fewest devices free: those with fewer than it needs, where
  /// that is a matter of whole ones, are not looked at.
  private func fullestShared(_ job: Int) -> Int {
    let fewest = jobs.shapes?.gpuMilli[job] == 1_000 ? jobs.gpus[job] : 0
    guard fewest <= largest else { return -1 }
    for count in Int(fewest)...Int(largest) where setCount[count] > 0 {
      var node = sets.first(in: count)
      while node >= 0 {
        if shared.fits(job, on: node, free: Int32(count), jobs, nodes) { return node }
        node = sets.next(in: count, after: node)
      }
    }
    return -1
  }

  /// Takes what a job of a shared trace asks for on `node`, its part of a device on `device` or the
  /// tightest.
  mutating func take(_ job: Int, _ node: Int, device: Int? = nil) {
    guard let shapes = jobs.shapes else { preconditionFailure("whole devices are taken by count") }
    let part = shapes.gpuMilli[job]
    let need = jobs.gpus[job]
    let base = node * shared.stride
    var mask: UInt32 = 0
    var left = need
    if need > 0, part < 1_000 {
      let chosen = device ?? shared.tightest(part, on: node, nodes)
      precondition(shared.milli[base + chosen] >= part, "the device has room")
      if shared.milli[base + chosen] == 1_000 { setFree(node, free[node] - 1) }
      shared.milli[base + chosen] -= part
      mask = 1 << UInt32(chosen)
      left = 0
    } else {
      for device in 0..<Int(nodes.gpus[node]) where left > 0 {
        guard shared.milli[base + device] == 1_000 else { continue }
        shared.milli[base + device] = 0
        mask |= 1 << UInt32(device)
        left -= 1
      }
      setFree(node, free[node] - need)
    }
    precondition(left == 0 && free[node] >= 0, "the node has room")
    version[node] &+= 1
    shared.cpuMilli[node] -= shapes.cpuMilli[job]
    shared.memoryMiB[node] -= shapes.memoryMiB[job]
    addSlot(job, node, part < 1_000 ? 0 : need, mask)
    hold(job, node, jobs.milli(job))
  }

  /// Takes whole devices.
  mutating func take(_ job: Int, _ node: Int, _ units: Int32) {
    precondition(free[node] >= units && !isDown[node], "the node has room")
    setFree(node, free[node] - units)
    addSlot(job, node, units, 0)
    hold(job, node, Int64(units) * 1_000)
  }

  /// Takes a job off all its nodes.
  mutating func vacate(_ job: Int) {
    var slot = head[job]
    head[job] = -1
    while slot >= 0 {
      let held = slots[slot]
      let node = Int(held.node)
      if let shapes = jobs.shapes {
        giveBack(held, shapes)
      } else {
        setFree(node, free[node] + held.units)
        hold(job, node, -Int64(held.units) * 1_000)
      }
      let removed = slots.remove(slot)
      if removed.isFirst { firstOnNode[node] = removed.first }
      slot = held.next
    }
  }

  private mutating func giveBack(_ held: Slots.Slot, _ shapes: Workload.Shapes) {
    let node = Int(held.node)
    let job = Int(held.job)
    let base = node * shared.stride
    let part = jobs.gpus[job] > 0 ? shapes.gpuMilli[job] : 0
    var whole: Int32 = 0
    for device in 0..<Int(nodes.gpus[node]) where held.devices & (1 << UInt32(device)) != 0 {
      shared.milli[base + device] += part
      if shared.milli[base + device] == 1_000 { whole += 1 }
    }
    version[node] &+= 1
    shared.cpuMilli[node] += shapes.cpuMilli[job]
    shared.memoryMiB[node] += shapes.memoryMiB[job]
    setFree(node, free[node] + whole)
    hold(job, node, -jobs.milli(job))
  }

  /// Counts thousandths of devices that a job holds on a node, or holds no more.
  private mutating func hold(_ job: Int, _ node: Int, _ milli: Int64) {
    heldMilli += milli
    heldByPoolAndModel[Int(jobs.pool[job]) * models + Int(nodes.model[node])] += milli
  }

  private mutating func addSlot(_ job: Int, _ node: Int, _ units: Int32, _ devices: UInt32) {
    let slot = slots.add(
      job: job, node: node, units: units, devices: devices, next: head[job],
      firstOnNode: firstOnNode[node])
    head[job] = slot
    firstOnNode[node] = slot
  }

  /// Every change of a node's free devices goes through here.
  mutating func setFree(_ node: Int, _ count: Int32) {
    version[node] &+= 1
    let before = free[node]
    free[node] = count
    guard before != count, !isDown[node] else { return }
    sets.remove(node, from: Int(before))
    setCount[Int(before)] -= 1
    sets.insert(node, into: Int(count))
    setCount[Int(count)] += 1
    freeTotal += Int64(count - before)
    let whole = nodes.gpus[node]
    if before < whole { freeOnPartlyUsed -= Int64(before) }
    if count < whole { freeOnPartlyUsed += Int64(count) }
  }
}
