import Foundation
import MadangSimulator

/// One run with what it cost this machine.
struct SimulateRun {
  let policy: PolicyName
  /// The policy, and the scenario where two are laid side by side.
  let label: String
  let outcome: RunOutcome
  let summary: Summary
  /// Processor time of the run alone, without reading and reporting.
  let cpuMilliseconds: Int64
  let peakMiB: Int64

  init(
    _ simulation: Simulation, _ policy: PolicyName, of scenario: String? = nil, _ output: Output
  ) {
    self.policy = policy
    label = scenario.map { "\(policy.rawValue), \($0)" } ?? policy.rawValue
    let bar = ProgressBar(total: simulation.jobs.count, name: policy.rawValue, output)
    let before = SimulateRun.cpuNanoseconds
    outcome = simulation.run(policy) { bar.show($0) }
    cpuMilliseconds = (SimulateRun.cpuNanoseconds - before) / 1_000_000
    bar.clear()
    summary = outcome.summary
    peakMiB = SimulateRun.peakMiB
  }

  /// The most memory this process ever held, as Linux counts it; 0 where nobody counts.
  private static var peakMiB: Int64 {
    guard let data = FileManager.default.contents(atPath: "/proc/self/status") else { return 0 }
    let line = String(decoding: data, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix("VmHWM:") }
    return (Int64(line?.filter(\.isNumber) ?? "") ?? 0) / 1_024
  }

  private static var cpuNanoseconds: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
  }

  var decisionsPerSecond: Int64 {
    Int64(summary.decisions) * 1_000 / max(1, cpuMilliseconds)
  }
}

/// How far a long run is, on a terminal's standard error; nothing for machines or in a pipe.
final class ProgressBar {
  private let total: Int
  private let name: String
  private let isShown: Bool
  private let began = ContinuousClock().now
  private var isDirty = false

  init(total: Int, name: String, _ output: Output) {
    self.total = total
    self.name = name
    isShown = !output.json && isatty(2) == 1
  }

  func show(_ done: Int) {
    guard isShown, ContinuousClock().now - began > .milliseconds(500) else { return }
    let filled = done * 30 / max(1, total)
    let bar =
      String(repeating: "█", count: filled) + String(repeating: "░", count: 30 - filled)
    write("\r\(name) \(bar) \(done * 100 / max(1, total)) %")
    isDirty = true
  }

  func clear() {
    if isDirty { write("\r\u{1B}[K") }
  }

  private func write(_ text: String) { Output.tell(text) }
}
