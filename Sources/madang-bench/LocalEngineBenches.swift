import Foundation
import MadangEngines
import MadangProgramme

/// Jobs as processes of this machine.
enum LocalEngineBenches {
  /// `true`, one job after the other in each of four slots; then what a supervisor weighs.
  static func jobs() throws {
    let folder = FileManager.default.temporaryDirectory
      .appending(path: "madang-bench-local-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }  // a folder for temporary files
    guard let slots = LocalSlots(model: DeviceModelID(1), count: 4),
      let cluster = LocalCluster(cluster: ClusterID(1), slots: [slots])
    else { return }
    let engine = try LocalEngine(.init(folder: "\(folder)/cluster", cluster: cluster))
    let allocation = DesiredAllocation(
      allocation: AllocationID(1), limit: .reserved(gpus: 4), suspended: false, from: Instant(0),
      to: Instant(4_000_000_000))
    try engine.apply(
      DesiredState(cluster: ClusterID(1), generation: 1, allocations: [allocation]),
      at: Instant(1))
    let count = 500
    let (median, fastest, slowest) = try Measure.median(3) {
      try Measure.seconds { try run(count, on: engine, in: folder) }
    }
    Measure.report(
      "jobs through the local engine, true, 4 slots",
      "\(Measure.text(Double(count) / median, 0)) a second "
        + "(\(Measure.text(Double(count) / slowest, 0))–"
        + "\(Measure.text(Double(count) / fastest, 0)))", bar: "100 a second")
    try weigh(engine, in: folder)
  }

  private nonisolated(unsafe) static var next: UInt64 = 0  // benches have one thread

  private static func run(_ count: Int, on engine: LocalEngine, in folder: String) throws {
    var left = count
    var ended = 0
    while ended < count {
      while left > 0, engine.freeSlots()[DeviceModelID(1)] ?? 0 > 0 {
        guard case .started = try engine.start(job("true", in: folder), at: Instant(2)) else {
          return Measure.warn("A job was not started.")
        }
        left -= 1
      }
      let over = try engine.poll(milliseconds: 100).filter { run in
        if case .ended(let end, _) = run.state { return end.succeeded }
        return false
      }
      ended += over.count
      // As a server does once it has committed their ends.
      try engine.forget(over.map(\.token))
    }
  }

  private static func weigh(_ engine: LocalEngine, in folder: String) throws {
    let job = job("sleep 60", in: folder)
    _ = try engine.start(job, at: Instant(2))
    for _ in 0..<100 {
      _ = try engine.poll(milliseconds: 100)
      guard case .running(let start) = engine.job(job.token)?.state else { continue }
      let path = "/proc/\(start.supervisor)/smaps_rollup"
      let lines = String(
        decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self
      ).split(separator: "\n")
      let weights = ["Rss:", "Pss:", "Private_Dirty:"].map { name in
        "\(name) \(lines.first { $0.hasPrefix(name) }?.filter(\.isNumber) ?? "?") KiB"
      }
      Measure.report("a supervisor", weights.joined(separator: " "), bar: "below 8 MB")
      break
    }
    _ = try engine.cancel(job.token)
    while case .running = engine.job(job.token)?.state { _ = try engine.poll(milliseconds: 100) }
  }

  private static func job(_ command: String, in folder: String) -> LocalJob {
    next += 1
    return LocalJob(
      token: EngineJob(high: 9, low: next), name: "job-\(next)", allocation: AllocationID(1),
      model: DeviceModelID(1), gpus: 1,
      work: .command(command.split(separator: " ").map(String.init)), environment: [:],
      workingFolder: folder, output: "/dev/null", timeLimitSeconds: 60)
  }
}
