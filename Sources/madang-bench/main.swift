import Foundation

// Each bench runs in a process of its own, so that none inherits another's memory:
//   madang-bench            all of them
//   madang-bench commands   one of them
let benches: [(name: String, run: () throws -> Void)] = [
  ("commands", ProgrammeBenches.commands), ("floor", ProgrammeBenches.floor),
  ("round", ProgrammeBenches.round), ("commits", CommitBenches.commits),
  ("start", JournalBenches.start), ("proof", JournalBenches.proof),
  ("memory", JournalBenches.memory), ("accounts", AccountBenches.year),
  ("local", LocalEngineBenches.jobs), ("reconcile", BindingBenches.reconcile),
  ("enforce", EnforcingBenches.enforce),
  ("simulate-itp", SimulatorBenches.itp),
  ("simulate-openb", SimulatorBenches.openb), ("simulate-year", SimulatorBenches.year),
  ("simulate-lines", SimulatorBenches.lines),
  ("reclaim", SchedulerBenches.reclaim), ("gang", SchedulerBenches.gang),
  ("fleet", SchedulerBenches.fleet), ("queue", SchedulerBenches.queue),
  ("kueue", SchedulerBenches.kueue), ("http", HTTPBenches.http),
  ("streams", StreamBenches.streams),
]

if CommandLine.arguments.dropFirst() == ["hold"] {
  // The second half of the bench of memory, in a process that did not make the journal.
  try JournalBenches.hold()
} else if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "commits-work" {
  try CommitBenches.work(CommandLine.arguments[2])
} else if CommandLine.arguments.count == 4, CommandLine.arguments[1] == "simulate-work" {
  try SimulatorBenches.work(CommandLine.arguments[2], times: Int(CommandLine.arguments[3]) ?? 1)
} else if CommandLine.arguments.count > 1 {
  for name in CommandLine.arguments.dropFirst() {
    guard let bench = benches.first(where: { $0.name == name }) else {
      Measure.warn("No bench ‘\(name)’; there are: \(benches.map(\.name).joined(separator: ", "))")
      exit(2)
    }
    try bench.run()
  }
} else {
  Measure.machine()
  for bench in benches {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: CommandLine.arguments[0])
    process.arguments = [bench.name]
    try process.run()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      Measure.warn("The bench ‘\(bench.name)’ failed.")
      exit(1)
    }
  }
}
