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

/// The lines of one leaf and shape: what nobody of them could get is found out once for all.
struct LineGroup: Sendable {
  let shape: Int32
  /// In serving order: higher priority first, then whose first job was submitted first.
  var lines: [Int32] = []
  /// No line's walltime is shorter; one may have been that has left. Unknown walltimes are −1 in a
  /// line, and planned as the policy says.
  var walltimeAtLeast: Tick = .max
}

/// When a leaf's job is served: by priority, then by number.
struct Turn: Comparable, Sendable {
  var priority: Int32
  var job: Int32

  static let first = Turn(priority: .max, job: -1)

  static func < (a: Turn, b: Turn) -> Bool {
    a.priority == b.priority ? a.job < b.job : a.priority > b.priority
  }
}

/// All lines, and for each leaf of the pool tree the groups of those that are not empty.
struct Lines: Sendable {
  private(set) var rows: [Line] = []
  private var unused: [Int32] = []
  /// Look-up only; nothing walks it.
  private var known: [Line.Key: Int32] = [:]
  private(set) var groups: [LineGroup] = []
  /// By leaf, in the order in which shapes came.
  private(set) var ofLeaf: [[Int32]]
  private(set) var waitingJobs = 0
  /// Look-up only: by leaf and shape.
  private var groupOf: [Int64: Int32] = [:]
  private let assumedWalltime: Tick

  init(leaves: Int, assumedWalltime: Tick) {
    ofLeaf = Array(repeating: [], count: leaves)
    self.assumedWalltime = assumedWalltime
  }

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

  func turn(_ line: Int32) -> Turn {
    Turn(priority: rows[Int(line)].key.priority, job: rows[Int(line)].first)
  }

  /// The first place in a group that comes not before a turn.
  func place(_ group: Int32, notBefore turn: Turn) -> Int {
    let list = groups[Int(group)].lines
    var (low, high) = (0, list.count)
    while low < high {
      let middle = (low + high) / 2
      if self.turn(list[middle]) < turn { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// Says what the shortest walltime of a group is, found by looking at all of it.
  mutating func note(_ group: Int32, walltimeAtLeast shortest: Tick) {
    groups[Int(group)].walltimeAtLeast = shortest
  }

  private mutating func insert(_ line: Int32) {
    let group = group(of: line)
    let walltime = rows[Int(line)].key.walltime
    groups[Int(group)].walltimeAtLeast = min(
      groups[Int(group)].walltimeAtLeast, walltime < 0 ? assumedWalltime : walltime)
    let place = place(group, notBefore: turn(line))
    groups[Int(group)].lines.insert(line, at: place)
  }

  private mutating func withdraw(_ line: Int32) {
    let group = group(of: line)
    let place = place(group, notBefore: turn(line))
    precondition(groups[Int(group)].lines[place] == line, "lines stand in order")
    groups[Int(group)].lines.remove(at: place)
    if groups[Int(group)].lines.isEmpty { groups[Int(group)].walltimeAtLeast = .max }
  }

  private mutating func group(of line: Int32) -> Int32 {
    let key = rows[Int(line)].key
    let at = Int64(key.leaf) << 32 | Int64(key.shape)
    if let group = groupOf[at] { return group }
    groups.append(LineGroup(shape: key.shape))
    groupOf[at] = Int32(groups.count - 1)
    ofLeaf[Int(key.leaf)].append(Int32(groups.count - 1))
    return Int32(groups.count - 1)
  }
}
