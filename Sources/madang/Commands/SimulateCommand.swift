import ArgumentParser
import Foundation
import MadangDocuments
import MadangProgramme
import MadangSimulator
import MadangViews

private let policyNames = PolicyName.allCases.map(\.rawValue).joined(separator: ", ")

struct SimulateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "simulate",
    abstract: .said(
      ko: "기록이나 시나리오를 정책 하나 또는 여럿으로 실행해 비교합니다.",
      en: "Run a trace or a scenario under one policy or several, and compare them."),
    discussion: .said(
      ko: """
        실제의 것은 건드리지 않습니다. 출력은 모의입니다. 형식, 정책, 지표: docs/simulate.md.
        """,
      en: """
        Nothing real is touched: what it prints is simulated. Formats, policies and \
        measures: docs/simulate.md.
        """,
      examples: """
        madang simulate jobs.csv --nodes 80x8 --policy fifo,easy,fair-share
        madang simulate theta.swf.zst --nodes 1x4360 --policy easy --report report.html
        madang simulate --scenario Programmes/scenarios/growing.yaml --policy fair-share
        madang simulate --from state.yaml --weight startups=3 --add seoul=16x8 --without busan
        """))
  @OptionGroup var common: CommonOptions
  @OptionGroup var input: SimulateInput
  @OptionGroup var whatIf: WhatIfOptions

  @Option(
    name: .long,
    help: .said(
      ko: "정책 하나, 또는 쉼표로 여럿: \(policyNames). 없으면 fair-share.",
      en: "One policy or several with commas: \(policyNames); else fair-share.",
      valueName: "names"))
  var policy: String?

  @Option(
    name: .long,
    help: .said(
      ko: "작업 순서만 정하는 정책이 노드를 고르는 법: first-fit. 없으면 least-free.",
      en: "How policies that order jobs choose nodes: first-fit, else least-free."))
  var placement: String?
  @Option(
    name: .long,
    help: .said(
      ko: "추첨의 시드. 없으면 시나리오의 것, 그것도 없으면 1.",
      en: "The seed of what is drawn; else the scenario's, else 1."))
  var seed: UInt64?
  @Option(
    name: .long,
    help: .said(
      ko: "fair-share: 앞날의 자리를 잡아 둘 작업 수, none 또는 all. 없으면 1.",
      en: "For fair-share: jobs with room kept in time: a number, none or all; else 1."))
  var backfill: String?
  @Flag(
    name: .long,
    help: .said(
      ko: "fair-share: 빌려준 GPU를 회수하지 않습니다.", en: "For fair-share: lent devices are not taken back.")
  )
  var noReclaim = false
  @Flag(
    name: .long,
    help: .said(
      ko: "선점 정책은 사건마다 기록의 재시작 비용을 냅니다.",
      en: "Preemptive policies pay the trace's restart overhead at each event."))
  var overhead = false
  @Option(
    name: .long,
    help: .said(
      ko: "비워진 작업의 저장 간격(분). 없으면 저장하지 않습니다.",
      en: "Minutes between checkpoints of evicted jobs; else none is kept."))
  var checkpoint: Int64?

  @Option(
    name: .long, help: .said(ko: "작업별 CSV를 씁니다.", en: "Write a CSV of each job.", valueName: "file")
  )
  var jobs: String?
  @Option(
    name: .long, help: .said(ko: "HTML 보고서를 씁니다.", en: "Write an HTML report.", valueName: "file"))
  var report: String?

  func run() throws {
    let output = common.output
    try checkIdle(output)
    if let state = whatIf.state { return try compare(state, output) }
    let names = try policies(output)
    guard jobs == nil || names.count == 1 else {
      throw Failure.usage(
        output, ko: "--jobs는 정책 하나에만 쓸 수 있습니다.", en: "--jobs is for one policy at a time.")
    }
    let simulation = try configured(input.simulation(output, seed: seed), output)
    if let used = seed ?? input.seed(output) {
      output.remark(ko: "시드 \(used)", en: "Seed \(used)")
    }
    let other = try input.other(output, seed: seed ?? input.seed(output))
      .map { try configured($0, output) }
    guard jobs == nil || other == nil else {
      throw Failure.usage(
        output, ko: "--jobs는 --against와 함께 쓸 수 없습니다.", en: "--jobs does not go with --against.")
    }
    var runs: [SimulateRun] = []
    for name in names {
      for (simulation, path) in [(simulation, input.scenario), (other, input.against)] {
        guard let simulation else { continue }
        if let refusal = simulation.refusal(for: name) { throw Failure(refusal, output) }
        let file = path.map { URL(fileURLWithPath: $0).lastPathComponent }
        runs.append(SimulateRun(simulation, name, of: other == nil ? nil : file, output))
      }
    }
    if let jobs { try write(SimulateJobs.csv(runs[0].outcome), to: jobs, output) }
    if let report {
      try write(SimulateReport(runs, simulation, source: input.name).html, to: report, output)
    }
    let view = SimulateView(runs: runs, simulation: simulation, source: input.name)
    output.print(text: view.text(output), json: view.json)
  }

  /// What would be passed over in silence is refused.
  private func checkIdle(_ output: Output) throws {
    let own = [
      ("--policy", policy != nil), ("--placement", placement != nil), ("--seed", seed != nil),
      ("--backfill", backfill != nil), ("--no-reclaim", noReclaim), ("--overhead", overhead),
      ("--checkpoint", checkpoint != nil), ("--jobs", jobs != nil),
    ].filter(\.1).map(\.0)
    let (idle, ko, en): ([String], String, String)
    if whatIf.state != nil {
      (idle, ko, en) = (input.given + own, "--from과 함께 쓸 수 없습니다", "does not go with --from")
    } else if !whatIf.given.isEmpty {
      (idle, ko, en) = (whatIf.given, "--from이 있어야 쓸 수 있습니다", "is for --from")
    } else {
      (idle, ko, en) = (
        input.idle, "다른 입력과 함께, 또는 기록 없이는 쓸 수 없습니다",
        "says nothing here: it wants a trace, or another option stands for it"
      )
    }
    guard let word = idle.first else { return }
    throw Failure.usage(output, ko: "\(word): \(ko).", en: "\(word) \(en).")
  }

  /// A state as it is, and as it would be.
  private func compare(_ state: String, _ output: Output) throws {
    let changes = try whatIf.changes(output)
    let hours = whatIf.hours ?? WhatIfOptions.usualHours
    guard (1...87_600).contains(hours) else {
      throw Failure.usage(
        output, ko: "--hours는 1부터 87600까지입니다.", en: "--hours is 1 to 87600.")
    }
    func future(_ changes: [ScheduleChange]) throws -> StateFuture {
      do throws(ScheduleFaults) {
        return StateFuture(
          try readSchedule(at: URL(fileURLWithPath: state), changing: changes),
          hours: hours)
      } catch {
        Office.print(error.diagnostics, output)
        throw ExitCode(1)
      }
    }
    let view = WhatIfView(
      source: URL(fileURLWithPath: state).lastPathComponent, changes: whatIf.words,
      hours: hours, before: try future([]), after: try future(changes))
    if let report { try write(SimulateReport.html(view), to: report, output) }
    output.print(text: view.text(output), json: view.json)
  }

  private func policies(_ output: Output) throws -> [PolicyName] {
    guard let policy else { return [.fairShare] }
    return try policy.split(separator: ",", omittingEmptySubsequences: false).map { word in
      guard let name = PolicyName(rawValue: String(word)) else {
        throw Failure.choice(String(word), PolicyName.allCases.map(\.rawValue), output)
      }
      return name
    }
  }

  private func configured(_ simulation: Simulation, _ output: Output) throws -> Simulation {
    var simulation = simulation
    if let placement {
      guard let choice = NodeChoice(rawValue: placement) else {
        throw Failure.choice(placement, NodeChoice.allCases.map(\.rawValue), output)
      }
      simulation.options.choice = choice
    }
    simulation.options.paysOverhead = overhead
    simulation.options.reclaims = !noReclaim
    if let seed { simulation.options.seed = seed }
    switch backfill {
    case nil: break
    case "none": simulation.options.backfill = 0
    case "all": simulation.options.backfill = .max
    case .some(let backfill):
      guard let depth = Int(backfill), depth >= 0 else {
        throw Failure.choice(backfill, ["none", "all", "1"], output)
      }
      simulation.options.backfill = depth
    }
    if let checkpoint {
      guard (0...525_600).contains(checkpoint) else {
        throw Failure.usage(
          output, ko: "--checkpoint는 0부터 525600분까지입니다.",
          en: "--checkpoint is 0 to 525600 minutes.")
      }
      simulation.checkpointEvery = checkpoint * 60 * simulation.jobs.ticksPerSecond
    }
    return simulation
  }

  private func write(_ text: String, to path: String, _ output: Output) throws {
    do { try Data(text.utf8).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
      throw Failure(
        code: "MDG-4011", what: error.localizedDescription,
        help: output.say(ko: "쓸 수 있는 경로를 주십시오.", en: "Name a path that can be written."),
        json: common.json)
    }
    output.remark(ko: "\(path)에 썼습니다.", en: "Wrote \(path).")
  }
}
