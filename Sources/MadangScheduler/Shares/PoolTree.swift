/// The pools as a tree of columns.
///
/// Node 0 is the *root*: the whole capacity. Pool `p` is node `p + 1`. A pool that has pools below
/// it gets one more child, its *own*: the jobs given to it directly, guaranteed what is left of its
/// guarantee when its children's are taken off. So jobs are only ever in leaves, and one rule
/// serves all of them.
///
/// Amounts are milli-GPUs, in rows of `models` for each node; they are promised by whole GPUs.
struct PoolTree: Sendable {
  let models: Int
  let pools: Int
  private(set) var parent: [Int32] = [-1]
  private(set) var depth: [Int8] = [0]
  private(set) var children: [[Int32]] = [[]]
  private(set) var weight: [Int64] = [1]
  private(set) var priority: [Int32] = [0]
  private(set) var minRunTime: [Tick?] = [nil]
  /// Whether those right below go by submission, and not by what they are due.
  private(set) var bySubmission: [Bool] = [false]
  /// The leaf that holds a pool's own jobs.
  private(set) var leafOfPool: [Int32] = []
  /// The pool that a node stands for; −1 for the root.
  private(set) var poolOfNode: [Int32] = [-1]

  /// As set; in force is `guarantee`, which is less where the capacity fell below.
  var setGuarantee: [Int64]
  private(set) var borrow: [Int64]
  private(set) var lend: [Int64]
  static let unlimited: Int64 = 1 << 50
  /// Milli-GPUs in the unit that is divided.
  static let unit: Int64 = 1_000

  var guarantee: [Int64]
  var share: [Int64]
  /// What could be used: running and waiting, within the limits below and of the node itself.
  var demand: [Int64]
  /// What runs, subtree and all; of it, what cannot be reclaimed; and what waits, by its first
  /// model.
  private(set) var used: [Int64]
  private(set) var fixed: [Int64]
  private(set) var waiting: [Int64]
  /// For leaves: of what runs, what came to run by right, within the guarantee or within what was
  /// due (see `StartRight`).
  private(set) var byGuarantee: [Int64]
  private(set) var byRight: [Int64]
  /// Of what is used, what began in the decision that is being made; zeros between decisions.
  private(set) var fresh: [Int64]
  /// GPU-ticks used, decayed; orders siblings.
  var usage: [Int64]
  /// Milli-GPU-ticks that have not become a whole GPU-tick yet.
  var usageRest: [Int64]
  /// Whether a whole period of such use leaves past use as it was, since what comes is forgotten.
  var isSteady = false
  /// 260,000 GPUs for a century of microseconds would be more; by then it is forgotten.
  static let usageMax: Int64 = 1 << 60
  /// The lending algebra over `used` and over `fixed`; see `QuotaAlgebra`.
  var lending: QuotaAlgebra
  var fixing: QuotaAlgebra
  /// Raised whenever use or guarantees in force change.
  var version = 0
  /// For each model, whether demand changed since the shares were divided.
  var demandChanged: [Bool]
  /// For each model, whether shares must be divided anew whatever became of the demand.
  var sharesStale: [Bool]
  /// Milli-GPU-ticks left to promise; `noBudget` for no budget.
  var budget: [Int128]
  static let noBudget: Int128 = 1 << 100

  var nodeCount: Int { parent.count }

  init(_ specs: [PoolSpec], models: Int) {
    self.models = models
    pools = specs.count
    var quotas: [[Quota]] = [[]]
    var usage: [[Int64]] = [[]]
    var budget: [[Int64?]] = [[]]
    for (index, spec) in specs.enumerated() {
      let above = spec.parent.map { $0.value + 1 } ?? 0
      parent.append(above)
      children[Int(above)].append(Int32(index + 1))
      children.append([])
      depth.append(depth[Int(above)] + 1)
      weight.append(spec.weight)
      priority.append(spec.priority)
      minRunTime.append(spec.minRunTime)
      bySubmission.append(spec.order == .submission)
      poolOfNode.append(Int32(index))
      leafOfPool.append(Int32(index + 1))
      quotas.append(spec.quotas)
      usage.append(spec.usage)
      budget.append(spec.budget)
    }
    for pool in 0..<specs.count where !children[pool + 1].isEmpty {
      let own = Int32(parent.count)
      parent.append(Int32(pool + 1))
      children[pool + 1].insert(own, at: 0)
      children.append([])
      depth.append(depth[pool + 1] + 1)
      weight.append(1)
      priority.append(0)
      minRunTime.append(nil)
      bySubmission.append(false)
      poolOfNode.append(Int32(pool))
      leafOfPool[pool] = own
      var remainder = (0..<models).map { quotas[pool + 1].at($0).guarantee }
      for child in children[pool + 1].dropFirst() {
        for model in 0..<models { remainder[model] -= quotas[Int(child)].at(model).guarantee }
      }
      quotas.append(remainder.map { Quota(guarantee: $0) })
      usage.append([])
      budget.append([])
    }
    let count = parent.count * models
    setGuarantee = quotas.flatMap { row in (0..<models).map { row.at($0).guarantee * PoolTree.unit }
    }
    borrow = quotas.flatMap { row in
      (0..<models).map { row.at($0).borrow.map { $0 * PoolTree.unit } ?? PoolTree.unlimited }
    }
    lend = quotas.flatMap { row in
      (0..<models).map { row.at($0).lend.map { $0 * PoolTree.unit } ?? PoolTree.unlimited }
    }
    self.usage = usage.flatMap { row in (0..<models).map { $0 < row.count ? row[$0] : 0 } }
    self.budget = budget.flatMap { row in
      (0..<models).map { PoolTree.budget($0 < row.count ? row[$0] : nil) }
    }
    let zeros = [Int64](repeating: 0, count: count)
    (guarantee, share, demand) = (setGuarantee, zeros, zeros)
    (used, fixed, waiting) = (zeros, zeros, zeros)
    (byGuarantee, byRight, fresh) = (zeros, zeros, zeros)
    usageRest = zeros
    lending = QuotaAlgebra(count: count)
    fixing = QuotaAlgebra(count: count)
    demandChanged = Array(repeating: true, count: models)
    sharesStale = demandChanged
  }

  /// A budget of whole GPU-ticks, or none, as it is kept.
  static func budget(_ ticks: Int64?) -> Int128 {
    ticks.map { Int128($0) * Int128(unit) } ?? noBudget
  }

  /// Whole GPU-ticks, for people.
  static func ticks(atMost milli: Int128) -> Int64 {
    let (whole, rest) = milli.quotientAndRemainder(dividingBy: Int128(unit))
    return Int64(clamping: rest < 0 ? whole - 1 : whole)
  }

  static func ticks(atLeast milli: Int128) -> Int64 {
    let (whole, rest) = milli.quotientAndRemainder(dividingBy: Int128(unit))
    return Int64(clamping: rest > 0 ? whole + 1 : whole)
  }

  func at(_ node: Int, _ model: Int) -> Int { node * models + model }

  /// What is due: the share, or the guarantee where that is more.
  func due(_ at: Int) -> Int64 { max(share[at], guarantee[at]) }

  func isLeaf(_ node: Int) -> Bool { children[node].isEmpty }

  /// Adds to what waits in a leaf, on the way up to the root. O(depth).
  mutating func addWaiting(_ leaf: Int, _ model: Int, _ gpus: Int64) {
    var node = Int32(leaf)
    while node >= 0 {
      waiting[Int(node) * models + model] += gpus
      node = parent[Int(node)]
    }
    demandChanged[model] = true
  }

  /// Adds to what runs in a leaf; `fixed` where it cannot be reclaimed. O(depth).
  mutating func addUsed(_ leaf: Int, _ model: Int, _ gpus: Int64, fixed isFixed: Bool) {
    var node = Int32(leaf)
    while node >= 0 {
      used[Int(node) * models + model] += gpus
      if isFixed { fixed[Int(node) * models + model] += gpus }
      node = parent[Int(node)]
    }
    lending.add(leaf, model, gpus, parent: parent, models: models)
    if isFixed { fixing.add(leaf, model, gpus, parent: parent, models: models) }
    demandChanged[model] = true
    isSteady = false
    version += 1
  }

  /// Adds to what runs, for a trial: the shares stay as they are. O(depth).
  mutating func move(_ leaf: Int, _ model: Int, _ gpus: Int64, fixed isFixed: Bool) {
    let (before, wasSteady) = (demandChanged[model], isSteady)
    addUsed(leaf, model, gpus, fixed: isFixed)
    (demandChanged[model], isSteady) = (before, wasSteady)
  }

  /// Adds to what began in this decision. O(depth).
  mutating func countFresh(_ leaf: Int, _ model: Int, _ gpus: Int64) {
    var node = Int32(leaf)
    while node >= 0 {
      fresh[Int(node) * models + model] += gpus
      node = parent[Int(node)]
    }
  }

  /// Adds to what runs by right, where the job does. O(1).
  mutating func countRight(_ row: JobRow, _ gpus: Int64) {
    if row.right == .none { return }
    let at = at(Int(row.leaf), Int(row.model))
    byRight[at] += gpus
    if row.right == .guarantee { byGuarantee[at] += gpus }
  }

  /// A waiting job runs: what it was counted with while it waited becomes use. O(depth).
  mutating func start(
    _ leaf: Int, waitingFor first: Int, _ asked: Int64, on model: Int, _ gpus: Int64,
    fixed isFixed: Bool
  ) {
    // On its first model the demand stays what it was, and so do the shares.
    let (before, beforeOn) = (demandChanged[first], demandChanged[model])
    addWaiting(leaf, first, -asked)
    addUsed(leaf, model, gpus, fixed: isFixed)
    if first == model, asked == gpus {
      (demandChanged[first], demandChanged[model]) = (before, beforeOn)
    }
  }

  /// The nearest node above both.
  func commonAncestor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while a != b {
      if depth[a] >= depth[b] { a = Int(parent[a]) } else { b = Int(parent[b]) }
    }
    return a
  }

  /// The node on the way from `node` up that stands just below `ancestor`; `node` above all of it.
  func child(of ancestor: Int, towards node: Int) -> Int {
    var node = node
    while parent[node] != Int32(ancestor), node != ancestor { node = Int(parent[node]) }
    return node
  }
}

extension [Quota] {
  fileprivate func at(_ model: Int) -> Quota { model < count ? self[model] : .none }
}
