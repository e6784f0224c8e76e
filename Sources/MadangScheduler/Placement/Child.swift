/// A part of a domain that is being filled.
struct Child {
  var units: Int32
  var free: Int32
  var part: Int

  static func fullestFirst(_ a: Child, _ b: Child) -> Bool {
    (b.units, a.free, a.part) < (a.units, b.free, b.part)
  }

  /// The tightest child that holds `units`, among children that stand the fullest first.
  static func tightest(_ children: ArraySlice<Child>, holding units: Int32) -> Child {
    var (low, high) = (children.startIndex, children.endIndex)
    while high - low > 1 {
      let middle = (low + high) / 2
      if children[middle].units >= units { low = middle } else { high = middle }
    }
    // The first of those that hold equally many is the one with the least free.
    let fewest = children[low].units
    var first = low
    while first > children.startIndex, children[first - 1].units == fewest { first -= 1 }
    return children[first]
  }

  /// Loads for the fewest children that hold `amount`, as even as can be.
  ///
  /// With k children the smallest load is at most ⌊amount ÷ k⌋; children that hold less take what
  /// they hold, and the others share the rest evenly.
  static func balanced(_ children: [Child], _ amount: Int32) -> [(child: Child, load: Int32)] {
    var held: Int32 = 0
    var count = 0
    while held < amount, count < children.count {
      held += children[count].units
      count += 1
    }
    // Replace the chosen by tighter ones as long as each still holds the even load.
    let even = (amount + Int32(count) - 1) / Int32(count)
    let holders = children.filter { $0.units >= even }
    var chosen =
      holders.count >= count ? Array(holders.suffix(count)) : Array(children.prefix(count))
    chosen.sort { ($0.units, $0.part) < ($1.units, $1.part) }
    var rest = amount
    var loads: [(Child, Int32)] = []
    for (index, child) in chosen.enumerated() {
      let left = Int32(count - index)
      let load = min(child.units, rest / left)
      loads.append((child, load))
      rest -= load
    }
    // What division left over goes to those with room, the roomiest first.
    for index in loads.indices.reversed() where rest > 0 {
      let more = min(rest, loads[index].0.units - loads[index].1)
      loads[index].1 += more
      rest -= more
    }
    return loads.sorted { $0.0.part < $1.0.part }.map { (child: $0.0, load: $0.1) }
  }
}
