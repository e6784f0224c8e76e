import MadangDocuments
import Testing

/// Schedule files that are small, and ask for much.
@Suite struct HostileScheduleTests {
  private static let head = """
    now: 0
    clusters:
      - {name: c1, model: b200, blocks: 1, racksPerBlock: 1, nodesPerRack: 1, gpusPerNode: 8}
    pools:
      - {name: one}

    """

  /// Every fault in English; none where the file can be decided.
  private func faults(_ text: String) -> [String] {
    do throws(ScheduleFaults) {
      _ = try readSchedule(named: "hostile.yaml", Array((HostileScheduleTests.head + text).utf8))
      return []
    } catch {
      return error.diagnostics.map { "\($0.line): \($0.message.en)" }
    }
  }

  @Test func `tasks of a running job that add up to more than a number holds are a fault`() {
    let nodes = Array(repeating: "{node: c1/k0/r0/n0, tasks: 1000000}", count: 2_200)
      .joined(separator: ", ")
    let text = """
      running:
        - {job: a, pool: one, gpusPerTask: 1, startedAt: -1, nodes: [\(nodes)]}

      """
    #expect(
      faults(text) == [
        "7: MDG-5113 Its nodes do not hold its tasks, lie in several clusters, "
          + "or are of a model not named."
      ])
  }

  @Test func `counts that make more jobs than a file may hold are a fault, and no job is made`() {
    let line = "  - {job: JOB, pool: one, gpusPerTask: 1, walltime: 60, count: 100000}\n"
    let waiting = (0..<200).map { line.replacing("JOB", with: "j\($0)") }.joined()
    #expect(faults("waiting:\n" + waiting) == ["9: Here the jobs become more than 200000."])
    let two = (0..<2).map { line.replacing("JOB", with: "j\($0)") }.joined()
    #expect(faults("waiting:\n" + two) == [])
  }
}
