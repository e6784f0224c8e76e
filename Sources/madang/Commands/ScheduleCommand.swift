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
    abstract: "One decision of the scheduler, from a file: who starts, who leaves, why not.",
    discussion: """
      Needs no journal and no server. docs/schedule.md describes the file.

      Examples:
        madang schedule case.yaml
        madang schedule case.yaml --explain
        madang schedule case.yaml --json
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: "The file (YAML).", completion: .file()) var file: String
  @Flag(name: .long, help: "Print the policy with its defaults, shares and numbers behind them.")
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
