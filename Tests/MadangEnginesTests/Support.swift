import Foundation
import MadangEngines
import MadangProgramme
import Testing

/// A folder of its own for a test, gone afterwards.
final class TestFolder {
  let path: String
  /// Half of every token here: what a killed supervisor left is found by its token, and tests that
  /// run at once must not find each other's.
  let high = UInt64.random(in: 1...(.max))

  func token(_ low: UInt64) -> EngineJob { EngineJob(high: high, low: low) }

  init() throws {
    path =
      FileManager.default.temporaryDirectory
      .appending(path: "madang-engine-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func text(_ name: String) -> String? {
    FileManager.default.contents(atPath: "\(path)/\(name)").map {
      String(decoding: $0, as: UTF8.self)
    }
  }

  func lines(_ name: String) -> [Substring] { (text(name) ?? "").split(separator: "\n") }

  func bytes(_ name: String) -> Data {
    FileManager.default.contents(atPath: "\(path)/\(name)") ?? Data()
  }
}

/// A local cluster in a folder, with what its tests need at hand.
struct TestCluster {
  static let cluster = ClusterID(1)
  static let model = DeviceModelID(1)
  static let allocation = AllocationID(1)
  /// Some moment in the term of every allocation here.
  static let now = Instant(1_770_000_000)

  let folder: TestFolder
  let engine: LocalEngine

  init(
    _ folder: TestFolder, slots: Int = 4, _ change: (inout LocalEngine.Options) -> Void = { _ in }
  ) throws {
    self.folder = folder
    var options = TestCluster.options(folder.path, slots: slots)
    change(&options)
    engine = try LocalEngine(options)
  }

  init(folder: TestFolder, engine: LocalEngine) {
    self.folder = folder
    self.engine = engine
  }

  static func options(_ folder: String, slots: Int) -> LocalEngine.Options {
    let declared = LocalSlots(model: model, count: slots)!
    return LocalEngine.Options(
      folder: "\(folder)/cluster", cluster: LocalCluster(cluster: cluster, slots: [declared])!)
  }

  static func desired(
    _ allocations: [DesiredAllocation] = [budget()], generation: Int64 = 1
  ) -> DesiredState {
    DesiredState(cluster: cluster, generation: generation, allocations: allocations)
  }

  static func budget(
    _ number: Int = 1, seconds: Int64 = 1_000_000_000, suspended: Bool = false,
    from: Int64 = 0, to: Int64 = 4_000_000_000
  ) -> DesiredAllocation {
    DesiredAllocation(
      allocation: AllocationID(number), limit: .budget(GPUSeconds(seconds)), suspended: suspended,
      from: Instant(from), to: Instant(to))
  }

  static func reserved(_ number: Int, gpus: Int64, suspended: Bool = false) -> DesiredAllocation {
    DesiredAllocation(
      allocation: AllocationID(number), limit: .reserved(gpus: gpus), suspended: suspended,
      from: Instant(0), to: Instant(4_000_000_000))
  }

  func job(
    _ work: LocalWork, token: UInt64 = 1, gpus: Int32 = 1, allocation: Int = 1,
    limit: Int64? = nil, output: String? = nil
  ) -> LocalJob {
    LocalJob(
      token: folder.token(token), name: "job-\(token)",
      allocation: AllocationID(allocation), model: TestCluster.model, gpus: gpus, work: work,
      environment: [:], workingFolder: folder.path, output: output ?? "out-\(token)",
      timeLimitSeconds: limit)
  }

  static func shell(_ script: String) -> LocalWork { .script("#!/bin/sh\n\(script)\n") }

  /// Waits for a job to end.
  func ended(_ token: EngineJob) throws -> LocalEnd {
    let run = try eventually("\(token) to end") {
      _ = try engine.poll(milliseconds: 20)
      guard let run = engine.job(token), case .ended = run.state else { return nil as LocalRun? }
      return run
    }
    guard case .ended(let end, _) = run.state else { throw Never.waited("an end") }
    return end
  }

  /// Starts a job that must be taken.
  @discardableResult
  func start(_ job: LocalJob) throws -> LocalRun {
    guard case .started(let run) = try engine.start(job, at: TestCluster.now) else {
      throw Never.waited("\(job.token) to start")
    }
    return run
  }
}

enum Never: Error { case waited(String) }

/// Asks again until there is an answer: a minute is far beyond what anything here takes.
func eventually<Value>(_ what: String, _ body: () throws -> Value?) throws -> Value {
  let deadline = Date().addingTimeInterval(60)
  while Date() < deadline {
    if let value = try body() { return value }
    usleep(5_000)
  }
  Issue.record("waited in vain for \(what)")
  throw Never.waited(what)
}
