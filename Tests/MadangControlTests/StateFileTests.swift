import MadangControl
import MadangProgramme
import Testing

@Suite struct StateFileTests {
  @Test func `a state says what holds GPUs and what waits, and counts what it leaves out`() {
    let table = QueueTable(
      """
      gpus 10
      budget 1 5000
      reserved 2 3
      suspended 3
      runs 8 1 5 1600
      did 8 runs
      did 7 failed
      waits 10 1 2 100 tasks 1,2
      waits 11 2 3 50
      waits 12 3 1 10
      waits 13 1 1 10 afterok:8
      waits 14 1 1 10 afterok:7
      """)
    let part = StateFile.Part(
      cluster: "south", model: "b200", gpusPerServer: 8, up: 10, queue: table.queue, poolNames: [:])
    let state = StateFile([part], now: QueueTable.now)
    #expect(state.leftOut == 2)
    #expect(
      state.text.split(separator: "\n").dropFirst(2).joined(separator: "\n") == """
        now: 1000
        policy: {reclaim: false, backfill: easy}
        clusters:
          - {name: south, model: b200, nodes: [{name: n0, gpus: 8}, {name: n1, gpus: 2}]}
        pools:
          - {name: others, weight: 1, order: submission, guarantee: {b200: 3}}
          - {name: others/allocation-1, budget: {b200: 5000}}
          - {name: others/allocation-2, guarantee: {b200: 3}, borrow: {b200: 0}, lend: {b200: 0}}
          - {name: others/allocation-3, budget: {b200: 100}}
        running:
          - {job: job-8, pool: others/allocation-1, tasks: 5, gpusPerTask: 1, startedAt: 1000, \
        walltime: 600, nodes: [{node: south/n0, tasks: 5}]}
        waiting:
          - {job: job-10_1, pool: others/allocation-1, tasks: 2, gpusPerTask: 1, models: [b200], \
        walltime: 100}
          - {job: job-10_2, pool: others/allocation-1, tasks: 2, gpusPerTask: 1, models: [b200], \
        walltime: 100}
          - {job: job-11, pool: others/allocation-2, tasks: 3, gpusPerTask: 1, models: [b200], \
        walltime: 50}
          - {job: job-13, pool: others/allocation-1, tasks: 1, gpusPerTask: 1, models: [b200], \
        walltime: 10, after: [job-8]}
        # 2 jobs are left out: time alone will not start them, or they use no GPU.
        """)
  }
}
