import MadangProgramme

/// Who runs beyond what there is for its lane, since GPUs failed or a reservation became smaller:
/// it has GPUs of other lanes until it ends.
///
/// ```
///  up 8   reserved 3: runs ███▒▒          5 − 3 = 2 beyond
///         shared 5:   runs ██ · · ▒ ▒     2, and 2 guests: 1 is free
/// ```
/// **Invariant:** what runs and what all lanes together have free is never more than what is up.
/// What nobody may use (`ModelGPUs.withheld`) is given to who runs beyond before anything of the
/// other lanes is: often it is what its reservation lost.
struct Overrun {
  /// For each lane, what of its GPUs others' jobs have.
  private(set) var guests: [[RunningJob]]

  init(_ plans: [LanePlan], _ running: [[RunningJob]], _ gpus: [ModelGPUs]) {
    guests = plans.map { _ in [] }
    for model in gpus {
      let lanes = plans.indices.filter { plans[$0].model == model.model }
      var free: [Int64] = []
      var beyond: [RunningJob] = []
      var missing = -model.up
      for lane in lanes {
        let used = running[lane].reduce(0) { $0 + Int64($1.gpus) }
        free.append(max(0, plans[lane].capacity - used))
        missing += used + (free.last ?? 0)
        beyond += Overrun.first(used - plans[lane].capacity, of: running[lane])
      }
      // Who ends first is the first to have none of the others': its GPUs fill what is left of a
      // lane that is over itself. The lane that nobody reserved has guests first, and longest.
      guard missing > 0 else { continue }
      var parts = Overrun.first(missing, of: beyond)
      for place in [0] + free.indices.dropFirst().reversed() {
        while free[place] > 0, let last = parts.popLast() {
          let here = min(Int64(last.gpus), free[place])
          guests[lanes[place]].append(last.with(gpus: here))
          free[place] -= here
          if here < Int64(last.gpus) { parts.append(last.with(gpus: Int64(last.gpus) - here)) }
        }
      }
    }
  }

  /// So many GPUs of those that end first, in the order in which they end.
  private static func first(_ count: Int64, of running: [RunningJob]) -> [RunningJob] {
    guard count > 0 else { return [] }
    var left = count
    var parts: [RunningJob] = []
    for job in running.sorted(by: { ($0.endsBy, $0.task) < ($1.endsBy, $1.task) }) where left > 0 {
      parts.append(job.with(gpus: min(left, Int64(job.gpus))))
      left -= min(left, Int64(job.gpus))
    }
    return parts
  }
}

extension RunningJob {
  fileprivate func with(gpus: Int64) -> RunningJob {
    RunningJob(
      task: task, allocation: allocation, model: model, gpus: Int32(gpus), endsBy: endsBy)
  }
}
