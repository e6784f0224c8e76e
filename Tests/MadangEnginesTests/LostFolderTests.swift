import Foundation
import MadangEngines
import MadangProgramme
import Testing

/// A job's folder may be lost at any time: by a mistake, by a disk, by a backup put back.
@Suite struct LostFolderTests {
  @Test func `a job whose folder was lost is known to the next server, and not begun again`() throws
  {
    let folder = try TestFolder()
    do {
      let cluster = try LostFolderTests.running(folder, "exec sleep 600")
      try cluster.loseFolder(1)
    }
    let cluster = try TestCluster(folder)
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    guard
      case .known = try cluster.engine.start(cluster.job(.command(["true"])), at: TestCluster.now)
    else {
      Issue.record("begun again")
      return
    }
    let end = try cluster.ended(folder.token(1))
    #expect(end.reason == .folderLost && !end.succeeded)
    #expect(folder.lines("witness").count == 1)
    #expect(cluster.engine.freeSlots() == [TestCluster.model: 4])
    // The next server finds it so again, until it is forgotten.
    try cluster.engine.forget([folder.token(1)])
    #expect(cluster.engine.job(folder.token(1)) == nil)
    #expect(try folder.names("cluster/intents").isEmpty)
  }

  @Test func `a job whose folder vanishes is told to end, and keeps its slot until it has`() throws
  {
    let folder = try TestFolder()
    let cluster = try LostFolderTests.running(
      folder,
      "(setsid sh -c 'trap \"\" TERM; echo $$ >> pids; while :; do sleep 0.05; done' &)\n"
        + "trap 'echo told' TERM\nwhile :; do sleep 0.05; done", grace: 2)
    _ = try eventually("the descendant") { folder.lines("pids").count == 2 ? true : nil }
    try cluster.loseFolder(1)
    _ = try eventually("the job to be told") {
      _ = try cluster.engine.poll(milliseconds: 20)
      return folder.lines("out-1").contains("told") ? true : nil
    }
    #expect(cluster.engine.freeSlots() == [TestCluster.model: 3])
    let end = try cluster.ended(folder.token(1))
    #expect(end.reason == .folderLost && cluster.engine.troubles().isEmpty)
    for pid in folder.lines("pids") { #expect(!Processes.lives(pid_t(pid) ?? 0)) }
    #expect(cluster.engine.freeSlots() == [TestCluster.model: 4])
    // What it used until then was seen, and is charged.
    let usage = try cluster.engine.usage(after: .start, limit: 10, at: TestCluster.now)
    #expect(usage.segments.last?.to == end.at)
    #expect(usage.segments.reduce(0) { $0 + $1.gpuSeconds.count } >= 1)
  }

  @Test func `what a killed supervisor left ends although the folder is gone`() throws {
    let folder = try TestFolder()
    let cluster = try LostFolderTests.running(
      folder, "(setsid sh -c 'trap \"\" TERM; echo $$ >> pids; exec sleep 600' &)\nsleep 600")
    _ = try eventually("the descendant") { folder.lines("pids").count == 2 ? true : nil }
    guard case .running(let start) = cluster.engine.job(folder.token(1))?.state else {
      Issue.record("not running")
      return
    }
    kill(start.supervisor, SIGKILL)
    try cluster.loseFolder(1)
    #expect(try cluster.ended(folder.token(1)).reason == .folderLost)
    for pid in folder.lines("pids") { #expect(!Processes.lives(pid_t(pid) ?? 0)) }
  }

  @Test func `a cancel of a job whose folder is gone ends it`() throws {
    let folder = try TestFolder()
    let cluster = try LostFolderTests.running(folder, "exec sleep 600")
    try cluster.loseFolder(1)
    _ = try cluster.engine.cancel(folder.token(1))
    #expect(try cluster.ended(folder.token(1)).reason == .folderLost)
  }

  /// A new lock would be free at once, and the job taken for one that nobody lives for.
  @Test func `where the lock alone is lost the job still ends as it ended`() throws {
    let folder = try TestFolder()
    let cluster = try LostFolderTests.running(
      folder, "trap 'exit 7' TERM\nwhile :; do sleep 0.05; done")
    try FileManager.default.removeItem(
      atPath: "\(folder.path)/cluster/jobs/\(folder.token(1).hex)/lock")
    let end = try cluster.ended(folder.token(1))
    #expect(end.reason == .stopped && end.exitStatus == 7)
  }

  @Test func `where all intents are lost the folders say what began`() throws {
    let folder = try TestFolder()
    do { _ = try LostFolderTests.running(folder, "exec sleep 600") }
    try FileManager.default.removeItem(atPath: "\(folder.path)/cluster/intents")
    let cluster = try TestCluster(folder)
    #expect(try folder.names("cluster/intents") == [folder.token(1).hex])
    guard case .running = cluster.engine.job(folder.token(1))?.state else {
      Issue.record("not adopted")
      return
    }
    _ = try cluster.engine.cancel(folder.token(1))
    #expect(try cluster.ended(folder.token(1)).reason == .canceled)
  }

  /// A cluster with one job that runs, and has said so.
  private static func running(
    _ folder: TestFolder, _ script: String, grace: Int64 = 30
  ) throws -> TestCluster {
    let cluster = try TestCluster(folder)
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    var job = cluster.job(TestCluster.shell("echo $$ >> pids; echo begun >> witness\n\(script)"))
    job.graceSeconds = grace
    try cluster.start(job)
    _ = try eventually("the job to run") {
      _ = try cluster.engine.poll(milliseconds: 20)
      guard case .running = cluster.engine.job(job.token)?.state else { return nil as Bool? }
      return folder.lines("witness").isEmpty ? nil : true
    }
    return cluster
  }
}

extension TestCluster {
  fileprivate func loseFolder(_ token: UInt64) throws {
    try FileManager.default.removeItem(
      atPath: "\(folder.path)/cluster/jobs/\(folder.token(token).hex)")
  }
}

extension TestFolder {
  func names(_ name: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: "\(path)/\(name)").sorted()
  }
}
