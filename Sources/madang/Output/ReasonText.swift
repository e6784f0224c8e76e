import MadangProgramme
import MadangScheduler

/// The names behind a scheduler's numbers.
struct ReasonNames {
  let models: [String]
  let pools: [String]
  let jobs: [String]
  let language: Language

  func model(_ index: ModelIndex) -> String { models[Int(index.value)] }
  func job(_ index: JobIndex) -> String { jobs[Int(index.value)] }
  func pool(_ index: MadangScheduler.PoolIndex?) -> String {
    index.map { pools[Int($0.value)] } ?? (language == .ko ? "전체" : "everything")
  }
  func level(_ level: Level) -> String {
    switch (level, language) {
    case (.node, .ko): "노드"
    case (.node, .en): "node"
    case (.rack, .ko): "랙"
    case (.rack, .en): "rack"
    case (.block, .ko): "블록"
    case (.block, .en): "block"
    case (.cluster, .ko): "클러스터"
    case (.cluster, .en): "cluster"
    }
  }
}

/// A reason as people read it: a stable code, what and why with its numbers, what would help.
struct ReasonText {
  let code: String
  let what: String
  let help: String

  init(_ reason: WaitReason, _ names: ReasonNames) {
    code = reason.tier.code
    let ko = names.language == .ko
    func say(_ korean: String, _ english: String) -> String { ko ? korean : english }
    switch reason {
    case .impossible(let bound):
      what = say("불가능: ", "impossible: ") + ReasonText.bound(bound, names)
      help = say(
        "작업을 나누거나 더 큰 설비를 기다리십시오.", "Split the job, or wait for a larger fleet.")
    case .gate(let gate): (what, help) = ReasonText.gate(gate, say)
    case .budget(let pool, let model, let needed, let left):
      what = say(
        "예산: \(names.pool(pool))의 \(names.model(model)) 잔여 \(left) GPU·초, 예상 \(needed)",
        "budget: \(names.pool(pool)) has \(left) GPU-seconds of \(names.model(model)) left, "
          + "\(needed) forecast")
      help = say(
        "실행 시간을 줄이거나 추가 배정을 받으십시오.", "Ask for less walltime, or a supplement.")
    case .quota(let quota): (what, help) = ReasonText.quota(quota, names, say)
    case .capacity(let shortage): (what, help) = ReasonText.shortage(shortage, names, say)
    case .turn(let behind, let from):
      let whom = behind.map { names.job($0) } ?? say("앞선 결정", "what was decided before")
      what = say("차례: \(from)부터 \(whom) 몫", "turn: kept for \(whom) from \(from)")
      help = say("그 전에 끝날 실행 시간이면 먼저 시작합니다.", "A walltime that ends before would start.")
    case .evicting(let until):
      what = say("비우는 중: \(until)까지", "evicting: until \(until)")
      help = say("기다리십시오.", "Wait for it.")
    case .exhausted(let steps):
      what = say("탐색 한도: \(steps)단계", "search budget exhausted after \(steps) steps")
      help = say("searchSteps를 늘리십시오.", "Raise searchSteps.")
    case .running, .ended, .notAsked:
      what = say("실행 중이거나 끝남", "running or ended")
      help = say("할 일이 없습니다.", "Nothing to do.")
    }
  }

  private static func gpus(_ milli: Int64) -> String { ScheduleView.gpus(milli) }

  private static func bound(_ bound: WaitReason.Bound, _ names: ReasonNames) -> String {
    let ko = names.language == .ko
    switch bound {
    case .noNodes: return ko ? "그 기종의 노드가 없음" : "no node of its models"
    case .companions:
      return ko ? "한 태스크의 CPU나 메모리를 가진 노드가 없음" : "no node has the CPU or memory of one task"
    case .node(let gpus, let needed):
      return ko
        ? "가장 큰 노드 GPU \(gpus)개, 한 노드에 \(needed)개 필요"
        : "the largest node has \(gpus) GPUs, \(needed) are needed in one"
    case .part(let level, let tasks, let needed):
      return ko
        ? "가장 큰 \(names.level(level))에 태스크 \(tasks)개, \(needed)개 필요"
        : "the largest \(names.level(level)) holds \(tasks) tasks, \(needed) are needed"
    }
  }

  private static func gate(
    _ gate: WaitReason.Gate, _ say: (String, String) -> String
  ) -> (String, String) {
    switch gate {
    case .notBefore(let moment):
      (
        say("관문: \(moment) 전에는 시작하지 않음", "gate: not before \(moment)"),
        say("기다리십시오.", "Wait for it.")
      )
    case .dependencies(let count):
      (
        say(
          "관문: 먼저 끝나야 할 작업 \(count)건",
          count == 1 ? "gate: 1 job must end first" : "gate: \(count) jobs must end first"),
        say("그 작업들을 보십시오.", "See those jobs.")
      )
    case .deadline(let deadline, let end):
      (
        say(
          "관문: 지금 시작해도 \(end)에 끝나 기한 \(deadline)을 넘김",
          "gate: it would end at \(end), after its deadline \(deadline)"),
        say("기한을 늦추거나 실행 시간을 줄이십시오.", "Move the deadline, or ask for less walltime.")
      )
    }
  }

  private static func quota(
    _ quota: WaitReason.QuotaReason, _ names: ReasonNames, _ say: (String, String) -> String
  ) -> (String, String) {
    switch quota {
    case .limit(let pool, let model, let asked, let left):
      return (
        say(
          "한도: \(names.pool(pool))은(는) \(names.model(model)) "
            + "\(gpus(left))개 더 쓸 수 있고 \(gpus(asked))개 필요",
          "quota: \(names.pool(pool)) may use \(gpus(left)) more "
            + "\(names.model(model)), \(gpus(asked)) are asked"),
        say("빌림 한도를 올리거나 끝나기를 기다리십시오.", "Raise its borrowing limit, or wait.")
      )
    case .lent(let pool, let model, let asked, let left):
      return (
        say(
          "한도: \(names.pool(pool))이(가) 빌릴 수 있는 \(names.model(model)) "
            + "\(gpus(left))개, \(gpus(asked))개 필요",
          "quota: \(names.pool(pool)) can have \(gpus(left)) more "
            + "\(names.model(model)) in all, \(gpus(asked)) are asked"),
        say("다른 풀이 더 빌려주거나 반납해야 합니다.", "Others must lend more, or give back.")
      )
    case .guaranteedToOthers(let model, let asked, let left):
      return (
        say(
          "한도: 회수할 수 없는 작업이라 남에게 보장되지 않은 \(names.model(model)) "
            + "\(gpus(left))개만 쓸 수 있고 \(gpus(asked))개 필요",
          "quota: not preemptible, so only the \(gpus(left)) \(names.model(model)) "
            + "that nobody else is guaranteed, \(gpus(asked)) are asked"),
        say("preemptible: true로 내면 빌려 쓸 수 있습니다.", "With preemptible: true it could borrow.")
      )
    }
  }

  private static func shortage(
    _ shortage: WaitReason.Shortage, _ names: ReasonNames, _ say: (String, String) -> String
  ) -> (String, String) {
    let model = names.model(shortage.model)
    var what = say(
      "용량: \(model) \(gpus(shortage.needed))개 필요, \(gpus(shortage.free))개 비어 있음",
      "capacity: \(gpus(shortage.needed)) \(model) needed, \(gpus(shortage.free)) free")
    if shortage.free >= shortage.needed {
      what += say(", 그러나 모여 있지 않음", ", but not together")
    }
    if shortage.outOfService > 0 {
      what += say(
        ", 정지 \(gpus(shortage.outOfService))개", ", \(gpus(shortage.outOfService)) out of service")
    }
    let more: String
    switch shortage.reclaim {
    case .off: more = say("회수 꺼짐", "reclaim is off")
    case .notNeeded: more = ""
    case .notEntitled(let pool, let wouldUse, let share):
      more = say(
        "회수 불가: \(names.pool(pool)) 사용이 \(gpus(wouldUse))로 몫 "
          + "\(gpus(share))을 넘음",
        "nobody owes it: \(names.pool(pool)) would use \(gpus(wouldUse)) of a share "
          + "of \(gpus(share))")
    case .tooLittle(let held, let missing):
      more = say(
        "모두 비워도 \(gpus(held))개, \(gpus(missing))개 모자람",
        "all that could be freed is \(gpus(held)), \(gpus(missing)) too few")
    case .noPart(let level, let tasks, let needed):
      more = say(
        "모두 비워도 한 \(names.level(level))에 태스크 \(tasks)개, \(needed)개 필요",
        "even freed, a \(names.level(level)) holds \(tasks) tasks of \(needed)")
    case .kept: more = say("비울 수 있는 자리는 앞선 작업 몫", "what could be freed is kept for others")
    case .wouldBeUnfair:
      more = say("몫 안의 풀에서 빼앗게 됨", "it would take from pools within their shares")
    case .tooMany(let evicted, let allowed):
      more = say(
        "\(gpus(evicted))개를 비워야 하고 \(gpus(allowed))개까지 됨",
        "\(gpus(evicted)) would be evicted, \(gpus(allowed)) are allowed")
    }
    if !more.isEmpty { what += "; " + more }
    return (
      what, say("끝나기를 기다리거나 더 작게 내십시오.", "Wait for ends, or ask for less.")
    )
  }
}
