/// A running job that may be asked to leave.
struct Candidate: Sendable {
  /// GPU-ticks of work since its last checkpoint.
  var lost: Int64
  var startedAt: Tick
  var job: Int32
  var gpus: Int32

  /// The least lost work first, then who started last, then the order of jobs.
  static func < (a: Candidate, b: Candidate) -> Bool {
    (a.lost, b.startedAt, a.job) < (b.lost, a.startedAt, b.job)
  }
}

/// All of a model, once for a pass. What has left since is passed over.
struct CandidateList: Sendable {
  var rows: [Candidate]
  var isSorted = false
  /// Nobody before this place is running any more.
  var first = 0
}

extension Scheduler {
  mutating func beginReclaim() {
    scratch.candidates = Array(repeating: nil, count: pools.models)
    scratch.reclaimAnswers.removeAll(keepingCapacity: true)
    scratch.reclaimable = (0..<pools.models).map { model in
      policy.reclaim && pools.used[model] > pools.fixed[model]
    }
  }

  /// Makes the model's list where this pass has none yet. Who started in this cycle is not asked.
  mutating func listCandidates(_ model: Int) {
    if scratch.candidates[model] != nil { return }
    let cycle = UInt32(truncatingIfNeeded: counters.cycles)
    var rows: [Candidate] = []
    for job in active {
      let row = jobs[Int(job)]
      guard Int(row.model) == model, row.preemptible, row.state == .running,
        row.startedIn != cycle
      else { continue }
      let gpus = shapes.shapes[Int(row.shape)].gpus
      rows.append(
        Candidate(
          lost: lostWork(row, gpus), startedAt: row.startedAt, job: job, gpus: Int32(gpus)))
    }
    scratch.candidates[model] = CandidateList(rows: rows)
    if rows.isEmpty { scratch.reclaimable[model] = false }
  }

  /// Puts the model's list in order of cost. Proofs of no need none.
  mutating func sortCandidates(_ model: Int) {
    guard scratch.candidates[model]?.isSorted == false else { return }
    scratch.candidates[model]?.rows.sort(by: <)
    scratch.candidates[model]?.isSorted = true
  }

  /// GPU-ticks that are lost when the job leaves now.
  func lostWork(_ row: JobRow, _ gpus: Int64) -> Int64 {
    let (lost, over) = max(0, now - row.lastCheckpoint(now))
      .multipliedReportingOverflow(by: gpus)
    return over ? .max : lost
  }
}
