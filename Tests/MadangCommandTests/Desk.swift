import Foundation
import Testing

/// A replay with an award of its own, at which allocations are made and jobs run.
struct OfficeDesk {
  let folder: TemporaryFolder

  /// A copy of one replay, so that it is made once.
  private static let replay = Result { () throws -> TemporaryFolder in
    let folder = try TemporaryFolder()
    let run = try CommandLineRun("demo", data: folder.data)
    #expect(run.exitCode == 0, "\(run.error)")
    return folder
  }

  init() throws {
    folder = try TemporaryFolder()
    try FileManager.default.copyItem(at: OfficeDesk.replay.get().data, to: folder.data)
  }

  /// Runs a command on the desk's data folder.
  @discardableResult
  func run(_ arguments: String..., language: String = "en_US.UTF-8") throws -> CommandLineRun {
    try CommandLineRun(
      arguments, environment: ["MADANG_DATA": folder.data.path, "LANG": language])
  }

  func run(arguments: [String]) throws -> CommandLineRun {
    try CommandLineRun(
      arguments, environment: ["MADANG_DATA": folder.data.path, "LANG": "en_US.UTF-8"])
  }

  /// The same, and it has to succeed.
  @discardableResult
  func done(_ arguments: String...) throws -> CommandLineRun {
    let run = try CommandLineRun(
      arguments, environment: ["MADANG_DATA": folder.data.path, "LANG": "en_US.UTF-8"])
    #expect(run.exitCode == 0, "\(arguments.joined(separator: " ")): \(run.error)\(run.out)")
    return run
  }

  /// Concludes the first contract on the H200 line and puts `kim` into its team; answers its GPUs.
  func award() throws -> Int {
    let offers = try run("contract", "list", "--json").array()
    let offer = try #require(
      offers.first { $0["standing"] as? String == "open" && $0["line"] as? String == "line-3" })
    try done("contract", "conclude", try #require(offer["application"] as? String))
    try done("award", "add-member", "award-1", "--person", "kim")
    return try #require(offer["gpus"] as? Int)
  }

  /// An award with a budget of ten hours on the embedded cluster.
  func budget(_ budget: String = "10h") throws {
    _ = try award()
    try done(
      "allocation", "make", "award-1", "--cluster", "embedded", "--budget", budget, "--at",
      "2026-03-16T09:00")
  }

  func job(_ name: String) throws -> [String: Any] {
    try #require(try run("job", "show", name, "--json").array().first)
  }
}
