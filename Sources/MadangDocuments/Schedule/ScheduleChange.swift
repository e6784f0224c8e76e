internal import MadangProgramme
internal import MadangScheduler

/// What would be otherwise, in a question of what if.
public enum ScheduleChange: Hashable, Sendable {
  case weight(pool: String, Int64)
  /// GPUs of a device model.
  case guarantee(pool: String, model: String, Int64)
  /// More nodes alike, in a block of their own; for a cluster that is not there yet with its model.
  case add(cluster: String, model: String?, nodes: Int, gpus: Int64)
  /// Its nodes go out of service: guarantees shrink by the rule for that, and what ran on them
  /// waits again, before all others.
  case without(cluster: String)
}

extension ScheduleDraft {
  mutating func apply(_ change: ScheduleChange, _ top: Place, _ reading: Reading) {
    switch change {
    case .weight(let name, let weight):
      if let pool = pool(name, top, reading) { pools[pool].weight = weight }
    case .guarantee(let name, let model, let gpus):
      guard let pool = pool(name, top, reading) else { return }
      pools[pool].guarantee.removeAll { $0.model == model }
      pools[pool].guarantee.append(
        ModelFigure(model: model, value: gpus, place: pools[pool].place))
    case .add(let name, let model, let nodes, let gpus):
      add(name, model, nodes, gpus, top, reading)
    case .without(let name):
      if let cluster = cluster(name, top, reading) { takeAway(cluster) }
    }
  }

  private func pool(_ name: String, _ top: Place, _ reading: Reading) -> Int? {
    if let known = pools.firstIndex(where: { $0.name == name }) { return known }
    reading.missing(top, Wording(ko: "풀", en: "pool"), name, among: pools.map(\.name))
    return nil
  }

  private func cluster(_ name: String, _ top: Place, _ reading: Reading) -> Int? {
    if let known = clusters.firstIndex(where: { $0.name == name }) { return known }
    reading.missing(
      top, Wording(ko: "클러스터", en: "cluster"), name, among: clusters.map(\.name))
    return nil
  }

  private mutating func add(
    _ name: String, _ model: String?, _ nodes: Int, _ gpus: Int64, _ top: Place,
    _ reading: Reading
  ) {
    if let model, !clusters.contains(where: { $0.name == name }) {
      clusters.append(
        ScheduleClusterDraft(name: name, model: model, nodes: [], place: top))
    }
    guard let cluster = cluster(name, top, reading) else { return }
    let blocks = Set(clusters[cluster].nodes.compactMap(\.block))
    var (block, tranche) = ("added", 1)
    while blocks.contains(block) {
      tranche += 1
      block = "added\(tranche)"
    }
    for number in 0..<nodes {
      clusters[cluster].nodes.append(
        ScheduleNodeDraft(
          name: "added\(number)", gpus: gpus, rack: "added\(number / 16)", block: block,
          state: .up, place: top))
    }
  }

  private mutating func takeAway(_ cluster: Int) {
    for node in clusters[cluster].nodes.indices { clusters[cluster].nodes[node].state = .down }
    let (name, model) = (clusters[cluster].name, clusters[cluster].model)
    func stands(_ job: ScheduleJobDraft) -> Bool {
      job.nodes.contains { $0.node.name.hasPrefix(name + "/") }
    }
    let taken = running.filter(stands).map { job in
      var job = job
      job.models = job.models ?? [Named(name: model, place: job.place)]
      job.nodes = []
      return job
    }
    running.removeAll(where: stands)
    waiting = taken + waiting
  }
}

extension Reading {
  fileprivate func missing(
    _ place: Place, _ kind: Wording, _ name: String, among names: [String]
  ) {
    let hint =
      near(name, among: names).map(didYouMean)
      ?? Wording(ko: "파일에 적힌 이름을 쓰십시오.", en: "Use a name that the file declares.")
    fault(
      place,
      Wording(
        ko: "바꿀 \(kind.ko) ‘\(shown(name))’이(가) 없습니다.",
        en: "There is no \(kind.en) ‘\(shown(name))’ to change."), hint: hint)
  }
}
