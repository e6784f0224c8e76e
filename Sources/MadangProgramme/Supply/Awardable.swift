/// Awardable capacity: in service − retired − spares − operator's share − known maintenance.
///
/// Rule: "never over-award". What is foreseen counts only as far as `minimum` lets it, and the
/// figures keep their confidence wherever they are shown.
extension LineHistory {
  /// GPUs in service on each day, by steps at least as sure as `minimum`. What is said to leave is
  /// taken off however unsure it is: a doubt never adds capacity. So is what was to have come
  /// before today and has not: a plan whose day is over is no plan.
  public func inService(minimum: Confidence, on today: Day?) -> StepFunction {
    let come = foreseenAndCome(.inService)
      .filter { $0.isAsSure(as: minimum) && !$0.isOverdue(on: today) }
    let gone = foreseenAndCome(.retired)
    let standing = StepFunction(
      changes: come.map { ($0.on, $0.gpus) } + gone.map { ($0.on, -$0.gpus) })
    return standing.mapped { max(0, $0) }
  }

  /// GPUs in service on each day that are neither spares nor the operator's, maintenance or not.
  func promisable(minimum: Confidence, on today: Day?) -> StepFunction {
    // Where claims of the operator's share differ, the largest is kept back.
    let kept = line.spares + (line.operatorShare?.all.map(\.value).max() ?? 0)
    return inService(minimum: minimum, on: today).mapped { max(0, $0 - kept) }
  }

  /// GPUs that may be awarded on each day, as of today.
  public func awardable(minimum: Confidence, on today: Day?) -> StepFunction {
    let standing = promisable(minimum: minimum, on: today)
    let away = StepFunction(
      changes: maintenance.flatMap { [($0.term.from, $0.gpus), ($0.term.to, -$0.gpus)] })
    return (standing - away).mapped { max(0, $0) }
  }

  /// GPUs that have reached `state`, or a later one, by the end of `day`; planned steps apart.
  /// Retired ones were delivered too, but are in service no more.
  public func reached(_ state: SupplyState, by day: Day, planned: Bool) -> Int64 {
    func sum(_ state: SupplyState) -> Int64 {
      foreseenAndCome(state).reduce(0) { total, step in
        step.on <= day && (planned || !step.planned) ? total + step.gpus : total
      }
    }
    let most =
      SupplyState.allCases.filter { $0 >= state && $0 != .retired }.map(sum).max() ?? 0
    return state == .inService ? most - sum(.retired) : most
  }

  /// The steps to a state, with what has come taken off what had been foreseen before, earliest
  /// day first: a plan that came true counts once. Each step says "more", so what came before a
  /// plan was recorded is no part of it; and what could not come beside an earlier plan was put off
  /// from it.
  func foreseenAndCome(_ state: SupplyState) -> [SupplyStep] {
    var come: [SupplyStep] = []
    var foreseen: [SupplyStep] = []
    let most = line.gpus.all.map(\.value).max() ?? 0
    func drop(_ gpus: Int64) {
      var left = gpus
      foreseen = foreseen.compactMap { plan in
        let taken = min(left, plan.gpus)
        left -= taken
        return taken == plan.gpus ? nil : plan.less(taken)
      }
    }
    for step in steps where step.state == state {
      if step.planned {
        let total = (come + foreseen).reduce(step.gpus) { $0 + $1.gpus }
        drop(max(0, total - most))
        let place = foreseen.firstIndex { $0.on > step.on } ?? foreseen.count
        foreseen.insert(step, at: place)
        continue
      }
      come.append(step)
      drop(step.gpus)
    }
    return come + foreseen
  }
}

extension SupplyStep {
  /// What is foreseen is no surer than a contract, whatever is said of it: it has not arrived.
  func isAsSure(as minimum: Confidence) -> Bool {
    (planned ? min(confidence, .contracted) : confidence) >= minimum
  }

  /// Planned for a day that is over.
  func isOverdue(on today: Day?) -> Bool { planned && today.map { on < $0 } ?? false }

  fileprivate func less(_ taken: Int64) -> SupplyStep {
    SupplyStep(
      state: state, gpus: gpus - taken, on: on, confidence: confidence, source: source,
      evidence: evidence, planned: planned)
  }
}
