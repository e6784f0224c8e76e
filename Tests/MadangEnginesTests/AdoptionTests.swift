import Foundation
import MadangEngines
import MadangProgramme
import Testing

/// A server that comes back finds what became of its jobs.
@Suite struct AdoptionTests {
  @Test func `a job goes on while no server is there, and the next one has it`() throws {
    let folder = try TestFolder()
    let token = folder.token(1)
    do {
      let cluster = try TestCluster(folder)
      try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
      try cluster.start(cluster.job(TestCluster.shell("echo $$ > pid; exec sleep 600")))
      _ = try eventually("the job to run") { folder.text("pid")?.hasSuffix("\n") }
    }
    let cluster = try TestCluster(folder)
    guard case .running(let start) = cluster.engine.job(token)?.state else {
      Issue.record("not adopted")
      return
    }
    #expect("\(start.pid)\n" == folder.text("pid") && Processes.lives(start.pid))
    #expect(cluster.engine.freeSlots() == [TestCluster.model: 3])
    _ = try cluster.engine.cancel(token)
    #expect(try cluster.ended(token).reason == .canceled)
    #expect(!Processes.lives(start.pid))
  }

  @Test func `a cancel that no supervisor heard is told again by the next server`() throws {
    let folder = try TestFolder()
    let token = folder.token(1)
    do {
      let cluster = try TestCluster(folder)
      try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
      try cluster.start(cluster.job(.command(["sleep", "600"])))
      _ = try eventually("the job to run") {
        _ = try cluster.engine.poll(milliseconds: 20)
        guard case .running = cluster.engine.job(token)?.state else { return nil as Bool? }
        return true
      }
      // As if the server had died between the file and the signal.
      try Data().write(to: URL(filePath: "\(folder.path)/cluster/jobs/\(token.hex)/cancel"))
    }
    let cluster = try TestCluster(folder)
    #expect(try cluster.ended(token).reason == .canceled)
  }

  @Test func `one process runs a cluster at a time`() throws {
    let folder = try TestFolder()
    let first = try TestCluster(folder)
    #expect(throws: EngineFailure.self) { try TestCluster(folder) }
    #expect(first.engine.jobs().isEmpty)
  }

  @Test func `after a restart of the machine all have ended, with what is known`() throws {
    let folder = try TestFolder()
    let token = folder.token(1)
    do {
      let cluster = try TestCluster(folder)
      try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
      try cluster.start(cluster.job(.command(["sleep", "600"])))
      let start: LocalStart = try eventually("the job to run") {
        _ = try cluster.engine.poll(milliseconds: 20)
        guard case .running(let start) = cluster.engine.job(token)?.state else { return nil }
        return start
      }
      kill(start.supervisor, SIGKILL)
      _ = try eventually("the job to end") { Processes.lives(start.pid) ? nil : true }
    }
    // The machine that comes up has another boot and a younger clock.
    let cluster = try TestCluster(folder) {
      $0.clock = LocalClock(
        boot: "another", machineMicroseconds: { 5 }, wallMicroseconds: { 2_000_000_000_000_000 })
    }
    guard case .ended(let end, let start?) = cluster.engine.job(token)?.state else {
      Issue.record("not ended")
      return
    }
    #expect(end.reason == .lost && end.clockMicroseconds >= start.clockMicroseconds)
    #expect(end.boot == start.boot && end.at >= start.at)
    #expect(end.wallMicroseconds < 2_000_000_000_000_000)
  }

  @Test func `half-made folders go, unreadable ones stay and are named`() throws {
    let folder = try TestFolder()
    do { _ = try TestCluster(folder) }
    let jobs = "\(folder.path)/cluster/jobs"
    let token = folder.token(1)
    for name in ["new-\(token.hex)", "old-\(token.hex)", token.hex] {
      try FileManager.default.createDirectory(
        atPath: "\(jobs)/\(name)", withIntermediateDirectories: true)
      try Data("nonsense".utf8).write(to: URL(filePath: "\(jobs)/\(name)/job"))
    }
    let cluster = try TestCluster(folder)
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    #expect(try FileManager.default.contentsOfDirectory(atPath: jobs) == [token.hex])
    #expect(cluster.engine.damagedJobs() == [token.hex] && cluster.engine.jobs().isEmpty)
    // Never started over what cannot be read.
    #expect(throws: EngineFailure.self) {
      try cluster.engine.start(cluster.job(.command(["true"])), at: TestCluster.now)
    }
  }

  /// One thing too many there, and the cluster did not open again: no job was adopted or metered.
  @Test func `what cannot be removed is named, and whatever else lies there is let be`() throws {
    let folder = try TestFolder()
    let files = FileManager.default
    let jobs = "\(folder.path)/cluster/jobs"
    do {
      let cluster = try TestCluster(folder)
      try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
      // A job that keeps something in its supervisor's folder.
      try cluster.start(
        cluster.job(TestCluster.shell("for job in \(jobs)/*; do mkdir $job/inside; done")))
      #expect(try cluster.ended(folder.token(1)).succeeded)
      try cluster.engine.forget([folder.token(1)])
      #expect(cluster.engine.damagedJobs() == ["old-\(folder.token(1).hex)"])
      try cluster.start(cluster.job(.command(["sleep", "600"]), token: 2))
    }
    try files.createDirectory(
      atPath: "\(jobs)/lost+found/deep", withIntermediateDirectories: true)
    let stray = folder.token(7).hex
    for name in ["note", stray] {
      try Data("note".utf8).write(to: URL(filePath: "\(jobs)/\(name)"))
    }
    let piped = folder.token(8).hex
    try files.createDirectory(atPath: "\(jobs)/\(piped)/job", withIntermediateDirectories: true)
    let before = try files.contentsOfDirectory(atPath: jobs).sorted()
    let cluster = try TestCluster(folder)
    #expect(cluster.engine.jobs().map(\.token) == [folder.token(2)])
    #expect(try files.contentsOfDirectory(atPath: jobs).sorted() == before)
    #expect(
      cluster.engine.damagedJobs().sorted()
        == [stray, piped, "old-\(folder.token(1).hex)"].sorted())
    _ = try cluster.engine.cancel(folder.token(2))
    _ = try cluster.ended(folder.token(2))
  }
}
