import Foundation
import MadangEngines
import MadangProgramme
import Testing

/// Jobs as processes, start to end.
@Suite struct LocalEngineTests {
  @Test func `a script runs where it should, with its output in its file`() throws {
    let cluster = try opened()
    let script =
      "#!/bin/sh\npwd; echo $MADANG_JOB $MADANG_GPUS $MADANG_SLOTS $1; echo no >&2; exit 3\n"
    let job = cluster.job(.script(script, arguments: ["a b"]), gpus: 2)
    let run = try cluster.start(job)
    #expect(run.slots == [0, 1])
    let end = try cluster.ended(job.token)
    #expect(end.reason == .exited && end.exitStatus == 3 && end.signal == 0)
    #expect(cluster.folder.text("out-1") == "\(cluster.folder.path)\njob-1 2 0,1 a b\nno\n")
    #expect(cluster.engine.freeSlots() == [TestCluster.model: 4])
  }

  @Test func `supervisor and job each lead a session of their own`() throws {
    let cluster = try TestCluster(try TestFolder())
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    let job = cluster.job(.command(["sleep", "600"]))
    try cluster.start(job)
    let start: LocalStart = try eventually("the job to run") {
      _ = try cluster.engine.poll(milliseconds: 20)
      guard case .running(let start) = cluster.engine.job(job.token)?.state else { return nil }
      return start
    }
    #expect(getsid(start.supervisor) == start.supervisor && getsid(start.pid) == start.pid)
    #expect(getpgid(start.pid) == start.pid && getsid(0) != start.supervisor)
    _ = try cluster.engine.cancel(job.token)
    #expect(try cluster.ended(job.token).reason == .canceled)
  }

  @Test func `a token starts once, however often it is asked`() throws {
    let cluster = try opened()
    let job = cluster.job(TestCluster.shell("echo ran >> witness"))
    try cluster.start(job)
    for _ in 0..<20 {
      guard case .known = try cluster.engine.start(job, at: TestCluster.now) else {
        Issue.record("started again")
        return
      }
    }
    _ = try cluster.ended(job.token)
    guard case .known(let run) = try cluster.engine.start(job, at: TestCluster.now),
      case .ended = run.state
    else {
      Issue.record("not known")
      return
    }
    #expect(cluster.folder.text("witness") == "ran\n")
  }

  @Test func `a job that ends by a signal says which`() throws {
    let cluster = try opened()
    let job = cluster.job(TestCluster.shell("kill -SEGV $$"))
    try cluster.start(job)
    let end = try cluster.ended(job.token)
    #expect(end.reason == .exited && end.signal == SIGSEGV && !end.succeeded)
  }

  @Test func `what cannot start says at which step and why`() throws {
    let cluster = try opened()
    let missing = cluster.job(.command(["no-such-program"]), token: 1)
    let folder = LocalJob(
      token: cluster.folder.token(2), name: "job-2", allocation: AllocationID(1),
      model: TestCluster.model, gpus: 1, work: .command(["true"]), environment: [:],
      workingFolder: "\(cluster.folder.path)/vanished", output: "out", timeLimitSeconds: 60)
    let output = cluster.job(.command(["true"]), token: 3, output: "no/such/folder")
    mkfifo("\(cluster.folder.path)/pipe", 0o600)
    let pipe = cluster.job(.command(["true"]), token: 4, output: "pipe")
    for job in [missing, folder, output, pipe] { try cluster.start(job) }
    let steps = try [missing, folder, output, pipe].map { try cluster.ended($0.token) }
    #expect(steps.allSatisfy { $0.reason == .couldNotStart })
    #expect(steps.map(\.step) == [.command, .folder, .output, .output])
    #expect(steps.map(\.errno) == [ENOENT, ENOENT, ENOENT, ENXIO])
  }

  @Test func `a supervisor that is not there leaves a job that never started`() throws {
    let cluster = try TestCluster(try TestFolder()) { $0.supervisor = "/no/such/program" }
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    let job = cluster.job(.command(["true"]))
    let run = try cluster.start(job)
    guard case .ended(let end, nil) = run.state else {
      Issue.record("\(run.state)")
      return
    }
    #expect(end.reason == .neverStarted && end.errno == ENOENT)
    #expect(cluster.engine.freeSlots() == [TestCluster.model: 4])
  }

  @Test func `a working folder that vanishes under a job harms nothing but the job`() throws {
    let cluster = try opened()
    let folder = "\(cluster.folder.path)/work"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let job = LocalJob(
      token: cluster.folder.token(1), name: "job-1", allocation: AllocationID(1),
      model: TestCluster.model, gpus: 1,
      work: TestCluster.shell("rm -rf \"$PWD\"; cd . 2>/dev/null || exit 4"), environment: [:],
      workingFolder: folder, output: "../out", timeLimitSeconds: 60)
    try cluster.start(job)
    let end = try cluster.ended(job.token)
    #expect(end.reason == .exited)
    #expect(!FileManager.default.fileExists(atPath: folder))
  }

  @Test func `devices are seen by the jobs that have them, and missing ones are down`() throws {
    let folder = try TestFolder()
    let devices = "\(folder.path)/dev"
    try FileManager.default.createDirectory(atPath: devices, withIntermediateDirectories: true)
    for index in [0, 2, 3] { try Data().write(to: URL(filePath: "\(devices)/nvidia\(index)")) }
    let slots = LocalSlots(model: TestCluster.model, devices: [0, 1, 2, 3])!
    var options = LocalEngine.Options(
      folder: "\(folder.path)/cluster",
      cluster: LocalCluster(cluster: TestCluster.cluster, slots: [slots])!)
    options.deviceFolder = devices
    let engine = try LocalEngine(options)
    try engine.apply(TestCluster.desired(), at: TestCluster.now)
    let observed = try engine.observe(at: TestCluster.now)
    #expect(observed.devices == DeviceCounts(up: 3, down: 1))
    #expect(observed.allocations.first?.readyGPUs == 3)
    for (token, gpus) in [(1, 2), (2, 0)] as [(UInt64, Int32)] {
      let job = LocalJob(
        token: folder.token(token), name: "job", allocation: AllocationID(1),
        model: TestCluster.model, gpus: gpus,
        work: TestCluster.shell("echo \"<$CUDA_VISIBLE_DEVICES>\""), environment: [:],
        workingFolder: folder.path, output: "out-\(token)", timeLimitSeconds: 60)
      guard case .started = try engine.start(job, at: TestCluster.now) else {
        Issue.record("not started")
        return
      }
      _ = try eventually("the job to end") {
        _ = try engine.poll(milliseconds: 20)
        guard case .ended = engine.job(job.token)?.state else { return nil as Bool? }
        return true
      }
    }
    #expect(folder.text("out-1") == "<0,2>\n" && folder.text("out-2") == "<>\n")
  }

  @Test func `what ended and was taken over is forgotten, its usage is not`() throws {
    let cluster = try opened()
    let job = cluster.job(.command(["sleep", "1.1"]))
    try cluster.start(job)
    try cluster.engine.forget([job.token])
    #expect(cluster.engine.job(job.token) != nil, "forgotten while it ran")
    _ = try cluster.ended(job.token)
    try cluster.engine.forget([job.token])
    #expect(cluster.engine.job(job.token) == nil)
    let names = try FileManager.default.contentsOfDirectory(
      atPath: "\(cluster.folder.path)/cluster/jobs")
    #expect(names.isEmpty)
    let usage = try cluster.engine.usage(after: .start, limit: 10, at: TestCluster.now)
    #expect(usage.segments.map(\.key.job) == [job.token])
  }

  private func opened() throws -> TestCluster {
    let cluster = try TestCluster(try TestFolder())
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    return cluster
  }
}
