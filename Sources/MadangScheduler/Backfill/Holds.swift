/// GPUs that are spoken for in the time to come: kept for waiting jobs, or on closed nodes.
///
/// For each node two chains of holds: by when they begin, the latest made first of equals, and by
/// when they end. A job may use a node from `start` until `t` as far as at every
/// moment between what will be free, less what is held, is enough.
struct Holds: Sendable {
  struct Row: Sendable {
    var node: Int32
    var gpus: Int32
    var from: Tick
    var until: Tick
    /// GPUs of jobs that will have left the node by `from`, devices whose last part leaves among
    /// them.
    var freedBefore: Int32
    /// The device that it holds a part of, −1 for none, and the thousandths of it.
    var device: Int32
    var milli: Int32
    /// Devices that jobs keep open at `from`, and what they have of `device` then.
    var opened: UInt32
    var staying: Int32
    var next: Int32 = -1
    var nextByEnd: Int32 = -1
    /// For whom.
    var job: Int32
  }

  private(set) var rows: [Row] = []
  private var firstOfNode: [Int32]
  private var firstEndOfNode: [Int32]
  private var nodesOfModel: [[Int32]]
  /// For each model, when its first hold begins.
  private(set) var earliest: [Tick]
  /// When holds end; rows of one job, which stand together, count once.
  private(set) var ends: [Tick] = []
  /// Maintenance and reservations.
  var windows: Windows
  /// The moment that questions are about: now, or a moment being planned for.
  var start: Tick = 0
  /// While a moment is planned for: GPUs of each node that will have become free by then.
  private var freed: [Int16]

  /// Whether any of it is a part of a device.
  private var hasParts = false
  /// The leaf whose job is asked for, and the pool tree above it.
  var asker: Int32 = -1
  private let parent: [Int32]

  init(nodes: Int, models: Int, parent: [Int32] = []) {
    self.parent = parent
    windows = Windows(models: models)
    firstOfNode = Array(repeating: -1, count: nodes)
    firstEndOfNode = firstOfNode
    nodesOfModel = Array(repeating: [], count: models)
    earliest = Array(repeating: .max, count: models)
    freed = Array(repeating: 0, count: nodes)
  }

  /// Whether the answer depends on who asks.
  var hasOwners: Bool { windows.hasOwners }

  /// Whether a hold stands in the way of a question: it begins before the end, or has begun.
  func bind(_ ask: Ask) -> Bool {
    earliest[ask.model] < ask.until || earliest[ask.model] <= start
      || isAnyClosed(ask.model, until: ask.until)
  }

  /// Whether a node of a model is closed, to some at least, at any time from `start` until then.
  func isAnyClosed(_ model: Int, until: Tick) -> Bool {
    if windows.isEmpty { return false }
    return !windows.between(start, max(until, start + 1), model: model).isEmpty
  }

  /// The nodes on which a hold may stand in the way of a question, each once.
  func nodes(_ ask: Ask) -> [Int32] {
    var nodes = nodesOfModel[ask.model]
    if windows.isEmpty { return nodes }
    let limit = max(ask.until, start + 1)
    for entry in windows.between(start, limit, model: ask.model) {
      let node = Int(entry.window.node)
      // Of several windows on a node that are on, the first tells of it.
      let first = windows.between(start, limit, node: node).first { $0.window.until > start }
      if firstOfNode[node] < 0, first?.window == entry.window { nodes.append(entry.window.node) }
    }
    return nodes
  }

  /// Holds whole devices of a node, or a part of one. `staying`: what parts have of each of its
  /// devices at `from`.
  mutating func add(
    node: Int, model: Int, gpus: Int, device: Int32 = -1, milli: Int32 = 0, from: Tick,
    until: Tick, freedBefore: Int, staying: SIMD32<Int16> = .zero, job: Int32
  ) {
    if firstOfNode[node] < 0 { nodesOfModel[model].append(Int32(node)) }
    if ends.last != until { ends.append(until) }
    if device >= 0 { hasParts = true }
    rows.append(
      Row(
        node: Int32(node), gpus: Int32(gpus), from: from, until: until,
        freedBefore: Int32(freedBefore), device: device, milli: milli,
        opened: Room.bits(staying), staying: device < 0 ? 0 : Int32(staying[Int(device)]),
        job: job))
    link(Int32(rows.count - 1), node)
    earliest[model] = min(earliest[model], from)
  }

  /// Puts a new row into the chains of its node. O(holds of the node that begin, or end, before).
  private mutating func link(_ row: Int32, _ node: Int) {
    let (from, until) = (rows[Int(row)].from, rows[Int(row)].until)
    var (before, at) = (Int32(-1), firstOfNode[node])
    while at >= 0, rows[Int(at)].from < from { (before, at) = (at, rows[Int(at)].next) }
    rows[Int(row)].next = at
    if before < 0 { firstOfNode[node] = row } else { rows[Int(before)].next = row }
    (before, at) = (-1, firstEndOfNode[node])
    while at >= 0, rows[Int(at)].until < until { (before, at) = (at, rows[Int(at)].nextByEnd) }
    rows[Int(row)].nextByEnd = at
    if before < 0 { firstEndOfNode[node] = row } else { rows[Int(before)].nextByEnd = row }
  }

  /// Says that something will be held from a moment on, before it is known where.
  mutating func foretell(_ model: Int, from: Tick) { earliest[model] = min(earliest[model], from) }

  mutating func removeAll() {
    for model in earliest.indices { earliest[model] = .max }
    if rows.isEmpty { return }
    for row in rows {
      firstOfNode[Int(row.node)] = -1
      firstEndOfNode[Int(row.node)] = -1
    }
    rows.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    for model in nodesOfModel.indices {
      nodesOfModel[model].removeAll(keepingCapacity: true)
    }
  }

  /// A job started on a node that is held later: what it gives back before counts as free then.
  mutating func noteStart(_ node: Int, gpus: Int, endsBy: Tick) {
    var at = firstOfNode[node]
    while at >= 0 {
      if rows[Int(at)].from >= endsBy { rows[Int(at)].freedBefore += Int32(gpus) }
      at = rows[Int(at)].next
    }
  }

  /// Counts GPUs as free already, or takes that back, while a moment is planned for.
  mutating func foresee(_ node: Int, gpus: Int) { freed[node] += Int16(gpus) }

  /// The same of a part on a device. `isNew`: whether it opened it.
  mutating func noteStart(_ node: Int, device: Int32, milli: Int32, isNew: Bool, endsBy: Tick) {
    var at = firstOfNode[node]
    let bit: UInt32 = 1 << UInt32(device)
    while at >= 0 {
      let row = rows[Int(at)]
      let stays = row.from < endsBy
      if isNew, !stays { rows[Int(at)].freedBefore += 1 }
      // Others would have closed it.
      if !isNew, stays, row.opened & bit == 0 { rows[Int(at)].freedBefore -= 1 }
      if stays { rows[Int(at)].opened |= bit }
      if stays, row.device == device { rows[Int(at)].staying += milli }
      at = row.next
    }
  }

  /// How many units of a question a node holds from `start` on, of what is free then.
  func units(_ node: Int, _ ask: Ask, _ room: Room) -> Int32 {
    if isClosed(node, ask.until) { return 0 }
    if rows.isEmpty || firstOfNode[node] < 0 { return ask.units(room) }
    if ask.milli == 0 {
      return ask.units(free: usable(node, until: ask.until, room), parts: 0)
    }
    let tasks = Room.tasks(ask.milli, in: left(node, ask.until, room))
    let numbers = (~(room.opened | spokenFor(node, until: ask.until))).nonzeroBitCount
    return ask.units(free: min(numbers, usable(node, until: ask.until, room)), parts: tasks)
  }

  /// What parts may have of each opened device from `start` until `until`: of those that are open
  /// at every moment between in any case, so that no whole one is missed.
  func left(_ node: Int, _ until: Tick, _ room: Room) -> SIMD32<Int16> {
    var left = room.left
    if isClosed(node, until) { return .zero }
    if rows.isEmpty || firstOfNode[node] < 0 { return left }
    var sweep = Sweep(next: firstOfNode[node], nextEnd: firstEndOfNode[node])
    advance(&sweep, to: start)
    let heldNow = sweep.parts
    for device in 0..<Room.devices where heldNow[device] > 0 {
      let rest = Room.whole - room.used[device] - heldNow[device]
      left[device] = max(0, rest)
    }
    var steady = room.opened | Room.bits(heldNow)
    while sweep.next >= 0, rows[Int(sweep.next)].from < until {
      var at = sweep.next
      advance(&sweep, to: rows[Int(at)].from)
      while at != sweep.next {
        let row = rows[Int(at)]
        at = row.next
        steady &= row.opened | Room.bits(sweep.parts)
        if row.device < 0 { continue }
        let device = Int(row.device)
        left[device] = max(
          0, min(left[device], Room.whole - Int16(row.staying) - sweep.parts[device]))
      }
    }
    for device in 0..<Room.devices where steady & (1 << UInt32(device)) == 0 { left[device] = 0 }
    return left
  }

  /// Whether maintenance or another's reservation is anywhere between `start` and `until`, or is
  /// on at `start`.
  func isClosed(_ node: Int, _ until: Tick) -> Bool { closure(node, until) != nil }

  /// The first of them.
  private func closure(_ node: Int, _ until: Tick) -> MaintenanceWindow? {
    if windows.isEmpty { return nil }
    return windows.between(start, max(until, start + 1), node: node).first {
      $0.window.until > start && !isOwn($0.window)
    }?.window
  }

  /// What is held of a node at a moment that goes on: the holds that began by it, less those that
  /// ended.
  private struct Sweep {
    /// The first holds that have not begun, and not ended.
    var next: Int32
    var nextEnd: Int32
    var gpus = 0
    var parts = SIMD32<Int16>.zero
  }

  private func advance(_ sweep: inout Sweep, to moment: Tick) {
    while sweep.next >= 0, rows[Int(sweep.next)].from <= moment {
      let row = rows[Int(sweep.next)]
      sweep.next = row.next
      sweep.gpus += Int(row.gpus)
      if row.device >= 0 { sweep.parts[Int(row.device)] += Int16(row.milli) }
    }
    while sweep.nextEnd >= 0, rows[Int(sweep.nextEnd)].until <= moment {
      let row = rows[Int(sweep.nextEnd)]
      sweep.nextEnd = row.nextByEnd
      sweep.gpus -= Int(row.gpus)
      if row.device >= 0 { sweep.parts[Int(row.device)] -= Int16(row.milli) }
    }
  }

  /// Numbers of devices of which parts are held at any moment from `start` until `until`.
  func spokenFor(_ node: Int, until: Tick) -> UInt32 {
    if !hasParts { return 0 }
    var bits: UInt32 = 0
    var at = firstOfNode[node]
    while at >= 0 {
      let row = rows[Int(at)]
      if row.device >= 0, row.from < until, start < row.until { bits |= 1 << UInt32(row.device) }
      at = row.next
    }
    return bits
  }

  /// GPUs of an open node that a job may use from `start` until `until`, of those free at `start`.
  /// O(holds of the node).
  private func usable(_ node: Int, until: Tick, _ room: Room) -> Int {
    if rows.isEmpty || firstOfNode[node] < 0 { return room.usable }
    let free = room.usable
    var sweep = Sweep(next: firstOfNode[node], nextEnd: firstEndOfNode[node])
    advance(&sweep, to: start)
    var usable = free - held(sweep, opened: hasParts ? room.opened : 0)
    while sweep.next >= 0, rows[Int(sweep.next)].from < until {
      var at = sweep.next
      advance(&sweep, to: rows[Int(at)].from)
      while at != sweep.next {
        let row = rows[Int(at)]
        at = row.next
        let then = free - Int(freed[node]) + Int(row.freedBefore)
        usable = min(usable, then - held(sweep, opened: row.opened))
      }
    }
    return max(0, usable)
  }

  /// Whether a reservation is the asker's pool's, or of one above it.
  func isOwn(_ window: MaintenanceWindow) -> Bool {
    if window.owner < 0 { return false }
    var node = asker
    while node >= 0 {
      if node == window.owner { return true }
      node = parent[Int(node)]
    }
    return false
  }

  /// Whole devices held, and devices of which parts are that jobs don't keep open.
  private func held(_ sweep: Sweep, opened: UInt32) -> Int {
    hasParts ? sweep.gpus + (Room.bits(sweep.parts) & ~opened).nonzeroBitCount : sweep.gpus
  }

  /// The first hold on a node that begins before `until`: why a job has to wait its turn. Without a
  /// job it is a window.
  func first(_ node: Int, before until: Tick) -> (from: Tick, job: Int32?)? {
    let at = firstOfNode[node]
    let isHeld = at >= 0 && rows[Int(at)].from < until
    if let window = closure(node, until), !isHeld || window.from < rows[Int(at)].from {
      return (window.from, nil)
    }
    return isHeld ? (rows[Int(at)].from, rows[Int(at)].job) : nil
  }
}
