/// Waiting jobs that are answered together: of one pool, shape, priority and walltime, in the order
/// of submission. What is true of the first is true of all, so a *no* is found once.
struct Line: Sendable {
  struct Key: Hashable, Sendable {
    var leaf: Int32
    var shape: Int32
    var priority: Int32
    var walltime: Tick
    var notice: Tick
    var deadline: Tick
    var preemptible: Bool
    /// The job's number where room is kept for more than one: then each is asked by itself, in its
    /// turn; −1 elsewhere.
    var alone: Int32
  }

  var key: Key
  var first: Int32 = -1
  var last: Int32 = -1
  var count: Int32 = 0
  /// Why its first job did not start when it was last asked, and in which pass.
  var reason: WaitReason = .notAsked
  var askedIn: UInt64 = 0
}

/// All lines, and for each leaf of the pool tree those that are not empty, in serving order: higher
/// priority first, then whose first job was submitted first.
struct Lines: Sendable {
  private(set) var rows: [Line] = []
  private var unused: [Int32] = []
  /// Look-up only; nothing walks it.
  private var known: [Line.Key: Int32] = [:]
  private(set) var ofLeaf: [[Int32]]
  private(set) var waitingJobs = 0

  init(leaves: Int) { ofLeaf = Array(repeating: [], count: leaves) }

  subscript(line: Int32) -> Line {
    get { rows[Int(line)] }
    _modify { yield &rows[Int(line)] }
  }

  /// Puts a job into its line, by its number. O(1) for the latest, else O(jobs behind the first).
  mutating func enter(_ job: Int32, _ key: Line.Key, _ jobs: inout [JobRow]) {
    let line = line(of: key)
    jobs[Int(job)].line = line
    waitingJobs += 1
    if rows[Int(line)].count == 0 {
      jobs[Int(job)].next = -1
      jobs[Int(job)].previous = -1
      rows[Int(line)].first = job
      rows[Int(line)].last = job
      rows[Int(line)].count = 1
      insert(line)
      return
    }
    rows[Int(line)].count += 1
    if rows[Int(line)].last < job {
      let last = rows[Int(line)].last
      link(last, job, &jobs)
      jobs[Int(job)].next = -1
      rows[Int(line)].last = job
      return
    }
    var after = rows[Int(line)].first
    if after > job {
      withdraw(line)
      link(job, after, &jobs)
      jobs[Int(job)].previous = -1
      rows[Int(line)].first = job
      insert(line)
      return
    }
    while after < job { after = jobs[Int(after)].next }
    link(jobs[Int(after)].previous, job, &jobs)
    link(job, after, &jobs)
  }

  /// Takes a job out of its line.
  mutating func leave(_ job: Int32, _ jobs: inout [JobRow]) {
    let line = jobs[Int(job)].line
    let (previous, next) = (jobs[Int(job)].previous, jobs[Int(job)].next)
    waitingJobs -= 1
    let wasFirst = previous < 0
    if wasFirst { withdraw(line) }
    if previous >= 0 { jobs[Int(previous)].next = next } else { rows[Int(line)].first = next }
    if next >= 0 { jobs[Int(next)].previous = previous } else { rows[Int(line)].last = previous }
    rows[Int(line)].count -= 1
    if rows[Int(line)].count == 0 {
      known[rows[Int(line)].key] = nil
      unused.append(line)
    } else if wasFirst {
      insert(line)
    }
  }

  private func link(_ a: Int32, _ b: Int32, _ jobs: inout [JobRow]) {
    if a >= 0 { jobs[Int(a)].next = b }
    if b >= 0 { jobs[Int(b)].previous = a }
  }

  private mutating func line(of key: Line.Key) -> Int32 {
    if let line = known[key] { return line }
    let line: Int32
    if let old = unused.popLast() {
      line = old
      rows[Int(old)] = Line(key: key)
    } else {
      line = Int32(rows.count)
      rows.append(Line(key: key))
    }
    known[key] = line
    return line
  }

  /// Where a line stands, or would stand, among its leaf's.
  private func place(_ line: Int32) -> Int {
    let row = rows[Int(line)]
    let list = ofLeaf[Int(row.key.leaf)]
    var (low, high) = (0, list.count)
    while low < high {
      let middle = (low + high) / 2
      let other = rows[Int(list[middle])]
      if (-other.key.priority, other.first) < (-row.key.priority, row.first) {
        low = middle + 1
      } else {
        high = middle
      }
    }
    return low
  }

  private mutating func insert(_ line: Int32) {
    let place = place(line)
    ofLeaf[Int(rows[Int(line)].key.leaf)].insert(line, at: place)
  }

  private mutating func withdraw(_ line: Int32) {
    let place = place(line)
    let leaf = Int(rows[Int(line)].key.leaf)
    precondition(ofLeaf[leaf][place] == line, "lines stand in order")
    ofLeaf[leaf].remove(at: place)
  }
}
