/// What is left of each device, and of CPU and memory, where jobs ask for parts of a device.
/// Empty where the trace knows only whole devices.
struct SharedDevices: Sendable {
  /// Thousandths left of device d of node n, at `n × stride + d`.
  var milli: [Int32] = []
  var cpuMilli: [Int32] = []
  var memoryMiB: [Int32] = []
  var stride = 0
  /// A job's devices on its node are bits of 32.
  static let gpusPerNodeMax: Int32 = 32

  init() {}

  init(_ nodes: NodeList) {
    stride = Int(nodes.largest)
    cpuMilli =
      nodes.cpuMilli.isEmpty ? Array(repeating: .max, count: nodes.count) : nodes.cpuMilli
    memoryMiB =
      nodes.memoryMiB.isEmpty ? Array(repeating: .max, count: nodes.count) : nodes.memoryMiB
    milli = Array(repeating: 0, count: nodes.count * stride)
    for node in 0..<nodes.count {
      for device in 0..<Int(nodes.gpus[node]) { milli[node * stride + device] = 1_000 }
    }
  }

  /// Whether a node has room: CPU, memory, model, and devices (`free` of them whole).
  func fits(_ job: Int, on node: Int, free: Int32, _ jobs: Workload, _ nodes: NodeList) -> Bool {
    guard let shapes = jobs.shapes, shapes.cpuMilli[job] <= cpuMilli[node],
      shapes.memoryMiB[job] <= memoryMiB[node]
    else { return false }
    let models = shapes.models[job]
    guard models == 0 || models & (1 << UInt64(nodes.model[node])) != 0 else { return false }
    let part = shapes.gpuMilli[job]
    if part == 1_000 || jobs.gpus[job] == 0 { return free >= jobs.gpus[job] }
    if free > 0 { return true }
    let base = node * stride
    for device in base..<base + Int(nodes.gpus[node]) where milli[device] >= part { return true }
    return false
  }

  /// The device with the least left that has room for a part; of equals the lowest, or −1.
  func tightest(_ part: Int32, on node: Int, _ nodes: NodeList) -> Int {
    var best = -1
    let base = node * stride
    for device in 0..<Int(nodes.gpus[node]) where milli[base + device] >= part {
      if best < 0 || milli[base + device] < milli[base + best] { best = device }
    }
    return best
  }

  func couldEverFit(
    _ job: Int, _ need: Int32, _ shapes: Workload.Shapes, _ nodes: NodeList
  ) -> Bool {
    for node in 0..<nodes.count where nodes.gpus[node] >= need {
      let models = shapes.models[job]
      let isAllowed = models == 0 || models & (1 << UInt64(nodes.model[node])) != 0
      let cpu = nodes.cpuMilli.isEmpty ? Int32.max : nodes.cpuMilli[node]
      let memory = nodes.memoryMiB.isEmpty ? Int32.max : nodes.memoryMiB[node]
      if isAllowed, shapes.cpuMilli[job] <= cpu, shapes.memoryMiB[job] <= memory { return true }
    }
    return false
  }
}
