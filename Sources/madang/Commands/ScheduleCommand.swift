import ArgumentParser
import Foundation
import MadangDocuments
import MadangJournal
import MadangProgramme
import MadangScheduler
import MadangViews

struct ScheduleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schedule",
    abstract: .said(
      ko: "파일에서 스케줄러의 결정 한 번: 시작, 비움, 기다리는 이유.",
      en: "One decision of the scheduler, from a file: who starts, who leaves, why not."),
    discussion: .said(
      ko: "원장도 서버도 필요 없습니다. 파일은 docs/schedule.md에 설명되어 있습니다.",
      en: "Needs no journal and no server. docs/schedule.md describes the file.",
      examples: """
        madang schedule case.yaml
        madang schedule case.yaml --explain
        madang schedule case.yaml --json
        """))

  @OptionGroup var common: CommonOptions
  @Argument(help: .said(ko: "파일(YAML).", en: "The file (YAML)."), completion: .file()) var file:
    String
  @Flag(
    name: .long,
    help: .said(
      ko: "정책과 기본값, 몫과 그 바탕 수치를 출력합니다.",
      en: "Print the policy with its defaults, shares and numbers behind them."))
  var explain = false

  func run() throws {
    let output = common.output
    let input: ScheduleCase
    do {
      input = try readSchedule(at: URL(fileURLWithPath: file))
    } catch {
      Office.print(error.diagnostics, output)
      throw ExitCode(1)
    }
    var view = try ScheduleView(input, output.language)
    output.print(text: view.text(explain: explain), json: view.json(explain: explain))
  }
}
