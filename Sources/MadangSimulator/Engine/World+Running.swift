/// What becomes of jobs: coming in, starting, stopping, ending, and nodes that fail.
extension World {
  /// Places a job and lets it run; or changes nothing.
  mutating func start(_ job: Int) -> Bool {
    guard place(job) else { return false }
    begin(job)
    return true
  }

  /// Lets a placed job run from now.
  mutating func begin(_ job: Int) {
    precondition(state[job] == .waiting, "only a waiting job starts")
    state[job] = .running
    waitingCount -= 1
    let pool = Int(jobs.pool[job])
    waitingByPool[pool] -= Int64(jobs.gpus[job])
    busyByPool[pool] += Int64(jobs.gpus[job])
    if started[job] < 0 { started[job] = now }
    checked[job] = now
    guard remaining[job] < Workload.forever else { return }
    ended[job] = now + remaining[job]
    ends.push(ended[job], job)
  }

  /// Counts the work of a running job up to now, of which it loses `lost` at most.
  mutating func check(_ job: Int, losing lost: Int64 = 0) {
    let elapsed = now - checked[job]
    guard elapsed > 0 else { return }
    checked[job] = now
    // A job that never leaves has as much before it as ever.
    guard remaining[job] < Workload.forever else { return }
    let kept = max(0, elapsed - lost)
    remaining[job] -= kept
    guard kept < elapsed else { return }
    counters.lostMilliTicks += Int128(elapsed - kept) * Int128(jobs.milli(job))
    ended[job] = now + remaining[job]
    ends.push(ended[job], job)
  }

  /// Stops a running job that is already off its nodes; it waits again with what work is left.
  mutating func pause(_ job: Int) {
    precondition(state[job] == .running && head[job] < 0, "only a running job pauses")
    check(job)
    state[job] = .waiting
    waitingCount += 1
    ended[job] = -1
    counters.evictions += 1
    let pool = Int(jobs.pool[job])
    waitingByPool[pool] += Int64(jobs.gpus[job])
    busyByPool[pool] -= Int64(jobs.gpus[job])
  }

  /// Evicts a running job. What it did since its last checkpoint is lost; checkpoints lie
  /// `interval` apart from its last start (`nil`: it keeps everything).
  mutating func stop(_ job: Int, checkpointEvery interval: Int64?) {
    vacate(job)
    let since = now - checked[job]
    let lost = interval.map { $0 <= 0 ? since : since % $0 } ?? 0
    check(job, losing: lost)
    pause(job)
  }

  mutating func comeIn(_ job: Int) {
    state[job] = .waiting
    waitingCount += 1
    waitingByPool[Int(jobs.pool[job])] += Int64(jobs.gpus[job])
  }

  /// Refuses a waiting job for good.
  mutating func drop(_ job: Int) {
    precondition(state[job] == .waiting, "only a waiting job is dropped")
    state[job] = .dropped
    waitingCount -= 1
    counters.dropped += 1
    waitingByPool[Int(jobs.pool[job])] -= Int64(jobs.gpus[job])
  }

  mutating func finish(_ job: Int) {
    vacate(job)
    state[job] = .done
    remaining[job] = 0
    busyByPool[Int(jobs.pool[job])] -= Int64(jobs.gpus[job])
  }

  /// The next tick at which a job ends, or `Int64.max`. Passes over entries that no longer hold.
  mutating func nextEnd() -> Int64 {
    while let entry = ends.first {
      if holds(entry) { return entry.time }
      ends.pop()
    }
    return .max
  }

  func holds(_ entry: EndQueue.Entry) -> Bool {
    let job = Int(entry.job)
    return state[job] == .running && ended[job] == entry.time
  }

  /// Moves the clock and adds up what was held meanwhile.
  mutating func advance(to time: Int64) {
    let passed = Int128(time - now)
    counters.heldMilliTicks += Int128(heldMilli) * passed
    counters.capacityTicks += Int128(capacity) * passed
    if waitingCount > 0 {
      counters.freeTicks += Int128(freeTotal) * passed
      counters.freeOnPartlyUsedTicks += Int128(freeOnPartlyUsed) * passed
    }
    now = time
  }

  /// Takes a node out of service; returns the jobs that ran there, in the order of their numbers.
  mutating func takeDown(_ node: Int) -> [Int] {
    guard !isDown[node] else { return [] }
    var victims: [Int] = []
    var slot = firstOnNode[node]
    while slot >= 0 {
      victims.append(Int(slots[slot].job))
      slot = slots[slot].nextOnNode
    }
    let count = free[node]
    sets.remove(node, from: Int(count))
    setCount[Int(count)] -= 1
    freeTotal -= Int64(count)
    if count < nodes.gpus[node] { freeOnPartlyUsed -= Int64(count) }
    capacity -= Int64(nodes.gpus[node])
    capacityByModel[Int(nodes.model[node])] -= Int64(nodes.gpus[node])
    isDown[node] = true
    version[node] &+= 1
    return victims.sorted()
  }

  mutating func bringUp(_ node: Int) {
    guard isDown[node] else { return }
    isDown[node] = false
    version[node] &+= 1
    let count = free[node]
    sets.insert(node, into: Int(count))
    setCount[Int(count)] += 1
    freeTotal += Int64(count)
    if count < nodes.gpus[node] { freeOnPartlyUsed += Int64(count) }
    capacity += Int64(nodes.gpus[node])
    capacityByModel[Int(nodes.model[node])] += Int64(nodes.gpus[node])
  }

  /// Recounts everything that is kept as a total. For tests, and on a stated sample of benches.
  func checkInvariants() {
    var held = Array(repeating: Int64(0), count: nodes.count)
    var busy = Array(repeating: Int64(0), count: busyByPool.count)
    var waiting = 0
    for job in 0..<jobs.count {
      if state[job] == .waiting { waiting += 1 }
      precondition((state[job] == .running) == (head[job] >= 0), "a running job has a place")
      guard state[job] == .running else { continue }
      busy[Int(jobs.pool[job])] += Int64(jobs.gpus[job])
      var units: Int32 = 0
      var slot = head[job]
      while slot >= 0 {
        held[Int(slots[slot].node)] += Int64(slots[slot].units)
        units += slots[slot].units
        slot = slots[slot].next
      }
      precondition(jobs.shapes != nil || units == jobs.gpus[job], "a gang is whole")
    }
    precondition(busy == busyByPool && waiting == waitingCount, "the pools' totals")
    var total: Int64 = 0
    for node in 0..<nodes.count {
      if jobs.shapes == nil {
        precondition(held[node] + Int64(free[node]) == Int64(nodes.gpus[node]), "devices conserved")
      }
      precondition(sets.contains(node, in: Int(free[node])) != isDown[node], "the sets of nodes")
      if !isDown[node] { total += Int64(free[node]) }
    }
    precondition(total == freeTotal, "the free total")
    precondition(capacityByModel.reduce(0, +) == capacity, "the models' devices")
    precondition(heldByPoolAndModel.reduce(0, +) == heldMilli, "what the models' pools hold")
  }
}
