import Foundation
import MadangEngines
import MadangProgramme
import Testing

/// With a cgroup for each job, nothing escapes. Passed over, saying so, where this user has none.
@Suite(.serialized) struct CgroupTests {
  @Test func `what hid from everything ends when its supervisor is killed`() throws {
    guard let cgroup = Self.cgroup else { return }
    defer { rmdir(cgroup) }
    let cluster = try TestCluster(try TestFolder()) { $0.cgroup = cgroup }
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    // In a session of its own, with an empty environment, ignoring what it is told.
    let job = cluster.job(
      TestCluster.shell(
        """
        (env -i setsid sh -c 'trap "" TERM HUP; echo $$ > hidden; while :; do sleep 1; done' &)
        sleep 600
        """))
    try cluster.start(job)
    let hidden: pid_t = try eventually("the job to hide") {
      pid_t((cluster.folder.text("hidden") ?? "").trimmingCharacters(in: .whitespacesAndNewlines))
    }
    let start: LocalStart = try eventually("the job to run") {
      _ = try cluster.engine.poll(milliseconds: 20)
      guard case .running(let start) = cluster.engine.job(job.token)?.state else { return nil }
      return start
    }
    kill(start.supervisor, SIGKILL)
    #expect(try cluster.ended(job.token).reason == .lost)
    _ = try eventually("what hid to end") { Processes.lives(hidden) ? nil : true }
    #expect(!FileManager.default.fileExists(atPath: "\(cgroup)/madang-\(job.token.hex)"))
  }

  @Test func `a job's cgroup is gone when it has ended`() throws {
    guard let cgroup = Self.cgroup else { return }
    defer { rmdir(cgroup) }
    let cluster = try TestCluster(try TestFolder()) { $0.cgroup = cgroup }
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    let job = cluster.job(
      TestCluster.shell("(setsid sleep 600 &); grep -c madang- /proc/self/cgroup"))
    try cluster.start(job)
    #expect(try cluster.ended(job.token).succeeded)
    #expect(cluster.folder.text("out-1") == "1\n")
    #expect(!FileManager.default.fileExists(atPath: "\(cgroup)/madang-\(job.token.hex)"))
  }

  private static var cgroup: String? {
    let cgroup = LocalEngine.writableCgroup(named: "tests-\(getpid())")
    if cgroup == nil { print("Passed over: no cgroup (v2) can be written to here.") }
    return cgroup
  }
}
