/// Microsoft's Philly: `timestamp, duration s, num_gpus, gpu_time, cluster`; the cluster (a virtual
/// one) is the pool. Times become microseconds since 1970, read as UTC.
enum PhillyTrace {
  static func read(_ data: [UInt8]) throws(TraceFault) -> Workload {
    var table = try TableReader(data)
    let stamp = try table.column("timestamp")
    let duration = try table.column("duration")
    let gpus = try table.column("num_gpus")
    let cluster = try table.column("cluster")
    var jobs = Workload(ticksPerSecond: 1_000_000)
    var pools = NameTable()
    var idle = 0
    try table.rows { (row) throws(TraceFault) in
      guard let seconds = CivilTime.seconds(row.text(stamp)) else {
        throw row.fault(.notATime("timestamp", text: row.text(stamp)))
      }
      let length = try row.decimal(duration, "duration", places: 6, in: TraceLimits.time)
      let count = try row.integer(gpus, "num_gpus", in: TraceLimits.gpus)
      guard cluster + 1 < row.fields.count, !row.isEmpty(cluster) else {
        throw row.fault(.missingField("cluster"))
      }
      guard count > 0 else {
        idle += 1
        return
      }
      jobs.append(
        submit: seconds * 1_000_000, duration: length, limit: length, gpus: Int32(count),
        pool: pools.number(row.text(cluster)))
      jobs.name.append("\(row.line)")
    }
    jobs.pools = pools.names
    return try jobs.finished(torn: table.torn, skipped: [TraceNote(.noDevices, idle)])
  }
}
