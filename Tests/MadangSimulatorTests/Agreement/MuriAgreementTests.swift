import MadangSimulator
import Testing

/// Muri's simulator on its own traces, 8 nodes of 8: average completion, published and reproduced.
@Suite(.enabled(if: TraceFiles.isThere, TraceFiles.skipped))
struct MuriAgreementTests {
  struct Case: Sendable {
    let trace: String
    let policy: PolicyName
    let overhead: Bool
    /// Seconds.
    let mean: String
  }

  static let cases = [
    Case(trace: "trace3", policy: .srtf, overhead: false, mean: "190377.377"),
    Case(trace: "trace3", policy: .srsf, overhead: false, mean: "183965.978"),
    Case(trace: "trace3", policy: .srtf, overhead: true, mean: "193081.796"),
    Case(trace: "trace3", policy: .srsf, overhead: true, mean: "185021.880"),
    Case(trace: "trace1", policy: .srtf, overhead: false, mean: "1377148.986"),
    Case(trace: "trace1", policy: .srsf, overhead: false, mean: "975401.097"),
    Case(trace: "trace1", policy: .srtf, overhead: true, mean: "1370603.198"),
    Case(trace: "trace1", policy: .srsf, overhead: true, mean: "980140.570"),
  ]

  @Test(arguments: cases)
  func `average completion is Muri's to the last digit`(_ one: Case) throws {
    let jobs = try TraceFormat.muri.read(try TraceFiles.bytes("muri/\(one.trace).csv"))
    var simulation = Simulation(jobs, on: NodeList(count: 8, gpus: 8))
    simulation.options.choice = .firstFit
    simulation.options.paysOverhead = one.overhead
    simulation.options.checkEvery = 256
    let outcome = simulation.run(one.policy)
    #expect(outcome.finished == jobs.count)
    let mean = outcome.summary.completion.mean
    #expect(Fraction(mean.over, mean.under * 1_000_000).text(3) == one.mean)
  }

  @Test func `Tiresias-L on counted devices completes as Muri's does`() throws {
    let jobs = try TraceFormat.muri.read(try TraceFiles.bytes("muri/trace3.csv"))
    var simulation = Simulation(jobs, on: NodeList(count: 1, gpus: 64))
    simulation.options.paysOverhead = true
    let mean = simulation.run(.tiresias).summary.completion.mean
    #expect(Fraction(mean.over, mean.under * 1_000_000).text(3) == "347213.248")
  }
}
