/// Divides a parent's share among its children, exactly: guarantees first, then what is left by
/// priority and, within a priority, by weight (water-filling), and at last the units that are left
/// over to the largest remainders, earlier pools first among equals.
///
/// The order of steps is that of KAI (`resource_division.go`), with the level of the water found
/// exactly before anything is rounded.
struct Division {
  /// One child, in order of creation.
  struct Child {
    /// In force, not more than the parent has in all.
    var guarantee: Int64
    var demand: Int64
    /// Not negative. Where every child that still wants has none, they count alike.
    var weight: Int128
    var priority: Int32
    var share: Int64 = 0
  }

  var children: [Child]
  /// Amounts are given in multiples of this, except where a demand ends within one.
  let unit: Int64

  /// Gives `total` out. O(children × distinct levels at which a child has enough).
  mutating func divide(_ total: Int64) {
    var rest = total
    for index in children.indices {
      let child = children[index]
      let share = min(child.guarantee, child.demand, max(0, rest))
      children[index].share = share
      rest -= share
    }
    while rest > 0, let priority = highestUnsatisfied {
      fill(priority, &rest)
    }
  }

  private var highestUnsatisfied: Int32? {
    children.lazy.filter { $0.share < $0.demand }.map(\.priority).max()
  }

  private mutating func fill(_ priority: Int32, _ rest: inout Int64) {
    var wanting = children.indices.filter {
      children[$0].priority == priority && children[$0].share < children[$0].demand
    }
    if wanting.allSatisfy({ children[$0].weight == 0 }) {
      for index in wanting { children[index].weight = 1 }
    } else {
      wanting.removeAll { children[$0].weight == 0 }
    }
    // Raise the level until nobody who still wants is satisfied at it.
    while !wanting.isEmpty {
      let weights = wanting.reduce(Int128(0)) { $0 + children[$1].weight }
      let level = Int128(rest)
      var given: Int64 = 0
      wanting.removeAll { index in
        let want = children[index].demand - children[index].share
        guard Int128(want) * weights <= level * children[index].weight else { return false }
        children[index].share += want
        given += want
        return true
      }
      rest -= given
      if given == 0 {
        spread(wanting, weights, &rest)
        return
      }
    }
  }

  /// Gives each its whole units of `rest × weight ÷ weights`, and the units left over to the
  /// largest remainders.
  private mutating func spread(_ wanting: [Int], _ weights: Int128, _ rest: inout Int64) {
    let whole = weights * Int128(unit)
    var remainders: [(remainder: Int128, index: Int)] = []
    var left = rest
    for index in wanting {
      let part = (Int128(rest) * children[index].weight).quotientAndRemainder(dividingBy: whole)
      children[index].share += Int64(part.quotient) * unit
      left -= Int64(part.quotient) * unit
      remainders.append((part.remainder, index))
    }
    remainders.sort { ($1.remainder, $0.index) < ($0.remainder, $1.index) }
    for (_, index) in remainders where left > 0 {
      let want = children[index].demand - children[index].share
      let gift = min(unit, left, want)
      children[index].share += gift
      left -= gift
    }
    rest = left
  }

  /// Cuts promises to what there is, each by the same ratio, in whole units, the units left over to
  /// the largest remainders: the rule for a capacity that fell below what was guaranteed.
  static func scaled(_ promises: [Int64], to total: Int64, unit: Int64) -> [Int64] {
    let sum = promises.reduce(0, +)
    if sum <= total { return promises }
    var division = Division(
      children: promises.map {
        Child(guarantee: 0, demand: $0, weight: Int128($0), priority: 0)
      }, unit: unit)
    division.divide(max(0, total))
    return division.children.map(\.share)
  }
}
