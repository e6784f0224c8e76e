/// Alibaba's openb, as a list of pods in the order they arrive
/// (`seq, pod, cpu_milli, memory_mib, num_gpu, gpu_milli, gpu_spec`) or with times
/// (`name, …, creation_time, deletion_time`).
///
/// In the order of arrivals no time passes and no pod leaves: pod n comes in at tick n, one that
/// does not fit is dropped.
enum OpenbTrace {
  static func read(_ data: [UInt8]) throws(TraceFault) -> Workload {
    var table = try TableReader(data)
    let name = try table.column("pod", "name")
    let cpu = try table.column("cpu_milli")
    let memory = try table.column("memory_mib")
    let gpus = try table.column("num_gpu")
    let milli = try table.column("gpu_milli")
    let spec = try table.column("gpu_spec")
    let created = table.optional("creation_time")
    let deleted = table.optional("deletion_time")
    var jobs = Workload(ticksPerSecond: 1)
    jobs.pools = ["all"]
    jobs.waits = created != nil && deleted != nil
    var shapes = Workload.Shapes()
    var models = NameTable()
    var negative = 0
    try table.rows { (row) throws(TraceFault) in
      let count = try row.integer(gpus, "num_gpu", in: 0...32)
      let part = try row.integer(milli, "gpu_milli", in: 0...1_000)
      let cores = try row.integer(cpu, "cpu_milli", in: 0...1 << 30)
      let mebibytes = try row.integer(memory, "memory_mib", in: 0...1 << 30)
      // A device is taken in parts or whole, and several of them only whole.
      guard count == 0 || (count == 1 ? part > 0 : part == 1_000) else {
        throw row.fault(.outOfRange("gpu_milli", text: row.text(milli)))
      }
      var at = Int64(jobs.count)
      var length = Workload.forever
      if let created, let deleted {
        at = try row.integer(created, "creation_time", in: TraceLimits.time)
        length = try row.integer(deleted, "deletion_time", in: TraceLimits.time) - at
        guard length >= 0 else {
          negative += 1
          return
        }
      }
      guard spec + 1 < row.fields.count else { throw row.fault(.missingField("gpu_spec")) }
      var mask: UInt64 = 0
      for word in row.text(spec).split(separator: "|") {
        let number = models.number(String(word))
        guard number < 64 else { throw row.fault(.outOfRange("gpu_spec", text: String(word))) }
        mask |= 1 << UInt64(number)
      }
      jobs.append(submit: at, duration: length, limit: length, gpus: Int32(count), pool: 0)
      jobs.name.append(row.text(name))
      shapes.gpuMilli.append(count == 0 ? 0 : Int32(part))
      shapes.cpuMilli.append(Int32(cores))
      shapes.memoryMiB.append(Int32(mebibytes))
      shapes.models.append(mask)
    }
    shapes.modelNames = models.names
    jobs.shapes = shapes
    return try jobs.finished(torn: table.torn, skipped: [TraceNote(.unknownDuration, negative)])
  }
}
