/// First in, first out, and strictly: nobody overtakes the head of the line.
struct FIFO: Policy {
  private var queue = WaitingLine()

  mutating func arrived(_ job: Int, _ world: inout World) { queue.append(job) }

  mutating func evicted(_ job: Int, _ world: inout World) { queue.putBack(job) }

  mutating func decide(_ world: inout World) {
    while let job = queue.first {
      guard queue.settle(job, world.place(job), &world) else { return }
    }
  }
}
