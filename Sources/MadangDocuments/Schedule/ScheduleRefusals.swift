internal import MadangProgramme
internal import MadangScheduler

/// A scheduler's refusals as faults of a file.
extension SchedulerRefusal {
  var scheduleFault: (message: Wording, hint: Wording) {
    let words = scheduleWords
    return (Wording(ko: "\(code) \(words.ko)", en: "\(code) \(words.en)"), words.hint)
  }

  /// The same of a running job whose parts name their devices.
  var scheduleFaultOfDevice: (message: Wording, hint: Wording) {
    guard case .noRoom(_, let free, let needed) = self else { return scheduleFault }
    return (
      Wording(
        ko: "\(code) 실행 중이라는 장치에 GPU \(gpus(needed))개가 필요한데 \(gpus(free))개만 비어 있습니다.",
        en: "\(code) It cannot run there: of its device \(gpus(free)) is free, and "
          + "\(gpus(needed)) is needed."),
      Wording(
        ko: "다른 작업과 겹치거나, 남은 장치가 없거나, 노드가 내려가 있습니다.",
        en: "It overlaps others, or no device is left, or the node is not up.")
    )
  }

  /// Thousandths as people read them: 2, 0.5.
  private func gpus(_ milli: Int64) -> String {
    let (whole, rest) = milli.quotientAndRemainder(dividingBy: 1_000)
    if rest == 0 { return "\(whole)" }
    var digits = "\(1_000 + rest)".dropFirst()
    while digits.last == "0" { digits.removeLast() }
    return "\(whole).\(digits)"
  }

  private var scheduleWords: (ko: String, en: String, hint: Wording) {
    switch self {
    case .outOfRange(let what, let value, let range):
      (
        "\(what) 값이 \(value)일 수 없습니다.", "\(what) cannot be \(value).",
        Wording(
          ko: "\(range.lowerBound)부터 \(range.upperBound)까지 쓸 수 있습니다.",
          en: "It may be \(range.lowerBound) to \(range.upperBound).")
      )
    case .parentNotBefore, .poolTooDeep:
      (
        "풀이 너무 깊거나 순서가 맞지 않습니다.", "A pool is too deep, or stands before its parent.",
        Wording(
          ko: "최대 \(SchedulerLimits.poolDepthMax)단계입니다.",
          en: "At most \(SchedulerLimits.poolDepthMax) levels, parents first.")
      )
    case .guaranteesAboveParent(_, _, let promised, let available):
      (
        "보장의 합 \(promised)이(가) \(available)보다 많습니다.",
        "Guarantees of \(promised) exceed \(available).",
        Wording(ko: "합을 줄이십시오.", en: "Lower the sum.")
      )
    case .unknownPool, .unknownModel, .unknownJob, .unknownNode:
      (
        "없는 것을 가리킵니다.", "It names something that there is not.",
        Wording(ko: "이름을 확인하십시오.", en: "Check the names.")
      )
    case .models:
      (
        "기종이 없거나 두 번 있습니다.", "It names no device model, or one twice.",
        Wording(ko: "기종을 한 번씩 적으십시오.", en: "Name each model once.")
      )
    case .slices:
      (
        "묶음(slices)이 태스크 수를 나누지 않거나 요구 범위보다 큽니다.",
        "The slices do not divide the tasks, or are wider than the required topology.",
        Wording(
          ko: "slices.tasks는 tasks의 약수여야 합니다.", en: "‘slices.tasks’ must divide ‘tasks’.")
      )
    case .dependencyNotBefore:
      (
        "뒤에 오는 작업을 기다립니다.", "It waits for a job that comes later.",
        Wording(ko: "앞의 작업만 기다릴 수 있습니다.", en: "Only earlier jobs can be waited for.")
      )
    case .noRoom(_, let free, let needed):
      (
        "실행 중이라는 노드에 GPU \(gpus(needed))개가 필요한데 \(gpus(free))개만 비어 있습니다.",
        "It cannot run there: its node has \(gpus(free)) GPUs free, and \(gpus(needed)) are "
          + "needed.",
        Wording(
          ko: "다른 작업과 겹치거나, 노드가 작거나 내려가 있습니다.",
          en: "It overlaps others, or the node is too small, or not up.")
      )
    case .placement:
      (
        "노드와 태스크 수가 맞지 않거나, 클러스터가 여럿이거나, 허용하지 않은 기종입니다.",
        "Its nodes do not hold its tasks, lie in several clusters, or are of a model not named.",
        Wording(
          ko: "태스크마다 노드를 하나씩, ‘models’에 있는 기종의 한 클러스터 안에서 적으십시오.",
          en: "Name a node for each task, all in one cluster of a model in ‘models’.")
      )
    case .lendingWithin:
      (
        "상위 풀과 하위 풀 사이에는 빌려줄 수 없습니다.",
        "A pool cannot lend to one above or below it.",
        Wording(ko: "서로 다른 갈래의 풀을 적으십시오.", en: "Name pools of different branches.")
      )
    case .timeGoesBack:
      (
        "시간이 거꾸로 갑니다.", "Time goes back.",
        Wording(ko: "now를 확인하십시오.", en: "See ‘now’.")
      )
    }
  }
}
