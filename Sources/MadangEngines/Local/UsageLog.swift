import Glibc
import MadangProgramme

/// Segments that were metered, in the order in which they are handed out, until they were taken
/// over: a file that only grows, and that a shorter one replaces now and then.
///
/// ```
///  {"metered":[{"job":…,"segments":n} …],"taken":N}    N segments were taken over and left out
///  {"allocation":…,…}                                  segment N
///  {"allocation":…,…}                                  segment N + 1 …
/// ```
/// Positions begin at a number drawn when the file is made, so that a cursor of another folder's
/// file, which the office may still have, is no position of this one: nothing is taken for taken.
///
/// A line without its end is one that was never handed out: the machine stopped before the sync.
struct UsageLog {
  private let path: String
  let cluster: ClusterID
  /// Segments before the first kept one.
  private var taken: Int64 = 0
  private var kept: [UsageSegment] = []
  /// How many segments each job that is not forgotten has.
  private var counts: [EngineJob: Int32] = [:]

  /// Segments taken over before the file is made anew: some hundred kilobytes of lines.
  private static let compactAt: Int64 = 4_096

  init(
    _ path: String, cluster: ClusterID, first: UsageCursor = .drawn()
  ) throws(EngineFailure) {
    self.path = path
    self.cluster = cluster
    guard let bytes = try LocalFiles.bytes(of: path) else {
      taken = first.position
      try compact()
      return
    }
    let whole = bytes.prefix((bytes.lastIndex(of: 10) ?? -1) + 1)
    var lines = whole.split(separator: 10).map { Array($0) }
    do {
      guard !lines.isEmpty else { throw Malformed(expected: "head", offset: 0) }
      let head = try CanonicalReader.value(Head.self, from: lines.removeFirst())
      taken = head.taken
      for metered in head.metered { counts[metered.job] = metered.segments }
      for line in lines {
        let segment = try CanonicalReader.value(UsageSegment.self, from: line)
        kept.append(segment)
        counts[segment.key.job] = segment.key.number + 1
      }
    } catch {
      throw .damaged(reason: "\(path): \((error as? Malformed)?.expected ?? "usage") expected")
    }
    // What comes next must not stand behind half a line.
    if whole.count < bytes.count { try compact() }
  }

  /// How many segments a job has.
  func count(of job: EngineJob) -> Int32 { counts[job] ?? 0 }

  /// Whether a job has segments that are kept and not before a cursor. All are kept that the next
  /// batch after it holds.
  func has(_ job: EngineJob, after cursor: UsageCursor) -> Bool {
    let isOther = cursor.position > taken + Int64(kept.count)
    let first = isOther ? 0 : Int(max(cursor.position - taken, 0))
    return kept[first...].contains { $0.key.job == job }
  }

  mutating func drop(_ job: EngineJob) { counts[job] = nil }

  /// Drops the counts of all other jobs.
  mutating func keep(_ isKept: (EngineJob) -> Bool) {
    for job in counts.keys.sorted() where !isKept(job) { counts[job] = nil }
  }

  /// Adds segments, durably.
  mutating func append(_ segments: [UsageSegment]) throws(EngineFailure) {
    if segments.isEmpty { return }
    let lines = segments.reduce(into: [UInt8]()) { bytes, segment in
      bytes += CanonicalWriter.bytes(of: segment) + [10]
    }
    let file = open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
    guard file >= 0 else { throw LocalFiles.failure(path) }
    defer { close(file) }
    let size = lseek(file, 0, SEEK_END)
    guard LocalFiles.write(lines, to: file), fsync(file) == 0 else {
      let failure = LocalFiles.failure(path)
      // Half of it may stand there; if even this fails, the next start finds half a line or whole
      // ones that were never handed out, and both are right.
      ftruncate(file, size)
      throw failure
    }
    kept += segments
    for segment in segments { counts[segment.key.job] = segment.key.number + 1 }
  }

  /// What follows the cursor; all before it is taken over. Of what is gone nothing comes again.
  mutating func batch(
    after cursor: UsageCursor, limit: Int
  ) throws(EngineFailure) -> UsageBatch {
    let end = taken + Int64(kept.count)
    if cursor.position > end {
      // The office has more than was ever written here: the folder is another one. What is kept
      // comes after that; tokens are drawn, so no job of another folder has their names.
      taken = cursor.position
      try compact()
    }
    // An agent that was started anew asks from the start: what was taken over is gone, and known.
    let start = max(cursor.position, taken)
    let first = Int(start - taken)
    let segments = Array(kept[first...].prefix(max(limit, 0)))
    if Int64(first) >= UsageLog.compactAt {
      kept.removeFirst(first)
      taken = start
      try compact()
    }
    return UsageBatch(segments: segments, next: UsageCursor(start + Int64(segments.count)))
  }

  private func compact() throws(EngineFailure) {
    let metered = counts.sorted { $0.key < $1.key }
      .map { Head.Metered(job: $0.key, segments: $0.value) }
    var bytes = CanonicalWriter.bytes(of: Head(metered: metered, taken: taken)) + [10]
    for segment in kept { bytes += CanonicalWriter.bytes(of: segment) + [10] }
    try LocalFiles.replace(path, bytes)
  }

  private struct Head: Record {
    struct Metered: Record {
      let job: EngineJob
      let segments: Int32

      init(job: EngineJob, segments: Int32) {
        self.job = job
        self.segments = segments
      }

      func writeFields(to writer: inout CanonicalWriter) {
        writer.field("job", job)
        writer.field("segments", segments)
      }

      init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
        job = try reader.field("job")
        segments = try reader.field("segments")
      }
    }

    let metered: [Metered]
    let taken: Int64

    init(metered: [Metered], taken: Int64) {
      self.metered = metered
      self.taken = taken
    }

    func writeFields(to writer: inout CanonicalWriter) {
      writer.field("metered", metered)
      writer.field("taken", taken)
    }

    init(fieldsFrom reader: inout CanonicalReader) throws(Malformed) {
      metered = try reader.field("metered")
      taken = try reader.field("taken")
    }
  }
}
