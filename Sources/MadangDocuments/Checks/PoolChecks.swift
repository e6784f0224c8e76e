internal import MadangProgramme

/// Pools form a tree, and the shares below one pool make the whole of it.
struct PoolChecks {
  private let reading: Reading
  private let pools: Batch<PoolDraft>

  init(_ reading: Reading, _ pools: Batch<PoolDraft>) {
    self.reading = reading
    self.pools = pools
  }

  func check() {
    // With a pool missing, neither sums nor circles can be told.
    guard pools.complete else { return }
    checkCircles()
    var children: [Slug: [PoolDraft]] = [:]
    for pool in pools.items {
      if let parent = pool.parent {
        children[parent, default: []].append(pool)
      } else if pool.share != nil {
        reading.fault(
          pool.place,
          Wording(
            ko: "‘\(pool.slug)’에 비율이 있지만 상위가 없습니다.",
            en: "‘\(pool.slug)’ has a share of no parent."),
          hint: Wording(ko: "parent를 쓰거나 share를 지우십시오.", en: "Give it a parent, or no share."))
      }
    }
    for (parent, pools) in children.sorted(by: { $0.key < $1.key }) { checkSum(parent, pools) }
  }

  private func checkSum(_ parent: Slug, _ pools: [PoolDraft]) {
    let shares = pools.compactMap(\.share)
    guard let place = pools.first?.place, !shares.isEmpty else { return }
    let sum = Ratio.sum(shares)
    if sum == .one { return }
    let shown = sum.map { "\($0)" } ?? "?"
    reading.fault(
      place,
      Wording(
        ko: "‘\(parent)’ 아래 배분 비율의 합이 1이 아니라 \(shown)입니다.",
        en: "The shares below ‘\(parent)’ make \(shown), not 1."),
      hint: Wording(
        ko: "하위: \(names(pools)).", en: "Below it: \(names(pools))."))
  }

  private func names(_ pools: [PoolDraft]) -> String {
    pools.prefix(8).map { "\($0.slug) \($0.share.map { "\($0)" } ?? "–")" }.joined(separator: ", ")
  }

  private func checkCircles() {
    var parents: [Slug: Slug] = [:]
    for pool in pools.items { parents[pool.slug] = pool.parent }
    for pool in pools.items {
      // A pool is in a circle where climbing from it comes back to it.
      var above = pool.parent
      var steps = 0
      while let parent = above, parent != pool.slug, steps <= pools.items.count {
        above = parents[parent]
        steps += 1
      }
      if above == pool.slug {
        reading.fault(
          pool.place,
          Wording(
            ko: "‘\(pool.slug)’이(가) 자기 자신의 상위가 됩니다.",
            en: "‘\(pool.slug)’ is above itself."),
          hint: Wording(ko: "parent를 고치십시오.", en: "Correct a parent."))
      }
    }
  }

  /// The pools with every parent before its children, else in their order. None is in a circle.
  static func parentsFirst(_ pools: [PoolDraft]) -> [PoolDraft] {
    var placed: Set<Slug> = []
    var left = pools
    var result: [PoolDraft] = []
    while !left.isEmpty {
      let ready = left.filter { $0.parent.map(placed.contains) ?? true }
      if ready.isEmpty { return result + left }
      result += ready
      placed.formUnion(ready.map(\.slug))
      left.removeAll { placed.contains($0.slug) }
    }
    return result
  }
}
