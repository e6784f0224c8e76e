/// What nodes would hold of a question that are closed at any time while it would run, moment after
/// moment: a histogram counts it, and it is not to be had.
///
/// Each window comes and goes once in a walk. The arrays are as large as the fleet, and used again.
struct ClosedNodes: Sendable {
  /// By node: windows that close it, and the units that it held when the first did; more since.
  private var windows: [Int32] = []
  private var units: [Int32] = []
  /// By domain of the question's widest level.
  private var lost: [Int32] = []
  private var touched: [(node: Int32, domain: Int32)] = []
  /// Until when the question would run, and the places in the orders of windows.
  private var limit: Tick = .min
  private var (beginning, end) = (0, 0)

  /// Units of a question that begins at `holds.start` of which a domain's count must not be
  /// believed. Moments never go back.
  mutating func units(
    _ domain: Int, _ ask: Ask, _ holds: borrowing Holds, _ fleet: borrowing Fleet
  ) -> Int32 {
    if holds.windows.isEmpty || ask.gpus == 0 { return 0 }
    if limit == .min { begin(ask.model, holds, fleet.topology) }
    move(ask, holds, fleet)
    return lost[domain]
  }

  mutating func clear() {
    for (node, domain) in touched {
      windows[Int(node)] = 0
      lost[Int(domain)] = 0
    }
    touched.removeAll(keepingCapacity: true)
    limit = .min
  }

  private mutating func begin(_ model: Int, _ holds: borrowing Holds, _ topology: Topology) {
    if windows.isEmpty {
      windows = Array(repeating: 0, count: topology.nodeCount)
      units = windows
      lost = Array(repeating: 0, count: topology.domainCount)
    }
    // With nothing on yet all that is comes as a beginning.
    beginning = holds.windows.between(holds.start, .max, model: model).startIndex
    end = holds.windows.firstEnd(after: holds.start, model: model)
  }

  private mutating func move(_ ask: Ask, _ holds: borrowing Holds, _ fleet: borrowing Fleet) {
    let ends = holds.windows.byEnd[ask.model]
    while end < ends.count, ends[end].window.until <= holds.start {
      // Who began by then was counted.
      if ends[end].window.from < limit { change(ends[end].window, -1, ask, holds, fleet) }
      end += 1
    }
    let beginnings = holds.windows.byBeginning[ask.model]
    while beginning < beginnings.count, beginnings[beginning].window.from < ask.until {
      let window = beginnings[beginning].window
      if window.until > holds.start { change(window, 1, ask, holds, fleet) }
      beginning += 1
    }
    limit = ask.until
  }

  private mutating func change(
    _ window: MaintenanceWindow, _ change: Int32, _ ask: Ask, _ holds: borrowing Holds,
    _ fleet: borrowing Fleet
  ) {
    if holds.isOwn(window) { return }
    let node = Int(window.node)
    let domain = fleet.topology.domain(ofNode: node, ask.to)
    windows[node] += change
    if change > 0, windows[node] == 1 {
      units[node] = ask.units(fleet.openRoom(node))
      lost[domain] += units[node]
      touched.append((window.node, Int32(domain)))
    } else if windows[node] == 0 {
      lost[domain] -= units[node]
    }
  }
}
