import Testing

@testable import MadangScheduler

/// Each decision told again by an independent book: who gave, who took, whether they might.
///
/// One model, jobs in leaves only, no notice: then a decision's starts and evictions can be told in
/// their order.
struct ReclaimLawTests {
  /// A gang left for two GPUs, its pool's neighbour took what was left over beside them, and the
  /// gang came back for both of them.
  @Test func `who came by right is not asked by those who left for it`() throws {
    let model = ModelIndex(0)
    // Pools: a gang's, due more than its guarantee; the small jobs'; one that guarantees and wants
    // nothing; one that borrows and is protected.
    var scheduler = try Scheduler(
      clusters: [
        ClusterSpec(model: model, blocks: 1, racksPerBlock: 1, nodesPerRack: 3, gpusPerNode: 8)
      ], models: 1,
      pools: [
        PoolSpec(priority: 1, quotas: [Quota(guarantee: 14)]),
        PoolSpec(quotas: [Quota(guarantee: 3)]), PoolSpec(quotas: [Quota(guarantee: 4)]),
        PoolSpec(minRunTime: 1_000),
      ])
    func shape(_ tasks: Int32, _ gpus: Int32) throws -> ShapeIndex {
      try scheduler.shape(Shape(tasks: tasks, gpusPerTask: gpus, models: [model]))
    }
    let (pair, seven, one) = (try shape(2, 8), try shape(1, 7), try shape(1, 1))
    let gang = try scheduler.adopt(
      JobSpec(pool: PoolIndex(0), shape: pair, preemptible: true),
      on: [(NodeIndex(0), 1), (NodeIndex(1), 1)], startedAt: 0)
    _ = try scheduler.adopt(
      JobSpec(pool: PoolIndex(3), shape: seven, preemptible: true), on: [(NodeIndex(2), 1)],
      startedAt: 0)
    _ = try scheduler.adopt(
      JobSpec(pool: PoolIndex(1), shape: one, preemptible: true), on: [(NodeIndex(2), 1)],
      startedAt: 0)
    let small = try scheduler.submit(
      JobSpec(pool: PoolIndex(1), shape: try shape(1, 2), preemptible: true))
    let large = try scheduler.submit(
      JobSpec(pool: PoolIndex(1), shape: try shape(1, 8), preemptible: true))
    let first = scheduler.cycle()
    #expect(first.evictions.map(\.job) == [gang] && first.starts.map(\.job) == [small, large])
    let second = scheduler.cycle()
    #expect(second.isEmpty, "\(second)")
    let isDueBack = try scheduler.figures(of: PoolIndex(0), model).share == 16_000
    #expect(isDueBack, "the gang's pool is due what it left, and still waits")
    guard case .capacity = try scheduler.reason(of: gang) else {
      Issue.record("the gang waits for room")
      return
    }
  }

  /// It was not asked for, because nobody ran when the pass began, and waited for the next event.
  /// The borrower's start was told, and taken back in the next breath.
  @Test func `who is within its guarantee has room that others were given before in the decision`()
    throws
  {
    let model = ModelIndex(0)
    var scheduler = try Scheduler(
      clusters: [
        ClusterSpec(model: model, blocks: 1, racksPerBlock: 1, nodesPerRack: 1, gpusPerNode: 4)
      ], models: 1,
      pools: [PoolSpec(), PoolSpec(quotas: [Quota(guarantee: 2)])])
    let four = try scheduler.shape(Shape(tasks: 1, gpusPerTask: 4, models: [model]))
    let one = try scheduler.shape(Shape(tasks: 1, gpusPerTask: 1, models: [model]))
    let borrower = try scheduler.submit(
      JobSpec(pool: PoolIndex(0), shape: four, preemptible: true))
    // The pool's first asks for more than its guarantee, and so comes after the borrower.
    _ = try scheduler.submit(
      JobSpec(pool: PoolIndex(1), shape: four, priority: 1, preemptible: true))
    let small = try scheduler.submit(
      JobSpec(pool: PoolIndex(1), shape: one, preemptible: true))
    let decision = scheduler.cycle()
    #expect(decision.starts.map(\.job) == [small])
    #expect(decision.evictions.isEmpty && decision.notices.isEmpty)
    let isSettled = scheduler.isSettled
    #expect(isSettled)
    guard case .capacity(let shortage) = try scheduler.reason(of: borrower) else {
      Issue.record("the borrower waits for room, as if it had never begun")
      return
    }
    #expect(shortage.needed == 4_000 && shortage.free == 3_000)
    let breaches = scheduler.audit() + scheduler.audit(decision)
    #expect(breaches.isEmpty, "\(breaches)")
  }

  /// Two of a pool that is due nothing leave for a pair, which is taken back for one that only
  /// needs the room of one of them.
  @Test func `who left for a start that was taken back runs on, or leaves for the other`() throws {
    let model = ModelIndex(0)
    var scheduler = try Scheduler(
      clusters: [
        ClusterSpec(model: model, blocks: 1, racksPerBlock: 1, nodesPerRack: 2, gpusPerNode: 2)
      ], models: 1,
      pools: [
        PoolSpec(priority: 1), PoolSpec(quotas: [Quota(guarantee: 1)]), PoolSpec(), PoolSpec(),
      ], now: 100)
    func spec(_ pool: Int, _ gpus: Int32, priority: Int32 = 0) throws -> JobSpec {
      let shape = try scheduler.shape(Shape(tasks: 1, gpusPerTask: gpus, models: [model]))
      return JobSpec(
        pool: PoolIndex(pool), shape: shape, walltime: 1_000, priority: priority,
        preemptible: pool != 3)
    }
    _ = try scheduler.adopt(spec(3, 2), on: [(NodeIndex(1), 1)], startedAt: 0)
    let running = try (0..<2).map { _ in
      try scheduler.adopt(spec(2, 1), on: [(NodeIndex(0), 1)], startedAt: 0)
    }
    let pair = try scheduler.submit(spec(0, 2))
    // The pool's first asks for more than it is due, and so comes after the pair.
    _ = try scheduler.submit(spec(1, 4, priority: 1))
    let small = try scheduler.submit(spec(1, 1))
    let decision = scheduler.cycle()
    #expect(decision.starts.map(\.job) == [small])
    #expect(decision.evictions.map(\.beneficiary) == [small] && decision.notices.isEmpty)
    let staying = running.filter { $0 != decision.evictions.first?.job }
    #expect(staying.count == 1)
    for job in staying {
      let (state, began) = (scheduler.state(of: job), scheduler.startedAt(job))
      #expect(state == .running && began == 0)
    }
    let waits = scheduler.state(of: pair) == .waiting
    #expect(waits)
    let breaches = scheduler.audit() + scheduler.audit(decision)
    #expect(breaches.isEmpty, "\(breaches)")
    try scheduler.advance(to: 101)
    let isQuiet = scheduler.cycle().isEmpty
    #expect(isQuiet)
  }

  @Test(arguments: [false, true])
  func `only the over-served give, nobody for nothing, and nothing goes round`(
    parts: Bool
  ) throws {
    var evictions = 0
    var proofs = 0
    try seeds(parts ? 400 : 600) { seed, random in
      var world = RandomWorld(&random, parts: parts)
      while world.models != 1 { world = RandomWorld(&random, parts: parts) }
      world.policy.reclaim = true
      if world.policy.backfill == .none { world.policy.backfill = .easy }
      var scheduler = try world.scheduler()
      var book = Book(world)
      for step in 0..<25 {
        try event(&scheduler, world, &book, &random)
        var quiet = false
        // At one moment with nothing new, decisions come to an end.
        for _ in 0..<40 where !quiet {
          let decision = scheduler.cycle()
          evictions += decision.evictions.count
          let faults =
            try book.tell(decision, &scheduler)
            + (scheduler.audit() + scheduler.audit(decision)).map(\.description)
          #expect(faults.isEmpty, "SEED=\(seed) step \(step): \(faults)")
          if !faults.isEmpty { return }
          quiet = decision.isEmpty
        }
        #expect(quiet, "SEED=\(seed) step \(step): it goes round")
        let beyond = try book.beyondLimits(&scheduler)
        #expect(beyond.isEmpty, "SEED=\(seed) step \(step): \(beyond)")
        let starved = try book.starved(&scheduler)
        #expect(starved.isEmpty, "SEED=\(seed) step \(step): \(starved)")
        let (proved, wrong) = try book.wrongProofs(&scheduler)
        proofs += proved
        #expect(wrong.isEmpty, "SEED=\(seed) step \(step): \(wrong)")
        if !quiet || !beyond.isEmpty || !starved.isEmpty || !wrong.isEmpty { return }
      }
    }
    print("\(evictions) evictions told again, \(proofs) proofs tried")
    if !repeatsOneSeed { #expect(evictions > 100 && proofs > 10) }
  }

  private func event(
    _ scheduler: inout Scheduler, _ world: RandomWorld, _ book: inout Book,
    _ random: inout Seeded
  ) throws {
    let leaves = world.pools.indices.filter { pool in
      !world.pools.contains { $0.parent == PoolIndex(pool) }
    }
    if random.chance(40) {
      try scheduler.advance(to: scheduler.now + Tick(random.draw(1...20)))
      if let job = book.running.randomElement(using: &random) {
        try scheduler.finish(job, at: scheduler.now)
        book.running.removeAll { $0 == job }
      }
      return
    }
    // Who was told to start may be asked at the next moment.
    try scheduler.advance(to: scheduler.now + 1)
    for _ in 0..<random.draw(1...5) {
      let shape = world.shape(&random)
      var spec = world.job(try scheduler.shape(shape), scheduler.now, &random)
      spec.pool = PoolIndex(random.pick(leaves))
      (spec.notice, spec.notBefore) = (0, 0)
      let job = try scheduler.submit(spec)
      book.specs[job] = (spec, shape)
    }
  }
}

/// What the decisions say, added up by other means than the scheduler's.
struct Book {
  let world: RandomWorld
  var running: [JobIndex] = []
  var specs: [JobIndex: (JobSpec, Shape)] = [:]
  private var placed: [JobIndex: [Placed]] = [:]
  /// Who came by others' leaving, and whether within its guarantee.
  private var byRight: [JobIndex: Bool] = [:]

  init(_ world: RandomWorld) { self.world = world }

  private func path(_ pool: PoolIndex) -> [PoolIndex] {
    var path = [pool]
    while let parent = world.pools[path[path.count - 1].int].parent { path.append(parent) }
    return path
  }

  private func gpus(_ job: JobIndex) -> Int64 { specs[job].map(\.1.milli) ?? 0 }

  private func used(_ pool: PoolIndex) -> Int64 {
    running.reduce(0) { sum, job in
      guard let spec = specs[job]?.0, path(spec.pool).contains(pool) else { return sum }
      return sum + gpus(job)
    }
  }

  /// Tells one decision; what was wrong with it.
  mutating func tell(_ decision: Decision, _ scheduler: inout Scheduler) throws -> [String] {
    var figures: [PoolFigures] = []
    for pool in world.pools.indices {
      figures.append(try scheduler.figures(of: PoolIndex(pool), ModelIndex(0)))
    }
    var faults: [String] = []
    for start in decision.starts {
      let victims = decision.evictions.filter { $0.beneficiary == start.job }.map(\.job)
        .sorted { (gpus($0), $0) < (gpus($1), $1) }
      let total = victims.reduce(Int64(0)) { $0 + gpus($1) }
      if !victims.isEmpty {
        // Where room is kept in time, a victim may have left so that it stays kept, and the book
        // only knows the present.
        if decision.reservations.isEmpty { faults += needless(victims, start.job, scheduler) }
        let isWithin = path(spec(start.job).pool).allSatisfy {
          used($0) + gpus(start.job) <= figures[$0.int].guarantee
        }
        if total > gpus(start.job) * world.policy.evictedPerRequested, !isWithin {
          faults.append("\(total) evicted for \(gpus(start.job))")
        }
      }
      let rights = victims.map { right(of: start.job, against: $0, figures) }
      for (victim, right) in zip(victims, rights) {
        if !right.share || !mayGive(victim, to: start.job, figures, \.due) {
          if !right.guarantee || !mayGive(victim, to: start.job, figures, \.guarantee) {
            faults.append("job \(victim.value) gives to \(start.job.value) without owing it")
          }
        }
        running.removeAll { $0 == victim }
        placed[victim] = nil
        byRight[victim] = nil
      }
      if !victims.isEmpty {
        let pool = spec(start.job).pool
        byRight[start.job] = used(pool) + gpus(start.job) <= figures[pool.int].guarantee
      }
      running.append(start.job)
      placed[start.job] = scheduler.placement(of: start.job)
    }
    return faults
  }

  private func spec(_ job: JobIndex) -> JobSpec {
    guard let spec = specs[job]?.0 else { preconditionFailure("every job was submitted here") }
    return spec
  }

  /// The parts of two ways up that lie below the lowest common ancestor.
  private func sides(_ a: JobIndex, _ b: JobIndex) -> ([PoolIndex], [PoolIndex]) {
    let (x, y) = (path(spec(a).pool), path(spec(b).pool))
    return (x.filter { !y.contains($0) }, y.filter { !x.contains($0) })
  }

  private func right(
    of taker: JobIndex, against giver: JobIndex, _ figures: [PoolFigures]
  ) -> (share: Bool, guarantee: Bool) {
    let (mine, _) = sides(taker, giver)
    func within(_ bound: KeyPath<PoolFigures, Int64>) -> Bool {
      mine.allSatisfy { used($0) + gpus(taker) <= figures[$0.int][keyPath: bound] }
    }
    return (within(\.due) && !mine.isEmpty, within(\.guarantee) && !mine.isEmpty)
  }

  private func mayGive(
    _ giver: JobIndex, to taker: JobIndex, _ figures: [PoolFigures],
    _ bound: KeyPath<PoolFigures, Int64>
  ) -> Bool {
    let (_, theirs) = sides(taker, giver)
    return spec(giver).preemptible && !theirs.isEmpty
      && !isSafe(giver, figures, isGuarantee: bound == \.guarantee)
      && theirs.allSatisfy { used($0) > figures[$0.int][keyPath: bound] }
  }

  /// Whether it came by right, and its pool's jobs that did are within what is due still.
  private func isSafe(
    _ job: JobIndex, _ figures: [PoolFigures], isGuarantee: Bool
  ) -> Bool {
    guard let isWithin = byRight[job] else { return false }
    let pool = spec(job).pool
    let mates = running.filter { spec($0).pool == pool && byRight[$0] != nil }
    let all = mates.reduce(Int64(0)) { $0 + gpus($1) }
    let within = mates.reduce(Int64(0)) { $0 + (byRight[$1] == true ? gpus($1) : 0) }
    if isWithin, within <= figures[pool.int].guarantee { return true }
    return !isGuarantee && all <= figures[pool.int].due
  }

  /// Victims without whom the others would have made the same room.
  private func needless(
    _ victims: [JobIndex], _ taker: JobIndex, _ scheduler: borrowing Scheduler
  ) -> [String] {
    var faults: [String] = []
    let others = running.filter { !victims.contains($0) }
    guard let shape = specs[taker]?.1 else { preconditionFailure("it was submitted here") }
    var tasks: [NodeIndex: Int32] = [:]
    for place in scheduler.placement(of: taker) { tasks[place.node, default: 0] += place.tasks }
    for victim in victims {
      let left = left(beside: others + [victim], scheduler)
      // The very room that was taken must need every victim.
      let fits = tasks.allSatisfy { node, tasks in
        let here = left[scheduler.declaredPlace(of: node)] ?? Oracle.Left(gpus: 0)
        if shape.gpusPerTask > 0 { return here.gpus >= Int(tasks * shape.gpusPerTask) }
        let milli = Int(shape.gpuMilliPerTask)
        let held = here.parts.reduce(here.gpus * (1_000 / milli)) { $0 + $1 / milli }
        return held >= Int(tasks)
      }
      if fits, !hasLimits {
        faults.append("job \(victim.value) left for nothing")
      }
    }
    return faults
  }

  /// What is left of each node, by its place as declared, beside jobs that run.
  private func left(
    beside jobs: [JobIndex], _ scheduler: borrowing Scheduler
  ) -> [Int: Oracle.Left] {
    var left: [Int: Oracle.Left] = [:]
    for node in 0..<scheduler.nodeCount {
      let place = scheduler.declaredPlace(of: NodeIndex(node))
      left[place] = Oracle.Left(gpus: scheduler.gpus(of: NodeIndex(node)))
    }
    var shared: [Int: [Int: Int]] = [:]
    for place in jobs.flatMap({ placed[$0] ?? [] }) {
      let node = scheduler.declaredPlace(of: place.node)
      left[node]?.gpus -= Int(place.gpus)
      if let device = place.device {
        shared[node, default: [:]][device, default: 1_000] -= Int(place.milli)
      }
    }
    for (node, devices) in shared {
      left[node]?.gpus -= devices.count
      left[node]?.parts = devices.values.sorted()
    }
    return left
  }

  /// Where pools limit what they lend, a victim may have left for a right and not for room, and the
  /// book doesn't know.
  private var hasLimits: Bool {
    world.pools.contains { $0.quotas[0].lend != nil || $0.quotas[0].borrow != nil }
  }

  /// What pools use beyond what they may: their guarantee and borrowing limit; what pools below the
  /// root keep for themselves; and, by jobs that cannot be reclaimed, what others are guaranteed.
  func beyondLimits(_ scheduler: inout Scheduler) throws -> [String] {
    var faults: [String] = []
    var (kept, promised) = (Int64(0), Int64(0))
    for (index, spec) in world.pools.enumerated() {
      let pool = PoolIndex(index)
      let figures = try scheduler.figures(of: pool, ModelIndex(0))
      let uses = used(pool)
      if uses != figures.used { faults.append("pool \(index) uses \(uses), not \(figures.used)") }
      if let borrow = spec.quotas[0].borrow, uses > figures.guarantee + borrow * 1_000 {
        faults.append("pool \(index) borrows \(uses - figures.guarantee)")
      }
      guard spec.parent == nil else { continue }
      let lend = spec.quotas[0].lend.map { $0 * 1_000 } ?? figures.guarantee
      kept += max(uses, figures.guarantee - lend)
      let fixed = running.reduce(Int64(0)) { sum, job in
        let isCounted = path(self.spec(job).pool).contains(pool) && !self.spec(job).preemptible
        return isCounted ? sum + gpus(job) : sum
      }
      promised += max(fixed, figures.guarantee)
    }
    let capacity = scheduler.capacity(ModelIndex(0)) * 1_000
    if promised > capacity { faults.append("\(promised) guaranteed or fixed of \(capacity)") }
    if kept > capacity { faults.append("\(kept) used or kept of \(capacity)") }
    return faults
  }

  /// Jobs of one GPU within every guarantee above them that wait while somebody borrows, may be
  /// asked, and would make room.
  func starved(_ scheduler: inout Scheduler) throws -> [String] {
    var figures: [PoolFigures] = []
    for pool in world.pools.indices {
      figures.append(try scheduler.figures(of: PoolIndex(pool), ModelIndex(0)))
    }
    var faults: [String] = []
    for (job, known) in specs.sorted(by: { $0.key < $1.key })
    where scheduler.state(of: job) == .waiting && known.1.milli == 1_000 && known.0.preemptible {
      guard case .unconstrained = known.1.topology else { continue }
      let reason = try scheduler.reason(of: job)
      if [.quota, .shape, .turn].contains(reason.tier) { continue }
      guard
        path(known.0.pool).allSatisfy({
          used($0) + gpus(job) <= figures[$0.int].guarantee
        })
      else { continue }
      for other in running {
        let hasRunEnough =
          scheduler.now - scheduler.startedAt(other) >= longestMinRunTime(spec(other))
        // A part of a device that leaves need not make room for a whole one.
        guard hasRunEnough, specs[other]?.1.gpuMilliPerTask == 0,
          right(of: job, against: other, figures).guarantee,
          mayGive(other, to: job, figures, \.guarantee)
        else { continue }
        faults.append("job \(job.value) waits (\(reason)) and \(other.value) borrows")
        break
      }
    }
    return faults
  }

  /// Waiting jobs of which it is said to be proved that nobody who may be asked could make room,
  /// and those for which taking off everybody who may be asked would.
  func wrongProofs(_ scheduler: inout Scheduler) throws -> (proved: Int, wrong: [String]) {
    var figures: [PoolFigures] = []
    for pool in world.pools.indices {
      figures.append(try scheduler.figures(of: PoolIndex(pool), ModelIndex(0)))
    }
    var (proved, wrong) = (0, [String]())
    for (job, known) in specs.sorted(by: { $0.key < $1.key })
    where scheduler.state(of: job) == .waiting {
      guard case .capacity(let shortage) = try scheduler.reason(of: job) else { continue }
      switch shortage.reclaim {
      case .tooLittle, .noPart: break
      default: continue
      }
      proved += 1
      let staying = running.filter { other in
        let ran = scheduler.now - scheduler.startedAt(other)
        let right = right(of: job, against: other, figures)
        let mayBeAsked =
          (right.share && mayGive(other, to: job, figures, \.due))
          || (right.guarantee && mayGive(other, to: job, figures, \.guarantee))
        return !mayBeAsked || ran < longestMinRunTime(spec(other))
      }
      let left = left(beside: staying, scheduler)
      let declared = world.clusters.indices.map { cluster in
        world.clusters[..<cluster].reduce(0) { $0 + $1.nodes.count }
      }
      let none = Oracle.Left(gpus: 0)
      if Oracle.fits(known.1, world.clusters, left: { left[declared[$0] + $1] ?? none }) {
        wrong.append("job \(job.value): \(shortage)")
      }
    }
    return (proved, wrong)
  }

  private func longestMinRunTime(_ spec: JobSpec) -> Tick {
    path(spec.pool).reduce(max(1, spec.minRunTime)) { max($0, world.pools[$1.int].minRunTime ?? 0) }
  }
}

extension PoolFigures {
  fileprivate var due: Int64 { max(share, guarantee) }
}
