/// Whether a job may start on a model, room aside: gate, budget, quota. In this order.
extension Scheduler {
  func permission(_ job: Int32, _ shape: Shape, _ model: Int) -> WaitReason? {
    let row = jobs[Int(job)]
    let walltime = plannedWalltime(row.walltime)
    if row.deadline < .max, now + walltime > row.deadline {
      return .gate(.deadline(row.deadline, earliestEnd: now + walltime))
    }
    let amount = shape.milli
    var node = Int(row.leaf)
    while node > 0 {
      let left = pools.budget[pools.at(node, model)]
      if left < PoolTree.noBudget {
        let needed = Int128(amount) * Int128(walltime)
        if needed > left {
          return .budget(
            pool: pool(node), model: ModelIndex(model), needed: PoolTree.ticks(atLeast: needed),
            left: PoolTree.ticks(atMost: left))
        }
      }
      node = Int(pools.parent[node])
    }
    return quota(row, amount, model)
  }

  func quota(_ row: JobRow, _ amount: Int64, _ model: Int) -> WaitReason? {
    var node = Int(row.leaf)
    while node > 0 {
      let at = pools.at(node, model)
      let left = pools.guarantee[at] + pools.borrow[at] - pools.used[at]
      if pools.borrow[at] < PoolTree.unlimited, amount > left {
        return .quota(
          .limit(pool: pool(node), model: ModelIndex(model), asked: amount, left: max(0, left)))
      }
      node = Int(pools.parent[node])
    }
    if !row.preemptible {
      let left = pools.fixing.available(Int(row.leaf), model, pools, borrows: false)
      if amount > left {
        return .quota(
          .guaranteedToOthers(model: ModelIndex(model), asked: amount, left: max(0, left)))
      }
    }
    let left = pools.lending.available(Int(row.leaf), model, pools, borrows: true)
    if amount > left {
      return .quota(
        .lent(
          pool: pool(Int(row.leaf)), model: ModelIndex(model), asked: amount, left: max(0, left)))
    }
    return nil
  }

  /// Whether a quota only refuses because the fleet is full: then it is room that is missing, and
  /// not a right.
  func isFullness(_ no: WaitReason, _ shape: Shape, _ model: Int) -> Bool {
    guard case .quota(let quota) = no else { return false }
    if case .limit = quota { return false }
    return pools.used[model] + shape.milli > pools.guarantee[model]
  }

  /// Whether a job may, or could if there were room.
  func isOnlyShortOfRoom(_ job: Int32, _ shape: Shape, _ model: Int) -> Bool {
    guard let no = permission(job, shape, model) else { return true }
    return isFullness(no, shape, model)
  }

  /// The pool of a node of the tree; nothing for the root.
  func pool(_ node: Int) -> PoolIndex? {
    pools.poolOfNode[node] < 0 ? nil : PoolIndex(Int(pools.poolOfNode[node]))
  }

  func shortage(_ shape: Shape, _ model: Int) -> WaitReason.Shortage {
    WaitReason.Shortage(
      model: ModelIndex(model), needed: shape.milli, free: fleet.freeGPUs(model) * PoolTree.unit,
      outOfService: (fleet.installed[model] - fleet.capacity[model]) * PoolTree.unit,
      reclaim: policy.reclaim ? .notNeeded : .off)
  }

  /// Charges a started job's forecast to the budgets above it.
  mutating func commitBudget(_ job: Int32, _ shape: Shape, _ model: Int) {
    let forecast = Int128(shape.milli) * Int128(plannedWalltime(jobs[Int(job)].walltime))
    changeBudget(Int(jobs[Int(job)].leaf), model, by: -forecast)
  }

  /// Gives back what a job did not use of its forecast.
  mutating func refundBudget(_ job: Int32, _ shape: Shape) {
    let row = jobs[Int(job)]
    changeBudget(
      Int(row.leaf), Int(row.model), by: Int128(shape.milli) * Int128(unusedForecast(row)))
  }

  /// Ticks of its walltime that a job has before it. Who is still to arrive has not begun: it was
  /// charged its walltime, and no more.
  func unusedForecast(_ row: JobRow) -> Tick {
    max(0, plannedWalltime(row.walltime) - max(0, now - row.startedAt))
  }

  mutating func changeBudget(_ leaf: Int, _ model: Int, by change: Int128) {
    var node = leaf
    while node > 0 {
      let at = pools.at(node, model)
      if pools.budget[at] < PoolTree.noBudget { pools.budget[at] += change }
      node = Int(pools.parent[node])
    }
  }
}

extension WaitReason {
  func isShortage(of model: ModelIndex) -> Bool {
    if case .capacity(let shortage) = self { return shortage.model == model }
    return false
  }
}

extension WaitReason.Tier {
  /// How far a question came before it got this answer.
  var progress: Int {
    switch self {
    case .none, .shape, .gate: 0
    case .budget: 1
    case .quota: 2
    case .capacity, .exhausted: 3
    case .turn: 4
    case .evicting: 5
    }
  }
}
