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
  private func room(_ node: Int, _ shape: Shape) -> Int64 {
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
    guard Set(placed.map(\.node)).count == placed.count else { throw .placement }
    try checkNodes(placed, shape)
    for (node, tasks) in placed {
      let (free, needed) = (room(node.int, shape), shape.with(tasks: tasks).milli)
      guard free >= needed else { throw .noRoom(node, free: free, needed: needed) }
    }
  }

  /// The same where the device of each entry is said.
  func check(
    _ placed: [(node: NodeIndex, tasks: Int32)], _ devices: [Int], _ shape: Shape
  ) throws(SchedulerRefusal) {
    guard shape.gpuMilliPerTask > 0, devices.count == placed.count else { throw .placement }
    try checkNodes(placed, shape)
    var rooms: [NodeIndex: Room] = [:]
    for ((node, tasks), device) in zip(placed, devices) {
      let last = Int64(fleet.topology.gpus[node.int]) - 1
      try SetupCheck.range("device", Int64(device), 0...last)
      var room = rooms[node] ?? fleet.room(node.int)
      let needed = shape.with(tasks: tasks).milli
      let isOpen = room.used[device] > 0
      let free = isOpen || room.usable > 0 ? Int64(Room.whole - room.used[device]) : 0
      guard free >= needed else { throw .noRoom(node, free: free, needed: needed) }
      room.used[device] += Int16(needed)
      if !isOpen { room.free -= 1 }
      rooms[node] = room
    }
  }

  /// All that is not a matter of devices: the tasks are all there, in one cluster of a model that
  /// will do, on nodes that run something, with processor and memory for them.
  private func checkNodes(
    _ placed: [(node: NodeIndex, tasks: Int32)], _ shape: Shape
  ) throws(SchedulerRefusal) {
    guard let first = placed.first, placed.reduce(0, { $0 + Int64($1.tasks) }) == shape.tasks
    else { throw .placement }
    var tasksOn: [NodeIndex: Int64] = [:]
    for (node, tasks) in placed {
      guard node.int >= 0, node.int < nodeCount else { throw .unknownNode(node) }
      guard tasks > 0, shape.models.contains(model(of: node)),
        fleet.topology.cluster(ofNode: node.int) == fleet.topology.cluster(ofNode: first.node.int)
      else { throw .placement }
      let state = fleet.state[node.int]
      let all = (tasksOn[node] ?? 0) + Int64(tasks)
      tasksOn[node] = all
      guard state == .up || state == .draining,
        fleet.cpuMilli[node.int] >= all * shape.cpuMilliPerTask,
        fleet.memoryMiB[node.int] >= all * shape.memoryMiBPerTask
      else {
        throw .noRoom(
          node, free: state == .up || state == .draining ? room(node.int, shape) : 0,
          needed: shape.with(tasks: tasks).milli)
      }
    }
  }
}
