import Foundation
import MadangScheduler
import MadangSimulator

/// The nation's fleet: 32,500 nodes, 260,000 GPUs; and a queue of another scheduler's bench.
extension SchedulerBenches {
  /// From empty to full, then idle, then one end after another.
  static func fleet() throws {
    for waiting in [100_000, 100] { try cycles(waiting: waiting) }
    try companions()
  }

  /// Where nodes count processors, and most have none left beside free devices: each of these is
  /// one that a small job must not look at.
  private static func companions() throws {
    var fleet = cluster(32_500)
    for node in fleet.nodes.indices { fleet.nodes[node].cpuMilli = 96_000 }
    for milli in [0, 400] {
      var scheduler = try Scheduler(
        clusters: [fleet], models: 1, pools: [PoolSpec()], policy: Policy(reclaim: false))
      func submit(_ jobs: Int, _ gpus: Int32, _ milli: Int, cpuMilli: Int64) throws {
        let shape = try scheduler.shape(
          Shape(
            tasks: 1, gpusPerTask: milli > 0 ? 0 : gpus, gpuMilliPerTask: Int32(milli),
            cpuMilliPerTask: cpuMilli, models: [gpu]))
        for _ in 0..<jobs {
          _ = try scheduler.submit(JobSpec(pool: PoolIndex(0), shape: shape))
        }
      }
      // Four devices of each node, or one in part, and nearly all of its processor.
      try submit(32_000, 4, milli, cpuMilli: 92_000)
      let filled = scheduler.cycle().starts.count
      let before = scheduler.placementCounters.nodes
      try submit(200, 1, milli > 0 ? 300 : 0, cpuMilli: 8_000)
      var started = 0
      let seconds = Measure.seconds { started = scheduler.cycle().starts.count }
      Measure.report(
        "32,500 nodes, \(filled) of them without processor, 200 jobs of "
          + (milli > 0 ? "0.3 devices" : "one device"),
        "\(ms(seconds)), once; \(started) started, "
          + "\(scheduler.placementCounters.nodes - before) nodes looked at",
        bar: "none")
    }
  }

  /// Jobs of seven shapes in 100 pools, as many as fill the fleet and leave `waiting` behind.
  private static func cycles(waiting: Int) throws {
    var generator = SeededGenerator(seed: 11)
    var scheduler = try Scheduler(
      clusters: [cluster(32_500)], models: 1,
      pools: (0..<100).map {
        PoolSpec(weight: Int64(1 + $0 % 4), quotas: [Quota(guarantee: 1_500)])
      },
      // With reclaim a fleet that was just filled first settles: other rows measure that.
      policy: Policy(reclaim: false))
    let sizes: [(tasks: Int32, gpus: Int32)] = [
      (1, 1), (1, 2), (1, 4), (1, 8), (2, 8), (8, 8), (32, 8),
    ]
    let shapes = try sizes.map {
      try scheduler.shape(Shape(tasks: $0.tasks, gpusPerTask: $0.gpus, models: [gpu]))
    }
    var started = 0
    var submitted = 0
    var seconds = 0.0
    // The first cycle is given more than fits; then the queue is topped up to what is wanted.
    for _ in 0..<(waiting >= 100_000 ? 140_000 : 36_000) {
      try submit(&scheduler, shapes, &generator)
      submitted += 1
    }
    seconds = Measure.seconds { started = scheduler.cycle().starts.count }
    if waiting >= 100_000 {
      Measure.report(
        "32,500 nodes, \(submitted) waiting, reclaim off, from empty to full",
        "\(ms(seconds)), once; \(started) started, \(scheduler.freeGPUs(gpu)) GPUs left free",
        bar: "1 s")
    }
    try trim(&scheduler, to: waiting)
    let idle = Measure.seconds { for _ in 0..<10_000 { _ = scheduler.cycle() } } / 10_000
    let left = scheduler.waitingJobs
    Measure.report(
      "32,500 nodes, \(left) waiting, reclaim off, nothing to do", "\(us(idle)), mean of 10,000",
      bar: "1 µs; a 4,000-node KAI snapshot alone 2.2 s")
    try ends(&scheduler, left, bar: waiting >= 100_000 ? "100 µs" : "10 µs")
  }

  private static func submit(
    _ scheduler: inout Scheduler, _ shapes: [ShapeIndex], _ generator: inout SeededGenerator
  ) throws {
    let kind = generator.draw(0...99)
    let index = [0, 0, 0, 0, 1, 2, 3, 3, 4, 5][kind / 10]
    _ = try scheduler.submit(
      JobSpec(
        pool: PoolIndex(generator.draw(0...99)), shape: kind == 99 ? shapes[6] : shapes[index],
        walltime: Tick(3_600 * (1 + generator.draw(0...23))), preemptible: true))
  }

  private static func trim(_ scheduler: inout Scheduler, to waiting: Int) throws {
    var job = scheduler.jobCount - 1
    while scheduler.waitingJobs > waiting, job >= 0 {
      if scheduler.state(of: JobIndex(job)) == .waiting { try scheduler.cancel(JobIndex(job)) }
      job -= 1
    }
    _ = scheduler.cycle()
  }

  private static func ends(_ scheduler: inout Scheduler, _ waiting: Int, bar: String) throws {
    var times: [Double] = []
    var job = 0
    let before = scheduler.counters
    var started = 0
    while times.count < 200, job < scheduler.jobCount {
      if scheduler.state(of: JobIndex(job)) == .running {
        let now = scheduler.now + 1
        times.append(
          try Measure.seconds {
            try scheduler.finish(JobIndex(job), at: now)
            started += scheduler.cycle().starts.count
          })
      }
      job += 97
    }
    times.sort()
    let asked = scheduler.counters.asked - before.asked
    let walked = scheduler.counters.releasesWalked - before.releasesWalked
    Measure.report(
      "32,500 nodes, \(waiting) waiting, reclaim off, after one job ends",
      "\(us(times[times.count / 2])) (\(us(times[0])) to \(us(times[times.count - 1]))), "
        + "\(times.count) ends; \(started) started, \(asked) lines asked, \(walked) ends walked",
      bar: bar)
  }

  /// 200 jobs of mixed size onto an empty fleet, strictly as Slurm's bench submits them.
  static func queue() throws {
    let path = "../shared/slurm/queue200.txt"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      // Not everybody has the file; the bench says so.
      Measure.say("queue of 200 jobs: skipped, \(path) is not here")
      return
    }
    let jobs = text.split(separator: "\n").compactMap { QueueLine($0) }
    precondition(jobs.count == 200, "the file has 200 jobs")
    for (nodes, bar) in [(4_000, "1 ms; Slurm 6.0 CPU s"), (32_500, "5 ms; Slurm 53.4 CPU s")] {
      let base = try Scheduler(
        clusters: [cluster(nodes)], models: 1, pools: [PoolSpec()])
      var started = 0
      let times = try Measure.median(50) {
        var scheduler = base.fork()
        for job in jobs {
          let shape = try scheduler.shape(
            Shape(tasks: job.nodes, gpusPerTask: job.gpus, models: [gpu]))
          _ = try scheduler.submit(
            JobSpec(
              pool: PoolIndex(0), shape: shape, walltime: job.minutes * 60,
              priority: 1_000 - job.nice))
        }
        return Measure.seconds { started = scheduler.cycle().starts.count }
      }
      Measure.report(
        "200 jobs of mixed size onto \(nodes) empty nodes",
        "\(spread(times, ms)), 50 runs; \(started) started", bar: bar)
    }
  }

  /// `-N4 --gres=gpu:8 -t 60 --nice=363`.
  private struct QueueLine {
    var nodes: Int32 = 1
    var gpus: Int32 = 0
    var minutes: Tick = 0
    var nice: Int32 = 0

    init?(_ line: Substring) {
      let words = line.split(separator: " ")
      for (index, word) in words.enumerated() {
        if word.hasPrefix("-N") { nodes = Int32(word.dropFirst(2)) ?? 1 }
        if word.hasPrefix("--gres=gpu:") { gpus = Int32(word.dropFirst(11)) ?? 0 }
        if word.hasPrefix("--nice=") { nice = Int32(word.dropFirst(7)) ?? 0 }
        if word == "-t", index + 1 < words.count { minutes = Tick(words[index + 1]) ?? 0 }
      }
      if gpus == 0 || minutes == 0 { return nil }
    }
  }
}
