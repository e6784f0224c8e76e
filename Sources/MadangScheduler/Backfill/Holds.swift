/// GPUs that are spoken for in the time to come: kept for waiting jobs, or closed for maintenance.
///
/// For each node a chain of holds. A job may use a node from `start` until `t` as far as at every
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
    var next: Int32
    /// For whom; −1 for maintenance and reservations.
    var job: Int32
    /// The node of the pool tree whose jobs may pass; −1 for none.
    var owner: Int32
  }

  private(set) var rows: [Row] = []
  private var firstOfNode: [Int32]
  private var nodesOfModel: [[Int32]]
  /// For each model, when its first hold begins.
  private(set) var earliest: [Tick]
  /// When holds end; rows of one job, which stand together, count once.
  private(set) var ends: [Tick] = []
  /// The moment that questions are about: now, or a moment being planned for.
  var start: Tick = 0
  /// While a moment is planned for: GPUs of each node that will have become free by then.
  private var freed: [Int16]

  /// Whether the answer depends on who asks.
  private(set) var hasOwners = false
  /// Whether any of it is a part of a device.
  private var hasParts = false
  /// The leaf whose job is asked for, and the pool tree above it.
  var asker: Int32 = -1
  private let parent: [Int32]

  init(nodes: Int, models: Int, parent: [Int32] = []) {
    self.parent = parent
    firstOfNode = Array(repeating: -1, count: nodes)
    nodesOfModel = Array(repeating: [], count: models)
    earliest = Array(repeating: .max, count: models)
    freed = Array(repeating: 0, count: nodes)
  }

  /// Whether a hold stands in the way of a question: it begins before the end, or has begun.
  func bind(_ ask: Ask) -> Bool {
    earliest[ask.model] < ask.until || earliest[ask.model] <= start
  }

  func nodes(_ model: Int) -> [Int32] { nodesOfModel[model] }

  /// Holds whole devices of a node, or a part of one. `staying`: what parts have of each of its
  /// devices at `from`.
  mutating func add(
    node: Int, model: Int, gpus: Int, device: Int32 = -1, milli: Int32 = 0, from: Tick,
    until: Tick, freedBefore: Int, staying: SIMD32<Int16> = .zero, job: Int32, owner: Int32 = -1
  ) {
    if firstOfNode[node] < 0 { nodesOfModel[model].append(Int32(node)) }
    if ends.last != until { ends.append(until) }
    if owner >= 0 { hasOwners = true }
    if device >= 0 { hasParts = true }
    rows.append(
      Row(
        node: Int32(node), gpus: Int32(gpus), from: from, until: until,
        freedBefore: Int32(freedBefore), device: device, milli: milli,
        opened: Room.bits(staying), staying: device < 0 ? 0 : Int32(staying[Int(device)]),
        next: firstOfNode[node], job: job, owner: owner))
    firstOfNode[node] = Int32(rows.count - 1)
    earliest[model] = min(earliest[model], from)
  }

  /// Says that something will be held from a moment on, before it is known where.
  mutating func foretell(_ model: Int, from: Tick) { earliest[model] = min(earliest[model], from) }

  mutating func removeAll() {
    for model in earliest.indices { earliest[model] = .max }
    if rows.isEmpty { return }
    for row in rows { firstOfNode[Int(row.node)] = -1 }
    rows.removeAll(keepingCapacity: true)
    ends.removeAll(keepingCapacity: true)
    hasOwners = false
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
    if rows.isEmpty || firstOfNode[node] < 0 { return left }
    let heldNow = heldParts(node, at: start)
    for device in 0..<Room.devices where heldNow[device] > 0 {
      let rest = Room.whole - room.used[device] - heldNow[device]
      left[device] = max(0, rest)
    }
    var steady = room.opened | Room.bits(heldNow)
    var at = firstOfNode[node]
    while at >= 0 {
      let row = rows[Int(at)]
      at = row.next
      guard start < row.until, row.from < until, !isOwn(row) else { continue }
      if row.job < 0 { return .zero }
      guard start < row.from else { continue }
      let held = heldParts(node, at: row.from)
      steady &= row.opened | Room.bits(held)
      if row.device < 0 { continue }
      let device = Int(row.device)
      left[device] = max(
        0, min(left[device], Room.whole - Int16(row.staying) - held[device]))
    }
    for device in 0..<Room.devices where steady & (1 << UInt32(device)) == 0 { left[device] = 0 }
    return left
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

  /// What is held of each device at a moment.
  private func heldParts(_ node: Int, at moment: Tick) -> SIMD32<Int16> {
    var held = SIMD32<Int16>.zero
    if !hasParts { return held }
    var at = firstOfNode[node]
    while at >= 0 {
      let row = rows[Int(at)]
      if row.device >= 0, row.from <= moment, moment < row.until {
        held[Int(row.device)] += Int16(row.milli)
      }
      at = row.next
    }
    return held
  }

  /// GPUs of the node that a job may use from `start` until `until`, of those free at `start`.
  func usable(_ node: Int, until: Tick, _ room: Room) -> Int {
    if rows.isEmpty || firstOfNode[node] < 0 { return room.usable }
    let free = room.usable
    var at = firstOfNode[node]
    var usable = free - held(node, at: start, opened: hasParts ? room.opened : 0)
    while at >= 0 {
      let row = rows[Int(at)]
      if start < row.from, row.from < until, !isOwn(row) {
        let then = free - Int(freed[node]) + Int(row.freedBefore)
        usable = min(usable, then - held(node, at: row.from, opened: row.opened))
      }
      at = row.next
    }
    return max(0, usable)
  }

  /// Whether a reservation is the asker's pool's, or of one above it.
  private func isOwn(_ row: Row) -> Bool {
    if row.owner < 0 { return false }
    var node = asker
    while node >= 0 {
      if node == row.owner { return true }
      node = parent[Int(node)]
    }
    return false
  }

  /// Whole devices held at a moment, and devices of which parts are that jobs don't keep open.
  private func held(_ node: Int, at moment: Tick, opened: UInt32) -> Int {
    var held = 0
    var at = firstOfNode[node]
    while at >= 0 {
      let row = rows[Int(at)]
      if row.from <= moment, moment < row.until, !isOwn(row) { held += Int(row.gpus) }
      at = row.next
    }
    return hasParts
      ? held + (Room.bits(heldParts(node, at: moment)) & ~opened).nonzeroBitCount : held
  }

  /// The first hold on a node that begins before `until`: why a job has to wait its turn.
  func first(_ node: Int, before until: Tick) -> Row? {
    var first: Row?
    var at = firstOfNode[node]
    while at >= 0 {
      let row = rows[Int(at)]
      if row.from < until, !isOwn(row), (first.map { row.from < $0.from } ?? true) { first = row }
      at = row.next
    }
    return first
  }
}
