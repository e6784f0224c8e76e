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
    #expect(bad.exitCode == 1 && bad.error.hasPrefix("MDG-4006 bad.csv: Line 2"), "\(bad.error)")
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

  private static let state = """
    now: 1000
    policy: {reclaim: false}
    clusters:
      - {name: south, model: b200, nodes: [{name: n0, gpus: 8}]}
      - {name: north, model: h200, nodes: [{name: n0, gpus: 8}]}
    pools:
      - {name: left, weight: 1}
      - {name: right, weight: 3}
    running:
      - {job: r, pool: left, tasks: 8, gpusPerTask: 1, startedAt: 1000, walltime: 3600,
         nodes: [{node: south/n0, tasks: 8}]}
    waiting:
      - {job: a, pool: left, tasks: 8, gpusPerTask: 1, models: [b200], walltime: 3600}
      - {job: b, pool: right, tasks: 8, gpusPerTask: 1, models: [b200], walltime: 3600, count: 2}
      - {job: c, pool: right, tasks: 8, gpusPerTask: 1, models: [h200], walltime: 3600}

    """

  /// Waits and starts of both futures, by pool.
  private func futures(_ arguments: String...) throws -> [String: [[Int]]] {
    let file = try file("state.yaml", Self.state)
    let run = try CommandLineRun(["simulate", "--from", file, "--json"] + arguments)
    #expect(run.exitCode == 0, "\(run.error)")
    let object = try run.object()
    #expect(object["simulated"] as? Bool == true)
    var figures: [String: [[Int]]] = [:]
    for side in ["before", "after"] {
      let future = try #require(object[side] as? [String: Any])
      for pool in try #require(future["pools"] as? [[String: Any]]) {
        let name = try #require(pool["pool"] as? String)
        figures[name, default: []].append(
          ["waitSeconds", "started", "heldGPUSeconds"].map { pool[$0] as? Int ?? -1 })
        #expect(pool["evictions"] as? Int == 0)
      }
    }
    return figures
  }

  @Test func `a state's futures lie side by side, with what each pool gains and loses`() throws {
    let held = 8 * 3_600
    // After r nobody uses the model, and the pool that was created first goes first.
    let same = try futures()
    #expect(same["left"] == [[3_600, 1, 2 * held], [3_600, 1, 2 * held]])
    #expect(same["right"] == [[5 * 3_600, 3, 3 * held], [5 * 3_600, 3, 3 * held]])
    let more = try futures("--add", "south=1x8")
    #expect(more["left"]?[1] == [3_600, 1, 2 * held] && more["right"]?[1] == [3_600, 3, 3 * held])
    let less = try futures("--without", "south")
    #expect(less["left"]?[1] == [0, 0, 0] && less["right"]?[1] == [0, 1, held])
    let share = try futures("--guarantee", "left:b200=8")
    #expect(share["left"]?[1] == [3_600, 1, 2 * held])
    let page = folder.url.appendingPathComponent("futures.html").path
    let text = try CommandLineRun(
      "simulate", "--from", try file("state.yaml", Self.state), "--weight", "left=9", "--report",
      page)
    #expect(text.out.hasPrefix("Simulated: state.yaml, 16 GPUs → 16."), "\(text.out)")
    #expect(try String(contentsOfFile: page, encoding: .utf8).contains("두 앞날"))
  }

  @Test func `a fault is told with its file, and one of anything is one`() throws {
    let trace = try file("one.csv", "job,submit,duration,gpus\n\"a,b\",0,9,1\nz,0,9,0\n")
    let fleet = try file("fleet.csv", "gpus,count\n1,1\nx,1\n")
    let bad = try CommandLineRun("simulate", trace, "--fleet", fleet)
    #expect(bad.exitCode == 1 && bad.error.contains("MDG-4004 fleet.csv: Line 3"), "\(bad.error)")
    let torn = try file("torn.csv", "gpus,count\n1,1\n4,")
    let csv = folder.url.appendingPathComponent("out.csv").path
    let run = try CommandLineRun("simulate", trace, "--fleet", torn, "--jobs", csv)
    #expect(run.out.hasPrefix("Simulated: one.csv, 1 job on 1 node, 1 GPU\n"), "\(run.out)")
    #expect(run.error.contains("torn.csv: The torn last line was dropped."), "\(run.error)")
    #expect(run.error.contains("Skipped 1 job without devices."), "\(run.error)")
    // What is written can be read again: the name is quoted in both.
    #expect(try String(contentsOfFile: csv, encoding: .utf8).contains("\n\"a,b\",all,1,"))
  }

  @Test func `what would be passed over in silence is refused, and an empty policy too`() throws {
    let trace = try file("jobs.csv", Self.jobs)
    let state = try file("state.yaml", Self.state)
    let scenario = CommandLineRun.repository.appendingPathComponent(
      "docs/scenarios/growing-year.yaml"
    ).path
    let cases: [(arguments: [String], named: String)] = [
      ([trace, "--nodes", "2x8", "--policy", ""], "‘’"),
      ([trace, "--nodes", "2x8", "--policy", "fifo,"], "‘’"),
      ([trace, "--nodes", "2x8", "--weight", "left=2"], "--weight"),
      ([trace, "--nodes", "2x8", "--hours", "24"], "--hours"),
      ([trace, "--nodes", "2x8", "--fleet", trace], "--nodes"),
      (["--from", state, "--policy", "fifo"], "--policy"),
      (["--from", state, "--nodes", "2x8"], "--nodes"),
      (["--from", state, trace], "TRACE"), (["--from", state, "--no-reclaim"], "--no-reclaim"),
      (["--scenario", scenario, "--nodes", "2x8"], "--nodes"),
      (["--scenario", scenario, "--pool", "a"], "--pool"),
    ]
    for (arguments, named) in cases {
      let run = try CommandLineRun(["simulate"] + arguments)
      #expect(run.exitCode == 2 && run.out.isEmpty, "\(arguments): \(run.out)")
      #expect(run.error.hasPrefix("MDG-3001 \(named) "), "\(arguments): \(run.error)")
    }
  }

  @Test func `what cannot be changed is named`() throws {
    let state = try file("state.yaml", Self.state)
    for (option, value, code) in [
      ("--weight", "lefft=2", 1), ("--without", "soth", 1), ("--add", "new=1x8", 1),
      ("--guarantee", "left:b200=9", 1), ("--weight", "left", 2), ("--add", "south=1x99", 2),
    ] {
      let run = try CommandLineRun("simulate", "--from", state, option, value)
      #expect(run.exitCode == Int32(code), "\(option) \(value): \(run.error)\(run.out)")
    }
  }
}
