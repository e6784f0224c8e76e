/// When a job could begin, and where.
struct Plan {
  var from: Tick
  /// Nothing where they are there, and need not be known yet.
  var places: [Place]?
}

/// What was found out in a pass of when a shape has room on a model: never; or, for who runs no
/// shorter than `walltime`, not before `from`.
struct PlannedShape: Sendable {
  var isNever = false
  var walltime = Tick.max
  var from = Tick.min
  /// The model's `gains` then: what becomes free may change it.
  var gains: UInt64 = .max
}

/// Room in the time to come: when could a waiting job begin, and what is kept for it.
extension Scheduler {
  /// Begins a pass: only maintenance and reservations are held.
  mutating func beginHolds() {
    holds.removeAll()
    promise = nil
    holds.start = now
    holds.windows.settle(fleet.topology)
  }

  /// Keeps room for a job that could not start for want of it, as far as the policy does so, on the
  /// model that will have it first; whoever gets none takes nobody's place. Without backfill
  /// nothing of its models starts after it.
  ///
  /// Gives the reason, which is the deadline where all room there will be comes too late for it.
  mutating func reserve(
    _ job: Int32, _ shape: Shape, _ reason: WaitReason, _ decision: inout Decision
  ) -> WaitReason {
    guard [.capacity, .turn, .exhausted].contains(reason.tier) else { return reason }
    var best: (plan: Plan, model: Int)?
    var tooLate: Tick?
    for model in shape.models where isOnlyShortOfRoom(job, shape, model.int) {
      if policy.backfill == .none {
        scratch.blockedBy[model.int] = job
        continue
      }
      guard scratch.reserved[model.int] < policy.backfill.depth else { continue }
      switch plannedInTime(job, shape, model.int) {
      case .never: break
      case .tooLate(let end): tooLate = min(tooLate ?? .max, end)
      case .plan(let plan):
        if let known = best, known.plan.from <= plan.from { continue }
        best = (plan, model.int)
      }
    }
    guard let best else {
      return tooLate.map { .gate(.deadline(jobs[Int(job)].deadline, earliestEnd: $0)) } ?? reason
    }
    scratch.reserved[best.model] += 1
    let made = Promise(
      job: job, question: Ask(shape, model: best.model, until: 0), from: best.plan.from)
    if let places = best.plan.places {
      hold(made, places)
    } else {
      promise = made
      holds.foretell(best.model, from: made.from)
    }
    decision.reservations.append(
      Decision.Reservation(job: JobIndex(Int(job)), from: made.from))
    return reason
  }

  private enum PlanInTime {
    case plan(Plan)
    /// It would end then, after its deadline.
    case tooLate(Tick)
    case never
  }

  /// A plan that meets the job's deadline. What was found of a shape is not looked for twice in a
  /// pass: room that never comes, or not before a moment, comes no sooner for who runs as long.
  private mutating func plannedInTime(_ job: Int32, _ shape: Shape, _ model: Int) -> PlanInTime {
    let row = jobs[Int(job)]
    let walltime = plannedWalltime(row.walltime)
    let at = Int(row.shape) * pools.models + model
    while scratch.planned.count <= at { scratch.planned.append(PlannedShape()) }
    let known = scratch.planned[at]
    if known.isNever, known.gains == fleet.gains[model] { return .never }
    if known.walltime <= walltime, known.gains == fleet.gains[model],
      known.from + walltime > row.deadline
    {
      return .tooLate(known.from + walltime)
    }
    guard let plan = plan(job, shape, model) else {
      scratch.planned[at] = PlannedShape(isNever: true, gains: fleet.gains[model])
      return .never
    }
    guard plan.from + walltime > row.deadline else { return .plan(plan) }
    scratch.planned[at] = PlannedShape(
      walltime: walltime, from: plan.from, gains: fleet.gains[model])
    return .tooLate(plan.from + walltime)
  }

  /// Keeps the places of a promise.
  mutating func hold(_ promise: Promise, _ places: [Place]) {
    let row = jobs[Int(promise.job)]
    let shape = shapes.shapes[Int(row.shape)]
    for place in places {
      let (freed, staying) = leftBehind(Int(place.node), by: promise.from)
      holds.add(
        node: Int(place.node), model: promise.question.model,
        gpus: Int(place.tasks * shape.gpusPerTask), device: place.device,
        milli: place.tasks * shape.gpuMilliPerTask, from: promise.from,
        until: promise.from + plannedWalltime(row.walltime), freedBefore: freed,
        staying: staying, job: promise.job)
    }
  }

  /// GPUs of a node whose jobs will have ended by a moment, and what parts have of its devices that
  /// stay.
  private func leftBehind(_ node: Int, by moment: Tick) -> (freed: Int, SIMD32<Int16>) {
    var freed = 0
    var staying = SIMD32<Int16>.zero
    var at = residences.firstOnNode[node]
    while at >= 0 {
      let row = residences.rows[Int(at)]
      if max(jobs[Int(row.job)].endsBy, now + 1) <= moment {
        freed += Int(row.gpus)
      } else if row.device >= 0 {
        staying[Int(row.device)] += row.milli
      }
      at = row.nextOnNode
    }
    return (freed + (fleet.room(node).opened & ~Room.bits(staying)).nonzeroBitCount, staying)
  }
}
