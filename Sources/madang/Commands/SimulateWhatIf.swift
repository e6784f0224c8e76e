import ArgumentParser
import Foundation
import MadangDocuments
import MadangProgramme
import MadangScheduler
import MadangSimulator
import MadangViews

/// What would be otherwise in an exported state.
struct WhatIfOptions: ParsableArguments {
  @Option(
    name: .customLong("from"),
    help: .said(
      ko: "상태 파일(docs/schedule.md 또는 `madang programme export`): "
        + "실행·대기 중인 작업을 지금대로, 그리고 아래 변경을 더해 실행합니다.",
      en: "A state (docs/schedule.md, or `madang programme export`): its jobs as they "
        + "run and wait, as it is and with the changes below.", valueName: "file"))
  var state: String?
  @Option(
    name: .long,
    help: .said(ko: "--from과 함께: 풀의 가중치.", en: "With --from: a pool's weight.", valueName: "pool=n")
  )
  var weight: [String] = []
  @Option(
    name: .long,
    help: .said(
      ko: "--from과 함께: 풀의 보장.", en: "With --from: a pool's guarantee.", valueName: "pool:model=gpus"
    ))
  var guarantee: [String] = []
  @Option(
    name: .long,
    help: .said(
      ko: "--from과 함께: 도입 노드. 새 클러스터는 기종과 함께 적습니다.",
      en: "With --from: a tranche of nodes; a new cluster is named with its model.",
      valueName: "cluster[:model]=NxG"))
  var add: [String] = []
  @Option(
    name: .long,
    help: .said(
      ko: "--from과 함께: 클러스터 하나를 빼고.", en: "With --from: without a cluster.", valueName: "cluster"))
  var without: [String] = []
  @Option(
    name: .long,
    help: .said(
      ko: "--from과 함께: GPU 시간을 셀 시간 수. 없으면 24.",
      en: "With --from: hours for which GPU-hours are counted; else 24."))
  var hours: Int64?

  /// The hours that are counted where none are said.
  static let usualHours: Int64 = 24

  /// Options that only say something with `--from`, and were given.
  var given: [String] {
    [
      ("--weight", !weight.isEmpty), ("--guarantee", !guarantee.isEmpty), ("--add", !add.isEmpty),
      ("--without", !without.isEmpty), ("--hours", hours != nil),
    ].filter(\.1).map(\.0)
  }

  func changes(_ output: Output) throws -> [ScheduleChange] {
    var changes: [ScheduleChange] = []
    for text in weight {
      let (name, value) = try parts(text, output)
      guard let number = Int64(value), (0...SchedulerLimits.weightMax).contains(number) else {
        throw wrong(text, output)
      }
      changes.append(.weight(pool: name, number))
    }
    for text in guarantee {
      let (name, value) = try parts(text, output)
      guard let colon = name.lastIndex(of: ":"), let number = Int64(value),
        (0...10_000_000).contains(number)
      else { throw wrong(text, output) }
      changes.append(
        .guarantee(
          pool: String(name[..<colon]), model: String(name[name.index(after: colon)...]), number))
    }
    for text in add {
      let (name, value) = try parts(text, output)
      let counts = value.split(separator: "x", omittingEmptySubsequences: false)
      guard counts.count == 2, let nodes = Int(counts[0]), (1...200_000).contains(nodes),
        let gpus = Int64(counts[1]), (1...Int64(SchedulerLimits.gpusPerNodeMax)).contains(gpus)
      else { throw wrong(text, output) }
      let words = name.split(separator: ":", maxSplits: 1).map(String.init)
      changes.append(
        .add(
          cluster: words[0], model: words.count > 1 ? words[1] : nil, nodes: nodes, gpus: gpus))
    }
    return changes + without.map { .without(cluster: $0) }
  }

  /// The changes as they were asked for.
  var words: [String] {
    weight.map { "weight \($0)" } + guarantee.map { "guarantee \($0)" } + add.map { "add \($0)" }
      + without.map { "without \($0)" }
  }

  private func parts(_ text: String, _ output: Output) throws -> (String, String) {
    guard let equals = text.lastIndex(of: "="), equals > text.startIndex else {
      throw wrong(text, output)
    }
    return (String(text[..<equals]), String(text[text.index(after: equals)...]))
  }

  private func wrong(_ text: String, _ output: Output) -> Failure {
    Failure.usage(
      output, ko: "‘\(text)’은(는) 읽을 수 없습니다. madang help simulate를 보십시오.",
      en: "‘\(text)’ cannot be read; see madang help simulate.")
  }
}

/// One future of a state: what each pool gets if every job takes its whole walltime and nothing new
/// comes.
struct StateFuture {
  struct Pool {
    var jobs = 0
    var started = 0
    var waitSeconds: Int128 = 0
    var lastEnd: Int64?
    var evictions = 0
    var heldGPUSeconds: Int128 = 0
  }

  let pools: [(name: String, figures: Pool)]
  let gpus: Int64
  let isWhole: Bool

  init(_ input: borrowing ScheduleCase, hours: Int64) {
    let core = input.scheduler.fork()
    let now = core.now
    let outlook = core.outlook(horizon: now + hours * 3_600)
    gpus = (0..<input.models.count).reduce(0) { $0 + core.capacity(ModelIndex($1)) }
    isWhole = outlook.isWhole
    var figures = Array(repeating: Pool(), count: input.pools.count)
    for (number, run) in outlook.runs.enumerated() {
      let own = core.pool(of: JobIndex(number))
      let waited = core.state(of: JobIndex(number)) != .running
      for pool in figures.indices where core.isPool(own, within: PoolIndex(pool)) {
        figures[pool].evictions += run.evictions
        if let end = run.endedAt {
          figures[pool].lastEnd = max(figures[pool].lastEnd ?? end, end)
        }
        guard waited else { continue }
        figures[pool].jobs += 1
        guard let start = run.startedAt else { continue }
        figures[pool].started += 1
        figures[pool].waitSeconds += Int128(start - now)
      }
    }
    for pool in figures.indices { figures[pool].heldGPUSeconds = outlook.held[pool] }
    pools = zip(input.pools, figures).map { ($0, $1) }
  }
}

/// Two futures of one state, pool by pool.
struct WhatIfView {
  let source: String
  let changes: [String]
  let hours: Int64
  let before: StateFuture
  let after: StateFuture

  func text(_ output: Output) -> String {
    (words(output) + ["", table(output).text]).joined(separator: "\n")
  }

  /// What is simulated, what was changed, and whether it was followed to its end.
  func words(_ output: Output) -> [String] {
    let head = output.say(
      ko: "모의실험 결과 (실제가 아님): \(source), GPU \(before.gpus.grouped)장 → \(after.gpus.grouped)장. "
        + "모든 작업이 제한 시간을 다 쓰고 새 작업은 없다고 봅니다.",
      en: "Simulated: \(source), \(before.gpus.grouped) GPUs → \(after.gpus.grouped). Every job "
        + "takes its whole time limit, and nothing new comes.")
    var parts = [head]
    if !changes.isEmpty {
      parts.append(output.say(ko: "바꾼 것: ", en: "Changed: ") + changes.joined(separator: ", "))
    }
    if !before.isWhole || !after.isWhole {
      parts.append(
        output.say(
          ko: "끝까지 따라가지 못했습니다: 걸음 수 한도에 닿았습니다.",
          en: "Not followed to the end: the limit of steps was reached."))
    }
    return parts
  }

  func table(_ output: Output) -> Table {
    let titles = output.say(
      ko: "GPU·시간/\(hours)h 전|후|증감|대기 평균 s 전|후|증감|시작 전|후|마지막 끝 s 전|후|퇴거 전|후",
      en: "GPU-hours in \(hours) h before|after|change|wait mean s before|after|change|started "
        + "before|after|last end s before|after|evicted before|after")
    var table = Table(
      [(output.say(ko: "배분 물량", en: "pool"), .left)]
        + titles.split(separator: "|").map { (String($0), .right) })
    for (one, two) in zip(before.pools, after.pools) {
      let held = [one, two].map { $0.figures.heldGPUSeconds * 10 / 3_600 }
      let waits = [one, two].map { mean($0.figures) }
      let change = waits[0].flatMap { old in waits[1].map { $0 - old } }
      table.rows.append([
        Table.shortened(one.name, to: 40), tenths(held[0]), tenths(held[1]),
        tenths(held[1] - held[0]), waits[0].map(tenths) ?? "–", waits[1].map(tenths) ?? "–",
        change.map(tenths) ?? "–",
        "\(one.figures.started)/\(one.figures.jobs)", "\(two.figures.started)/\(two.figures.jobs)",
        one.figures.lastEnd.map { "\($0)" } ?? "–", two.figures.lastEnd.map { "\($0)" } ?? "–",
        "\(one.figures.evictions)", "\(two.figures.evictions)",
      ])
    }
    return table
  }

  /// Tenths of a second.
  private func mean(_ pool: StateFuture.Pool) -> Int128? {
    pool.started == 0 ? nil : pool.waitSeconds * 10 / Int128(pool.started)
  }

  private func tenths(_ value: Int128) -> String { Fraction(value, 10).text(1) }

  var json: JSON {
    .object([
      ("simulated", .bool(true)), ("source", .text(source)),
      ("changes", .array(changes.map { .text($0) })), ("hours", .int(hours)),
      ("before", object(before)), ("after", object(after)),
    ])
  }

  private func object(_ future: StateFuture) -> JSON {
    .object([
      ("gpus", .int(future.gpus)), ("whole", .bool(future.isWhole)),
      (
        "pools",
        .array(
          future.pools.map { pool in
            .object([
              ("pool", .text(pool.name)), ("waiting", .int(pool.figures.jobs)),
              ("started", .int(pool.figures.started)),
              ("waitSeconds", .int(Int64(clamping: pool.figures.waitSeconds))),
              ("heldGPUSeconds", .int(Int64(clamping: pool.figures.heldGPUSeconds))),
              ("lastEnd", .optional(pool.figures.lastEnd)),
              ("evictions", .int(pool.figures.evictions)),
            ])
          })
      ),
    ])
  }
}
