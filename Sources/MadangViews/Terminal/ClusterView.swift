public import MadangProgramme

/// How clusters look, and what was read back from them.
public enum ClusterView {
  static func list(_ programme: Programme, _ prose: Prose) -> String {
    var table = Table([
      (prose.say(ko: "클러스터", en: "cluster"), .left), (prose.say(ko: "센터", en: "site"), .left),
      (prose.say(ko: "기종", en: "model"), .left), ("GPU", .right),
      (prose.say(ko: "엔진", en: "engine"), .left), (prose.say(ko: "에이전트", en: "agent"), .left),
      (prose.say(ko: "할당", en: "allocations"), .right),
    ])
    let counts = programme.boundCounts
    for id in programme.clusters.ids {
      let cluster = programme.clusters[id]
      let binding = programme.bindings[id]
      let bound = counts[id] ?? 0
      let simulated = binding.engine?.simulated ?? false
      let engine = binding.engine.map { engine in
        engine.kind.name(prose.language)
          + (simulated ? prose.say(ko: " (모의)", en: " (simulated)") : "")
      }
      table.add(
        cluster.slug.value, programme.sites[cluster.site].slug.value,
        programme.models[cluster.model].slug.value, cluster.gpus.value.grouped, engine ?? "–",
        binding.agent.map { "\($0)" } ?? "–", "\(bound)")
    }
    return table.text
  }

  /// What should be enforced at a cluster beside what was found. Which servers a team holds is its
  /// own affair and the office's: the digest of their list is left out for everybody else.
  public static func answer(
    _ id: ClusterID, _ observed: ObservedState?, _ programme: Programme, for caller: Caller
  ) -> Answer {
    let desired = programme.desired(id)
    let found = observed?.allocations ?? []
    let named = Set(desired.allocations.map(\.allocation) + found.map(\.allocation))
    let rows = named.sorted().map { name in
      Row(
        allocation: name, wanted: desired.allocations.first { $0.allocation == name }?.limit,
        seen: found.first { $0.allocation == name }, isRead: reads(name, programme, caller))
    }
    return Answer(
      .object([
        ("cluster", .text(programme.clusters[id].slug.value)),
        ("generation", .int(desired.generation)),
        ("observedGeneration", .optional(observed?.generation)),
        ("observedAt", .optional(observed?.at.seconds)),
        (
          "allocations",
          .array(
            rows.map { row in
              .object(
                [
                  ("allocation", .text("\(row.allocation)")),
                  ("desired", row.wanted.map { programme.json($0) } ?? .null),
                  ("observed", row.seen.map { programme.json($0.limit) } ?? .null),
                  ("readyGPUs", .optional(row.seen?.readyGPUs)),
                ] + (row.isRead ? [("assets", .optional(row.seen?.assets?.hex))] : []))
            })
        ),
      ]),
      text: { prose in
        [head(observed, desired, programme, prose), "", table(rows, programme, prose)]
          .joined(separator: "\n")
      })
  }

  private struct Row: Sendable {
    let allocation: AllocationID
    let wanted: AllocationLimit?
    let seen: ObservedAllocation?
    let isRead: Bool
  }

  /// An engine may hold what the programme does not know: that is for the office to look into.
  private static func reads(
    _ id: AllocationID, _ programme: Programme, _ caller: Caller
  ) -> Bool {
    programme.allocations.row(id).map { caller.reads($0.award, in: programme) }
      ?? caller.readsOffice
  }

  private static func table(
    _ rows: [Row], _ programme: Programme, _ prose: Prose
  ) -> String {
    var table = Table([
      (prose.say(ko: "할당", en: "allocation"), .left),
      (prose.say(ko: "설정값", en: "desired"), .right),
      (prose.say(ko: "실제값", en: "observed"), .right),
      (prose.say(ko: "준비된 GPU", en: "ready"), .right),
    ])
    for row in rows {
      table.add(
        "\(row.allocation)", row.wanted.map { programme.words(for: $0, prose.language) } ?? "–",
        row.seen.map { programme.words(for: $0.limit, prose.language) } ?? "–",
        row.seen.map { $0.readyGPUs.grouped } ?? "–")
    }
    return table.text
  }

  private static func head(
    _ observed: ObservedState?, _ desired: DesiredState, _ programme: Programme, _ prose: Prose
  ) -> String {
    guard let observed else {
      return prose.say(ko: "아직 읽어 본 적이 없습니다.", en: "It was never read back.")
    }
    let at = prose.time(observed.at, programme)
    let devices = observed.devices
    let held = observed.generation.map { "\($0)" } ?? "–"
    return prose.say(
      ko: "\(at)에 읽음: 설정 \(desired.generation) 중 \(held) 적용, GPU 가동 \(devices.up), "
        + "고장 \(devices.down), 점검 \(devices.maintenance), 준비 중 \(devices.preparing)",
      en: "Read back \(at): generation \(held) of \(desired.generation), GPUs up \(devices.up), "
        + "down \(devices.down), maintenance \(devices.maintenance), "
        + "preparing \(devices.preparing)")
  }
}
