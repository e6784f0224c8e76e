/// Placements: which job holds what on which node. A job's slots are a list, and so are a node's.
struct Slots: Sendable {
  struct Slot: Sendable {
    var job: Int32
    var node: Int32
    /// Whole devices, or 0 where the job holds a part of one.
    var units: Int32
    /// The devices held, a bit each, where devices are told apart.
    var devices: UInt32
    var next: Int32
    var previousOnNode: Int32
    var nextOnNode: Int32
  }

  private(set) var all: [Slot] = []
  private var unused: Int32 = -1

  subscript(index: Int32) -> Slot { all[Int(index)] }

  /// Adds a slot before `next` of the job and before `firstOnNode` of the node.
  mutating func add(
    job: Int, node: Int, units: Int32, devices: UInt32, next: Int32, firstOnNode: Int32
  ) -> Int32 {
    let slot = Slot(
      job: Int32(truncatingIfNeeded: job), node: Int32(truncatingIfNeeded: node), units: units,
      devices: devices, next: next, previousOnNode: -1, nextOnNode: firstOnNode)
    let index: Int32
    if unused >= 0 {
      index = unused
      unused = all[Int(index)].next
      all[Int(index)] = slot
    } else {
      index = Int32(all.count)
      all.append(slot)
    }
    if firstOnNode >= 0 { all[Int(firstOnNode)].previousOnNode = index }
    return index
  }

  /// Takes a slot out of its node's list and keeps it for reuse. Returns the node's first slot,
  /// where that changes.
  mutating func remove(_ index: Int32) -> (isFirst: Bool, first: Int32) {
    let slot = all[Int(index)]
    if slot.nextOnNode >= 0 { all[Int(slot.nextOnNode)].previousOnNode = slot.previousOnNode }
    if slot.previousOnNode >= 0 { all[Int(slot.previousOnNode)].nextOnNode = slot.nextOnNode }
    all[Int(index)].next = unused
    unused = index
    return (slot.previousOnNode < 0, slot.nextOnNode)
  }
}
