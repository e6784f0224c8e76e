/// The node on which least is left: the mean of CPU left of 128 cores and devices left of 8, in
/// whole hundredths as the field's best fit rounds it; of equals one is drawn. A part of a device
/// goes where the least is left.
struct BestFit: Policy {
  private var queue = WaitingLine()
  private var generator: SeededGenerator
  private var best: [Int32] = []

  init(seed: UInt64) { generator = SeededGenerator(seed: seed).child("best fit") }

  mutating func arrived(_ job: Int, _ world: inout World) { queue.append(job) }

  mutating func evicted(_ job: Int, _ world: inout World) { queue.putBack(job) }

  mutating func decide(_ world: inout World) {
    while let job = queue.first {
      let isPlaced = world.placeByTasks(job) { need, world in
        var least = Int64.max
        best.removeAll(keepingCapacity: true)
        for node in 0..<world.nodes.count where world.hasRoom(job, need, on: node) {
          let score = BestFit.left(world, node, job, need)
          if score > least { continue }
          if score < least { best.removeAll(keepingCapacity: true) }
          least = score
          best.append(Int32(node))
        }
        guard !best.isEmpty else { return nil }
        return (Int(best[generator.draw(0...best.count - 1)]), nil)
      }
      guard queue.settle(job, isPlaced, &world) else { return }
    }
  }

  /// 100 × (½ × CPU left / 128,000 + ½ × milli-devices left / 8,000), rounded up, so that equal
  /// means equal in 100 − it rounded down.
  static func left(_ world: World, _ node: Int, _ job: Int, _ need: Int32) -> Int64 {
    guard let shapes = world.jobs.shapes else { return Int64(world.free[node] - need) }
    let base = node * world.shared.stride
    var milli: Int64 = 0
    for device in base..<base + world.shared.stride { milli += Int64(world.shared.milli[device]) }
    let cpu = Int64(world.shared.cpuMilli[node]) - Int64(shapes.cpuMilli[job])
    return ((milli - world.jobs.milli(job)) * 16 * 100 + cpu * 100 + 255_999) / 256_000
  }
}
