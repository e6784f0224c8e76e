/// Our own table of jobs, for anyone to write: a header, then a job a line.
///
/// ```
/// job,submit,duration,gpus,pool,limit
/// a1,0,3600,8,left,7200
/// ```
///
/// `submit` and `duration` in seconds (to the microsecond), `gpus` whole devices of the gang; a job
/// of none is skipped.
/// `pool` may be missing (one pool, *all*), and so may `limit` (the run time is known).
enum JobsTable {
  static func read(_ data: [UInt8]) throws(TraceFault) -> Workload {
    var table = try TableReader(data)
    let name = try table.column("job")
    let submit = try table.column("submit")
    let duration = try table.column("duration")
    let gpus = try table.column("gpus")
    let pool = table.optional("pool")
    let limit = table.optional("limit")
    var jobs = Workload(ticksPerSecond: 1_000_000)
    var pools = NameTable()
    var raised = 0
    var idle = 0
    try table.rows { (row) throws(TraceFault) in
      let at = try row.decimal(submit, "submit", places: 6, in: TraceLimits.time)
      let length = try row.decimal(duration, "duration", places: 6, in: TraceLimits.time)
      let count = try row.integer(gpus, "gpus", in: TraceLimits.gpus)
      guard count > 0 else {
        idle += 1
        return
      }
      var most = length
      if let limit, limit + 1 < row.fields.count, !row.isEmpty(limit) {
        most = try row.decimal(limit, "limit", places: 6, in: TraceLimits.time)
        if most < length {
          raised += 1
          most = length
        }
      }
      var number: Int32 = 0
      if let pool {
        guard pool + 1 < row.fields.count, !row.isEmpty(pool) else {
          throw row.fault(.missingField("pool"))
        }
        number = pools.number(row.text(pool))
      }
      jobs.append(submit: at, duration: length, limit: most, gpus: Int32(count), pool: number)
      jobs.name.append(row.text(name))
    }
    jobs.pools = pool == nil ? ["all"] : pools.names
    return try jobs.finished(
      torn: table.torn, skipped: [TraceNote(.noDevices, idle), TraceNote(.limitRaised, raised)])
  }
}
