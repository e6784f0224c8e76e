/// Preemption as the simulators of Tiresias and Muri know it: at every event all jobs leave their
/// nodes and are placed anew in the policy's order; one that does not fit is passed over. A job
/// that runs on has lost nothing by it, even where its nodes changed, unless `Workload.overhead`
/// is paid.
struct Replacing {
  let paysOverhead: Bool

  /// Counts every running job's work up to now.
  func check(_ order: [Int32], _ world: inout World) {
    for job in order where world.isRunning(Int(job)) {
      let isCharged = paysOverhead && !world.jobs.overhead.isEmpty
      world.check(Int(job), losing: isCharged ? world.jobs.overhead[Int(job)] : 0)
    }
  }

  /// Empties the nodes and fills them in this order.
  func replace(_ order: [Int32], _ world: inout World) {
    for job in order where world.isRunning(Int(job)) { world.vacate(Int(job)) }
    for number in order {
      let job = Int(number)
      let fits = world.freeTotal > 0 && world.place(job)
      switch (world.isRunning(job), fits) {
      case (true, false): world.pause(job)
      case (false, true): world.begin(job)
      default: break
      }
    }
  }

  /// Sorts by key, those of one key as they stood: most were in order before.
  ///
  /// Complexity: O(n + moves).
  static func sort(_ order: inout [Int32], by key: (Int) -> Int128) {
    var keys = order.map { key(Int($0)) }
    for at in order.indices.dropFirst() {
      let (job, value) = (order[at], keys[at])
      var place = at
      while place > 0, keys[place - 1] > value {
        order[place] = order[place - 1]
        keys[place] = keys[place - 1]
        place -= 1
      }
      order[place] = job
      keys[place] = value
    }
  }
}
