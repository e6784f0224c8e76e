import Foundation
import MadangSimulator
import Testing

/// The real traces, which are not part of the repository: beside it, in `../shared/traces`, or in
/// `$MADANG_TRACES`. Tests that want them are skipped where they are missing.
enum TraceFiles {
  static let folder: URL = {
    if let path = ProcessInfo.processInfo.environment["MADANG_TRACES"] {
      return URL(fileURLWithPath: path, isDirectory: true)
    }
    return URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("shared/traces")
  }()

  /// What is missing for the tests of agreement, or nothing.
  static let missing: String? = {
    guard FileManager.default.fileExists(atPath: folder.appendingPathComponent("muri").path) else {
      return "\(folder.path) is not there"
    }
    return zstd == nil ? "the program zstd is not there" : nil
  }()

  static let isThere: Bool = {
    if let missing { print("Skipping the agreement with others: \(missing).") }
    return missing == nil
  }()

  static let skipped: Comment = "the real traces or zstd are not here"

  private static let zstd: String? = [
    "/usr/bin/zstd", "/usr/local/bin/zstd", "/opt/homebrew/bin/zstd",
  ]
  .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// The bytes of a file, unpacked where its name ends in `.zst`.
  static func bytes(_ path: String) throws -> [UInt8] {
    let file = folder.appendingPathComponent(path)
    guard path.hasSuffix(".zst") else { return [UInt8](try Data(contentsOf: file)) }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: try #require(zstd))
    process.arguments = ["-dcq", file.path]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "zstd could not unpack \(path)")
    return [UInt8](data)
  }

  /// A CSV of another simulator's results: rows by column name.
  static func rows(_ path: String) throws -> [[String: String]] {
    let text = String(decoding: try bytes(path), as: UTF8.self)
    let lines = text.split(separator: "\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    let header = try #require(lines.first)
    return lines.dropFirst().map { Dictionary(zip(header, $0)) { first, _ in first } }
  }
}
