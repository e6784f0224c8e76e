internal import MadangProgramme
internal import MadangScheduler

/// Clusters, their nodes, and maintenance.
extension Value {
  func scheduleCluster() -> ScheduleClusterDraft? {
    let counts = ["blocks", "racksPerBlock", "nodesPerRack", "gpusPerNode"]
    guard
      let fields = fields(
        ["name", "model"], optional: counts + ["site", "nodes", "cpuMilli", "memoryMiB"])
    else { return nil }
    let name = fields["name"]?.partName()
    let model = fields["model"]?.partName()
    // Only a name: no job spans two clusters, so that nothing hangs on it.
    _ = fields["site"]?.partName()
    let cpu = fields["cpuMilli"]?.integer(0...(1 << 40))
    let memory = fields["memoryMiB"]?.integer(0...(1 << 40))
    var nodes: [ScheduleNodeDraft] = []
    if let listed = fields["nodes"] {
      for key in counts where fields[key] != nil {
        fields[key]?.refuse(
          "‘nodes’가 있으면 ‘\(key)’는 쓸 수 없습니다.", "With ‘nodes’ there is no ‘\(key)’.",
          hintKo: "노드를 하나씩 적거나 개수를 적으십시오.", hintEn: "List the nodes, or count them.")
      }
      nodes =
        listed.list(limit: ScheduleDraft.itemsMax) { $0.scheduleNode(cpu, memory) }?.items ?? []
    } else {
      nodes = fields.countedNodes(cpu, memory)
    }
    guard let name, let model else { return nil }
    return ScheduleClusterDraft(name: name, model: model, nodes: nodes, place: place)
  }

  /// A node, with its cluster's processor and memory where it names none of its own.
  private func scheduleNode(_ clusterCPU: Int64?, _ clusterMemory: Int64?) -> ScheduleNodeDraft? {
    guard
      let fields = fields(
        ["name", "gpus"], optional: ["rack", "block", "state", "cpuMilli", "memoryMiB"])
    else { return nil }
    let name = fields["name"]?.partName()
    let gpus = fields["gpus"]?.integer(1...Int64(SchedulerLimits.gpusPerNodeMax))
    let rack = fields["rack"]?.partName()
    let block = fields["block"]?.partName()
    let state = fields["state"].map { state in
      state.word([
        "up": NodeState.up, "draining": .draining, "down": .down, "failed": .failed,
      ])
    }
    let cpu = fields["cpuMilli"]?.integer(0...(1 << 40))
    let memory = fields["memoryMiB"]?.integer(0...(1 << 40))
    guard let name, let gpus else { return nil }
    return ScheduleNodeDraft(
      name: name, gpus: gpus, rack: rack, block: block, state: (state ?? .up) ?? .up,
      cpuMilli: cpu ?? clusterCPU, memoryMiB: memory ?? clusterMemory, place: place)
  }

  /// `{nodes: […], from: 0, until: 60}`, and for a reservation `pool`.
  func maintenance(for pool: Bool) -> ScheduleMaintenanceDraft? {
    guard let fields = fields(["nodes", "from", "until"] + (pool ? ["pool"] : [])) else {
      return nil
    }
    let owner = pool ? fields["pool"]?.names(single: true)?.first : nil
    let nodes = fields["nodes"]?.names() ?? []
    let from = fields["from"]?.moment()
    let until = fields["until"]?.moment()
    guard let from, let until else { return nil }
    if until <= from {
      fields["until"]?.refuse(
        "until은 from보다 뒤여야 합니다.", "‘until’ must come after ‘from’.",
        hintKo: "단위는 초입니다.", hintEn: "Both are seconds.")
      return nil
    }
    return ScheduleMaintenanceDraft(
      nodes: nodes, pool: owner, from: from, until: until, place: place)
  }

  /// A name that can be a part of a path: no slash, no blank.
  func partName() -> String? {
    guard let name = label() else { return nil }
    if name.value.contains("/") || name.value.contains(" ") {
      refuse(
        "‘\(shown(name.value))’에 빗금이나 빈칸이 있습니다.",
        "‘\(shown(name.value))’ holds a slash or a blank.",
        hintKo: "이름에는 둘 다 쓰지 마십시오.", hintEn: "Write names without either.")
      return nil
    }
    return name.value
  }

  /// A list of names that are defined elsewhere in the file, or a single one.
  func names(single: Bool = false) -> [Named]? {
    if single { return label().map { [Named(name: $0.value, place: place)] } }
    return namesOfList
  }

  private var namesOfList: [Named]? {
    list(limit: ScheduleDraft.itemsMax) { item in
      item.label().map { Named(name: $0.value, place: item.place) }
    }?.items
  }

  /// A moment in seconds, which may lie before 0.
  func moment() -> Int64? {
    guard let (text, plain) = scalar() else { return nil }
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let range = -SchedulerLimits.tickMax...SchedulerLimits.tickMax
    guard plain, !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 48 && $0 <= 57 }),
      let number = Int64(text), range.contains(number)
    else {
      refuse(
        "‘\(shown(name))’: ‘\(shown(text))’은(는) 시각이 아닙니다.",
        "‘\(shown(name))’: ‘\(shown(text))’ is no moment.",
        hintKo: "초를 정수로 쓰십시오.", hintEn: "Write whole seconds.")
      return nil
    }
    return number
  }
}

extension Fields {
  /// `blocks`, `racksPerBlock`, `nodesPerRack`, `gpusPerNode`: parts named k0, r0, n0 and on.
  fileprivate func countedNodes(_ cpu: Int64?, _ memory: Int64?) -> [ScheduleNodeDraft] {
    func count(_ key: String, _ most: Int64) -> Int64? {
      guard let value = self[key] else {
        self.value.refuse(
          "‘\(key)’ 키가 없습니다.", "The key ‘\(key)’ is missing.",
          hintKo: "개수 네 가지를 다 적거나 nodes를 적으십시오.",
          hintEn: "Give all four counts, or list ‘nodes’.")
        return nil
      }
      return value.integer(1...most)
    }
    let most = Int64(SchedulerLimits.nodesMax)
    let blocks = count("blocks", most)
    let racks = count("racksPerBlock", most)
    let perRack = count("nodesPerRack", most)
    let gpus = count("gpusPerNode", Int64(SchedulerLimits.gpusPerNodeMax))
    guard let blocks, let racks, let perRack, let gpus else { return [] }
    let (first, over) = blocks.multipliedReportingOverflow(by: racks)
    let (all, overAgain) = first.multipliedReportingOverflow(by: perRack)
    guard !over, !overAgain, all <= most else {
      self.value.refuse(
        "노드가 너무 많습니다.", "That is too many nodes.",
        hintKo: "최대 \(most)개입니다.", hintEn: "At most \(most) are scheduled.")
      return []
    }
    var nodes: [ScheduleNodeDraft] = []
    for block in 0..<blocks {
      for rack in 0..<racks {
        for node in 0..<perRack {
          nodes.append(
            ScheduleNodeDraft(
              name: "n\(node)", gpus: gpus, rack: "r\(rack)", block: "k\(block)", state: .up,
              cpuMilli: cpu, memoryMiB: memory, place: place))
        }
      }
    }
    return nodes
  }
}
