import Foundation
import MadangProgramme
import MadangSimulator
import MadangViews

/// The figures of runs side by side, and as JSON.
struct SimulateView {
  let runs: [SimulateRun]
  let simulation: Simulation
  let source: String

  private var ticks: Int64 { simulation.jobs.ticksPerSecond }

  func text(_ output: Output) -> String {
    ([head(output)] + tables(output).map(\.text)).joined(separator: "\n\n")
  }

  func head(_ output: Output) -> String {
    let devices = simulation.nodes.deviceCount
    return output.say(
      ko: "모의실험 결과 (실제가 아님): \(source), 작업 \(Int64(simulation.jobs.count).grouped)개, "
        + "노드 \(Int64(simulation.nodes.count).grouped)개, GPU \(devices.grouped)장",
      en: "Simulated: \(source), \(counted(simulation.jobs.count, "job")) on "
        + "\(counted(simulation.nodes.count, "node")), \(counted(Int(devices), "GPU"))")
  }

  /// Figures, pools of each run, and what changes between futures.
  func tables(_ output: Output) -> [Table] {
    var table = Table(
      [(output.say(ko: "값", en: "figure"), .left)] + runs.map { ($0.label, .right) })
    for row in rows {
      table.rows.append([output.say(ko: row.ko, en: row.en)] + runs.map(row.value))
    }
    var tables = [table]
    if simulation.jobs.pools.count > 1 { tables += runs.map { pools($0, output) } }
    return tables + futures.map { changes($0.before, $0.after, output) }
  }

  private struct Row {
    let ko: String
    let en: String
    let value: (SimulateRun) -> String
  }

  private var rows: [Row] {
    [
      Row(ko: "작업: 끝남", en: "jobs finished") { Int64($0.summary.finished).grouped },
      Row(ko: "작업: 불가능 또는 버려짐", en: "jobs impossible or dropped") {
        Int64($0.summary.dropped).grouped
      },
      Row(ko: "작업: 끝나지 않음", en: "jobs unfinished") { Int64($0.summary.unfinished).grouped },
    ] + spread(ko: "완료시간", en: "completion", \.completion)
      + spread(ko: "대기", en: "wait", \.wait) + [
        Row(ko: "총 기간 s", en: "makespan s") { seconds($0.summary.makespan) },
        Row(ko: "활용률 %", en: "utilisation %") { percent($0.summary.utilisation) },
        Row(ko: "배정률 %", en: "allocation %") { percent($0.summary.allocation) },
        Row(ko: "단편화 %", en: "fragmentation %") { percent($0.summary.fragmentation) },
        Row(ko: "퇴거", en: "evictions") { Int64($0.summary.evictions).grouped },
        Row(ko: "고장", en: "failures") { Int64($0.summary.failures).grouped },
        Row(ko: "잃은 GPU 시간", en: "lost GPU-hours") { lostHours($0).text(1) },
        Row(ko: "배분 오차 %", en: "share error %") { percent($0.summary.shareError) },
        Row(ko: "Jain 지수", en: "Jain index") { $0.summary.jain.text(4) },
        Row(ko: "결정/s", en: "decisions/s") { $0.decisionsPerSecond.grouped },
        Row(ko: "CPU s", en: "CPU s") { Fraction($0.cpuMilliseconds, 1_000).text(3) },
        Row(ko: "최대 메모리 MiB", en: "peak memory MiB") { $0.peakMiB.grouped },
      ]
  }

  private func spread(
    ko: String, en: String, _ path: KeyPath<Summary, Summary.Spread>
  ) -> [Row] {
    [
      Row(ko: "\(ko) 평균 s", en: "\(en) mean s") { mean($0.summary[keyPath: path]).text(3) },
      Row(ko: "\(ko) p50 s", en: "\(en) p50 s") { seconds($0.summary[keyPath: path].p50) },
      Row(ko: "\(ko) p95 s", en: "\(en) p95 s") { seconds($0.summary[keyPath: path].p95) },
      Row(ko: "\(ko) p99 s", en: "\(en) p99 s") { seconds($0.summary[keyPath: path].p99) },
    ]
  }

  private func pools(_ run: SimulateRun, _ output: Output) -> Table {
    let titles = output.say(
      ko: "작업|대기 평균 s|대기 p95 s|사용 GPU|요청 GPU|몫 GPU|오차 GPU",
      en: "jobs|wait mean s|wait p95 s|held GPUs|asked GPUs|share GPUs|error GPUs")
    var table = Table(
      [("\(run.label): " + output.say(ko: "배분 물량", en: "pool"), .left)]
        + titles.split(separator: "|").map { (String($0), .right) })
    for pool in run.summary.pools.sorted(by: { ($1.jobs, $0.name) < ($0.jobs, $1.name) }).prefix(40)
    {
      table.rows.append([
        Table.shortened(pool.name, to: 32), Int64(pool.jobs).grouped, mean(pool.wait).text(1),
        seconds(pool.wait.p95), pool.held.text(1), pool.asked.text(1), pool.share.text(1),
        pool.error.text(1),
      ])
    }
    return table
  }

  /// Runs of one policy in two scenarios.
  private var futures: [(before: SimulateRun, after: SimulateRun)] {
    runs.indices.dropLast().filter {
      runs[$0].policy == runs[$0 + 1].policy && runs[$0].label != runs[$0 + 1].label
    }.map { (runs[$0], runs[$0 + 1]) }
  }

  /// What each pool gains and loses: pools are the same where their names are.
  private func changes(
    _ before: SimulateRun, _ after: SimulateRun, _ output: Output
  ) -> Table {
    let titles = output.say(
      ko: "사용 GPU 전|후|증감|대기 평균 s 전|후|증감|시작한 작업 증감",
      en: "held GPUs before|after|change|wait mean s before|after|change|jobs started, change")
    var table = Table(
      [
        ("\(before.policy.rawValue): " + output.say(ko: "얻고 잃는 것", en: "gains and losses"), .left)
      ] + titles.split(separator: "|").map { (String($0), .right) })
    let names = before.summary.pools.map(\.name)
    let added = after.summary.pools.map(\.name).filter { !names.contains($0) }
    for name in names + added {
      let pair = [before, after].map { run in run.summary.pools.first { $0.name == name } }
      let held = pair.map { $0.map { $0.held.scaled(1) } ?? 0 }
      let waits = pair.map { $0.map { mean($0.wait).scaled(1) } ?? 0 }
      let begun = pair.map { Int128($0?.wait.count ?? 0) }
      table.rows.append([
        Table.shortened(name, to: 32), tenths(held[0]), tenths(held[1]), tenths(held[1] - held[0]),
        tenths(waits[0]), tenths(waits[1]), tenths(waits[1] - waits[0]),
        "\(begun[1] - begun[0])",
      ])
    }
    return table
  }

  private func tenths(_ value: Int128) -> String { Fraction(value, 10).text(1) }

  // MARK: - JSON: whole numbers, the unit in the key

  var json: JSON {
    .object([
      ("simulated", .bool(true)), ("source", .text(source)),
      ("nodes", .int(simulation.nodes.count)), ("gpus", .int(simulation.nodes.deviceCount)),
      ("seed", .text("\(simulation.options.seed)")),
      (
        "notes",
        .array(
          (simulation.jobs.notes + simulation.nodes.notes).map { note in
            .object([("rule", .text(note.rule.rawValue)), ("count", .int(note.count))])
          })
      ),
      ("runs", .array(runs.map(object))),
    ])
  }

  private func object(_ run: SimulateRun) -> JSON {
    let summary = run.summary
    return .object([
      ("policy", .text(run.policy.rawValue)), ("label", .text(run.label)),
      ("jobs", .int(summary.jobs)),
      ("finished", .int(summary.finished)), ("dropped", .int(summary.dropped)),
      ("unfinished", .int(summary.unfinished)), ("completion", object(summary.completion)),
      ("wait", object(summary.wait)), ("makespanMilliseconds", milliseconds(summary.makespan)),
      ("utilisationPerMillion", perMillion(summary.utilisation)),
      ("allocationPerMillion", perMillion(summary.allocation)),
      ("fragmentationPerMillion", perMillion(summary.fragmentation)),
      ("evictions", .int(summary.evictions)), ("failures", .int(summary.failures)),
      ("lostGPUSeconds", .int(Int64(clamping: summary.lostMilliTicks / (Int128(ticks) * 1_000)))),
      ("shareErrorPerMillion", perMillion(summary.shareError)),
      ("jainPerMillion", perMillion(summary.jain)),
      ("decisionsPerSecond", .int(run.decisionsPerSecond)),
      ("cpuMilliseconds", .int(run.cpuMilliseconds)), ("peakMemoryMiB", .int(run.peakMiB)),
      ("digest", .text(String(run.outcome.digest, radix: 16))),
      (
        "pools",
        .array(
          summary.pools.map { pool in
            .object([
              ("pool", .text(pool.name)), ("jobs", .int(pool.jobs)), ("wait", object(pool.wait)),
              ("heldMilliGPUs", .int(Int64(clamping: pool.held.scaled(3)))),
              ("askedMilliGPUs", .int(Int64(clamping: pool.asked.scaled(3)))),
              ("shareMilliGPUs", .int(Int64(clamping: pool.share.scaled(3)))),
              ("errorMilliGPUs", .int(Int64(clamping: pool.error.scaled(3)))),
            ])
          })
      ),
    ])
  }

  private func object(_ spread: Summary.Spread) -> JSON {
    .object([
      ("meanMilliseconds", .int(Int64(clamping: mean(spread).scaled(3)))),
      ("p50Milliseconds", milliseconds(spread.p50)),
      ("p95Milliseconds", milliseconds(spread.p95)),
      ("p99Milliseconds", milliseconds(spread.p99)),
    ])
  }

  private func milliseconds(_ time: Int64) -> JSON {
    .int(Int64(clamping: Fraction(time, ticks).scaled(3)))
  }
  private func perMillion(_ part: Fraction) -> JSON { .int(Int64(clamping: part.scaled(6))) }

  // MARK: - Words for figures

  private func mean(_ spread: Summary.Spread) -> Fraction {
    Fraction(spread.mean.over, spread.mean.under * Int128(ticks))
  }
  private func seconds(_ time: Int64) -> String { Fraction(time, ticks).text(0) }
  private func percent(_ part: Fraction) -> String { Fraction(part.over * 100, part.under).text(2) }
  private func lostHours(_ run: SimulateRun) -> Fraction {
    Fraction(run.summary.lostMilliTicks, Int128(ticks) * 3_600_000)
  }

  /// What a rule of the reader touched in a file.
  static func remark(_ note: TraceNote, in file: String, _ output: Output) {
    let count = Int64(note.count).grouped
    func jobs(_ what: String) -> String { "Skipped \(counted(note.count, "job")) \(what)." }
    switch note.rule {
    case .tornLastLine:
      output.remark(
        ko: "\(file): 잘린 마지막 행을 버렸습니다.", en: "\(file): The torn last line was dropped.")
    case .unknownDuration:
      output.remark(
        ko: "실행시간을 모르는 작업 \(count)개를 건너뛰었습니다.", en: jobs("of unknown run time"))
    case .noDevices:
      output.remark(
        ko: "GPU를 쓰지 않는 작업 \(count)개를 건너뛰었습니다.", en: jobs("without devices"))
    case .outOfOrder:
      output.remark(
        ko: "시각 순서가 아닌 \(count)행을 바로 놓았습니다.",
        en: "Put \(counted(note.count, "line")) out of order in place.")
    case .limitRaised:
      output.remark(
        ko: "실행시간보다 짧은 한도 \(count)개를 실행시간으로 올렸습니다.",
        en: "Raised \(counted(note.count, "limit")) to the run time, being below it.")
    }
  }
}

/// A line for each job: when it came, started, ended, in seconds.
enum SimulateJobs {
  static func csv(_ outcome: RunOutcome) -> String {
    let jobs = outcome.jobs
    let ticks = jobs.ticksPerSecond
    let places = ticks > 1 ? 6 : 0
    var text = "job,pool,gpus,submit,start,end,wait,completion\n"
    func time(_ value: Int64) -> String { value < 0 ? "" : Fraction(value, ticks).text(places) }
    for job in 0..<jobs.count {
      let (start, end) = (outcome.started[job], outcome.ended[job])
      let submit = jobs.submit[job]
      let name = job < jobs.name.count ? jobs.name[job] : "\(job + 1)"
      let pool = Int(jobs.pool[job]) < jobs.pools.count ? jobs.pools[Int(jobs.pool[job])] : "all"
      text += "\(quoted(name)),\(quoted(pool)),\(jobs.gpus[job]),\(time(submit)),\(time(start)),"
      text += "\(time(end)),\(start < 0 ? "" : time(start - submit)),"
      text += "\(end < 0 ? "" : time(end - submit))\n"
    }
    return text
  }

  /// As RFC 4180 quotes.
  private static func quoted(_ text: String) -> String {
    guard text.contains(where: { "\",\n\r".contains($0) }) else { return text }
    return "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\""
  }
}
