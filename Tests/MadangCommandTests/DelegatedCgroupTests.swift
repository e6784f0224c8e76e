import Foundation
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// An office as the shipped unit starts it: as a user of its own, in a cgroup that is that user's.
@Suite(.serialized)
struct DelegatedCgroupTests {
  private static let nobody: uid_t = 65_534

  /// Where this process's own cgroup (v2) lies; nothing where there is no such hierarchy.
  private static let own: String? = {
    func lines(_ path: String) -> [Substring] {
      ((try? String(contentsOfFile: path, encoding: .utf8)) ?? "").split(separator: "\n")
    }
    let mount = lines("/proc/self/mounts").map { $0.split(separator: " ") }
      .first { $0.count > 2 && $0[2] == "cgroup2" }?[1]
    let place = lines("/proc/self/cgroup").first { $0.hasPrefix("0::/") }?.dropFirst(3)
    guard let mount, let place else { return nil }
    return place == "/" ? String(mount) : "\(mount)\(place)"
  }()

  private static let canDelegate =
    geteuid() == 0 && own.map { access("\($0)/cgroup.procs", W_OK) == 0 } == true
    && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")

  @Test(.enabled(if: canDelegate, "nobody here can hand a cgroup to another user"))
  func `jobs of an office whose cgroup is its user's have one each`() throws {
    let own = try #require(DelegatedCgroupTests.own)
    let desk = try OfficeDesk()
    try desk.budget()
    let cgroup = "\(own)/madang-tests-\(getpid())"
    let user = DelegatedCgroupTests.nobody
    try FileManager.default.createDirectory(atPath: cgroup, withIntermediateDirectories: false)
    defer {
      rmdir("\(cgroup)/madang-jobs")
      rmdir(cgroup)
    }
    #expect(chown(cgroup, user, user) == 0)
    #expect(chown("\(cgroup)/cgroup.procs", user, user) == 0)
    let path = desk.folder.url.path
    #expect(try run("chown", "-R", "\(user):\(user)", path) == 0)
    let found = "\(path)/found"
    let serve = Process()
    serve.executableURL = URL(fileURLWithPath: "/bin/sh")
    serve.arguments =
      [
        "-c", "echo $$ > \(cgroup)/cgroup.procs && exec \"$@\"", "sh",
      ] + DelegatedCgroupTests.words(["serve"])
    serve.environment = DelegatedCgroupTests.environment(desk)
    serve.standardOutput = FileHandle.nullDevice
    let log = Pipe()
    serve.standardError = log
    try serve.run()
    // It has the folder: else whoever submits would begin the job.
    var told = ""
    while !told.contains("Working on") {
      let data = log.fileHandleForReading.availableData
      if data.isEmpty { break }
      told += String(decoding: data, as: UTF8.self)
    }
    try run(
      asUser: [
        "job", "submit", "--as", "kim", "--allocation", "allocation-1", "--gpus", "1", "--time",
        "1", "--output", found, "--", "cat", "/proc/self/cgroup",
      ], desk)
    var said = ""
    for _ in 0..<300 where said.isEmpty {
      usleep(100_000)
      said = (try? String(contentsOfFile: found, encoding: .utf8)) ?? ""
    }
    #expect(said.contains("\(cgroup.dropFirst(own.count))/madang-jobs/madang-"), "\(said)")
    kill(serve.processIdentifier, SIGTERM)
    serve.waitUntilExit()
    #expect(serve.terminationStatus == 0)
  }

  private static func words(_ arguments: [String]) -> [String] {
    [
      "/usr/bin/setpriv", "--reuid", "\(nobody)", "--regid", "\(nobody)", "--clear-groups",
      CommandLineRun.binary.path,
    ] + arguments
  }

  private static func environment(_ desk: OfficeDesk) -> [String: String] {
    ["HOME": "/nonexistent", "PATH": "/usr/bin:/bin", "MADANG_DATA": desk.folder.data.path]
  }

  private func run(asUser arguments: [String], _ desk: OfficeDesk) throws {
    let process = Process()
    let words = DelegatedCgroupTests.words(arguments)
    process.executableURL = URL(fileURLWithPath: words[0])
    process.arguments = Array(words.dropFirst())
    process.environment = DelegatedCgroupTests.environment(desk)
    // Where the job works.
    process.currentDirectoryURL = desk.folder.url
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  private func run(_ arguments: String...) throws -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = arguments
    try process.run()
    process.waitUntilExit()
    return process.terminationStatus
  }
}
