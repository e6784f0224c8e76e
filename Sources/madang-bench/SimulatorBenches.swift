import Foundation
import MadangSimulator

/// Benches of the simulator on real traces, parsing excluded. They stand beside the repository, in
/// `../shared/traces` or `$MADANG_TRACES`; without them a bench says so and passes.
enum SimulatorBenches {
  /// ITP's cluster 04 on 80 nodes of 8: first in first out, and fair share with backfill.
  static func itp() throws {
    guard let bytes = SimulatorTraces.bytes("itp/cluster04.csv.zst") else { return }
    let jobs = try TraceFormat.itp.read(bytes)
    let small =
      try SimulatorTraces.bytes("itp/cluster06.csv")
      .map { bytes in try TraceFormat.itp.read(bytes).count } ?? 0
    for (policy, bar) in [
      (PolicyName.fifo, "1,000,000"), (.easy, "none"), (.fairShare, "200,000"),
    ] {
      let simulation = itp(jobs, policy)
      let (median, best, worst) = Measure.median(20) { cpu { _ = simulation.run(policy) } }
      func rate(_ seconds: Double) -> String {
        Measure.text(Double(jobs.count) / seconds / 1_000, 0)
      }
      let instructions = SimulatorTraces.instructions(policy, small)
      Measure.report(
        "ITP cluster 04 on 640 GPUs, \(policy.rawValue), \(jobs.count) jobs",
        "\(rate(median))k jobs/CPU s (\(rate(worst))k to \(rate(best))k, 20 runs)\(instructions)",
        bar: "\(bar) jobs/CPU s")
    }
    Measure.say(
      "  Others' simulators on the traces here: 64 to 450 jobs/CPU s; none has an API server.")
  }

  private static func itp(_ jobs: Workload, _ policy: PolicyName) -> Simulation {
    var simulation = Simulation(jobs, on: NodeList(count: 80, gpus: 8))
    // One pool: there is nobody to take anything back for.
    simulation.options.reclaims = false
    return simulation
  }

  /// `times` runs in a process of its own, so that two counts of instructions differ by the runs.
  /// Cluster 06 is not packed: Valgrind starts no other program.
  static func work(_ policy: String, times: Int) throws {
    guard let name = PolicyName(rawValue: policy),
      let bytes = SimulatorTraces.bytes("itp/cluster06.csv")
    else { return }
    let simulation = itp(try TraceFormat.itp.read(bytes), name)
    for _ in 0..<times { _ = simulation.run(name) }
  }

  /// openb at 130 %: what is allocated at the end, mean of the paper's orders, and pods a second.
  static func openb() throws {
    guard let list = SimulatorTraces.bytes("openb/openb_node_list_gpu_node.csv") else { return }
    let nodes = try FleetTable.read(list)
    let orders = try (42...46).map { seed in
      let file = "openb/openb_default_tune1.3_seed\(seed).csv.zst"
      return try TraceFormat.openb.read(SimulatorTraces.bytes(file) ?? []).matched(to: nodes)
    }
    for (policy, bar) in [
      (PolicyName.random, "87.47 (paper)"), (.bestFit, "93.08 (paper)"), (.fgd, "95.39 (paper)"),
      (.tightFGD, "more than 95.39"), (.fairShare, "more than 93.09"),
    ] {
      var allocated: [Double] = []
      var pods = 0
      var seconds = 0.0
      for (index, jobs) in orders.enumerated() {
        var simulation = Simulation(jobs, on: nodes)
        simulation.options.seed = UInt64(42 + index)
        let (median, _, _) = Measure.median(4) { cpu { _ = simulation.run(policy) } }
        seconds += median
        pods += jobs.count
        allocated.append(percent(simulation.run(policy).summary.allocation))
      }
      let mean = allocated.reduce(0, +) / Double(allocated.count)
      Measure.report(
        "openb at 130 %, \(policy.rawValue), 5 orders",
        "\(Measure.text(mean)) % (\(Measure.text(allocated.min() ?? 0)) to "
          + "\(Measure.text(allocated.max() ?? 0))), "
          + "\(Measure.text(Double(pods) / seconds / 1_000, 0))k pods/CPU s",
        bar: "\(bar) %\(policy == .fairShare ? "" : "; 100,000 pods/CPU s")")
    }
    offline(orders, nodes)
  }

  /// What could be had by who knows all pods beforehand and may take them in any order: at most all
  /// devices, since more is asked for than there is; at least what one order reaches.
  private static func offline(_ orders: [Workload], _ nodes: NodeList) {
    let reached = orders.map { jobs in
      let order = (0..<jobs.count).sorted { a, b in
        let cpu = jobs.shapes?.cpuMilli ?? []
        return (jobs.milli(b), cpu[a], a) < (jobs.milli(a), cpu[b], b)
      }
      var sorted = jobs.picked(order)
      sorted.submit = (0..<jobs.count).map { Int64($0) }
      return percent(Simulation(sorted, on: nodes).run(.tightFGD).summary.allocation)
    }
    let mean = reached.reduce(0, +) / Double(reached.count)
    Measure.report(
      "openb, offline: the largest first, then tight-fgd",
      "\(Measure.text(mean)) % reached; the bound of devices is 100 %", bar: "none")
  }

  /// Ten million lines of the simulator's own format.
  static func lines() throws {
    let count = 10_000_000
    var bytes = Array("job,submit,duration,gpus,pool\n".utf8)
    for line in 0..<count { bytes += Array("j\(line),\(line),3600,8,left\n".utf8) }
    var read = 0
    let seconds = try Measure.seconds { read = try TraceFormat.csv.read(bytes).count }
    precondition(read == count, "every line is a job")
    Measure.report(
      "reading \(count) lines, \(bytes.count / 1_000_000) MB", "\(Measure.text(seconds)) s",
      bar: "none")
  }

  /// A year of 260,000 GPUs and a million jobs: sizes and run times drawn together from ITP's
  /// cluster 04, sizes × 16, times × 2; the fleet comes in four parts; nodes fail at the rate that
  /// Llama 3's training saw; reclaim is on, and each 65,536 events the laws are recounted, the
  /// world's and the core's.
  static func year() throws {
    let shapes = try SimulatorTraces.bytes("itp/cluster04.csv.zst").map { (bytes) in
      try TraceFormat.itp.read(bytes)
    }
    guard let shapes else { return }
    var simulation = NationalYear.scenario(shapes).simulation()
    simulation.options.checkEvery = 65_536
    let jobs = simulation.jobs.count
    for policy in [PolicyName.fifo, .fairShare] {
      var outcome: RunOutcome?
      let seconds = cpu { outcome = simulation.run(policy) }
      guard let summary = outcome?.summary else { return }
      Measure.report(
        "a year of 260,000 GPUs, \(jobs) jobs (ITP's, × 16 devices, × 2 time), \(policy.rawValue)",
        "\(Measure.text(seconds)) CPU s, peak \(Measure.text(Measure.memoryMiB().peak, 0)) MiB, "
          + "\(summary.failures) failures, \(summary.evictions) evictions, "
          + "utilisation \(Measure.text(percent(summary.utilisation))) %, "
          + "share error \(Measure.text(percent(summary.shareError))) %",
        bar: "60 s, under 2,048 MiB")
    }
  }

  private static func percent(_ part: Fraction) -> Double { Double(part.scaled(6)) / 10_000 }

  /// Processor seconds of this thread's process.
  private static func cpu(_ body: () -> Void) -> Double {
    let before = Measure.processorSeconds()
    body()
    return Measure.processorSeconds() - before
  }
}

/// The real traces, and what `perf` counts.
enum SimulatorTraces {
  static func bytes(_ path: String) -> [UInt8]? {
    let folder =
      ProcessInfo.processInfo.environment["MADANG_TRACES"].map { URL(fileURLWithPath: $0) }
      ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("shared/traces")
    let file = folder.appendingPathComponent(path).path
    let data =
      path.hasSuffix(".zst")
      ? run(["zstd", "-dcq", file])
      : FileManager.default.contents(atPath: file)
    guard let data, !data.isEmpty else {
      Measure.say("Skipped: \(file) is not here, or zstd is not.")
      return nil
    }
    return [UInt8](data)
  }

  /// `, 1,234 instructions a job`, where `perf` or else Valgrind counts: three runs less one run,
  /// through two.
  static func instructions(_ policy: PolicyName, _ jobs: Int) -> String {
    guard jobs > 0, let many = count(policy, 3), let one = count(policy, 1), many > one else {
      return "; instructions are not counted here"
    }
    return ", \((many - one) / 2 / jobs) instructions a job of cluster 06"
  }

  private static func count(_ policy: PolicyName, _ times: Int) -> Int? {
    let work = [CommandLine.arguments[0], "simulate-work", policy.rawValue, "\(times)"]
    let perf = run(["perf", "stat", "-x,", "-e", "instructions:u", "--log-fd", "1"] + work)
    if let line = line(perf, "instructions"), let count = line.split(separator: ",").first,
      let value = Int(count)
    {
      return value
    }
    // Valgrind trips over the debug information of a large program: it counts a copy without.
    let bare = NSTemporaryDirectory() + "/madang-bench-bare-\(getpid())"
    defer { unlink(bare) }
    guard run(["strip", "-g", "-o", bare, CommandLine.arguments[0]]) != nil else { return nil }
    let valgrind = run(
      ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", "--log-fd=1", bare]
        + work.dropFirst())
    return line(valgrind, "Collected").flatMap { $0.split(separator: " ").last.flatMap { Int($0) } }
  }

  private static func line(_ data: Data?, _ word: String) -> String? {
    data.flatMap { data in
      String(decoding: data, as: UTF8.self).split(separator: "\n")
        .first { $0.contains(word) }.map(String.init)
    }
  }

  private static func run(_ words: [String]) -> Data? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = words
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    // No such program is no figure, not a failure.
    guard (try? process.run()) != nil else { return nil }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? data : nil
  }
}

/// The scenario of the bench of a year.
enum NationalYear {
  static func scenario(_ shapes: Workload) -> Scenario {
    var scenario = Scenario()
    scenario.name = "national year"
    scenario.seed = 2_026
    scenario.days = 365
    scenario.clusters = [
      Scenario.Cluster(name: "all", model: "b200", nodes: 32_500, gpusPerNode: 8)
    ]
    scenario.deliveries = [
      Scenario.Delivery(cluster: 0, day: 60, nodes: 6_000),
      Scenario.Delivery(cluster: 0, day: 150, nodes: 6_000),
      Scenario.Delivery(cluster: 0, day: 240, nodes: 4_500),
    ]
    scenario.pools = [
      ("industry", 50, 60_000), ("academia", 20, 30_000), ("public", 20, 20_000),
      ("startups", 10, 18_000),
    ].map { name, arrivals, guarantee in
      Scenario.Pool(name: name, weight: 1, guarantees: [guarantee], arrivals: arrivals)
    }
    scenario.jobsPerDay = 2_740
    scenario.shapes = shapes
    scenario.sizeFactor = 16
    scenario.timePercent = 200
    scenario.shifts = [
      Scenario.Shift(day: 0, percent: 60, pool: nil),
      Scenario.Shift(day: 60, percent: 85, pool: nil),
      Scenario.Shift(day: 150, percent: 115, pool: nil),
      Scenario.Shift(day: 240, percent: 130, pool: nil),
    ]
    scenario.failuresPerMillionGPUDays = 474
    scenario.repairHours = 8
    scenario.maintenance = Scenario.Maintenance(everyDays: 90, hours: 8, batches: 60)
    scenario.checkpointMinutes = 60
    return scenario
  }
}
