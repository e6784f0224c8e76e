/// Free devices over the time to come, as a step function: what is free now, and what planned ends
/// give back.
struct FreeProfile {
  /// Ascending; from `times[i]` on `free[i]` devices are free.
  private var times: [Int64]
  private var free: [Int64]

  /// A job that has outrun its limit is planned to end at once, one that never leaves not at all.
  ///
  /// Complexity: O(r log r) for r running jobs.
  init(_ world: World, _ running: [Int32]) {
    times = [world.now]
    free = [world.freeTotal]
    let ends = running.compactMap { number -> (Int64, Int64)? in
      let job = Int(number)
      guard world.jobs.limit[job] < Workload.forever else { return nil }
      let planned = world.ended[job] - world.jobs.duration[job] + world.jobs.limit[job]
      return (max(world.now + 1, planned), Int64(world.jobs.gpus[job]))
    }
    for (end, gpus) in ends.sorted(by: { $0 < $1 }) {
      let total = free[free.count - 1] + gpus
      if times[times.count - 1] == end {
        free[free.count - 1] = total
      } else {
        times.append(end)
        free.append(total)
      }
    }
  }

  /// When what begins at a time and takes so long ends: the end of time for what never does.
  private static func end(_ time: Int64, _ length: Int64) -> Int64 {
    let (end, isBeyond) = time.addingReportingOverflow(length)
    return isBeyond ? .max : end
  }

  /// The step that holds a time.
  private func step(at time: Int64) -> Int {
    var low = 0
    var high = times.count
    while low < high {
      let middle = (low + high) / 2
      if times[middle] <= time { low = middle + 1 } else { high = middle }
    }
    return max(0, low - 1)
  }

  func fits(_ need: Int64, at time: Int64, for length: Int64) -> Bool {
    blocker(need, from: step(at: time), until: FreeProfile.end(time, length)) == nil
  }

  /// The first step from `first` on that begins before `until` and has too little.
  private func blocker(_ need: Int64, from first: Int, until: Int64) -> Int? {
    var step = first
    while step < times.count, step == first || times[step] < until {
      if free[step] < need { return step }
      step += 1
    }
    return nil
  }

  /// The first time after `now` from which `need` are free for `length`; `nil` where never.
  func earliest(_ need: Int64, for length: Int64, after now: Int64) -> Int64? {
    var start = step(at: now)
    while start < times.count {
      let time = max(now, times[start])
      guard let blocked = blocker(need, from: start, until: FreeProfile.end(time, length)) else {
        return time
      }
      start = blocked + 1
    }
    return nil
  }

  /// Takes `need` devices over `[from, from + length)`.
  mutating func take(_ need: Int64, from: Int64, for length: Int64) {
    guard length > 0 else { return }
    let first = cut(at: from)
    let last = cut(at: FreeProfile.end(from, length))
    for step in first..<last { free[step] -= need }
  }

  /// Makes a step begin at `time`; returns it.
  private mutating func cut(at time: Int64) -> Int {
    let at = step(at: time)
    if times[at] == time { return at }
    times.insert(time, at: at + 1)
    free.insert(free[at], at: at + 1)
    return at + 1
  }
}
