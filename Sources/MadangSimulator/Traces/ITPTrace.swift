/// Microsoft's ITP clusters as ElasticFlow published them:
/// `job_id, submission_time s, duration s, num_gpu`.
enum ITPTrace {
  static func read(_ data: [UInt8]) throws(TraceFault) -> Workload {
    var table = try TableReader(data)
    let name = try table.column("job_id")
    let submit = try table.column("submission_time")
    let duration = try table.column("duration")
    let gpus = try table.column("num_gpu")
    var jobs = Workload(ticksPerSecond: 1_000_000)
    jobs.pools = ["all"]
    var idle = 0
    try table.rows { (row) throws(TraceFault) in
      let count = try row.integer(gpus, "num_gpu", in: TraceLimits.gpus)
      let at = try row.decimal(submit, "submission_time", places: 6, in: TraceLimits.time)
      let length = try row.decimal(duration, "duration", places: 6, in: TraceLimits.time)
      guard count > 0 else {
        idle += 1
        return
      }
      jobs.append(submit: at, duration: length, limit: length, gpus: Int32(count), pool: 0)
      jobs.name.append(row.text(name))
    }
    return try jobs.finished(torn: table.torn, skipped: [TraceNote(.noDevices, idle)])
  }
}
