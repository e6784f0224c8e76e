internal import MadangProgramme
internal import MadangScheduler
internal import Yams

/// Jobs that run and jobs that wait.
extension Value {
  func scheduleJob(running: Bool) -> ScheduleJobDraft? {
    let common = [
      "tasks", "gpusPerTask", "gpuMilliPerTask", "cpuMilliPerTask", "memoryMiBPerTask", "models",
      "walltime", "priority",
      "preemptible", "minRunTime", "notice", "checkpointInterval", "topology", "slices",
      "balanced",
    ]
    let own =
      running ? ["checkpointAt"] : ["notBefore", "deadline", "after", "count", "tasksMax"]
    guard
      let fields = fields(
        running ? ["job", "pool", "nodes", "startedAt"] : ["job", "pool"], optional: common + own)
    else { return nil }
    let name = fields["job"]?.label()?.value
    let pool = fields["pool"]?.label()?.value
    let gpus = gpus(fields)
    let nodes = running ? fields["nodes"]?.placedNodes(hasParts: gpus.milli != nil) : []
    let startedAt = running ? fields["startedAt"]?.moment() : 0
    let seconds = 0...SchedulerLimits.tickMax
    let models = fields["models"]?.modelsWish()
    let draft = ScheduleJobDraft(
      name: name ?? "", pool: pool ?? "",
      tasks: fields["tasks"]?.integer(1...Int64(SchedulerLimits.tasksMax)) ?? 1,
      tasksMax: fields["tasksMax"]?.integer(1...Int64(SchedulerLimits.tasksMax)),
      gpusPerTask: gpus.whole, gpuMilliPerTask: gpus.milli,
      cpuMilliPerTask: fields["cpuMilliPerTask"]?.integer(0...(1 << 40)) ?? 0,
      memoryMiBPerTask: fields["memoryMiBPerTask"]?.integer(0...(1 << 40)) ?? 0,
      models: models?.names, prefersFirst: models?.prefersFirst ?? false,
      topology: fields["topology"]?.topologyWish() ?? .unconstrained,
      slices: fields["slices"]?.slices(), balanced: fields["balanced"]?.flag() ?? false,
      walltime: fields["walltime"]?.integer(1...SchedulerLimits.tickMax),
      priority: fields["priority"]?.jobPriority() ?? 0,
      preemptible: fields["preemptible"]?.flag() ?? false,
      minRunTime: fields["minRunTime"]?.integer(seconds) ?? 0,
      notice: fields["notice"]?.integer(seconds) ?? 0,
      checkpointInterval: fields["checkpointInterval"]?.integer(1...SchedulerLimits.tickMax),
      notBefore: fields["notBefore"]?.moment() ?? -SchedulerLimits.tickMax,
      deadline: fields["deadline"]?.moment(), after: fields["after"]?.names() ?? [],
      count: fields["count"]?.integer(1...100_000) ?? 1, nodes: nodes ?? [],
      startedAt: startedAt ?? 0, checkpointAt: fields["checkpointAt"]?.moment(), place: place)
    return name == nil || pool == nil ? nil : draft
  }

  /// Whole devices of each task, or the part of one.
  private func gpus(_ fields: Fields) -> (whole: Int64, milli: Int64?) {
    guard let part = fields["gpuMilliPerTask"] else {
      if fields["gpusPerTask"] == nil { missing("gpusPerTask") }
      return (fields["gpusPerTask"]?.integer(1...1_000_000) ?? 1, nil)
    }
    if fields["gpusPerTask"] != nil {
      part.refuse(
        "gpusPerTask와 gpuMilliPerTask를 함께 쓸 수 없습니다.",
        "A task has whole devices or a part of one.", hintKo: "하나를 지우십시오.",
        hintEn: "Remove ‘gpusPerTask’ or ‘gpuMilliPerTask’.")
    }
    return (0, part.integer(1...999) ?? 1)
  }

  private func jobPriority() -> Int64? {
    guard let (text, _) = scalar() else { return nil }
    if text.hasPrefix("-") {
      refuse(
        "우선순위는 0 이상입니다.", "A priority is at least 0.", hintKo: "높을수록 먼저입니다.",
        hintEn: "Higher goes first.")
      return nil
    }
    return integer(0...1_000_000)
  }

  /// `[b200, h200]`, the preferred first, or `{any: [b200, h200]}`, where none is.
  private func modelsWish() -> (names: [Named], prefersFirst: Bool)? {
    guard case .mapping = node else { return names().map { ($0, true) } }
    return fields(["any"])?["any"]?.names().map { ($0, false) }
  }

  private func level() -> Level? {
    word(["node": .node, "rack": .rack, "block": .block, "cluster": .cluster])
  }

  /// `{required: rack}`, `{preferred: block}` or `unconstrained`.
  private func topologyWish() -> TopologyWish? {
    if case .scalar = node { return word(["unconstrained": .unconstrained]) }
    guard let fields = fields([], optional: ["required", "preferred"]) else { return nil }
    if let required = fields["required"] {
      if fields["preferred"] != nil {
        refuse(
          "required와 preferred를 함께 쓸 수 없습니다.", "It is either required or preferred.",
          hintKo: "하나를 지우십시오.", hintEn: "Remove one.")
      }
      return required.level().map { .required($0) }
    }
    if let preferred = fields["preferred"] { return preferred.level().map { .preferred($0) } }
    refuse(
      "topology가 비어 있습니다.", "‘topology’ says nothing.",
      hintKo: "{required: rack}처럼 쓰십시오.", hintEn: "Write it like {required: rack}.")
    return nil
  }

  private func slices() -> Slices? {
    guard let fields = fields(["tasks", "level"]) else { return nil }
    let tasks = fields["tasks"]?.integer(1...Int64(SchedulerLimits.tasksMax))
    let level = fields["level"]?.level()
    guard let tasks, let level else { return nil }
    return Slices(tasks: Int32(tasks), level: level)
  }

  /// Names of nodes, `{node: c1/n1, tasks: 2}`, or for parts `{node: c1/n1, device: 0}`.
  private func placedNodes(hasParts: Bool) -> [PlacedNode]? {
    list(limit: ScheduleDraft.itemsMax) { item -> PlacedNode? in
      if case .scalar = item.node {
        return item.label().map { PlacedNode(node: Named(name: $0.value, place: item.place)) }
      }
      guard let fields = item.fields(["node"], optional: ["tasks", "device"]) else { return nil }
      if let device = fields["device"], !hasParts {
        device.refuse(
          "통째로 쓰는 GPU에는 device를 적지 않습니다.",
          "Whole devices are not told apart: only a part is of one device.",
          hintKo: "device를 지우십시오.", hintEn: "Remove ‘device’.")
      } else if fields["device"] == nil, fields["tasks"] == nil {
        item.missing("tasks")
      }
      let node = fields["node"]?.label()
      let tasks = fields["tasks"].map { $0.integer(1...Int64(SchedulerLimits.tasksMax)) }
      let last = Int64(SchedulerLimits.gpusPerNodeMax) - 1
      let device = fields["device"].map { $0.integer(0...last) }
      // What is there and cannot be read was told already.
      guard let node, tasks != .some(nil), device != .some(nil) else { return nil }
      return PlacedNode(
        node: Named(name: node.value, place: item.place), tasks: tasks ?? nil,
        device: device?.map { Int($0) })
    }?.items
  }
}
