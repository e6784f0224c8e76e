public import MadangProgramme
import MadangViews

/// What a page of an award shows beside the programme: what was read back, its jobs, its days.
public struct AwardFacts: Sendable {
  /// What a cluster's engine held when it was last read.
  public struct Observed: Sendable {
    public let at: Instant
    public let generation: Int64?
    /// Nothing where the engine does not know the allocation.
    public let found: ObservedAllocation?

    public init(at: Instant, generation: Int64?, found: ObservedAllocation?) {
      self.at = at
      self.generation = generation
      self.found = found
    }
  }

  /// GPU-seconds of one day in the award's name, as they are sealed.
  public struct UseDay: Sendable {
    public let day: Day
    /// By account, in the order of accounts.
    public var sums: [Int64]

    public init(day: Day) {
      self.day = day
      sums = Array(repeating: 0, count: Account.count)
    }
  }

  /// By allocation; to be looked up only.
  public var observed: [AllocationID: Observed] = [:]
  /// Newest first; for whom the award concerns, as the days are.
  public var jobs: [JobFacts] = []
  /// In order.
  public var days: [UseDay] = []
  /// The names of the team's members, in the order they came, for whom the award concerns.
  public var members: [String] = []

  public init() {}
}

/// A job's task, as a page shows it.
public struct JobFacts: Sendable {
  public enum State: Sendable {
    case waiting(reason: Bilingual?), starting, running, canceling
    case ended(String, exitCode: Int64?)

    var tone: Pieces.Tone {
      switch self {
      case .running: .good
      case .ended("exited", exitCode: 0): .good
      case .ended("exited", _), .ended("lost", _), .ended("folderLost", _),
        .ended("couldNotStart", _):
        .bad
      case .waiting, .starting, .canceling, .ended: .plain
      }
    }

    func name(_ language: Language) -> String {
      switch self {
      case .waiting: said(language, ko: "대기", en: "waiting")
      case .starting: said(language, ko: "시작 중", en: "starting")
      case .running: said(language, ko: "실행 중", en: "running")
      case .canceling: said(language, ko: "취소 중", en: "ending")
      case .ended(let ending, let code): JobWords.state(ended: ending, exitCode: code, language)
      }
    }
  }

  /// `job-1`, or a task of an array: `job-1_3`.
  public let task: String
  public let name: String
  public let allocation: AllocationID
  public let gpus: Int64
  public let state: State
  public let submitted: Instant
  public let started: Instant?
  public let ended: Instant?

  public init(
    task: String, name: String, allocation: AllocationID, gpus: Int64, state: State,
    submitted: Instant, started: Instant?, ended: Instant?
  ) {
    self.task = task
    self.name = name
    self.allocation = allocation
    self.gpus = gpus
    self.state = state
    self.submitted = submitted
    self.started = started
    self.ended = ended
  }
}

/// An award's jobs and its use by day.
enum AwardWork {
  static func jobs(_ facts: AwardFacts, _ context: PageContext) -> TableView {
    var table = TableView(
      "jobs", caption: context.say(ko: "작업", en: "Jobs"),
      columns: [
        .text(context.say(ko: "작업", en: "Job")), .text(context.say(ko: "이름", en: "Name")),
        .text(context.say(ko: "할당", en: "Allocation")), .number("GPU"),
        .text(context.say(ko: "상태", en: "State")), .text(context.say(ko: "제출", en: "Submitted")),
        .number(
          context.say(ko: "걸린 시간", en: "Took"),
          exported: context.say(ko: "걸린 시간 (초)", en: "Took, in seconds")),
      ],
      empty: context.say(
        ko: "아직 작업이 없습니다. 참여인력은 명령줄에서 제출합니다: madang job submit.",
        en: "There are no jobs yet. Members submit them on the command line: madang job submit."))
    table.rows = facts.jobs.map { job in
      [
        .text(job.task), .text(job.name), .named(job.allocation, context.name(job.allocation)),
        .number(job.gpus), .html(state(job, context), job.state.name(context.language)),
        .text(context.time(job.submitted)), took(job, context),
      ]
    }
    return table
  }

  private static func state(_ job: JobFacts, _ context: PageContext) -> HTML {
    let badge = Pieces.badge(job.state.name(context.language), job.state.tone)
    guard case .waiting(let reason?) = job.state else { return badge }
    return "\(badge) <span class=\"note\">\(reason[context.language])</span>"
  }

  private static func took(_ job: JobFacts, _ context: PageContext) -> TableView.Cell {
    guard let started = job.started else { return .none }
    guard let ended = job.ended else { return .none }
    let seconds = max(0, ended.seconds - started.seconds)
    return .html("\(context.duration(seconds))", seconds)
  }

  /// The accounts that can stand in somebody's name.
  private static let accounts: [Account] = [.used, .lent, .idle, .delayed]

  static func days(_ facts: AwardFacts, _ context: PageContext) -> [Page.Part] {
    let streams = accounts.map { account in
      Plot.Stream(
        name: account.name(context.language), mark: account.index,
        values: facts.days.map { $0.sums[account.index] / 3_600 })
    }
    let plot = Plot.streams(
      streams, labels: facts.days.map { context.shortDate($0.day) },
      title: context.say(ko: "일별 이용 (GPU시간)", en: "Use by day, in GPU hours"), context)
    let unit = context.say(ko: " (GPU초)", en: " (GPU-seconds)")
    var table = TableView(
      "use-by-day", caption: context.say(ko: "일별 이용 (GPU시간)", en: "Use by day, in GPU hours"),
      columns: [.text(context.say(ko: "날짜", en: "Day"))]
        + accounts.map { account in
          let name = account.name(context.language)
          return .number(name, exported: name + unit)
        },
      empty: context.say(
        ko: "이 배정의 이름으로 확정된 시간이 아직 없습니다.",
        en: "No hour is sealed in this award's name yet."))
    table.rows = facts.days.reversed().map { day in
      [.html("\(context.date(day.day))", "\(day.day)")]
        + accounts.map { account in
          let seconds = day.sums[account.index]
          return .html("\(context.bareHours(seconds))", seconds)
        }
    }
    return [.html(plot), .table(table)]
  }
}

extension PageContext {
  /// `1 h 05 min`, `12 s`.
  func duration(_ seconds: Int64) -> String {
    let (hours, minutes) = (seconds / 3_600, seconds / 60 % 60)
    if hours > 0 { return say(ko: "\(hours)시간 \(minutes)분", en: "\(hours) h \(minutes) min") }
    if minutes > 0 {
      return say(ko: "\(minutes)분 \(seconds % 60)초", en: "\(minutes) min \(seconds % 60) s")
    }
    return say(ko: "\(seconds)초", en: "\(seconds) s")
  }

  /// Hours to two decimals, cut, without the unit: `1,234.5`.
  func bareHours(_ seconds: Int64) -> String {
    let text = GPUSeconds(seconds).hours(language)
    return String(text.prefix { $0 != " " })
  }
}
