import Foundation
import MadangEngines
import MadangProgramme

// madang-local-storm FOLDER JOBS HIGH
//
// A small server over the local engine, to be killed at any moment and started again: it commits
// that a token is to start, starts it, and commits what became of it, until all have ended. Its
// store is a file of lines, `intent TOKEN` and `ended TOKEN REASON STATUS SIGNAL`, each synced
// before it counts.
// HIGH is the first half of every token.

let arguments = CommandLine.arguments
guard arguments.count == 4, let count = UInt64(arguments[2]), let high = UInt64(arguments[3]) else {
  FileHandle.standardError.write(Data("madang-local-storm FOLDER JOBS HIGH\n".utf8))
  exit(64)
}
let folder = arguments[1]
let storm = try LocalStorm(folder: folder, high: high)
try storm.run(jobs: count)

final class LocalStorm {
  private let folder: String
  private let high: UInt64
  private let engine: LocalEngine
  private let store: Int32
  private var intents: Set<String> = []
  private var ended: Set<String> = []

  init(folder: String, high: UInt64) throws {
    self.folder = folder
    self.high = high
    let slots = LocalSlots(model: DeviceModelID(1), count: 4)!
    let cluster = LocalCluster(cluster: ClusterID(1), slots: [slots])!
    engine = try LocalEngine(.init(folder: "\(folder)/cluster", cluster: cluster))
    try engine.apply(
      DesiredState(
        cluster: ClusterID(1), generation: 1,
        allocations: [
          DesiredAllocation(
            allocation: AllocationID(1), limit: .budget(GPUSeconds(1_000_000_000)),
            suspended: false, from: Instant(0), to: Instant(4_000_000_000))
        ]), at: Instant(1))
    store = open("\(folder)/store", O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    let bytes = FileManager.default.contents(atPath: "\(folder)/store") ?? Data()
    // A line without its end was never committed; whatever comes next begins a line of its own.
    let whole = bytes.prefix(bytes.lastIndex(of: 10).map { $0 + 1 } ?? 0)
    if whole.count < bytes.count { ftruncate(store, off_t(whole.count)) }
    for line in String(decoding: whole, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      if words[0] == "intent" { intents.insert(words[1]) } else { ended.insert(words[1]) }
    }
  }

  func run(jobs: UInt64) throws {
    while ended.count < Int(jobs) {
      for number in 1...jobs {
        let token = EngineJob(high: high, low: number)
        if ended.contains(token.hex) { continue }
        if engine.job(token) == nil, engine.freeSlots()[DeviceModelID(1)] ?? 0 > 0 {
          if !intents.contains(token.hex) { commit("intent \(token.hex)", &intents, token) }
          _ = try engine.start(job(token), at: Instant(2))
        }
      }
      _ = try engine.poll(milliseconds: 50)
      var taken: [EngineJob] = []
      for run in engine.jobs() {
        guard case .ended(let end, _) = run.state else { continue }
        if !ended.contains(run.token.hex) {
          commit(
            "ended \(run.token.hex) \(end.reason.rawValue) \(end.exitStatus) \(end.signal)", &ended,
            run.token)
        }
        taken.append(run.token)
      }
      try engine.forget(taken)
    }
  }

  private func commit(_ line: String, _ set: inout Set<String>, _ token: EngineJob) {
    let bytes = Array("\(line)\n".utf8)
    guard write(store, bytes, bytes.count) == bytes.count, fsync(store) == 0 else { exit(70) }
    set.insert(token.hex)
  }

  /// A job that says that it began and that it ended, and leaves a process behind that has left
  /// its group and its session.
  private func job(_ token: EngineJob) -> LocalJob {
    let script = """
      #!/bin/sh
      echo begin $MADANG_RUN >> witness
      (setsid sh -c 'sleep 600' > /dev/null 2>&1 &)
      sleep 0.0\(token.low % 9 + 1)
      echo end $MADANG_RUN >> witness

      """
    return LocalJob(
      token: token, name: "job-\(token.low)", allocation: AllocationID(1),
      model: DeviceModelID(1), gpus: 1, work: .script(script), environment: [:],
      workingFolder: folder, output: "/dev/null", timeLimitSeconds: 60)
  }
}
