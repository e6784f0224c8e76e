import ArgumentParser
import Foundation
import MadangControl
import MadangJournal
import MadangProgramme
import MadangViews

struct JobCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "job",
    abstract: .said(
      ko: "Madang이 직접 운영하는 클러스터의 작업: 제출, 조회, 취소.",
      en: "Jobs on the clusters that Madang runs itself: submit, follow, cancel."),
    discussion: .said(
      ko: """
        스크립트에 #SBATCH 지시를 쓸 수 있으며, 여기서 준 선택지가 앞섭니다. 작업이 쓸 수 있는 최대치(GPU × 제한 시간)를 실행하는 동안 할당의 \
        한도에서 잡아 둡니다.
        """,
      en: """
        A script may carry #SBATCH directives; options given here win. What a job could use \
        at most (GPUs × time limit) is held of its allocation's budget while it runs.
        """,
      examples: """
        madang job submit --allocation allocation-2 --gpus 2 --time 10:00 -- python3 train.py
        madang job submit train.sh
        madang job wait job-1
        madang job logs job-1
        madang job why job-2
        """),
    subcommands: [
      JobSubmit.self, JobList.self, JobShow.self, JobWhy.self, JobLogs.self, JobCancel.self,
      JobWait.self,
    ], defaultSubcommand: JobList.self)
}

struct JobList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: .said(ko: "최근 작업, 새것부터.", en: "The newest jobs, newest first."))
  @OptionGroup var common: CommonOptions
  @Option(name: .long, help: .said(ko: "최대 개수.", en: "So many at most.")) var limit = 100

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let operations = try Office.operations(common)
    let tasks = try output.refusing { () throws(JournalError) in
      try operations.newestTasks(limit: max(1, limit))
    }
    var table = Table([
      (output.say(ko: "작업", en: "job"), .left), (output.say(ko: "이름", en: "name"), .left),
      (output.say(ko: "할당", en: "allocation"), .left), ("GPU", .right),
      (output.say(ko: "상태", en: "state"), .left), (output.say(ko: "제출", en: "submitted"), .left),
      (output.say(ko: "걸린 시간", en: "took"), .right),
    ])
    for task in tasks {
      let job = JobView(task)
      table.add(
        "\(job.name)", job.spec?.name ?? "–", "\(task.allocation)",
        job.spec.map { "\($0.gpus)" } ?? "–", job.state(output),
        output.time(task.submittedAt, programme), job.took)
    }
    output.print(text: table.text, json: .array(tasks.map { JobView($0).json }))
  }
}

/// Which job a command is about.
struct JobArgument: ParsableArguments {
  @Argument(
    help: .said(ko: "job-1 또는 배열의 작업: job-1_3", en: "job-1, or a task of an array: job-1_3"))
  var job: String

  func tasks(_ common: CommonOptions) throws -> (JobTask, [StoredTask]) {
    let output = common.output
    let operations = try Office.operations(common)
    guard let name = JobTask(job) else { throw Failure.unknown(job, output) }
    let tasks = try output.refusing { () throws(JournalError) in
      try operations.tasks(of: name.job.number)
    }.filter { name.index == nil || $0.index == name.index }
    guard !tasks.isEmpty else { throw Failure.unknown(job, output) }
    return (name, tasks)
  }
}

struct JobShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show",
    abstract: .said(
      ko: "작업 하나: 요청한 것과 끝난 모습.", en: "One job, with what it asked for and how it ended."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var argument: JobArgument

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let (_, tasks) = try argument.tasks(common)
    output.print(
      text: tasks.map { JobView($0).text(programme, output) }.joined(separator: "\n\n"),
      json: .array(tasks.map { JobView($0).json }))
  }
}

struct JobWhy: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "why",
    abstract: .said(ko: "작업이 기다리는 이유, 또는 끝난 모습.", en: "Why a job waits, or how it ended."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var argument: JobArgument

  func run() throws {
    let output = common.output
    if let office = try YardOffice.ifFree(common) {
      try office.settle()
      try office.close()
    }
    let (_, tasks) = try argument.tasks(common)
    output.print(
      text: tasks.map { task in
        let job = JobView(task)
        return "\(job.name): \(job.reason(output) ?? job.state(output))"
      }.joined(separator: "\n"),
      json: .array(
        tasks.map { task in
          let job = JobView(task)
          return .object([
            ("job", .text("\(job.name)")), ("state", .text("\(task.state)")),
            ("reason", .optional(job.reason(output))),
          ])
        }))
  }
}

struct JobLogs: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: .said(ko: "작업의 출력.", en: "What a job wrote."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var argument: JobArgument
  @Flag(
    name: .long, help: .said(ko: "대신 오류 파일, 있으면.", en: "Its error file instead, where it has one."))
  var error = false

  func run() throws {
    let output = common.output
    let (_, tasks) = try argument.tasks(common)
    for task in tasks {
      guard let path = JobView(task).file(error: error) else {
        throw Failure.unknown(argument.job, output)
      }
      guard let handle = FileHandle(forReadingAtPath: path) else {
        throw Failure(
          code: "MDG-3011",
          what: output.say(ko: "\(path)을(를) 읽을 수 없습니다.", en: "\(path) cannot be read."),
          help: output.say(
            ko: "작업이 시작되었는지 보십시오: madang job show.",
            en: "See whether the job has started: madang job show."),
          json: output.json)
      }
      while let part = try handle.read(upToCount: 1 << 16), !part.isEmpty {
        FileHandle.standardOutput.write(part)
      }
    }
  }
}

struct JobCancel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cancel",
    abstract: .said(
      ko: "작업을 취소합니다: TERM, 유예 뒤 KILL.", en: "Cancel a job: TERM, and KILL after a grace period."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var argument: JobArgument

  func run() throws {
    let output = common.output
    let (name, _) = try argument.tasks(common)
    let operations = try Office.operations(common)
    let count = try output.refusing { () throws(JournalError) in
      try operations.cancel(name.job.number, name.index)
    }
    if let office = try YardOffice.ifFree(common) {
      try office.settle()
      try office.close()
    }
    let text = output.say(
      ko: count == 0 ? "\(name)은(는) 이미 끝났습니다." : "\(name)의 취소를 요청했습니다.",
      en: count == 0 ? "\(name) has ended already." : "Asked \(name) to end.")
    output.print(text: text, json: .object([("done", .text(text)), ("canceled", .int(count))]))
  }
}

struct JobWait: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wait",
    abstract: .said(
      ko: "작업이 끝날 때까지 기다립니다. 성공이 아니면 종료 코드 1.",
      en: "Wait until a job has ended; exits with 1 unless it succeeded."),
    discussion: .said(
      ko: "`madang serve`가 없으면 그동안 사무국의 일을 대신합니다.",
      en: "Does the office's work meanwhile, where no `madang serve` does it."))
  @OptionGroup var common: CommonOptions
  @OptionGroup var argument: JobArgument
  @Option(
    name: .long,
    help: .said(ko: "이만큼 지나면 그만둡니다.", en: "Give up after so long.", valueName: "seconds"))
  var timeout: Int?

  func run() throws {
    let output = common.output
    let deadline = timeout.map { Date().addingTimeInterval(Double($0)) }
    var tasks = try argument.tasks(common).1
    let office = try YardOffice.ifFree(common)
    while tasks.contains(where: { $0.state != .ended }) {
      if let deadline, Date() >= deadline { break }
      if let office {
        try office.settle()
        office.wait(milliseconds: 200)
      } else {
        Thread.sleep(forTimeInterval: 0.1)
      }
      tasks = try argument.tasks(common).1
    }
    try office?.settle()
    try office?.close()
    output.print(
      text: tasks.map { "\(JobView($0).name): \(JobView($0).state(output))" }
        .joined(separator: "\n"),
      json: .array(tasks.map { JobView($0).json }))
    if !tasks.allSatisfy({ JobView($0).succeeded }) { throw ExitCode(1) }
  }
}

/// How a job looks, for people and machines.
struct JobView {
  let task: StoredTask
  let spec: JobSpec?

  init(_ task: StoredTask) {
    self.task = task
    // In a damaged file it may be anything; then its numbers alone are shown.
    spec = try? CanonicalReader.value(JobSpec.self, from: task.spec)
  }

  var name: String { task.index.map { "job-\(task.job)_\($0)" } ?? "job-\(task.job)" }

  var succeeded: Bool { task.ending == "exited" && task.exitCode == 0 }

  func state(_ output: Output) -> String {
    switch task.state {
    case .waiting: return output.say(ko: "대기", en: "waiting")
    case .starting: return output.say(ko: "시작 중", en: "starting")
    case .running:
      return task.canceled
        ? output.say(ko: "취소 중", en: "ending") : output.say(ko: "실행 중", en: "running")
    case .ended: break
    }
    guard let ending = task.ending else { return "–" }
    return JobWords.state(ended: ending, exitCode: task.exitCode, output.language)
  }

  /// Why it waits, in the caller's language.
  func reason(_ output: Output) -> String? {
    guard task.state == .waiting, let reason = task.reason else { return nil }
    let lines = String(decoding: reason, as: UTF8.self).split(separator: "\n").map(String.init)
    return output.language == .ko ? lines.first : lines.last
  }

  /// Seconds it took, or takes so far by its end.
  var took: String {
    guard let start = task.startedAt, let end = task.endedAt else { return "–" }
    return "\(max(0, end.seconds - start.seconds)) s"
  }

  func file(error: Bool) -> String? {
    guard let spec else { return nil }
    guard let job = JobID(task.job) else { return nil }
    let pattern = error ? spec.error ?? spec.output : spec.output
    guard let path = pattern.resolved(JobTask(job, index: task.index), name: spec.name) else {
      return nil
    }
    return path.hasPrefix("/") ? path : "\(spec.workingFolder)/\(path)"
  }

  func text(_ programme: Programme, _ output: Output) -> String {
    var lines = [
      "\(name): \(spec?.name ?? "–"), \(task.allocation), GPU \(spec?.gpus ?? 0), \(state(output))"
    ]
    if let spec {
      lines.append(
        output.say(
          ko: "제한 시간 \(spec.timeLimitSeconds)초, 출력 \(file(error: false) ?? "–")",
          en: "time limit \(spec.timeLimitSeconds) s, output \(file(error: false) ?? "–")"))
    }
    if let reason = reason(output) { lines.append(reason) }
    if let start = task.startedAt {
      lines.append(output.say(ko: "시작 ", en: "started ") + output.time(start, programme))
    }
    if let end = task.endedAt {
      lines.append(output.say(ko: "끝 ", en: "ended ") + output.time(end, programme) + " (\(took))")
    }
    return lines.joined(separator: "\n")
  }

  var json: JSON {
    .object([
      ("job", .text(name)), ("name", .optional(spec?.name)),
      ("allocation", .text("\(task.allocation)")), ("gpus", .int(spec?.gpus ?? 0)),
      ("timeLimitSeconds", .optional(spec?.timeLimitSeconds)), ("state", .text("\(task.state)")),
      ("ending", .optional(task.ending)), ("exitCode", .optional(task.exitCode)),
      ("submitted", .int(task.submittedAt.seconds)),
      ("started", .optional(task.startedAt?.seconds)),
      ("ended", .optional(task.endedAt?.seconds)), ("output", .optional(file(error: false))),
    ])
  }
}
