import ArgumentParser
import Foundation
import MadangJournal
import MadangProgramme
import MadangServer
import MadangViews

struct UsageTakeBack: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "take-back",
    abstract: .said(
      ko: "잘못 계량된 구간 하나를 영구히 거둡니다.",
      en: "Take back one segment that was metered wrongly, for good."),
    discussion: .said(
      ko: """
        그 GPU 시간은 할당의 한도로 돌아가고, 이미 확정된 시간은 serve가 정정합니다. 구간은 고치지 않습니다. 바른 것은 다른 작업 이름으로 다시 계량합니다.
        """,
      en: """
        Its GPU time returns to the allocation's budget, and hours that are sealed already are \
        corrected by serve. A segment is never changed: what is right is metered under another \
        job's name.
        """,
      examples: """
        madang usage take-back embedded --job 0000000000000001000000000000000a --segment 0
        """))
  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "클러스터의 짧은 이름.", en: "The cluster, by short name.")) var cluster: String
  @Option(
    name: .long,
    help: .said(
      ko: "에이전트가 부르는 작업 이름: 16진수 32자.", en: "The job as its agent names it: 32 hexadecimal digits.")
  )
  var job: String
  @Option(name: .long, help: .said(ko: "구간 번호.", en: "The segment's number.")) var segment: Int32

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let id = try programme.cluster(cluster, output)
    guard let job = EngineJob(hex: job) else { throw Failure.unknown(job, output) }
    let operations = try Office.operations(common)
    let key = UsageKey(cluster: id, job: job, number: segment)
    let result = try output.refusing { () throws(JournalError) in
      let clock = try YardClock(programme, operations, jobsRun: true)
      let result = try operations.cancel(key, at: max(clock.now, programme.now))
      try operations.close()
      return result
    }
    if case .refused(let refusal) = result { throw Failure(refusal, output) }
    let isNew = result == .accepted
    output.print(
      text: isNew
        ? output.say(ko: "구간을 거뒀습니다.", en: "The segment was taken back.")
        : output.say(ko: "이미 거둔 구간입니다.", en: "It was taken back already."),
      json: .object([("takenBack", .bool(true)), ("replayed", .bool(!isNew))]))
  }
}

struct UsageArchive: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "archive",
    abstract: .said(
      ko: "확정된 시간의 구간들을 지우고 합계만 남깁니다.",
      en: "Drop the segments of hours that are sealed; their sums stay."),
    discussion: .said(
      ko: """
        대장에는 확정된 합계가 그대로 있습니다. 지운 구간은 다시 셀 수도 정정할 수도 없으므로, 먼저 데이터 폴더를 복사해 두십시오.
        """,
      en: """
        The ledger has what they came to. Dropped segments can be neither recounted nor \
        corrected any more: copy the data folder first.
        """,
      examples: """
        madang usage archive embedded --before 2026-06-01
        """))
  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "클러스터의 짧은 이름.", en: "The cluster, by short name.")) var cluster: String
  @Option(
    name: .long,
    help: .said(ko: "이날 전에 끝난 구간.", en: "Those that ended before this day.", valueName: "day"))
  var before: String

  func run() throws {
    let output = common.output
    let programme = try Office.read(common)
    let id = try programme.cluster(cluster, output)
    guard let day = Day(before), let start = programme.charter?.days.start(of: day) else {
      throw Failure.usage(
        output, ko: "--before에 사업 기간의 날짜를 주십시오.",
        en: "Give a day of the programme's: --before 2026-06-01.")
    }
    let operations = try Office.operations(common)
    let count = try output.refusing { () throws(JournalError) in
      let count = try operations.archive(id, before: start, programme.accounts(of: id))
      try operations.close()
      return count
    }
    output.print(
      text: count > 0
        ? output.say(
          ko: "구간 \(count)개를 지우고 합계를 남겼습니다.",
          en: "Dropped \(counted(count, "segment")); their sums stay.")
        : output.say(
          ko: "지울 구간이 없습니다. 그 전의 시간이 모두 확정되고 정정까지 끝나야 지웁니다.",
          en: "Nothing to drop: all hours before have to be sealed, and none still to be corrected."
        ),
      json: .object([("segments", .int(count))]))
  }
}

struct UsageRecount: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recount",
    abstract: .said(
      ko: "한도와 사용량의 합계를 처음부터 다시 셉니다.",
      en: "Recount from nothing what is kept as sums of budgets and usage."),
    discussion: .said(
      ko: "대장은 ledger verify로 확인합니다. 이 둘이 맞으면 복사본은 온전합니다.",
      en: "The ledger is for ledger verify. Where both agree, a copy of the folder is whole."))
  @OptionGroup var common: CommonOptions

  func run() throws {
    let output = common.output
    let operations = try Office.operations(common)
    try output.refusing { () throws(JournalError) in
      try operations.checkInvariants()
      try operations.close()
    }
    output.print(
      text: output.say(ko: "합계가 모두 맞습니다.", en: "Every sum is what it should be."),
      json: .object([("whole", .bool(true))]))
  }
}
