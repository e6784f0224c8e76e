/// When waiting jobs will start, by running the very same decisions forward in time.
extension Scheduler {
  /// What is foreseen of one waiting job.
  public struct Planned: Hashable, Sendable {
    public let job: JobIndex
    /// If nothing else that waits came before it: no earlier than this, unless running jobs end
    /// before their walltime.
    public let earliest: Tick?
    /// If every job takes its whole walltime and nothing new comes. Nothing where it would never
    /// start, or not within the steps asked for.
    public let planned: Tick?
  }

  /// The planned start of every job that waits or arrives, by job. Costs a simulation of the time
  /// to come: at most `steps` moments of it.
  public func forecast(steps: Int = 100_000) -> [Planned] {
    var future = fork()
    future.changed = true
    var planned = [Tick?](repeating: nil, count: jobs.count)
    var asked: [Int32] = []
    // Those whose start is not known yet; who runs now and starts again is not asked about.
    var open: Set<Int32> = []
    for (index, job) in jobs.enumerated() {
      switch job.state {
      case .arriving: planned[index] = job.startedAt
      case .waiting, .gated: open.insert(Int32(index))
      case .running, .leaving, .ended, .cancelled: continue
      }
      asked.append(Int32(index))
    }
    var moments = 0
    while moments < steps, !open.isEmpty {
      future.decideAll { decision, now in
        for start in decision.starts where open.remove(start.job.value) != nil {
          planned[start.job.int] = now
        }
      }
      guard !open.isEmpty, let next = future.nextMoment else { break }
      future.pass(to: next)
      moments += 1
    }
    var alone = fork()
    alone.refreshShares()
    alone.beginHolds()
    return asked.map { job in
      Planned(
        job: JobIndex(Int(job)), earliest: alone.earliest(job), planned: planned[Int(job)])
    }
  }

  /// Decides until nothing new comes of it at this moment, as whoever runs the jobs does.
  mutating func decideAll(_ tell: (Decision, Tick) -> Void) {
    repeat {
      let decision = cycle()
      tell(decision, now)
      if decision.isEmpty { return }
    } while changed
  }

  /// The next moment at which something happens by itself, ends of jobs aside: a gate, a notice,
  /// maintenance, a contract, a protection that ends. Worth an `advance(to:)` and a cycle.
  public var nextWake: Tick? {
    var next = wakeAt
    if let gate = gated.last { next = min(next, gate.at) }
    if let notice = leaving.last { next = min(next, notice.at) }
    next = min(next, holds.windows.nextEnd)
    for lending in lendings where lending.gpus > 0 { next = min(next, lending.until) }
    if policy.decay != nil, waitingJobs > 0, activeJobs > 0, !pools.isSteady {
      next = min(next, nextDecay)
    }
    return Scheduler.moment(max(next, now + 1))
  }

  /// A moment that can come: nothing is told of what lies beyond the last one.
  private static func moment(_ moment: Tick) -> Tick? {
    moment > SchedulerLimits.tickMax ? nil : moment
  }

  /// The same, with the ends of jobs that take their whole walltime.
  var nextMoment: Tick? {
    var next = nextWake
    for order in ends {
      guard let first = order.entry(at: SortedItems.Cursor()) else { continue }
      next = min(next ?? .max, max(first.key, now + 1))
    }
    return next.flatMap { Scheduler.moment($0) }
  }

  /// Lets time pass; jobs whose walltime is over end. Who was told to leave by the same moment
  /// leaves.
  mutating func pass(to moment: Tick) {
    do { try advance(to: moment) } catch {
      preconditionFailure("the next moment is not before now")
    }
    for model in 0..<pools.models {
      while let first = ends[model].entry(at: SortedItems.Cursor()), first.key <= moment {
        end(first.item)
      }
    }
  }

  private mutating func earliest(_ job: Int32) -> Tick? {
    let row = jobs[Int(job)]
    let shape = shapes.shapes[Int(row.shape)]
    if row.state == .arriving { return row.startedAt }
    if bounds[Int(row.shape)] != nil { return nil }
    holds.asker = row.leaf
    var best: Tick?
    for model in shape.models {
      let ask = Ask(
        shape, model: model.int, until: now + plannedWalltime(row.walltime))
      if placement.find(ask, fleet, holds) { return max(now, row.notBefore) }
      if let plan = plan(job, shape, model.int) { best = min(best ?? .max, plan.from) }
    }
    return best.map { max($0, row.notBefore) }
  }
}
