import ArgumentParser
import MadangProgramme
import MadangViews

/// The language that this process was asked in, before its arguments are parsed.
private let spoken = CommonOptions.outputOfArguments.language

extension String {
  /// A text of the command line's help in the caller's language; examples need no translation.
  static func said(ko: String = "", en: String = "", examples: String? = nil) -> String {
    var parts = [spoken == .ko ? ko : en]
    if let examples {
      let indented = examples.split(separator: "\n", omittingEmptySubsequences: false)
        .map { "  " + $0 }.joined(separator: "\n")
      parts.append((spoken == .ko ? "예:\n" : "Examples:\n") + indented)
    }
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }
}

extension ArgumentHelp {
  /// The help of one option or argument in the caller's language.
  static func said(ko: String, en: String, valueName: String? = nil) -> ArgumentHelp {
    ArgumentHelp(spoken == .ko ? ko : en, valueName: valueName)
  }
}

/// What the parser itself says, which it says in English alone.
enum ParserWords {
  private static let headings = [
    ("OVERVIEW: ", "개요: "), ("USAGE: ", "사용법: "), ("ARGUMENTS:", "인자:"),
    ("OPTIONS:", "선택지:"), ("SUBCOMMANDS:", "하위 명령:"),
  ]
  private static let remarks = [
    ("Show the version.", "버전을 보여 줍니다."),
    ("Show help information.", "도움말을 보여 줍니다."),
    // As wide, so that the second column stays where it is.
    (" (default)", " (기본)   "),
  ]
  /// Where the parser begins its second column, and where a terminal ends.
  private static let (column, screen) = (26, 80)

  /// A page of help that was not wrapped, in Korean, wrapped by the columns that a terminal shows.
  static func korean(help: String) -> String {
    var isTable = false
    return help.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var line = String(line)
      for (en, ko) in headings where line.hasPrefix(en) {
        line = ko + line.dropFirst(en.count)
        isTable = isTable || en.hasSuffix(":")
      }
      // Before the tables what is indented is an example, to be copied as it stands.
      guard isTable else { return line.hasPrefix(" ") ? line : wrapped(line, hanging: 0) }
      for (en, ko) in remarks { line.replace(en, with: ko) }
      line.replace(#/\((values|default): ([^()]*)\)$/#) { match in
        let values = match.2.replacing("; default: ", with: ", 기본값: ")
        return "(\(match.1 == "values" ? "값" : "기본값"): \(values))"
      }
      line.replace(#/See '(.*) <subcommand>' for detailed help\./#) { match in
        "자세한 도움말: \(match.1) <하위 명령>"
      }
      return wrapped(line, hanging: column)
    }.joined(separator: "\n")
  }

  private static func wrapped(_ line: String, hanging: Int) -> String {
    guard Table.width(line) > screen else { return line }
    var lines: [String] = []
    var words = line.split(separator: " ", omittingEmptySubsequences: false)[...]
    var current = String(words.removeFirst())
    for word in words {
      let longer = current + " " + word
      if Table.width(longer) <= screen {
        current = longer
      } else {
        lines.append(current)
        current = String(repeating: " ", count: hanging) + word
      }
    }
    return (lines + [current]).joined(separator: "\n")
  }

  /// What the parser found wrong with the arguments, in Korean; what it rarely says stays English.
  static func korean(fault: String) -> String {
    func quoted(_ text: Substring) -> String { "‘\(text)’" }
    if let match = fault.wholeMatch(of: #/Missing expected argument '(.*)'/#) {
      return "\(quoted(match.1)) 인자가 빠졌습니다"
    }
    if let match = fault.wholeMatch(of: #/Missing value for '(.*)'/#) {
      return "\(quoted(match.1))의 값이 빠졌습니다"
    }
    if let match = fault.wholeMatch(of: #/Unknown option '(.*)'\. Did you mean '(.*)'\?/#) {
      return "\(quoted(match.1)) 선택지는 없습니다. \(quoted(match.2))입니까?"
    }
    if let match = fault.wholeMatch(of: #/Unknown option '(.*)'/#) {
      return "\(quoted(match.1)) 선택지는 없습니다"
    }
    if let match = fault.wholeMatch(of: #/Unexpected argument '(.*)'/#) {
      return "\(quoted(match.1)) 인자는 쓸 곳이 없습니다"
    }
    if let match = fault.wholeMatch(of: #/\d+ unexpected arguments: '(.*)'/#) {
      return "\(quoted(match.1)) 인자들은 쓸 곳이 없습니다"
    }
    let choice = #/The value '(.*)' is invalid for '(.*)'(?:\. Please provide one of (.*)\.)?/#
    if let match = fault.wholeMatch(of: choice) {
      let words = match.3.map { $0.replacing(" and ", with: ", ").replacing(" or ", with: ", ") }
      return "\(quoted(match.2))에 \(quoted(match.1)) 값은 쓸 수 없습니다"
        + (words.map { ". 다음 중 하나를 쓰십시오: \($0)" } ?? "")
    }
    if let match = fault.wholeMatch(
      of: #/The option '(.*)' does not take any value, but '(.*)' was specified\./#)
    {
      return "\(quoted(match.1)) 선택지는 값을 받지 않는데 \(quoted(match.2)) 값이 있습니다"
    }
    return fault
  }
}
