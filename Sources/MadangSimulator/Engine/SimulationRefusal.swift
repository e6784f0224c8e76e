public import MadangProgramme
internal import MadangScheduler

/// Why a run cannot be had as it was asked for.
public enum SimulationRefusal: Refusing, Hashable {
  /// The policy's nodes hold at most so many devices.
  case nodeTooLarge(gpus: Int32, limit: Int)
  /// All jobs one after the other end at a time that cannot be counted.
  case tooLong
  /// Guarantees of all pools exceed a model's devices.
  case pools(String)
  case noNodes

  public var code: String {
    switch self {
    case .nodeTooLarge: "MDG-4021"
    case .tooLong: "MDG-4022"
    case .pools: "MDG-4023"
    case .noNodes: "MDG-4024"
    }
  }

  public func what(_ language: Language) -> String {
    let ko = language == .ko
    switch self {
    case .nodeTooLarge(let gpus, let limit):
      return ko
        ? "노드 하나에 GPU \(gpus)장: 최대 \(limit)장입니다."
        : "A node has \(gpus) devices; at most \(limit) are known."
    case .tooLong:
      return ko
        ? "기록의 시간을 모두 더하면 셀 수 없을 만큼 깁니다."
        : "The trace's times add up to more than can be counted."
    case .pools(let why):
      return ko ? "배분 물량이 맞지 않습니다: \(why)" : "The pools cannot be set up: \(why)"
    case .noNodes: return ko ? "노드가 없습니다." : "There are no nodes."
    }
  }

  public func help(_ language: Language) -> String {
    let ko = language == .ko
    switch self {
    case .nodeTooLarge: return ko ? "더 작은 노드로 나누십시오." : "Split it into smaller nodes."
    case .tooLong: return ko ? "기간을 줄이십시오(--until)." : "Take less of it (--until)."
    case .pools: return ko ? "보장 물량의 합을 줄이십시오." : "Guarantee less."
    case .noNodes: return ko ? "--nodes나 --fleet을 주십시오." : "Give --nodes or --fleet."
    }
  }
}

extension Simulation {
  /// What speaks against running a policy, if anything does.
  public func refusal(for policy: PolicyName) -> SimulationRefusal? {
    guard nodes.deviceCount > 0 else { return .noNodes }
    guard jobs.shapes == nil || nodes.largest <= SharedDevices.gpusPerNodeMax else {
      return .nodeTooLarge(gpus: nodes.largest, limit: Int(SharedDevices.gpusPerNodeMax))
    }
    guard policy == .fairShare else { return nil }
    guard nodes.largest <= SchedulerLimits.gpusPerNodeMax else {
      return .nodeTooLarge(gpus: nodes.largest, limit: SchedulerLimits.gpusPerNodeMax)
    }
    guard span != nil else { return .tooLong }
    guard nodes.modelNames.count <= SchedulerLimits.modelsMax,
      pools.count <= SchedulerLimits.poolsMax
    else {
      return .pools("\(pools.count) × \(nodes.modelNames.count)")
    }
    for model in nodes.modelNames.indices {
      let devices = nodes.gpus.indices.reduce(Int64(0)) {
        $0 + (Int(nodes.model[$1]) == model ? Int64(nodes.gpus[$1]) : 0)
      }
      let promised = pools.reduce(Int64(0)) {
        $0 + (model < $1.guarantees.count ? $1.guarantees[model] : 0)
      }
      if promised > devices {
        return .pools("\(nodes.modelNames[model]): \(promised) > \(devices)")
      }
    }
    return nil
  }

  /// From the first submission to the last moment at which anything new happens, and all jobs one
  /// after the other behind it. Nothing where 62 bits do not hold it.
  ///
  /// No run takes longer, however often jobs are evicted and begin anew: jobs begin only when one
  /// ends or something new happens (or a tick after a start, when it may be asked for), so that
  /// whichever ends next has run ever since the last time, and each ends once.
  var span: Int64? {
    let first = jobs.submit.first ?? 0
    let last = max(jobs.submit.last ?? 0, nodeEvents.last?.time ?? 0)
    var longest = Int128(last) - Int128(first)
    for job in 0..<jobs.count {
      let lengths = [jobs.duration[job], jobs.limit[job]].filter { $0 < Workload.forever }
      longest += Int128(lengths.max() ?? 0)
    }
    return longest < 1 << 62 ? Int64(longest) : nil
  }
}
