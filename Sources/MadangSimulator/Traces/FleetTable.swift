/// A fleet as a table: `name, gpus, cpu_milli, memory_mib, model, count`, all but `gpus` optional;
/// openb's and the production fleet's own columns (`sn`, `gpu`, `gpu_capacity_num`, `gpu_model`)
/// are known too. `count` repeats the line.
public enum FleetTable {
  public static func read(_ data: [UInt8]) throws(TraceFault) -> NodeList {
    var table = try TableReader(data)
    let gpus = try table.column("gpus", "gpu", "gpu_capacity_num")
    let cpu = table.optional("cpu_milli")
    let memory = table.optional("memory_mib")
    let model = table.optional("model", "gpu_model")
    let count = table.optional("count")
    var nodes = NodeList()
    var models = NameTable()
    try table.rows { (row) throws(TraceFault) in
      let devices = try row.integer(gpus, "gpus", in: TraceLimits.gpus)
      let times = try count.map { (field) throws(TraceFault) in
        try row.integer(field, "count", in: 0...1_048_576)
      }
      guard nodes.count + Int(times ?? 1) <= 262_144 else {
        throw row.fault(.tooManyLines(262_144))
      }
      let kind = models.number(model.map { row.text($0) } ?? "gpu")
      guard kind < 64 else { throw row.fault(.outOfRange("model", text: "\(kind)")) }
      let cores = try cpu.map { (field) throws(TraceFault) in
        Int32(try row.integer(field, "cpu_milli", in: 0...1 << 30))
      }
      let mebibytes = try memory.map { (field) throws(TraceFault) in
        Int32(try row.integer(field, "memory_mib", in: 0...1 << 30))
      }
      // The whole row is read: a torn one leaves nothing behind.
      for _ in 0..<(times ?? 1) {
        nodes.gpus.append(Int32(devices))
        nodes.model.append(kind)
        if let cores { nodes.cpuMilli.append(cores) }
        if let mebibytes { nodes.memoryMiB.append(mebibytes) }
      }
    }
    guard nodes.deviceCount > 0 else { throw TraceFault(line: 1, .empty) }
    nodes.modelNames = models.names
    if table.torn > 0 { nodes.notes = [TraceNote(.tornLastLine, table.torn)] }
    return nodes
  }
}

extension Workload {
  /// The jobs with the models they name numbered as the fleet numbers its own. A name that the
  /// fleet has none of allows nothing.
  public func matched(to nodes: NodeList) -> Workload {
    guard let shapes else { return self }
    let numbers = shapes.modelNames.map { name in nodes.modelNames.firstIndex(of: name) }
    var other = self
    other.shapes?.models = shapes.models.map { mask in
      guard mask != 0 else { return 0 }
      var mapped: UInt64 = 0
      for (bit, number) in numbers.enumerated() where mask & (1 << UInt64(bit)) != 0 {
        mapped |= number.map { 1 << UInt64($0) } ?? 0
      }
      // None of them is in the fleet: a bit that no model has.
      return mapped == 0 ? 1 << 63 : mapped
    }
    other.shapes?.modelNames = nodes.modelNames
    return other
  }
}
