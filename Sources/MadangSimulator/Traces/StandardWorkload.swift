/// The Standard Workload Format: 18 or 19 numbers a line, comments after `;`, −1 for unknown.
/// Read are 1 job, 2 submit s, 4 run time s, 5 processors, 8 processors asked for, 9 time asked
/// for, 12 user's group (the pool). Processors asked for count; where unknown, those used.
enum StandardWorkload {
  static func read(_ data: [UInt8]) throws(TraceFault) -> Workload {
    var bytes = TraceBytes(data, separator: 0)
    var jobs = Workload(ticksPerSecond: 1_000_000)
    var unknown = 0
    var idle = 0
    var raised = 0
    var torn = 0
    while bytes.advance() {
      bytes.splitByBlanks()
      guard let first = bytes.fields.first, bytes.bytes[first] != UInt8(ascii: ";") else {
        continue
      }
      guard jobs.count < TraceBytes.maxJobs else {
        throw bytes.fault(.tooManyLines(TraceBytes.maxJobs))
      }
      let job: Job
      do throws(TraceFault) { job = try Job(bytes) } catch {
        guard !bytes.isEnded else { throw error }
        torn += 1
        continue
      }
      if job.duration < 0 {
        unknown += 1
        continue
      }
      if job.processors <= 0 {
        idle += 1
        continue
      }
      if job.limit < job.duration { raised += 1 }
      jobs.append(
        submit: job.submit, duration: job.duration, limit: max(job.limit, job.duration),
        gpus: Int32(job.processors), pool: 0)
      jobs.name.append("\(job.number)")
    }
    jobs.pools = ["all"]
    return try jobs.finished(
      torn: torn,
      skipped: [
        TraceNote(.unknownDuration, unknown), TraceNote(.noDevices, idle),
        TraceNote(.limitRaised, raised),
      ])
  }

  private struct Job {
    let number: Int64
    let submit: Int64
    let duration: Int64
    let processors: Int64
    let limit: Int64

    init(_ bytes: borrowing TraceBytes) throws(TraceFault) {
      guard bytes.fields.count >= 9 else { throw bytes.fault(.missingField("9")) }
      let unknownOr = -1...TraceLimits.gpus.upperBound
      number = try Job.value(bytes, 0, "1 job", 0, Int64.min...Int64.max)
      submit = try Job.value(bytes, 1, "2 submit", 6, TraceLimits.time)
      let seconds = -1_000_000...TraceLimits.time.upperBound
      duration = try Job.value(bytes, 3, "4 run time", 6, seconds)
      let used = try Job.value(bytes, 4, "5 processors", 0, unknownOr)
      let asked = try Job.value(bytes, 7, "8 processors asked for", 0, unknownOr)
      processors = asked > 0 ? asked : used
      limit = try Job.value(bytes, 8, "9 time asked for", 6, seconds)
    }

    private static func value(
      _ bytes: borrowing TraceBytes, _ field: Int, _ column: String, _ places: Int,
      _ range: ClosedRange<Int64>
    ) throws(TraceFault) -> Int64 {
      let from = bytes.fields[field]
      var to = from
      while to < bytes.end, !TraceBytes.isBlank(bytes.bytes[to]) { to += 1 }
      return try bytes.number(from: from, to: to, column, places, range)
    }
  }
}
