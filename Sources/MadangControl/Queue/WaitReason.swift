public import MadangProgramme

/// Why a job waits; closed. The first of these that holds is given, so what a job can do nothing
/// about without a change by people comes before what time alone brings.
public enum WaitReason: Hashable, Sendable {
  /// The cluster does not enforce the allocation yet, or no more.
  case allocationNotEnforced(AllocationID)
  case suspended(AllocationID)
  case notYet(AllocationID, inSeconds: Int64)
  case termOver(AllocationID)
  /// It ended otherwise than is asked, or there is no such job: it will wait for ever.
  case dependencyFailed(JobDependency)
  case dependency(JobDependency)
  /// As many tasks of its array run as may at once.
  case taskLimit(Int32)
  /// More GPUs than there are for it, even when nothing else runs.
  case tooLarge(gpus: Int32, capacity: Int64)
  /// By forecast: what it could use is more than is left.
  case budget(asked: Int64, left: Int64)
  /// It is the next, and waits for GPUs. At the latest in so many seconds there are enough.
  case gpus(needed: Int32, free: Int64, withinSeconds: Int64)
  /// Another job is next, and there are not enough GPUs to go ahead of it.
  case queued(behind: JobTask, needed: Int32, free: Int64)
  /// There are enough, but going ahead it would delay the job that is next.
  case wouldDelay(JobTask, free: Int64)

  /// One sentence.
  public func text(_ language: Language) -> String {
    switch self {
    case .allocationNotEnforced(let allocation):
      said(
        language, ko: "\(allocation)이(가) 이 클러스터에 아직 적용되지 않았습니다.",
        en: "\(allocation) is not enforced on this cluster.")
    case .suspended(let allocation):
      said(
        language, ko: "\(allocation)이(가) 이용정지 중입니다.", en: "\(allocation) is suspended.")
    case .notYet(let allocation, let seconds):
      said(
        language, ko: "\(allocation)의 이용 기간이 \(seconds)초 뒤에 시작됩니다.",
        en: "The term of \(allocation) begins in \(seconds) seconds.")
    case .termOver(let allocation):
      said(
        language, ko: "\(allocation)의 이용 기간이 끝났습니다.",
        en: "The term of \(allocation) is over.")
    case .dependencyFailed(let dependency):
      said(
        language, ko: "선행 조건 \(dependency)은(는) 이제 이루어질 수 없습니다.",
        en: "What it depends on, \(dependency), cannot come true any more.")
    case .dependency(let dependency):
      said(
        language, ko: "선행 조건 \(dependency)을(를) 기다립니다.",
        en: "It waits for what it depends on: \(dependency).")
    case .taskLimit(let limit):
      said(
        language, ko: "이 배열은 한 번에 \(limit)개까지 실행됩니다.",
        en: "\(limit) tasks of its array may run at once.")
    case .tooLarge(let gpus, let capacity):
      said(
        language, ko: "GPU \(gpus)장이 필요하지만 쓸 수 있는 것은 모두 \(capacity)장입니다.",
        en: "It needs \(gpus) GPUs; there are \(capacity) for it in all.")
    default: turnText(language)
    }
  }

  private func turnText(_ language: Language) -> String {
    switch self {
    case .budget(let asked, let left):
      said(
        language, ko: "최대 \(asked) GPU초를 쓸 수 있지만 지금 \(left) GPU초가 남았습니다.",
        en: "It could use \(asked) GPU-seconds; \(left) are left at present.")
    case .gpus(let needed, let free, let seconds):
      said(
        language,
        ko: "다음 차례입니다. GPU \(needed)장 가운데 \(free)장이 비었고, 늦어도 \(seconds)초 뒤에 모두 빕니다.",
        en: """
          It is next: \(free) of the \(needed) GPUs it needs are free, and all within \(seconds) \
          seconds.
          """)
    case .queued(let head, let needed, let free):
      said(
        language, ko: "먼저 기다린 \(head)의 뒤입니다. GPU \(needed)장이 필요하지만 \(free)장이 비었습니다.",
        en: "It comes after \(head); it needs \(needed) GPUs, and \(free) are free.")
    case .wouldDelay(let head, let free):
      said(
        language, ko: "GPU \(free)장이 비었지만, 먼저 기다린 \(head)이(가) 늦어지지 않게 기다립니다.",
        en: "\(free) GPUs are free, but it would delay \(head), which waited longer.")
    default: ""
    }
  }
}

extension JobDependency: CustomStringConvertible {
  /// As Slurm writes it: `afterok:12`.
  public var description: String {
    let task = on.index.map { "\(on.job.number)_\($0)" } ?? "\(on.job.number)"
    return "\(kind.rawValue):\(task)" + (delaySeconds > 0 ? "+\(delaySeconds / 60)" : "")
  }
}
