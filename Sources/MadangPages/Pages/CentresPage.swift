public import MadangProgramme
import MadangViews

/// What was read back from a cluster, as a page shows it.
public struct CentreFacts: Sendable {
  public let cluster: ClusterID
  public let at: Instant
  public let generation: Int64?
  public let up: Int64
  public let down: Int64
  public let maintenance: Int64
  public let preparing: Int64

  public init(
    cluster: ClusterID, at: Instant, generation: Int64?, up: Int64, down: Int64,
    maintenance: Int64, preparing: Int64
  ) {
    self.cluster = cluster
    self.at = at
    self.generation = generation
    self.up = up
    self.down = down
    self.maintenance = maintenance
    self.preparing = preparing
  }
}

/// Centres: what stands there, which engine enforces, who speaks for it, what drifts.
public enum CentresPage {
  public static func page(_ observed: [CentreFacts], _ context: PageContext) -> Page {
    Page(
      context.say(ko: "센터", en: "Centres"), in: .centres,
      [
        .table(clusters(observed, context)), .table(drift(context)),
        .html(
          """
          <p class="note">\(context.say(
            ko: "센터의 에이전트가 설정값을 받아 적용하고 다시 읽습니다. 읽은 값이 같을 때만 ‘적용 확인’입니다.",
            en: "A centre's agent takes what is desired, applies it and reads it "
              + "back. Only what was read back equal is enforced."))</p>
          """),
      ])
  }

  private static func clusters(_ observed: [CentreFacts], _ context: PageContext) -> TableView {
    let programme = context.programme
    var table = TableView(
      "clusters", caption: context.say(ko: "클러스터", en: "Clusters"),
      columns: [
        .text(context.say(ko: "센터", en: "Centre")), .text(context.say(ko: "클러스터", en: "Cluster")),
        .text(context.say(ko: "기종", en: "Model")), .number("GPU"),
        .text(context.say(ko: "엔진", en: "Engine")), .text(context.say(ko: "에이전트", en: "Agent")),
        .number(context.say(ko: "가동", en: "Up")), .number(context.say(ko: "고장", en: "Down")),
        .text(context.say(ko: "읽은 때", en: "Read back")),
      ],
      empty: context.say(ko: "클러스터가 없습니다.", en: "There are no clusters."))
    for id in programme.clusters.ids {
      let cluster = programme.clusters[id]
      let binding = programme.bindings.row(id)
      let found = observed.first { $0.cluster == id }
      let engine = binding?.engine.map { $0.kind.name(context.language) }
      let mark: HTML = binding?.engine?.simulated == true ? Pieces.simulated(context) : .none
      table.rows.append([
        .text(context.say(programme.sites[cluster.site].name)),
        .link(cluster.slug.value, "/centres/\(id)"),
        .text(programme.models[cluster.model].name.value), .number(cluster.gpus.value),
        engine.map { .html("\($0) \(mark)", $0) } ?? .none,
        binding?.agent.map { .named($0, context.name($0)) } ?? .none, .number(found?.up),
        .number(found?.down),
        found.map { .text(context.time($0.at)) } ?? .none,
      ])
    }
    return table
  }

  private static func drift(_ context: PageContext) -> TableView {
    let programme = context.programme
    var table = TableView(
      "drift", caption: context.say(ko: "불일치", en: "Drift"),
      columns: [
        .text(context.say(ko: "할당", en: "Allocation")),
        .text(context.say(ko: "클러스터", en: "Cluster")),
        .text(context.say(ko: "무엇이", en: "What differs")),
        .text(context.say(ko: "언제부터", en: "Since")),
        .number(context.say(ko: "못 쓰는 GPU", en: "GPUs gone without")),
      ],
      empty: context.say(ko: "불일치가 없습니다.", en: "Nothing drifts."))
    programme.allocations.forEach { id, row in
      guard let drift = row.drift else { return }
      table.rows.append([
        .html("<a href=\"/awards/\(row.award)#\(id)\">\(context.name(id))</a>", "\(id)"),
        .html("\(context.name(row.cluster))", programme.clusters[row.cluster].slug.value),
        .text(drift.name(context.language)),
        row.driftSince.map { .text(context.time($0)) } ?? .none, .number(row.missingGPUs),
      ])
    }
    return table
  }
}
