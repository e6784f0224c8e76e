import Foundation
import MadangDocuments
import MadangJournal
import MadangProgramme
import MadangScheduler
import MadangViews

/// One decision as text and as JSON.
struct ScheduleView: ~Copyable {
  struct Start {
    let job: String
    let model: String
    let nodes: [StartNode]
  }

  struct StartNode {
    let node: String
    /// In thousandths.
    var gpus: Int64
    /// Of which devices the parts are, and how much of each; empty for whole ones.
    var devices: [(device: Int, gpus: Int64)] = []
  }

  struct Eviction {
    let job: String
    let beneficiary: String
    let lost: Int64
    let at: Tick
  }

  struct Waiting {
    let job: String
    let reason: ReasonText
    let earliest: Tick?
    let planned: Tick?
  }

  struct ShareRow {
    let pool: String
    let model: String
    let place: (pool: PoolIndex, model: ModelIndex)
    let figures: PoolFigures
  }

  let language: Language
  private var input: ScheduleCase
  private(set) var starts: [Start] = []
  private(set) var evictions: [Eviction] = []
  private(set) var waiting: [Waiting] = []
  private(set) var shares: [ShareRow] = []

  init(_ input: consuming ScheduleCase, _ language: Language) throws {
    self.language = language
    self.input = input
    let decision = self.input.scheduler.cycle()
    for start in decision.starts {
      starts.append(
        Start(
          job: self.input.jobs[Int(start.job.value)],
          model: self.input.models[Int(start.model.value)], nodes: nodes(of: start.job)))
    }
    for eviction in decision.evictions + decision.notices {
      evictions.append(
        Eviction(
          job: self.input.jobs[Int(eviction.job.value)],
          beneficiary: self.input.jobs[Int(eviction.beneficiary.value)], lost: eviction.lost,
          at: eviction.at))
    }
    try addWaiting()
    for pool in self.input.pools.indices {
      for model in self.input.models.indices {
        let place = (pool: PoolIndex(pool), model: ModelIndex(model))
        shares.append(
          ShareRow(
            pool: self.input.pools[pool], model: self.input.models[model], place: place,
            figures: try self.input.scheduler.figures(of: place.pool, place.model)))
      }
    }
  }

  private func nodes(of job: JobIndex) -> [StartNode] {
    var nodes: [StartNode] = []
    for place in input.scheduler.placement(of: job) {
      let node = input.nodes[Int(place.node.value)]
      if nodes.last?.node != node { nodes.append(StartNode(node: node, gpus: 0)) }
      nodes[nodes.count - 1].gpus += place.milli
      // Beyond the node's own number is a device that is not settled yet.
      if let device = place.device, device < input.scheduler.gpus(of: place.node) {
        nodes[nodes.count - 1].devices.append((device, place.milli))
      }
    }
    return nodes
  }

  private mutating func addWaiting() throws {
    let names = ReasonNames(
      models: input.models, pools: input.pools, jobs: input.jobs, language: language)
    for planned in input.scheduler.forecast() {
      let reason = try input.scheduler.reason(of: planned.job)
      waiting.append(
        Waiting(
          job: input.jobs[Int(planned.job.value)], reason: ReasonText(reason, names),
          earliest: planned.earliest, planned: planned.planned))
    }
  }

  // MARK: - JSON

  func json(explain: Bool) -> JSON {
    var fields: [(String, JSON)] = [
      ("start", .array(starts.map(\.json))), ("evict", .array(evictions.map(\.json))),
      ("waiting", .array(waiting.map(\.json))),
      ("shares", .array(shares.map { $0.json(uncapped: explain ? uncappedShare($0) : nil) })),
      ("assumedWalltimes", .int(input.assumedWalltimes)),
    ]
    if explain {
      let policy = policyRows.map { row in (row.name, JSON.text(row.value)) }
      fields.append(("policy", .object(policy)))
    }
    let digest = SHA256.hash(Array(JSON.object(fields).canonical.utf8))
    return .object(fields + [("digest", .text("\(digest)"))])
  }

  // MARK: - Text

  mutating func text(explain: Bool) -> String {
    var parts: [String] = []
    if explain { parts.append(policyText) }
    parts.append(startText)
    if !evictions.isEmpty { parts.append(evictionText) }
    if !waiting.isEmpty { parts.append(waitingText) }
    parts.append(shareText(explain: explain))
    if input.assumedWalltimes > 0 {
      let seconds = input.scheduler.policy.assumedWalltime
      parts.append(
        say(
          ko: "실행 시간을 모르는 작업 \(input.assumedWalltimes)건은 \(seconds)초로 계획했습니다.",
          en: input.assumedWalltimes == 1
            ? "1 job without a walltime is planned with \(seconds) s."
            : "\(input.assumedWalltimes) jobs without a walltime are planned with \(seconds) s."))
    }
    return parts.joined(separator: "\n\n")
  }

  private func say(ko: String, en: String) -> String { language == .ko ? ko : en }

  private var startText: String {
    var table = Table([
      (say(ko: "시작", en: "start"), .left), (say(ko: "기종", en: "model"), .left),
      (say(ko: "노드(GPU)", en: "nodes (GPUs)"), .left),
    ])
    for start in starts {
      table.add(
        start.job, start.model,
        start.nodes.map { text($0) }.joined(separator: ", "))
    }
    if starts.isEmpty { table.add("–", "", "") }
    return table.text
  }

  private func text(_ node: StartNode) -> String {
    let gpus = ScheduleView.gpus(node.gpus)
    if node.devices.isEmpty { return "\(node.node) (\(gpus))" }
    let devices = node.devices.map { "\($0.device)" }.joined(separator: "·")
    let word = node.devices.count == 1 ? "device" : "devices"
    return "\(node.node) (\(gpus), \(say(ko: "장치 \(devices)", en: "\(word) \(devices)")))"
  }

  private var evictionText: String {
    var table = Table([
      (say(ko: "비움", en: "evict"), .left), (say(ko: "받는 작업", en: "for"), .left),
      (say(ko: "잃는 GPU·초", en: "lost GPU-seconds"), .right), (say(ko: "시각", en: "at"), .right),
    ])
    for row in evictions {
      table.add(row.job, row.beneficiary, row.lost.grouped, "\(row.at)")
    }
    return table.text
  }

  private var waitingText: String {
    var table = Table([
      (say(ko: "대기", en: "waiting"), .left), (say(ko: "코드", en: "code"), .left),
      (say(ko: "계획 시작", en: "planned start"), .right), (say(ko: "이유", en: "reason"), .left),
    ])
    for row in waiting {
      var planned = row.planned.map { "\($0)" } ?? "–"
      if let earliest = row.earliest, let late = row.planned, earliest < late {
        planned = "\(earliest)…\(late)"
      }
      table.add(row.job, row.reason.code, planned, row.reason.what)
      table.add("", "", "", "  " + row.reason.help)
    }
    return table.text
  }

  private func uncappedShare(_ row: ShareRow) -> Int64 {
    input.scheduler.uncappedShare(of: row.place.pool, row.place.model)
  }

  private func shareText(explain: Bool) -> String {
    var columns: [(String, Table.Alignment)] = [
      (say(ko: "풀", en: "pool"), .left), (say(ko: "기종", en: "model"), .left),
      (say(ko: "보장", en: "guarantee"), .right), (say(ko: "수요", en: "demand"), .right),
      (say(ko: "몫", en: "share"), .right), (say(ko: "사용", en: "used"), .right),
      (say(ko: "빌림", en: "borrowed"), .right), (say(ko: "빌려줌", en: "lent"), .right),
    ]
    if explain { columns.append((say(ko: "한도 없는 몫", en: "uncapped share"), .right)) }
    var table = Table(columns)
    for row in shares {
      var cells = [row.pool, row.model]
      cells += row.figures.columns.map { ScheduleView.gpus($0) }
      if explain { cells.append(ScheduleView.gpus(uncappedShare(row))) }
      table.rows.append(cells)
    }
    return table.text
  }

  private struct PolicyRow {
    let name: String
    let value: String
    let usual: String
    let unit: String
  }

  private var policyText: String {
    var table = Table([
      (say(ko: "정책", en: "policy"), .left), (say(ko: "값", en: "value"), .right),
      (say(ko: "기본값", en: "default"), .right), (say(ko: "단위", en: "unit"), .left),
    ])
    for row in policyRows { table.add(row.name, row.value, row.usual, row.unit) }
    return table.text
  }

  private var policyRows: [PolicyRow] {
    let policy = input.scheduler.policy
    let backfill =
      switch policy.backfill {
      case .none: "none"
      case .depth(1): "easy"
      case .depth(let depth): "\(depth)"
      case .all: "conservative"
      }
    func row(_ name: String, _ value: String, _ usual: String, _ unit: String) -> PolicyRow {
      PolicyRow(name: name, value: value, usual: usual, unit: unit)
    }
    return [
      row("backfill", backfill, "easy", "none, easy, conservative, n"),
      row("reclaim", "\(policy.reclaim)", "true", ""),
      row(
        "evictedPerRequested", "\(policy.evictedPerRequested)", "4",
        say(ko: "요청 GPU당 비우는 GPU", en: "GPUs evicted for each asked")),
      row("assumedWalltime", "\(policy.assumedWalltime)", "86400", say(ko: "초", en: "seconds")),
      row(
        "historyWeight", "\(policy.history.numerator)/\(policy.history.denominator)", "0/1",
        say(ko: "비율", en: "ratio")),
      row(
        "historyPeriod", policy.decay.map { "\($0.period)" } ?? "–", "–",
        say(ko: "초", en: "seconds")),
      row(
        "historyFactor", policy.decay.map { "\($0.numerator)/\($0.denominator)" } ?? "–", "1/2",
        say(ko: "비율", en: "ratio")),
      row("searchSteps", "\(policy.searchSteps)", "2000000", say(ko: "단계", en: "steps")),
    ]
  }

  /// Whole GPUs, or with the thousandths where there are any.
  static func gpus(_ milli: Int64) -> String {
    let rest = milli.magnitude % 1_000
    let whole = (milli / 1_000).grouped
    if rest == 0 { return whole }
    var digits = String("\(1_000 + rest)".dropFirst())
    while digits.last == "0" { digits.removeLast() }
    return (milli < 0 && milli > -1_000 ? "-" : "") + whole + "." + digits
  }
}

extension PoolFigures {
  fileprivate var columns: [Int64] { [guarantee, demand, share, used, borrowed, lent] }
}

extension ScheduleView.Start {
  fileprivate var json: JSON {
    .object([
      ("job", .text(job)), ("model", .text(model)),
      (
        "nodes",
        .array(nodes.map(\.json))
      ),
    ])
  }
}

extension ScheduleView.StartNode {
  /// Devices only where there are parts.
  fileprivate var json: JSON {
    let parts = devices.map {
      JSON.object([("device", .int($0.device)), ("gpus", .milli($0.gpus))])
    }
    return .object(
      [("node", .text(node)), ("gpus", .milli(gpus))]
        + (parts.isEmpty ? [] : [("devices", .array(parts))]))
  }
}

extension ScheduleView.Eviction {
  fileprivate var json: JSON {
    .object([
      ("job", .text(job)), ("for", .text(beneficiary)), ("lostGPUSeconds", .int(lost)),
    ])
  }
}

extension ScheduleView.Waiting {
  fileprivate var json: JSON {
    .object([
      ("job", .text(job)), ("code", .text(reason.code)), ("reason", .text(reason.what)),
      ("plannedStart", .optional(planned)),
    ])
  }
}

extension ScheduleView.ShareRow {
  /// With its share if it wanted all it may have, where that is asked for.
  fileprivate func json(uncapped: Int64?) -> JSON {
    let names = ["guarantee", "demand", "share", "used", "borrowed", "lent"]
    return .object(
      [("pool", .text(pool)), ("model", .text(model))]
        + zip(names, figures.columns).map { ($0, .milli($1)) }
        + (uncapped.map { [("uncappedShare", .milli($0))] } ?? []))
  }
}
