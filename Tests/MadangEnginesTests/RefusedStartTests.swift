import Foundation
import MadangEngines
import MadangProgramme
import Testing

/// What the local engine does not start, whoever asks.
@Suite struct RefusedStartTests {
  @Test func `only what the limits allow is started`() throws {
    let cluster = try TestCluster(try TestFolder())
    #expect(try code(cluster, cluster.job(.command(["true"]))) == "MDG-1652")
    try cluster.engine.apply(
      TestCluster.desired([
        TestCluster.reserved(1, gpus: 2), TestCluster.budget(2, suspended: true),
        TestCluster.budget(3, from: 1_770_000_001), TestCluster.budget(4, to: 1_770_000_000),
        TestCluster.budget(5, seconds: 100), TestCluster.budget(6),
      ]), at: TestCluster.now)
    let sleep = LocalWork.command(["sleep", "600"])
    let codes = try [
      code(cluster, cluster.job(sleep, token: 1, gpus: 3, allocation: 1)),
      code(cluster, cluster.job(sleep, token: 2, allocation: 2)),
      code(cluster, cluster.job(sleep, token: 3, allocation: 3)),
      code(cluster, cluster.job(sleep, token: 4, allocation: 4)),
      code(cluster, cluster.job(sleep, token: 5, gpus: 2, allocation: 5, limit: 51)),
      code(cluster, cluster.job(sleep, token: 6, gpus: 3, allocation: 6)),
      code(cluster, cluster.job(sleep, token: 7, gpus: 2, allocation: 1)),
      code(cluster, cluster.job(sleep, token: 8, gpus: 1, allocation: 1)),
      code(cluster, cluster.job(sleep, token: 9, gpus: 2, allocation: 6)),
      code(cluster, cluster.job(sleep, token: 10, gpus: 1, allocation: 6)),
      code(cluster, cluster.job(sleep, token: 11, gpus: 0, allocation: 6)),
      code(cluster, cluster.job(sleep, token: 12, allocation: 7)),
    ]
    #expect(
      codes == [
        "MDG-1655", "MDG-1653", "MDG-1654", "MDG-1654", "MDG-1656", "MDG-1657", nil, "MDG-1655",
        nil, "MDG-1657", nil, "MDG-1652",
      ])
    // A refused token leaves nothing behind, and may be asked again.
    #expect(cluster.engine.jobs().map(\.token.low) == [7, 9, 11])
    for run in cluster.engine.jobs() { _ = try cluster.engine.cancel(run.token) }
    for run in cluster.engine.jobs() { _ = try cluster.ended(run.token) }
    #expect(try code(cluster, cluster.job(.command(["true"]), token: 8, allocation: 1)) == nil)
    _ = try cluster.ended(cluster.folder.token(8))
  }

  @Test func `what no process can be given is refused before anything is written`() throws {
    let cluster = try TestCluster(try TestFolder())
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    let long = String(repeating: "x", count: 140_000)
    let works: [LocalWork] = [
      .command([]), .command([""]), .command(["a\0b"]), .command(["a", long]), .script("true"),
      .script("#!/bin/sh\r\ntrue"), .script("#!/bin/sh\n\0"), .script("#!\ntrue"),
      .script("#!/bin/sh\n", arguments: ["\0"]),
      .script("#!/bin/sh\n" + String(repeating: "#", count: 4_200_000)),
      .command(["a"] + Array(repeating: String(repeating: "y", count: 1_000), count: 2_000)),
    ]
    for work in works {
      #expect(try code(cluster, cluster.job(work)) == "MDG-1651")
    }
    for environment in [["": "a"], ["a=b": "c"], ["a": "\0"], ["a": long]] {
      let job = LocalJob(
        token: cluster.folder.token(1), name: "job", allocation: AllocationID(1),
        model: TestCluster.model, gpus: 1, work: .command(["true"]), environment: environment,
        workingFolder: "/", output: "/dev/null", timeLimitSeconds: nil)
      #expect(try code(cluster, job) == "MDG-1651")
    }
    #expect(cluster.engine.jobs().isEmpty)
  }

  @Test func `the longest and strangest that a process can be given arrives`() throws {
    let cluster = try TestCluster(try TestFolder())
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    let strange = [
      "", "a\nb", "\u{1b}[2J", "'\"\\", "가", "-n", String(repeating: "x", count: 131_071),
    ]
    let job = LocalJob(
      token: cluster.folder.token(1), name: "job", allocation: AllocationID(1),
      model: TestCluster.model, gpus: 1,
      work: .command(["printf", "%s|"] + strange), environment: [:],
      workingFolder: cluster.folder.path, output: "out", timeLimitSeconds: 60)
    try cluster.start(job)
    #expect(try cluster.ended(job.token).succeeded)
    #expect(cluster.folder.text("out") == strange.map { "\($0)|" }.joined())
  }

  private func code(_ cluster: TestCluster, _ job: LocalJob) throws -> String? {
    switch try cluster.engine.start(job, at: TestCluster.now) {
    case .started: nil
    case .known: "known"
    case .refused(let refusal): refusal.code
    }
  }
}
