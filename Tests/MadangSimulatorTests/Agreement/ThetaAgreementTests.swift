import MadangSimulator
import Testing

/// First come, first served on Theta: AccaSim's and Alea's mean waits.
@Suite(.enabled(if: TraceFiles.isThere, TraceFiles.skipped))
struct ThetaAgreementTests {
  @Test(arguments: [
    ("swf/theta.swf.zst", "202.24"), ("swf/theta_x10.swf.zst", "45974.56"),
  ])
  func `the mean wait on Theta is what two simulators found`(file: String, mean: String) throws {
    let jobs = try TraceFormat.swf.read(try TraceFiles.bytes(file))
    #expect(jobs.count == 5_000)
    // Any 4,360 nodes will do for a job there: one node of that many devices.
    let outcome = Simulation(jobs, on: NodeList(count: 1, gpus: 4_360)).run(.fifo)
    let wait = outcome.summary.wait.mean
    #expect(Fraction(wait.over, wait.under * 1_000_000).text(2) == mean)
  }
}
