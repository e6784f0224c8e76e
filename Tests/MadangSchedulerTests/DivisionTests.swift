import Testing

@testable import MadangScheduler

/// Division: what it promises, and by other means.
struct DivisionTests {
  private func shares(
    _ total: Int64, _ children: [(guarantee: Int64, demand: Int64, weight: Int, priority: Int32)]
  ) -> [Int64] {
    var division = Division(
      children: children.map {
        Division.Child(
          guarantee: $0.guarantee, demand: $0.demand, weight: Int128($0.weight),
          priority: $0.priority)
      }, unit: 1)
    division.divide(total)
    return division.children.map(\.share)
  }

  @Test func `the published cases`() {
    #expect(shares(11, [(2, 10, 1, 0), (2, 10, 4, 0)]) == [3, 8])
    #expect(shares(11, [(2, 6, 1, 0), (2, 6, 1, 0)]) == [6, 5])
    #expect(shares(6, [(2, 6, 100, 1), (2, 6, 1, 2)]) == [2, 4])
    #expect(shares(100, [(0, 1, 1, 0), (0, 40, 1, 0), (0, 1_000, 1, 0)]) == [1, 40, 59])
  }

  @Test func `promises above the capacity are cut alike`() {
    #expect(Division.scaled([5, 5, 5], to: 10, unit: 1) == [4, 3, 3])
    #expect(Division.scaled([6, 3], to: 3, unit: 1) == [2, 1])
    #expect(Division.scaled([6, 3], to: 0, unit: 1) == [0, 0])
    #expect(Division.scaled([6, 3], to: 9, unit: 1) == [6, 3])
  }

  @Test func `guarantees first, all is given, and nobody could have more fairly`() {
    seeds(3_000) { seed, random in
      let total = Int64(random.draw(0...60))
      var left = total
      let children = (0..<random.draw(1...7)).map { _ in
        let guarantee = Int64(random.draw(0...Int(left)))
        left -= guarantee
        return (
          guarantee: guarantee, demand: Int64(random.draw(0...30)), weight: random.draw(0...5),
          priority: Int32(random.draw(0...2))
        )
      }
      let given = shares(total, children)
      let sum = given.reduce(0, +)
      #expect(
        sum == min(total, children.reduce(0) { $0 + $1.demand }), "SEED=\(seed): all is given")
      for (share, child) in zip(given, children) {
        #expect(share <= child.demand, "SEED=\(seed)")
        #expect(share >= min(child.guarantee, child.demand), "SEED=\(seed)")
      }
      for (i, a) in children.enumerated() {
        for (j, b) in children.enumerated() where given[i] < a.demand {
          let beyond = given[j] - min(b.guarantee, b.demand)
          if b.priority < a.priority {
            #expect(beyond == 0, "SEED=\(seed): \(i) wants before \(j) may")
          }
          // Beyond guarantees, whoever wants more has not a whole unit less for its weight.
          guard b.priority == a.priority, a.weight > 0, beyond > 0 else { continue }
          let mine = given[i] - min(a.guarantee, a.demand)
          #expect(
            (mine + 1) * Int64(b.weight) >= (beyond - 1) * Int64(a.weight),
            "SEED=\(seed): \(i) against \(j) of \(given)")
        }
      }
    }
  }
}
