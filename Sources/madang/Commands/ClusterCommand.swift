import ArgumentParser
import Foundation
import MadangJournal
import MadangProgramme
import MadangViews

struct ClusterCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "Clusters: their engines, and what was read back from them.",
    discussion: """
      Examples:
        madang cluster
        madang cluster show naver-h200-255
      """,
    subcommands: [ClusterList.self, ClusterShow.self], defaultSubcommand: ClusterList.self)
}

struct ClusterList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "Every cluster with its engine and agent.")
  @OptionGroup var common: CommonOptions

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    var table = Table([
      (output.say(ko: "클러스터", en: "cluster"), .left), (output.say(ko: "센터", en: "site"), .left),
      (output.say(ko: "기종", en: "model"), .left), ("GPU", .right),
      (output.say(ko: "엔진", en: "engine"), .left), (output.say(ko: "에이전트", en: "agent"), .left),
      (output.say(ko: "할당", en: "allocations"), .right),
    ])
    for id in programme.clusters.ids {
      let cluster = programme.clusters[id]
      let binding = programme.bindings[id]
      let bound = programme.allocations.ids.count {
        programme.allocations[$0].cluster == id && programme.allocations[$0].isBound
      }
      let simulated = binding.engine?.simulated ?? false
      let engine = binding.engine.map { engine in
        engine.kind.name(output.language)
          + (simulated ? output.say(ko: " (모의)", en: " (simulated)") : "")
      }
      table.add(
        cluster.slug.value, programme.sites[cluster.site].slug.value,
        programme.models[cluster.model].slug.value, cluster.gpus.value.grouped, engine ?? "–",
        binding.agent.map { "\($0)" } ?? "–", "\(bound)")
    }
    output.print(text: table.text, json: programme.clustersJSON)
  }
}

struct ClusterShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "What should be enforced at a cluster, and what was found.")
  @OptionGroup var common: CommonOptions
  @Argument(help: "The cluster, by short name.") var cluster: String

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let id = try programme.cluster(cluster, output)
    let operations = try Office.operations(common)
    let observed = try output.refusing { () throws(JournalError) in try operations.observed(id) }
    let desired = programme.desired(id)
    var table = Table([
      (output.say(ko: "할당", en: "allocation"), .left),
      (output.say(ko: "설정값", en: "desired"), .right),
      (output.say(ko: "실제값", en: "observed"), .right),
      (output.say(ko: "준비된 GPU", en: "ready"), .right),
    ])
    var json: [JSON] = []
    let found = observed?.allocations ?? []
    let named = Set(desired.allocations.map(\.allocation) + found.map(\.allocation))
    for allocation in named.sorted() {
      let wanted = desired.allocations.first { $0.allocation == allocation }
      let seen = found.first { $0.allocation == allocation }
      table.add(
        "\(allocation)", wanted.map { programme.words(for: $0.limit, output.language) } ?? "–",
        seen.map { programme.words(for: $0.limit, output.language) } ?? "–",
        seen.map { $0.readyGPUs.grouped } ?? "–")
      json.append(
        .object([
          ("allocation", .text("\(allocation)")),
          ("desired", wanted.map { programme.json($0.limit) } ?? .null),
          ("observed", seen.map { programme.json($0.limit) } ?? .null),
          ("readyGPUs", .optional(seen?.readyGPUs)),
        ]))
    }
    output.print(
      text: [ClusterShow.head(observed, desired, programme, output), "", table.text]
        .joined(separator: "\n"),
      json: .object([
        ("cluster", .text(programme.clusters[id].slug.value)),
        ("generation", .int(desired.generation)),
        ("observedGeneration", .optional(observed?.generation)),
        ("observedAt", .optional(observed?.at.seconds)), ("allocations", .array(json)),
      ]))
  }

  private static func head(
    _ observed: ObservedState?, _ desired: DesiredState, _ programme: Programme, _ output: Output
  ) -> String {
    guard let observed else {
      return output.say(ko: "아직 읽어 본 적이 없습니다.", en: "It was never read back.")
    }
    let at = output.time(observed.at, programme)
    let devices = observed.devices
    let held = observed.generation.map { "\($0)" } ?? "–"
    return output.say(
      ko: "\(at)에 읽음: 설정 \(desired.generation) 중 \(held) 적용, GPU 가동 \(devices.up), "
        + "고장 \(devices.down), 점검 \(devices.maintenance), 준비 중 \(devices.preparing)",
      en: "Read back \(at): generation \(held) of \(desired.generation), GPUs up \(devices.up), "
        + "down \(devices.down), maintenance \(devices.maintenance), "
        + "preparing \(devices.preparing)")
  }
}
