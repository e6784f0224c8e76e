import Foundation
import MadangEngines
import MadangProgramme
import Testing

/// What a supervisor leaves is on the disk before it counts: counted in the real program.
struct RecordSyncTests {
  @Test func `a record is synced, then named, then its folder is synced; the first before the job`()
    throws
  {
    let folder = try TestFolder()
    let log = "\(folder.path)/order"
    let supervisor = try counted(in: folder, log: log)
    let cluster = try TestCluster(folder) { $0.supervisor = supervisor }
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    let job = cluster.job(.command(["true"]))
    try cluster.start(job)
    #expect(try cluster.ended(job.token).succeeded)
    let jobs = URL(filePath: "\(folder.path)/cluster/jobs").resolvingSymlinksInPath().path
    let own = "\(jobs)/\(job.token.hex)"
    let order = folder.lines("order").map { $0.replacing(own, with: "JOB") }
    #expect(
      order == [
        "sync JOB/started.new", "rename JOB/started", "sync JOB",
        "exec true",
        "sync JOB/ended.new", "rename JOB/ended", "sync JOB",
      ])
  }

  /// The supervisor with its syncs counted: a script that becomes it.
  private func counted(in folder: TestFolder, log: String) throws -> String {
    let shim = "\(folder.path)/synccount.so"
    let source = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../Storm/synccount.c").standardized.path
    let compiler = Process()
    compiler.executableURL = URL(filePath: "/usr/bin/env")
    compiler.arguments = [
      "cc", "-O1", "-Wall", "-shared", "-fPIC", "-o", shim, source, "-ldl",
    ]
    try compiler.run()
    compiler.waitUntilExit()
    try #require(compiler.terminationStatus == 0)
    let script = "\(folder.path)/supervise"
    let text = """
      #!/bin/sh
      LD_PRELOAD=\(shim) SYNC_ORDER=\(log) exec \(LocalEngine.supervisorBesideThis) "$@"

      """
    try Data(text.utf8).write(to: URL(filePath: script))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: script)
    return script
  }
}
