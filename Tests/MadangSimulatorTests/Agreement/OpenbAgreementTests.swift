import MadangSimulator
import Testing

/// The pods of the paper on FGD at 130 % of capacity: devices allocated when all have come in.
@Suite(.enabled(if: TraceFiles.isThere, TraceFiles.skipped))
struct OpenbAgreementTests {
  /// A run of the naive policies takes seconds where nothing is optimised: two orders, and all five
  /// with `MADANG_LONG=1`.
  static let seeds = Seeds.isLong ? 42...46 : 42...43

  /// Per cent × 100, by seed.
  static func allocated(
    _ policy: PolicyName, _ pods: String = "default", seeds: ClosedRange<Int> = Self.seeds
  ) throws -> [Int64] {
    let nodes = try FleetTable.read(try TraceFiles.bytes("openb/openb_node_list_gpu_node.csv"))
    return try seeds.map { seed in
      let jobs = try TraceFormat.openb.read(
        try TraceFiles.bytes("openb/openb_\(pods)_tune1.3_seed\(seed).csv.zst")
      ).matched(to: nodes)
      var simulation = Simulation(jobs, on: nodes)
      simulation.options.seed = UInt64(seed)
      simulation.options.checkEvery = 2_048
      return Int64(simulation.run(policy).summary.allocation.scaled(4))
    }
  }

  /// What the artifact of the paper reached at the end, by seed 42 to 46, per cent × 100.
  static func published(_ policy: String) throws -> [Int64] {
    try TraceFiles.rows("openb/fgd_expected_allocation.csv").filter {
      $0["workload"] == "openb_pod_list_default" && $0["sc_policy"]?.hasSuffix(policy) == true
        && (42...46).contains(Int($0["seed"] ?? "") ?? 0)
    }.compactMap { row in row["130"].flatMap(hundredths) }
  }

  private static func hundredths(_ text: String) -> Int64? {
    let parts = text.split(separator: ".")
    guard let whole = parts.first.flatMap({ Int64($0) }) else { return nil }
    let rest = parts.count > 1 ? (String(parts[1]) + "0").prefix(2) : "00"
    return Int64(rest).map { whole * 100 + $0 }
  }

  @Test(arguments: [
    (PolicyName.random, "Random", 8_747 as Int64), (.bestFit, "BestFit", 9_308),
    (.fgd, "FGD", 9_539),
  ])
  func `the mean of the seeds lies within the paper's spread of them`(
    policy: PolicyName, name: String, mean: Int64
  ) throws {
    let theirs = try Self.published(name)
    try #require(theirs.count == 5)
    let ours = try Self.allocated(policy)
    let least = try #require(theirs.min())
    let most = try #require(theirs.max())
    // The paper's mean is of ten seeds, five of which are here.
    let ourMean = ours.reduce(0, +) / Int64(ours.count)
    #expect(abs(ourMean - mean) <= max(most - least, mean - least, most - mean), "\(ours)")
  }

  @Test func `tight FGD allocates more than FGD did in the paper, with every seed`() throws {
    let ours = try Self.allocated(.tightFGD)
    #expect(ours.allSatisfy { $0 >= 9_539 }, "\(ours)")
    #expect(ours.reduce(0, +) > Int64(ours.count) * 9_539, "\(ours)")
  }

  /// The core that the live service runs, which knows no typical jobs. Its laws are recounted on
  /// the way; all five orders, so that the mean is the one that docs/simulate.md gives.
  @Test func `fair share allocates more than FGD did in the paper, with every seed`() throws {
    let ours = try Self.allocated(.fairShare, seeds: 42...46)
    #expect(ours.allSatisfy { $0 >= 9_539 }, "\(ours)")
    #expect(ours.reduce(0, +) / 5 == 9_595, "\(ours)")
  }

  @Test func `fair share allocates more than FGD where pods name models`() throws {
    let ours = try Self.allocated(.fairShare, "gpuspec33", seeds: 42...42)
    #expect(ours[0] >= 9_455, "\(ours)")
  }

  /// It was found on the paper's orders; here are others: the list shuffled, and pods of it again
  /// until 130 % of the devices are asked for.
  @Test func `tight FGD and fair share allocate more than FGD on orders drawn afresh`() throws {
    let nodes = try FleetTable.read(try TraceFiles.bytes("openb/openb_node_list_gpu_node.csv"))
    let list = try TraceFormat.openb.read(
      try TraceFiles.bytes("openb/openb_pod_list_default.csv.zst")
    ).matched(to: nodes)
    var gain: Int128 = 0
    var fair: Int128 = 0
    for round in 0..<(Seeds.isLong ? 10 : 2) {
      var generator = SeededGenerator(seed: Seeds.seed(round))
      var order = Array(0..<list.count)
      var asked = order.reduce(Int64(0)) { $0 + list.milli($1) }
      while asked < nodes.deviceCount * 1_300 {
        order.append(generator.draw(0...list.count - 1))
        asked += list.milli(order[order.count - 1])
      }
      for place in order.indices.reversed() { order.swapAt(place, generator.draw(0...place)) }
      var pods = list.picked(order)
      pods.waits = false
      pods.submit = pods.submit.indices.map { Int64($0) }
      pods.duration = pods.duration.map { _ in Workload.forever }
      let simulation = Simulation(pods, on: nodes)
      let fgd = simulation.run(.fgd).summary.allocation.scaled(6)
      gain += simulation.run(.tightFGD).summary.allocation.scaled(6) - fgd
      fair += simulation.run(.fairShare).summary.allocation.scaled(6) - fgd
    }
    #expect(gain > 0 && fair > 0, "SEED=\(Seeds.seed(0)): \(gain), \(fair)")
  }
}
