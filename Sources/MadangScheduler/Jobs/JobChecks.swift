/// What a shape, a job and a running job's place must be, before the core counts on it.
extension Shape {
  func check(models count: Int) throws(SchedulerRefusal) {
    try SetupCheck.range("tasks", Int64(tasks), 1...Int64(SchedulerLimits.tasksMax))
    try SetupCheck.range(
      "tasksMax", Int64(tasksMax), Int64(tasks)...Int64(SchedulerLimits.tasksMax))
    try SetupCheck.range(
      "gpuMilliPerTask", Int64(gpuMilliPerTask), 0...(gpusPerTask > 0 ? 0 : PoolTree.unit - 1))
    // Without a device or a part of one it must ask for something else.
    let hasDevices = gpuMilliPerTask > 0 || cpuMilliPerTask > 0 || memoryMiBPerTask > 0
    try SetupCheck.range("gpusPerTask", Int64(gpusPerTask), (hasDevices ? 0 : 1)...1_000_000)
    try SetupCheck.range("cpuMilliPerTask", cpuMilliPerTask, 0...(1 << 40))
    try SetupCheck.range("memoryMiBPerTask", memoryMiBPerTask, 0...(1 << 40))
    guard !models.isEmpty, Set(models).count == models.count else { throw .models }
    for model in models where model.int < 0 || model.int >= count { throw .unknownModel(model) }
    guard let slices else { return }
    guard slices.tasks > 0, tasks % slices.tasks == 0, tasksMax % slices.tasks == 0 else {
      throw .slices
    }
    if case .required(let level) = topology, level < slices.level { throw .slices }
  }
}

extension Scheduler {
  func check(_ spec: JobSpec) throws(SchedulerRefusal) {
    guard spec.pool.int >= 0, spec.pool.int < pools.pools else { throw .unknownPool(spec.pool) }
    let times = 0...SchedulerLimits.tickMax
    try SetupCheck.range("jobs", Int64(jobs.count), 0...Int64(SchedulerLimits.jobsMax - 1))
    try SetupCheck.range("walltime", spec.walltime ?? 1, 1...SchedulerLimits.tickMax)
    try SetupCheck.range("minRunTime", spec.minRunTime, times)
    try SetupCheck.range("notice", spec.notice, times)
    try SetupCheck.range("checkpointInterval", spec.checkpointInterval ?? 0, times)
    for other in spec.after where other.int < 0 || other.int >= jobs.count {
      throw .dependencyNotBefore(other)
    }
  }

  func check(_ job: JobIndex) throws(SchedulerRefusal) {
    guard job.int >= 0, job.int < jobs.count else { throw .unknownJob(job) }
  }

  /// Thousandths of GPUs that tasks of a shape can have on a node.
  private func room(_ node: Int, _ shape: Shape, _ stands: Bool) -> Int64 {
    if !stands { return 0 }
    let room = fleet.room(node)
    let free = room.usable
    if shape.gpuMilliPerTask == 0 { return Int64(free) * PoolTree.unit }
    let milli = Int(shape.gpuMilliPerTask)
    return Int64((free * (Int(Room.whole) / milli) + Room.tasks(milli, in: room.left)) * milli)
  }

  /// Whether a running job's tasks can stand where they are said to.
  func check(
    _ placed: [(node: NodeIndex, tasks: Int32)], _ shape: Shape
  ) throws(SchedulerRefusal) {
    guard let first = placed.first, placed.reduce(0, { $0 + Int64($1.tasks) }) == shape.tasks,
      Set(placed.map(\.node)).count == placed.count
    else { throw .placement }
    for (node, tasks) in placed {
      guard node.int >= 0, node.int < nodeCount else { throw .unknownNode(node) }
      guard tasks > 0, shape.models.contains(model(of: node)),
        fleet.topology.cluster(ofNode: node.int) == fleet.topology.cluster(ofNode: first.node.int)
      else { throw .placement }
      let stands = fleet.state[node.int] == .up || fleet.state[node.int] == .draining
      let (free, needed) = (room(node.int, shape, stands), shape.with(tasks: tasks).milli)
      guard free >= needed, stands else { throw .noRoom(node, free: free, needed: needed) }
      guard fleet.cpuMilli[node.int] >= Int64(tasks) * shape.cpuMilliPerTask,
        fleet.memoryMiB[node.int] >= Int64(tasks) * shape.memoryMiBPerTask
      else { throw .noRoom(node, free: free, needed: needed) }
    }
  }
}
