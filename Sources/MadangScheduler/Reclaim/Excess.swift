/// How far givers may still be asked while victims are chosen.
///
/// Off in the order that asks least of each pool, the largest last, a pool must be above its bound
/// before every one of its jobs: so of what it uses beyond the bound, all that leaves but the
/// largest is less. A set of which that is not true does not become fair by growing.
struct Excess {
  /// By node, of those that ran; then the same of all, with those that began in this decision.
  private var given: [Int64]
  private var largest: [Int64]
  private var log: [(node: Int32, given: Int64, largest: Int64)] = []
  private let nodes: Int

  init(nodes: Int) {
    self.nodes = nodes
    given = Array(repeating: 0, count: 2 * nodes)
    largest = given
  }

  /// A place in time to which `undo` leads back.
  var mark: Int { log.count }

  /// Counts one more that leaves; nothing, and `false`, where its pool or one above may not.
  mutating func add(
    _ leaf: Int, _ candidate: Candidate, to taker: Int, _ right: Scheduler.Entitlement,
    _ model: Int, _ pools: borrowing PoolTree
  ) -> Bool {
    let before = mark
    let ancestor = pools.commonAncestor(taker, leaf)
    let isByGuarantee = right.guarantee <= Int(pools.depth[ancestor]) + 1
    var node = leaf
    while node != ancestor {
      let at = pools.at(node, model)
      let bound = isByGuarantee ? pools.guarantee[at] : pools.due(at)
      let isFair =
        (candidate.isFresh
          || add(candidate.milli, node, excess: pools.used[at] - pools.fresh[at] - bound))
        && add(candidate.milli, nodes + node, excess: pools.used[at] - bound)
      if !isFair {
        undo(to: before)
        return false
      }
      node = Int(pools.parent[node])
    }
    return true
  }

  private mutating func add(_ milli: Int64, _ place: Int, excess: Int64) -> Bool {
    let most = max(largest[place], milli)
    if given[place] + milli - most >= excess { return false }
    log.append((Int32(place), given[place], largest[place]))
    given[place] += milli
    largest[place] = most
    return true
  }

  mutating func undo(to mark: Int) {
    while log.count > mark {
      let last = log.removeLast()
      given[Int(last.node)] = last.given
      largest[Int(last.node)] = last.largest
    }
  }
}

/// Units of a part, rounded to whole slices where they are asked for.
struct Tally {
  private let slice: Int
  /// By part of the slices' level; none where units need not be together.
  private var sums: [Int]
  private(set) var total = 0

  init(_ ask: Ask, parts: Int) {
    slice = Int(ask.slice)
    sums = slice == 1 ? [] : Array(repeating: 0, count: parts)
  }

  mutating func add(_ units: Int32, in part: Int) {
    if slice == 1 {
      total += Int(units)
      return
    }
    let before = sums[part] / slice
    sums[part] += Int(units)
    total += sums[part] / slice - before
  }
}

/// What a node has free, on trial.
struct Stock {
  var room: Room
  var cpuMilli: Int64
  var memoryMiB: Int64

  init(_ node: Int, _ fleet: borrowing Fleet) {
    room = fleet.room(node)
    cpuMilli = fleet.cpuMilli[node]
    memoryMiB = fleet.memoryMiB[node]
  }

  mutating func give(_ row: Residences.Row, _ shape: Shape) {
    room.give(row)
    cpuMilli += Int64(row.tasks) * shape.cpuMilliPerTask
    memoryMiB += Int64(row.tasks) * shape.memoryMiBPerTask
  }

  mutating func take(_ row: Residences.Row, _ shape: Shape) {
    room.take(row)
    cpuMilli -= Int64(row.tasks) * shape.cpuMilliPerTask
    memoryMiB -= Int64(row.tasks) * shape.memoryMiBPerTask
  }
}
