import Foundation
import Testing

/// The real binary, run as people run it.
struct CommandLineRun {
  let exitCode: Int32
  let out: String
  let error: String

  /// The binary that this package built, beside the tests.
  static var binary: URL {
    URL(fileURLWithPath: CommandLine.arguments[0]).resolvingSymlinksInPath()
      .deletingLastPathComponent().appendingPathComponent("madang")
  }

  static var repository: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
  }

  init(
    _ arguments: String..., data: URL? = nil,
    environment: [String: String] = ["LANG": "en_US.UTF-8"]
  ) throws {
    try self.init(arguments, data: data, environment: environment)
  }

  init(_ arguments: [String], data: URL? = nil, environment: [String: String] = [:]) throws {
    let process = Process()
    process.executableURL = Self.binary
    process.arguments = arguments + (data.map { ["--data", $0.path] } ?? [])
    process.currentDirectoryURL = Self.repository
    process.environment = ["HOME": "/nonexistent", "PATH": "/usr/bin:/bin"].merging(environment) {
      $1
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("madang-run-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Files, not pipes: no output is too long to wait for.
    let outFile = folder.appendingPathComponent("out")
    let errorFile = folder.appendingPathComponent("error")
    _ = FileManager.default.createFile(atPath: outFile.path, contents: nil)
    _ = FileManager.default.createFile(atPath: errorFile.path, contents: nil)
    process.standardOutput = try FileHandle(forWritingTo: outFile)
    process.standardError = try FileHandle(forWritingTo: errorFile)
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    exitCode = process.terminationStatus
    out = String(decoding: try Data(contentsOf: outFile), as: UTF8.self)
    error = String(decoding: try Data(contentsOf: errorFile), as: UTF8.self)
  }

  /// The answer of a `--json` command.
  func json() throws -> Any { try JSONSerialization.jsonObject(with: Data(out.utf8)) }

  func object() throws -> [String: Any] { try #require(try json() as? [String: Any]) }
  func array() throws -> [[String: Any]] { try #require(try json() as? [[String: Any]]) }
}

/// A folder that is gone after the test.
final class TemporaryFolder: Sendable {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("madang-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  var data: URL { url.appendingPathComponent("data") }
}
