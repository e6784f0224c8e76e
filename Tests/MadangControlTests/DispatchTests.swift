import MadangControl
import MadangProgramme
import Testing

/// Who starts and why the others wait, as tables. Time is 1000.
///
/// ```
///  gpus N                        of the one model
///  reserved A N · budget A LEFT · suspended A · later A · over A
///  runs JOB A GPUS ENDS          ends at the latest
///  did JOB ok|failed|waits|runs  what became of another job
///  waits JOB A GPUS SECONDS [tasks 1,2 limit N] [after… JOB]
///  → starts and reasons
/// ```
@Suite struct DispatchTests {
  @Test func `first in, first out`() {
    check(
      """
      gpus 4
      budget 1 100000
      waits 1 1 2 100
      waits 2 1 1 100
      waits 3 1 1 100
      waits 4 1 1 100
      """,
      """
      starts job-1 job-2 job-3
      job-4: It is next: 0 of the 1 GPUs it needs are free, and all within 100 seconds.
      """)
  }

  @Test func `a job waits for its budget where one that went ahead used it up`() {
    check(
      """
      gpus 4
      budget 1 1000
      budget 2 100000
      runs 9 1 3 1600
      waits 1 2 3 100
      waits 2 1 4 200
      waits 3 1 1 600
      """,
      """
      starts job-3
      job-1: It is next: 0 of the 3 GPUs it needs are free, and all within 600 seconds.
      job-2: It could use 800 GPU-seconds; 400 are left at present.
      """)
  }

  @Test func `a later job goes ahead only where it delays nobody`() {
    check(
      """
      gpus 4
      budget 1 1000000
      runs 9 1 3 1600
      waits 1 1 3 100
      waits 2 1 1 600
      waits 3 1 1 100
      waits 4 1 4 10
      """,
      """
      starts job-2
      job-1: It is next: 0 of the 3 GPUs it needs are free, and all within 600 seconds.
      job-3: It comes after job-1; it needs 1 GPUs, and 0 are free.
      job-4: It comes after job-1; it needs 4 GPUs, and 0 are free.
      """)
    check(
      """
      gpus 4
      budget 1 1000000
      runs 9 1 2 1600
      waits 1 1 3 100
      waits 2 1 1 9000
      waits 3 1 1 9000
      """,
      """
      starts job-2
      job-1: It is next: 1 of the 3 GPUs it needs are free, and all within 600 seconds.
      job-3: 1 GPUs are free, but it would delay job-1, which waited longer.
      """)
  }

  @Test func `a reservation is a queue of its own`() {
    check(
      """
      gpus 4
      budget 1 1000000
      reserved 2 3
      waits 1 1 2 100
      waits 2 1 1 100
      waits 3 2 3 100
      waits 4 2 1 100
      """,
      """
      starts job-2 job-3
      job-1: It needs 2 GPUs; there are 1 for it in all.
      job-4: It is next: 0 of the 1 GPUs it needs are free, and all within 100 seconds.
      """)
  }

  @Test func `a budget is kept by forecast, and blocks nobody else`() {
    check(
      """
      gpus 4
      budget 1 250
      budget 2 100
      waits 1 1 2 100
      waits 2 1 1 100
      waits 3 1 1 50
      waits 4 2 1 100
      """,
      """
      starts job-1 job-3 job-4
      job-2: It could use 100 GPU-seconds; 0 are left at present.
      """)
  }

  @Test func `allocations that may not run say so`() {
    check(
      """
      gpus 4
      suspended 1
      later 2
      over 3
      waits 1 1 1 1
      waits 2 2 1 1
      waits 3 3 1 1
      waits 4 4 1 1
      """,
      """
      job-1: allocation-1 is suspended.
      job-2: The term of allocation-2 begins in 500 seconds.
      job-3: The term of allocation-3 is over.
      job-4: allocation-4 is not enforced on this cluster.
      """)
  }

  @Test func `tasks start in order, as many as may`() {
    check(
      """
      gpus 4
      budget 1 100000
      runs 1_0 1 1 1100
      waits 1 1 1 100 tasks 1,2,5 limit 3
      waits 2 1 1 100 tasks 0,1,2
      """,
      """
      starts job-1_1 job-1_2 job-2_0
      job-1_5: 3 tasks of its array may run at once.
      job-2_1: It is next: 0 of the 1 GPUs it needs are free, and all within 100 seconds.
      """)
  }

  @Test func `a job waits for what it depends on`() {
    check(
      """
      gpus 9
      budget 1 100000
      did 90 ok
      did 91 failed
      did 92 runs
      did 93 waits
      waits 1 1 1 1 afterok:90,afternotok:91,afterany:90
      waits 2 1 1 1 afterok:90,afterok:91
      waits 3 1 1 1 afterok:92
      waits 4 1 1 1 afterok:91?afterok:90
      waits 5 1 1 1 afterok:91?afterok:92
      waits 6 1 1 1 after:92
      waits 7 1 1 1 after:92+2
      waits 8 1 1 1 afterany:93
      waits 9 1 1 1 afterany:77
      waits 10 1 1 1 afterok:91?afternotok:90
      """,
      """
      starts job-1 job-4 job-6
      job-2: What it depends on, afterok:91, cannot come true any more.
      job-3: It waits for what it depends on: afterok:92.
      job-5: It waits for what it depends on: afterok:92.
      job-7: It waits for what it depends on: after:92+2.
      job-8: It waits for what it depends on: afterany:93.
      job-9: What it depends on, afterany:77, cannot come true any more.
      job-10: What it depends on, afterok:91, cannot come true any more.
      """)
  }

  @Test func `what is overdue ends any moment, and jobs without a GPU wait for none`() {
    check(
      """
      gpus 2
      budget 1 100000
      runs 9 1 2 900
      waits 1 1 1 10
      waits 2 1 0 10
      waits 3 1 3 10
      """,
      """
      starts job-2
      job-1: It is next: 0 of the 1 GPUs it needs are free, and all within 0 seconds.
      job-3: It needs 3 GPUs; there are 2 for it in all.
      """)
  }

  @Test func `what shrank under running jobs starts nothing`() {
    check(
      """
      gpus 4
      budget 1 100000
      reserved 2 3
      runs 8 1 3 1100
      waits 1 1 1 10
      """,
      """
      job-1: It is next: 0 of the 1 GPUs it needs are free, and all within 100 seconds.
      """)
  }

  @Test func `what runs beyond a smaller reservation has GPUs of the others until it ends`() {
    check(
      """
      gpus 4
      budget 1 100000
      reserved 2 1
      runs 7 2 1 1100
      runs 8 2 2 1300
      waits 1 1 2 10
      waits 2 1 1 10
      waits 3 1 1 400
      waits 4 2 1 10
      """,
      """
      starts job-2
      job-1: It is next: 0 of the 2 GPUs it needs are free, and all within 100 seconds.
      job-3: It comes after job-1; it needs 1 GPUs, and 0 are free.
      job-4: It is next: 0 of the 1 GPUs it needs are free, and all within 300 seconds.
      """)
  }

  @Test func `what runs beyond what is shared has GPUs of the last reservations until it ends`() {
    check(
      """
      gpus 6
      budget 1 100000
      reserved 2 3
      reserved 3 2
      runs 8 1 3 1100
      waits 1 2 3 10
      waits 2 3 1 10
      waits 3 3 3 10
      """,
      """
      starts job-1
      job-2: It is next: 0 of the 1 GPUs it needs are free, and all within 100 seconds.
      job-3: It needs 3 GPUs; there are 2 for it in all.
      """)
  }

  @Test func `where more is reserved than is up, the earlier allocations have theirs`() {
    check(
      """
      gpus 4
      reserved 2 3
      reserved 3 3
      waits 1 3 1 10
      waits 2 3 2 10
      waits 3 2 3 10
      """,
      """
      starts job-3 job-1
      job-2: It needs 2 GPUs; there are 1 for it in all.
      """)
  }

  @Test func `reasons are said in Korean too`() {
    let reasons: [WaitReason] = [
      .allocationNotEnforced(AllocationID(1)), .suspended(AllocationID(1)),
      .notYet(AllocationID(1), inSeconds: 1), .termOver(AllocationID(1)),
      .dependencyFailed(JobDependency(kind: .afterOK, on: JobTask(JobID(1)!))),
      .dependency(JobDependency(kind: .afterOK, on: JobTask(JobID(1)!))), .taskLimit(1),
      .tooLarge(gpus: 1, capacity: 0), .budget(asked: 1, left: 0),
      .gpus(needed: 1, free: 0, withinSeconds: 1), .wouldDelay(JobTask(JobID(1)!), free: 1),
      .queued(behind: JobTask(JobID(1)!), needed: 1, free: 0),
    ]
    for reason in reasons { #expect(reason.text(.ko).hasSuffix("다.")) }
  }

  private func check(_ given: String, _ expected: String) {
    let table = QueueTable(given)
    let found = dispatch(table.queue, gpus: [table.gpus], now: QueueTable.now)
    var lines = found.waits.map { "\($0.task): \($0.reason.text(.en))" }
    if !found.starts.isEmpty {
      lines.insert("starts " + found.starts.map { "\($0)" }.joined(separator: " "), at: 0)
    }
    #expect(lines.joined(separator: "\n") == expected)
  }
}

/// Reads the tables of `DispatchTests`.
struct QueueTable {
  static let now = Instant(1_000)
  var queue = JobQueue()
  var gpus = ModelGPUs(model: DeviceModelID(1), up: 0)

  init(_ text: String) {
    for line in text.split(separator: "\n") { read(line.split(separator: " ").map(String.init)) }
  }

  private mutating func read(_ words: [String]) {
    func number(_ index: Int) -> Int64 { Int64(words[index])! }
    switch words[0] {
    case "gpus": gpus = ModelGPUs(model: DeviceModelID(1), up: number(1))
    case "reserved":
      add(words, .reserved(model: DeviceModelID(1), gpus: number(2)))
    case "budget": add(words, .budget(left: GPUSeconds(number(2))))
    case "suspended", "later", "over": add(words, .budget(left: GPUSeconds(100)))
    case "runs":
      queue.running.append(
        RunningJob(
          task: JobTask(words[1])!, allocation: AllocationID(Int(number(2))),
          model: DeviceModelID(1), gpus: Int32(number(3)), endsBy: Instant(number(4))))
    case "did":
      let progress: [String: JobProgress] = [
        "ok": .ended(succeeded: true, since: Instant(950)),
        "failed": .ended(succeeded: false, since: Instant(950)),
        "runs": .running(since: Instant(950)), "waits": .waiting,
      ]
      queue.progress[JobTask(words[1])!] = progress[words[2]]!
    default: readWaiting(words)
    }
  }

  private mutating func readWaiting(_ words: [String]) {
    var tasks: [Int32]?
    var limit: Int32?
    var dependencies = JobDependencies.none
    var rest = words.dropFirst(5)
    while let word = rest.popFirst() {
      switch word {
      case "tasks": tasks = rest.popFirst()!.split(separator: ",").map { Int32($0)! }
      case "limit": limit = Int32(rest.popFirst()!)!
      default: dependencies = try! JobDependencies(word)  // a table of ours
      }
    }
    queue.waiting.append(
      WaitingJob(
        job: JobID(words[1])!, allocation: AllocationID(Int(words[2])!), model: DeviceModelID(1),
        gpus: Int32(words[3])!, timeLimitSeconds: Int64(words[4])!, tasks: tasks, taskLimit: limit,
        dependencies: dependencies))
  }

  private mutating func add(_ words: [String], _ kind: QueueAllocation.Kind) {
    queue.allocations.append(
      QueueAllocation(
        allocation: AllocationID(Int(words[1])!), suspended: words[0] == "suspended",
        from: Instant(words[0] == "later" ? 1_500 : 0),
        to: Instant(words[0] == "over" ? 1_000 : 2_000), kind: kind))
  }
}
