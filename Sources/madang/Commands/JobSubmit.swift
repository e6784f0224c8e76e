import ArgumentParser
import Foundation
import MadangControl
import MadangJournal
import MadangProgramme
import MadangServer
import MadangViews

struct JobSubmit: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: .said(ko: "스크립트나 -- 뒤의 명령을 제출합니다.", en: "Submit a script, or a command after --."))
  @OptionGroup var common: CommonOptions
  @Option(
    name: .customLong("as"),
    help: .said(ko: "제출하는 사람: 배정의 참여인력.", en: "Who submits: a member of the award's team."))
  var person = "officer"
  @Option(
    name: .long,
    help: .said(
      ko: "멱등 키: 같은 작업을 같은 키로 보내면 한 번만 제출됩니다.",
      en: "A key of yours: the same job with the same key is submitted once."))
  var key: String?
  @Option(
    name: .long,
    help: .said(
      ko: "쓸 할당. 없으면 스크립트의 --account.",
      en: "The allocation to be used; else the script's --account."))
  var allocation: String?
  @Option(name: .shortAndLong, help: .said(ko: "GPU 장수.", en: "GPUs.")) var gpus: String?
  @Option(
    name: .shortAndLong,
    help: .said(ko: "제한 시간: 분, 10:00, 1-00:00:00.", en: "Time limit: minutes, 10:00, 1-00:00:00."))
  var time: String?
  @Option(name: .long, help: .said(ko: "작업 이름.", en: "The job's name.")) var name: String?
  @Option(
    name: .long,
    help: .said(ko: "배열의 작업: 0-15, 1,3,5-7%4.", en: "Tasks of an array: 0-15, 1,3,5-7%4."))
  var array: String?
  @Option(
    name: .long, help: .said(ko: "먼저 끝나야 할 작업: afterok:12.", en: "What must be before: afterok:12.")
  ) var dependency: String?
  @Option(
    name: .long,
    help: .said(
      ko: "출력을 쓸 곳: %j, %A, %a, %x를 채웁니다.",
      en: "Where its output goes: %j, %A, %a and %x are filled in."))
  var output: String?
  @Option(
    name: .long,
    help: .said(ko: "오류를 쓸 곳. 없으면 출력과 함께.", en: "Where its errors go; else with the output."))
  var error: String?
  @Option(name: .long, help: .said(ko: "실행할 폴더. 없으면 여기.", en: "Where it runs; else here."))
  var chdir: String?
  @Option(
    name: .long,
    help: .said(
      ko: "넘길 변수: ALL, NONE, NAME, NAME=VALUE. 작업과 함께 영구히 보관됩니다.",
      en: "Variables it gets: ALL, NONE, NAME, NAME=VALUE. They are kept with the job, for good."))
  var export: String?
  @Argument(
    parsing: .captureForPassthrough,
    help: .said(ko: "스크립트와 인자, 또는 --와 명령.", en: "A script and its arguments, or -- and a command."))
  var work: [String] = []

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let operations = try Office.operations(common)
    let (work, script) = try work(output)
    let spec = try output.refusing { () throws(JobRefusal) in
      try options(over: script).spec(
        work, name: JobSubmit.name(of: work), folder: FileManager.default.currentDirectoryPath,
        environment: JobSubmit.environment)
    }
    let account = allocation ?? script?.options.account
    guard let account else {
      throw Failure.usage(output, ko: "--allocation을 주십시오.", en: "Give --allocation.")
    }
    let id = try programme.known(account, programme.allocations, output)
    let person = try member(of: id, programme, output)
    try check(spec, id, programme, operations, output)
    for warning in script?.warnings ?? [] {
      output.remark(
        ko: warning.text(.ko), en: warning.text(.en))
    }
    let office = try YardOffice.ifFree(common)
    let at = office?.yard.now ?? programme.now
    let number = try output.refusing { () throws(JournalError) in
      try operations.submit(
        spec: CanonicalWriter.bytes(of: spec), indices: spec.array?.indices, of: id, by: person,
        key: key, at: at)
    }
    guard let number else {
      throw Failure(SubmissionRefusal.keyReused(name: key ?? ""), output)
    }
    try office?.settle()
    try office?.close()
    let tasks = try output.refusing { () throws(JournalError) in try operations.tasks(of: number) }
    let states = Set(tasks.map { JobView($0).state(output) }).sorted().joined(separator: ", ")
    let text = output.say(ko: "job-\(number): \(states)", en: "job-\(number): \(states)")
    output.print(
      text: text,
      json: .object([
        ("job", .text("job-\(number)")), ("tasks", .array(tasks.map { JobView($0).json })),
      ]))
  }

  // MARK: What runs

  private func work(_ output: Output) throws -> (JobWork, Directives?) {
    var words = work
    if words.first == "--" {
      words.removeFirst()
      guard !words.isEmpty else {
        throw Failure.usage(output, ko: "-- 뒤에 명령을 주십시오.", en: "Give a command after --.")
      }
      return (.command(words), nil)
    }
    guard let path = words.first else {
      throw Failure.usage(
        output, ko: "스크립트나, -- 뒤에 명령을 주십시오.", en: "Give a script, or a command after --.")
    }
    guard let data = FileManager.default.contents(atPath: path) else {
      throw Failure.unknown(path, output)
    }
    let directives = try output.refusing { () throws(JobRefusal) in
      try Directives.parse([UInt8](data))
    }
    return (
      .script(String(decoding: data, as: UTF8.self), arguments: Array(words.dropFirst())),
      directives
    )
  }

  private static func name(of work: JobWork) -> String {
    switch work {
    case .command(let words): (words[0] as NSString).lastPathComponent
    case .script: "script"
    }
  }

  private func options(over script: Directives?) throws(JobRefusal) -> JobOptions {
    var options = JobOptions()
    options.name = name
    if let gpus {
      guard let count = Int32(gpus), count >= 0 else {
        throw .badValue(option: "--gpus", value: gpus, line: nil)
      }
      options.gpus = count
    }
    options.timeLimitSeconds = try time.map { (text) throws(JobRefusal) in
      guard let seconds = TimeLimit.seconds(text) else {
        throw .badValue(option: "--time", value: text, line: nil)
      }
      return seconds
    }
    options.array = try array.map { (text) throws(JobRefusal) in try JobArray(text) }
    options.dependencies = try dependency.map { (text) throws(JobRefusal) in
      try JobDependencies(text)
    }
    options.output = try output.map { (text) throws(JobRefusal) in try OutputPattern(text) }
    options.error = try error.map { (text) throws(JobRefusal) in
      try OutputPattern(text, option: "--error")
    }
    options.workingFolder = chdir
    options.export = try export.map { (text) throws(JobRefusal) in try JobExport(text) }
    return options.over(script?.options ?? JobOptions())
  }

  private static var environment: [JobVariable] {
    ProcessInfo.processInfo.environment.sorted { $0.key < $1.key }
      .filter { !$0.key.isEmpty && !$0.key.contains("=") && !$0.key.hasPrefix("MADANG_") }
      .map { JobVariable($0.key, $0.value) }
  }

  // MARK: Whether it may

  private func member(
    of id: AllocationID, _ programme: Programme, _ output: Output
  ) throws -> PersonID {
    let award = programme.allocations[id].award
    let ledger = try Office.ledger(common)
    let known = try output.refusing { () throws(JournalError) in
      try ledger.person(labelled: person.precomposedStringWithCanonicalMapping)
    }
    guard let known, programme.member(known, of: award) != nil else {
      throw Failure(AllocationRefusal.notAMember(award), output)
    }
    return known
  }

  /// By forecast: what it could use at most, against what is left.
  private func check(
    _ spec: JobSpec, _ id: AllocationID, _ programme: Programme, _ operations: Operations,
    _ output: Output
  ) throws {
    let row = programme.allocations[id]
    guard programme.bindings[row.cluster].engine?.kind == .local else {
      throw Failure(
        code: "MDG-3013",
        what: output.say(
          ko: "\(id)의 클러스터에서는 Madang이 작업을 실행하지 않습니다.",
          en: "Madang runs no jobs at the cluster of \(id)."),
        help: output.say(
          ko: "그 클러스터의 엔진에 직접 제출하십시오.",
          en: "Submit it to that cluster's own engine."), json: output.json)
    }
    guard row.isBound else { throw Failure(AllocationRefusal.allocationOver(id), output) }
    switch row.binding {
    case .reserved(let gpus):
      guard Int64(spec.gpus) <= gpus else {
        throw Failure(JobRefusal.beyondReservation(gpus: spec.gpus, reserved: gpus), output)
      }
    case .budget(let budget):
      let left =
        try output.refusing { () throws(JournalError) in try operations.balance(of: id) }?
        .left ?? budget
      guard spec.forecastOfAll <= left else {
        throw Failure(
          JobRefusal.beyondBudget(
            asked: spec.forecastOfAll.count, left: left.count, gpus: spec.gpus,
            seconds: spec.timeLimitSeconds, tasks: spec.array?.indices.count ?? 1), output)
      }
    }
  }
}
