import MadangSimulator
import Testing

/// The Helios simulator's schedules of one of Philly's virtual clusters, on 4 nodes of 8.
@Suite(.enabled(if: TraceFiles.isThere, TraceFiles.skipped))
struct HeliosAgreementTests {
  @Test(arguments: [
    (PolicyName.fifo, "fifo", "103395.17"), (.sjf, "sjf", "38195.90"),
  ])
  func `every job of the Philly cluster starts when Helios starts it`(
    policy: PolicyName, file: String, mean: String
  ) throws {
    let philly = try TraceFormat.philly.read(try TraceFiles.bytes("philly/philly.csv.zst"))
    let second: Int64 = 1_000_000
    // Helios takes October and November 2017, to the first of December's submissions at 03:38.
    let jobs = philly.selecting(
      pool: "103959", from: 1_506_816_000 * second, until: 1_512_100_000 * second)
    var simulation = Simulation(jobs, on: NodeList(count: 4, gpus: 8))
    simulation.options.checkEvery = 64
    let outcome = simulation.run(policy)
    let expected = try TraceFiles.rows("expected/\(file)_consolidate_103959_log.csv")
    #expect(jobs.count == expected.count)
    let zero = try #require(jobs.submit.first)
    // Two jobs of one second and one shape cannot be told apart: compare them as a group.
    let ours = (0..<jobs.count).map { job in
      let submit = (jobs.submit[job] - zero) / second
      let start = (outcome.started[job] - zero) / second
      return "\(submit) \(jobs.gpus[job]) \(jobs.duration[job] / second) \(start)"
    }
    let theirs = expected.map { row in
      let start = row["start_time"]?.dropLast(2) ?? ""
      return "\(row["submit_time"] ?? "") \(row["gpu_num"] ?? "") \(row["duration"] ?? "") \(start)"
    }
    #expect(ours.sorted() == theirs.sorted())
    #expect(seconds(outcome) == mean)
  }

  private func seconds(_ outcome: RunOutcome) -> String {
    let mean = outcome.summary.completion.mean
    return Fraction(mean.over, mean.under * 1_000_000).text(2)
  }
}
