import Foundation
import Testing

/// A folder, and a server over a copy of it: whatever is asked of both has one answer.
final class RemoteOffice {
  let folder: URL
  let port: Int
  private let original: TemporaryFolder
  private let organisation: String
  private let application: String
  private let copy: TemporaryFolder
  private let process = Process()
  private var tokens: [String: String] = [:]

  /// Who gives commands, and by which roles: by name on the folder, by token at the server.
  static let people = [
    ("keeper", "officer approver auditor"), ("officer", "officer"), ("approver", "approver"),
    ("kim", "team:ORGANISATION"), ("lee", "reviewer"),
  ]

  static let password = "a-long-password-of-tests"

  /// `organisation` is the one that kim's team is of, and `application` is its own.
  init(_ original: TemporaryFolder, organisation: String, application: String) throws {
    self.original = original
    self.organisation = organisation
    self.application = application
    folder = original.data
    copy = try TemporaryFolder()
    // An engine's folder has a named pipe, at which FileManager would wait for ever.
    let copying = Process()
    copying.executableURL = URL(fileURLWithPath: "/bin/cp")
    copying.arguments = ["-a", folder.path, copy.data.path]
    try copying.run()
    copying.waitUntilExit()
    #expect(copying.terminationStatus == 0)
    let password = copy.url.appendingPathComponent("password")
    try Data((RemoteOffice.password + "\n").utf8).write(to: password)
    for (name, roles) in RemoteOffice.people {
      let words = roles.replacingOccurrences(of: "ORGANISATION", with: organisation)
        .split(separator: " ").flatMap { ["--role", String($0)] }
      let added = try CommandLineRun(
        ["user", "add", name, "--password-file", password.path] + words, data: copy.data)
      #expect(added.exitCode == 0, "\(added.error)")
      let made = try CommandLineRun(
        "user", "token", "make", name, "--label", "test", data: copy.data)
      tokens[name] = made.out.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    process.executableURL = CommandLineRun.binary
    process.arguments = ["serve", "--listen", "127.0.0.1:0", "--lang", "en"]
    process.environment = [
      "HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "MADANG_DATA": copy.data.path,
    ]
    process.currentDirectoryURL = CommandLineRun.repository
    let pipe = Pipe()
    process.standardError = pipe
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    var told = ""
    var found: Int?
    while found == nil {
      let data = pipe.fileHandleForReading.availableData
      if data.isEmpty { break }
      told += String(decoding: data, as: UTF8.self)
      if let range = told.range(of: "Open at http://127.0.0.1:") {
        found = Int(told[range.upperBound...].prefix { $0.isNumber })
      }
    }
    pipe.fileHandleForReading.readabilityHandler = { _ = $0.availableData }
    port = try #require(found, "\(told)")
  }

  deinit {
    process.terminate()
    process.waitUntilExit()
  }

  func words(_ line: String) -> [String] {
    line.replacingOccurrences(of: "ORGANISATION", with: organisation)
      .replacingOccurrences(of: "APPLICATION", with: application)
      .split(separator: " ").map(String.init)
  }

  /// On the folder, as somebody where it says who.
  func atFolder(
    _ words: [String], as person: String? = nil, language: String = "en_US.UTF-8"
  ) throws -> CommandLineRun {
    try CommandLineRun(
      words + (person.map { ["--as", $0] } ?? []),
      environment: ["MADANG_DATA": folder.path, "LANG": language])
  }

  /// At the server, by somebody's token; by nobody's as a stranger.
  func atServer(
    _ words: [String], as person: String?, language: String = "en_US.UTF-8", port: Int? = nil
  ) throws -> CommandLineRun {
    var environment = [
      "MADANG_SERVER": "http://127.0.0.1:\(port ?? self.port)", "LANG": language,
    ]
    if let person { environment["MADANG_TOKEN"] = tokens[person] }
    return try CommandLineRun(words, environment: environment)
  }
}
