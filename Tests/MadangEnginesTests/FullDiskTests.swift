import Foundation
import MadangEngines
import MadangProgramme
import Testing

/// A disk that has no room left, with everything on it: logs, records, limits.
@Suite(.serialized) struct FullDiskTests {
  @Test func `a job that fills the disk ends as it ended, and its status is kept`() throws {
    guard let disk = SmallDisk(kibibytes: 512) else { return }
    let cluster = try TestCluster(disk.folder)
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    let job = cluster.job(TestCluster.shell("yes full; exit 7"), output: "endless.log")
    try cluster.start(job)
    let end = try cluster.ended(job.token)
    #expect(end.reason == .exited && end.exitStatus == 7)
    #expect(disk.folder.bytes("endless.log").count > 100_000)
    // Nothing new can be written: the refusal is an error, and what is there stays right.
    #expect(throws: EngineFailure.self) {
      try cluster.engine.start(cluster.job(.command(["true"]), token: 2), at: TestCluster.now)
    }
    #expect(throws: EngineFailure.self) {
      try cluster.engine.apply(TestCluster.desired([], generation: 2), at: TestCluster.now)
    }
    #expect(try cluster.engine.observe(at: TestCluster.now).generation == 1)
    // With room again all goes on, the same token included.
    try FileManager.default.removeItem(atPath: "\(disk.folder.path)/endless.log")
    try cluster.start(cluster.job(.command(["true"]), token: 2))
    #expect(try cluster.ended(cluster.folder.token(2)).succeeded)
  }

  @Test func `a full disk delays no time limit`() throws {
    guard let disk = SmallDisk(kibibytes: 512) else { return }
    let cluster = try TestCluster(disk.folder)
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    var job = cluster.job(
      TestCluster.shell("trap '' TERM; while :; do yes >> more; done"), limit: 1)
    job.graceSeconds = 0
    try cluster.start(job)
    let end = try cluster.ended(job.token)
    #expect(end.reason == .timeLimit && end.signal == SIGKILL)
  }
}

/// A disk of a few hundred kilobytes in memory, where this user may mount one; where not, its test
/// says so and is passed over.
final class SmallDisk {
  let folder: TestFolder

  init?(kibibytes: Int) {
    guard let made = try? TestFolder() else { return nil }
    folder = made
    guard
      SmallDisk.run("mount", ["-t", "tmpfs", "-o", "size=\(kibibytes)k", "tmpfs", made.path])
    else {
      print("Passed over: no small disk can be mounted here.")
      return nil
    }
  }

  deinit { _ = SmallDisk.run("umount", ["-l", folder.path]) }

  private static func run(_ program: String, _ arguments: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
