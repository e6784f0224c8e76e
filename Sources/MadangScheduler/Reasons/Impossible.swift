/// Proofs that a shape fits no state of the fleet: asked of the fleet with everything up and free.
extension Scheduler {
  /// What makes a shape impossible on every one of its models; nothing where it is possible.
  mutating func impossible(_ shape: Shape) -> WaitReason.Bound? {
    var first: WaitReason.Bound?
    for model in shape.models {
      guard let bound = impossible(shape, model.int) else { return nil }
      // The preferred model that has nodes at all says most.
      if first == nil || first == .noNodes { first = bound }
    }
    return first
  }

  private mutating func impossible(_ shape: Shape, _ model: Int) -> WaitReason.Bound? {
    let ask = Ask(shape, model: model, until: .min)
    if placement.find(ask, pristine, Holds(nodes: 0, models: pools.models)) { return nil }
    let clusters = pristine.topology.clustersOfModel[model]
    let largest = clusters.map { Int(pristine.topology.nodeGPUsMax[Int($0)]) }.max() ?? 0
    if largest == 0 { return .noNodes }
    if ask.gpus > largest { return .node(gpus: largest, needed: ask.gpus) }
    let level = ask.to
    var most: Int32 = 0
    for cluster in clusters {
      for part in pristine.topology.parts(ofCluster: Int(cluster), level) {
        most = max(most, capacity(ask, part, level))
      }
    }
    if most == 0 { return nothingFits(ask, clusters) }
    return .part(level, tasks: most, needed: shape.tasks)
  }

  /// Why no part holds even one unit: no node does, for want of processor or memory; or each slice
  /// needs more than any part of its level holds.
  private func nothingFits(_ ask: Ask, _ clusters: [Int32]) -> WaitReason.Bound {
    var tasks = ask
    (tasks.slice, tasks.sliceLevel) = (1, .node)
    var most: Int32 = 0
    for cluster in clusters {
      for part in pristine.topology.parts(ofCluster: Int(cluster), ask.sliceLevel) {
        most = max(most, capacity(tasks, part, ask.sliceLevel))
      }
    }
    return most == 0 ? .companions : .part(ask.sliceLevel, tasks: most, needed: ask.slice)
  }

  /// Tasks that a part holds when everything is up and free, slices of them whole.
  private func capacity(_ ask: Ask, _ part: Int, _ level: Level) -> Int32 {
    func tasks(_ part: Int, _ at: Level) -> Int {
      if at == .node {
        return Int(
          ask.units(
            ask.units(free: Int(pristine.topology.gpus[part]), parts: 0),
            cpuMilli: pristine.cpuMilli[part], memoryMiB: pristine.memoryMiB[part]))
      }
      guard let below = Level(rawValue: at.rawValue - 1) else { return 0 }
      let sum = pristine.topology.children(of: part, at).reduce(0) {
        $0 + tasks($1, below)
      }
      return at == ask.sliceLevel ? sum / Int(ask.slice) * Int(ask.slice) : sum
    }
    return Int32(clamping: tasks(part, level) * Int(ask.tasksPerUnit))
  }
}
