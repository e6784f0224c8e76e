/// What becomes of every job if each takes its whole walltime, nothing new comes and nothing fails:
/// the very same decisions, run forward in time.
public struct Outlook: Sendable {
  public struct Run: Sendable {
    /// Its first start; nothing where it never starts. Of one that ran already, the one before now.
    public var startedAt: Tick?
    public var endedAt: Tick?
    public var evictions = 0
  }

  /// By job.
  public internal(set) var runs: [Run]
  /// For each pool with all below it, GPU-ticks held from now until the horizon.
  public internal(set) var held: [Int128]
  /// Whether everything was followed to its end within the steps asked for.
  public internal(set) var isWhole = false
}

extension Scheduler {
  /// Runs a copy forward until nothing happens any more: at most `steps` moments of it.
  ///
  /// A job that is evicted begins anew when it starts again; what it saved is not known.
  public func outlook(horizon: Tick, steps: Int = 1_000_000) -> Outlook {
    var future = fork()
    future.changed = true
    var outlook = Outlook(
      runs: jobs.map { job in
        Outlook.Run(startedAt: job.firstRow >= 0 ? job.startedAt : nil)
      }, held: Array(repeating: 0, count: pools.pools))
    for _ in 0..<steps {
      future.decideAll { decision, now in
        for start in decision.starts where outlook.runs[start.job.int].startedAt == nil {
          outlook.runs[start.job.int].startedAt = now
        }
        for eviction in decision.evictions { outlook.runs[eviction.job.int].evictions += 1 }
      }
      guard let next = future.nextMoment else {
        outlook.isWhole = true
        break
      }
      let time = Int128(max(0, min(next, horizon) - future.now))
      for pool in 0..<pools.pools where time > 0 {
        for model in 0..<pools.models {
          outlook.held[pool] +=
            time * Int128(future.pools.used[future.pools.at(pool + 1, model)])
        }
      }
      future.pass(to: next)
    }
    for job in future.jobs.indices where future.jobs[job].state == .ended {
      outlook.runs[job].endedAt = max(now, future.jobs[job].endsBy)
    }
    for pool in outlook.held.indices { outlook.held[pool] /= Int128(PoolTree.unit) }
    return outlook
  }

  /// The pool that a job was given to.
  public func pool(of job: JobIndex) -> PoolIndex {
    PoolIndex(Int(pools.poolOfNode[Int(jobs[job.int].leaf)]))
  }

  /// Whether a pool is another or stands below it.
  public func isPool(_ pool: PoolIndex, within other: PoolIndex) -> Bool {
    pools.commonAncestor(pool.int + 1, other.int + 1) == other.int + 1
  }
}
