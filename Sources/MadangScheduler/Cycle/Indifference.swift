/// Jobs to which their models are all the same.
extension Scheduler {
  /// The models in the order in which a job asks for them. One that prefers none begins with the
  /// model that has the tightest place for it: first among those of which its pool has a guarantee
  /// that it stays within, then among all. Where there is room on none, the order is the declared.
  mutating func preference(_ job: Int32, _ shape: Shape) -> [ModelIndex] {
    if shape.models.count == 1 { return shape.models }
    let row = jobs[Int(job)]
    let until = now + plannedWalltime(row.walltime)
    var best: (isBeyond: Bool, tightness: Tightness, model: ModelIndex)?
    for model in shape.models where scratch.blockedBy[model.int] < 0 {
      if shapes.isRefused(Int(row.shape), model.int, gains: fleet.gains[model.int]) { continue }
      if permission(job, shape, model.int) != nil { continue }
      let ask = Ask(shape, model: model.int, until: until)
      if holds.bind(ask) { settlePromise() }
      guard placement.find(ask, fleet, holds) else { continue }
      let at = pools.at(Int(row.leaf), model.int)
      let isBeyond = shape.milli > 0 && pools.used[at] + shape.milli > pools.guarantee[at]
      if let known = best,
        (known.isBeyond ? 1 : 0, known.tightness) <= (isBeyond ? 1 : 0, placement.tightness)
      {
        continue
      }
      best = (isBeyond, placement.tightness, model)
    }
    guard let best else { return shape.models }
    return [best.model] + shape.models.filter { $0 != best.model }
  }
}
