/// A promise that one pool gives another for a time.
public struct LendingSpec: Hashable, Sendable {
  public var lender: PoolIndex
  public var borrower: PoolIndex
  public var model: ModelIndex
  /// Whole GPUs of the lender's guarantee.
  public var gpus: Int64
  public var until: Tick
  /// From asking back until it ends.
  public var notice: Tick
  /// Whether it is asked back now: then it ends with its notice, if not before.
  public var isRecalled: Bool

  public init(
    lender: PoolIndex, borrower: PoolIndex, model: ModelIndex, gpus: Int64, until: Tick,
    notice: Tick = 0, isRecalled: Bool = false
  ) {
    self.lender = lender
    self.borrower = borrower
    self.model = model
    self.gpus = gpus
    self.until = until
    self.notice = notice
    self.isRecalled = isRecalled
  }
}

/// Lending contracts. While one runs, the guarantee is the borrower's, for every rule alike; when
/// it ends it is the lender's again, who has its GPUs back by reclaim, past the notice of the jobs.
extension Scheduler {
  /// Makes a contract.
  ///
  /// - Throws: `.outOfRange` where the lender's own guarantee, beyond what is guaranteed below
  ///   it, is less at any moment of the contract, as where what it borrowed itself goes back
  ///   before; or the end is not to come; `.unknownPool`, `.unknownModel`; `.lendingWithin`
  ///   where one pool stands above the other.
  public mutating func lend(_ spec: LendingSpec) throws(SchedulerRefusal) {
    for pool in [spec.lender, spec.borrower] where pool.int < 0 || pool.int >= pools.pools {
      throw .unknownPool(pool)
    }
    guard spec.model.int >= 0, spec.model.int < pools.models else {
      throw .unknownModel(spec.model)
    }
    try SetupCheck.range("until", spec.until, (now + 1)...SchedulerLimits.tickMax)
    try SetupCheck.range("notice", spec.notice, 0...SchedulerLimits.tickMax)
    var spec = spec
    // Without notice it ends at the next moment: what has ended already is no contract.
    if spec.isRecalled { spec.until = min(spec.until, now + max(1, spec.notice)) }
    let (lender, borrower) = (spec.lender.int + 1, spec.borrower.int + 1)
    let ancestor = pools.commonAncestor(lender, borrower)
    guard ancestor != lender, ancestor != borrower else { throw .lendingWithin(spec.borrower) }
    let own = leastOwnGuarantee(of: spec.lender, spec.model, until: spec.until)
    try SetupCheck.range("gpus", spec.gpus, min(1, own)...own)
    try SetupCheck.range("gpus", spec.gpus, 1...Int64.max)
    pools.shiftGuarantee(spec, back: false)
    fleet.capacityChanged[spec.model.int] = true
    lendings.append(spec)
    changed = true
  }

  /// The least, from now until a moment, of what is a pool's own to lend: less what it borrowed by
  /// contracts that end before, and more what comes back to it.
  private func leastOwnGuarantee(
    of pool: PoolIndex, _ model: ModelIndex, until: Tick
  ) -> Int64 {
    var own = pools.ownGuarantee(pool.int + 1, model.int) / PoolTree.unit
    var least = own
    let ends = lendings.filter { $0.model == model && $0.gpus > 0 && $0.until < until }
      .sorted { $0.until < $1.until }
    for (index, contract) in ends.enumerated() {
      if contract.borrower == pool { own -= contract.gpus }
      if contract.lender == pool { own += contract.gpus }
      // What ends at one moment ends together.
      let isLast = index + 1 == ends.count || contract.until < ends[index + 1].until
      if isLast { least = min(least, own) }
    }
    return max(0, least)
  }

  /// Ends the contracts whose time is over.
  mutating func endLendings() {
    for index in lendings.indices where lendings[index].gpus > 0 && lendings[index].until <= now {
      pools.shiftGuarantee(lendings[index], back: true)
      fleet.capacityChanged[lendings[index].model.int] = true
      lendings[index].gpus = 0
      changed = true
    }
  }
}

extension PoolTree {
  /// Of a node's guarantee, what is not guaranteed to a pool below it.
  func ownGuarantee(_ node: Int, _ model: Int) -> Int64 {
    if isLeaf(node) { return setGuarantee[at(node, model)] }
    return children[node].first.map { setGuarantee[at(Int($0), model)] } ?? 0
  }

  /// Moves a guarantee from the lender's way up to the borrower's, below their common ancestor.
  mutating func shiftGuarantee(_ spec: LendingSpec, back: Bool) {
    let amount = (back ? -spec.gpus : spec.gpus) * PoolTree.unit
    let (lender, borrower) = (spec.lender.int + 1, spec.borrower.int + 1)
    let ancestor = commonAncestor(lender, borrower)
    add(-amount, from: lender, upTo: ancestor, spec.model.int)
    add(amount, from: borrower, upTo: ancestor, spec.model.int)
  }

  private mutating func add(_ amount: Int64, from node: Int, upTo ancestor: Int, _ model: Int) {
    // A pool with pools below it keeps its promise to itself in its own leaf.
    if !isLeaf(node) { setGuarantee[at(Int(children[node][0]), model)] += amount }
    var node = node
    while node != ancestor {
      setGuarantee[at(node, model)] += amount
      node = Int(parent[node])
    }
  }
}
