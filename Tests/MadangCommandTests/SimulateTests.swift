import Foundation
import Testing

/// `madang simulate` as people type it.
struct SimulateTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func file(_ name: String, _ text: String) throws -> String {
    let url = folder.url.appendingPathComponent(name)
    try Data(text.utf8).write(to: url)
    return url.path
  }

  private static let jobs = """
    job,submit,duration,gpus,pool,limit
    a,0,100,8,left,100
    b,10,100,16,right,120
    c,20,50,4,left,60
    d,30,10,99,left,10

    """

  @Test func `policies stand side by side, and a job that never fits is said`() throws {
    let trace = try file("jobs.csv", Self.jobs)
    let run = try CommandLineRun(
      "simulate", trace, "--nodes", "2x8", "--policy", "fifo,easy,fair-share", "--json")
    #expect(run.exitCode == 0, "\(run.error)")
    let object = try run.object()
    let runs = try #require(object["runs"] as? [[String: Any]])
    #expect(runs.map { $0["policy"] as? String } == ["fifo", "easy", "fair-share"])
    for one in runs {
      #expect(one["finished"] as? Int == 3 && one["dropped"] as? Int == 1)
    }
    // FIFO keeps c behind b; EASY lets it run on what b cannot use yet.
    let waits = runs.map { ($0["wait"] as? [String: Any])?["meanMilliseconds"] as? Int }
    #expect(waits == [90_000, 30_000, 30_000])
    let text = try CommandLineRun("simulate", trace, "--nodes", "2x8", "--policy", "fifo")
    #expect(text.out.hasPrefix("Simulated: jobs.csv, 4 jobs on 2 nodes, 16 GPUs"))
    let korean = try CommandLineRun(
      "simulate", trace, "--nodes", "2x8", "--policy", "sjf", "--lang", "ko")
    #expect(korean.out.hasPrefix("모의실험 결과"))
  }

  @Test func `each job is a line of a CSV, and the report is one page without others`() throws {
    let trace = try file("jobs.csv", Self.jobs)
    let csv = folder.url.appendingPathComponent("out.csv").path
    let page = folder.url.appendingPathComponent("report.html").path
    let run = try CommandLineRun(
      "simulate", trace, "--nodes", "2x8", "--policy", "fifo", "--jobs", csv, "--report", page)
    #expect(run.exitCode == 0, "\(run.error)")
    let lines = try String(contentsOfFile: csv, encoding: .utf8).split(separator: "\n")
    #expect(lines.count == 5)
    #expect(
      lines[2] == "b,right,16,10.000000,100.000000,200.000000,90.000000,190.000000", "\(lines)")
    let html = try String(contentsOfFile: page, encoding: .utf8)
    #expect(html.contains("<svg") && html.contains("polyline") && html.contains("모의실험"))
    #expect(!html.contains("http") && !html.contains("<script"))
  }

  @Test func `a bad line is named with its code, and so is a policy that cannot be`() throws {
    let trace = try file("bad.csv", "job,submit,duration,gpus\na,0,-1,1\nb,0,1,1\n")
    let bad = try CommandLineRun("simulate", trace, "--nodes", "1x8")
    #expect(bad.exitCode == 1 && bad.error.hasPrefix("MDG-4006 Line 2"), "\(bad.error)")
    let good = try file("jobs.csv", Self.jobs)
    let large = try CommandLineRun("simulate", good, "--nodes", "1x64", "--policy", "fair-share")
    #expect(large.exitCode == 1 && large.error.hasPrefix("MDG-4021"), "\(large.error)")
    let unknown = try CommandLineRun("simulate", good, "--nodes", "1x8", "--policy", "best")
    #expect(unknown.exitCode == 2)
    let none = try CommandLineRun("simulate")
    #expect(none.exitCode == 2)
  }

  @Test func `a scenario prints its seed, and the same seed gives the same year`() throws {
    let scenario = try file(
      "small.yaml",
      """
      seed: 7
      days: 20
      clusters: [{name: one, model: b200, nodes: 16, gpusPerNode: 8}]
      deliveries: [{cluster: one, day: 10, nodes: 4}]
      pools: [{name: left, guarantee: {b200: 64}}, {name: right, weight: 2}]
      jobs: {perDay: 60, kinds: [{gpus: [1, 8, 32], minutes: [10, 600]}]}
      demand: [{day: 5, percent: 200, pool: left}]
      failures: {perMillionGPUDays: 20000, repairHours: 4}
      maintenance: {everyDays: 7, hours: 2, batches: 4}
      checkpointMinutes: 30
      """)
    func digests(_ extra: [String]) throws -> [String] {
      let run = try CommandLineRun(
        ["simulate", "--scenario", scenario, "--policy", "fifo,fair-share", "--json"] + extra)
      #expect(run.exitCode == 0, "\(run.error)\(run.out)")
      let runs = try #require(try run.object()["runs"] as? [[String: Any]])
      for one in runs {
        #expect(one["finished"] as? Int == one["jobs"] as? Int)
        #expect((one["failures"] as? Int ?? 0) > 0)
      }
      return runs.compactMap { $0["digest"] as? String }
    }
    #expect(try digests([]) == digests([]))
    #expect(try digests([]) != digests(["--seed", "8"]))
    let text = try CommandLineRun("simulate", "--scenario", scenario, "--policy", "fifo")
    #expect(text.error.contains("Seed 7"))
    let broken = try file("broken.yaml", "days: 1\nclusters: []\npools: []\njobs: {perDay: x}\n")
    let faults = try CommandLineRun("simulate", "--scenario", broken)
    #expect(faults.exitCode == 1 && faults.out.contains("broken.yaml:4"), "\(faults.out)")
  }
}
