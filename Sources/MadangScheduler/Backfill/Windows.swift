/// A node that is closed for a time, to all or to all but one pool's.
struct MaintenanceWindow: Sendable, Equatable {
  /// The node of the pool tree for which it is reserved; −1 for maintenance.
  var owner: Int32
  var node: Int32
  var from: Tick
  var until: Tick
}

/// When nodes are closed, in three orders, so that no question walks all of it:
///
///     by beginning, of a model    which nodes are closed at any time between two moments?
///     by beginning, of a node     is it?
///     by end, of a model          when does one open, and for how long?
///
/// The orders are made anew where a window was added, or half of them are over.
struct Windows: Sendable {
  /// A window in an order by beginning, with the latest end of it and of all before it. Both never
  /// fall, so that those between two moments stand together, few others among them.
  struct Entry: Sendable {
    var window: MaintenanceWindow
    var latest: Tick
  }

  struct End: Sendable {
    var window: MaintenanceWindow
    /// To whom it was closed the node is open no longer than until then, as far as the nearest
    /// windows of it tell.
    var openUntil: Tick
  }

  /// In no order; some may be over.
  private(set) var all: [MaintenanceWindow] = []
  private var isStale = false
  /// By model.
  private(set) var byBeginning: [[Entry]]
  private(set) var byEnd: [[End]]
  /// Of `byEnd`, how many are over.
  private(set) var over: [Int]
  /// Node after node; where each node's begin, and one more. Both empty without windows.
  private var ofNodes: [Entry] = []
  private var firstOfNode: [Int32] = []
  /// Not over and for an owner.
  private var owned = 0
  /// When the next one ends.
  private(set) var nextEnd = Tick.max
  /// Those that end by then are over.
  private var endedBy = Tick.min

  init(models: Int) {
    byBeginning = Array(repeating: [], count: models)
    byEnd = Array(repeating: [], count: models)
    over = Array(repeating: 0, count: models)
  }

  /// Whether there are none in the orders.
  var isEmpty: Bool { firstOfNode.isEmpty }
  /// Whether the answer depends on who asks.
  var hasOwners: Bool { owned > 0 }

  /// It counts from the next `settle` on.
  mutating func add(_ window: MaintenanceWindow) {
    all.append(window)
    nextEnd = min(nextEnd, window.until)
    isStale = true
  }

  /// Makes the orders anew if a window was added. O(nodes + n log n), else O(1).
  mutating func settle(_ topology: Topology) {
    if isStale { rebuild(topology) }
  }

  /// Ends those whose end has come; gives the model of each.
  mutating func end(by moment: Tick, _ topology: Topology) -> [Int] {
    var ended: [Int] = []
    settle(topology)
    (nextEnd, endedBy) = (.max, moment)
    for model in byEnd.indices {
      while over[model] < byEnd[model].count {
        let window = byEnd[model][over[model]].window
        if window.until > moment {
          nextEnd = min(nextEnd, window.until)
          break
        }
        ended.append(model)
        over[model] += 1
        if window.owner >= 0 { owned -= 1 }
      }
    }
    if 2 * over.reduce(0, +) >= all.count { rebuild(topology) }
    return ended
  }

  private mutating func rebuild(_ topology: Topology) {
    all.removeAll { $0.until <= endedBy }
    all.sort { ($0.node, $0.from, $0.until, $0.owner) < ($1.node, $1.from, $1.until, $1.owner) }
    // Of equal ones, one says it all.
    var kept = 0
    for window in all where kept == 0 || all[kept - 1] != window {
      all[kept] = window
      kept += 1
    }
    all.removeLast(all.count - kept)
    var fresh = Windows(sorted: all, models: byEnd.count, topology)
    fresh.endedBy = endedBy
    self = fresh
  }

  private init(sorted: [MaintenanceWindow], models: Int, _ topology: Topology) {
    self.init(models: models)
    all = sorted
    if all.isEmpty { return }
    ofNodes.reserveCapacity(all.count)
    firstOfNode.reserveCapacity(topology.nodeCount + 1)
    for window in all {
      while firstOfNode.count <= window.node { firstOfNode.append(Int32(ofNodes.count)) }
      let isFirst = ofNodes.count == Int(firstOfNode[Int(window.node)])
      Windows.append(window, to: &ofNodes, isFirst: isFirst)
      if window.owner >= 0 { owned += 1 }
      nextEnd = min(nextEnd, window.until)
    }
    while firstOfNode.count <= topology.nodeCount { firstOfNode.append(Int32(ofNodes.count)) }
    for (place, window) in all.enumerated() {
      let model = topology.model(ofNode: Int(window.node))
      byEnd[model].append(End(window: window, openUntil: openUntil(place)))
    }
    for model in byEnd.indices {
      let windows = byEnd[model].map(\.window).sorted { ($0.from, $0.node) < ($1.from, $1.node) }
      for window in windows { Windows.append(window, to: &byBeginning[model], isFirst: false) }
      byEnd[model].sort { ($0.window.until, $0.window.node) < ($1.window.until, $1.window.node) }
    }
  }

  private static func append(
    _ window: MaintenanceWindow, to order: inout [Entry], isFirst: Bool
  ) {
    let before = isFirst ? Tick.min : order.last?.latest ?? .min
    order.append(Entry(window: window, latest: max(before, window.until)))
  }

  private func openUntil(_ place: Int) -> Tick {
    let window = ofNodes[place].window
    let range = Int(firstOfNode[Int(window.node)])..<Int(firstOfNode[Int(window.node) + 1])
    for entry in ofNodes[range.lowerBound..<place].suffix(Windows.nearest)
      + ofNodes[(place + 1)..<range.upperBound].prefix(Windows.nearest)
    where entry.window.owner == window.owner && entry.window.until > window.until {
      return max(window.until, entry.window.from)
    }
    return .max
  }

  private static let nearest = 8

  // MARK: - Questions

  /// The windows of a model that are on at any time from `start` until `limit` are among these, and
  /// there is one if there are these.
  func between(_ start: Tick, _ limit: Tick, model: Int) -> ArraySlice<Entry> {
    Windows.between(start, limit, byBeginning[model][...])
  }

  /// The same of a node.
  func between(_ start: Tick, _ limit: Tick, node: Int) -> ArraySlice<Entry> {
    let range = Int(firstOfNode[node])..<Int(firstOfNode[node + 1])
    return range.isEmpty ? [] : Windows.between(start, limit, ofNodes[range])
  }

  /// The place of the first that ends after a moment.
  func firstEnd(after moment: Tick, model: Int) -> Int {
    let order = byEnd[model]
    var (low, high) = (over[model], order.count)
    while low < high {
      let middle = (low + high) / 2
      if order[middle].window.until > moment { high = middle } else { low = middle + 1 }
    }
    return low
  }

  private static func between(
    _ start: Tick, _ limit: Tick, _ order: ArraySlice<Entry>
  ) -> ArraySlice<Entry> {
    let first = firstIndex(order) { $0.latest > start }
    return order[first..<max(first, firstIndex(order) { $0.window.from >= limit })]
  }

  /// The first of an order that is past a mark, where all behind it are.
  private static func firstIndex(
    _ order: ArraySlice<Entry>, _ isPast: (Entry) -> Bool
  ) -> Int {
    var (low, high) = (order.startIndex, order.endIndex)
    while low < high {
      let middle = (low + high) / 2
      if isPast(order[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
