import Foundation
import MadangDocuments
import MadangSimulator
import Testing

/// What a schedule file, or a scenario, may not say, and where the fault is said to be.
struct ScheduleFaultTests {
  /// Every fault in English with its hint; none where the file can be decided.
  private static func faults(_ text: String, _ changes: [ScheduleChange] = []) -> [String] {
    do throws(ScheduleFaults) {
      _ = try readSchedule(named: "case.yaml", Array(text.utf8), changing: changes)
      return []
    } catch {
      return error.diagnostics.map { "\($0.file):\($0.line): \($0.message.en) \($0.hint.en)" }
    }
  }

  private static let pools = "pools:\n  - {name: a}\n"

  private static func cluster(_ nodes: String) -> String {
    "clusters:\n  - {name: c, model: b200, \(nodes)}\n"
  }

  @Test func `a node's full path is its own, also where another's short name is the same`() {
    let text =
      Self.cluster("nodes: [{name: n1, gpus: 4}, {name: n1, gpus: 8, rack: r1}]") + Self.pools
      + "running:\n  - {job: j, pool: a, gpusPerTask: 4, nodes: [c/n1], startedAt: 0}\n"
    #expect(Self.faults(text) == [])
    // The four GPUs are those of the first.
    let large = text.replacing("gpusPerTask: 4", with: "gpusPerTask: 8")
    #expect(Self.faults(large).map { $0.contains("has 4 GPUs free") } == [true])
    let path = large.replacing("[c/n1]", with: "[c/r1/n1]")
    #expect(Self.faults(path) == [])
  }

  @Test func `a running job stands on a model that it names`() {
    let text =
      Self.cluster("nodes: [{name: n1, gpus: 8}]")
      + "  - {name: d, model: h200, nodes: [{name: n1, gpus: 8}]}\n" + Self.pools
      + "running:\n"
      + "  - {job: j, pool: a, gpusPerTask: 4, models: [h200], nodes: [NODE], startedAt: 0}\n"
    let wrong = Self.faults(text.replacing("NODE", with: "c/n1"))
    #expect(wrong.count == 1 && wrong[0].hasPrefix("case.yaml:7: MDG-5113"), "\(wrong)")
    #expect(Self.faults(text.replacing("NODE", with: "d/n1")) == [])
  }

  @Test func `no clusters at all is a fault with its line and a hint`() {
    #expect(
      Self.faults("\nclusters: []\n" + Self.pools) == [
        "case.yaml:2: There is not one cluster. List at least one under ‘clusters’."
      ])
  }

  @Test func `sixteen levels of pools are taken, and the seventeenth is named by its line`() {
    func text(_ levels: Int) -> String {
      let names = (1...levels).map { depth in
        "  - {name: \((1...depth).map { "p\($0)" }.joined(separator: "/"))}\n"
      }
      return Self.cluster("nodes: [{name: n1, gpus: 8}]") + "pools:\n" + names.joined()
    }
    #expect(Self.faults(text(16)) == [])
    let faults = Self.faults(text(17))
    #expect(faults.count == 1 && faults[0].hasPrefix("case.yaml:20: MDG-5103"), "\(faults)")
  }

  @Test func `a cluster's processor and memory are those of listed nodes that name none`() {
    func text(_ own: String) -> String {
      Self.cluster("cpuMilli: 1, memoryMiB: 1, nodes: [{name: n1, gpus: 4\(own)}]") + Self.pools
        + "running:\n  - {job: j, pool: a, gpusPerTask: 4, cpuMilliPerTask: 5, nodes: [c/n1], "
        + "startedAt: 0}\n"
    }
    #expect(Self.faults(text("")).map { $0.contains("MDG-5112") } == [true])
    #expect(Self.faults(text(", cpuMilli: 5")) == [])
  }

  @Test func `two tranches for one cluster are two blocks`() {
    let text = Self.cluster("nodes: [{name: n1, gpus: 8}]") + Self.pools
    let add = ScheduleChange.add(cluster: "c", model: nil, nodes: 2, gpus: 8)
    do throws(ScheduleFaults) {
      let input = try readSchedule(named: "case.yaml", Array(text.utf8), changing: [add, add])
      #expect(
        input.nodes.sorted() == [
          "c/added/added0/added0", "c/added/added0/added1", "c/added2/added0/added0",
          "c/added2/added0/added1", "c/n1",
        ])
    } catch { Issue.record("\(error)") }
  }

  @Test func `who waits for a job with a count is told of its names`() {
    let text =
      Self.cluster("nodes: [{name: n1, gpus: 8}]") + Self.pools + "waiting:\n"
      + "  - {job: k, pool: a, gpusPerTask: 1, count: 3}\n"
      + "  - {job: l, pool: a, gpusPerTask: 1, after: [k]}\n"
    #expect(
      Self.faults(text) == [
        "case.yaml:7: There is no job before this one ‘k’. There are 3 of it: ‘k[0]’ to ‘k[2]’."
      ])
    #expect(Self.faults(text.replacing("[k]", with: "\"[k[2]]\"")).isEmpty == false)
    #expect(Self.faults(text.replacing("[k]", with: "['k[2]']")) == [])
  }

  /// Each hint looks at every name: 8,000 unknown ones would look at 32 million.
  @Test func `thousands of unknown names are told in seconds, the first with hints`() {
    let jobs = (0..<8_000).map {
      "  - {job: job\($0), pool: a, gpusPerTask: 1, after: [jbo0]}\n"
    }
    let text = Self.cluster("nodes: [{name: n1, gpus: 8}]") + Self.pools + "waiting:\n"
    let began = ContinuousClock.now
    let faults = Self.faults(text + jobs.joined())
    #expect(ContinuousClock.now - began < .seconds(60))
    #expect(faults.count == 1_001 && faults[5].contains("Did you mean"), "\(faults.prefix(6))")
    #expect(faults[999].contains("Use a name"))
  }

  private static func scenario(_ text: String) throws -> (pools: [Int32], faults: [String]) {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("madang-scenario-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appendingPathComponent("year.yaml")
    if !text.isEmpty { try Data(text.utf8).write(to: file) }
    let (scenario, faults) = readScenario(at: file)
    return (
      scenario?.pools.map(\.priority) ?? [],
      faults.map { "\($0.file):\($0.line): \($0.message.en) \($0.hint.en)" }
    )
  }

  @Test func `a scenario delivers no more nodes than a cluster has, and its pools have priorities`()
    throws
  {
    func text(_ nodes: Int) -> String {
      """
      days: 9
      clusters: [{name: one, model: b200, nodes: 4, gpusPerNode: 8}]
      deliveries: [{cluster: one, day: 2, nodes: 3}, {cluster: one, day: 4, nodes: \(nodes)}]
      pools: [{name: left, priority: 7}, {name: right}]
      jobs: {perDay: 6, kinds: [{gpus: [1], minutes: [10, 60]}]}

      """
    }
    let good = try Self.scenario(text(1))
    #expect(good.faults == [] && good.pools == [7, 0])
    let bad = try Self.scenario(text(2)).faults
    #expect(
      bad.count == 1
        && bad[0].hasPrefix("year.yaml:3: 5 nodes of ‘one’ are delivered, and it has 4."), "\(bad)")
  }

  @Test func `a scenario that is not there is no part of a programme's folder`() throws {
    #expect(
      try Self.scenario("").faults == [
        "year.yaml:1: There is no such file. docs/simulate.md says what stands in it."
      ])
  }
}
