import Foundation
import MadangDocuments
import MadangJournal
import MadangProgramme
import MadangViews

/// The one place that turns refusals, faults and failures into a sentence, a hint and an exit code.
struct Failure: Error {
  let code: String
  let what: String
  let help: String
  let exitCode: Int32
  let json: Bool

  init(code: String, what: String, help: String, exitCode: Int32 = 1, json: Bool) {
    self.code = code
    self.what = Failure.plain(what)
    self.help = Failure.plain(help)
    self.exitCode = exitCode
    self.json = json
  }

  init(_ refusal: any Refusing, _ output: Output, exitCode: Int32 = 1) {
    self.init(
      code: refusal.code, what: refusal.what(output.language),
      help: refusal.help(output.language), exitCode: exitCode, json: output.json)
  }

  /// Words of the command line that name nothing.
  static func unknown(_ word: String, _ output: Output) -> Failure {
    Failure(ProgrammeRefusal.unknown(word), output)
  }

  /// A word that is none of those there are.
  static func choice(_ word: String, _ words: [String], _ output: Output) -> Failure {
    let list = words.joined(separator: ", ")
    return usage(
      output, ko: "‘\(word)’ 대신 다음 중 하나를 쓰십시오: \(list).",
      en: "‘\(word)’ is none of: \(list).")
  }

  /// What only whoever has the data folder can do.
  static func folderOnly(_ server: String, _ output: Output) -> Failure {
    Failure(
      code: "MDG-3014",
      what: output.say(
        ko: "이 명령은 데이터 폴더에서만 할 수 있어, \(server)에 부탁할 수 없습니다.",
        en: "This command works on a data folder only; \(server) cannot be asked for it."),
      help: output.say(
        ko: "폴더가 있는 기기에서 --data로 실행하십시오.",
        en: "Run it with --data on the machine that has the folder."), exitCode: 2,
      json: output.json)
  }

  static func usage(_ output: Output, ko: String, en: String) -> Failure {
    Failure(
      code: "MDG-3001", what: output.say(ko: ko, en: en),
      help: output.say(ko: "--help로 쓰는 법을 보십시오.", en: "See --help."), exitCode: 2,
      json: output.json)
  }

  /// Words of a person's are repeated without marks that would turn or hide what is printed.
  private static func plain(_ text: String) -> String {
    let text = text.count > 600 ? text.prefix(600) + "…" : text[...]
    return String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          switch scalar.properties.generalCategory {
          case .control, .format, .lineSeparator, .paragraphSeparator: "\u{FFFD}"
          default: scalar
          }
        }))
  }

  func print() {
    if json {
      let value = JSON.object([
        ("error", .object([("code", .text(code)), ("what", .text(what)), ("help", .text(help))]))
      ])
      Swift.print(value.pretty)
    }
    Output.tell("\(code) \(what)\n  \(help)\n")
  }
}
