public import MadangProgramme

/// Why the local engine does not start a job. The first in this order is given.
public enum LocalRefusal: Refusing, Hashable {
  /// Something cannot be given to a process: empty, too long, or with a zero byte in it.
  case unfit(LocalPart)
  /// What the engine enforces has no such allocation.
  case unknownAllocation(AllocationID)
  case suspended(AllocationID)
  /// Before the allocation's first moment, or after its last.
  case outsideTerm(AllocationID)
  /// More GPUs at once than the allocation has; `used` are at work.
  case beyondReservation(AllocationID, gpus: Int32, used: Int64, reserved: Int64)
  /// The job could use more GPU-seconds than the whole budget has.
  case beyondBudget(AllocationID, asked: Int64, budget: Int64)
  /// Slots are missing: those that are free and not reserved for others.
  case noFreeSlots(gpus: Int32, free: Int64)
  case tooManyJobs(limit: Int)

  public var code: String {
    switch self {
    case .unfit: "MDG-1651"
    case .unknownAllocation: "MDG-1652"
    case .suspended: "MDG-1653"
    case .outsideTerm: "MDG-1654"
    case .beyondReservation: "MDG-1655"
    case .beyondBudget: "MDG-1656"
    case .noFreeSlots: "MDG-1657"
    case .tooManyJobs: "MDG-1658"
    }
  }

  public func what(_ language: Language) -> String {
    switch self {
    case .unfit(let part):
      said(
        language, ko: "작업의 \(part.name(.ko))을(를) 프로세스에 전달할 수 없습니다.",
        en: "The job's \(part.name(.en)) cannot be given to a process.")
    case .unknownAllocation(let allocation):
      said(
        language, ko: "이 클러스터에는 \(allocation)이(가) 적용되어 있지 않습니다.",
        en: "\(allocation) is not enforced on this cluster.")
    case .suspended(let allocation):
      said(
        language, ko: "\(allocation)은(는) 이용정지 중입니다.", en: "\(allocation) is suspended.")
    case .outsideTerm(let allocation):
      said(
        language, ko: "지금은 \(allocation)의 이용 기간이 아닙니다.",
        en: "\(allocation) cannot be used at this time.")
    case .beyondReservation(let allocation, let gpus, let used, let reserved):
      said(
        language,
        ko: "\(allocation)의 전용 GPU \(reserved)장 가운데 \(used)장을 쓰고 있어 \(gpus)장을 더 쓸 수 없습니다.",
        en: "\(allocation) has \(reserved) GPUs, of which \(used) are at work; \(gpus) do not fit.")
    case .beyondBudget(let allocation, let asked, let budget):
      said(
        language,
        ko: "작업이 쓸 수 있는 \(asked) GPU초가 \(allocation)의 한도 \(budget) GPU초보다 많습니다.",
        en: "The job could use \(asked) GPU-seconds; \(allocation) has \(budget) in all.")
    case .noFreeSlots(let gpus, let free):
      said(
        language, ko: "GPU \(gpus)장이 필요하지만 빈자리는 \(free)장입니다.",
        en: "The job needs \(gpus) GPUs, but \(free) are free.")
    case .tooManyJobs(let limit):
      said(
        language, ko: "이미 작업 \(limit)개가 실행되고 있습니다.",
        en: "\(limit) jobs are running already.")
    }
  }

  public func help(_ language: Language) -> String {
    switch self {
    case .unfit:
      said(
        language, ko: "길이를 줄이고 널 문자를 빼십시오.",
        en: "Make it shorter and take zero bytes out of it.")
    case .unknownAllocation, .suspended, .outsideTerm:
      said(
        language, ko: "할당의 상태를 확인하십시오: madang allocation show.",
        en: "See how the allocation stands: madang allocation show.")
    case .beyondReservation, .noFreeSlots, .tooManyJobs:
      said(
        language, ko: "실행 중인 작업이 끝나면 다시 시도됩니다.",
        en: "It is tried again when a running job ends.")
    case .beyondBudget:
      said(
        language, ko: "GPU 수나 제한 시간을 줄이십시오.", en: "Ask for fewer GPUs or less time.")
    }
  }
}

/// A part of a job that a process is given.
public enum LocalPart: String, Hashable, Sendable {
  case command, script, environment, workingFolder, output, timeLimit, gpus

  func name(_ language: Language) -> String {
    switch self {
    case .command: said(language, ko: "명령", en: "command")
    case .script: said(language, ko: "스크립트", en: "script")
    case .environment: said(language, ko: "환경 변수", en: "environment")
    case .workingFolder: said(language, ko: "작업 폴더", en: "working folder")
    case .output: said(language, ko: "출력 파일", en: "output file")
    case .timeLimit: said(language, ko: "제한 시간", en: "time limit")
    case .gpus: said(language, ko: "GPU 수", en: "number of GPUs")
    }
  }
}
