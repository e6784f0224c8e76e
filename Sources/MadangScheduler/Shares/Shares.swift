/// From promises, demand and capacity to what is in force: guarantees, shares, limits.
extension PoolTree {
  /// Brings one model's figures up to date. O(pools).
  mutating func refresh(
    _ model: Int, capacity: Int64, capacityChanged: Bool, history: HistoryWeight
  ) {
    if capacityChanged || guarantee[model] != capacity * PoolTree.unit {
      scaleGuarantees(model, capacity * PoolTree.unit)
      version += 1
      // The algebra is rebuilt from a copy of itself: it reads the tree it is a part of.
      var (lending, fixing) = (self.lending, self.fixing)
      lending.set(self, model, lends: true, leafUsed: used)
      fixing.set(self, model, lends: false, leafUsed: fixed)
      (self.lending, self.fixing) = (lending, fixing)
      sharesStale[model] = true
    }
    if demandChanged[model] || sharesStale[model] {
      let matters = sumDemand(model)
      if matters || sharesStale[model] || history.numerator > 0 { divide(model, history) }
      demandChanged[model] = false
      sharesStale[model] = false
    }
  }

  private mutating func scaleGuarantees(_ model: Int, _ capacity: Int64) {
    guarantee[model] = capacity
    for node in 0..<nodeCount where !isLeaf(node) {
      let promised = children[node].map { setGuarantee[at(Int($0), model)] }
      let scaled = Division.scaled(
        promised, to: guarantee[at(node, model)], unit: PoolTree.unit)
      for (index, child) in children[node].enumerated() {
        guarantee[at(Int(child), model)] = scaled[index]
      }
    }
  }

  /// The most a node could use: its limit on what it and all below want. Whether the shares depend
  /// on what changed: who wanted more than its share before, and does now, gets the same.
  private mutating func sumDemand(_ model: Int) -> Bool {
    var matters = false
    for node in stride(from: nodeCount - 1, through: 0, by: -1) {
      let at = at(node, model)
      var sum: Int64 = 0
      if isLeaf(node) {
        sum = used[at] + waiting[at]
      } else {
        for child in children[node] { sum += demand[Int(child) * models + model] }
      }
      let new = node == 0 ? sum : min(sum, guarantee[at] + borrow[at])
      if new != demand[at], node > 0, min(new, demand[at]) < share[at] + PoolTree.unit {
        matters = true
      }
      demand[at] = new
    }
    return matters
  }

  private mutating func divide(_ model: Int, _ history: HistoryWeight) {
    share[model] = guarantee[model]
    for node in 0..<nodeCount where !isLeaf(node) {
      let shares = divided(node, model, share[at(node, model)], history, infinite: nil)
      for (index, child) in children[node].enumerated() {
        share[at(Int(child), model)] = shares[index]
      }
    }
  }

  private func divided(
    _ node: Int, _ model: Int, _ total: Int64, _ history: HistoryWeight, infinite: Int?
  ) -> [Int64] {
    let weights = history.weights(of: children[node], model, self)
    var division = Division(
      children: children[node].enumerated().map { index, child in
        let at = at(Int(child), model)
        let most = guarantee[at] + borrow[at]
        return Division.Child(
          guarantee: guarantee[at], demand: Int(child) == infinite ? most : demand[at],
          weight: weights[index], priority: priority[Int(child)])
      }, unit: PoolTree.unit)
    division.divide(total)
    return division.children.map(\.share)
  }

  /// What a pool would be due if it wanted all it may have and the others what they want now. For
  /// explaining. O(children along the way up).
  func uncappedShare(_ node: Int, _ model: Int, _ history: HistoryWeight) -> Int64 {
    if node == 0 { return share[model] }
    let above = Int(parent[node])
    let total = uncappedShare(above, model, history)
    let shares = divided(above, model, total, history, infinite: node)
    return shares[children[above].firstIndex(of: Int32(node)) ?? 0]
  }
}

/// How far past use weighs in the division, `numerator/denominator`; 0 where it only orders.
///
/// The weight of a child is max(0, w + k(w − u)), with w its part of the siblings' weights and u
/// its part of their past use (KAI's `k-value`), multiplied out so that it is a whole number.
public struct HistoryWeight: Hashable, Sendable {
  public let numerator: Int64
  public let denominator: Int64

  public init(numerator: Int64, denominator: Int64) {
    precondition(numerator >= 0 && denominator > 0)
    self.numerator = numerator
    self.denominator = denominator
  }

  public static let none = HistoryWeight(numerator: 0, denominator: 1)

  func weights(of children: [Int32], _ model: Int, _ tree: borrowing PoolTree) -> [Int128] {
    let plain = children.map { Int128(tree.weight[Int($0)]) }
    if numerator == 0 { return plain }
    let used = children.map { Int128(tree.usage[tree.at(Int($0), model)]) }
    let (weightSum, useSum) = (plain.reduce(0, +), used.reduce(0, +))
    if useSum == 0 { return plain }
    let exact = plain.indices.map { index in
      let whole = plain[index] * useSum * Int128(numerator + denominator)
      return max(0, whole - Int128(numerator) * used[index] * weightSum)
    }
    return HistoryWeight.within60Bits(exact)
  }

  /// Weights are multiplied by amounts: where their sum has more than 60 bits, all lose the same
  /// number of their last ones, and none that counts becomes nothing.
  private static func within60Bits(_ weights: [Int128]) -> [Int128] {
    let sum = weights.reduce(0, +)
    let excess = max(0, 128 - sum.leadingZeroBitCount - 60)
    if excess == 0 { return weights }
    return weights.map { $0 == 0 ? 0 : max(1, $0 >> Int128(excess)) }
  }
}
