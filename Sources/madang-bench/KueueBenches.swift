import Foundation
import MadangScheduler

/// Kueue's CI loads in virtual time, milliseconds a tick: the same queues, jobs, moments and run
/// times, no API server. What the decisions cost is measured; what it would take to act on them at
/// Kueue's client limit of 50 requests a second is computed and given apart.
extension SchedulerBenches {
  struct KueueKind {
    let count: Int
    let units: Int32
    let runTime: Tick
    let every: Tick
    let priority: Int32
  }

  static func kueue() throws {
    try kueue(
      "baseline", cohorts: 5, queues: 6,
      kinds: [
        KueueKind(count: 350, units: 1, runTime: 200, every: 100, priority: 50),
        KueueKind(count: 100, units: 5, runTime: 500, every: 500, priority: 100),
        KueueKind(count: 50, units: 20, runTime: 1_000, every: 1_200, priority: 200),
      ], bar: "within 1 % of the floor, under 1 s of CPU; Kueue 351.1 s")
    try kueue(
      "large", cohorts: 10, queues: 100,
      kinds: [
        KueueKind(count: 35, units: 1, runTime: 150, every: 60, priority: 50),
        KueueKind(count: 11, units: 5, runTime: 350, every: 300, priority: 100),
        KueueKind(count: 4, units: 20, runTime: 700, every: 700, priority: 200),
      ], bar: "within 1 % of the floor, under 1 s of CPU; Kueue 1,179 s")
  }

  private static func kueue(
    _ name: String, cohorts: Int, queues: Int, kinds: [KueueKind], bar: String
  ) throws {
    var pools = (0..<cohorts).map { _ in
      PoolSpec(quotas: [Quota(guarantee: Int64(20 * queues), borrow: 0)])
    }
    for cohort in 0..<cohorts {
      for _ in 0..<queues {
        pools.append(
          PoolSpec(
            parent: PoolIndex(cohort), quotas: [Quota(guarantee: 20, borrow: 100)]))
      }
    }
    // A unit is a CPU there and a GPU here; one node for each queue, so that any job fits one
    // without regard to place: twenty units are two nodes of ten.
    let units = cohorts * queues * 20
    let nodes = (0..<(units / 10)).map { _ in NodeSpec(block: 0, rack: 0, gpus: 10) }
    var scheduler = try Scheduler(
      clusters: [ClusterSpec(model: gpu, nodes: nodes)], models: 1, pools: pools,
      policy: Policy(backfill: .depth(1)))
    let shapes = try kinds.map {
      try scheduler.shape(Shape(tasks: $0.units, gpusPerTask: 1, models: [gpu]))
    }
    var arrivals: [(at: Tick, pool: Int, kind: Int)] = []
    for pool in cohorts..<pools.count {
      for (index, kind) in kinds.enumerated() {
        for number in 0..<kind.count {
          arrivals.append((Tick(number) * kind.every, pool, index))
        }
      }
    }
    arrivals.sort { ($0.at, $0.pool, $0.kind) < ($1.at, $1.pool, $1.kind) }
    let floor = max(
      Double(arrivals.reduce(0) { $0 + Int(kinds[$1.kind].units) * Int(kinds[$1.kind].runTime) })
        / Double(units),
      Double(arrivals.map { $0.at + kinds[$0.kind].runTime }.max() ?? 0))
    var run = KueueRun()
    let seconds = try Measure.seconds {
      try run.run(&scheduler, arrivals, kinds, shapes)
    }
    let actuation = Double(arrivals.count) / 50
    Measure.report(
      "Kueue \(name), \(arrivals.count) jobs, \(pools.count - cohorts) queues",
      "makespan \(Measure.text(Double(run.makespan) / 1_000, 3)) s of a floor of "
        + "\(Measure.text(floor / 1_000, 3)) s, decisions \(Measure.text(seconds, 2)) s of CPU, "
        + "\(run.evictions) evictions; modelled actuation at 50/s \(Measure.text(actuation, 0)) s",
      bar: bar)
  }

  /// Virtual time: ends before arrivals at the same moment, then a decision.
  private struct KueueRun {
    var makespan: Tick = 0
    var evictions = 0

    mutating func run(
      _ scheduler: inout Scheduler, _ arrivals: [(at: Tick, pool: Int, kind: Int)],
      _ kinds: [KueueKind], _ shapes: [ShapeIndex]
    ) throws {
      var next = 0
      var kindOf: [Int] = []
      // Ends by moment; a job that was taken off begins anew and its old end is passed over.
      var ends: [Tick: [(job: JobIndex, startedAt: Tick)]] = [:]
      var moments = MomentHeap()
      var decision = Decision()
      while next < arrivals.count || !moments.isEmpty {
        let arrival = next < arrivals.count ? arrivals[next].at : Tick.max
        let now = min(arrival, moments.first ?? .max)
        try scheduler.advance(to: now)
        while moments.first == now { moments.removeFirst() }
        for end in ends.removeValue(forKey: now) ?? []
        where scheduler.state(of: end.job) == .running
          && scheduler.startedAt(end.job) == end.startedAt
        {
          try scheduler.finish(end.job, at: now)
          makespan = now
        }
        while next < arrivals.count, arrivals[next].at == now {
          let kind = kinds[arrivals[next].kind]
          _ = try scheduler.submit(
            JobSpec(
              pool: PoolIndex(arrivals[next].pool), shape: shapes[arrivals[next].kind],
              walltime: kind.runTime, priority: kind.priority, preemptible: true))
          kindOf.append(arrivals[next].kind)
          next += 1
        }
        scheduler.cycle(into: &decision)
        evictions += decision.evictions.count
        for start in decision.starts {
          let end = now + kinds[kindOf[Int(start.job.value)]].runTime
          if ends[end] == nil { moments.insert(end) }
          ends[end, default: []].append((start.job, now))
        }
      }
    }
  }

  /// Moments, the earliest first.
  private struct MomentHeap {
    private var rows: [Tick] = []

    var isEmpty: Bool { rows.isEmpty }
    var first: Tick? { rows.first }

    mutating func insert(_ moment: Tick) {
      rows.append(moment)
      var at = rows.count - 1
      while at > 0, rows[at] < rows[(at - 1) / 2] {
        rows.swapAt(at, (at - 1) / 2)
        at = (at - 1) / 2
      }
    }

    mutating func removeFirst() {
      rows.swapAt(0, rows.count - 1)
      rows.removeLast()
      var at = 0
      while true {
        var least = at
        for child in [2 * at + 1, 2 * at + 2] where child < rows.count {
          if rows[child] < rows[least] { least = child }
        }
        if least == at { return }
        rows.swapAt(at, least)
        at = least
      }
    }
  }
}
