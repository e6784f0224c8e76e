/// What happens to jobs: they come, go, end.
extension Scheduler {
  /// Makes a shape known, or gives the known one. Jobs of one shape are answered together.
  ///
  /// - Throws: `SchedulerRefusal.outOfRange`, `.models`, `.unknownModel`, `.slices`.
  public mutating func shape(_ shape: Shape) throws(SchedulerRefusal) -> ShapeIndex {
    try shape.check(models: pools.models)
    let index = shapes.index(of: shape)
    if index.int == bounds.count { bounds.append(impossible(shape)) }
    return index
  }

  /// A job comes. It waits, or stands at its gate until its moment and its dependencies have come.
  public mutating func submit(_ spec: JobSpec) throws(SchedulerRefusal) -> JobIndex {
    let job = try enter(spec)
    var unmet: Int32 = spec.held ? 1 : 0
    for other in spec.after where jobs[other.int].state != .ended {
      dependents[other.value, default: []].append(job)
      unmet += 1
    }
    jobs[Int(job)].unmet = unmet
    if spec.notBefore > now { gate(job) }
    settleGate(job)
    return JobIndex(Int(job))
  }

  /// A job that runs already, as when a scheduler begins beside an engine.
  ///
  /// - Parameter devices: for each entry of `placed` the device on which its parts are; empty where
  ///   that is not known: then they go where parts go. Without it a node stands there once.
  public mutating func adopt(
    _ spec: JobSpec, on placed: [(node: NodeIndex, tasks: Int32)], devices: [Int] = [],
    startedAt: Tick, checkpointAt: Tick? = nil
  ) throws(SchedulerRefusal) -> JobIndex {
    let shape = shapes.shapes[spec.shape.int]
    if devices.isEmpty {
      try check(placed, shape)
    } else {
      try check(placed, devices, shape)
    }
    try SetupCheck.range("startedAt", startedAt, -SchedulerLimits.tickMax...now)
    try SetupCheck.range("checkpointAt", checkpointAt ?? startedAt, startedAt...now)
    let job = try enter(spec)
    let model = fleet.topology.model(ofNode: placed[0].node.int)
    let leaf = Int(jobs[Int(job)].leaf)
    pools.addUsed(leaf, model, shape.milli, fixed: !spec.preemptible)
    var places = placed.map { Place(node: $0.node.value, tasks: $0.tasks) }
    if devices.isEmpty {
      let ask = Ask(shape, model: model, until: .max)
      places = fleet.devices(for: places, ask, Holds(nodes: 0, models: 0))
    } else {
      for (index, device) in devices.enumerated() { places[index].device = Int32(device) }
      // What a job has of a node stands together.
      places.sort { ($0.node, $0.device) < ($1.node, $1.device) }
    }
    occupy(job, shape, places)
    begin(job, model, startedAt)
    jobs[Int(job)].checkpointAt = checkpointAt ?? startedAt
    changed = true
    return JobIndex(Int(job))
  }

  /// A waiting job is taken back; one that runs ends.
  public mutating func cancel(_ job: JobIndex) throws(SchedulerRefusal) {
    try check(job)
    switch jobs[job.int].state {
    case .waiting: leaveLine(job.value)
    case .gated: jobs[job.int].state = .cancelled
    case .arriving, .running, .leaving: release(job.value)
    case .ended, .cancelled: return
    }
    jobs[job.int].state = .cancelled
    changed = true
  }

  /// A running job ended well: those that come after it may.
  public mutating func finish(_ job: JobIndex, at moment: Tick) throws(SchedulerRefusal) {
    try check(job)
    if moment > now { try advance(to: moment) }
    switch jobs[job.int].state {
    case .running, .leaving: break
    case .gated, .waiting, .arriving, .ended, .cancelled: return
    }
    end(job.value)
  }

  mutating func end(_ job: Int32) {
    release(job)
    jobs[Int(job)].state = .ended
    changed = true
    if dependents.isEmpty { return }
    for next in dependents.removeValue(forKey: job) ?? [] {
      jobs[Int(next)].unmet -= 1
      settleGate(next)
    }
  }

  /// A running job saved its work.
  public mutating func checkpoint(_ job: JobIndex, at moment: Tick) throws(SchedulerRefusal) {
    try check(job)
    jobs[job.int].checkpointAt = max(jobs[job.int].checkpointAt, moment)
  }

  // MARK: -

  private mutating func enter(_ spec: JobSpec) throws(SchedulerRefusal) -> Int32 {
    try check(spec)
    let job = Int32(jobs.count)
    jobs.append(
      JobRow(
        line: -1, leaf: pools.leafOfPool[spec.pool.int], shape: spec.shape.value,
        asked: spec.shape.value, state: .gated,
        preemptible: spec.preemptible, model: Int16(shapes.shapes[spec.shape.int].models[0].value),
        priority: spec.priority, walltime: spec.walltime ?? -1, minRunTime: spec.minRunTime,
        notice: spec.notice, checkpointInterval: spec.checkpointInterval ?? 0,
        notBefore: spec.notBefore, deadline: spec.deadline ?? .max))
    return job
  }

  private mutating func gate(_ job: Int32) {
    let at = jobs[Int(job)].notBefore
    // The earliest last, so that the next one is taken off the end; of equals, the earlier job.
    let place = gated.firstIndex { ($0.at, $0.job) < (at, job) } ?? gated.count
    gated.insert((at, job), at: place)
  }

  /// Lets a job into its line if nothing stands before it any more.
  mutating func settleGate(_ job: Int32) {
    let row = jobs[Int(job)]
    if row.state == .gated, row.unmet == 0, row.notBefore <= now { joinLine(job) }
  }

  mutating func joinLine(_ job: Int32) {
    let row = jobs[Int(job)]
    let shape = shapes.shapes[Int(row.shape)]
    jobs[Int(job)].state = .waiting
    jobs[Int(job)].model = Int16(shape.models[0].value)
    lines.enter(
      job,
      Line.Key(
        leaf: row.leaf, shape: row.shape, priority: row.priority, walltime: row.walltime,
        notice: row.notice, deadline: row.deadline, preemptible: row.preemptible,
        alone: policy.backfill.depth > 1 ? job : -1), &jobs)
    if isWanted(job) { pools.addWaiting(Int(row.leaf), shape.models[0].int, shape.milli) }
    changed = true
  }

  mutating func leaveLine(_ job: Int32) {
    let row = jobs[Int(job)]
    let shape = shapes.shapes[Int(row.shape)]
    if isWanted(job) { pools.addWaiting(Int(row.leaf), shape.models[0].int, -shape.milli) }
    lines.leave(job, &jobs)
  }

  /// Whether what a waiting job asks for counts as its pool's demand: not where nothing will ever
  /// let it start, which would take away from others what it cannot use.
  func isWanted(_ job: Int32) -> Bool { bounds[Int(jobs[Int(job)].shape)] == nil }

  /// Puts a job's tasks on nodes, and on devices of them.
  mutating func occupy(_ job: Int32, _ shape: Shape, _ places: [Place]) {
    var head: Int32 = -1
    for place in places {
      head = residences.add(job: job, place, shape, before: head)
      let row = residences.rows[Int(head)]
      fleet.take(row, shape)
      foresights[fleet.topology.model(ofNode: Int(row.node))]?.fleet.take(row, shape)
      if !jobs[Int(job)].preemptible { fleet.fix(Int(row.node), by: Int(row.gpus)) }
    }
    jobs[Int(job)].firstRow = head
  }

  mutating func begin(_ job: Int32, _ model: Int, _ startedAt: Tick) {
    jobs[Int(job)].state = .running
    jobs[Int(job)].model = Int16(model)
    jobs[Int(job)].startedAt = startedAt
    jobs[Int(job)].checkpointAt = startedAt
    jobs[Int(job)].endsBy = startedAt + plannedWalltime(jobs[Int(job)].walltime)
    jobs[Int(job)].runningPlace = Int32(active.count)
    active.append(job)
    insertEnd(job)
  }

  func plannedWalltime(_ walltime: Tick) -> Tick {
    walltime < 0 ? policy.assumedWalltime : walltime
  }

  /// Takes a job off its nodes and out of its pool's use.
  mutating func release(_ job: Int32) {
    let row = jobs[Int(job)]
    let shape = shapes.shapes[Int(row.shape)]
    removeEnd(job)
    var at = row.firstRow
    while at >= 0 {
      let residence = residences.rows[Int(at)]
      fleet.give(residence, shape)
      foresights[Int(row.model)]?.fleet.give(residence, shape)
      if !row.preemptible { fleet.fix(Int(residence.node), by: -Int(residence.gpus)) }
      at = residences.remove(at)
    }
    // What leaves under notice was handed over when it was told.
    if row.state != .leaving {
      pools.addUsed(
        Int(row.leaf), Int(row.model), -shape.milli, fixed: !row.preemptible)
      pools.countRight(row, -shape.milli)
    }
    jobs[Int(job)].right = .none
    refundBudget(job, shape)
    let place = Int(row.runningPlace)
    active[place] = active[active.count - 1]
    jobs[Int(active[place])].runningPlace = Int32(place)
    active.removeLast()
    jobs[Int(job)].firstRow = -1
    jobs[Int(job)].runningPlace = -1
    if row.state == .leaving { noteLeft(job) }
    if row.state == .arriving { abandon(job) }
  }
}
