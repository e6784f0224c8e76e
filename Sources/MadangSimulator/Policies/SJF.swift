/// Shortest job first by the time it will take, without preemption; nobody overtakes the shortest.
/// Jobs of one length keep the order they came in.
struct SJF: Policy {
  private var heap = JobHeap()

  mutating func arrived(_ job: Int, _ world: inout World) { heap.push(world.remaining[job], job) }

  mutating func decide(_ world: inout World) {
    while let job = heap.first, world.start(job) { heap.pop() }
  }
}

/// Waiting jobs by a key, least first; those of one key by their number.
struct JobHeap: Sendable {
  private var heap = EndQueue()

  var first: Int? { heap.first.map { Int($0.job) } }
  mutating func push(_ key: Int64, _ job: Int) { heap.push(key, job) }
  mutating func pop() { heap.pop() }
}
