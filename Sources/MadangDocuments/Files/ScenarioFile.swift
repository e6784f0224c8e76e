internal import MadangProgramme
internal import MadangSimulator

/// A scenario of the simulator as YAML; docs/simulate.md has the format.
struct ScenarioFile {
  var scenario = Scenario()

  init(_ value: Value) {
    guard
      let fields = value.fields(
        ["days", "clusters", "pools", "jobs"],
        optional: [
          "name", "seed", "deliveries", "demand", "failures", "maintenance", "checkpointMinutes",
        ])
    else { return }
    scenario.name = fields["name"]?.label()?.value ?? ""
    scenario.seed = UInt64(fields["seed"]?.integer() ?? 1)
    scenario.days = Int(fields["days"]?.integer(1...3_660) ?? 1)
    scenario.checkpointMinutes = Int(fields["checkpointMinutes"]?.integer(0...525_600) ?? 0)
    scenario.clusters = fields["clusters"]?.list(ScenarioFile.cluster)?.items ?? []
    let nodes = scenario.clusters.reduce(0) { $0 + $1.nodes }
    if nodes > 262_144 {
      fields["clusters"]?.refuse(
        "노드가 모두 \(nodes)개입니다.", "There are \(nodes) nodes in all.",
        hintKo: "최대 262,144개입니다.", hintEn: "At most 262,144 are simulated.")
    }
    scenario.pools = fields["pools"]?.list { pool($0) }?.items ?? []
    fields["jobs"].map { jobs($0) }
    scenario.deliveries = fields["deliveries"]?.list { delivery($0) }?.items ?? []
    checkDeliveries(fields["deliveries"])
    scenario.shifts = fields["demand"]?.list { shift($0) }?.items ?? []
    fields["failures"].map { failures($0) }
    scenario.maintenance = fields["maintenance"].flatMap(ScenarioFile.maintenance)
  }

  private static func cluster(_ value: Value) -> Scenario.Cluster? {
    guard let fields = value.fields(["name", "model", "nodes", "gpusPerNode"]) else { return nil }
    guard let name = fields["name"]?.label(), let model = fields["model"]?.label(),
      let nodes = fields["nodes"]?.integer(1...262_144),
      let gpus = fields["gpusPerNode"]?.integer(1...16)
    else { return nil }
    return Scenario.Cluster(
      name: name.value, model: model.value, nodes: Int(nodes), gpusPerNode: Int32(gpus))
  }

  private func pool(_ value: Value) -> Scenario.Pool? {
    guard
      let fields = value.fields(
        ["name"], optional: ["weight", "priority", "guarantee", "arrivals"]),
      let name = fields["name"]?.label()
    else { return nil }
    var guarantees = Array(repeating: Int64(0), count: scenario.models.count)
    if let promised = fields["guarantee"]?.fields([], optional: scenario.models) {
      for (model, name) in scenario.models.enumerated() {
        guarantees[model] = promised[name]?.integer() ?? 0
      }
    }
    return Scenario.Pool(
      name: name.value, weight: fields["weight"]?.integer(1...1_000_000) ?? 1,
      priority: Int32(fields["priority"]?.integer(0...1_000_000) ?? 0),
      guarantees: guarantees, arrivals: Int(fields["arrivals"]?.integer(0...1_000_000) ?? 1))
  }

  private mutating func jobs(_ value: Value) {
    guard
      let fields = value.fields(["perDay"], optional: ["kinds", "sizeFactor", "timePercent"])
    else { return }
    scenario.jobsPerDay = Int(fields["perDay"]?.integer(1...1_000_000) ?? 1)
    scenario.sizeFactor = Int32(fields["sizeFactor"]?.integer(1...1_024) ?? 1)
    scenario.timePercent = fields["timePercent"]?.integer(1...100_000) ?? 100
    scenario.kinds = fields["kinds"]?.list(ScenarioFile.kind)?.items ?? []
    if fields["kinds"] == nil || scenario.jobsPerDay * scenario.days > 16_000_000 {
      if scenario.jobsPerDay * scenario.days > 16_000_000 {
        value.refuse(
          "작업이 너무 많습니다.", "Those are too many jobs.", hintKo: "모두 1,600만 개까지입니다.",
          hintEn: "At most 16 million in all.")
      }
    }
  }

  private static func kind(_ value: Value) -> Scenario.Kind? {
    guard
      let fields = value.fields(["gpus", "minutes"], optional: ["weight", "name"]),
      let gpus = fields["gpus"]?.list({ $0.integer(1...65_536) })?.items, !gpus.isEmpty,
      let minutes = fields["minutes"]?.list({ $0.integer(1...5_256_000) })?.items
    else { return nil }
    _ = fields["name"]?.label()
    guard minutes.count == 2, minutes[0] <= minutes[1] else {
      value.refuse(
        "‘minutes’는 최소와 최대, 두 값이어야 합니다.",
        "‘minutes’ must be two values, the least and the most.",
        hintKo: "[5, 600]처럼 쓰십시오.", hintEn: "Write it like [5, 600].")
      return nil
    }
    return Scenario.Kind(
      weight: Int(fields["weight"]?.integer(1...1_000_000) ?? 1), gpus: gpus.map { Int32($0) },
      minutes: minutes[0]...minutes[1])
  }

  private func delivery(_ value: Value) -> Scenario.Delivery? {
    guard let fields = value.fields(["cluster", "day", "nodes"]),
      let cluster = number(
        fields["cluster"], among: scenario.clusters.map(\.name), ko: "클러스터", en: "cluster"),
      let day = fields["day"]?.integer(1...3_660), let nodes = fields["nodes"]?.integer(1...262_144)
    else { return nil }
    return Scenario.Delivery(cluster: cluster, day: Int(day), nodes: Int(nodes))
  }

  private func shift(_ value: Value) -> Scenario.Shift? {
    guard let fields = value.fields(["day", "percent"], optional: ["pool"]),
      let day = fields["day"]?.integer(0...3_660),
      let percent = fields["percent"]?.integer(0...10_000)
    else { return nil }
    let names = scenario.pools.map(\.name)
    let pool = fields["pool"].flatMap { number($0, among: names, ko: "배분 물량", en: "pool") }
    return Scenario.Shift(day: Int(day), percent: Int(percent), pool: pool)
  }

  /// Nobody delivers more nodes than a cluster has.
  private func checkDeliveries(_ value: Value?) {
    for (number, cluster) in scenario.clusters.enumerated() {
      let nodes = scenario.deliveries.reduce(0) { $0 + ($1.cluster == number ? $1.nodes : 0) }
      guard nodes > cluster.nodes else { continue }
      value?.refuse(
        "클러스터 ‘\(shown(cluster.name))’의 노드 \(cluster.nodes)개보다 많은 \(nodes)개가 들어옵니다.",
        "\(nodes) nodes of ‘\(shown(cluster.name))’ are delivered, and it has \(cluster.nodes).",
        hintKo: "‘nodes’는 들어올 노드까지 센 수입니다.",
        hintEn: "A cluster's ‘nodes’ counts those that are delivered later too.")
    }
  }

  private mutating func failures(_ value: Value) {
    guard let fields = value.fields(["perMillionGPUDays", "repairHours"]) else { return }
    scenario.failuresPerMillionGPUDays = Int(
      fields["perMillionGPUDays"]?.integer(0...1_000_000) ?? 0)
    scenario.repairHours = Int(fields["repairHours"]?.integer(1...8_760) ?? 1)
  }

  private static func maintenance(_ value: Value) -> Scenario.Maintenance? {
    guard let fields = value.fields(["everyDays", "hours"], optional: ["batches"]),
      let days = fields["everyDays"]?.integer(1...3_660),
      let hours = fields["hours"]?.integer(1...720)
    else { return nil }
    return Scenario.Maintenance(
      everyDays: Int(days), hours: Int(hours),
      batches: Int(fields["batches"]?.integer(1...10_000) ?? 30))
  }

  private func number(_ value: Value?, among names: [String], ko: String, en: String) -> Int? {
    guard let value, let name = value.label()?.value else { return nil }
    if let number = names.firstIndex(of: name) { return number }
    value.refuse(
      "\(ko) ‘\(shown(name))’을(를) 찾을 수 없습니다.", "There is no \(en) ‘\(shown(name))’.",
      hintKo: "이 파일에 있는 이름을 쓰십시오.", hintEn: "Use a name of this file.")
    return nil
  }
}
