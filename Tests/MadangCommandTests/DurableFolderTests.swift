import Foundation
import Testing

/// What a power cut may leave of folders: a name is only as durable as the folder that holds it.
@Suite(.serialized)
struct DurableFolderTests {
  /// A folder's own parent was synced at most; after a power cut the whole tree could be gone, and
  /// jobs that had begun would have begun again.
  @Test func `every folder on the way to a journal and to a job's intent is synced`() throws {
    let folder = try TemporaryFolder()
    let shim = folder.url.appendingPathComponent("synccount.so").path
    try compile("Tests/Storm/synccount.c", to: shim)
    let log = folder.url.appendingPathComponent("folders").path
    let environment = ["LANG": "en_US.UTF-8", "LD_PRELOAD": shim, "SYNC_FOLDERS": log]
    let data = folder.url.appendingPathComponent("a/b/data")
    let load = try CommandLineRun(
      ["programme", "load", "Programmes/saltmarsh"], data: data, environment: environment)
    #expect(load.exitCode == 0, "\(load.error)")
    let root = folder.url.resolvingSymlinksInPath().path
    var synced = try lines(log)
    for name in ["/a/b/data", "/a/b", "/a", ""] { #expect(synced.contains(root + name), "\(name)") }

    let desk = try OfficeDesk()
    try desk.budget()
    try FileManager.default.removeItem(atPath: log)
    let check = try CommandLineRun(
      ["allocation", "check"], data: desk.folder.data, environment: environment)
    #expect(check.exitCode == 0, "\(check.error)")
    let office = desk.folder.data.resolvingSymlinksInPath().path
    synced = try lines(log)
    for name in ["/clusters/embedded/engine", "/clusters/embedded", "/clusters", ""] {
      #expect(synced.contains(office + name), "\(name)")
    }
  }

  private func lines(_ path: String) throws -> Set<String> {
    Set(try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map(String.init))
  }

  private func compile(_ source: String, to target: String) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.currentDirectoryURL = CommandLineRun.repository
    process.arguments = ["cc", "-O1", "-Wall", "-shared", "-fPIC", "-o", target, source, "-ldl"]
    try process.run()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
  }
}
