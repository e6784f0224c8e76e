/// A running job that may be asked to leave.
struct Candidate: Sendable {
  var lost: LostWork
  var startedAt: Tick
  var job: Int32
  /// Thousandths of GPUs that it has.
  var milli: Int64
  /// Whether it began in this decision: its start would be taken back, and nobody evicted.
  var isFresh: Bool

  /// Thousandths of GPUs that are evicted with it.
  var evicted: Int64 { isFresh ? 0 : milli }

  /// The least lost work first, then who did not really begin, then who started last, then the
  /// order of jobs.
  static func < (a: Candidate, b: Candidate) -> Bool {
    if a.lost != b.lost { return a.lost < b.lost }
    if a.isFresh != b.isFresh { return a.isFresh }
    return (b.startedAt, a.job) < (a.startedAt, b.job)
  }
}

/// Work since a job's last checkpoint: whole GPU-ticks, and thousandths of one more.
struct LostWork: Comparable, Sendable {
  var ticks: Int64
  var milli: Int16

  init(_ time: Tick, milli gpus: Int64) {
    let (whole, rest) = (Int128(time) * Int128(gpus)).quotientAndRemainder(
      dividingBy: Int128(PoolTree.unit))
    ticks = Int64(clamping: whole)
    milli = Int16(rest)
  }

  /// In thousandths of GPU-ticks.
  var all: Int128 { Int128(ticks) * Int128(PoolTree.unit) + Int128(milli) }

  static func < (a: LostWork, b: LostWork) -> Bool { (a.ticks, a.milli) < (b.ticks, b.milli) }
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

  /// Makes the model's list where this pass has none yet. Who started in this pass is not asked.
  mutating func listCandidates(_ model: Int) {
    if scratch.candidates[model] != nil { return }
    var rows: [Candidate] = []
    for job in active {
      let row = jobs[Int(job)]
      guard Int(row.model) == model, row.preemptible, row.state == .running,
        !isOfThisPass(row)
      else { continue }
      let milli = shapes.shapes[Int(row.shape)].milli
      rows.append(
        Candidate(
          lost: lostWork(row, milli), startedAt: row.startedAt, job: job, milli: milli,
          isFresh: isFresh(row)))
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

  /// What is lost when the job leaves now.
  func lostWork(_ row: JobRow, _ milli: Int64) -> LostWork {
    LostWork(max(0, now - row.lastCheckpoint(now)), milli: milli)
  }
}
