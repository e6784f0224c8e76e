import Foundation
import MadangEngines
import MadangProgramme
import Testing

/// Whatever a job starts ends with it.
@Suite(.serialized) struct DescendantTests {
  @Test func `what left the job's group and session ends with it`() throws {
    let cluster = try TestCluster(try TestFolder())
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    let job = cluster.job(
      TestCluster.shell(
        """
        : > pids
        cat > deeper <<'END'
        echo $$ >> pids
        [ -n "$1" ] && (setsid sh deeper &)
        exec sleep 600
        END
        (setsid sh deeper again &)
        (sh -c 'trap "" TERM HUP; echo $$ >> pids; while :; do sleep 1; done' &)
        while [ $(wc -l < pids) -lt 3 ]; do sleep 0.01; done
        exit 5
        """))
    try cluster.start(job)
    let end = try cluster.ended(job.token)
    #expect(end.reason == .exited && end.exitStatus == 5)
    let pids = (cluster.folder.text("pids") ?? "").split(separator: "\n").compactMap { pid_t($0) }
    #expect(pids.count == 3)
    for pid in pids { #expect(!Processes.lives(pid)) }
  }

  @Test func `a job that ignores TERM is ended after its grace`() throws {
    let cluster = try TestCluster(try TestFolder())
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    var job = cluster.job(
      TestCluster.shell("trap 'echo told' TERM; echo ready; while :; do sleep 0.05; done"),
      limit: 1)
    job.graceSeconds = 1
    try cluster.start(job)
    let end = try cluster.ended(job.token)
    #expect(end.reason == .timeLimit && end.signal == SIGKILL)
    #expect(cluster.folder.lines("out-1").count { $0 == "told" } == 1)
  }

  @Test func `a job that listens to TERM may end by itself`() throws {
    let cluster = try TestCluster(try TestFolder())
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    let job = cluster.job(
      TestCluster.shell("trap 'echo saved; exit 9' TERM; echo ready; while :; do sleep 0.05; done"))
    try cluster.start(job)
    _ = try eventually("the job to be ready") {
      cluster.folder.text("out-1") == "ready\n" ? true : nil
    }
    _ = try cluster.engine.cancel(job.token)
    _ = try cluster.engine.cancel(job.token)
    let end = try cluster.ended(job.token)
    #expect(end.reason == .canceled && end.exitStatus == 9 && end.signal == 0)
    #expect(cluster.folder.lines("out-1").count { $0 == "saved" } == 1)
  }

  @Test func `a stopped job hears that it is to end`() throws {
    let cluster = try TestCluster(try TestFolder())
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    let job = cluster.job(TestCluster.shell("echo ready; kill -STOP $$; echo never"))
    try cluster.start(job)
    _ = try eventually("the job to be ready") { cluster.folder.text("out-1").map { _ in true } }
    _ = try cluster.engine.cancel(job.token)
    let end = try cluster.ended(job.token)
    #expect(end.reason == .canceled && end.signal == SIGTERM)
  }

  /// While a program takes another's place its environment cannot be read, for a moment.
  @Test func `what is always becoming another program ends with its killed supervisor`() throws {
    try DescendantTests.lose(
      "[ -e stop ] || exec sh next", start: "sh next", passing: 20_000)
  }

  /// Who is looked for is gone, and its child was not there when they were listed.
  @Test func `what always has a child and goes away ends with its killed supervisor`() throws {
    try DescendantTests.lose(
      "[ $1 -gt 0 ] && [ ! -e stop ] && { setsid sh next $(($1 - 1)) & exit; }\nexec sleep 600",
      start: "sh next 400", passing: 60_000)
  }

  /// Jobs that leave a restless process, whose supervisors are killed: nothing of them is left.
  private static func lose(_ script: String, start: String, passing microseconds: UInt32) throws {
    let cluster = try TestCluster(try TestFolder())
    let folder = cluster.folder
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    try Data(script.utf8).write(to: URL(filePath: "\(folder.path)/next"))
    // Whatever this test finds, nothing runs on after it.
    defer { try? Data().write(to: URL(filePath: "\(folder.path)/stop")) }
    for number in 1...UInt64(12) {
      let job = cluster.job(
        TestCluster.shell("(setsid \(start) &)\nexec sleep 600"), token: number, gpus: 0)
      try cluster.start(job)
      let supervisor: pid_t = try eventually("the job to run") {
        _ = try cluster.engine.poll(milliseconds: 5)
        guard case .running(let start) = cluster.engine.job(job.token)?.state else { return nil }
        return start.supervisor
      }
      usleep(microseconds)
      kill(supervisor, SIGKILL)
      #expect(try cluster.ended(job.token).reason == .lost)
      for _ in 0..<10 {
        usleep(2_000)
        let left = Processes.marked("MADANG_RUN=\(job.token.hex)", in: folder.path)
        #expect(left.isEmpty, "\(job.token) left \(left)")
        for pid in left { kill(pid, SIGKILL) }
        if !left.isEmpty { break }
      }
    }
  }

  /// Bounded by itself, as Linux does not count root's processes: 511 of them, all forking at once,
  /// each in a session of its own.
  @Test func `a fork bomb is ended, all of it`() throws {
    let cluster = try TestCluster(try TestFolder())
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    let bomb = "\(cluster.folder.path)/bomb"
    try """
    #!/bin/sh
    trap '' TERM HUP
    echo $$ >> pids
    [ $1 -eq 0 ] || { setsid sh bomb $(($1 - 1)) & setsid sh bomb $(($1 - 1)) & }
    exec sleep 600
    """.write(toFile: bomb, atomically: true, encoding: .utf8)
    var job = cluster.job(.command(["sh", "bomb", "8"]))
    job.graceSeconds = 0
    try cluster.start(job)
    _ = try eventually("the bomb to grow") {
      (cluster.folder.text("pids") ?? "").split(separator: "\n").count > 100 ? true : nil
    }
    _ = try cluster.engine.cancel(job.token)
    #expect(try cluster.ended(job.token).reason == .canceled)
    let left = Processes.marked("MADANG_RUN=\(job.token.hex)", in: cluster.folder.path)
    #expect(left.isEmpty, "\(left.count) left")
  }

  @Test func `a job's limits on processes and cores are set`() throws {
    let cluster = try TestCluster(try TestFolder())
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    var job = cluster.job(.command(["bash", "-c", "ulimit -u; ulimit -c; umask"]))
    job.processesMax = 321
    try cluster.start(job)
    _ = try cluster.ended(job.token)
    #expect(cluster.folder.text("out-1") == "321\n0\n0022\n")
  }

  @Test func `a job gets no open file, no blocked signal and no controlling terminal`() throws {
    let cluster = try TestCluster(try TestFolder())
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    let job = cluster.job(
      .command([
        "bash", "-c", "ls /proc/$$/fd | tr '\\n' ' '; grep -E 'SigBlk|SigIgn' /proc/self/status",
      ]))
    try cluster.start(job)
    _ = try cluster.ended(job.token)
    let none = "0000000000000000"
    #expect(
      cluster.folder.text("out-1") == "0 1 2 255 SigBlk:\t\(none)\nSigIgn:\t\(none)\n"
        || cluster.folder.text("out-1") == "0 1 2 SigBlk:\t\(none)\nSigIgn:\t\(none)\n",
      "\(cluster.folder.text("out-1") ?? "")")
  }

  /// Only who has a capability can give it to a supervisor, as a unit's `AmbientCapabilities` does.
  private static let canGive: Bool = {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("CapPrm:\t") }
    let held = line.flatMap { UInt64($0.dropFirst(8), radix: 16) } ?? 0
    return held & 0x400 != 0 && FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")
  }()

  @Test(.enabled(if: DescendantTests.canGive))
  func `a job has none of what its office may do beyond a user`() throws {
    let folder = try TestFolder()
    let wrapper = "\(folder.path)/supervise"
    try Data(
      """
      #!/bin/sh
      exec /usr/bin/setpriv --inh-caps=+net_bind_service --ambient-caps=+net_bind_service \
        \(LocalEngine.supervisorBesideThis) "$@"

      """.utf8
    ).write(to: URL(filePath: wrapper))
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: wrapper)
    let cluster = try TestCluster(folder) { $0.supervisor = wrapper }
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    let job = cluster.job(
      .command(["bash", "-c", "grep -h CapAmb /proc/self/status /proc/$PPID/status"]))
    try cluster.start(job)
    _ = try cluster.ended(job.token)
    #expect(
      cluster.folder.text("out-1") == "CapAmb:\t0000000000000000\nCapAmb:\t0000000000000400\n")
  }
}
