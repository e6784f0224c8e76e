/// What a scheduler refuses to be told. The first fault in the order of the checks is given.
public enum SchedulerRefusal: Error, Hashable, Sendable {
  /// A count, weight, time or size outside its range; `what` names it.
  case outOfRange(what: String, value: Int64, range: ClosedRange<Int64>)
  /// A pool above that was not created before it: pools cannot form a circle.
  case parentNotBefore(PoolIndex)
  case poolTooDeep(PoolIndex)
  /// What is guaranteed to the pools below, with their sum and what there is to promise.
  case guaranteesAboveParent(PoolIndex?, ModelIndex, promised: Int64, available: Int64)
  case unknownPool(PoolIndex)
  case unknownModel(ModelIndex)
  case unknownJob(JobIndex)
  case unknownNode(NodeIndex)
  /// A model twice in a job's list, or none.
  case models
  /// Slices that do not divide the tasks, or are larger than the required part.
  case slices
  /// A job after one that comes later, or after itself: dependencies cannot form a circle.
  case dependencyNotBefore(JobIndex)
  /// A running job where there is no room for it, in thousandths of GPUs.
  case noRoom(NodeIndex, free: Int64, needed: Int64)
  /// A running job's tasks are not those that it should have, or on nodes of several clusters or of
  /// a model that it does not allow.
  case placement
  case timeGoesBack(now: Tick, to: Tick)
  /// A contract between a pool and one above or below it.
  case lendingWithin(PoolIndex)

  /// Stable; see docs/refusals.md.
  public var code: String {
    switch self {
    case .outOfRange: "MDG-5101"
    case .parentNotBefore: "MDG-5102"
    case .poolTooDeep: "MDG-5103"
    case .guaranteesAboveParent: "MDG-5104"
    case .unknownPool: "MDG-5105"
    case .unknownModel: "MDG-5106"
    case .unknownJob: "MDG-5107"
    case .unknownNode: "MDG-5108"
    case .models: "MDG-5109"
    case .slices: "MDG-5110"
    case .dependencyNotBefore: "MDG-5111"
    case .noRoom: "MDG-5112"
    case .placement: "MDG-5113"
    case .timeGoesBack: "MDG-5114"
    case .lendingWithin: "MDG-5115"
    }
  }
}
