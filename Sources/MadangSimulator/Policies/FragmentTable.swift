/// What the free devices of a node are worth to the jobs that are typical: the measure of FGD
/// (Weng et al., USENIX ATC 2023) turned around, in whole numbers.
///
/// FGD's fragment of a node is Σₘ pₘ × (all that is free, where the node cannot host shape m; else
/// what lies on devices with less left than m needs). With popularities as counts and T what is
/// free, that is T × Σ pₘ − worth, where
///
/// ```
///   worth = Σ_d free_d × part[cpu][free_d]  +  1,000 × w × whole[cpu][w]
/// ```
///
/// `part` sums the counts of shapes that need a part of at most free_d and at most the CPU left,
/// `whole` those that need at most w devices, w being those wholly free. Shapes without devices are
/// worth nothing anywhere. So the fragment grows least where the worth falls least.
///
/// Complexity: a node's worth takes one look-up a device.
struct FragmentTable: Sendable {
  /// Ascending; a node with CPU left has the rank of the last that is not above it, plus 1.
  private let cpus: [Int32]
  /// Ascending parts of a device that shapes ask for.
  private let parts: [Int32]
  /// For thousandths left of a device: how many of `parts` are not above.
  private let partRank: [UInt8]
  /// By model, CPU rank, rank of part.
  private var part: [Int64]
  /// By model, CPU rank, devices wholly free.
  private var whole: [Int64]
  /// Σ pₘ: the typical jobs.
  let total: Int64
  private let partStride: Int
  private let wholeStride: Int

  /// The typical shapes are the most frequent that together make up `percent` of all jobs.
  init(_ jobs: Workload, _ nodes: NodeList, percent: Int = 95) {
    let shapes = FragmentTable.typical(jobs, nodes.largest, percent: percent)
    cpus = Array(Set(shapes.map(\.cpu))).sorted()
    parts = Array(Set(shapes.filter { $0.milli < 1_000 && $0.gpus > 0 }.map(\.milli))).sorted()
    let parts = self.parts
    partRank = (0...1_000).map { left in UInt8(parts.prefix { Int($0) <= left }.count) }
    partStride = parts.count + 1
    wholeStride = Int(nodes.largest) + 1
    let models = max(1, nodes.modelNames.count)
    let rows = models * (cpus.count + 1)
    part = Array(repeating: 0, count: rows * partStride)
    whole = Array(repeating: 0, count: rows * wholeStride)
    total = max(1, shapes.reduce(0) { $0 + $1.count })
    for shape in shapes where shape.gpus > 0 { add(shape, models) }
  }

  private mutating func add(_ shape: Shape, _ models: Int) {
    for model in 0..<models {
      guard shape.models == 0 || shape.models & (1 << UInt64(model)) != 0 else { continue }
      for rank in 0...cpus.count where rank > 0 && cpus[rank - 1] >= shape.cpu {
        let row = model * (cpus.count + 1) + rank
        if shape.milli < 1_000 {
          for left in 0..<partStride where left > 0 && parts[left - 1] >= shape.milli {
            part[row * partStride + left] += shape.count
          }
        } else if Int(shape.gpus) < wholeStride {
          for free in Int(shape.gpus)..<wholeStride {
            whole[row * wholeStride + free] += shape.count
          }
        }
      }
    }
  }

  /// The row of a model with so much CPU left.
  func row(model: Int32, cpu: Int32) -> Int {
    var low = 0
    var high = cpus.count
    while low < high {
      let middle = (low + high) / 2
      if cpus[middle] <= cpu { low = middle + 1 } else { high = middle }
    }
    return Int(model) * (cpus.count + 1) + low
  }

  /// What one device with so much left is worth to shapes that need a part.
  @inline(__always)
  func worth(part left: Int32, row: Int) -> Int64 {
    Int64(left) * part[row * partStride + Int(partRank[Int(left)])]
  }

  @inline(__always)
  func worth(whole free: Int32, row: Int) -> Int64 {
    Int64(free) * 1_000 * whole[row * wholeStride + Int(free)]
  }
}

extension FragmentTable {
  /// 100 × sigmoid(what the fragments shrink by / 1,000 thousandths of a device), cut to a whole
  /// number: how FGD scores. `gain` is the shrinking × `total`.
  func score(_ gain: Int64) -> Int64 {
    // The score is at least k where gain / total is at least 1,000 × ln(k / (100 − k)).
    let millionths = gain.magnitude >= 1 << 42 ? (gain < 0 ? Int64.min : .max) : gain * 1_000_000
    var low = 0
    var high = 99
    while low < high {
      let middle = (low + high + 1) / 2
      let above = middle - 50
      let threshold =
        above == 0 ? 0 : above > 0 ? Self.logits[above - 1] : -Self.logits[-above - 1]
      if millionths >= threshold * total { low = middle } else { high = middle - 1 }
    }
    return Int64(low)
  }

  /// 1,000 × ln(k / (100 − k)) in millionths, rounded, for k = 51 … 99.
  private static let logits: [Int64] = [
    40_005_335, 80_042_708, 120_144_312, 160_342_650, 200_670_695, 241_162_057, 281_851_152,
    322_773_392, 363_965_377, 405_465_108, 447_312_218, 489_548_225, 532_216_814, 575_364_145,
    619_039_208, 663_294_217, 708_185_058, 753_771_802, 800_119_300, 847_297_860, 895_384_047,
    944_461_609, 994_622_575, 1_045_968_555, 1_098_612_289, 1_152_679_510, 1_208_311_206,
    1_265_666_373, 1_324_925_415, 1_386_294_361, 1_450_010_176, 1_516_347_489, 1_585_627_264,
    1_658_228_077, 1_734_601_055, 1_815_289_967, 1_900_958_761, 1_992_430_165, 2_090_741_097,
    2_197_224_577, 2_313_634_929, 2_442_347_035, 2_586_689_344, 2_751_535_313, 2_944_438_979,
    3_178_053_830, 3_476_098_690, 3_891_820_298, 4_595_119_850,
  ]

  struct Shape: Hashable {
    let cpu: Int32
    let gpus: Int32
    let milli: Int32
    let models: UInt64
    var count: Int64 = 0
  }

  /// The most frequent shapes, of equals the smaller first.
  static func typical(_ jobs: Workload, _ largest: Int32, percent: Int) -> [Shape] {
    // A look-up only; its values are sorted below.
    var counts: [Shape: Int64] = [:]
    for job in 0..<jobs.count {
      let shape = Shape(
        cpu: jobs.shapes?.cpuMilli[job] ?? 0, gpus: min(jobs.gpus[job], largest),
        milli: jobs.shapes.map { jobs.gpus[job] == 0 ? 0 : $0.gpuMilli[job] } ?? 1_000,
        models: jobs.shapes?.models[job] ?? 0)
      counts[shape, default: 0] += 1
    }
    let all = counts.sorted { a, b in
      if a.value != b.value { return a.value > b.value }
      let (x, y) = (a.key, b.key)
      return (x.gpus, x.milli, x.cpu, x.models) < (y.gpus, y.milli, y.cpu, y.models)
    }
    var typical: [Shape] = []
    var sum: Int64 = 0
    for (shape, count) in all where sum * 100 < Int64(percent) * Int64(jobs.count) {
      var shape = shape
      shape.count = count
      sum += count
      typical.append(shape)
    }
    return typical
  }
}
