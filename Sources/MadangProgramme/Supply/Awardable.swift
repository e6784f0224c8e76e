/// Awardable capacity: in service − retired − spares − operator's share − known maintenance.
///
/// Rule: "never over-award". What is foreseen counts only as far as `minimum` lets it, and the
/// figures keep their confidence wherever they are shown.
extension LineHistory {
  /// GPUs in service on each day, by steps at least as sure as `minimum`. What is said to leave is
  /// taken off however unsure it is: a doubt never adds capacity.
  public func inService(minimum: Confidence) -> StepFunction {
    let standing = StepFunction(
      changes: steps.compactMap { step in
        switch step.state {
        case .inService where step.confidence >= minimum: (step.on, step.gpus)
        case .retired: (step.on, -step.gpus)
        default: nil
        }
      })
    return standing.mapped { max(0, $0) }
  }

  /// GPUs that may be awarded on each day.
  public func awardable(minimum: Confidence) -> StepFunction {
    // Where claims of the operator's share differ, the largest is kept back.
    let kept = line.spares + (line.operatorShare?.all.map(\.value).max() ?? 0)
    let standing = inService(minimum: minimum).mapped { max(0, $0 - kept) }
    let away = StepFunction(
      changes: maintenance.flatMap { [($0.term.from, $0.gpus), ($0.term.to, -$0.gpus)] })
    return (standing - away).mapped { max(0, $0) }
  }

  /// GPUs that have reached `state`, or a later one, by the end of `day`; planned steps apart.
  /// Retired ones were delivered too, but are in service no more.
  public func reached(_ state: SupplyState, by day: Day, planned: Bool) -> Int64 {
    var most: Int64 = 0
    for later in SupplyState.allCases where later >= state && later != .retired {
      var sum: Int64 = 0
      for step in steps where step.state == later && step.on <= day {
        if !step.planned || planned { sum += step.gpus }
      }
      most = max(most, sum)
    }
    guard state == .inService else { return most }
    var retired: Int64 = 0
    for step in steps where step.state == .retired && step.on <= day {
      if !step.planned || planned { retired += step.gpus }
    }
    return most - retired
  }
}
