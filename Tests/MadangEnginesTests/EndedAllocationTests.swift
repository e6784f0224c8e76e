import Foundation
import MadangEngines
import MadangProgramme
import Testing

/// Work stops first: jobs that run end with their allocation's right to run them, and say why.
@Suite struct EndedAllocationTests {
  private static func running(_ script: String, grace: Int64 = 30) throws -> TestCluster {
    let cluster = try TestCluster(try TestFolder())
    try cluster.engine.apply(
      TestCluster.desired([TestCluster.budget(1), TestCluster.budget(2)]), at: TestCluster.now)
    for (token, allocation) in [(1, 1), (2, 2)] {
      var job = cluster.job(
        TestCluster.shell(script), token: UInt64(token), allocation: allocation)
      job.graceSeconds = grace
      try cluster.start(job)
    }
    _ = try eventually("the jobs to begin") {
      cluster.folder.lines("out-1").isEmpty || cluster.folder.lines("out-2").isEmpty ? nil : true
    }
    return cluster
  }

  @Test func `a suspension ends the jobs of its allocation, and says so`() throws {
    let cluster = try EndedAllocationTests.running(
      "trap 'echo told; exit 3' TERM\necho begun\nwhile :; do sleep 0.05; done")
    let desired = TestCluster.desired(
      [TestCluster.budget(1, suspended: true), TestCluster.budget(2)], generation: 2)
    try cluster.engine.apply(desired, at: TestCluster.now)
    let end = try cluster.ended(cluster.folder.token(1))
    #expect(end.reason == .suspended && end.exitStatus == 3 && !end.succeeded)
    #expect(cluster.folder.lines("out-1").last == "told")
    // The other team's goes on.
    #expect(try cluster.runs(2))
    try cluster.finish(2)
  }

  @Test func `what ignores its end is killed after its grace, and metered to the end`() throws {
    let cluster = try EndedAllocationTests.running(
      "trap '' TERM\necho begun\nwhile :; do sleep 0.05; done", grace: 1)
    // The allocation is no longer this cluster's.
    try cluster.engine.apply(
      TestCluster.desired([TestCluster.budget(2)], generation: 2), at: TestCluster.now)
    let end = try cluster.ended(cluster.folder.token(1))
    #expect(end.reason == .allocationOver && end.signal == SIGKILL)
    let usage = try cluster.engine.usage(after: .start, limit: 100, at: TestCluster.now)
    let metered = usage.segments.filter { $0.key.job == cluster.folder.token(1) }
    #expect(metered.last?.to == end.at && metered.reduce(0) { $0 + $1.gpuSeconds.count } >= 1)
    try cluster.finish(2)
  }

  @Test func `a term that runs out ends jobs when somebody looks, whatever was applied`() throws {
    let cluster = try EndedAllocationTests.running("echo begun\nsleep 60")
    let end = TestCluster.now.seconds + 100
    try cluster.engine.apply(
      TestCluster.desired([TestCluster.budget(1, to: end), TestCluster.budget(2)], generation: 2),
      at: TestCluster.now)
    _ = try cluster.engine.observe(at: Instant(end - 1))
    #expect(try cluster.runs(1))
    _ = try cluster.engine.observe(at: Instant(end))
    #expect(try cluster.ended(cluster.folder.token(1)).reason == .allocationOver)
    try cluster.finish(2)
  }

  @Test func `the first reason stays, and outlives the server`() throws {
    let folder = try TestFolder()
    let token = folder.token(1)
    func open() throws -> TestCluster { try TestCluster(folder) }
    do {
      let cluster = try open()
      try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
      var job = cluster.job(
        TestCluster.shell("trap '' TERM\necho begun\nsleep 60 & wait; sleep 60"))
      job.graceSeconds = 2
      try cluster.start(job)
      _ = try eventually("the job to begin") { folder.lines("out-1").isEmpty ? nil : true }
      try cluster.engine.apply(
        TestCluster.desired([TestCluster.budget(1, suspended: true)], generation: 2),
        at: TestCluster.now)
    }
    let cluster = try open()
    _ = try cluster.engine.cancel(token)
    #expect(try cluster.ended(token).reason == .suspended)
  }
}

extension TestCluster {
  fileprivate func runs(_ token: UInt64) throws -> Bool {
    _ = try engine.poll(milliseconds: 50)
    if case .running = engine.job(folder.token(token))?.state { return true }
    return false
  }

  /// Ends a job that a test leaves.
  fileprivate func finish(_ token: UInt64) throws {
    _ = try engine.cancel(folder.token(token))
    #expect(try ended(folder.token(token)).reason == .canceled)
  }
}
