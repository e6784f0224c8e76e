/// The traces of Muri: times in milliseconds; a job runs iterations × iteration_time × 1.015.
/// One millisecond × 1.015 is 1,015 µs, so microseconds hold it exactly.
enum MuriTrace {
  static func read(_ data: [UInt8]) throws(TraceFault) -> Workload {
    var table = try TableReader(data)
    let name = try table.column("job_id")
    let gpus = try table.column("num_gpu")
    let submit = try table.column("submit_time")
    let iterations = try table.column("iterations")
    let each = try table.column("iteration_time")
    let model = try table.column("model_name")
    var jobs = Workload(ticksPerSecond: 1_000_000)
    jobs.pools = ["all"]
    var idle = 0
    try table.rows { (row) throws(TraceFault) in
      let count = try row.integer(gpus, "num_gpu", in: TraceLimits.gpus)
      let at = try row.decimal(submit, "submit_time", places: 3, in: TraceLimits.time)
      let times = try row.integer(iterations, "iterations", in: 0...1 << 40)
      let milliseconds = try row.integer(each, "iteration_time", in: 0...1_000_000_000)
      let (product, over) = times.multipliedReportingOverflow(by: milliseconds * 1_015)
      guard !over, TraceLimits.time.contains(product) else {
        throw row.fault(.outOfRange("iterations", text: row.text(iterations)))
      }
      guard model + 1 < row.fields.count else { throw row.fault(.missingField("model_name")) }
      guard count > 0 else {
        idle += 1
        return
      }
      jobs.append(submit: at, duration: product, limit: product, gpus: Int32(count), pool: 0)
      jobs.overhead.append(restartSeconds(row.text(model), Int32(count)) * 1_000_000)
      jobs.name.append(row.text(name))
    }
    return try jobs.finished(torn: table.torn, skipped: [TraceNote(.noDevices, idle)])
  }

  /// Seconds that the peer charges a running job at every event, by model and by 1, 2, 4, 8, 16 or
  /// 32 devices; 10 for a model it does not know.
  private static let restart: [(model: String, seconds: [Int64])] = [
    ("vgg16", [7, 7, 8, 9, 9, 10]), ("vgg19", [7, 7, 8, 9, 10, 10]),
    ("resnet18", [4, 5, 5, 7, 7, 7]), ("shufflenet_v2_x1_0", [4, 4, 5, 5, 7, 8]),
    ("bert", [10, 10, 10, 10, 10, 10]), ("gpt2", [10, 10, 10, 10, 10, 10]),
    ("a2c", [38, 39, 39, 46, 46, 46]), ("dqn", [5, 5, 6, 6, 8, 8]),
  ]

  private static func restartSeconds(_ model: String, _ gpus: Int32) -> Int64 {
    guard let row = restart.first(where: { $0.model == model }) else { return 10 }
    let column = [1, 2, 4, 8, 16].firstIndex { gpus <= $0 } ?? 5
    return row.seconds[column]
  }
}
