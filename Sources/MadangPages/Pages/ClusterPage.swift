public import MadangProgramme
public import MadangViews

/// One cluster: what stands there, who speaks for it, what should be enforced and what was found.
public enum ClusterPage {
  /// What is known of a cluster beside the programme.
  public struct Found {
    /// As it was read back last.
    public var facts: CentreFacts?
    public var allocations: [ObservedAllocation] = []
    /// Of its usage that was not taken the newest, newest last; and how much there is in all.
    public var refused: [RefusedSegment] = []
    public var refusedCount = 0

    public init() {}
  }

  public static func page(_ id: ClusterID, _ found: Found, _ context: PageContext) -> Page {
    let facts = found.facts
    var parts: [Page.Part] = [.html(head(id, facts, context)), .html(devices(facts, context))]
    if CentreWorkTable.isFor(context.caller, id, context) {
      parts.append(.table(CentreWorkTable.table(id, context)))
    }
    parts += [
      .table(allocations(id, found.allocations, context)),
      .table(CentreWorkTable.lines(id, context)), .table(inventory(id, context)),
      .table(agents(id, context)),
    ]
    if showsRefusedUsage(of: id, to: context.caller, context.programme) {
      parts.append(.table(RefusedUsageTable.table(found, context)))
    }
    return Page(context.name(id), in: .centres, parts)
  }

  /// As the operation that reads it says.
  public static func showsRefusedUsage(
    of id: ClusterID, to caller: Caller, _ programme: Programme
  ) -> Bool {
    var values = Values()
    values.set("cluster", .text("\(id)"))
    return Operation.named("listRefusedUsage")?.access.allows(caller, values, in: programme)
      ?? false
  }

  private static func head(
    _ id: ClusterID, _ facts: CentreFacts?, _ context: PageContext
  ) -> HTML {
    let programme = context.programme
    let cluster = programme.clusters[id]
    let engine = programme.bindings.row(id)?.engine
    let kind: HTML =
      engine.map { engine in
        let mark = engine.simulated ? Pieces.simulated(context) : .none
        return "\(engine.kind.name(context.language)) \(mark)"
      } ?? "\(context.say(ko: "아직 없음", en: "none yet"))"
    return Pieces.facts([
      (context.say(ko: "짧은 이름", en: "Short name"), "<code>\(cluster.slug)</code>"),
      (context.say(ko: "센터", en: "Centre"), "\(context.say(programme.sites[cluster.site].name))"),
      (context.say(ko: "기종", en: "Model"), "\(programme.models[cluster.model].name.value)"),
      (context.say(ko: "서버", en: "Servers"), "\(cluster.servers.grouped)"),
      ("GPU", Pieces.claims(cluster.gpus, context)), (context.say(ko: "엔진", en: "Engine"), kind),
      (
        context.say(ko: "읽은 때", en: "Read back"),
        "\(facts.map { context.time($0.at) } ?? context.say(ko: "아직 없음", en: "not yet"))"
      ),
    ])
  }

  private static func devices(_ facts: CentreFacts?, _ context: PageContext) -> HTML {
    guard let facts else { return .none }
    let title = context.say(ko: "지금 GPU의 상태", en: "The GPUs as they were read back")
    return Pieces.section(
      title,
      Plot.bar(
        [
          (context.say(ko: "정상", en: "up"), facts.up),
          (context.say(ko: "준비 중", en: "being prepared"), facts.preparing),
          (context.say(ko: "점검", en: "in maintenance"), facts.maintenance),
          (context.say(ko: "고장", en: "down"), facts.down),
        ], title: title))
  }

  private static func allocations(
    _ id: ClusterID, _ found: [ObservedAllocation], _ context: PageContext
  ) -> TableView {
    let programme = context.programme
    var table = TableView(
      "allocations",
      caption: context.say(ko: "할당: 설정값과 실제값", en: "Allocations: desired and observed"),
      columns: [
        .text(context.say(ko: "할당", en: "Allocation")), .text(context.say(ko: "배정", en: "Award")),
        .text(context.say(ko: "설정값", en: "Desired")),
        .text(context.say(ko: "실제값", en: "Observed")),
        .text(context.say(ko: "상태", en: "State")),
      ],
      empty: context.say(ko: "이 클러스터에 할당이 없습니다.", en: "Nothing is allocated here."))
    programme.allocations.forEach { allocation, row in
      guard row.cluster == id, row.standing != .returned else { return }
      let seen = found.first { $0.allocation == allocation }
      let standing = programme.standing(of: row, context.language)
      let tone: Pieces.Tone = row.isEnforced ? .good : row.drift != nil ? .bad : .plain
      table.rows.append([
        .html(
          "<a href=\"/awards/\(row.award)#\(allocation)\">\(context.name(allocation))</a>",
          "\(allocation)"),
        .link(row.award, context.name(row.award), "awards"),
        .text(programme.words(for: row.binding, context.language)),
        seen.map { .text(programme.words(for: $0.limit, context.language)) } ?? .none,
        .html(Pieces.badge(standing, tone), standing),
      ])
    }
    return table
  }

  /// What is registered of its centre and model, by line.
  private static func inventory(_ id: ClusterID, _ context: PageContext) -> TableView {
    let programme = context.programme
    let cluster = programme.clusters[id]
    var table = TableView(
      "inventory",
      caption: context.say(
        ko: "이 센터와 기종의 자산(물품)", en: "Assets of this centre and model"),
      columns: [
        .text(context.say(ko: "물량", en: "Line")), .number(context.say(ko: "서버", en: "Servers")),
        .text(context.say(ko: "첫 일련번호", en: "First serial number")),
      ],
      empty: context.say(ko: "등록된 자산이 없습니다.", en: "No assets are registered."))
    programme.lines.forEach { line, history in
      guard history.line.site == cluster.site, history.line.model == cluster.model else { return }
      for units in history.units {
        table.rows.append([
          .link(line, context.name(line), "supply"), .number(units.servers),
          .html("<code>\(units.firstSerial.value)</code>", units.firstSerial.value),
        ])
      }
    }
    return table
  }

  private static func agents(_ id: ClusterID, _ context: PageContext) -> TableView {
    let programme = context.programme
    let forms = programme.agents.ids.map { agent -> HTML in
      if programme.agents[agent].cluster != id || programme.agents[agent].revoked { return .none }
      let name = context.name(agent)
      return ActionForm.html(
        "revokeAgent", given: [("agent", "\(agent)")], back: "/centres/\(id)#agents",
        button: context.say(ko: "\(name)의 키 폐기", en: "Revoke the key of \(name.lowercasedFirst)"),
        context)
    }
    let may = forms.contains { !$0.isEmpty }
    var table = TableView(
      "agents", caption: context.say(ko: "에이전트", en: "Agents"),
      columns: [
        .text(context.say(ko: "에이전트", en: "Agent")), .text(context.say(ko: "상태", en: "State")),
        .text(context.say(ko: "서명 방식", en: "Algorithm")),
        .text(context.say(ko: "공개키", en: "Public key")),
      ] + (may ? [.actions(context.say(ko: "폐기", en: "Revoke"))] : []),
      empty: context.say(ko: "등록된 에이전트가 없습니다.", en: "No agent is enrolled."))
    programme.agents.forEach { agent, row in
      guard row.cluster == id else { return }
      let speaks = programme.bindings.row(id)?.agent == agent && !row.revoked
      let state =
        speaks
        ? context.say(ko: "이 클러스터를 대표함", en: "speaks for the cluster")
        : context.say(ko: "폐기", en: "revoked")
      table.rows.append(
        [
          .named(agent, context.name(agent)),
          .html(Pieces.badge(state, speaks ? .good : .plain), state),
          .text(row.algorithm.value),
          .html("<code>\(row.key.value.prefix(16))…</code>", row.key.value),
        ]
          + (may
            ? [
              forms[Int(agent.number) - 1].isEmpty ? .none : .html(forms[Int(agent.number) - 1], "")
            ] : []))
    }
    return table
  }
}
