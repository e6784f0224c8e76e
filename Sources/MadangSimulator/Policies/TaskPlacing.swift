/// Placement for policies that choose nodes themselves.
extension World {
  /// Places a job where `choose` says, task by task: whole nodes of the largest size, then what is
  /// left of it; or changes nothing. `choose` is given the devices of the task and answers a node,
  /// and the device where the task is a part of one.
  mutating func placeByTasks(
    _ job: Int, _ choose: (Int32, borrowing World) -> (node: Int, device: Int?)?
  ) -> Bool {
    counters.decisions += 1
    if jobs.shapes != nil {
      guard let chosen = choose(jobs.gpus[job], self) else { return false }
      take(job, chosen.node, device: chosen.device)
      return true
    }
    var left = jobs.gpus[job]
    guard Int64(left) <= freeTotal else { return false }
    repeat {
      let task = min(left, largest)
      guard let chosen = choose(task, self) else {
        vacate(job)
        return false
      }
      take(job, chosen.node, task)
      left -= task
    } while left > 0
    return true
  }

  /// Whether a task of `need` devices of a job fits on a node.
  @inline(__always)
  func hasRoom(_ job: Int, _ need: Int32, on node: Int) -> Bool {
    guard !isDown[node] else { return false }
    guard jobs.shapes != nil else { return free[node] >= need }
    return shared.fits(job, on: node, free: free[node], jobs, nodes)
  }
}

extension WaitingLine {
  /// What becomes of the head of the line: it begins, it is dropped where nothing waits, or it
  /// waits and the line with it (false).
  mutating func settle(_ job: Int, _ isPlaced: Bool, _ world: inout World) -> Bool {
    if isPlaced {
      world.begin(job)
    } else if world.jobs.waits {
      return false
    } else {
      world.drop(job)
    }
    removeFirst()
    return true
  }
}
