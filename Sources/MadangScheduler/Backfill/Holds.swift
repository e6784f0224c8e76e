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
    /// GPUs of jobs that will have left the node by `from`.
    var freedBefore: Int32
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

  mutating func add(
    node: Int, model: Int, gpus: Int, from: Tick, until: Tick, freedBefore: Int, job: Int32,
    owner: Int32 = -1
  ) {
    if firstOfNode[node] < 0 { nodesOfModel[model].append(Int32(node)) }
    if ends.last != until { ends.append(until) }
    if owner >= 0 { hasOwners = true }
    rows.append(
      Row(
        node: Int32(node), gpus: Int32(gpus), from: from, until: until,
        freedBefore: Int32(freedBefore), next: firstOfNode[node], job: job, owner: owner))
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

  /// GPUs of the node that a job may use from `start` until `until`, of `free` at `start`.
  func usable(_ node: Int, until: Tick, free: Int) -> Int {
    if rows.isEmpty || firstOfNode[node] < 0 { return free }
    var at = firstOfNode[node]
    var usable = free - held(node, at: start)
    while at >= 0 {
      let row = rows[Int(at)]
      if start < row.from, row.from < until, !isOwn(row) {
        let then = free - Int(freed[node]) + Int(row.freedBefore)
        usable = min(usable, then - held(node, at: row.from))
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

  private func held(_ node: Int, at moment: Tick) -> Int {
    var held = 0
    var at = firstOfNode[node]
    while at >= 0 {
      let row = rows[Int(at)]
      if row.from <= moment, moment < row.until, !isOwn(row) { held += Int(row.gpus) }
      at = row.next
    }
    return held
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
