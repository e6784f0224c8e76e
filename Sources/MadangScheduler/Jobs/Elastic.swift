/// Elastic jobs: they start with at least their fewest tasks and at most their most, and keep the
/// number until they end. While they wait, their fewest is what they ask for.
extension Scheduler {
  /// The largest form in which a job that has room may start: within its quotas, the room, and what
  /// its pool would be due if it wanted all it may have, less what the others of the pool use and
  /// want. Leaves the room of that form in `placement.found`. O(log tasks) questions.
  mutating func grown(_ job: Int32, _ asked: Shape, _ model: Int) -> Shape {
    let step = asked.slices?.tasks ?? 1
    let until = now + plannedWalltime(jobs[Int(job)].walltime)
    let leaf = Int(jobs[Int(job)].leaf)
    let at = pools.at(leaf, model)
    let own = shapes.shapes[Int(jobs[Int(job)].shape)].models[0].int == model ? asked.milli : 0
    let others = pools.used[at] + pools.waiting[at] - own
    let due = pools.uncappedShare(leaf, model, policy.history) - others
    var (low, high) = (asked.tasks / step, asked.tasksMax / step)
    while low < high {
      let middle = (low + high + 1) / 2
      let larger = asked.with(tasks: middle * step)
      if larger.milli <= due, permission(job, larger, model) == nil,
        placement.find(Ask(larger, model: model, until: until), fleet, holds)
      {
        low = middle
      } else {
        high = middle - 1
      }
    }
    let chosen = asked.with(tasks: low * step)
    guard placement.find(Ask(chosen, model: model, until: until), fleet, holds) else {
      preconditionFailure("what was found once is found again")
    }
    let index = shapes.index(of: chosen)
    // Room was found for it, so nothing makes it impossible.
    if index.int == bounds.count { bounds.append(nil) }
    jobs[Int(job)].shape = index.value
    return chosen
  }
}
