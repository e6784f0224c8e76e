/// Any node that has room, each as likely as another; a part of a device goes where the least is
/// left. Jobs that wait keep the order they came in.
struct RandomFit: Policy {
  private var queue = WaitingLine()
  private var generator: SeededGenerator
  private var fitting: [Int32] = []

  init(seed: UInt64) { generator = SeededGenerator(seed: seed).child("random fit") }

  mutating func arrived(_ job: Int, _ world: inout World) { queue.append(job) }

  mutating func evicted(_ job: Int, _ world: inout World) { queue.putBack(job) }

  mutating func decide(_ world: inout World) {
    while let job = queue.first {
      let isPlaced = world.placeByTasks(job) { need, world in
        fitting.removeAll(keepingCapacity: true)
        for node in 0..<world.nodes.count where world.hasRoom(job, need, on: node) {
          fitting.append(Int32(node))
        }
        guard !fitting.isEmpty else { return nil }
        return (Int(fitting[generator.draw(0...fitting.count - 1)]), nil)
      }
      guard queue.settle(job, isPlaced, &world) else { return }
    }
  }
}
