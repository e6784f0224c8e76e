public import MadangEngines
public import MadangProgramme

/// An engine in memory that does what engines do, and what they should not: it delays, repeats,
/// drops, reorders, does a part, lies about it, and forgets. What it really held and ran is written
/// down beside, for the checks alone.
///
/// It is no thread's but its world's: `@unchecked Sendable` because the protocol asks for it, and
/// one world runs on one thread.
public final class SimulatedEngine: Engine, @unchecked Sendable {
  public struct Held: Hashable {
    public var row: DesiredAllocation
    /// Of a hand-over: which servers, as a number that changes with them.
    public var assets: UInt64
  }

  /// What the engine held from one change to the next.
  public struct Truth: Hashable {
    public var generation: Int64?
    public var held: [Held]
    /// Of whom something is not wiped yet, ascending.
    public var wiping: [AllocationID] = []
  }

  /// One run of a job, as it really was.
  public struct Run: Hashable {
    public let job: EngineJob
    public let allocation: AllocationID?
    public let gpus: Int32
    public let from: Int64
    public var to: Int64?
  }

  public let kind: EngineKind
  public let cluster: ClusterID
  /// GPUs that it has.
  public let gpus: Int64
  private let model: DeviceModelID
  private unowned let world: any EngineWorld
  public private(set) var now = Truth(generation: nil, held: [])
  /// Every state it ever was in: index = version.
  public private(set) var versions = [Truth(generation: nil, held: [])]
  private var wiping: [(allocation: AllocationID, until: Int64)] = []
  private var wiped: [WipeCertificate] = []
  private var downGPUs: [AllocationID: Int64] = [:]
  private var assetCount: UInt64 = 0

  public private(set) var runs: [Run] = []
  /// Runs by the token that they were begun with.
  private var tokens: [EngineJob: Int] = [:]
  /// Runs that go on: index into `runs`, and the first second that is in no segment yet.
  private var going: [(run: Int, from: Int64, number: Int32)] = []
  public private(set) var log: [UsageSegment] = []

  public init(
    _ kind: EngineKind, _ cluster: ClusterID, gpus: Int64, model: DeviceModelID,
    _ world: any EngineWorld
  ) {
    self.kind = kind
    self.cluster = cluster
    self.gpus = gpus
    self.model = model
    self.world = world
  }

  // MARK: What an agent asks

  public func apply(_ desired: DesiredState, at: Instant) throws(EngineFailure) {
    guard desired.cluster == cluster else {
      throw .forbidden(reason: "\(desired.cluster) is not this cluster")
    }
    if world.happens(.engineAway, 10) { throw .unreachable(reason: "away") }
    if world.happens(.applyFails, 60) {
      if world.draw(1...2) == 1 { enforce(desired) }
      throw .unreachable(reason: "broken off")
    }
    if world.happens(.applyLies, 150) { return }
    if world.happens(.applyPartly, 100) {
      enforce(desired, rows: world.draw(0...desired.allocations.count))
      throw .unreachable(reason: "broken off")
    }
    if world.happens(.engineConfused, 100) { return claim(desired) }
    if world.happens(.applyLate, 150) {
      world.later(self, desired, after: world.draw(5...120))
      return
    }
    if world.happens(.applyTwice, 150) {
      world.later(self, desired, after: world.draw(5...120))
    }
    enforce(desired)
  }

  public func observe(at: Instant) throws(EngineFailure) -> ObservedState {
    if world.happens(.engineAway, 5) { throw .unreachable(reason: "away") }
    finishWiping()
    var rows = now.held.map { held in
      let gpus = held.row.limit.gpus
      let down = downGPUs[held.row.allocation] ?? 0
      return ObservedAllocation(
        allocation: held.row.allocation, limit: held.row.limit, suspended: held.row.suspended,
        readyGPUs: held.row.suspended ? 0 : max(0, gpus - down),
        assets: kind == .handover ? Digest(0, 0, 0, held.assets) : nil)
    }
    for (allocation, _) in wiping where !rows.contains(where: { $0.allocation == allocation }) {
      rows.append(
        ObservedAllocation(
          allocation: allocation, limit: .reserved(gpus: 0), suspended: false, readyGPUs: 0))
    }
    rows.sort { $0.allocation < $1.allocation }
    return ObservedState(
      cluster: cluster, generation: now.generation, at: at, allocations: rows,
      devices: DeviceCounts(up: gpus), wiped: wiped)
  }

  public func usage(
    after cursor: UsageCursor, limit: Int, at: Instant
  ) throws(EngineFailure) -> UsageBatch {
    if world.happens(.engineAway, 5) { throw .unreachable(reason: "away") }
    var start = min(Int(cursor.position), log.count)
    if world.happens(.usageAgain, 50) { start = max(0, start - 3) }
    let end = min(start + limit, log.count)
    var segments = Array(log[start..<end])
    if world.happens(.usageReordered, 100) { segments.reverse() }
    return UsageBatch(segments: segments, next: UsageCursor(Int64(end)))
  }

  // MARK: What it holds

  /// Newer states take the place of older ones; the generation is written last.
  public func enforce(_ desired: DesiredState, rows: Int? = nil) {
    if let held = now.generation, held > desired.generation { return }
    var wanted = desired.allocations
    if kind == .handover { wanted.removeAll { $0.from > world.instant } }
    let count = rows ?? wanted.count
    var next: [Held] = []
    for (index, row) in wanted.enumerated() {
      let old = now.held.first { $0.row.allocation == row.allocation }
      if index >= count {
        if let old { next.append(old) }
      } else if let old, old.row.limit == row.limit {
        next.append(Held(row: row, assets: old.assets))
      } else {
        assetCount += 1
        next.append(Held(row: row, assets: assetCount))
      }
    }
    let gone = now.held.filter { held in
      !next.contains { $0.row.allocation == held.row.allocation }
    }
    if kind == .handover {
      for held in now.held {
        let kept = next.first { $0.row.allocation == held.row.allocation }?.row.limit.gpus
        // Servers that a team gives up are wiped, though it keeps others.
        guard let kept, kept < held.row.limit.gpus else { continue }
        wiping.append((held.row.allocation, world.instant.seconds + 20))
      }
    }
    if rows == nil {
      now.generation = desired.generation
      if kind == .handover {
        for held in gone { wiping.append((held.row.allocation, world.instant.seconds + 20)) }
      }
    } else {
      next = (next + gone).sorted { $0.row.allocation < $1.row.allocation }
    }
    now.held = next
    changed()
  }

  /// Says that it holds a state, and goes on with what it held.
  private func claim(_ desired: DesiredState) {
    if let held = now.generation, held > desired.generation { return }
    now.generation = desired.generation
    changed()
  }

  public func forget() {
    now = Truth(generation: nil, held: [])
    changed()
  }

  private func finishWiping() {
    for (allocation, until) in wiping where until <= world.instant.seconds {
      wiped.removeAll { $0.allocation == allocation }
      wiped.append(
        WipeCertificate(allocation: allocation, certificate: Digest(9, 9, 9, UInt64(until))))
    }
    wiped.sort { $0.allocation < $1.allocation }
    wiping.removeAll { $0.until <= world.instant.seconds }
    changed()
  }

  private func changed() {
    now.wiping = wiping.map(\.allocation).sorted()
    if versions.last != now { versions.append(now) }
    // Whatever may not run any more, ends.
    for entry in going {
      guard let allocation = runs[entry.run].allocation else { continue }
      let held = now.held.first { $0.row.allocation == allocation }
      if held.map({ $0.row.suspended }) ?? true { end(entry.run) }
    }
  }

  public func setDown(_ allocation: AllocationID, _ gpus: Int64) { downGPUs[allocation] = gpus }

  /// What a team sees of its servers, to confirm them.
  public func assets(_ allocation: AllocationID) -> Digest? {
    now.held.first { $0.row.allocation == allocation }.map { Digest(0, 0, 0, $0.assets) }
  }

  // MARK: What it runs

  /// Begins a job in something that it holds; answers its run.
  public func begin(_ random: inout Random) -> Int? {
    let may = now.held.filter {
      !$0.row.suspended && $0.row.from <= world.instant && world.instant < $0.row.to
    }
    let allocation = random.chance(92) ? may.isEmpty ? nil : random.pick(may).row.allocation : nil
    if allocation == nil, random.chance(80) { return nil }
    let gpus = Int32(random.draw(1...3))
    return freeGPUs < Int64(gpus) ? nil : begin(allocation, gpus: gpus)
  }

  /// Begins a job under a token, in something that it holds; answers its run. A token begins once.
  public func begin(_ token: EngineJob, _ allocation: AllocationID, gpus: Int32) -> Int? {
    let held = now.held.first { $0.row.allocation == allocation }
    guard let held, !held.row.suspended, held.row.from <= world.instant,
      world.instant < held.row.to, run(of: token) == nil, freeGPUs >= Int64(gpus)
    else { return nil }
    tokens[token] = runs.count
    return begin(allocation, gpus: gpus, as: token)
  }

  /// What runs runs on GPUs that there are.
  private var freeGPUs: Int64 { gpus - going.reduce(0) { $0 + Int64(runs[$1.run].gpus) } }

  /// What became of a token; nothing where it was never given.
  public func run(of token: EngineJob) -> Run? { tokens[token].map { runs[$0] } }

  /// Begins a job; answers its run.
  public func begin(
    _ allocation: AllocationID?, gpus: Int32, as token: EngineJob? = nil
  ) -> Int {
    let job = token ?? EngineJob(high: UInt64(cluster.number), low: UInt64(runs.count + 1))
    runs.append(
      Run(
        job: job, allocation: allocation, gpus: gpus, from: world.instant.seconds, to: nil))
    going.append((runs.count - 1, world.instant.seconds, 0))
    return runs.count - 1
  }

  public func end(_ run: Int) {
    guard let index = going.firstIndex(where: { $0.run == run }) else { return }
    cut(index)
    runs[run].to = world.instant.seconds
    going.remove(at: index)
  }

  public func endAll() { for entry in going { end(entry.run) } }

  /// Segments of what goes on, up to now: agents see usage before a job is over.
  public func cutAll() { for index in going.indices { cut(index) } }

  private func cut(_ index: Int) {
    let (run, from, number) = going[index]
    guard from < world.instant.seconds else { return }
    log.append(
      UsageSegment(
        key: UsageKey(cluster: cluster, job: runs[run].job, number: number),
        allocation: runs[run].allocation, model: model, gpus: runs[run].gpus,
        from: Instant(from), to: world.instant))
    going[index] = (run, world.instant.seconds, number + 1)
  }
}

extension AllocationLimit {
  /// GPUs of a reservation; none of a budget.
  public var gpus: Int64 { if case .reserved(let gpus) = self { gpus } else { 0 } }
}
