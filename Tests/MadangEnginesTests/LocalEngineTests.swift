import Foundation
import MadangEngines
import MadangProgramme
import Testing

/// Jobs as processes, start to end.
@Suite struct LocalEngineTests {
  @Test func `a command runs where it should, with its output in its file`() throws {
    let cluster = try TestCluster(try TestFolder())
    try cluster.engine.apply(TestCluster.desired(), at: TestCluster.now)
    let job = cluster.job(
      TestCluster.shell("pwd; echo $MADANG_JOB $MADANG_GPUS $MADANG_SLOTS; echo no >&2; exit 3"),
      gpus: 2)
    let run = try cluster.start(job)
    #expect(run.slots == [0, 1])
    let end = try cluster.ended(job.token)
    #expect(end.reason == .exited && end.exitStatus == 3 && end.signal == 0)
    #expect(cluster.folder.text("out-1") == "\(cluster.folder.path)\njob-1 2 0,1\nno\n")
  }
}
