public import MadangProgramme

/// The clusters that Madang dispatches with what runs and waits on them, as a file of
/// `docs/schedule.md`: for `madang schedule`, and for `madang simulate --from`.
///
/// What it cannot say is left out and counted: jobs that passing time alone will not start, and
/// where on its cluster a running job is, which the engine alone knows: nodes are filled one after
/// the other.
public struct StateFile {
  /// A cluster with its jobs.
  public struct Part {
    public let cluster: String
    public let model: String
    public let gpusPerServer: Int64
    /// GPUs that are up.
    public let up: Int64
    public let queue: JobQueue
    /// By pool.
    public let poolNames: [PoolID: String]

    public init(
      cluster: String, model: String, gpusPerServer: Int64, up: Int64, queue: JobQueue,
      poolNames: [PoolID: String]
    ) {
      self.cluster = cluster
      self.model = model
      self.gpusPerServer = gpusPerServer
      self.up = up
      self.queue = queue
      self.poolNames = poolNames
    }
  }

  public private(set) var text = ""
  /// Jobs that are not in it.
  public private(set) var leftOut = 0
  private let parts: [Part]
  private let now: Instant
  private var names: [String] = []

  public init(_ parts: [Part], now: Instant) {
    self.parts = parts
    self.now = now
    text = """
      # What Madang's own clusters hold and what waits for them. Where a running job's GPUs are is
      # not known here: nodes are filled one after the other.
      now: \(now.seconds)
      policy: {reclaim: false, backfill: easy}
      clusters:

      """
    for part in parts { writeCluster(part) }
    text += "pools:\n"
    writePools()
    var (running, waiting) = ("", "")
    for part in parts { running += self.running(part) }
    for part in parts { waiting += self.waiting(part) }
    if !running.isEmpty { text += "running:\n" + running }
    if !waiting.isEmpty { text += "waiting:\n" + waiting }
    if leftOut > 0 {
      text += "# \(leftOut) jobs are left out: time alone will not start them, or they use no "
      text += "GPU.\n"
    }
  }

  /// A job is bound to its cluster: where two have one model, each has its own name here.
  private func model(_ part: Part) -> String {
    parts.count { $0.model == part.model } > 1 ? "\(part.model)@\(part.cluster)" : part.model
  }

  private func nodes(_ part: Part) -> [Int64] {
    let most = min(16, max(1, part.gpusPerServer))
    return Array(repeating: most, count: Int(part.up / most))
      + (part.up % most > 0 ? [part.up % most] : [])
  }

  private mutating func writeCluster(_ part: Part) {
    let nodes = nodes(part).enumerated().map { "{name: n\($0), gpus: \($1)}" }
    text += "  - {name: \(part.cluster), model: \(model(part)), nodes: ["
    text += nodes.joined(separator: ", ") + "]}\n"
  }

  // MARK: - Pools

  private func name(_ pool: PoolID?, _ part: Part) -> String {
    pool.map { part.poolNames[$0] ?? "\($0)" } ?? "others"
  }

  /// A pool takes its turn by its part of the programme; below it a pool for each allocation, by
  /// submission. What is reserved is guaranteed and neither lent nor exceeded.
  private mutating func writePools() {
    var order: [String] = []
    var weights: [String: Int64] = [:]
    var guarantees: [String: [String]] = [:]
    var members: [String: [String]] = [:]
    for part in parts {
      var sums: [String: Int64] = [:]
      for allocation in part.queue.allocations {
        let pool = name(allocation.pool, part)
        if !order.contains(pool) { order.append(pool) }
        weights[pool] = part.queue.pools.first { $0.pool == allocation.pool }?.weight ?? 1
        var line = "  - {name: \(pool)/\(allocation.allocation)"
        switch allocation.kind {
        case .reserved(_, let gpus):
          let gpus = min(gpus, part.up)
          sums[pool, default: 0] += gpus
          line += ", guarantee: {\(model(part)): \(gpus)}, borrow: {\(model(part)): 0}"
          line += ", lend: {\(model(part)): 0}"
        case .budget(let left): line += ", budget: {\(model(part)): \(max(0, left.count))}"
        }
        members[pool, default: []].append(line + "}\n")
      }
      for pool in order where sums[pool] != nil {
        guarantees[pool, default: []].append("\(model(part)): \(sums[pool] ?? 0)")
      }
    }
    for pool in order {
      text += "  - {name: \(pool), weight: \(weights[pool] ?? 1), order: submission"
      if let sums = guarantees[pool] { text += ", guarantee: {\(sums.joined(separator: ", "))}" }
      text += "}\n" + (members[pool] ?? []).joined()
    }
  }

  // MARK: - Jobs

  private mutating func running(_ part: Part) -> String {
    var text = ""
    var free = nodes(part)
    for job in part.queue.running where job.gpus > 0 {
      let allocations = part.queue.allocations
      guard let allocation = allocations.first(where: { $0.allocation == job.allocation }) else {
        leftOut += 1
        continue
      }
      var needed = Int64(job.gpus)
      var places: [String] = []
      for node in free.indices where needed > 0 && free[node] > 0 {
        let tasks = min(needed, free[node])
        free[node] -= tasks
        needed -= tasks
        places.append("{node: \(part.cluster)/n\(node), tasks: \(tasks)}")
      }
      guard needed == 0 else {
        leftOut += 1
        continue
      }
      names.append("\(job.task)")
      text += "  - {job: \(job.task), pool: \(name(allocation.pool, part))/\(job.allocation)"
      text += ", tasks: \(job.gpus), gpusPerTask: 1, startedAt: \(now.seconds)"
      text += ", walltime: \(max(1, job.endsBy.seconds - now.seconds))"
      text += ", nodes: [\(places.joined(separator: ", "))]}\n"
    }
    return text
  }

  private mutating func waiting(_ part: Part) -> String {
    var text = ""
    for job in part.queue.waiting {
      let allocation = part.queue.allocations.first { $0.allocation == job.allocation }
      var extra = ""
      switch job.standing(allocation, part.queue.progress, now: now) {
      case nil: break
      case .notYet: extra = ", notBefore: \(allocation?.from.seconds ?? 0)"
      case .dependency:
        let before = job.dependencies.list.filter { $0.kind != .after }.flatMap { known($0.on) }
        guard !before.isEmpty, !job.dependencies.anyIsEnough else {
          leftOut += job.tasksWaiting.count
          continue
        }
        extra = ", after: [\(before.joined(separator: ", "))]"
      default:
        leftOut += job.tasksWaiting.count
        continue
      }
      guard job.gpus > 0 else {
        leftOut += job.tasksWaiting.count
        continue
      }
      for task in job.tasksWaiting {
        names.append("\(task)")
        text += "  - {job: \(task), pool: \(name(allocation?.pool, part))/\(job.allocation)"
        text += ", tasks: \(job.gpus), gpusPerTask: 1, models: [\(model(part))]"
        text += ", walltime: \(job.timeLimitSeconds)\(extra)}\n"
      }
    }
    return text
  }

  /// The names under which a job, or all tasks of it, stand in the file so far.
  private func known(_ task: JobTask) -> [String] {
    names.filter { $0 == "\(task)" || (task.index == nil && $0.hasPrefix("\(task)_")) }
  }
}
