/// Large jobs of the Shanghai AI Lab's cluster Kalos: `job_id, arrival_time s, num_iteration,
/// iteration_computing_time s, gpu_workers, gpu_per_worker`. A job has workers × devices a worker.
///
/// The columns of iterations and network were made up where the trace was published: what a run
/// on them says of times is no measurement, and only sizes and arrivals are real.
enum AcmeTrace {
  static func read(_ data: [UInt8]) throws(TraceFault) -> Workload {
    var table = try TableReader(data)
    let name = try table.column("job_id")
    let submit = try table.column("arrival_time")
    let iterations = try table.column("num_iteration")
    let each = try table.column("iteration_computing_time")
    let workers = try table.column("gpu_workers")
    let perWorker = try table.column("gpu_per_worker")
    var jobs = Workload(ticksPerSecond: 1_000_000)
    jobs.pools = ["all"]
    var idle = 0
    try table.rows { (row) throws(TraceFault) in
      let at = try row.decimal(submit, "arrival_time", places: 6, in: TraceLimits.time)
      let times = try row.integer(iterations, "num_iteration", in: 0...1 << 30)
      let length = try row.decimal(
        each, "iteration_computing_time", places: 6, in: 0...1_000_000_000)
      let count = try row.integer(workers, "gpu_workers", in: 0...65_536)
      let devices = try row.decimal(perWorker, "gpu_per_worker", places: 0, in: 0...16)
      guard count * devices > 0 else {
        idle += 1
        return
      }
      jobs.append(
        submit: at, duration: times * length, limit: times * length,
        gpus: Int32(count * devices), pool: 0)
      jobs.name.append(row.text(name))
    }
    return try jobs.finished(torn: table.torn, skipped: [TraceNote(.noDevices, idle)])
  }
}
